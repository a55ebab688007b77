"""待重查的标记: returns that were handed in, and of which what stands beside them has changed since (``later``)."""

from __future__ import annotations

from itertools import batched

from django.db.models import Q

from shuangkong.records.reporting.models import LaterCheck, Return
from shuangkong.reporting.life import IN_FORCE, WAITING

#: States in which a version stands that others looked at or will.
HANDED_IN = tuple(state.value for state in (*WAITING, *IN_FORCE))
_BATCH, _YEAR, _HALF_YEAR = 500, 12, 5


def from_month(month: int) -> Q:
    """Periods that hold a month, or lie later in its year: sums since January hold it too. Half a year is the longest
    but for the year itself, which begins in January."""
    january = month // _YEAR * _YEAR
    near = Q(first_month__gte=max(january, month - _HALF_YEAR), first_month__lt=january + _YEAR)
    return near | Q(first_month=january)


def mark(condition: Q) -> int:
    """Marks the returns that meet a condition and are handed in; returns how many. 3 queries per five hundred."""
    numbers = list(Return.objects.filter(condition, state__in=HANDED_IN).order_by("pk").values_list("pk", flat=True))
    for some in batched(numbers, _BATCH):
        LaterCheck.objects.bulk_create([LaterCheck(owned_id=each) for each in some], ignore_conflicts=True)
        LaterCheck.objects.filter(owned__in=some, is_stale=False).update(is_stale=True)
    return len(numbers)
