"""对照限值: the hours and days of an outlet held against what counted for it on their own days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, partial

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.comparison import compared, own_day_judged
from shuangkong.monitoring.alarms.exceedance import EpisodeRule, episodes
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.flue_gas.point import AIR_O2_PCT, converted, mean
from shuangkong.monitoring.limits.choice import Chosen, chosen, reference_on
from shuangkong.monitoring.limits.limit import Basis
from shuangkong.monitoring.mark import Counts
from shuangkong.monitoring.reading import HOURS_A_DAY, Media, Reading, Span, hours_of
from shuangkong.monitoring.validity.marking import is_judged, rules_for
from shuangkong.monitoring.validity.verdict import Tally, is_enough
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.converting import unconverted
from shuangkong.web.monitoring.episodes import Case
from shuangkong.web.monitoring.flows import FLOWS, OXYGEN, has_amount
from shuangkong.web.monitoring.partly_air import decides, partly_air, with_doubt
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)
#: A weighed mean has no end of decimals; so many are judged and told.
_KEPT = Decimal("0.000001")

type Counting = Callable[[date], Mapping[Basis, Chosen]]


def exceedances(case: Case) -> Iterator[Episode]:
    """Of each factor its hours and its days, as measured and at the oxygen that the limit refers to."""
    rule = case.law.thresholds(case.end.date()).episode
    limited = {each.factor for each in case.limits} if case.outlet.kind in set(Media) else set[str]()
    dropped = unconverted(_told_of_gas(case), case.law) if case.outlet.kind == Media.GAS else frozenset[datetime]()
    for factor in case.points:
        if factor not in limited:
            continue
        hours = case.hours(factor)
        for span in (Span.HOUR, Span.DAY):
            found = partial(_found, case, factor, span, hours, rule)
            yield from _beside_air(case, list(found(dropped)), dropped, found)


type Basic = tuple[Basis, Episode]


def _found(
    case: Case, factor: str, span: Span, hours: list[Reading], rule: EpisodeRule, dropped: frozenset[datetime]
) -> Iterator[Basic]:
    counting = _counting(case, factor, span)
    for basis, means in _series(case, factor, span, hours, counting, dropped):

        def holds(at: datetime, basis: Basis = basis) -> Chosen | None:
            return counting(at.date()).get(basis)

        for each in episodes(means, factor, span, holds, partial(_judges, case), rule):
            yield basis, _with_whose(case, basis, each, means) if span is Span.DAY else each


def _with_whose(case: Case, basis: Basis, found: Episode, means: Sequence[Reading]) -> Episode:
    """An exceedance of days that says of which the device told no mean, so that ours was judged."""
    stat = "avg" if basis is Basis.MEASURED else "zs_avg"
    told = {each.at for each in case.days.readings(case.points[found.factor].pk, stat)}
    ends = found.ends_at or case.end
    for each in means:
        if found.starts_at <= each.at < ends and each.at not in told:
            place = f"{case.outlet.name} {factor_word(found.factor)}"
            ours = compared(None, each.value, Decimal(0))
            said = own_day_judged(case.law.checks, place, f"{each.at:%m-%d}", ours)
            if said is not None:
                zh, en = (f"{one}；{other}" for one, other in zip((found.words.zh, found.words.en),
                          (said.message.zh, said.message.en), strict=True))  # fmt: skip
                return replace(found, words=Message(zh, en))
    return found


def _beside_air(
    case: Case, found: Sequence[Basic], dropped: frozenset[datetime],
    again: Callable[[frozenset[datetime]], Iterator[Basic]],
) -> Iterator[Episode]:  # fmt: skip
    """Exceedances with what their minutes say of the oxygen: hours that were partly air are dropped where policy may
    decide so, else said to be doubtful. A question to the store for each factor that exceeds converted.
    """
    converted_ = [each for basis, each in found if basis is Basis.CONVERTED]
    oxygen = case.points.get(OXYGEN)
    if not converted_ or oxygen is None:
        yield from (each for _basis, each in found)
        return
    hours = {at for each in converted_ for at in hours_of(each.starts_at, each.ends_at or case.end)} - dropped
    shares = partly_air(oxygen.pk, hours, case.law, case.held.values.get((oxygen.pk, "avg")))
    left_out = frozenset(at for at in shares if decides(case.law, at))
    shares = {at: share for at, share in shares.items() if at not in left_out}
    if left_out:
        found = list(again(dropped | left_out))
    for basis, each in found:
        yield with_doubt(each, shares, case.end) if basis is Basis.CONVERTED else each


def _counting(case: Case, factor: str, span: Span) -> Counting:
    """Which limits counted on a day."""

    @cache
    def counting(day: date) -> Mapping[Basis, Chosen]:
        return chosen(case.limits, factor, span, case.discharge_on(day), day)

    return counting


def _series(
    case: Case, factor: str, span: Span, hours: list[Reading], counting: Counting, dropped: frozenset[datetime]
) -> Iterator[tuple[Basis, list[Reading]]]:
    """Measured, and of gas at reference oxygen."""
    yield Basis.MEASURED, hours if span is Span.HOUR else _days(case, factor, hours, "avg")
    if case.outlet.kind != Media.GAS:
        return
    scale = _scaling(case, factor, counting)
    own = _converted(case, factor, hours, scale, dropped)
    days = partial(_days, case, factor, own, "zs_avg", dropped, lambda day: scale(day)[1])
    yield Basis.CONVERTED, own if span is Span.HOUR else days()


type Scaling = Callable[[date], tuple[Decimal | None, Decimal]]


def _scaling(case: Case, factor: str, counting: Counting) -> Scaling:
    """Day → the oxygen that the limit in force refers to; and by what a conversion of the device becomes one at it.

    A device converts to what holds at its outlet; a limit may refer to another. Where nothing is said of one of them
    the oxygen is None or the device's figure stands.
    """

    @cache
    def scaling(day: date) -> tuple[Decimal | None, Decimal]:
        found = counting(day).get(Basis.CONVERTED)
        wanted = next((each.reference_o2_pct for each in found.limits), None) if found else None
        told = reference_on(case.limits, factor, case.discharge_on(day), day)
        if wanted is None or told is None:
            return wanted, Decimal(1)
        return wanted, (AIR_O2_PCT - wanted) / (AIR_O2_PCT - told)

    return scaling


def _converted(
    case: Case, factor: str, hours: Sequence[Reading], scale: Scaling, dropped: frozenset[datetime]
) -> list[Reading]:
    """Hours at the oxygen of the limit of their day: the device's conversion where it told one, else ours."""
    device = {each.at: each for each in case.hours(factor, "zs_avg")}
    lost = case.law.marks.counting(Counts.LOST)
    oxygen = (
        {each.at: each.value for each in case.hours(OXYGEN) if each.mark not in lost} if OXYGEN in case.points else {}
    )
    made = []
    for each in hours:
        reference, by = scale(each.at.date())
        told = device.get(each.at)
        if each.at in dropped:
            made.append(_of(each, None))
        elif told is not None:
            made.append(_of(told, None if told.value is None else told.value * by))
        else:
            value = None if reference is None else converted(each.value, oxygen.get(each.at), reference)
            made.append(_of(each, value))
    return made


