"""入库: what energy users told, as readings of points: days as days, hours as hours, parts of hours as minutes.

Stat ``cou``: each is the amount of its period. Where all parts of an hour are there, they are told as that hour too.
The version is the figure's number (``readings.trace``): a later one wins, and the same given twice is kept once. What
the store did not get stays owed; the clock gives it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import pyarrow as pa
from django.utils import timezone

from shuangkong.protocols.nhjc.messages import Every
from shuangkong.readings.columns import READINGS, Kind
from shuangkong.readings.trace import figure_place
from shuangkong.records.monitoring.late_meters import LatePoint, keep_late_meters
from shuangkong.records.monitoring.row_faults import Row, Work
from shuangkong.records.monitoring.uploads.models import UploadItem
from shuangkong.records.monitoring.uploads.owed import Owed, hour_of, of_hours, owed, set_stored, waiting_items
from shuangkong.web.monitoring.fencing import Fence
from shuangkong.web.monitoring.uploads import intake

#: Figures that one round gives to the store.
MOST = 20_000
_AMOUNT, _GOOD, _BAD = "cou", "N", "D"
_MINUTES = 60


class _Row(NamedTuple):
    point: int
    kind: Kind
    at: datetime
    value: Decimal
    is_valid: bool
    figure: int


def store_owed(most: int = MOST) -> int:
    """Gives the store what it lacks, some items at a time; returns how many figures.

    An item whose figures cannot be given is kept as a fault, and keeps no other. Raises StoreDown, StoreRefused: all
    stays owed.
    """
    fence = Fence(Work.UPLOADS, lambda each: each.pk, _fault)
    count, without = 0, set[int]()
    while items := waiting_items(most, without):
        count += sum(fence.done(items, lambda some: _give({each.pk for each in some}, most)))
        # Those that could not be done were tried once: the next run tries them again.
        without |= fence.known
    return count


def _fault(item: UploadItem) -> Row:
    unit = item.access.enterprise
    return Row(item.pk, f"{unit.name} {item.name or item.code}", unit.region_id)


def _give(items: set[int], most: int) -> int:
    """Gives the store the oldest ``most`` figures of some items; returns how many."""
    found = owed(most, items)
    rows = [_row(each) for each in found]
    rows += _hours(
        {(each.item, hour_of(each.starts)) for each in found if each.is_part and each.every is Every.REAL_TIME}
    )
    if rows:
        intake.opened().append(_table(rows))
        _note_late(rows)
    set_stored(each.id for each in found)
    return len(found)


def _note_late(rows: Iterable[_Row]) -> None:
    """Figures of days that are over: what was closed of their months is closed anew."""
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    spans: dict[int, list[datetime]] = defaultdict(list)
    for each in rows:
        if each.at < midnight:
            spans[each.point].append(each.at)
    keep_late_meters((LatePoint(point, min(own), max(own)) for point, own in spans.items()), now)


def _row(each: Owed) -> _Row:
    kind = Kind.DAY if each.every is Every.DAY else Kind.MINUTE if each.is_part else Kind.HOUR
    return _Row(each.point, kind, each.starts, each.value, each.is_valid, each.id)


def _hours(wanted: set[tuple[int, datetime]]) -> Iterable[_Row]:
    """Hours whose parts are all there, added up."""
    parts: dict[tuple[int, datetime], list[Owed]] = defaultdict(list)
    for each in of_hours(wanted):
        parts[each.item, hour_of(each.starts)].append(each)
    for (_item, hour), told in parts.items():
        if _is_whole(told):
            value = sum((each.value for each in told), Decimal(0))
            newest = max(each.id for each in told)
            yield _Row(told[0].point, Kind.HOUR, hour, value, all(each.is_valid for each in told), newest)


def _is_whole(told: Sequence[Owed]) -> bool:
    """Whether parts begin with the hour and lie as far apart as its end from the last."""
    minutes = [each.starts.minute for each in told]
    steps = {later - earlier for earlier, later in zip(minutes, (*minutes[1:], _MINUTES), strict=True)}
    return len(told) > 1 and minutes[0] == 0 and len(steps) == 1


def _table(rows: Sequence[_Row]) -> pa.Table:
    places = [figure_place(each.figure) for each in rows]
    columns = {
        "point": [each.point for each in rows],
        "kind": [each.kind.value for each in rows],
        "at": [each.at for each in rows],
        "stat": [_AMOUNT] * len(rows),
        "value": [float(each.value) for each in rows],
        "flag": [_GOOD if each.is_valid else _BAD for each in rows],
        "segment": [each.segment for each in places],
        "offset": [each.offset for each in places],
    }
    return pa.table({name: pa.array(column).cast(READINGS.field(name).type) for name, column in columns.items()})
