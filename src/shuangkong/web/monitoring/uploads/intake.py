"""收读数: an upload of readings → kept as it came, read whole, into the store, its row settled; the same again is once.

Nothing of an upload goes into the store before all of it could be read. Where anything fails later, the sender sends
the same bytes again: they bear the same versions, and what the store holds already stays as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import get_ident

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.utils import timezone

from shuangkong.readings.columns import INSTANT
from shuangkong.readings.evidence.files import sync_folder
from shuangkong.readings.opening import FOLDER, open_client
from shuangkong.readings.store import Store
from shuangkong.readings.trace import upload_place
from shuangkong.readings.uploads import Form, UploadRefused, check_once, take_upload
from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.late_meters import LatePoint, keep_late_meters
from shuangkong.records.monitoring.uploads.receiving import receive, settle
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.uploads import buildings
from shuangkong.web.monitoring.uploads.naming import Naming, said
from shuangkong.web.monitoring.uploads.verdict import (
    AHEAD,
    AHEAD_CODE,
    AHEAD_SAID,
    MOST_NAMED,
    LeftOut,
    Part,
    Taken,
)

#: Where the bytes are kept as they came, in the folder of everything an installation writes.
KEPT = "uploads"


def opened() -> Store:
    """The store of this installation. Raises StoreDown: it does not run."""
    return Store(open_client(settings.VAR / FOLDER))


def take_in(content: bytes, form: Form | buildings.Form, by: Acting) -> Taken:
    """Takes an upload.

    Raises:
        Refused: RDG-001 to RDG-003 it cannot be read, MON-225 the disk is full, MON-226 the store does not answer.
            Nothing of it counts then.
    """
    digest = sha256(content).hexdigest()
    _keep(content, digest)
    received = receive(by, digest, form.value, len(content))
    naming = Naming(by)
    try:
        if isinstance(form, buildings.Form):
            tables, parts, left_out = _read_buildings(content, form, by, received.number)
        else:
            tables, parts, left_out = _read(content, form, naming, received.number)
    except UploadRefused as fault:
        settle(received.number, by, 0, received.kept, f"{fault.code} {fault.message.zh} {fault.message.en}")
        raise Refused(fault.code, fault.message.zh, fault.message.en) from fault
    _store(tables)
    _note_late(tables, naming.outlets)
    taken = Taken(received.number, digest, received.times, parts, left_out)
    settle(taken.number, by, taken.rows, taken.kept)
    return taken


def path_of(digest: str) -> Path:
    """Where the bytes of an upload are kept."""
    return Path(settings.VAR) / KEPT / digest[:2] / digest


def _keep(content: bytes, digest: str) -> None:
    """Keeps the bytes, durably, before anything is made of them."""
    path = path_of(digest)
    if path.is_file() and path.stat().st_size == len(content):
        return
    fresh = path.with_name(f".{digest}.{os.getpid()}.{get_ident()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as fault:
        fresh.unlink(missing_ok=True)
        raise Refused(
            "MON-225",
            f"存不下上报的内容（{fault.strerror}）。什么都没有入库，请稍后原样重报，并告诉管理员。",
            f"The upload cannot be kept ({fault.strerror}). Nothing was stored: send the same again later.",
        ) from fault


def _read(
    content: bytes, form: Form, naming: Naming, number: int
) -> tuple[list[pa.Table], tuple[Part, ...], tuple[LeftOut, ...]]:
    place = upload_place(number)
    latest = pa.scalar(int((timezone.now() + AHEAD).timestamp()), pa.int64()).cast(INSTANT)
    tables: list[pa.Table] = []
    parts: list[Part] = []
    unknown: dict[tuple[str, str], int] = {}
    ahead: dict[int, int] = {}
    row = 1
    for taken in take_upload(BytesIO(content), form, naming.points_of, zone=settings.TIME_ZONE, segment=place.segment,
                             offset=place.offset):  # fmt: skip
        is_due = pc.less_equal(taken.table["at"].cast(INSTANT, safe=False), latest)
        due = taken.table.filter(is_due)
        for name, count in taken.unknown.items():
            unknown[name] = unknown.get(name, 0) + count
        if due.num_rows < taken.table.num_rows:
            late = pc.value_counts(taken.table.filter(pc.invert(is_due))["point"])
            for each in late.to_pylist():
                ahead[each["values"]] = ahead.get(each["values"], 0) + each["counts"]
        rows = taken.table.num_rows + sum(taken.unknown.values())
        parts.append(Part(row, rows, due.num_rows))
        tables.append(due)
        row += rows
    if len(tables) > 1:
        check_once(pa.concat_tables(tables, promote_options="permissive"))
    return tables, tuple(parts), _left_out(unknown, ahead, naming)


def _read_buildings(
    content: bytes, form: buildings.Form, by: Acting, number: int
) -> tuple[list[pa.Table], tuple[Part, ...], tuple[LeftOut, ...]]:
    found = buildings.read(content, form, by, upload_place(number))
    parts = (Part(1, found.rows, found.table.num_rows),) if found.rows else ()
    return [found.table], parts, _first(found.left_out)


def _left_out(unknown: Mapping[tuple[str, str], int], ahead: Mapping[int, int], naming: Naming) -> tuple[LeftOut, ...]:
    told = [LeftOut(*name, count, naming.refused[name], said(naming.refused[name])) for name, count in unknown.items()]
    told += [LeftOut(*naming.named[point], count, AHEAD_CODE, AHEAD_SAID) for point, count in ahead.items()]
    return _first(told)


def _first(told: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    """Those that are told, in their order."""
    return tuple(sorted(told, key=lambda each: (each.code, each.outlet, each.factor, each.place))[:MOST_NAMED])


def _note_late(tables: list[pa.Table], outlets: Mapping[int, int]) -> None:
    """Readings of days that are over: what was reckoned from their months is reckoned anew."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    spans: dict[int, tuple[datetime, datetime]] = {}
    for table in tables:
        at = table["at"].cast(INSTANT, safe=False)
        past = table.select(["point"]).append_column("at", at).filter(pc.less(at, pa.scalar(midnight, INSTANT)))
        for row in past.group_by("point").aggregate([("at", "min"), ("at", "max")]).to_pylist():
            first, last = spans.get(row["point"], (row["at_min"], row["at_max"]))
            spans[row["point"]] = (min(first, row["at_min"]), max(last, row["at_max"]))
    keep_late((Late(outlets[point], *span) for point, span in sorted(spans.items()) if point in outlets), now)
    keep_late_meters((LatePoint(point, *span) for point, span in spans.items() if point not in outlets), now)


def _store(tables: list[pa.Table]) -> None:
    wanted = [each for each in tables if each.num_rows]
    if not wanted:
        return
    try:
        store = opened()
        for table in wanted:
            store.append(table)
    except (StoreDown, StoreRefused) as fault:
        raise Refused(
            "MON-226",
            "读数库没有应答，这次上报还没有算数。请稍后原样重报；已存的不会重复。",
            "The store of readings does not answer; the upload does not count yet. Send the same again later.",
        ) from fault
