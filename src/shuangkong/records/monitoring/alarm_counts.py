"""报警的计数和分页: how many there are of each state and unit, counted by the database; a list read in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import overload

from django.db.models import Case, Count, DurationField, ExpressionWrapper, F, FloatField, Max, Q, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from shuangkong.monitoring.alarms.life import State
from shuangkong.records.monitoring.alarms import AlarmRow, alarms
from shuangkong.records.monitoring.models import Alarm

_EXCEEDS = Q(rule__startswith="exceed")
_HELD = Q(undone_at=None)
_OPEN = ~Q(state=State.CLOSED)
_PLACES = Decimal("0.0001")


def _late(now: datetime) -> Q:
    """See ``AlarmRow.is_late``."""
    return Q(due_at__lt=now, state__in=(State.OPEN, State.RETURNED))


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some alarms: by state, how many should have been explained by now, whether any is of an invented place."""

    states: dict[State, int]
    late: int
    is_fictional: bool

    @property
    def open(self) -> int:
        return sum(count for state, count in self.states.items() if state is not State.CLOSED)


def count(condition: Q) -> int:
    """How many there are. 1 query."""
    return Alarm.objects.filter(condition).count()


def counts(condition: Q, now: datetime) -> Counts:
    """However many there are. 1 query."""
    rows = Alarm.objects.filter(condition).order_by().values("state")
    told = list(rows.annotate(n=Count("pk"), late=Count("pk", filter=_late(now)), invented=_INVENTED))
    return Counts(
        {State(each["state"]): each["n"] for each in told},
        sum(each["late"] for each in told),
        any(each["invented"] for each in told),
    )


_INVENTED = Count("pk", filter=Q(outlet__region__is_fictional=True))


@dataclass(frozen=True, slots=True)
class UnitCount:
    """Of one unit, or of a station that no unit runs; ``lasted`` of all together, what goes on up to now.

    What marks or late data have undone is among all and open, but neither an exceedance nor lasted."""

    name: str
    all: int
    exceed: int
    open: int
    late: int
    lasted: timedelta
    multiple: Decimal | None
    is_fictional: bool


def by_unit(condition: Q, now: datetime) -> tuple[UnitCount, ...]:
    """Those with the most first. 1 query."""
    lasts = ExpressionWrapper(Coalesce("ends_at", Value(now)) - F("starts_at"), DurationField())
    station = Case(When(outlet__enterprise=None, then="outlet"), default=None)
    rows = Alarm.objects.filter(condition).order_by().annotate(station=station)
    # A unit bears its name whatever its outlets are called; a station its own.
    name = Case(When(outlet__enterprise=None, then="outlet__name"), default="outlet__enterprise__name")
    told = rows.values("outlet__enterprise", "station", holder=name).annotate(
        n=Count("pk"), exceed=Count("pk", filter=_EXCEEDS & _HELD), open=Count("pk", filter=_OPEN),
        late=Count("pk", filter=_late(now)), lasted=Sum(lasts, filter=_HELD),
        most=Max(Cast("multiple", FloatField()), filter=_HELD),
        invented=_INVENTED,
    )  # fmt: skip
    return tuple(
        UnitCount(
            each["holder"], each["n"], each["exceed"], each["open"], each["late"], each["lasted"] or timedelta(),
            None if each["most"] is None else Decimal(str(each["most"])).quantize(_PLACES), bool(each["invented"]),
        )
        for each in sorted(told, key=lambda each: (-each["n"], each["holder"]))
    )  # fmt: skip


class Gravest(Sequence[AlarmRow]):
    """Alarms that meet a condition, the gravest first: what goes on, an exceedance, the higher level, the newer.

    Counted by the database, 1 query; each part is read when it is asked for, 2 queries.
    """

    def __init__(self, condition: Q) -> None:
        self._condition = condition

    def __len__(self) -> int:
        return count(self._condition)

    @overload
    def __getitem__(self, key: int) -> AlarmRow: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[AlarmRow, ...]: ...
    def __getitem__(self, key: int | slice) -> AlarmRow | tuple[AlarmRow, ...]:
        if isinstance(key, int):
            return self[key : key + 1][0]
        keys = Alarm.objects.filter(self._condition).order_by(
            Case(When(ends_at=None, then=0), default=1), Case(When(_EXCEEDS, then=0), default=1), "-level",
            "-starts_at", "-pk",
        ).values_list("pk", flat=True)[key]  # fmt: skip
        order = {number: place for place, number in enumerate(keys)}
        return tuple(sorted(alarms(Q(pk__in=list(order))), key=lambda row: order[row.id]))
