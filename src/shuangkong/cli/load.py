"""录入数据：从 CSV、XLSX、SDMX-CSV 或 Parquet 文件读入，可先试算；也可原样导出 (load figures, or write them out)."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from shuangkong.cli.opening import unopened
from shuangkong.cli.refusal import CommandRefused, tell_refusal
from shuangkong.core.period import Period

if TYPE_CHECKING:
    from shuangkong.records.facts.rows import BulkReport, LoadReport

#: Larger files are read in columns.
_MOST_BYTES_IN_ROWS = 5_000_000
_LONGEST_HEADING = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "file", type=Path, help="CSV、XLSX、SDMX-CSV 或 Parquet 文件；加 --template 或 --out 时为要写出的"
    )
    parser.add_argument("--source", default="", help="数据来源：行内未写来源时用")
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入")
    parser.add_argument("--by", default=getpass.getuser(), help="记录人（默认当前系统用户）")
    parser.add_argument("--template", action="store_true", help="写出一份空表供填写")
    parser.add_argument("--out", action="store_true", help="把已录入的数写到文件（按文件名的结尾定格式）")
    parser.add_argument("--sdmx", action="store_true", help="导出的 .csv 写成 SDMX-CSV")
    parser.add_argument("--indicator", action="append", help="只导出这个指标，可写几次")
    parser.add_argument("--period", action="append", type=Period.parse, help="只导出这个时期，可写几次")
    parser.add_argument("--as-of", type=date.fromisoformat, help="导出截至某日已知的数 YYYY-MM-DD")
    parser.add_argument("--every", action="store_true", help="导出全部版本，不只是起作用的")


def run(args: argparse.Namespace) -> int:
    """0 loaded (or would be), 1 rows refused, 2 the file cannot be taken at all."""
    if args.template:
        return _write_template(args.file)
    return _write_out(args) if args.out else _load(args)


def _write_out(args: argparse.Namespace) -> int:
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.cli.operator import operator
    from shuangkong.records.facts.handing_out import Asked, FactsForm, file_of, told_frame

    forms: dict[str, FactsForm] = {".csv": "sdmx" if args.sdmx else "csv", ".parquet": "parquet", ".xlsx": "xlsx"}
    form = forms.get(args.file.suffix.lower())
    if form is None:
        raise CommandRefused(
            "FCT-402",
            f"“{args.file.name}”：导出文件应以 {'、'.join(forms)} 结尾。",
            f"“{args.file.name}”: a file to be written ends with {', '.join(forms)}.",
        )
    asked = Asked(
        indicators=None if args.indicator is None else frozenset(args.indicator),
        periods=None if args.period is None else frozenset(args.period),
        as_of=args.as_of,
        every=args.every,
    )
    frame = told_frame(asked, operator(args.by))
    try:
        args.file.write_bytes(file_of(frame, form))
    except OSError as fault:
        raise unopened(args.file, fault) from fault
    print(f"已写出 {frame.height} 个数 Written: {args.file}")
    return 0


def _write_template(path: Path) -> int:
    from shuangkong.papers.tables import FormField, write_form
    from shuangkong.records.facts.columns import CHOICES, COLUMNS

    fields = [
        FormField(column.headings[0], column.takes, column.is_required, CHOICES.get(column.name, ()))
        for column in COLUMNS
    ]
    try:
        path.write_bytes(write_form("实际值填报表", fields))
    except OSError as fault:
        raise unopened(path, fault) from fault
    print(f"已写出空表 Written: {path}")
    return 0


def _load(args: argparse.Namespace) -> int:
    from shuangkong.cli.site import open_site

    try:
        load = _load_columns if _is_bulky(args.file) else _load_rows
    except OSError as fault:
        raise unopened(args.file, fault) from fault
    open_site()
    return load(args)


def _is_bulky(path: Path) -> bool:
    """Whether a file is read in columns: Parquet, SDMX-CSV, or a CSV too long to say a word on every row."""
    from shuangkong.records.facts.sdmx import is_sdmx

    with path.open("rb") as file:
        first = file.readline(_LONGEST_HEADING).decode("utf-8-sig", errors="replace")
    kind = path.suffix.lower()
    is_long = path.stat().st_size > _MOST_BYTES_IN_ROWS
    return kind == ".parquet" or (kind == ".csv" and (is_long or is_sdmx(first.split(","))))


def _load_columns(args: argparse.Namespace) -> int:
    """A large file: a word on refused rows only."""
    from shuangkong.cli.operator import operator
    from shuangkong.records.facts.bulk import load_batches
    from shuangkong.records.facts.doors import batches, digest_of
    from shuangkong.records.refusal import Refused

    try:
        digest, by = digest_of(args.file), operator(args.by)
        with batches(args.file) as rows:
            report = load_batches(
                rows, name=args.file.name, digest=digest, source=args.source, by=by, is_dry_run=args.dry_run
            )
    except Refused as refused:
        raise CommandRefused(refused.code, refused.message.zh, refused.message.en) from refused
    return _tell(report, args)


def _load_rows(args: argparse.Namespace) -> int:
    """A sheet: a word on every row."""
    from shuangkong.cli.operator import operator
    from shuangkong.papers.tables import SheetRefused, read_sheet
    from shuangkong.records.facts.store import load_rows

    try:
        sheet = read_sheet(args.file.read_bytes(), args.file.name)
    except SheetRefused as refused:
        return tell_refusal(refused, args)
    by = operator(args.by)
    report = load_rows(
        sheet.rows, name=args.file.name, digest=sheet.digest, source=args.source, by=by, is_dry_run=args.dry_run
    )
    return _tell(report, args)


def _tell(report: LoadReport | BulkReport, args: argparse.Namespace) -> int:
    """Says what became of the rows; 1 where one is refused."""
    from shuangkong.web.plans.tasks.derived import derive_loaded

    if report.load is not None:
        derive_loaded(report.load)
    for verdict in report.verdicts:
        if verdict.verdict == "refused":
            print(f"{verdict.code} {verdict.message.zh}\n    {verdict.message.en}", file=sys.stderr)
        else:
            figures = f"{verdict.before} → {verdict.told}" if verdict.before else verdict.told
            print(f"第 {verdict.row} 行 {verdict.indicator} · {verdict.what}：{verdict.message.zh} {figures}")
    counts = "，".join(
        f"{word} {report.count(key)}"
        for word, key in (("新增", "new"), ("有变", "changed"), ("相同", "same"), ("不收", "refused"))
    )
    done = "已写入" if report.is_written else "试算，未写入" if args.dry_run else "有行不收，全部未写入"
    print(f"{counts}。{done}。")
    if report.is_written:
        print(_results())
    return 1 if report.count("refused") else 0


def _results() -> str:
    """What the load moved, or who computes it."""
    from shuangkong.records.indicators.keeping_up import keep_up

    done = keep_up()
    if done is None:
        return "核算结果待更新：到点自动核算，或运行 shuangkong compute。Results follow at the next tick or by compute."
    return f"核算结果已更新：{done.changed} 项有变。Results are up to date: {done.changed} changed."
