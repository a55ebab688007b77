"""判定一个排放口: what the rules find in what it sent: readings against limits and habits, clocks against ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from shuangkong.monitoring.alarms.book import Thresholds
from shuangkong.monitoring.alarms.drift import Clock, drifts, off_hours
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.alarms.grouping import outlet_silences, together
from shuangkong.monitoring.alarms.impossible import contradictions
from shuangkong.monitoring.alarms.oddities import jumps, least_change, out_of_range, stuck
from shuangkong.monitoring.alarms.quantities import Emitted, over_amount
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.limits.choice import chosen
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import Evidence, Media, Reading, ends_of
from shuangkong.monitoring.wire_codes import STOPPED
from shuangkong.records.monitoring.arrivals import ClockRow
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.ranges import range_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import factor_unit, factor_word
from shuangkong.web.monitoring.computed_flow import VELOCITY
from shuangkong.web.monitoring.doubted_stops import flagged
from shuangkong.web.monitoring.evaluating import RIVER
from shuangkong.web.monitoring.flows import FLOWS
from shuangkong.web.monitoring.hours import Owed, Told
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One outlet in a run: its points by factor, its hours and days, its devices' clocks, the law of its place.

    ``due``: what it owes; ``limits`` of all days, ``discharge_on``: what has to be known of it to choose among them on
    a day; ``is_over``: it was in use no longer than ``end``; ``emitted``: its amounts by factor, of those with a
    permitted one; ``beside``: points of what it does not owe, that combinations look at (load, treatment devices).
    """

    outlet: Outlet
    points: dict[str, Point]
    held: Told
    days: Told
    clocks: Sequence[ClockRow]
    due: Owed
    limits: Sequence[Limit]
    discharge_on: Callable[[date], Discharge]
    law: MonitoringLaw
    start: datetime
    end: datetime
    is_over: bool = False
    emitted: Mapping[str, Sequence[Emitted]] = field(default_factory=dict)
    beside: Mapping[str, Point] = field(default_factory=dict)

    def hours(self, factor: str, stat: str = "avg") -> list[Reading]:
        point = self.points[factor] if factor in self.points else self.beside[factor]
        return [each for each in self.held.readings(point.pk, stat) if each.at < self.end]

    def as_flagged(self, factors: Iterable[str]) -> dict[str, list[Reading]]:
        """Hours of factors with stops as they were flagged, believed or not, and where there were any."""
        plain = replace(self, held=replace(self.held, doubted=frozenset()))
        stops = self.held.stops(self.start, self.end).get(self.outlet.pk, set())
        return {factor: plain.hours(factor) for factor in factors} | {STOPPED: flagged(stops)}

    def shown(self, factor: str) -> list[Reading]:
        """As instruments showed them: what was brought to another state as it was before; below zero by its mark."""
        return [each for each in self.held.shown(self.points[factor].pk) if each.at < self.end]


def episodes_of(case: Case) -> Iterator[Episode]:
    """What rules find at an outlet or a station, limits of concentrations apart (see ``limited``).

    A station is asked for the factors only that it owes by the register. What it measures leaps by nature.
    """
    thresholds = case.law.thresholds(case.end.date())
    due_rows = case.due
    own_rows = due_rows.rows.get(case.outlet.pk, {})
    # Of the rows of a factor, which are in order of time, the last is what is expected of it now.
    book = open_rulebook()
    ranges = {factor: (*range_of(rows[-1], book), rows[0].starts_on) for factor, rows in own_rows.items()}
    unknown = (None, None, case.outlet.starts_on)
    measured = case.law.marks.measured
    yield from _over_amounts(case)
    is_station, is_section = case.outlet.kind not in set(Media), case.outlet.kind == RIVER
    points = {factor: point for factor, point in case.points.items() if factor in own_rows or not is_station}
    hours = {factor: case.shown(factor) for factor in points}
    due = {factor: max(case.start, midnight(ranges.get(factor, unknown)[2])) for factor in points}
    # What came off the hour is no hour of the report, but the line is not silent.
    came = {
        factor: [*own, *(_on_the_hour(case.held.reading(each)) for each in case.held.off if each.point == point.pk)]
        for (factor, own), point in zip(hours.items(), points.values(), strict=True)
        if due_rows.within(point, case.start.date(), case.end.date())
    }
    silent = thresholds.section_silent_hours if is_section else thresholds.silent_hours
    yield from outlet_silences(came, due, case.end, partial(_is_excused, case, due_rows), silent)
    apart = silent if is_section else 1
    yield from together(
        (
            each
            for factor, own in hours.items()
            for each in stuck(own, factor, thresholds.stuck_hours, lambda one: one.mark in measured, apart)
        ),
        factor_word,
    )
    still = _still(case, hours).__contains__
    for factor, own in hours.items():
        low, high, _since = ranges.get(factor, unknown)
        change = least_change(low, high, thresholds.jump_share_pct)
        if not is_station:
            yield from jumps(own, factor, thresholds.jump_multiple, change, lambda one: one.mark in measured, still)
        yield from out_of_range(own, factor, low, high, unit=factor_unit(factor))
    lost = frozenset(mark.value for mark in case.law.marks.counting(Counts.LOST))
    together_with = case.as_flagged([*points, *case.beside])
    for condition in case.law.conditions:
        if condition.media == case.outlet.kind and condition.ground.validity.holds_on(case.end.date()):
            yield from contradictions(together_with, condition, lost)
    yield from _clocks(case, thresholds)


def _still(case: Case, hours: Mapping[str, Sequence[Reading]]) -> frozenset[datetime]:
    """Hours in which nothing flowed through an outlet, by its flow or the velocity of its gas."""
    if case.outlet.kind not in set(Media):
        return frozenset()
    told = (*hours.get(FLOWS[Media(case.outlet.kind)], ()), *hours.get(VELOCITY, ()))
    return frozenset(each.at for each in told if each.value == 0)


def _over_amounts(case: Case) -> Iterator[Episode]:
    """Months and years of which more came out than is permitted on the last day that is known of them."""
    for factor, amounts in case.emitted.items():
        for each in amounts:
            day = each.through
            held = chosen(case.limits, factor, each.span, case.discharge_on(day), day).get(Basis.MEASURED)
            if held is None or held.upper is None:
                continue
            ends_at = midnight(ends_of(each.span, each.starts) + _DAY)
            found = over_amount(factor, each, held.upper, midnight(each.starts), ends_at)
            if found is not None:
                yield found


def _clocks(case: Case, thresholds: Thresholds) -> Iterator[Episode]:
    devices: dict[str, list[Clock]] = {}
    for each in case.clocks:
        gap, low, high = (timedelta(seconds=number) for number in (each.gap_s, each.low_s, each.high_s))
        clock = Clock(each.hour, each.count, gap, low, high, Evidence(each.segment, each.offset))
        devices.setdefault(each.mn, []).append(clock)
    for mn, own in devices.items():
        yield from drifts(own, mn, thresholds.clock_drift, thresholds.clock_frames)
    whole = [each for factor in case.points for each in case.hours(factor)]
    every = [*whole, *(case.held.reading(each) for each in case.held.off)]
    yield from off_hours(every, thresholds.right_hours)


def _on_the_hour(each: Reading) -> Reading:
    return Reading(at=each.at.replace(minute=0, second=0), value=each.value, mark=each.mark)


def _is_excused(case: Case, due: Owed, factor: str, at: datetime) -> bool:
    """Whether nothing is due in an hour: not owed on its day, or marked as stopped or lost by somebody."""
    point = case.points[factor]
    return not due.on(point, at.date()) or case.held.mark(point.pk, at) is not None
