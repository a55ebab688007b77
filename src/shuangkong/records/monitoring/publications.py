"""公布的结果: what units published of what was due in a month, quarter or year, by plans and registered numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.period import Period
from shuangkong.monitoring.rates.publication import (
    Counted,
    Frequency,
    Publishing,
    publishing,
    publishing_of_quarters,
    results_due,
)
from shuangkong.records.monitoring.models import MonitoringPlan, Publication

OWN, SUPERVISORY = "own", "supervisory"
#: How registers write a quarter: 2020Q3.
_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")


#: The column by which a row names its enterprise → the condition on that enterprise.
type Condition = Callable[[str], Q]


@dataclass(frozen=True, slots=True)
class Book:
    """Plans and registered numbers of some units in some years, of one sort, as they were read."""

    plans: Mapping[int, tuple[MonitoringPlan, ...]]
    rows: Mapping[int, tuple[tuple[Period, Publication], ...]]

    def units(self) -> set[int]:
        return set(self.plans) | set(self.rows)

    def counted(self, period: Period, units: Iterable[int], *, through: date | None = None) -> Iterator[Counted]:
        """Each unit over a period; units whose numbers were registered for a longer one only are left out.

        Args:
            through: last day of the plan that counts; units that registered nothing yet are left out then. None: the
                whole period, and who registered nothing has published nothing.
        """
        last = through or period.last_day
        first = period.last_day.replace(year=period.year, month=period.first_month % 12 + 1, day=1)
        for unit in units:
            own = [row for of, row in self.rows.get(unit, ()) if period.covers(of)]
            if not own and any(of.covers(period) for of, _ in self.rows.get(unit, ())):
                continue
            if not own and through is not None:
                continue
            planned = [_planned(each, first, last) for each in self.plans.get(unit, ())]
            typed = sum(row.due for row in own) if own else None
            published = sum(row.published for row in own)
            yield Counted(unit, typed, sum(planned) if planned else None, published)


def _planned(plan: MonitoringPlan, first: date, last: date) -> int:
    ends = last if plan.ends_on is None else min(last, plan.ends_on)
    return results_due(Frequency(plan.frequency), max(first, plan.starts_on), ends)


def period_of(text: str) -> Period:
    """Of a row: 2020-05 or 2020Q3; raises ValueError for another text."""
    quarter = _QUARTER.fullmatch(text)
    return Period(int(quarter[1]), f"Q{quarter[2]}") if quarter else Period.parse(text)


def publication_book(sort: str, condition: Condition, years: Iterable[int]) -> Book:
    """Plans and numbers of the units of a condition, of some years. 2 queries."""
    told = sorted(set(years))
    plans: dict[int, list[MonitoringPlan]] = defaultdict(list)
    first, last = date(told[0], 1, 1), date(told[-1], 12, 31)
    in_force = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    found = MonitoringPlan.objects.filter(in_force, condition("outlet__enterprise"), sort=sort)
    for each in found.select_related("outlet"):
        plans[each.outlet.enterprise_id or 0].append(each)
    rows: dict[int, list[tuple[Period, Publication]]] = defaultdict(list)
    of_years = Q(pk__in=())
    for year in told:
        of_years |= Q(period__startswith=f"{year}")
    for row in Publication.objects.filter(of_years, condition("enterprise"), sort=sort):
        rows[row.enterprise_id].append((period_of(row.period), row))
    return Book({unit: tuple(own) for unit, own in plans.items()}, {unit: tuple(own) for unit, own in rows.items()})


def publishing_of(
    book: Book, sort: str, period: Period, units: Iterable[int], *, through: date | None = None
) -> Publishing:
    """The rates of some units over a period. Of a year the supervisory rate counts units by its four quarters."""
    told = sorted(set(units))
    if sort == SUPERVISORY and period.is_year:
        quarters = [
            list(book.counted(Period(period.year, f"Q{number}"), told, through=through)) for number in range(1, 5)
        ]
        return publishing_of_quarters(book.counted(period, told, through=through), quarters)
    return publishing(book.counted(period, told, through=through))
