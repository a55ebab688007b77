"""小时数据: the hours of points with the mark that counts: told by the device, else our own mean of its minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from shuangkong.monitoring.alarms.drift import is_on_the_hour
from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import Evidence, Media, Reading, hours_of
from shuangkong.monitoring.wire_codes import is_measured
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks as marking
from shuangkong.records.monitoring.marks import MarkRow, holding
from shuangkong.records.monitoring.models import FactorDue, Outlet, Point
from shuangkong.records.monitoring.sent_states import sent_spells
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.bringing import brought_values, gas_outlets, state_points
from shuangkong.web.monitoring.computed_nox import computed_nox, parts_of
from shuangkong.web.monitoring.data import Value, values
from shuangkong.web.monitoring.doubted_stops import Doubted, doubted_stops
from shuangkong.web.monitoring.flows import FLOWS, has_amount
from shuangkong.web.monitoring.own_means import own_hours

#: What a report or a rule asks of an hour.
STATS = ("avg", "zs_avg", "cou", "min", "max")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """The hours or days of some points: (point, statistic) → time → value; ``marked``: marks of their outlets.

    ``off``: means of hours that begin off the hour: the device's clock is wrong, and they count as no hours.
    ``doubted``: hours of outlets that were flagged as stopped while they ran (see ``doubted_stops``).
    """

    values: Mapping[tuple[int, str], Mapping[datetime, Value]]
    marked: Mapping[int, Sequence[MarkRow]]
    points: Mapping[int, Point]
    meanings: Marks
    off: Sequence[Value] = ()
    doubted: Doubted = frozenset()

    def readings(self, point: int, stat: str = "avg") -> list[Reading]:
        """One statistic of a point as the pure rooms take it, in order of time."""
        return [self.reading(each) for _at, each in sorted(self.values.get((point, stat), {}).items())]

    def marked_readings(self, point: int, stat: str = "avg") -> list[Reading]:
        """As ``readings``, what is below zero by its mark too: an instrument's zero drifts, and it may hang there."""
        return [self._marked(each) for _at, each in sorted(self.values.get((point, stat), {}).items())]

    def sent(self, point: int, stat: str = "avg") -> list[Reading]:
        """As ``readings``, with the figures that instruments showed: before any was brought to another state."""
        own = self.values.get((point, stat), {})
        return [replace(self.reading(each), value=each.as_sent) for _at, each in sorted(own.items())]

    def shown(self, point: int, stat: str = "avg") -> list[Reading]:
        """As ``sent``, what is below zero by its mark too."""
        own = self.values.get((point, stat), {})
        return [replace(self._marked(each), value=each.as_sent) for _at, each in sorted(own.items())]

    def reading(self, each: Value) -> Reading:
        """A value with the mark that counts: what people or rules marked, else what the device sent.

        A stop that is not believed is a fault, and so is a quantity of an outlet below zero: as of amounts.
        """
        made = self._marked(each)
        is_below = each.value is not None and each.value < 0
        if is_below and made.mark in self.meanings.measured and self._is_quantity(each):
            return replace(made, mark=Mark.FAULT)
        return made

    def _marked(self, each: Value) -> Reading:
        held = self.mark(each.point, each.at)
        mark = self._counted(each.point, each.at, _mark(held.mark) if held else self.meanings.of_flag(each.flag), held)
        place = Evidence(each.segment, each.offset) if (each.segment, each.offset) != (0, 0) else None
        return Reading(at=each.at, value=each.value, mark=mark, evidence=place)

    def mark(self, point: int, at: datetime) -> MarkRow | None:
        """What people or rules marked of a point's hour; None for nothing."""
        outlet = self.points[point].outlet_id or 0
        return holding(self.marked.get(outlet, ()), self.points[point].factor, at)

    def whole(self, point: int, first: datetime, last: datetime, stat: str = "avg") -> list[Reading]:
        """Every hour from ``first`` on, before ``last``: what did not come but was marked bears its mark."""
        told = {each.at: each for each in self.readings(point, stat)}
        found, at = [], first
        while at < last:
            held = self.mark(point, at)
            mark = self._counted(point, at, _mark(held.mark), held) if held else Mark.MISSING
            found.append(told.get(at, Reading(at=at, value=None, mark=mark)))
            at += _HOUR
        return found

    def stops(self, first: datetime, last: datetime) -> dict[int, set[datetime]]:
        """Outlet → hours in a time for which any factor was flagged as stopped by whomever but the authority.

        What the authority marked, or agreed to, is left out, whatever else says that the outlet stood still.
        """
        found: dict[int, set[datetime]] = defaultdict(set)
        flags = {flag for flag, mark in self.meanings.sent.items() if mark in self.meanings.stopped}
        for (point, stat), own in self.values.items():
            if stat == "avg" and is_measured(self.points[point].factor):
                flagged = {
                    at for at, each in own.items()
                    if each.flag in flags and first <= at < last and not _is_settled(self.mark(point, at))
                }  # fmt: skip
                if flagged:
                    found[self.points[point].outlet_id or 0] |= flagged
        for outlet, rows in self.marked.items():
            is_any_settled = any(row.is_settled for row in rows)
            for row in rows:
                if _mark(row.mark) in self.meanings.stopped and not row.is_settled:
                    hours = hours_of(max(first, row.starts_at), min(last, row.ends_at))
                    found[outlet] |= {
                        at for at in hours if not (is_any_settled and _is_settled(holding(rows, row.factor, at)))
                    }  # fmt: skip
        return dict(found)

    def _counted(self, point: int, at: datetime, mark: Mark, held: MarkRow | None) -> Mark:
        """The mark of an hour, a stop that is not believed as a fault."""
        if not self.doubted or _is_settled(held) or mark not in self.meanings.stopped:
            return mark
        return Mark.FAULT if (self.points[point].outlet_id or 0, at) in self.doubted else mark

    def _is_quantity(self, each: Value) -> bool:
        """Whether nothing is below zero of what a value is: a concentration that has amounts, or a flow."""
        point = self.points[each.point]
        is_flow = point.factor in FLOWS.values()
        return (is_flow or has_amount(point.factor)) and point.outlet is not None and point.outlet.kind in set(Media)


