"""轮到谁走钟: of all clocks that share a database one ticks at a time, and none sooner than asked after the last.

The database decides, so it holds for several servers, workers and schedulers. A clock that died in its turn holds up
the others for LONGEST and no longer; nothing but double work depends on it, for every step of a tick may be done twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from shuangkong.records.plans.reminders.models import ClockTurn

#: Longer than a tick takes.
LONGEST = timedelta(minutes=10)
_ONLY = 1


def take_turn(now: datetime, within: timedelta) -> bool:
    """Whether it is this clock's turn; then it is nobody else's until it ends. 2 queries.

    It is not while another one ticks, nor where one began to less than ``within`` ago.
    """
    _, is_first = ClockTurn.objects.get_or_create(pk=_ONLY, defaults={"began_at": now})
    is_over = Q(ended_at__isnull=False) | Q(began_at__lte=now - LONGEST)
    due = ClockTurn.objects.filter(is_over, pk=_ONLY, began_at__lte=now - within)
    return is_first or due.update(began_at=now, ended_at=None) == 1


def begin_turn(now: datetime) -> None:
    """Ticks whosever turn it is: a person or a scheduler said so. 1 query."""
    ClockTurn.objects.update_or_create(pk=_ONLY, defaults={"began_at": now, "ended_at": None})


def end_turn(now: datetime) -> None:
    """Leaves the turn to others. 1 query."""
    ClockTurn.objects.filter(pk=_ONLY).update(ended_at=now)
