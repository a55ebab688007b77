"""Exceedance and the other rules: borders by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from clocks import Clock
from hypothesis import given
from hypothesis import strategies as some

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause
from shuangkong.monitoring.alarms.comparison import Whose, compared, differing, own_day_judged
from shuangkong.monitoring.alarms.drift import Clock as DeviceClock
from shuangkong.monitoring.alarms.drift import drifts, off_hours
from shuangkong.monitoring.alarms.exceedance import EpisodeRule, episodes
from shuangkong.monitoring.alarms.found import Episode
from shuangkong.monitoring.alarms.grouping import clean_hours, outlet_silences, together
from shuangkong.monitoring.alarms.impossible import contradictions
from shuangkong.monitoring.alarms.oddities import jumps, least_change, out_of_range, stuck
from shuangkong.monitoring.alarms.silence import silences
from shuangkong.monitoring.alarms.statistics import Case, by_unit, statistics
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.limits.choice import Chosen, chosen, reference_on, undecided, unverified
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit, Rank
from shuangkong.monitoring.mark import Counts, Mark
from shuangkong.monitoring.reading import Evidence, Reading, Span
from shuangkong.rulebook import open_rulebook

DAY = date(2024, 5, 1)
LAW = open_rulebook().monitoring()
HOUR, D = timedelta(hours=1), Decimal
SINGLE = EpisodeRule()


def limit(most: str | None, *, least: str | None = None, basis: Basis = Basis.MEASURED, **more: object) -> Limit:
    ground = Ground(Validity(date(2010, 1, 1)), Clause(Message("某标准", "a standard"), False), "s", "recalled", "")
    told: dict[str, object] = {
        "factor": "a21026",
        "span": Span.HOUR,
        "unit": "mg/m3",
        "rank": Rank.NATIONAL,
        "standard": "s",
        "group": "",
        "name": Message("某标准", "a standard"),
        "ground": ground,
    }
    bounds = {"most": None if most is None else Decimal(most), "least": None if least is None else Decimal(least)}
    return Limit(**(told | bounds | {"basis": basis} | more))  # type: ignore[arg-type]


def hours_at(clock: type[Clock], values: Iterable[object], marks: Iterable[Mark] | None = None) -> list[Reading]:
    told = list(values)
    given = list(marks) if marks is not None else [Mark.NORMAL] * len(told)
    return [
        Reading(
            at=clock.at(DAY, n),
            value=None if value is None else Decimal(str(value)),
            mark=mark,
            evidence=Evidence(7, n * 100),
        )
        for n, (value, mark) in enumerate(zip(told, given, strict=True))
    ]


def exceeded(readings: list[Reading], bound: Limit, rule: EpisodeRule = SINGLE) -> list[Episode]:
    what = Chosen(
        bound.basis, bound if bound.most is not None else None, bound if bound.least is not None else None, ()
    )
    judged = LAW.marks.judged
    return list(episodes(readings, bound.factor, Span.HOUR, lambda _at: what, lambda each: each.mark in judged, rule))


def test_an_episode_has_start_end_peak_and_multiple(clock) -> None:
    found = exceeded(hours_at(clock, [35, 35.1, 61, 40, 35, 36]), limit("35"))
    first, last = found
    assert (first.starts_at, first.ends_at) == (clock.at(DAY, 1), clock.at(DAY, 4))
    assert (first.count, first.peak, first.worst_at) == (3, Decimal(61), clock.at(DAY, 2))
    assert first.multiple is not None
    assert round(first.multiple, 2) == Decimal("0.74")
    assert first.evidence[0] == Evidence(7, 100)
    assert last.is_open
    assert last.count == 1
    assert first.words.zh == "小时均值超标 3 次，最高 61 mg/m3，限值 35 mg/m3（某标准），超标 0.74 倍"
    assert first.key != last.key


def test_what_is_not_judged_neither_opens_nor_ends(clock) -> None:
    marks = [Mark.NORMAL, Mark.MAINTENANCE, Mark.NORMAL, Mark.FAULT, Mark.NORMAL]
    found = exceeded(hours_at(clock, [40, 10, 41, 99, 20], marks), limit("35"))
    assert [(each.count, each.ends_at) for each in found] == [(2, clock.at(DAY, 3))]


def test_a_ph_has_two_sides_and_no_multiple_below(clock) -> None:
    found = exceeded(hours_at(clock, [7, 5.9, 6, 9, 9.3]), limit("9", least="6", unit="-"))
    assert [(each.peak, each.multiple is None) for each in found] == [(Decimal("5.9"), True), (Decimal("9.3"), False)]


def test_strictest_counts_and_the_rest_stands_beside() -> None:
    national, special, permit = limit("100"), limit("50", rank=Rank.SPECIAL), limit("35", rank=Rank.PERMIT)
    converted = limit("80", basis=Basis.CONVERTED, reference_o2_pct=Decimal(6))
    looser_in_truth = limit("70", basis=Basis.CONVERTED, reference_o2_pct=Decimal(9))
    other_place = limit("1", places=("999999",))
    told = (national, special, permit, converted, looser_in_truth, other_place)
    found = chosen(told, "a21026", Span.HOUR, Discharge(places=("210100",)), DAY)
    assert found[Basis.MEASURED].upper == permit
    assert found[Basis.MEASURED].beside == (special, national)
    # 80 at 6 % is 64 at 9 %: stricter than 70 at 9 %.
    assert found[Basis.CONVERTED].upper == converted
    assert not found[Basis.MEASURED].is_verified
    assert chosen(told, "a21026", Span.HOUR, Discharge(), date(2009, 12, 31)) == {}


def converted_limit(most: str, reference: int | None = None, **more: object) -> Limit:
    return limit(
        most, basis=Basis.CONVERTED, reference_o2_pct=None if reference is None else Decimal(reference), **more
    )


def test_converted_limits_are_compared_at_one_oxygen() -> None:
    """50 of a permit, whose oxygen nobody wrote down, tightens 100 at 6 %: it is one at 6 % too."""
    national, permit = converted_limit("100", 6), converted_limit("50", rank=Rank.PERMIT)
    found = chosen((national, permit), "a21026", Span.HOUR, Discharge(), DAY)[Basis.CONVERTED]
    assert found.upper == replace(permit, reference_o2_pct=Decimal(6))
    assert found.beside == (national,)
    # The register of the outlet says 9: 100 at 6 % is 80 at 9 %.
    ours = Discharge(reference_o2_pct=Decimal(9))
    for most, is_permit in (("79", True), ("81", False)):
        rules = (national, converted_limit(most, rank=Rank.PERMIT))
        upper = chosen(rules, "a21026", Span.HOUR, ours, DAY)[Basis.CONVERTED].upper
        assert upper is not None
        assert (upper.rank is Rank.PERMIT, upper.reference_o2_pct) == (is_permit, Decimal(9 if is_permit else 6))
    # Where nobody names any, figures are compared as they are.
    alone = (converted_limit("50"), converted_limit("70", rank=Rank.LOCAL))
    assert chosen(alone, "a21026", Span.HOUR, Discharge(), DAY)[Basis.CONVERTED].upper == alone[0]


@given(
    some.lists(
        some.tuples(some.integers(1, 400), some.one_of(some.none(), some.integers(0, 19))), min_size=1, max_size=5
    ),
    some.one_of(some.none(), some.integers(0, 19)),
)
def test_who_keeps_the_chosen_limit_keeps_them_all(told: list[tuple[int, int | None]], ours: int | None) -> None:
    """At any oxygen in the flue: what complies with the strictest complies with each."""
    rules = [converted_limit(str(most), reference) for most, reference in told]
    place = Discharge(reference_o2_pct=None if ours is None else Decimal(ours))
    found = chosen(rules, "a21026", Span.HOUR, place, DAY)[Basis.CONVERTED]
    assert found.upper is not None
    every = (found.upper, *found.beside)
    assert len({each.reference_o2_pct is None for each in every}) == 1
    at = [each.most / (21 - (each.reference_o2_pct or 0)) for each in every if each.most is not None]
    assert at[0] == min(at)


def test_the_oxygen_that_nobody_wrote_down_is_that_of_the_standard() -> None:
    other = replace(converted_limit("30", 9, group="kiln"), factor="a34013")
    boiler, lower = converted_limit("100", 6, group="boiler"), converted_limit("200", 3, group="turbine")
    registered = converted_limit("50", 11)
    groups = Discharge(groups=frozenset({"s/kiln", "s/boiler", "s/turbine"}))
    for rules, expected in (
        ((other, boiler, lower, registered), 3), ((other, boiler, registered), 6), ((other, registered), 9),
        ((registered,), 11), ((), None),
    ):  # fmt: skip
        assert reference_on(rules, "a21026", groups, DAY) == expected
        assert reference_on(rules, "a21026", replace(groups, reference_o2_pct=Decimal(4)), DAY) == 4
    assert reference_on((boiler,), "a21026", Discharge(), DAY) is None, "it was not assigned to the group"


def test_a_group_is_applied_only_to_those_assigned_to_it() -> None:
    plant = Discharge("4620", (), frozenset({"municipal_sewage/grade_1a"}))
    found = chosen(LAW.limits, "w01018", Span.DAY, plant, DAY)
    assert found[Basis.MEASURED].upper is not None
    assert found[Basis.MEASURED].upper.most == 50
    assert chosen(LAW.limits, "w01018", Span.DAY, Discharge("4620"), DAY) == {}
    assert undecided(LAW.limits, Discharge("D4620"), DAY) == ("municipal_sewage",)
    assert undecided(LAW.limits, plant, DAY) == ()
    told = unverified(LAW.checks, "1号排口", found[Basis.MEASURED])
    assert [each.code for each in told] == ["MON-009"]
    assert "GB 18918—2002" in told[0].message.zh


def test_silence_is_told_of_due_hours_alone(clock) -> None:
    hours = hours_at(clock, [1, 1, None, None, None, 1, None, None, None, None])
    stopped = {clock.at(DAY, 7)}
    found = list(silences(hours, "a21026", clock.at(DAY), clock.at(DAY, 11), stopped.__contains__, 3))
    assert [(each.starts_at, each.ends_at, each.count) for each in found] == [
        (clock.at(DAY, 2), clock.at(DAY, 5), 3),
        (clock.at(DAY, 8), None, 3),
    ]


@pytest.mark.parametrize(("mark", "hours"), [("F", 0), ("D", 0), ("M", 0), ("N", 4), ("Md", 4)])
def test_a_device_that_says_why_there_is_no_value_is_not_silent(mark: str, hours: int, clock: Clock) -> None:
    told = [Reading(at=clock.at(DAY, hour), value=None, mark=Mark(mark)) for hour in range(4)]
    found = list(silences(told, "a21026", clock.at(DAY), clock.at(DAY, 4), lambda _at: False, 3))
    assert sum(each.count for each in found) == hours


def test_stuck_values_jumps_and_ranges(clock) -> None:
    def is_measured(each: Reading) -> bool:
        return each.mark in LAW.marks.measured

    flat = hours_at(clock, [5, 5, 5, 5, 6, 6, 6], [*[Mark.NORMAL] * 6, Mark.FAULT])
    assert [(each.count, each.ends_at) for each in stuck(flat, "a", 3, is_measured)] == [(4, clock.at(DAY, 4))]
    change = least_change(Decimal(0), Decimal(200), Decimal(10))
    assert change == 20
    leaping = hours_at(clock, [4, 19, 39, 200, None, 1, 2, 40])
    assert [each.peak for each in jumps(leaping, "a", Decimal(5), change, is_measured)] == [200, 40]
    for steady in ([0, 0, 0], [0, "0.001", 0], [7, 7]):
        assert not list(jumps(hours_at(clock, steady), "a", Decimal(5), Decimal(0), is_measured))
    assert not list(jumps(hours_at(clock, [0, 0, 19]), "a", Decimal(5), change, is_measured))
    assert [each.peak for each in jumps(hours_at(clock, [0, 20]), "a", Decimal(5), change, is_measured)] == [20]
    assert [each.peak for each in jumps(hours_at(clock, [1, 5]), "a", Decimal(5), Decimal(0), is_measured)] == [5]
    found = list(out_of_range(hours_at(clock, [1, 201, 250, 3, -1]), "a", Decimal(0), Decimal(200)))
    assert [(each.count, each.peak, each.is_open) for each in found] == [(2, 250, False), (1, -1, True)]


def test_impossible_combinations_look_through_a_stopped_mark(clock) -> None:
    condition = next(each for each in LAW.conditions if each.id == "no_flow_with_load" and each.media == "gas")
    marks = [Mark.NORMAL, Mark.STOPPED, Mark.FAULT, Mark.NORMAL]
    hours = {"a00000": hours_at(clock, [0, 0, 0, 5], marks), "i33400": hours_at(clock, [60, 60, 60, 60])}
    lost = frozenset(mark.value for mark in LAW.marks.counting(Counts.LOST))
    found = list(contradictions(hours, condition, lost))
    assert [(each.starts_at, each.count, each.rule) for each in found] == [(clock.at(DAY), 2, "no_flow_with_load")]
    assert found[0].words.zh == "有负荷而没有烟气流量：烟气流量 0、生产负荷 60"


def clock_at(clock, hour: int, gap: int, spread: int = 0, count: int = 100) -> DeviceClock:
    """An hour of a device's clock; minutes."""
    middle, apart = timedelta(minutes=gap), timedelta(minutes=spread)
    return DeviceClock(clock.at(DAY, hour), count, middle, middle - apart, middle + apart)


