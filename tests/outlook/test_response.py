"""The response to a warning: its states, its duties, and how often the rules were right."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.response.duties import plans_for, tasks
from shuangkong.outlook.response.plan_book import check_response_plans, response_plans
from shuangkong.outlook.response.rates import Tally, Trial, by_rule, tally
from shuangkong.outlook.response.states import (
    HINDRANCES,
    STATES,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    State,
    after,
    hindrance,
    standing,
    suggested,
)
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import open_rulebook, policy_root

PLANS = response_plans(open_rulebook().folder, "national")
RED, YELLOW, GREEN = Level.RED, Level.YELLOW, Level.GREEN


def day(number: int) -> date:
    return date(2021, 8, 1) + timedelta(days=number)


def happened(kind: str, on: int, level: Level | None = None, ground: str = "上半年晴雨表") -> Event:
    return Event(EventKind(kind), day(on), level, ground)


def test_a_response_runs_from_warning_to_end() -> None:
    now = standing(
        (
            happened("raise", 0, YELLOW),
            happened("start", 3),
            happened("follow", 20),
            happened("escalate", 30, RED),
            happened("start", 31),
            happened("lower", 60, YELLOW),
            happened("start", 61),
            happened("lift", 90),
        )
    )
    assert now is not None
    assert now.state is State.LIFTED
    assert now.level is YELLOW
    assert now.lifted_on == day(90)
    assert [(on, level) for on, level, _ in now.grounds] == [
        (day(0), YELLOW), (day(30), RED), (day(60), YELLOW), (day(90), None)
    ]  # fmt: skip


def test_another_level_has_duties_of_its_own() -> None:
    now = standing(
        (happened("raise", 0, YELLOW), happened("start", 3), happened("follow", 9), happened("escalate", 30, RED))
    )
    assert now is not None
    assert (now.state, now.since, now.started_on, now.followed_on) == (State.RAISED, day(30), None, None)


@pytest.mark.parametrize(
    ("before", "event", "why"),
    [
        ((), happened("start", 0), Hindrance.STATE),
        ((happened("raise", 0, RED),), happened("raise", 1, RED), Hindrance.STATE),
        ((happened("raise", 0, RED),), happened("follow", 1), Hindrance.STATE),
        ((happened("raise", 0, RED),), happened("escalate", 1, RED), Hindrance.LEVEL),
        ((happened("raise", 0, YELLOW),), happened("escalate", 1), Hindrance.LEVEL),
        ((happened("raise", 0, RED),), happened("lower", 1, GREEN), Hindrance.LEVEL),
        ((happened("raise", 0, YELLOW),), happened("lower", 1, RED), Hindrance.LEVEL),
        ((), happened("raise", 0, GREEN), Hindrance.LEVEL),
        ((happened("raise", 0, RED),), happened("start", 1, RED), Hindrance.LEVEL),
        ((happened("raise", 0, RED),), happened("lift", 1, ground=" "), Hindrance.GROUND),
        ((), happened("raise", 0, RED, ""), Hindrance.GROUND),
        ((happened("raise", 5, RED),), happened("start", 4), Hindrance.DAY),
        ((happened("raise", 0, RED), happened("lift", 1)), happened("start", 2), Hindrance.STATE),
    ],
)
def test_what_cannot_happen_says_why(before: tuple[Event, ...], event: Event, why: Hindrance) -> None:
    now = standing(before)
    assert hindrance(now, event) is why
    with pytest.raises(CannotHappen, match=why.value):
        after(now, event)


def test_steps_need_no_ground_and_changes_do() -> None:
    now = standing((happened("raise", 0, RED), happened("start", 1, ground="")))
    assert now is not None
    assert now.state is State.STARTED


@pytest.mark.parametrize(
    ("before", "judged", "kind"),
    [
        ((), GREEN, None),
        ((), YELLOW, EventKind.RAISE),
        ((happened("raise", 0, YELLOW),), RED, EventKind.ESCALATE),
        ((happened("raise", 0, RED),), YELLOW, EventKind.LOWER),
        ((happened("raise", 0, RED),), RED, None),
        ((happened("raise", 0, RED),), GREEN, EventKind.LIFT),
        ((happened("raise", 0, RED),), None, None),
        ((happened("raise", 0, RED), happened("lift", 3)), RED, EventKind.RAISE),
    ],
)
def test_what_a_judgement_calls_for(before: tuple[Event, ...], judged: Level | None, kind: EventKind | None) -> None:
    assert suggested(standing(before), judged) is kind


@given(st.lists(st.sampled_from([RED, YELLOW, GREEN, None]), max_size=20))
def test_what_is_called_for_can_always_happen(judged: list[Level | None]) -> None:
    """Whatever levels follow each other: following the suggestions ends at the last level that was judged."""
    now = None
    for number, level in enumerate(judged):
        kind = suggested(now, level)
        if kind is EventKind.RAISE:
            now = None
        if kind is not None:
            now = after(now, happened(kind.value, number, None if kind is EventKind.LIFT else level))
    last = next((level for level in reversed(judged) if level is not None), GREEN)
    assert last is (GREEN if now is None or now.state is State.LIFTED else now.level)


def weekdays(since: date, number: int) -> date:
    found = since
    while number:
        found += timedelta(days=1)
        number -= found.weekday() < 5
    return found


def test_levels_start_duties_with_bodies_and_terms() -> None:
    """The list of prefectures is due in twenty workdays: from Thursday 2021-08-12 to Thursday 2021-09-09."""
    plans = plans_for(PLANS.values(), "intensity", date(2021, 8, 12))
    found = tasks(plans, RED, date(2021, 8, 12), weekdays)
    assert {task.duty.id for task in found} == {
        "start_regulation_plan", "publish_warning", "remind_region", "guide_region", "report_suspension_list"
    }  # fmt: skip
    (listed,) = (task for task in found if task.duty.id == "report_suspension_list")
    assert listed.due == date(2021, 9, 9)
    assert not listed.is_late(date(2021, 9, 9))
    assert listed.is_late(date(2021, 9, 10))
    assert "629号" in listed.duty.clause.words.zh
    assert all(task.due is None and not task.is_late(date(2030, 1, 1)) for task in found if task is not listed)
    done = tasks(plans, RED, date(2021, 8, 12), weekdays, {"report_suspension_list": date(2021, 9, 1)})
    assert not any(task.is_late(date(2021, 9, 10)) for task in done)


def test_a_plan_that_is_over_or_of_another_rule_starts_nothing() -> None:
    assert {plan.id for plan in plans_for(PLANS.values(), "intensity", date(2022, 1, 1))} == {"regulation_plan"}
    assert {plan.id for plan in plans_for(PLANS.values(), "total", date(2021, 9, 1))} == {"regulation_plan"}
    assert tasks(plans_for(PLANS.values(), "total", date(2021, 9, 1)), GREEN, date(2021, 9, 1), weekdays) == ()


def test_the_rulebook_hands_out_the_law_of_the_outlook() -> None:
    law = open_rulebook().outlook()
    assert set(law.triggers) == {"environmental_quality", "key_projects", "measures"}
    assert {plan.id for plan in law.started_by("intensity", date(2021, 9, 1))} == {"regulation_plan", "suspension_plan"}
    assert {"intensity", "total", "pollutant_decline", "target"} <= set(law.barometer)


def test_every_rule_of_the_outlook_starts_a_plan() -> None:
    folder = open_rulebook().folder
    rules = {
        Path(name).stem for word in ("barometer", "triggers") for name in folder.names_in("national", f"outlook/{word}")
    }
    assert rules == set(PLANS["regulation_plan"].rules)


def test_a_plan_of_a_rule_that_is_not_there_is_found(tmp_path: Path) -> None:
    shutil.copytree(policy_root(), tmp_path / "policy")
    path = tmp_path / "policy/national/outlook/response/suspension_plan.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("- intensity", "- intensty"), encoding="utf-8")
    (found,) = check_response_plans(PolicyFolder(tmp_path / "policy"))
    assert "intensty" in found.message.zh


def trials(*told: tuple[Level | None, bool | None]) -> list[Trial]:
    return [Trial("intensity", level, is_missed) for level, is_missed in told]


def test_false_alarms_and_misses_are_counted() -> None:
    found = tally(
        trials((RED, True), (YELLOW, False), (RED, False), (GREEN, True), (GREEN, False), (None, True), (RED, None))
    )
    assert found == Tally(hits=1, false_alarms=2, misses=1, calms=1, undecided=2)
    assert found.false_alarm_pct is not None
    assert round(found.false_alarm_pct, 2) == Decimal("66.67")
    assert found.miss_pct == 50


def test_only_red_may_count_as_a_warning() -> None:
    told = trials((RED, True), (YELLOW, True), (YELLOW, False))
    assert tally(told, RED) == Tally(hits=1, false_alarms=0, misses=1, calms=1, undecided=0)


def test_a_share_of_nothing_is_not_known() -> None:
    found = tally(trials((GREEN, False)))
    assert found.false_alarm_pct is None
    assert found.miss_pct is None


def test_rates_are_kept_by_rule() -> None:
    told = [*trials((RED, True)), Trial("total", RED, False)]
    assert {rule: (each.hits, each.false_alarms) for rule, each in by_rule(told).items()} == {
        "intensity": (1, 0), "total": (0, 1)
    }  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from([RED, YELLOW, GREEN, None]), st.sampled_from([True, False, None]))))
def test_every_trial_is_counted_once(told: list[tuple[Level | None, bool | None]]) -> None:
    found = tally(trials(*told))
    assert found.hits + found.false_alarms + found.misses + found.calms + found.undecided == len(told)


def test_every_state_and_hindrance_has_its_words() -> None:
    assert set(STATES) == set(State)
    assert set(HINDRANCES) == set(Hindrance)
