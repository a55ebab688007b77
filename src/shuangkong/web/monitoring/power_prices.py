"""电价名单和环保设施运行: who pays which price, what policy lays down, and how many hours were out of order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.dated import DatedValue, NotInForce
from shuangkong.monitoring.alarms.found import Kind
from shuangkong.monitoring.reading import Media, hours_of
from shuangkong.records.monitoring.alarm_rules import UNVERIFIED_LIMIT
from shuangkong.records.monitoring.models import Alarm, Outlet, PowerPrice
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.views.outlet import midnight

ENVIRONMENTAL = "environmental"
_MOST = 5_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One row of the list with what policy lays down for its sort and grade; None: nothing."""

    row: PowerPrice
    laid_down: DatedValue | None

    @property
    def is_below(self) -> bool:
        """Whether less is added than policy says; places may add more."""
        return self.laid_down is not None and self.row.surcharge < self.laid_down.number


@dataclass(frozen=True, slots=True)
class Operation:
    """A gas outlet of a unit under the environmental price: hours of a month in which a mean exceeded its limit."""

    outlet: Outlet
    exceeded_hours: int
    factors: tuple[str, ...]
    is_verified: bool


def price_lines(condition: Q, day: date) -> tuple[PriceLine, ...]:
    """Rows that hold on a day, by place and unit. 1 query."""
    held = Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gte=day))
    rows = PowerPrice.objects.select_related("enterprise__region").filter(held, condition)
    ordered = rows.order_by("enterprise__region", "enterprise", "sort", "pk")[:_MOST]
    return tuple(PriceLine(each, _laid_down(each, day)) for each in ordered)


def _laid_down(row: PowerPrice, day: date) -> DatedValue | None:
    book = open_rulebook()
    try:
        layer = book.layer_of(row.enterprise.region_id, day)
        return book.parameter(f"monitoring/prices/{row.sort}_{row.grade}", day, layer)
    except (KeyError, NotInForce):
        return None


def operations(lines: Sequence[PriceLine], first: date, last: date) -> tuple[Operation, ...]:
    """Gas outlets of the units under the environmental price, of a span of days. 2 queries.

    Hours are those that alarms of hourly means tell, each once though several factors exceed in it.
    """
    units = {each.row.enterprise_id for each in lines if each.row.sort == ENVIRONMENTAL}
    rows = Outlet.objects.select_related("enterprise", "region").filter(
        Q(ends_on=None) | Q(ends_on__gte=first), enterprise__in=units, kind=Media.GAS.value, starts_on__lte=last
    )  # fmt: skip
    outlets = list(rows.order_by("region", "enterprise", "code"))
    start, end = midnight(first), min(midnight(last + _DAY), timezone.now())
    hours: dict[int, set[int]] = defaultdict(set)
    factors: dict[int, set[str]] = defaultdict(set)
    doubted: set[int] = set()
    alarms = Alarm.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=start), outlet__in=[each.pk for each in outlets],
        rule=Kind.EXCEEDANCE.value, period="hour", starts_at__lt=end,
        # What late data or marks have undone exceeded nothing.
        undone_at=None,
    )  # fmt: skip
    for each in alarms:
        found = _hours(each, start, end)
        if not found:
            continue
        hours[each.outlet_id] |= found
        factors[each.outlet_id].add(each.factor)
        if UNVERIFIED_LIMIT.zh in each.text:
            doubted.add(each.outlet_id)
    return tuple(
        Operation(each, len(hours[each.pk]), tuple(sorted(factors[each.pk])), each.pk not in doubted)
        for each in outlets
    )


def _hours(row: Alarm, first: datetime, last: datetime) -> set[int]:
    """The hours from the first on, before the last, that exceeded; every hour of an alarm that does not tell which."""
    begun = first.timestamp()
    if row.instants:
        return {at for at in row.instants if begun <= at < last.timestamp()}
    spanned = hours_of(max(row.starts_at, first), min(row.ends_at or last, last))
    return {int(at.timestamp()) for at in spanned}