def test_a_clock_is_off_until_it_is_right_again(clock) -> None:
    most = timedelta(minutes=6)
    hours = [clock_at(clock, 0, 2), clock_at(clock, 1, 9), clock_at(clock, 2, 11, count=0), clock_at(clock, 3, 14)]
    [found] = drifts(hours, "MN1", most, 3)
    assert (found.starts_at, found.ends_at, found.count, found.rule) == (clock.at(DAY, 1), None, 2, "MN1")
    assert found.words.zh == "设备 MN1 的时钟比平台慢约 14 分钟"
    [found] = drifts([*hours, clock_at(clock, 5, -1)], "MN1", most, 3)
    assert found.ends_at == clock.at(DAY, 5)
    [found] = drifts([clock_at(clock, 0, -3000)], "MN1", most, 3)
    assert found.words.en == "The clock of device MN1 is about 2 days ahead"
    assert not list(drifts([clock_at(clock, 0, 6)], "MN1", most, 3)), "no more than is allowed"
    assert not list(drifts([clock_at(clock, 0, 90, spread=30)], "MN1", most, 3)), "late frames, not a wrong clock"
    assert not list(drifts([clock_at(clock, 0, 90, count=2)], "MN1", most, 3)), "two frames are too few"


def test_hours_off_the_hour_are_told(clock) -> None:
    hours = [Reading(at=clock.at(DAY, hour, minute), value=Decimal(1)) for hour, minute in ((0, 0), (1, 25), (2, 25))]
    [found] = off_hours(hours, 3)
    assert (found.starts_at, found.ends_at, found.count) == (clock.at(DAY, 1, 25), None, 2)
    right = [Reading(at=clock.at(DAY, hour), value=Decimal(1)) for hour in (3, 4, 5)]
    [found] = off_hours([*hours, *right], 3)
    assert found.ends_at == clock.at(DAY, 3)
    again = Reading(at=clock.at(DAY, 5, 25), value=Decimal(1))
    [found] = off_hours([*hours, *right[:2], again], 3)
    assert (found.ends_at, found.count) == (None, 3), "hours sent again among them end nothing"


