"""The life of an alarm: its table, its timers, its picture."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clocks import Clock
from hypothesis import given
from hypothesis import strategies as some

from shuangkong.monitoring.alarms.life import (
    GRAVEST,
    LOWEST,
    TRANSITIONS,
    Act,
    CannotHappen,
    Hindrance,
    State,
    Step,
    after,
    diagram,
    hindrance,
    page,
    possible,
    standing,
)
from shuangkong.monitoring.alarms.timers import due, explain_by
from shuangkong.rulebook import open_rulebook

START = Clock.at(date(2024, 5, 1))
TIMERS = open_rulebook().monitoring().timers


def steps(*acts: Act, gap_hours: int = 1) -> list[Step]:
    return [Step(act, START + n * timedelta(hours=gap_hours), "理由") for n, act in enumerate(acts)]


def test_a_case_walks_from_open_to_closed_and_back() -> None:
    walked = (
        Act.RAISE,
        Act.EASE,
        Act.EXPLAIN,
        Act.RETURN,
        Act.EXPLAIN,
        Act.REVIEW,
        Act.HAND_OVER,
        Act.CLOSE,
        Act.REOPEN,
    )
    found = standing(steps(*walked))
    assert found is not None
    assert (found.state, found.reopened, found.is_handed_over, found.is_eased) == (State.OPEN, 1, True, False)


@pytest.mark.parametrize(
    ("before", "step", "why"),
    [
        ((Act.RAISE,), Act.CLOSE, Hindrance.STATE),
        ((Act.RAISE, Act.EXPLAIN), Act.CLOSE, Hindrance.STATE),
        ((Act.RAISE, Act.EXPLAIN, Act.REVIEW), Act.CLOSE, Hindrance.NOT_EASED),
        ((), Act.EXPLAIN, Hindrance.STATE),
        ((Act.RAISE,), Act.RAISE, Hindrance.STATE),
        ((Act.RAISE,), Act.DEESCALATE, Hindrance.LEVEL),
        ((Act.RAISE, Act.ESCALATE, Act.ESCALATE), Act.ESCALATE, Hindrance.LEVEL),
    ],
)
def test_what_cannot_happen_says_why(before: tuple[Act, ...], step: Act, why: Hindrance) -> None:
    now = standing(steps(*before))
    assert hindrance(now, Step(step, START + timedelta(days=1), "理由")) is why


def test_reasons_and_times_are_asked_for() -> None:
    now = standing(steps(Act.RAISE))
    assert hindrance(now, Step(Act.EXPLAIN, START, "  ")) is Hindrance.GROUND
    assert hindrance(now, Step(Act.EXPLAIN, START - timedelta(hours=1), "检修")) is Hindrance.TIME


@given(some.lists(some.sampled_from(list(Act)), max_size=25))
def test_whatever_is_tried_the_table_holds(acts: list[Act]) -> None:
    now = None
    for n, act in enumerate([Act.RAISE, *acts]):
        step = Step(act, START + timedelta(hours=n), "理由")
        try:
            then = after(now, step)
        except CannotHappen:
            continue
        assert LOWEST <= then.level <= GRAVEST
        if now is not None:
            assert TRANSITIONS[now.state, act] is then.state
            assert act in possible(now)
            assert not (then.state is State.CLOSED and not now.is_eased)
        now = then


def test_timers_raise_what_waits_and_lower_what_is_clean() -> None:
    opened = standing(steps(Act.RAISE))
    assert opened is not None
    assert due(opened, TIMERS, START + timedelta(hours=23), 1000) is None
    found = due(opened, TIMERS, START + timedelta(hours=30), 0)
    assert found is not None
    assert (found.act, found.at) == (Act.ESCALATE, START + timedelta(hours=24))
    assert explain_by(opened, TIMERS) == START + timedelta(hours=24)
    risen = after(opened, Step(Act.ESCALATE, found.at))
    assert due(risen, TIMERS, START + timedelta(hours=60), 0) is None, "the clock of the new level begins anew"
    explained = after(risen, Step(Act.EXPLAIN, found.at + timedelta(hours=1), "检修"))
    lowered = due(explained, TIMERS, found.at + timedelta(hours=2), 72)
    assert lowered is not None
    assert lowered.act is Act.DEESCALATE


def test_every_act_that_leads_somewhere_is_drawn() -> None:
    drawn = "\n".join(diagram())
    for (before, _act), then in TRANSITIONS.items():
        if then is not before:
            assert f"{before.value} --> {then.value}" in drawn
    assert drawn in page()
