"""按新规则重结: months of outlets that the clock no longer looks at, closed anew where they stand on former rules.

Late data, marks and entries of registers open a month by themselves, however old it is (``amounts.reopened``). Where
the rules are others, of policy or of the arithmetic, every older month may be: the clock goes through them, some at a
time in the order of outlets and months, with a bookmark that bears the rules' digest. What could not be closed is
passed, stays stale, and is tried again once a day. Amounts and transmission rates each have a walk of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from shuangkong.monitoring.reading import Span, starts_of
from shuangkong.records.monitoring.models import AmountClosing, RateClosing
from shuangkong.records.reporting.models import ClockMark
from shuangkong.web.monitoring.ruled_by import amount_rules

#: Raised by whoever mends the arithmetic of amounts, so that older months are reckoned by it too.
ARITHMETIC = 1
_CLOCK = "amounts"
#: A bookmark is an outlet's number and the day of a month behind it, in so many bits; once all were looked at, it is
#: the day on which they were, beyond every outlet.
_DAY_BITS, _END = 20, 2**62

_DAY = timedelta(days=1)
#: Months before this one in which late data and marks are looked for by themselves.
BACK = 4

type OfMonth = tuple[date, frozenset[int]]


def rules() -> str:
    """By what amounts are reckoned now: other digits, another reckoning."""
    return amount_rules(ARITHMETIC)


def looked_at(today: date, back: int = BACK) -> Iterator[date]:
    """The month of yesterday and those before it, ``back`` in all, the newest first."""
    month = starts_of(Span.MONTH, today - _DAY)
    for _ in range(back):
        yield month
        month = starts_of(Span.MONTH, month - _DAY)


def oldest() -> date:
    """The first day of the oldest month that the clock looks at by itself."""
    return list(looked_at(timezone.localdate()))[-1]


class Round:
    """One walk through closings of older months, by the rules as they are. 1 query, more at its begin.

    It begins when the rules are met for the first time: what was checked since then stands on them.
    """

    def __init__(
        self, clock: str, digits: str, table: type[AmountClosing | RateClosing], before: date, *, in_parts: bool = False
    ) -> None:
        """
        Args:
            clock: name of the walk; ``digits``: of the rules, see ``ruled_by``.
            table: whose rows; ``before``: a month that the clock looks at by itself, as all after it.
            in_parts: an outlet's month may be closed by parts: it is looked at until every row of it is checked.
        """
        name = f"{clock} {digits}"
        self._mark, is_new = ClockMark.objects.get_or_create(name=name, defaults={"at": timezone.now()})
        if is_new:
            ClockMark.objects.filter(name__startswith=f"{clock} ").exclude(name=name).delete()
        self._table, self._before, self._ended = table, before, _END + timezone.localdate().toordinal()
        self._next = self._mark.number
        self._checked = Min("checked_at") if in_parts else Max("checked_at")

    @staticmethod
    def of_amounts() -> Round:
        """Through the amounts."""
        return Round(_CLOCK, rules(), AmountClosing, oldest())

    @staticmethod
    def is_through(clock: str, digits: str) -> bool:
        """Whether a walk by these rules has looked at all. 1 query."""
        return ClockMark.objects.filter(name=f"{clock} {digits}", number__gte=_END).exists()

    def some(self, most: int) -> tuple[OfMonth, ...]:
        """About ``most`` outlets' months that stand on former rules: month → outlets; none once all were. 1 query."""
        number = self._mark.number
        if number >= self._ended:
            return ()
        outlet, day = divmod(0 if number >= _END else number, 1 << _DAY_BITS)
        behind = Q(outlet__gt=outlet) | Q(outlet=outlet, month__gt=date.fromordinal(max(1, day)))
        rows = self._unchecked().filter(behind, month__lt=self._before).order_by("outlet", "month")
        found = list(rows.values_list("outlet", "month")[:most])
        self._next = _place(*found[-1]) if found and len(found) == most else self._ended
        by_month = sorted(found, key=lambda each: (each[1], each[0]))
        return tuple(
            (month, frozenset(outlet for outlet, _ in own)) for month, own in groupby(by_month, lambda each: each[1])
        )

    def are_checked(self, month: date, outlets: Collection[int], at: datetime | None = None) -> None:
        """Outlets of whose month nothing is to be reckoned anew, as seen at ``at``, or now. 1 query where any is."""
        if outlets:
            self._table.objects.filter(month=month, outlet__in=outlets).update(checked_at=at or timezone.now())

    def are_done(self) -> None:
        """What ``some`` gave was looked at, also what could not be closed. 1 query where the bookmark moves."""
        if self._next != self._mark.number:
            ClockMark.objects.filter(pk=self._mark.pk).update(number=self._next)

    def _unchecked(self) -> QuerySet[Any, Any]:
        """Outlets' months of which no version was checked since the walk began; in parts: some version was not."""
        rows = self._table.objects.values("outlet", "month").annotate(at=self._checked)
        return rows.filter(at__lt=self._mark.at)


def _place(outlet: int, month: date) -> int:
    return (outlet << _DAY_BITS) + month.toordinal()


def stale(month: date, closings: Iterable[AmountClosing]) -> Collection[int]:
    """Outlets whose closings of a month stand on former rules and wait to be closed anew. 1 query."""
    if month >= oldest():
        return ()
    mark = ClockMark.objects.filter(name=f"{_CLOCK} {rules()}").first()
    since = timezone.now() if mark is None else mark.at
    checked: dict[int, datetime] = {}
    for each in closings:
        # One of a factor that is due no more is left as it was.
        checked[each.outlet_id] = max(checked.get(each.outlet_id, each.checked_at), each.checked_at)
    return {outlet for outlet, at in checked.items() if at < since}
