"""The path of a promise: declines, totals, increments, counts; late starts, missing years, the words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.core.trace import Clause
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets import decline
from shuangkong.targets.goal import Actual, Goal, Path, Schedule
from shuangkong.targets.progress import Progress, progress
from shuangkong.targets.status import Standing

STEPS = Schedule(shares=tuple(map(Decimal, ("0.2", "0.4", "0.6", "0.8", "1"))))


def goal(kind: Kind, value: str, op: Op = Op.LE, **more: object) -> Goal:
    given_ = {"unit": "t", "path": Path.LINEAR, "base_year": 2015, "end_year": 2020} | more
    return Goal(kind=kind, op=op, value=Decimal(value), **given_)  # type: ignore[arg-type]


def levels(**years: str) -> list[Actual]:
    return [Actual(int(year[1:]), Measure.LEVEL, Decimal(value)) for year, value in years.items()]


def amounts(**years: str) -> list[Actual]:
    return [Actual(int(year[1:]), Measure.AMOUNT, Decimal(value)) for year, value in years.items()]


def measured(found: Progress | None) -> Progress:
    assert found is not None
    return found


def test_both_intensities_are_rounded_before_they_are_compared() -> None:
    # 0.54344 → 0.5434, 0.58225 → 0.5822 (half to even): the unrounded ratio gives −6.6655 %
    change = decline.annual_change(Decimal("0.54344"), Decimal("0.58225"), 4)
    assert change == Decimal("0.5434") / Decimal("0.5822") - 1
    assert change != Decimal("0.54344") / Decimal("0.58225") - 1


def test_dated_shares_equal_the_geometric_path_over_five_years() -> None:
    plain = measured(progress(goal(Kind.REDUCTION_RATE, "16", path=Path.LOGARITHMIC), [], Schedule()))
    dated = measured(progress(goal(Kind.REDUCTION_RATE, "16", path=Path.LOGARITHMIC), [], STEPS))
    assert [p.due for p in plain.points] == [p.due for p in dated.points]
    uneven = Schedule(shares=tuple(map(Decimal, ("0.1", "0.4", "0.6", "0.8", "1"))))
    other = measured(progress(goal(Kind.REDUCTION_RATE, "16", path=Path.LOGARITHMIC), [], uneven))
    assert other.points[0].due != plain.points[0].due


def test_an_increment_cap_is_shared_out_by_years_and_counts_up() -> None:
    told = amounts(y2016="700", y2017="700", y2018="800")
    found = measured(progress(goal(Kind.CAP_INCREMENT, "3550"), told, STEPS))
    assert [point.due for point in found.points] == [
        Decimal("710.0"),
        Decimal("1420.0"),
        Decimal("2130.0"),
        Decimal("2840.0"),
        Decimal(3550),
    ]
    assert [point.reached for point in found.points] == [Decimal(700), Decimal(1400), Decimal(2200), None, None]
    assert [point.standing for point in found.points[:3]] == [
        Standing.ON_SCHEDULE,
        Standing.ON_SCHEDULE,
        Standing.BEHIND,
    ]
    assert found.remaining_annual == Decimal(675)


def test_a_year_without_a_figure_leaves_the_sum_unknown() -> None:
    found = measured(progress(goal(Kind.CAP_INCREMENT, "3550"), amounts(y2016="700", y2018="800"), STEPS))
    assert found.latest is not None
    assert found.latest.year == 2016
    assert found.points[2].standing is Standing.NO_DATA


def test_zero_is_a_figure() -> None:
    found = measured(progress(goal(Kind.COUNT, "10", Op.GE), levels(y2016="0"), STEPS))
    assert found.latest is not None
    assert found.latest.reached == 0
    assert found.standing is Standing.BEHIND


def test_a_total_runs_from_its_base() -> None:
    found = measured(
        progress(goal(Kind.CAP_TOTAL, "507", base_value=Decimal(442)), levels(y2018="481", y2020="508"), STEPS)
    )
    assert [point.due for point in found.points] == [
        Decimal("455.0"),
        Decimal("468.0"),
        Decimal("481.0"),
        Decimal("494.0"),
        Decimal(507),
    ]
    assert found.points[2].standing is Standing.ON_SCHEDULE
    assert found.points[2].share_done == Decimal("0.6")
    assert (found.standing, found.latest and found.latest.gap) == (Standing.MISSED, Decimal(-1))


def test_a_total_without_base_is_judged_in_the_last_year_only() -> None:
    over, within = levels(y2018="600"), levels(y2018="400", y2020="507")
    assert measured(progress(goal(Kind.CAP_TOTAL, "507"), over, STEPS)).standing is Standing.UNJUDGED
    found = measured(progress(goal(Kind.CAP_TOTAL, "507"), within, STEPS))
    assert [found.points[2].standing, found.standing] == [Standing.ON_SCHEDULE, Standing.MET]


def test_a_plan_that_begins_in_mid_period_starts_from_what_was_reached() -> None:
    late = goal(Kind.CAP_TOTAL, "500", base_value=Decimal(400), start_year=2018)
    found = measured(progress(late, levels(y2017="470", y2018="479"), STEPS))
    assert [point.due for point in found.points[:2]] == [None, None]
    assert found.points[2].due == Decimal(480)
    assert found.points[2].standing is Standing.ON_SCHEDULE
    unknown = measured(progress(late, levels(y2018="479"), STEPS))
    assert unknown.points[2].due == Decimal("460.0")


def test_pollutant_declines_are_linear() -> None:
    found = measured(progress(goal(Kind.REDUCTION_RATE, "10"), levels(y2015="100", y2018="94"), STEPS))
    assert found.points[2].due == Decimal("6.0")
    assert found.points[2].share_done == Decimal("0.6")
    assert found.points[2].standing is Standing.ON_SCHEDULE


def test_a_years_lead_is_ahead() -> None:
    found = measured(progress(goal(Kind.REDUCTION_RATE, "10"), levels(y2015="100", y2018="92"), STEPS))
    assert found.standing is Standing.AHEAD


def test_growth_is_a_decline_mirrored() -> None:
    growth = goal(Kind.GROWTH, "21", Op.GE, path=Path.LOGARITHMIC, end_year=2017)
    told = [Actual(2016, Measure.YOY_CHANGE_PCT, Decimal(10)), Actual(2017, Measure.YOY_CHANGE_PCT, Decimal(10))]
    found = measured(progress(growth, told, Schedule()))
    assert found.latest is not None
    assert found.latest.reached == Decimal(21)
    assert found.standing is Standing.MET
    assert found.points[0].due is not None
    assert rounded(found.points[0].due, 6) == Decimal(10)


def test_a_class_has_no_arithmetic() -> None:
    assert progress(goal(Kind.STAGE, "4"), [], Schedule()) is None


@pytest.mark.parametrize(("value", "word"), [("15", Standing.MET), ("14.99", Standing.MISSED)])
def test_the_last_year_is_met_or_missed(value: str, word: Standing) -> None:
    told = [Actual(2020, Measure.CUMULATIVE_CHANGE_PCT, -Decimal(value))]
    found = measured(progress(goal(Kind.REDUCTION_RATE, "15", Op.GE, path=Path.LOGARITHMIC), told, STEPS))
    assert found.standing is word


@pytest.mark.parametrize(("value", "word"), [("100", Standing.ON_SCHEDULE), ("101", Standing.BEHIND)])
def test_a_year_that_is_not_over_neither_meets_nor_misses_a_promise(value: str, word: Standing) -> None:
    cap, told = goal(Kind.CAP_TOTAL, "100"), levels(y2020=value)
    assert measured(progress(cap, told, STEPS, over=2019)).standing is word
    is_met = measured(progress(cap, told, STEPS, over=2020)).standing in (Standing.MET, Standing.MISSED)
    assert is_met, "once it is over it is met or missed"


ratios = st.decimals("0.001", "0.6", places=4)


@given(promised=ratios, share=st.decimals("0.01", "1", places=2), path=st.sampled_from(Path))
def test_what_is_due_is_that_share_of_the_promise(promised: Decimal, share: Decimal, path: Path) -> None:
    done = decline.progress(decline.due_decline(promised, share, path), promised, path)
    assert done is not None
    assert abs(done - share) < Decimal("1e-20")


@given(promised=ratios, done=st.decimals("-0.3", "0.6", places=4), left=st.integers(1, 5), path=st.sampled_from(Path))
def test_the_remaining_effort_ends_at_the_promise(promised: Decimal, done: Decimal, left: int, path: Path) -> None:
    each = decline.remaining_annual(promised, done, left, path)
    assert each is not None
    end = done + each * left if path is Path.LINEAR else 1 - (1 - done) * (1 - each) ** left
    assert abs(end - promised) < Decimal("1e-20")


def test_every_figure_shows_how_it_came_about() -> None:
    told = [Actual(2016, Measure.YOY_CHANGE_PCT, Decimal("-7.64"))]
    found = measured(progress(goal(Kind.REDUCTION_RATE, "16", path=Path.LOGARITHMIC), told, STEPS))
    cumulative, due, share = found.points[0].steps
    assert (cumulative.formula, cumulative.inputs) == ("D = 1 − Π(1 + r)", (("r(2016)", Decimal("-7.64")),))
    assert str(cumulative.inputs[0][1]) == "-7.64"
    assert (due.formula, due.inputs) == ("Dₖ = 1 − (1 − Dₙ)^s", (("Dₙ", Decimal(16)), ("s", Decimal("0.2"))))
    assert share.formula == "P = ln(1 − D) ÷ ln(1 − Dₙ)"
    assert share.value is not None
    assert rounded(share.value, 2) == Decimal("45.58")


def test_a_late_start_shows_where_it_starts() -> None:
    late = goal(Kind.CAP_TOTAL, "500", base_value=Decimal(400), start_year=2018)
    found = measured(progress(late, levels(y2017="470", y2018="479"), STEPS))
    due = found.points[2].steps[1]
    assert due.formula == "Eₖ = Eⱼ + (Eₙ − Eⱼ) × t"
    assert due.inputs[0] == ("Eⱼ", Decimal(470))


@pytest.mark.parametrize("path", Path)
def test_a_late_plan_that_is_on_the_path_stays_on_it(path: Path) -> None:
    plain = measured(progress(goal(Kind.REDUCTION_RATE, "15", path=path), [], STEPS))
    on_path = plain.points[1].due
    assert on_path is not None
    told = [Actual(2017, Measure.CUMULATIVE_CHANGE_PCT, -on_path)]
    late = measured(progress(goal(Kind.REDUCTION_RATE, "15", path=path, start_year=2018), told, STEPS))
    for a, b in zip(plain.points[2:], late.points[2:], strict=True):
        assert a.due is not None
        assert b.due is not None
        assert abs(a.due - b.due) < Decimal("1e-20")


def test_points_are_counted_between_levels() -> None:
    told = levels(y2015="18", y2018="19.2", y2020="20")
    gain = goal(Kind.POINT_GAIN, "2", Op.EQ, unit="个百分点")
    found = measured(progress(gain, told, STEPS))
    assert found.points[2].reached == Decimal("1.2")
    assert found.points[2].standing is Standing.ON_SCHEDULE
    assert found.standing is Standing.MET
    short = measured(progress(gain, levels(y2015="18", y2020="19.9"), STEPS))
    assert (short.standing, short.latest and short.latest.gap) == (Standing.MISSED, Decimal("-0.1"))


def test_points_promised_downwards_count_the_fall() -> None:
    fall = goal(Kind.POINT_GAIN, "3", Op.EQ, unit="个百分点", is_fall=True)
    met = measured(progress(fall, levels(y2015="60", y2020="56"), STEPS))
    assert met.latest is not None
    assert (met.latest.reached, met.standing) == (Decimal(4), Standing.MET)
    assert met.latest.steps[0].formula == "ΔE = E(2015) − E(2020)"
    rose = measured(progress(fall, levels(y2015="60", y2020="61"), STEPS))
    assert (rose.latest and rose.latest.reached, rose.standing) == (Decimal(-1), Standing.MISSED)
    yearly = measured(progress(fall, amounts(y2016="-1", y2017="-0.5"), STEPS))
    assert yearly.latest is not None
    assert yearly.latest.reached == Decimal("1.5")


def test_the_end_year_is_judged_by_the_printed_number() -> None:
    """From 15.1 back to 15 by powers is 15.00…1: who reached exactly 15 would be late by the last digit."""
    for value, begun in (("15", "15.1"), ("13.5", "13.6"), ("14.7", "15"), ("18", "18.1")):
        promise = goal(Kind.REDUCTION_RATE, value, Op.GE, path=Path.LOGARITHMIC, start_year=2018)
        told = [Actual(2017, Measure.CUMULATIVE_CHANGE_PCT, -Decimal(begun)),
                Actual(2020, Measure.CUMULATIVE_CHANGE_PCT, -Decimal(value))]  # fmt: skip
        found = measured(progress(promise, told, STEPS))
        assert found.points[-1].due == Decimal(value)
        assert (found.standing, found.latest and found.latest.gap) == (Standing.MET, 0)


def test_a_target_due_before_its_plan_begins_has_nothing_left_to_share_out() -> None:
    past = goal(Kind.CAP_TOTAL, "500", base_value=Decimal(400), start_year=2021)
    found = measured(progress(past, levels(y2019="480", y2020="490"), STEPS))
    assert found.standing is Standing.MET


RULE = Clause(Message("规则", "rule"), is_verified=False)


def test_a_schedule_is_cited_only_where_it_is_used() -> None:
    dated = Schedule(STEPS.shares, RULE)
    five = measured(progress(goal(Kind.REDUCTION_RATE, "10"), levels(y2015="100", y2018="94"), dated))
    assert [step.clause for step in five.points[2].steps] == [None, None, RULE, None]
    three = goal(Kind.REDUCTION_RATE, "10", end_year=2018)
    found = measured(progress(three, levels(y2015="100", y2016="96"), dated))
    assert {step.clause for point in found.points for step in point.steps} == {None}


def test_rounding_is_cited_where_it_moved_a_figure_and_shown_as_compared() -> None:
    rule = Schedule(intensity_places=4, rounding_clause=RULE)
    promise = goal(Kind.REDUCTION_RATE, "10", path=Path.LOGARITHMIC)
    moved = measured(progress(promise, levels(y2015="0.58225", y2016="0.54344"), rule)).points[0].steps[0]
    assert moved.clause == RULE
    assert [value for _, value in moved.inputs] == [Decimal("0.5434"), Decimal("0.5822")]
    exact = measured(progress(promise, levels(y2015="0.5822", y2016="0.5434"), rule)).points[0].steps[0]
    assert exact.clause is None


def test_rounding_leaves_three_digits_or_the_figure_as_told() -> None:
    """0.000060 → 0.000048 rounds to 0.0001 → 0.0000, a fall of 100 %: it fell by 20 %."""
    rule = Schedule(intensity_places=4, rounding_clause=RULE)
    tiny = goal(Kind.REDUCTION_RATE, "20", end_year=2016, path=Path.LOGARITHMIC)
    found = measured(progress(tiny, levels(y2015="0.000060", y2016="0.000048"), rule))
    assert found.latest is not None
    assert found.latest.reached == Decimal(20)


def test_a_figure_that_nothing_can_be_compared_with_is_not_said_to_be_absent() -> None:
    cap = goal(Kind.CAP_TOTAL, "120")
    assert measured(progress(cap, levels(y2018="480"), STEPS)).standing is Standing.UNJUDGED
    assert measured(progress(cap, [], STEPS)).standing is Standing.NO_DATA
