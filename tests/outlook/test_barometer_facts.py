"""What a rule is given: from promises, told figures and paths, of places, sectors and units, month by month."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuangkong.core.fact import Cell, Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.basis import SETS, figures
from shuangkong.outlook.barometer.facts import decline_facts, intensity_facts, level_facts, total_facts
from shuangkong.outlook.barometer.issue import compared
from shuangkong.outlook.barometer.judging import judge
from shuangkong.outlook.barometer.level import Cause, Level
from shuangkong.outlook.barometer.rule_book import rules
from shuangkong.plans.reading import Kind, Op
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.goal import Actual, Goal, Path, Schedule
from shuangkong.targets.progress import progress

RULES = rules(open_rulebook().folder, "national")
PLAN = Period.plan_from(2016)
SUBJECTS = [Subject("region", "210000"), Subject("sector", "210100/C30"), Subject("unit", "91210100MA0000000X")]


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("period", ["2020-03", "2020-Q2", "2020-C09", "2020"])
def test_whoever_and_whenever_is_judged_by_one_rule(subject: Subject, period: str) -> None:
    """辽宁 2016-2019, whose residual requirement is 13.03 %; the same figures of a sector or unit, by month."""
    changes = dict(zip(range(2016, 2020), map(Decimal, ("-0.41", "-1.61", "-1.15", "0.9")), strict=True))
    asked = Period.parse(period)
    given = intensity_facts(PLAN, Decimal(15), changes, asked, Decimal("-12"))
    found = judge(RULES["intensity"], Cell(subject, "energy_intensity", asked), given)
    assert found.level is Level.YELLOW
    assert found.figure.cell.subject == subject


def test_an_annual_task_outweighs_what_follows_from_the_promise() -> None:
    period = Period.parse("2020-Q1")
    given = intensity_facts(PLAN, Decimal(15), {}, period, Decimal("-3"), task=Decimal(3))
    found = judge(RULES["intensity"], Cell(SUBJECTS[0], "energy_intensity", period), given)
    assert found.level is Level.GREEN
    assert next(step.name.zh for step in found.figure.steps) == "本期实际下降"


def test_the_first_year_of_a_plan_needs_no_year_before() -> None:
    """16 % in five years: 1 − 0.84^(1/5) = 3.43 % in the first."""
    found = figures("intensity", intensity_facts(PLAN, Decimal(16), {}, Period(2016), Decimal("-7.64")), {"required"})
    assert round(found.told["required"], 2) == Decimal("3.43")  # type: ignore[call-overload]


def test_a_year_that_nobody_told_is_missing() -> None:
    given = intensity_facts(PLAN, Decimal(16), {2016: Decimal(-3)}, Period.parse("2018-H1"), Decimal(-3))
    assert given["changes"] == (Decimal(-3), State.MISSING)
    assert figures("intensity", given, {"required"}).told["required"] is State.MISSING


def test_after_the_last_year_nothing_is_required() -> None:
    changes = dict.fromkeys(range(2016, 2021), Decimal(-3))
    given = intensity_facts(PLAN, Decimal(16), changes, Period(2021), Decimal(-3))
    assert figures("intensity", given, {"required"}).told["required"] is State.NOT_APPLICABLE


def test_totals_share_what_is_left_of_the_increment() -> None:
    """Base 1,000, 100 allowed, 1,040 in the second year: 20 a year, 10 in a half of 520."""
    levels = {"last": Decimal(1040), "before": Decimal(520), "actual": Decimal("530.5")}
    period = Period.parse("2018-H1")
    found = figures("total", total_facts(PLAN, Decimal(1000), Decimal(100), period, levels), {"allowed", "increment"})
    assert found.told["allowed"] == 530
    assert found.told["increment"] == Decimal("10.5")
    assert found.told["allowed_increment"] == 10


def test_pollutants_are_due_in_equal_parts() -> None:
    """A tenth in five years: 6 % after three; 946 of 1,000 is 5.4 %, a tenth of the requirement short: level 2."""
    period = Period(2018)
    given = decline_facts(PLAN, Decimal(10), period, Decimal(1000), Decimal(946))
    found = judge(RULES["pollutant_decline"], Cell(SUBJECTS[0], "cod_total", period), given)
    assert found.level is Level.YELLOW
    assert found.is_on_bound
    without = decline_facts(None, Decimal(10), period, Decimal(1000), Decimal(946))
    assert judge(RULES["pollutant_decline"], Cell(SUBJECTS[0], "cod_total", period), without).cause is Cause.NO_FIGURES


@pytest.mark.parametrize(("reached", "level"), [(70, 3), (60, 3), (55, 2), (54, 2), (53, 1), (None, None)])
def test_any_target_is_judged_by_its_path(reached: int | None, level: int | None) -> None:
    """100 things in five years: 60 are due after three."""
    goal = Goal(kind=Kind.COUNT, op=Op.GE, value=Decimal(100), unit="count", path=Path.LINEAR, base_year=2015,
                end_year=2020)  # fmt: skip
    told = () if reached is None else (Actual(2018, Measure.LEVEL, Decimal(reached)),)
    found = progress(goal, told, Schedule())
    assert found is not None
    point = found.points[2]
    judged = judge(RULES["target"], Cell(SUBJECTS[0], "x", Period(2018)), level_facts(point, wants_less=False))
    assert judged.level == level


def test_every_figure_rests_on_what_stands_before_it() -> None:
    for known in SETS.values():
        names = list(known)
        for number, (name, aspect) in enumerate(known.items()):
            assert set(aspect.takes) <= set(names[:number]), name
            assert bool(aspect.takes) == (aspect.compute is not None)


def test_an_increment_is_shown_as_what_was_added_and_what_may_be() -> None:
    """100 in the base year and 18 more in five: after three years 112; the fourth may add a half of the 6 left."""
    held = {name: Decimal(value) for name, value in {"last": "112", "before": "112", "actual": "116"}.items()}
    given = total_facts(PLAN, Decimal(100), Decimal(18), Period(2019), held)
    since_base, since_last = ("allowed_gain", "gain"), ("allowed_increment", "increment")
    whole, gained, added = (compared("total", given, each) for each in (None, since_base, since_last))
    assert [(whole.required, whole.achieved), (gained.required, gained.achieved), (added.required, added.achieved)] == [
        (115, 116), (15, 16), (3, 4)
    ]  # fmt: skip
    assert [step.name.zh for step in gained.steps][-2:] == ["比基年允许增量", "比基年实际增量"]
