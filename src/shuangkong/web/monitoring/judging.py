"""判定: what the rules find in what was measured lately, as alarms; what timers call for in open cases.

Run again and again: what is found again is brought up to date, what no longer holds is eased, nothing is doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.exceedance import episodes
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.impossible import contradictions
from shuangkong.monitoring.alarms.life import State
from shuangkong.monitoring.alarms.oddities import jumps, least_change, out_of_range, stuck
from shuangkong.monitoring.alarms.silence import silences
from shuangkong.monitoring.alarms.timers import due, explain_by
from shuangkong.monitoring.flue_gas.point import converted, mean
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.limits.choice import Chosen, chosen
from shuangkong.monitoring.limits.limit import Basis, Limit
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import Media, Reading, Span
from shuangkong.monitoring.validity.marking import is_judged, rules_for
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.alarms import AlarmRow, Raised
from shuangkong.records.monitoring.limits import discharge_of, limits_of
from shuangkong.records.monitoring.models import FactorDue, Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.flows import OXYGEN
from shuangkong.web.monitoring.hours import Told, points_of, told
from shuangkong.web.monitoring.live import outlets
from shuangkong.web.monitoring.report import reference_of
from shuangkong.web.monitoring.views.outlet import midnight

_HOUR = timedelta(hours=1)
#: How far back a run looks, and the furthest that an open alarm makes it look.
BACK, FURTHEST = timedelta(days=3), timedelta(days=60)
_SPANS = {Span.HOUR: "hour", Span.DAY: "day", Span.MINUTE: "minute"}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run did."""

    outlets: int
    new: int
    moved: int


@dataclass(frozen=True, slots=True)
class _Case:
    """One outlet in a run: its points by factor, its hours, the law of its place."""

    outlet: Outlet
    points: dict[str, Point]
    held: Told
    law: MonitoringLaw
    start: datetime
    end: datetime

    def hours(self, factor: str, stat: str = "avg") -> list[Reading]:
        return self.held.readings(self.points[factor].pk, stat)


def judge(back: timedelta = BACK) -> Judged:
    """Every outlet in use. Raises StoreDown, StoreRefused: nothing is eased for want of a store."""
    now = timezone.localtime()
    end = now.replace(minute=0, second=0, microsecond=0)
    found = [each for each in outlets(Q()) if each.kind in set(Media)]
    new = moved = 0
    for outlet in found:
        known = alarms.alarms(Q(outlet=outlet.pk) & (Q(ends_at=None) | Q(ends_at__gte=end - back)))
        open_since = min((each.starts_at for each in known if each.ends_at is None), default=end)
        start = max(min(end - back, open_since - _HOUR), end - FURTHEST)
        case = _case(outlet, midnight(timezone.localtime(start).date()), end)
        raised = list({each.key: each for each in (_raised(case, each, known) for each in _episodes(case))}.values())
        new += len(alarms.raise_alarms(raised))
        _ease(known, {each.key for each in raised}, end)
        moved += _timers(case)
    return Judged(len(found), new, moved)


def _case(outlet: Outlet, start: datetime, end: datetime) -> _Case:
    book = open_rulebook()
    law = book.monitoring(book.layer_of(outlet.region_id, end.date()))
    start = max(start, midnight(outlet.starts_on))
    points = points_of([outlet])
    held = told(points, start, end, law.marks, stats=("avg", "zs_avg"))
    return _Case(outlet, {each.factor: each for each in points}, held, law, start, end)


def _episodes(case: _Case) -> Iterator[Episode]:
    """All that rules find at an outlet. 3 queries."""
    thresholds = case.law.thresholds(case.end.date())
    discharge, limits = discharge_of(case.outlet, case.end.date()), limits_of(case.outlet)
    ranges = {
        each.factor: (each.low, each.high, each.starts_on) for each in FactorDue.objects.filter(outlet=case.outlet)
    }
    measured = case.law.marks.measured
    for factor in case.points:
        hours = case.hours(factor)
        for span, basis, means in _series(case, factor, hours):

            def holds(at: datetime, span: Span = span, basis: Basis = basis, factor: str = factor) -> Chosen | None:
                return chosen(limits, factor, span, discharge, at.date()).get(basis)

            if any(each.factor == factor for each in limits):
                yield from episodes(means, factor, span, holds, lambda each: _judges(case, each), thresholds.episode)
        low, high, since = ranges.get(factor, (None, None, case.outlet.starts_on))
        yield from silences(
            hours, factor, max(case.start, midnight(since)), case.end, _excuse(case, factor), thresholds.silent_hours
        )
        yield from stuck(hours, factor, thresholds.stuck_hours, lambda each: each.mark in measured)
        change = least_change(low, high, thresholds.jump_share_pct)
        yield from jumps(hours, factor, thresholds.jump_multiple, change, lambda each: each.mark in measured)
        yield from out_of_range(hours, factor, low, high)
    lost = frozenset(mark.value for mark in case.law.marks.counting(Counts.LOST))
    for condition in case.law.conditions:
        if condition.media == case.outlet.kind and condition.ground.validity.holds_on(case.end.date()):
            yield from contradictions({factor: case.hours(factor) for factor in case.points}, condition, lost)


