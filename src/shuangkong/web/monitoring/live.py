"""实时状态: how each outlet stands now: what it sent last, how old that is, what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.models import Connection, Outlet, Point
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.data import NOTHING_READ, Newest, Value, asked, newest_values

#: How far back the last minute data are looked for: what is older is no live state.
LOOKED_BACK = timedelta(hours=2)
#: The statistics of which the newest is shown.
SAID = ("avg", "zs_avg", "rtd", "zs_rtd")


class State(StrEnum):
    """How an outlet stands, the gravest first."""

    OVER = "over"  # 超标
    SILENT = "silent"  # 没有数据
    FAULT = "fault"  # 设备异常
    ALARM = "alarm"  # 其他报警
    STOPPED = "stopped"  # 停运
    UNKNOWN = "unknown"  # 读数库没有应答，看不出
    NORMAL = "normal"
    UNCONNECTED = "unconnected"  # 未接入


@dataclass(frozen=True, slots=True)
class Latest(Mapping[str, Value]):
    """Factor → its newest value; ``places``: factor → where that stands in ``read``."""

    read: Newest
    places: Mapping[str, int]

    def __getitem__(self, factor: str) -> Value:
        return self.read.value(self.places[factor])

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def flags(self) -> set[str]:
        return {self.read.flags[place] for place in self.places.values()}


@dataclass(frozen=True, slots=True)
class Standing:
    """One outlet now; ``latest``: factor → its newest minute or real-time value."""

    outlet: Outlet
    state: State
    latest: Latest
    open_alarms: int
    mn: str

    @property
    def at(self) -> datetime | None:
        """When its newest data are of."""
        told = [self.latest.read.seconds(place) for place in self.latest.places.values()]
        return timezone.localtime(datetime.fromtimestamp(max(told), UTC)) if told else None


def readable(by: Acting) -> Q:
    """The condition that a person may see an outlet."""
    return visible(by, Action.MONITORING_READ, "region__path", "enterprise__body")


def outlets(condition: Q, first: date | None = None, last: date | None = None) -> tuple[Outlet, ...]:
    """Those in use on a day from ``first`` to ``last``, today where none are told, by place, unit and code. 1 query."""
    today = timezone.localdate()
    held = Q(starts_on__lte=last or today) & (Q(ends_on=None) | Q(ends_on__gte=first or today))
    rows = Outlet.objects.select_related("region", "enterprise").filter(held, condition)
    return tuple(rows.order_by("region", "enterprise", "code", "pk"))


def standings(found: Sequence[Outlet]) -> tuple[tuple[Standing, ...], bool]:
    """How outlets stand, and whether the store answered. 4 queries and two of the store."""
    now, numbers = timezone.now(), [each.pk for each in found]
    rows = Point.objects.filter(outlet__in=numbers).values_list("pk", "outlet", "factor")
    points = {point: (outlet, factor) for point, outlet, factor in rows}
    first, last = now - LOOKED_BACK, now + LOOKED_BACK
    # A minute mean goes before an instant of the same time.
    read, is_up = asked(
        lambda: newest_values(points.keys(), (Kind.RTD, Kind.MINUTE), SAID, first, last), NOTHING_READ
    )  # fmt: skip
    places: dict[int, dict[str, int]] = defaultdict(dict)
    for place, point in enumerate(read.points):
        outlet, factor = points[point]
        places[outlet][factor] = place
    open_, over, silent = _alarms(numbers)
    speaks = Q(ends_at=None) | Q(ends_at__gt=now)
    connected = dict(
        Connection.objects.filter(speaks, outlet__in=numbers, starts_at__lte=now).values_list("outlet", "device__mn")
    )
    marks = open_rulebook().monitoring().marks
    made = []
    for each in found:
        told = Latest(read, places.get(each.pk, {}))
        state = _state(told, marks, is_connected=each.pk in connected, has_alarm=bool(open_[each.pk]),
                       is_over=each.pk in over, is_silent=each.pk in silent, is_up=is_up)  # fmt: skip
        made.append(Standing(each, state, told, open_[each.pk], connected.get(each.pk, "")))
    return tuple(made), is_up


def _alarms(numbers: Sequence[int]) -> tuple[dict[int, int], set[int], set[int]]:
    """Outlet → open alarms; outlets that exceed a limit now; those that are silent now. 1 query."""
    open_: dict[int, int] = defaultdict(int)
    over, silent = set(), set()
    for outlet, rule, count, going in alarms.open_tally(numbers):
        open_[outlet] += count
        if going and rule.startswith("exceed"):
            over.add(outlet)
        if going and rule.startswith("silen"):
            silent.add(outlet)
    return open_, over, silent


def _state(
    told: Latest, marks: Marks, *, is_connected: bool, has_alarm: bool, is_over: bool, is_silent: bool,
    is_up: bool,
) -> State:  # fmt: skip
    """Nothing told is silence only where the store answered."""
    flags = {marks.of_flag(each) for each in told.flags}
    for state, holds in (
        (State.OVER, is_over),
        (State.UNCONNECTED, not is_connected and not told),
        (State.SILENT, is_silent or (is_up and not told)),
        (State.STOPPED, bool(flags) and flags <= marks.stopped),
        (State.FAULT, bool(flags - marks.measured - marks.stopped - {Mark.NORMAL})),
        (State.ALARM, has_alarm),
        (State.UNKNOWN, not told),
    ):
        if holds:
            return state
    return State.NORMAL