def test_a_line_that_falls_silent_is_one_alarm(clock) -> None:
    """Hours 0–2: all came; 3–7: nothing; 8–9: only the second factor; asked at 10."""
    first = hours_at(clock, [1, 1, 1])
    second = [*first, *(replace(each, at=clock.at(DAY, hour)) for hour, each in ((8, first[0]), (9, first[0])))]
    due = {"a": clock.at(DAY), "b": clock.at(DAY)}
    never = lambda _factor, _at: False  # noqa: E731 - short
    found = list(outlet_silences({"a": first, "b": second}, due, clock.at(DAY, 10), never, 2))
    told = [(each.factor, each.starts_at.hour, each.ends_at and each.ends_at.hour) for each in found]
    assert told == [("", 3, 8), ("a", 8, None)]
    assert found[0].words.zh == "连续 5 小时没有任何数据"
    assert found[1].key != found[0].key
    one = list(outlet_silences({"a": first}, due, clock.at(DAY, 10), never, 2))
    assert [(each.factor, each.ends_at) for each in one] == [("", None)]


def test_values_stuck_together_are_one_alarm(clock) -> None:
    alike = {factor: list(stuck(hours_at(clock, values), factor, 3, lambda _each: True))
             for factor, values in {"a": [5, 5, 5, 5, 6], "b": [7, 7, 7, 7], "c": [1, 2, 2, 2]}.items()}  # fmt: skip
    found = list(together([each for own in alike.values() for each in own], str.upper))
    assert [(each.factor, each.count, each.ends_at) for each in found] == [("", 4, None), ("c", 3, None)]
    assert found[0].words.zh == "A、B 同时恒定，最长 4 小时"


