"""Key projects: late, silent, unstable; assigned and recognised tonnes; and the triggers that rest on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.emissions.credit import Credit
from shuangkong.indicators.emissions.formulas import Months
from shuangkong.outlook.barometer.level import Cause, Level
from shuangkong.outlook.barometer.rule_book import TRIGGERS, rules
from shuangkong.outlook.projects.ledger import Assigned, Line, Recognised, lines, totals
from shuangkong.outlook.projects.standing import (
    FAULTS,
    Dispatch,
    Fault,
    KeyProject,
    Limits,
    Milestone,
    Standing,
    faulty,
    standing,
)
from shuangkong.outlook.triggers.signal import measures_signal, projects_signal, quality_signal
from shuangkong.plans.reading import Kind, Op
from shuangkong.plans.tasks.standing import Clock
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.goal import Actual, Goal, Path, Schedule
from shuangkong.targets.progress import progress

RULES = rules(open_rulebook().folder, "national", TRIGGERS)
LIMITS = Limits.of(RULES["key_projects"].versions[0].limits)


def month(text: str, running: str | None = "98", compliant: str | None = "99") -> Dispatch:
    ran, met = (None if each is None else Decimal(each) for each in (running, compliant))
    return Dispatch(Period.parse(text), ran, met)


def at(project: KeyProject, day: str) -> dict[Fault, tuple[str, ...]]:
    return dict(standing(project, date.fromisoformat(day), LIMITS).faults)


BUILT = KeyProject(
    id="boiler",
    since=Period.parse("2026-01"),
    milestones=(Milestone("开工", date(2025, 6, 30), date(2025, 6, 1)), Milestone("投运", date(2026, 3, 31), None)),
    dispatches=(month("2026-01"), month("2026-02")),
)


def test_a_milestone_is_late_the_day_after() -> None:
    assert Fault.MILESTONE not in at(BUILT, "2026-03-31")
    assert at(BUILT, "2026-04-01")[Fault.MILESTONE] == ("投运",)


def test_a_milestone_done_late_was_late_until_then() -> None:
    done = Milestone("投运", date(2026, 3, 31), date(2026, 4, 20))
    assert done.is_late(date(2026, 4, 19))
    assert not done.is_late(date(2026, 4, 20))


def test_silence_begins_when_the_month_is_due() -> None:
    """The dispatch of March may come until ten days after its end."""
    assert Fault.SILENT not in at(BUILT, "2026-04-10")
    assert at(BUILT, "2026-04-11")[Fault.SILENT] == ("2026-03",)
    assert at(BUILT, "2026-06-15")[Fault.SILENT] == ("2026-03", "2026-04", "2026-05")


@pytest.mark.parametrize(
    ("months", "bad"),
    [
        ((month("2026-01", "89.9"), month("2026-02"), month("2026-03", "80")), ("2026-01", "2026-03")),
        ((month("2026-01", "90"), month("2026-02", "90", "90"), month("2026-03", "80")), ()),
        ((month("2026-01", None), month("2026-02"), month("2026-03", "98", "89")), ("2026-01", "2026-03")),
        ((month("2026-01", "1"), month("2026-02"), month("2026-03"), month("2026-04", "1")), ()),
    ],
)
def test_two_bad_months_of_the_last_three_make_it_unstable(months: tuple[Dispatch, ...], bad: tuple[str, ...]) -> None:
    project = KeyProject(id="boiler", since=Period.parse("2026-01"), dispatches=months, runs_since=Period(2026, "01"))
    assert at(project, "2026-05-05").get(Fault.UNSTABLE, ()) == bad


def test_what_does_not_run_yet_is_not_unstable() -> None:
    project = KeyProject(id="boiler", since=Period.parse("2026-01"), dispatches=(month("2026-01", "0"),) * 1)
    assert Fault.UNSTABLE not in at(project, "2026-03-01")


def test_the_future_says_nothing() -> None:
    """As of a past day, later dispatches are not looked at."""
    project = KeyProject(id="boiler", since=Period.parse("2026-01"), runs_since=Period.parse("2026-01"),
                         dispatches=tuple(month(f"2026-0{each}", "0") for each in (1, 2, 3)))  # fmt: skip
    assert Fault.UNSTABLE not in at(project, "2026-02-15")
    assert Fault.UNSTABLE in at(project, "2026-03-15")


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3), st.integers(0, 2), st.integers(0, 100))
def test_a_worse_month_never_makes_it_stable(running: list[int], which: int, drop: int) -> None:
    def made(each: list[int]) -> Standing:
        told = tuple(month(f"2026-0{number + 1}", str(share)) for number, share in enumerate(each))
        project = KeyProject(id="x", since=Period(2026, "01"), dispatches=told, runs_since=Period(2026, "01"))
        return standing(project, date(2026, 4, 5), LIMITS)

    worse = [max(0, share - drop) if number == which else share for number, share in enumerate(running)]
    assert made(worse).is_unstable or not made(running).is_unstable


def credit(project: int, starts: str, amount: str, months: Months = Months.FROM_START) -> Credit:
    return Credit(project, Period.parse(starts).first_month, months, Decimal(amount))


def test_recognised_tonnes_count_from_their_month_and_carry_over() -> None:
    """120 t from October: 30 in the first year, 90 carried; the assignment of the second year is 100."""
    told = (Recognised(7, "so2", credit(1, "2026-10", "120")),)
    assigned = (Assigned(7, "so2", 2026, Decimal(40)), Assigned(7, "so2", 2027, Decimal(100)))
    first, second = lines(assigned, told, 2026), lines(assigned, told, 2027)
    assert first == (Line(7, "so2", 2026, Decimal(40), Decimal(30), Decimal(0), Decimal(75)),)
    assert second == (Line(7, "so2", 2027, Decimal(100), Decimal(90), Decimal(90), Decimal(90)),)
    assert second[0].short_t == 10


def test_what_nobody_was_assigned_is_no_assignment_of_zero() -> None:
    (line,) = lines((), (Recognised(3, "nox", credit(1, "2026-01", "12")),), 2026)
    assert (line.assigned_t, line.completion_pct, line.short_t, line.counted_t) == (None, None, None, 12)
    (missing,) = lines((Assigned(3, "nox", 2026, Decimal(12)),), (), 2026)
    assert (missing.counted_t, missing.completion_pct) == (0, 0)


def test_nothing_counts_twice() -> None:
    twice = (Recognised(3, "nox", credit(1, "2026-01", "12")),) * 2
    with pytest.raises(ValueError, match="credited twice"):
        lines((), twice, 2026)
    with pytest.raises(ValueError, match="assigned twice"):
        lines((Assigned(3, "nox", 2026, Decimal(1)),) * 2, (), 2026)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 23), st.integers(1, 10**6)), max_size=12))
def test_lines_of_all_years_add_to_what_was_recognised(told: list[tuple[int, int, int]]) -> None:
    held = {(project, month): amount for project, month, amount in told}
    recognised = [
        Recognised(project, "cod", Credit(number, 2026 * 12 + month, Months.FROM_START, Decimal(amount) / 1000))
        for number, ((project, month), amount) in enumerate(held.items())
    ]
    counted = [line.counted_t for year in range(2026, 2030) for line in lines((), recognised, year)]
    assert sum(counted) == sum(each.credit.amount_t for each in recognised)
    sums = [line.counted_t for year in range(2026, 2030) for line in totals(lines((), recognised, year))]
    assert sum(sums) == sum(counted)


def cell(indicator: str = "pm25") -> Cell:
    return Cell(Subject("region", "999901"), indicator, Period.parse("2026-06"))


def test_late_or_unstable_projects_raise_and_are_named() -> None:
    well, late = Standing("a", {}), Standing("b", {Fault.SILENT: ("2026-03",)})
    unstable = Standing("c", {Fault.UNSTABLE: ("2026-03", "2026-04")})
    raised = projects_signal(RULES["key_projects"], cell(), (well, late, unstable))
    assert raised.is_raised
    assert raised.culprits == ("b", "c")
    assert dict(raised.judgement.figure.steps[-1].inputs) == {"late": 1, "unstable": 1}
    assert projects_signal(RULES["key_projects"], cell(), (well,)).is_raised is False
    assert faulty((well, late)) == (late,)


def test_without_projects_or_tasks_nothing_is_judged() -> None:
    for found in (projects_signal(RULES["key_projects"], cell(), ()), measures_signal(RULES["measures"], cell(), {})):
        assert found.is_raised is None
        assert found.judgement.cause is Cause.NOT_APPLICABLE


def test_measures_that_are_late_or_silent_raise() -> None:
    rule = RULES["measures"]
    clocks = {"1": Clock.CALM, "2": Clock.WAITING, "3": Clock.OVER, "4": Clock.DUE_SOON, "5": Clock.STOPPED}
    assert measures_signal(rule, cell(), clocks).is_raised is False
    raised = measures_signal(rule, cell(), clocks | {"6": Clock.LATE, "7": Clock.SILENT})
    assert raised.is_raised
    assert raised.culprits == ("6", "7")


@pytest.mark.parametrize(("reached", "level"), [("42", Level.GREEN), ("43", Level.GREEN), ("43.1", Level.YELLOW)])
def test_quality_behind_its_path_raises(reached: str, level: Level) -> None:
    """45 in the base year, 40 promised in five years: 43 is due after two."""
    goal = Goal(kind=Kind.LEVEL_CAP, op=Op.LE, value=Decimal(40), unit="ug/m3", path=Path.LINEAR, base_year=2024,
                end_year=2029, base_value=Decimal(45), is_lower_better=True)  # fmt: skip
    found = progress(goal, (Actual(2026, Measure.LEVEL, Decimal(reached)),), Schedule())
    assert found is not None
    assert found.latest is not None
    signal = quality_signal(RULES["environmental_quality"], cell(), found.latest, wants_less=True)
    assert signal.judgement.level is level
    assert signal.culprits == (("pm25",) if level is Level.YELLOW else ())
    unknown = quality_signal(RULES["environmental_quality"], cell(), found.points[0], wants_less=True)
    assert unknown.is_raised is None


def test_every_fault_has_its_words() -> None:
    assert set(FAULTS) == set(Fault)
