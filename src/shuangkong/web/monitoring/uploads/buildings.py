"""建筑能耗文件: hours of public buildings that a data centre sends on → readings of the points of their meters.

A building is the device whose number is its code; an item of it is the meter of that device whose code in messages is
the item's. The hours are what each used, in the meter's unit (``cou``): multipliers and units are the register's.
A file that cannot be read whole is refused; of one that can, each row that cannot be taken is told, the others stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import pyarrow as pa
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.protocols.building.files import Sent, read_xml, read_zip
from shuangkong.protocols.building.hours import Hour
from shuangkong.protocols.building.messages import Wrong
from shuangkong.readings.columns import READINGS, Kind
from shuangkong.readings.trace import Place
from shuangkong.readings.uploads import UploadRefused
from shuangkong.records.monitoring.models import Device, Meter, Point
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.uploads.verdict import AHEAD, AHEAD_CODE, AHEAD_SAID, LeftOut


class Form(StrEnum):
    """How such a file comes: several in a ZIP, or one as it is."""

    ZIP = "zip"
    XML = "xml"


_READERS: Mapping[Form, Callable[[bytes], Sent]] = {Form.ZIP: read_zip, Form.XML: read_xml}
_AMOUNT, _GOOD, _BAD = "cou", "N", "D"
_PART = 500
_ROW = "MON-265"
_SAID = {
    AHEAD_CODE: AHEAD_SAID,
    "MON-261": Message(
        "没有以这个建筑代码为编号的设备，或不在可上报的范围内。请先登记设备：设备编号填建筑代码。",
        "No device with the building's code as its number, or not yours to upload for. Register it first.",
    ),
    "MON-262": Message(
        "那时这个建筑没有这个能耗编码的计量器具。请登记：设备填建筑代码，“报文中的示数编码”填能耗编码。",
        "The building had no meter of that item then. Register it, the item as its code in messages.",
    ),
    "MON-263": Message(
        "那时这个建筑有几块计量器具用这个能耗编码，不知道是哪一块的。请改正登记后重报。",
        "Several meters of the building had that item then. Correct the register and send them again.",
    ),
    "MON-264": Message(
        "同一小时报了不止一次：值相同的存一次，值不同的都没有存。请核对后重报。",
        "The same hour is told more than once: kept once where equal, else not at all. See to it and send it again.",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """Readings for the store, how many rows the file had, and what was left out."""

    table: pa.Table
    rows: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _Meter:
    """A meter of a building from a day to a day, both included."""

    point: int
    first: date
    last: date


def read(content: bytes, form: Form, by: Acting, place: Place) -> Read:
    """Reads a file for whoever sends it. ~3 queries for 500 buildings.

    Raises:
        UploadRefused: RDG-001, it cannot be read whole.
    """
    sent = _READERS[form](content)
    if sent.broken:
        told = "；".join(f"{each.at}：{each.expected}，{each.found}" for each in sent.broken)
        raise UploadRefused(
            "RDG-001",
            Message(
                f"读不出上报的内容：应为建筑能耗的 {form} 文件；{told}。请改正后整份重报。",
                f"The upload cannot be read as {form} of buildings' energy: {told}. Correct it and send all of it.",
            ),
        )
    hours = sent.told.hours
    named = {each.building for each in hours} | {code for code, _name in sent.told.buildings}
    known, meters = _known(named, by), _meters({each.building for each in hours}, by)
    kept, refused = _sorted(hours, known, meters)
    left_out = [_row(each) for each in sent.told.wrong]
    left_out += _told(refused)
    told_of = {each.building for each in hours}
    left_out += [LeftOut(code, "", 0, "MON-261", _SAID["MON-261"]) for code in sorted(named - known - told_of)]
    return Read(_table(kept, place), len(hours) + sent.told.wrongs, tuple(left_out))


def _sorted(
    hours: Iterable[Hour], known: Collection[str], meters: Mapping[tuple[str, str], list[_Meter]]
) -> tuple[dict[tuple[int, datetime], tuple[Decimal, bool]], list[tuple[str, Hour]]]:
    """Hours by point and start that can be taken; and the others, each with the code of why not."""
    latest = timezone.now() + AHEAD
    kept: dict[tuple[int, datetime], tuple[Decimal, bool]] = {}
    doubted: set[tuple[int, datetime]] = set()
    refused: list[tuple[str, Hour]] = []
    for each in hours:
        at = timezone.make_aware(each.starts)
        day = each.starts.date()
        found = [meter for meter in meters.get((each.building, each.item), ()) if meter.first <= day <= meter.last]
        if at > latest:
            refused.append((AHEAD_CODE, each))
        elif each.building not in known:
            refused.append(("MON-261", each))
        elif len(found) != 1:
            refused.append(("MON-263" if found else "MON-262", each))
        elif (key := (found[0].point, at)) in kept:
            refused.append(("MON-264", each))
            if kept[key] != (each.value, each.is_valid):
                doubted.add(key)
        else:
            kept[key] = each.value, each.is_valid
    for key in doubted:
        del kept[key]
    return kept, refused


def _told(refused: Iterable[tuple[str, Hour]]) -> list[LeftOut]:
    """By building, item and reason."""
    counted: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], str] = {}
    for code, each in refused:
        key = each.building, each.item, code
        counted[key] += 1
        first.setdefault(key, each.at)
    return [
        LeftOut(building, item, count, code, _SAID[code], first[building, item, code])
        for (building, item, code), count in counted.items()
    ]


def _row(wrong: Wrong) -> LeftOut:
    message = Message(
        f"{wrong.at}：应为 {wrong.expected}，实为 {wrong.found}。这一处没有收，请改正后重报。",
        f"{wrong.at}: expected {wrong.expected}, found {wrong.found}. Not taken: correct it and send it again.",
    )
    return LeftOut("", "", 1, _ROW, message, wrong.at)


def _known(buildings: Collection[str], by: Acting) -> frozenset[str]:
    """Those that are registered within reach, whenever."""
    where = visible(by, Action.MONITORING_UPLOAD, "region__path", "enterprise__body")
    found: set[str] = set()
    for part in _parts(buildings):
        found |= set(Device.objects.filter(where, mn__in=part).values_list("mn", flat=True))
    return frozenset(found)


def _meters(buildings: Collection[str], by: Acting) -> Mapping[tuple[str, str], list[_Meter]]:
    """Building and item → its meters within reach, one after the other in time or beside one another."""
    where = visible(by, Action.MONITORING_UPLOAD, "enterprise__region__path", "enterprise__body")
    found: dict[tuple[str, str], list[_Meter]] = defaultdict(list)
    for part in _parts(buildings):
        rows = list(Meter.objects.filter(where, device__mn__in=part).exclude(code="").select_related("device"))
        points = dict(Point.objects.filter(meter__in=rows, factor="").values_list("meter", "pk"))
        for each in rows:
            device = each.device
            if device is None or each.pk not in points:  # pragma: no cover - the register gives each meter its point
                continue
            first = max(each.starts_on, device.starts_on)
            last = min(each.ends_on or date.max, device.ends_on or date.max)
            found[device.mn, each.code].append(_Meter(points[each.pk], first, last))
    return found


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    told = sorted(names)
    return (told[at : at + _PART] for at in range(0, len(told), _PART))


def _table(kept: Mapping[tuple[int, datetime], tuple[Decimal, bool]], place: Place) -> pa.Table:
    count = len(kept)
    columns = {
        "point": [point for point, _at in kept],
        "kind": [Kind.HOUR.value] * count,
        "at": [at for _point, at in kept],
        "stat": [_AMOUNT] * count,
        "value": [float(value) for value, _is_valid in kept.values()],
        "flag": [_GOOD if is_valid else _BAD for _value, is_valid in kept.values()],
        "segment": [place.segment] * count,
        "offset": [place.offset] * count,
    }
    return pa.table({name: pa.array(column).cast(READINGS.field(name).type) for name, column in columns.items()})
