"""判定一个排放口: what the rules find in what it sent: readings against limits and habits, clocks against ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from shuangkong.monitoring.alarms.drift import Clock, drifts, off_hours
from shuangkong.monitoring.alarms.exceedance import episodes
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.alarms.grouping import outlet_silences, together
from shuangkong.monitoring.alarms.impossible import contradictions
from shuangkong.monitoring.alarms.oddities import jumps, least_change, out_of_range, stuck
from shuangkong.monitoring.flue_gas.point import converted, mean
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.limits.choice import Chosen, chosen
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import HOURS_A_DAY, Evidence, Media, Reading, Span
from shuangkong.monitoring.validity.marking import is_judged, rules_for
from shuangkong.records.monitoring.arrivals import ClockRow
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.converting import unconverted
from shuangkong.web.monitoring.flows import OXYGEN
from shuangkong.web.monitoring.hours import Owed, Told
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Case:
    """One outlet in a run: its points by factor, its hours and days, its devices' clocks, the law of its place.

    ``due``: what it owes; ``limits`` of all days, ``discharge`` to choose among them and ``reference_o2_pct`` of the
    day on which it ends.
    """

    outlet: Outlet
    points: dict[str, Point]
    held: Told
    days: Told
    clocks: Sequence[ClockRow]
    due: Owed
    limits: Sequence[Limit]
    discharge: Discharge
    reference_o2_pct: Decimal | None
    law: MonitoringLaw
    start: datetime
    end: datetime

    def hours(self, factor: str, stat: str = "avg") -> list[Reading]:
        return self.held.readings(self.points[factor].pk, stat)


def episodes_of(case: Case) -> Iterator[Episode]:
    """All that rules find at an outlet."""
    thresholds = case.law.thresholds(case.end.date())
    due_rows = case.due
    own_rows = due_rows.rows.get(case.outlet.pk, {})
    # Of the rows of a factor, which are in order of time, the last is what is expected of it now.
    ranges = {factor: (rows[-1].low, rows[-1].high, rows[0].starts_on) for factor, rows in own_rows.items()}
    unknown = (None, None, case.outlet.starts_on)
    measured = case.law.marks.measured
    yield from _exceedances(case)
    hours = {factor: case.hours(factor) for factor in case.points}
    due = {factor: max(case.start, midnight(ranges.get(factor, unknown)[2])) for factor in case.points}
    # What came off the hour is no hour of the report, but the line is not silent.
    came = {
        factor: [*own, *(_on_the_hour(case.held.reading(each)) for each in case.held.off if each.point == point.pk)]
        for (factor, own), point in zip(hours.items(), case.points.values(), strict=True)
        if due_rows.within(point, case.start.date(), case.end.date())
    }
    yield from outlet_silences(came, due, case.end, partial(_is_excused, case, due_rows), thresholds.silent_hours)
    yield from together(
        (
            each
            for factor, own in hours.items()
            for each in stuck(own, factor, thresholds.stuck_hours, lambda one: one.mark in measured)
        ),
        factor_word,
    )
    for factor, own in hours.items():
        low, high, _since = ranges.get(factor, unknown)
        change = least_change(low, high, thresholds.jump_share_pct)
        yield from jumps(own, factor, thresholds.jump_multiple, change, lambda one: one.mark in measured)
        yield from out_of_range(own, factor, low, high)
    lost = frozenset(mark.value for mark in case.law.marks.counting(Counts.LOST))
    for condition in case.law.conditions:
        if condition.media == case.outlet.kind and condition.ground.validity.holds_on(case.end.date()):
            yield from contradictions(hours, condition, lost)
    yield from _clocks(case, thresholds.clock_drift)


def _clocks(case: Case, most: timedelta) -> Iterator[Episode]:
    devices: dict[str, list[Clock]] = {}
    for each in case.clocks:
        gap, low, high = (timedelta(seconds=number) for number in (each.gap_s, each.low_s, each.high_s))
        clock = Clock(each.hour, each.count, gap, low, high, Evidence(each.segment, each.offset))
        devices.setdefault(each.mn, []).append(clock)
    for mn, own in devices.items():
        yield from drifts(own, mn, most)
    whole = [each for factor in case.points for each in case.hours(factor)]
    yield from off_hours([*whole, *(case.held.reading(each) for each in case.held.off)])


def _on_the_hour(each: Reading) -> Reading:
    return Reading(at=each.at.replace(minute=0, second=0), value=each.value, mark=each.mark)


def _exceedances(case: Case) -> Iterator[Episode]:
    thresholds = case.law.thresholds(case.end.date())
    discharge, limits = case.discharge, case.limits
    limited = {each.factor for each in limits}
    for factor in case.points:
        if factor not in limited:
            continue
        for span, basis, means in _series(case, factor, case.hours(factor)):

            def holds(at: datetime, span: Span = span, basis: Basis = basis, factor: str = factor) -> Chosen | None:
                return chosen(limits, factor, span, discharge, at.date()).get(basis)

            yield from episodes(means, factor, span, holds, partial(_judges, case), thresholds.episode)


def _series(case: Case, factor: str, hours: list[Reading]) -> Iterator[tuple[Span, Basis, list[Reading]]]:
    """Hours and days, measured and at reference oxygen: the device's conversion where it told one."""
    yield Span.HOUR, Basis.MEASURED, hours
    yield Span.DAY, Basis.MEASURED, _days(case, factor, hours, "avg")
    reference = case.reference_o2_pct
    if reference is None:
        return
    device = {each.at: each for each in case.hours(factor, "zs_avg")}
    lost = case.law.marks.counting(Counts.LOST)
    oxygen = (
        {each.at: each.value for each in case.hours(OXYGEN) if each.mark not in lost} if OXYGEN in case.points else {}
    )
    dropped = unconverted(_told_of_gas(case), case.law)
    own = []
    for each in hours:
        value = None if each.at in dropped else converted(each.value, oxygen.get(each.at), reference)
        told_by = None if each.at in dropped else device.get(each.at)
        own.append(told_by or Reading(at=each.at, value=value, mark=each.mark, evidence=each.evidence))
    yield Span.HOUR, Basis.CONVERTED, own
    yield Span.DAY, Basis.CONVERTED, _days(case, factor, own, "zs_avg", dropped)


