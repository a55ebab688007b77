"""What units ask for: one table, answered once, whatever the order; windows put off, the later day stands."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.reporting.life import OWED, Event, EventKind, State
from shuangkong.reporting.life_page import WHO_PETITIONS, life_page
from shuangkong.reporting.life_standing import Clock, Standing, after, clock, may, standing
from shuangkong.reporting.petitions import (
    EVENTS,
    GRANTED_BY,
    KINDS,
    ROWS,
    STATES,
    TRANSITIONS,
    PetitionEvent,
    PetitionKind,
    PetitionState,
    may_be_asked,
    settled_by,
)

DUE = date(2031, 4, 8)
K, P = EventKind, PetitionKind


def on(days: int) -> date:
    return DUE + timedelta(days=days)


def test_every_word_is_there_and_on_the_page() -> None:
    page = life_page()
    assert set(KINDS) == set(GRANTED_BY) == set(P)
    assert set(STATES) == set(PetitionState)
    assert set(EVENTS) == set(WHO_PETITIONS) == set(PetitionEvent) == {event for event, _, _ in ROWS}
    assert "  open --> granted: 同意申请" in page
    assert "  [*] --> open: 提出申请" in page


def test_an_answered_one_stays_answered() -> None:
    ended = [state for state in PetitionState if state is not PetitionState.OPEN]
    assert not [pair for pair in TRANSITIONS if pair[0] in ended]
    assert {state for _, state in ((p, s) for p, s in TRANSITIONS.items())} == set(PetitionState)


def test_what_may_be_asked_for_follows_the_table_of_the_return() -> None:
    assert may_be_asked(Standing(due=DUE)) == tuple(P)
    assert may_be_asked(Standing(due=DUE), [P.EXTEND, P.STOP]) == (P.HOLD, P.EXEMPT)
    assert may_be_asked(Standing(due=DUE, held_on=DUE)) == (P.EXTEND, P.STOP, P.EXEMPT)
    for state in set(State) - set(OWED):
        assert may_be_asked(Standing(state=state, due=DUE)) == ()


def test_the_act_that_was_asked_for_grants_it_and_what_is_owed_no_more_lapses() -> None:
    owed = Standing(due=DUE)
    put_off = after(owed, Event(K.EXTEND, on(0), due=on(5)))
    assert settled_by(P.EXTEND, owed, K.EXTEND, put_off) is PetitionEvent.GRANT
    assert settled_by(P.EXEMPT, owed, K.EXTEND, put_off) is None
    exempt = after(owed, Event(K.EXEMPT, on(0)))
    assert settled_by(P.EXEMPT, owed, K.EXEMPT, exempt) is PetitionEvent.GRANT
    assert settled_by(P.EXTEND, owed, K.EXEMPT, exempt) is PetitionEvent.LAPSE
    came = after(owed, Event(K.SUBMIT, on(0), version=1))
    back = after(came, Event(K.RETURN, on(1), due=on(3)))
    assert back.state in OWED
    assert settled_by(P.EXTEND, came, K.RETURN, back) is PetitionEvent.LAPSE, "asked before it was handed in"


@given(st.lists(st.one_of(st.sampled_from(P), st.sampled_from(list(K))), max_size=20))
def test_asking_changes_no_return_and_an_open_one_is_always_one_that_may_be_granted(told: list[P | K]) -> None:
    """Whatever is asked for and done in whatever order."""
    now, waits, version = Standing(due=DUE, levels=2), set[P](), 0
    for each in told:
        if isinstance(each, P):
            if each in may_be_asked(now, waits):
                waits.add(each)
            continue
        if not may(now, each):
            continue
        before = now
        now = after(now, Event(each, on(0), version=version + 1, level=now.level + 1, due=on(9)))
        version += each in (K.SUBMIT, K.CORRECT)
        if each not in (K.SUBMIT, K.CORRECT, K.DRAFT):  # which touch their own rows alone
            waits = {kind for kind in waits if settled_by(kind, before, each, now) is None}
        if now.state in OWED:
            assert all(may(now, GRANTED_BY[kind]) for kind in waits)


def test_a_window_put_off_moves_what_is_owed_and_what_came_late() -> None:
    put_off = Event(K.PUT_OFF, on(3), due=on(10))
    late = standing(DUE, 1, [])
    assert clock(late, on(3), 0) is Clock.LATE
    assert clock(after(late, put_off), on(3), 0) is Clock.CALM
    came = standing(DUE, 1, [Event(K.SUBMIT, on(2), version=1)])
    assert clock(came, on(3), 0) is Clock.RECEIVED_LATE
    assert clock(after(came, put_off), on(3), 0) is Clock.RECEIVED
    back = after(standing(DUE, 1, [Event(K.SUBMIT, on(-1), version=1)]), Event(K.RETURN, on(0), due=on(4)))
    assert after(back, put_off).owed_by == on(10)
    idle = after(standing(DUE, 1, [Event(K.STOP, on(0))]), put_off)
    assert clock(after(idle, Event(K.REQUIRE, on(4))), on(4), 0) is Clock.CALM, "owed again it is not late at once"


def test_a_later_day_of_its_own_stays_and_a_stopped_clock_keeps_its_days() -> None:
    further = standing(DUE, 1, [Event(K.EXTEND, on(0), due=on(30)), Event(K.PUT_OFF, on(1), due=on(10))])
    assert further.due == on(30)
    held = standing(DUE, 1, [Event(K.HOLD, on(-2)), Event(K.PUT_OFF, on(1), due=on(10))])
    assert after(held, Event(K.RELEASE, on(3))).due == on(15)


@pytest.mark.parametrize("state", State)
def test_the_day_of_the_window_holds_for_all_however_they_stand(state: State) -> None:
    assert after(Standing(state=state, due=DUE), Event(K.PUT_OFF, on(0), due=on(10))).due == on(10)


def test_what_is_locked_or_let_go_comes_back_by_the_new_day() -> None:
    put_off = Event(K.PUT_OFF, on(3), due=on(10))
    locked = after(Standing(state=State.LOCKED, due=DUE, received_on=on(2), levels=1, level=1), put_off)
    assert clock(after(locked, Event(K.UNLOCK, on(4))), on(4), 0) is Clock.RECEIVED
    gone = after(Standing(state=State.CANCELLED, due=DUE), put_off)
    assert clock(after(gone, Event(K.REQUIRE, on(4))), on(4), 0) is Clock.CALM, "owed again it is not late at once"


@given(st.lists(st.integers(-3, 30), min_size=1, max_size=4), st.sampled_from([None, -1, 2]))
def test_put_off_twice_is_once_in_whatever_order(days: list[int], redo: int | None) -> None:
    begun = Standing(due=DUE, state=State.RETURNED if redo else State.OPEN, redo_by=on(redo) if redo else None)
    ends = set[Standing]()
    for order in permutations([*days, days[0]]):
        now = begun
        for each in order:
            now = after(now, Event(K.PUT_OFF, on(0), due=on(each)))
        ends.add(now)
    assert len(ends) == 1
    assert ends.pop().due == max(DUE, *map(on, days))


@pytest.mark.parametrize("state", PetitionState)
def test_only_an_open_one_is_answered(state: PetitionState) -> None:
    answers = {PetitionEvent.GRANT, PetitionEvent.REFUSE, PetitionEvent.WITHDRAW, PetitionEvent.LAPSE}
    found = {event for before, event in TRANSITIONS if before is state}
    assert found == (answers if state is PetitionState.OPEN else set())
