"""转报计量: what a unit's meters counted, as closed, in the words of an access end: days, and months that are over.

Whichever way readings of a meter came (interface, file, collector, devices), what passes on is what was closed of them,
in the meter's own unit under its item code. An item whose meter was ended and registered anew has several: of a period
all are added. What the unit told by itself of the same period goes before.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from shuangkong.core.rounding import as_printed, rounded
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.protocols.nhjc.codes import read_code
from shuangkong.protocols.nhjc.messages import Every, Source
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.monitoring.uploads.models import UploadFigure
from shuangkong.records.monitoring.uploads.passing import PassedFigure, PassedItem

#: Closings that are read again once a newer one is there: two that were written at once may be seen out of order.
OVERLAP = 400
#: Decimal places of a figure that a unit's factor does not divide evenly.
_PLACES = 9
#: Hours whose amount has a day; that of a silence over several days has none.
_PLACED = tuple(each.name.lower() for each in (Origin.MEASURED, Origin.ESTIMATED, Origin.TOLD))


def metered_items(enterprise: int) -> tuple[PassedItem, ...]:
    """Items that the unit's meters measure, by code. 1 query."""
    today, found = timezone.localdate(), dict[str, PassedItem]()
    for row in Meter.objects.filter(enterprise=enterprise).order_by("starts_on", "pk"):
        code = read_code(row.item)
        if code is not None:
            is_current = row.ends_on is None or row.ends_on >= today
            # Bounds of a meter are those of an hour, and hours are not passed on.
            found[code.plain] = PassedItem(code, row.name, None, None, is_current)
    return tuple(found[code] for code in sorted(found))


def newest_closing(enterprise: int) -> int:
    """Number of the newest closing of the unit's meters; 0: there is none. 1 query."""
    return MeterClosing.objects.filter(meter__enterprise=enterprise).aggregate(last=Max("pk"))["last"] or 0


def metered_after(enterprise: int, number: int, most: int) -> tuple[int, tuple[PassedFigure, ...]]:
    """Figures of closings that came after that one, the oldest first, and the number of the last closing read.

    At most ``most`` closings, of a meter's month the newest alone; of an item with several meters all are read. 4
    queries.
    """
    rows = list(_closings(Q(meter__enterprise=enterprise, pk__gt=number)).order_by("pk")[:most])
    figures = [each for item in _items(enterprise, rows) for each in _figures(item)]
    told = _told(enterprise, figures)
    kept = (each for each in figures if (each.code, each.every, each.starts) not in told)
    return rows[-1].pk if rows else number, tuple(kept)


@dataclass(frozen=True, slots=True)
class _Item:
    """Closings of all meters of an item and month, by the meters' beginnings; ``lacks``: one was not closed yet."""

    code: str
    month: date
    rows: Sequence[MeterClosing]
    lacks: bool


def _closings(condition: Q) -> QuerySet[MeterClosing]:
    """Those that hold."""
    newer = MeterClosing.objects.filter(meter=OuterRef("meter"), month=OuterRef("month"), pk__gt=OuterRef("pk"))
    return MeterClosing.objects.select_related("meter").filter(~Exists(newer), condition)


def _items(enterprise: int, rows: Sequence[MeterClosing]) -> Iterator[_Item]:
    """What the closings belong to, in their order, with the closings of the items' other meters. 2 queries."""
    meters: dict[str, list[Meter]] = defaultdict(list)
    for meter in Meter.objects.filter(enterprise=enterprise).order_by("starts_on", "pk") if rows else ():
        meters[_plain(meter)].append(meter)
    wanted = dict.fromkeys((_plain(row.meter), row.month) for row in rows)
    held = {(row.meter_id, row.month): row for row in rows}
    beside = [each.pk for code in {code for code, _month in wanted} if len(meters[code]) > 1 for each in meters[code]]
    if beside:
        months = {month for _code, month in wanted}
        held |= {(row.meter_id, row.month): row for row in _closings(Q(meter__in=beside, month__in=months))}
    for code, month in wanted:
        if code:
            own = [held[each.pk, month] for each in meters[code] if (each.pk, month) in held]
            last = ends_of(Span.MONTH, month)
            due = (each.pk for each in meters[code] if each.starts_on <= last and (each.ends_on or last) >= month)
            yield _Item(code, month, own, any((each, month) not in held for each in due))


def _plain(meter: Meter) -> str:
    """The item's code; "" where it is none."""
    code = read_code(meter.item)
    return "" if code is None else code.plain


def _figures(item: _Item) -> Iterator[PassedFigure]:
    """Days and month of an item, in the unit of its newest meter; what cannot be added to that makes it no whole."""
    told = [(row, json.loads(row.content)) for row in item.rows]
    known = [(row, trace) for row, trace in told if row.unit and trace["factor"] and Decimal(trace["factor"])]
    if not known:
        return
    newest, factor = known[-1][0], Decimal(known[-1][1]["factor"])
    added = [(row, trace) for row, trace in known if row.unit == newest.unit]
    number = max(row.pk for row, _trace in added)
    days: dict[str, tuple[Decimal, bool]] = {}
    for _row, trace in added:
        for day, amount, is_whole in _days(trace):
            before, was_whole = days.get(day, (Decimal(0), True))
            days[day] = (before + amount, was_whole and is_whole)
    for day, (amount, is_whole) in sorted(days.items()):
        yield _figure(number, item.code, Every.DAY, _midnight(day), amount / factor, is_valid=is_whole)
    rows = [row for row, _trace in added]
    if all(row.is_over for row in item.rows) and any(row.open_hours < row.due_hours for row in rows):
        is_whole = not item.lacks and len(added) == len(told) and not any(row.open_hours for row in rows)
        amount = sum((row.amount for row in rows), Decimal(0))
        starts = _midnight(item.month.isoformat())
        yield _figure(number, item.code, Every.MONTH, starts, amount / factor, is_valid=is_whole)


def _days(trace: Mapping[str, Any]) -> Iterator[tuple[str, Decimal, bool]]:
    """Of each day of which something is known its amount, and whether all is."""
    for day in trace["days"]:
        own = [gap for gap in trace["gaps"] if gap["first"] == gap["last"] == day["day"]]
        known = sum(day["hours"].get(name, 0) for name in _PLACED) + sum(gap["hours"] for gap in own)
        if known:
            amount = sum((Decimal(gap["amount"]) for gap in own), Decimal(day["amount"]))
            yield day["day"], amount, known == sum(day["hours"].values())


def _figure(number: int, code: str, every: Every, starts: datetime, value: Decimal, *, is_valid: bool) -> PassedFigure:
    return PassedFigure(number, code, every, starts, as_printed(rounded(value, _PLACES)), is_valid, Source.METER)


def _told(enterprise: int, figures: Sequence[PassedFigure]) -> set[tuple[str, Every, datetime]]:
    """What of these the unit told by itself."""
    if not figures:
        return set()
    moments = [timezone.make_aware(each.starts) for each in figures]
    rows = UploadFigure.objects.filter(
        item__access__enterprise=enterprise, item__code__in={each.code for each in figures}, is_newest=True,
        every__in=(int(Every.DAY), int(Every.MONTH)), starts__gte=min(moments), starts__lte=max(moments),
    ).values_list("item__code", "every", "starts")  # fmt: skip
    return {(code, Every(every), timezone.localtime(starts).replace(tzinfo=None)) for code, every, starts in rows}


def _midnight(day: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), time())