def test_clean_hours_are_those_of_every_factor(clock) -> None:
    a, b = hours_at(clock, [1, 1, 1, None]), hours_at(clock, [1, None, 1, 1])
    assert clean_hours({"a": a, "b": b}, clock.at(DAY, 1), lambda _each: True) == 0, "at 3 nothing is known of a"
    assert clean_hours({"a": a}, clock.at(DAY, 1), lambda _each: True) == 2, "the newest hour may be on its way"
    assert clean_hours({}, clock.at(DAY), lambda _each: True) == 0


def test_a_value_out_of_range_is_told_with_its_unit(clock) -> None:
    [found] = out_of_range(hours_at(clock, [1, 600000]), "a", Decimal(0), Decimal(500000), unit="ng/m³")
    assert found.words.zh == "600000 ng/m³ 超出量程 0～500000 ng/m³"


def test_clean_hours_are_consecutive(clock) -> None:
    """A hole begins the row anew, a daily check is passed over; an hour that is not valid ends it too."""
    told = hours_at(clock, [1, 1, None, 1, 1, 1])
    assert clean_hours({"a": told}, clock.at(DAY), lambda _each: True) == 3
    checked = [*told[:2], replace(told[2], mark=Mark.CALIBRATION), *told[3:]]
    assert clean_hours({"a": checked}, clock.at(DAY), lambda _each: True) == 3
    passed = lambda each: each.mark is Mark.CALIBRATION  # noqa: E731 - short
    assert clean_hours({"a": checked}, clock.at(DAY), lambda _each: True, passed) == 5
    assert clean_hours({"a": told}, clock.at(DAY), lambda each: each.at != clock.at(DAY, 4)) == 1
    absent = [each for each in told if each.value is not None]
    assert clean_hours({"a": absent}, clock.at(DAY), lambda _each: True) == 3


