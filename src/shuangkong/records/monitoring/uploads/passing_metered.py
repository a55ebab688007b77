"""转报计量: what a unit's meters counted, as closed, in the words of an access end: days, and months that are over.

Whichever way readings of a meter came (interface, file, collector, devices), what passes on is what was closed of them,
in the meter's own unit under its item code. What the unit told by itself of the same period goes before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal

from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from shuangkong.core.rounding import as_printed, rounded
from shuangkong.monitoring.metering.grid import Origin
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

    At most ``most`` closings, of a meter's month the newest alone. 2 queries.
    """
    newer = MeterClosing.objects.filter(meter=OuterRef("meter"), month=OuterRef("month"), pk__gt=OuterRef("pk"))
    rows = list(
        MeterClosing.objects.select_related("meter")
        .filter(~Exists(newer), meter__enterprise=enterprise, pk__gt=number)
        .order_by("pk")[:most]
    )
    figures = [each for row in rows for each in _figures(row)]
    told = _told(enterprise, figures)
    kept = (each for each in figures if (each.code, each.every, each.starts) not in told)
    return rows[-1].pk if rows else number, tuple(kept)


def _figures(row: MeterClosing) -> Iterator[PassedFigure]:
    code, trace = read_code(row.meter.item), json.loads(row.content)
    factor = Decimal(trace["factor"]) if trace["factor"] and row.unit else None
    if code is None or not factor:
        return
    for day in trace["days"]:
        own = [gap for gap in trace["gaps"] if gap["first"] == gap["last"] == day["day"]]
        known = sum(day["hours"].get(name, 0) for name in _PLACED) + sum(gap["hours"] for gap in own)
        if known:
            amount = sum((Decimal(gap["amount"]) for gap in own), Decimal(day["amount"]))
            is_whole = known == sum(day["hours"].values())
            yield _figure(row, code.plain, Every.DAY, _midnight(day["day"]), amount / factor, is_valid=is_whole)
    if row.is_over and row.open_hours < row.due_hours:
        starts = _midnight(row.month.isoformat())
        yield _figure(row, code.plain, Every.MONTH, starts, row.amount / factor, is_valid=not row.open_hours)


def _figure(
    row: MeterClosing, code: str, every: Every, starts: datetime, value: Decimal, *, is_valid: bool
) -> PassedFigure:
    return PassedFigure(row.pk, code, every, starts, as_printed(rounded(value, _PLACES)), is_valid, Source.METER)


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
