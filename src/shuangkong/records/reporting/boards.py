"""报送进度: how many returns are expected, received, in time, late, accepted; counted by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, F, Q

from shuangkong.records.reporting.models import Return
from shuangkong.reporting.life import IN_FORCE, NOT_DUE, OWED, State
from shuangkong.reporting.life_standing import Standing

_RECEIVED = Q(received_on__isnull=False) & ~Q(state__in=OWED)
_DUE = ~Q(state__in=NOT_DUE)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one window, or of one region, sector or form of it.

    Attributes:
        expected: owed at all. ``received``: those of them that came and were not given back.
        in_time, late: of the received, by their last day. ``overdue``: not received though the day is past.
        returned: given back and not sent in again. ``accepted``: in force. ``approved``: by every level.
        not_due: stopped, exempt or no longer owed; beside the expected.
    """

    expected: int
    received: int
    in_time: int
    late: int
    overdue: int
    returned: int
    accepted: int
    approved: int
    not_due: int

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))

    @classmethod
    def sum(cls, tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        rows = [each.figures for each in tallies]
        return cls(*map(sum, zip(*rows, strict=True))) if rows else cls(*(0 for _ in fields(cls)))


def tally_of(rows: Iterable[Standing], day: date) -> Tally:
    """Of standings, as they are on a day; what ``tallies`` counts of columns."""
    return Tally.sum(_one(each, day) for each in rows)


def _one(now: Standing, day: date) -> Tally:
    is_due, is_owed, is_in_force = now.state not in NOT_DUE, now.state in OWED, now.state in IN_FORCE
    is_received = now.received_on is not None and not is_owed
    is_late = now.received_on is not None and now.due is not None and now.received_on > now.due
    last = now.owed_by
    told = (
        is_due, is_received, is_received and not is_late, is_received and is_late, last is not None and last < day,
        now.state is State.RETURNED, is_in_force, is_in_force and now.level >= now.levels, not is_due,
    )  # fmt: skip
    return Tally(*map(int, told))


def tallies(condition: Q, by: tuple[str, ...], day: date) -> Mapping[tuple[object, ...], Tally]:
    """The columns ``by`` → tally, of returns that meet a condition on a day. 1 query."""
    late = Q(received_on__gt=F("due"))
    last = Q(redo_by__isnull=True, due__lt=day) | Q(redo_by__lt=day)
    rows = (
        Return.objects.filter(condition).order_by().values_list(*by).annotate(
            expected=Count("pk", filter=_DUE),
            received=Count("pk", filter=_RECEIVED),
            in_time=Count("pk", filter=_RECEIVED & ~late),
            late=Count("pk", filter=_RECEIVED & late),
            overdue=Count("pk", filter=Q(state__in=OWED, held_on__isnull=True) & last),
            returned=Count("pk", filter=Q(state=State.RETURNED)),
            accepted=Count("pk", filter=Q(state__in=IN_FORCE)),
            approved=Count("pk", filter=Q(state__in=IN_FORCE, level__gte=F("levels"))),
            not_due=Count("pk", filter=~_DUE),
        )
    )  # fmt: skip
    return {tuple(row[: len(by)]): Tally(*row[len(by) :]) for row in rows}


def overdue(day: date) -> Q:
    """The condition that a return is overdue on a day."""
    last = Q(redo_by__isnull=True, due__lt=day) | Q(redo_by__lt=day)
    return Q(state__in=OWED, held_on__isnull=True) & last