def test_a_start_and_a_stop_are_no_jumps(clock) -> None:
    told, sound = hours_at(clock, [0, 20, 0, 20]), lambda _each: True
    by_flow = lambda at: at.hour in (0, 2)  # noqa: E731 - short
    assert len(list(jumps(told, "a", Decimal(5), Decimal(10), sound))) == 3
    assert not list(jumps(told, "a", Decimal(5), Decimal(10), sound, by_flow))
    assert len(list(jumps(told, "a", Decimal(5), Decimal(10), sound, lambda at: at.hour == 0))) == 2


def test_one_official_mean_and_the_other_beside_it() -> None:
    """The device prints 35.2, ours is 35.16: half its last digit explains the gap."""
    found = compared(Decimal("35.2"), Decimal("35.16"), Decimal(0))
    assert (found.official, found.whose, found.differs) == (Decimal("35.2"), Whose.DEVICE, False)
    apart = compared(Decimal("36.0"), Decimal("35.0"), Decimal(1))
    assert apart.differs
    told = differing(LAW.checks, "1号排口", "8时", apart)
    assert told is not None
    assert told.code == "MON-006"
    converted = differing(LAW.checks, "1号排口", "8时", apart, reference_pct=Decimal(6))
    assert converted is not None
    assert converted.code == "MON-007"
    own = compared(None, Decimal("12.3456789"), Decimal(1))
    assert own.whose is Whose.OWN
    notice = own_day_judged(LAW.checks, "1号排口", "5月1日", own)
    assert notice is not None
    assert "12.3457" in notice.message.zh
    assert compared(None, None, Decimal(1)).official is None


def test_statistics_keep_their_denominator(clock) -> None:
    from shuangkong.monitoring.alarms.life import Act, Step, standing

    episode = exceeded(hours_at(clock, [36, 70, 1]), limit("35"))[0]
    at = clock.at(DAY, 3)
    closed = [
        Step(Act.RAISE, at),
        Step(Act.EASE, at),
        Step(Act.EXPLAIN, at, "检修"),
        Step(Act.REVIEW, at, "属实"),
        Step(Act.CLOSE, at + timedelta(days=2), "办结"),
    ]
    one, other = standing(closed), standing(closed[:1])
    assert one is not None
    assert other is not None
    cases = [("u", Case(episode, one, at + timedelta(days=2))), ("u", Case(episode, other))]
    found = by_unit(cases, {"u": 100, "v": 50})
    assert (found["u"].exceeded, found["u"].compliance_pct, found["u"].open) == (4, Decimal(96), 1)
    assert (found["u"].worst, found["u"].mean_days) == (Decimal(1), Decimal(2))
    assert found["v"].compliance_pct == 100
    assert statistics([], 0).compliance_pct is None
    with pytest.raises(ValueError, match="4 exceeded of 3"):
        statistics([case for _, case in cases], 3)