def told(
    points: Sequence[Point], first: datetime, last: datetime, meanings: Marks, kind: Kind = Kind.HOUR,
    stats: Sequence[str] = STATS, *, is_as_told: bool = False,
) -> Told:  # fmt: skip
    """Hours (or days) of points; of hours that the device did not tell our own mean of its minutes; NOx of NO and NO2.

    What devices tell of wet gas, or of gas as in the duct, is brought to dry gas at standard state (see ``bringing``).
    1 query and three questions to the store, 2 where there is gas; 5 and six where there is NOx and NO and NO2 beside
    it; 2 and three more where a device tells gas in another state.

    Args:
        is_as_told: our means are left out, but hours in which minutes say that the source stood still are not; and
            nothing is brought to another state.

    Raises:
        StoreDown, StoreRefused: see data.asked.
    """
    own = _dry(points, first, last, meanings, kind, stats, is_as_told=is_as_told)
    if kind is not Kind.HOUR or "avg" not in stats:
        return own
    oxides = parts_of(points)
    if not oxides:
        return _doubting(own, first, last)
    parts = [part for both in oxides.values() for part in both]
    beside = _dry(parts, first, last, meanings, kind, ("avg",), is_as_told=is_as_told)
    found = dict(own.values)
    for number, both in oxides.items():
        known = found.get((number, "avg"), {})
        made = computed_nox(number, both, beside.marked_readings, known, meanings)
        found[number, "avg"] = {
            **{each.at: each for each in made if own.mark(number, each.at) is None}, **known
        }  # fmt: skip
    # A stop that only NO and NO2 told is one of NOx too, and may be as little believed.
    return _doubting(replace(own, values=found), first, last)


def _doubting(own: Told, first: datetime, last: datetime) -> Told:
    """The same with the stops that are not believed."""
    stops = own.stops(first, last)
    if not stops:
        return own
    outlets = {each.outlet_id or 0: each.outlet for each in own.points.values() if each.outlet is not None}

    def told_of(asked: Sequence[Point]) -> Callable[[int], list[Reading]]:
        return _told(asked, first, last, own.meanings, Kind.HOUR, ("avg",), is_as_told=False).readings

    return replace(own, doubted=doubted_stops(outlets, stops, told_of))


def _dry(
    points: Sequence[Point], first: datetime, last: datetime, meanings: Marks, kind: Kind, stats: Sequence[str], *,
    is_as_told: bool,
) -> Told:  # fmt: skip
    """As ``_told``, of dry gas at standard state."""
    own = _told(points, first, last, meanings, kind, stats, is_as_told=is_as_told)
    return own if is_as_told else replace(own, values=_brought(own.values, points, first, last, meanings, kind))