def _of(each: Reading, value: Decimal | None) -> Reading:
    return Reading(at=each.at, value=value, mark=each.mark, evidence=each.evidence)


def _told_of_gas(case: Case) -> dict[str, list[Reading]]:
    """The hours of each factor; of oxygen also those of which nothing came, for the marks on them."""
    told = {code: case.hours(code) for code in case.points}
    if OXYGEN in told:
        told[OXYGEN] = case.held.whole(case.points[OXYGEN].pk, case.start, case.end)
    return told


def _days(
    case: Case, factor: str, hours: Sequence[Reading], stat: str, dropped: frozenset[datetime] = frozenset(),
    by: Callable[[date], Decimal] = lambda _day: Decimal(1),
) -> list[Reading]:  # fmt: skip
    """Means of the days that are over: the device's where that is judged and no hour was marked since, else ours.

    Nor is it the device's where an hour was ``dropped``, which its mean holds, nor where the device itself calls the
    day lost: of water one abnormal minute makes it so (HJ 212 annex C). Ours is of the hours that are judged, where
    they are enough by the rule of validity, the hours of a standstill apart.

    Args:
        by: see ``_scaling``: what makes the device's day one at the oxygen of the limit.
    """
    point = case.points[factor].pk
    told_by = {each.at.date(): each for each in case.days.readings(point, stat) if each.value is not None}
    days = _by_day(case.held.whole(point, case.start, case.end))
    own = _by_day(each for each in hours if each.value is not None and _judges(case, each))
    dropped_on, flows = {at.date() for at in dropped}, _flows(case, factor)
    made = []
    for day in sorted({*own, *told_by}):
        if midnight(day) + _DAY > case.end:
            continue
        device = told_by.get(day)
        is_marked = any(case.held.mark(point, each.at) is not None for each in days.get(day, ()))
        if device is not None and _judges(case, device) and not is_marked and day not in dropped_on:
            made.append(_of(device, (device.value or Decimal(0)) * by(day)))
        elif (ours := _own_day(case, own.get(day, []), days.get(day, []), flows)) is not None:
            made.append(ours)
    return made


