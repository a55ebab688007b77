"""读数库的导出、归档、取回、补录和重新汇总。 Exports, archives, brings back and backfills readings.

读数库须在运行（shuangkong store，或 shuangkong serve 带着它）。
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.readings.archive import Month
    from shuangkong.readings.columns import Kind
    from shuangkong.readings.store import Store

_KINDS = ("rtd", "minute", "hour", "day")
_FORMS = {".csv": "csv", ".parquet": "parquet", ".arrow": "arrow"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    export = acts.add_parser("export", help="导出为 .csv、.parquet 或 .arrow (into a file)")
    export.add_argument("file", type=Path)
    export.add_argument("--kind", choices=_KINDS, default="hour")
    export.add_argument("--point", type=int, action="append", help="点位编号，可多次给出，默认全部 (default: all)")
    _add_days(export)
    for name, told in (("archive", "把一个月移入文件 (a month into a file)"), ("restore", "取回 (back from its file)")):
        act = acts.add_parser(name, help=told)
        act.add_argument("--kind", choices=_KINDS, required=True)
        act.add_argument("--month", required=True, metavar="YYYY-MM", help="按世界时 (of UTC)")
    expire = acts.add_parser("expire", help="归档早于若干整月的分钟、实时数据 (whatever is older than so many months)")
    expire.add_argument("--keep-months", type=int, metavar="N", help="默认按政策 (default: the policy's)")
    backfill = acts.add_parser("backfill", help="从文件补录 (from files)")
    backfill.add_argument("files", type=Path, nargs="+")
    touch = acts.add_parser("touch", help="重做一段时间的汇总 (make the roll-ups of a stretch anew)")
    _add_days(touch)


def _add_days(parser: argparse.ArgumentParser) -> None:
    add_day = partial(parser.add_argument, type=date.fromisoformat, required=True, metavar="DAY")
    add_day("--from", dest="first", help="起 (from)")
    add_day("--until", help="止，含当日 (to, inclusive)")


def run(args: argparse.Namespace) -> int:
    """Does the act; 0 when done."""
    from shuangkong.readings.archive import NotArchived
    from shuangkong.readings.columns import ColumnsRefused
    from shuangkong.readings.wire.client import StoreDown, StoreRefused

    try:
        store, var, zone = _opened()
        told = _ACTS[args.act](args, store, var, zone)
    except (StoreDown, StoreRefused) as fault:
        raise CommandRefused(
            "STR-004",
            f"读数库没有完成：{fault}。请确认它在运行（shuangkong store），再做一次；做过的不会重复。",
            f"The store did not do it: {fault}. See that it runs (shuangkong store), then do it again.",
        ) from fault
    except (NotArchived, ColumnsRefused, FileNotFoundError) as fault:
        raise CommandRefused("STR-005", f"没有做：{fault}。", f"Not done: {fault}.") from fault
    print(told, flush=True)
    return 0


def _opened() -> tuple[Store, Path, ZoneInfo]:
    from django.conf import settings

    from shuangkong.cli.site import name_settings
    from shuangkong.readings.opening import FOLDER, open_client
    from shuangkong.readings.store import Store

    name_settings()
    return Store(open_client(settings.VAR / FOLDER)), settings.VAR, ZoneInfo(settings.TIME_ZONE)


def _stretch(args: argparse.Namespace, zone: ZoneInfo) -> tuple[datetime, datetime]:
    first = datetime.combine(args.first, datetime.min.time(), zone)
    return first, datetime.combine(args.until + timedelta(days=1), datetime.min.time(), zone)


def _export(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.columns import Kind
    from shuangkong.readings.export import Form, series_in_parts, write

    form = _FORMS.get(args.file.suffix)
    if form is None:
        raise CommandRefused(
            "STR-006",
            f"不认识文件名“{args.file.name}”：应以 .csv、.parquet 或 .arrow 结尾。",
            f"“{args.file.name}”: expected a name that ends in .csv, .parquet or .arrow.",
        )
    with args.file.open("wb") as sink:
        count = write(
            series_in_parts(store, args.point, Kind(args.kind), None, *_stretch(args, zone)), Form(form), sink
        )
    return f"已导出 {count} 个读数 readings exported: {args.file}"


def _month(text: str) -> Month:
    from shuangkong.readings.archive import Month

    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError as fault:
        raise CommandRefused(
            "STR-007", f"月份应写成 YYYY-MM，实为“{text}”。", f"Expected a month as YYYY-MM, found “{text}”."
        ) from fault
    return Month(day.year, day.month)


def _archive_one(store: Store, var: Path, kind: Kind, month: Month) -> Path:
    from shuangkong.readings.archive import archive
    from shuangkong.readings.opening import is_cluster
    from shuangkong.readings.tables import cluster, embedded

    return archive(store, kind, month, var / "archive", cluster.drop_part if is_cluster() else embedded.drop_part)


def _archive(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.columns import Kind

    return f"已归档 Archived: {_archive_one(store, var, Kind(args.kind), _month(args.month))}"


def _expire(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.archive import expired
    from shuangkong.readings.columns import Kind
    from shuangkong.web.monitoring.retention import kept_months

    today, months = datetime.now(zone).date(), args.keep_months
    kept = kept_months(today) if months is None else {Kind.RTD: months, Kind.MINUTE: months}
    done = [_archive_one(store, var, *each) for each in expired(store, kept, today)]
    return "\n".join((f"已归档 Archived: {len(done)}", *map(str, done)))


def _restore(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.archive import restore
    from shuangkong.readings.columns import Kind

    count = restore(store, Kind(args.kind), _month(args.month), var / "archive")
    return f"已取回 {count} 个读数 readings brought back"


def _backfill(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.backfill import backfill, tables_in

    count = sum(backfill(store, tables_in(path)) for path in args.files)
    return f"已补录 {count} 个读数 readings backfilled"


def _touch(args: argparse.Namespace, store: Store, var: Path, zone: ZoneInfo) -> str:
    from shuangkong.readings.backfill import touch
    from shuangkong.readings.columns import Base

    for base in Base:
        touch(store, base, *_stretch(args, zone))
    return "已标出，读数库随后重做 Marked; the store makes them anew"


_ACTS: dict[str, Callable[[argparse.Namespace, Store, Path, ZoneInfo], str]] = {
    "export": _export,
    "archive": _archive,
    "expire": _expire,
    "restore": _restore,
    "backfill": _backfill,
    "touch": _touch,
}