def _brought(
    told_: Mapping[tuple[int, str], Mapping[datetime, Value]], points: Sequence[Point], first: datetime, last: datetime,
    meanings: Marks, kind: Kind,
) -> Mapping[tuple[int, str], Mapping[datetime, Value]]:  # fmt: skip
    outlets = gas_outlets(points)
    spells = sent_spells(outlets) if outlets else {}
    states = state_points(spells)
    if not states and all(each.sent.is_plain for own in spells.values() for each in own):
        return told_
    gas = _told(states, first, last, meanings, kind, ("avg",), is_as_told=False)
    known = meanings.measured | meanings.stopped
    measured = {each.pk: [one for one in gas.readings(each.pk) if one.mark in known] for each in states}
    return brought_values(told_, {each.pk: each for each in points}, spells, measured, states)


def as_dry(
    came: Sequence[Value], points: Sequence[Point], kind: Kind, first: datetime, last: datetime
) -> tuple[Value, ...]:
    """Readings as they came, those of hours and days of gas dry and at standard state. Costs as ``told``."""
    if kind not in (Kind.HOUR, Kind.DAY):
        return tuple(came)
    found: dict[tuple[int, str], dict[datetime, Value]] = defaultdict(dict)
    for each in came:
        found[each.point, each.stat][each.at] = each
    meanings = open_rulebook().monitoring().marks
    made = _brought(found, points, first, last, meanings, kind)
    return tuple(each for _key, own in sorted(made.items()) for each in own.values())


def _told(
    points: Sequence[Point], first: datetime, last: datetime, meanings: Marks, kind: Kind, stats: Sequence[str], *,
    is_as_told: bool,
) -> Told:  # fmt: skip
    by = {each.pk: each for each in points}
    outlets = {each.outlet_id for each in points if each.outlet_id}
    found: dict[tuple[int, str], dict[datetime, Value]] = defaultdict(dict)
    off = []
    for each in values(by.keys(), kind, stats, first, last):
        if kind is Kind.HOUR and not is_on_the_hour(each.at):
            off.append(each)
            continue
        found[each.point, each.stat][each.at] = each
    if kind is Kind.HOUR and "avg" in stats:
        for each in list(own_hours(points, first, last, found)):
            if is_as_told and each.value is not None:
                continue
            found[each.point, each.stat][each.at] = each
    marked: dict[int, list[MarkRow]] = defaultdict(list)
    for row in marking.marks(outlets, first, last):
        marked[row.outlet].append(row)
    return Told(found, marked, by, meanings, tuple(off))


@dataclass(frozen=True, slots=True)
class Owed:
    """When outlets owe their factors: outlet → factor → rows of the register."""

    rows: Mapping[int, Mapping[str, Sequence[FactorDue]]]

    def within(self, point: Point, first: date, last: date, *, rated_only: bool = False) -> bool:
        """Whether the factor is owed on a day from ``first`` to ``last``; any is where no factor was registered, but
        what is no measurement (loads, states of devices).
        """
        own = self.rows.get(point.outlet_id or 0)
        if not own:
            return is_measured(point.factor)
        return any(
            each.starts_on <= last and (each.ends_on is None or first <= each.ends_on)
            and (each.is_rated or not rated_only)
            for each in own.get(point.factor, ())
        )  # fmt: skip

    def on(self, point: Point, day: date, *, rated_only: bool = False) -> bool:
        return self.within(point, day, day, rated_only=rated_only)


def owed(outlets: Iterable[int]) -> Owed:
    """Of outlets. 1 query."""
    rows: dict[int, dict[str, list[FactorDue]]] = defaultdict(lambda: defaultdict(list))
    for each in FactorDue.objects.filter(outlet__in=list(outlets)).order_by("starts_on", "pk"):
        rows[each.outlet_id][each.factor].append(each)
    return Owed(rows)


def points_of(
    outlets: Sequence[Outlet], *, rated_only: bool = False, first: date = date.min, last: date = date.max
) -> list[Point]:
    """Points of outlets, of the factors that are due (and rated) where those are registered, else of all. 2 queries.

    Args:
        first, last: due on a day of these; all days where none are told.
    """
    numbers = [each.pk for each in outlets]
    due = owed(numbers)
    rows = Point.objects.select_related("outlet").filter(outlet__in=numbers).order_by("outlet", "factor")
    return [row for row in rows if due.within(row, first, last, rated_only=rated_only)]


def total(values_: Sequence[Decimal | None]) -> Decimal | None:
    """The sum of what came; None where nothing did."""
    sound = [each for each in values_ if each is not None]
    return sum(sound, Decimal(0)) if sound else None


def _is_settled(held: MarkRow | None) -> bool:
    return held is not None and held.is_settled


def _mark(letters: str) -> Mark:
    return next((each for each in Mark if each == letters), Mark.FAULT)
