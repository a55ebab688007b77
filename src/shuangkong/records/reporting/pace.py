"""填报高峰: while units hand in hundreds of returns a minute, what rests on all returns waits; whoever looks is told.

Entry never waits for analytics: they share the processors of one machine. What is put off is put off for some hours at
most: then a small portion of it is done in every turn of the clock, until it is through, however long the rush lasts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from shuangkong.records.journal import store as journal
from shuangkong.records.reporting.models import ClockMark
from shuangkong.reporting.life import EventKind

#: More than so many returns handed in within so long are a rush; how long what rests on all returns waits for its end.
_ACTS, _WITHIN, LONGEST = 600, timedelta(seconds=30), timedelta(hours=2)
_HANDING_IN = tuple(f"return.{each.value}" for each in (EventKind.SUBMIT, EventKind.CORRECT))
_MARK = "put_off."
#: What waits: lists of who owes what, what is found in returns after they were signed, what is suspicious, sums.
LISTS, LATER, SUSPICIONS, SUMS = "lists", "later", "suspicions", "sums"


class Share(StrEnum):
    """How much of a work is done in this turn of the clock: all that it does in a turn, a small portion, nothing."""

    ALL = "all"
    SOME = "some"
    NONE = "none"

    def of(self, most: int, some: int) -> int:
        """How many a turn sees to: ``most``, or ``some`` in a rush."""
        return {Share.ALL: most, Share.SOME: some, Share.NONE: 0}[self]


def is_rush(now: datetime) -> bool:
    """Whether returns are handed in so fast that what can wait should. 2 queries by number, 3 where much is done.

    What offices do to many at once, and what the clock does, is none.
    """
    return journal.is_over(_ACTS, _HANDING_IN, now - _WITHIN)


def share(name: str, now: datetime, *, rushes: bool | None = None) -> Share:
    """How much of what bears this name is done now: in a rush nothing, after the longest time a portion. ~4 queries.

    ``rushes``: whether there is a rush, where that is known.
    """
    if not (is_rush(now) if rushes is None else rushes):
        return Share.ALL
    mark, _ = ClockMark.objects.get_or_create(name=_MARK + name, defaults={"at": now})
    return Share.NONE if now - mark.at < LONGEST else Share.SOME


def done(name: str) -> None:
    """All of it is done: it waits no more. 1 query."""
    ClockMark.objects.filter(name=_MARK + name).delete()


def put_off() -> Mapping[str, datetime]:
    """What waits or is being made up for, and since when. 1 query."""
    rows = ClockMark.objects.filter(name__startswith=_MARK).values_list("name", "at")
    return {name.removeprefix(_MARK): at for name, at in rows}