def _series(case: _Case, factor: str, hours: list[Reading]) -> Iterator[tuple[Span, Basis, list[Reading]]]:
    """Hours and our own days, measured and at reference oxygen: the device's conversion where it told one."""
    yield Span.HOUR, Basis.MEASURED, hours
    yield Span.DAY, Basis.MEASURED, _days(case, hours)
    reference = reference_of(case.outlet, case.end.date())
    if reference is None:
        return
    device = {each.at: each for each in case.hours(factor, "zs_avg")}
    oxygen = {each.at: each.value for each in case.hours(OXYGEN)} if OXYGEN in case.points else {}
    own = [
        device.get(each.at) or Reading(at=each.at, value=converted(each.value, oxygen.get(each.at), reference),
                                       mark=each.mark, evidence=each.evidence)
        for each in hours
    ]  # fmt: skip
    yield Span.HOUR, Basis.CONVERTED, own
    yield Span.DAY, Basis.CONVERTED, _days(case, own)


def _days(case: _Case, hours: Sequence[Reading]) -> list[Reading]:
    """Means of the days that are over and have enough valid hours: judged though the device sends no day."""
    days: dict[datetime, list[Reading]] = {}
    for each in hours:
        if each.value is not None and each.mark in case.law.marks.judged:
            days.setdefault(midnight(each.at.date()), []).append(each)
    made = []
    for day, own in sorted(days.items()):
        rule = case.law.validity[Media(case.outlet.kind)].on(Span.DAY, day.date())
        least = rule.least if rule is not None and rule.least is not None else 24
        if day + timedelta(days=1) <= case.end and len(own) >= least:
            made.append(Reading(at=day, value=mean(each.value for each in own), evidence=own[0].evidence))
    return made


def _judges(case: _Case, each: Reading) -> bool:
    industry = case.outlet.industry or (case.outlet.enterprise.industry if case.outlet.enterprise else "")
    rules = rules_for(case.law.marking, industry, each.at.date())
    is_ruled = any(row.starts_at <= each.at < row.ends_at for row in case.held.marked.get(case.outlet.pk, ()))
    return is_judged(each.mark, case.law.marks.judged, rules, is_ruled=is_ruled)


def _excuse(case: _Case, factor: str) -> Callable[[datetime], bool]:
    """Whether nothing is due in an hour: marked as stopped or lost by somebody."""
    point = case.points[factor].pk

    def is_excused(at: datetime) -> bool:
        return case.held.mark(point, at) is not None

    return is_excused


def _raised(case: _Case, found: Episode, known: Sequence[AlarmRow]) -> Raised:
    """As the register takes it; one that began before what was looked at is the one that is known already."""
    own = f"{case.outlet.pk}/{found.key}"
    before = _known(case, own.removesuffix(found.starts_at.isoformat()), found, known)
    is_cut = found.starts_at <= case.start
    # What began before the time that is looked at keeps its begin.
    starts = min(before.starts_at, found.starts_at) if before and is_cut else found.starts_at
    key = before.key if before else own
    place = found.evidence[0] if found.evidence else None
    limit, words = found.limit, found.words
    if limit is not None and not limit.ground.is_verified:
        words = Message(
            f"{words.zh}（限值尚未与文件核对）", f"{words.en} (the limit was not compared with its document)"
        )
    standing = alarms.first_standing(timezone.now())
    return Raised(
        outlet=case.outlet.pk, rule=found.kind.value, key=key[:120], starts_at=starts, factor=found.factor,
        period=_SPANS[found.span], ends_at=found.ends_at, peak=found.peak, limit=_bound(limit, found),
        unit=limit.unit if limit else "", multiple=found.multiple, text=words,
        due_at=explain_by(standing, case.law.timers), segment=place.segment if place else None,
        offset=place.offset if place else None,
    )  # fmt: skip


def _known(case: _Case, prefix: str, found: Episode, known: Sequence[AlarmRow]) -> AlarmRow | None:
    """The alarm that this is already: of the same sort, and at the same time. Late data may have moved its edges."""
    last = found.ends_at or case.end
    overlapping = (
        each
        for each in known
        if each.key.startswith(prefix) and each.starts_at <= last and (each.ends_at or case.end) >= found.starts_at
    )
    return next(overlapping, None)


def _bound(limit: Limit | None, found: Episode) -> Decimal | None:
    """The bound that was exceeded."""
    if limit is None:
        return None
    is_above = limit.most is not None and found.peak is not None and found.peak > limit.most
    return limit.most if is_above else limit.least


def _ease(known: Iterable[AlarmRow], found: set[str], end: datetime) -> None:
    """What is open and was not found any more is over: data came, or hours were marked."""
    for each in known:
        if each.ends_at is None and each.key not in found:
            alarms.ease(each.id, end, Message("按补到的数据和标记，已不再成立", "No longer so, by late data and marks"))


def _timers(case: _Case) -> int:
    """What timers call for in the open cases of an outlet; how many steps were taken."""
    moved, now = 0, timezone.now()
    for row in alarms.alarms(Q(outlet=case.outlet.pk) & ~Q(state=State.CLOSED)):
        standing = alarms.standing_of(row.id)
        found = due(standing, case.law.timers, now, _clean(case, row)) if standing else None
        if found is not None:
            words = f"{found.timer.ground.clause.words.zh}"
            moved += alarms.step_by_rule(row.id, found.act, words)
    return moved


def _clean(case: _Case, row: AlarmRow) -> int:
    """Consecutive valid hours in order since it ended."""
    if row.ends_at is None or row.factor not in case.points or row.rule != Kind.EXCEEDANCE:
        return 0
    after = [each for each in case.hours(row.factor) if each.at >= row.ends_at]
    return sum(each.value is not None and each.mark in case.law.marks.measured for each in after)