def _told_of_gas(case: Case) -> dict[str, list[Reading]]:
    """The hours of each factor; of oxygen also those of which nothing came, for the marks on them."""
    told = {code: case.hours(code) for code in case.points}
    if OXYGEN in told:
        told[OXYGEN] = case.held.whole(case.points[OXYGEN].pk, case.start, case.end)
    return told


def _days(
    case: Case, factor: str, hours: Sequence[Reading], stat: str, dropped: frozenset[datetime] = frozenset()
) -> list[Reading]:
    """Means of the days that are over: the device's where it told one and nobody marked an hour since, else ours.

    Nor is it the device's where an hour was ``dropped``, which its mean holds. Ours is of the days that have enough
    valid hours: they are judged though the device sends no day.
    """
    point = case.points[factor].pk
    told_by = {midnight(each.at.date()): each for each in case.days.readings(point, stat)}
    days: dict[datetime, list[Reading]] = {}
    for each in hours:
        if each.value is not None and each.mark in case.law.marks.judged:
            days.setdefault(midnight(each.at.date()), []).append(each)
    made = []
    for day in sorted({*days, *told_by}):
        if day + _DAY > case.end:
            continue
        own = days.get(day, [])
        rule = case.law.validity[Media(case.outlet.kind)].on(Span.DAY, day.date())
        least = rule.least if rule is not None and rule.least is not None else HOURS_A_DAY
        ours = Reading(at=day, value=mean(each.value for each in own), evidence=own[0].evidence) if own else None
        device = told_by.get(day)
        is_marked = any(case.held.mark(point, each.at) is not None for each in hours if day <= each.at < day + _DAY)
        is_dropped = any(day <= at < day + _DAY for at in dropped)
        if device is not None and device.value is not None and not is_marked and not is_dropped:
            made.append(device)
        elif ours is not None and len(own) >= least:
            made.append(ours)
    return made


def _judges(case: Case, each: Reading) -> bool:
    industry = case.outlet.industry or (case.outlet.enterprise.industry if case.outlet.enterprise else "")
    rules = rules_for(case.law.marking, industry, each.at.date())
    is_ruled = any(row.starts_at <= each.at < row.ends_at for row in case.held.marked.get(case.outlet.pk, ()))
    return is_judged(each.mark, case.law.marks.judged, rules, is_ruled=is_ruled)


def _is_excused(case: Case, due: Owed, factor: str, at: datetime) -> bool:
    """Whether nothing is due in an hour: not owed on its day, or marked as stopped or lost by somebody."""
    point = case.points[factor]
    return not due.on(point, at.date()) or case.held.mark(point.pk, at) is not None
