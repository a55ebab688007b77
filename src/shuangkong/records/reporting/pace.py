"""填报高峰: while units hand in hundreds of returns a minute, what rests on all returns waits; whoever looks is told.

Entry never waits for analytics: they share the processors of one machine. What is put off is put off for some hours at
most, however long the rush lasts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shuangkong.records.journal import store as journal
from shuangkong.records.reporting.models import ClockMark

#: More acts than this within so long are a rush; and how long what rests on all returns waits for its end.
_ACTS, _WITHIN, LONGEST = 600, timedelta(seconds=30), timedelta(hours=2)
_MARK = "put_off."


def is_rush(now: datetime) -> bool:
    """Whether people and programmes act so fast that what can wait should. 2 queries, by number."""
    at = journal.at_of(journal.head()[0] - _ACTS)
    return at is not None and now - at < _WITHIN


def is_put_off(name: str, now: datetime) -> bool:
    """Whether what bears this name waits: in a rush, until it has waited for the longest time. ~4 queries."""
    if not is_rush(now):
        return False
    mark, _ = ClockMark.objects.get_or_create(name=_MARK + name, defaults={"at": now})
    return now - mark.at < LONGEST


def done(name: str) -> None:
    """It waits no more. 1 query."""
    ClockMark.objects.filter(name=_MARK + name).delete()


def put_off_since(name: str) -> datetime | None:
    """Since when it waits; None where it does not. 1 query."""
    return ClockMark.objects.filter(name=_MARK + name).values_list("at", flat=True).first()