def _by_day(readings: Iterable[Reading]) -> dict[date, list[Reading]]:
    days: dict[date, list[Reading]] = defaultdict(list)
    for each in readings:
        days[each.at.date()].append(each)
    return dict(days)


def _own_day(
    case: Case, own: Sequence[Reading], whole: Sequence[Reading], flows: Mapping[datetime, Decimal]
) -> Reading | None:
    """Our mean of a day of hours that are judged; None where these are too few, or nothing flowed with them.

    By flow where that is known of enough of the hours, else plain.
    """
    day = midnight(own[0].at.date()) if own else case.start
    stopped = sum(each.mark in case.law.marks.stopped for each in whole)
    rule = case.law.validity[Media(case.outlet.kind)].on(Span.DAY, day.date())

    def are_enough(count: int) -> bool:
        if rule is None:
            return count >= HOURS_A_DAY
        return is_enough(Tally(HOURS_A_DAY, count, stopped), rule)

    if not own or not are_enough(len(own)):
        return None
    value = mean(each.value for each in own)
    parts = [(flows[each.at], each.value) for each in own if each.value is not None and each.at in flows]
    if parts and are_enough(len(parts)):
        flow = sum((one for one, _value in parts), Decimal(0))
        value = sum((one * of for one, of in parts), Decimal(0)) / flow if flow > 0 else None
    return None if value is None else Reading(at=day, value=value.quantize(_KEPT), evidence=own[0].evidence)


def _flows(case: Case, factor: str) -> dict[datetime, Decimal]:
    """Mean flows by which hours of a factor of water are weighed; pH, temperature and the like never are."""
    code = FLOWS[Media.WATER]
    if case.outlet.kind != Media.WATER or not has_amount(factor) or code not in case.points:
        return {}
    sound = case.law.marks.measured | case.law.marks.stopped
    told = case.hours(code)
    return {each.at: each.value for each in told if each.value is not None and each.value >= 0 and each.mark in sound}


def _judges(case: Case, each: Reading) -> bool:
    industry = case.outlet.industry or (case.outlet.enterprise.industry if case.outlet.enterprise else "")
    rules = rules_for(case.law.marking, industry, each.at.date())
    is_ruled = any(row.starts_at <= each.at < row.ends_at for row in case.held.marked.get(case.outlet.pk, ()))
    return is_judged(each.mark, case.law.marks.judged, rules, is_ruled=is_ruled)
