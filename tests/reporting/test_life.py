"""The life of a return: what may happen when, levels one by one, clocks, corrections in any order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.reporting.correction import Conflict, applied, changes, rebased, rebased_keys
from shuangkong.reporting.forms.addresses import open_address
from shuangkong.reporting.life import EVENTS, IN_FORCE, NOT_DUE, ROWS, STATES, Event, EventKind, State
from shuangkong.reporting.life_page import WHO, life_page
from shuangkong.reporting.life_standing import CannotHappen, Clock, Standing, after, clock, may, standing

DUE = date(2031, 4, 8)
DAY = timedelta(days=1)


def on(days: int) -> date:
    return DUE + days * DAY


def lived(*told: tuple[EventKind, int] | Event, levels: int = 3) -> Standing:
    events = [each if isinstance(each, Event) else Event(each[0], on(each[1]), version=1) for each in told]
    return standing(DUE, levels, events)


K = EventKind
ACCEPTED = ((K.SUBMIT, -2), (K.REVIEW, -1), (K.ACCEPT, 0))


def approved(count: int) -> list[Event]:
    return [Event(K.APPROVE, on(1), level=level) for level in range(1, count + 1)]


def test_every_state_and_event_has_words_and_a_line_on_the_page() -> None:
    page = life_page()
    assert set(STATES) == set(State)
    assert set(EVENTS) == set(EventKind) == {kind for kind, _, _ in ROWS} == set(WHO)
    assert "  submitted --> desk_review: 开始审核" in page
    assert page.count("`approve`") == 1


def test_the_main_road_ends_locked() -> None:
    now = lived(*ACCEPTED, *approved(3), (K.LOCK, 2))
    assert (now.state, now.in_force, now.level) == (State.LOCKED, 1, 3)
    assert clock(now, on(30), 5) is Clock.RECEIVED


def test_approval_starts_at_the_lowest_level_and_leaves_none_out() -> None:
    with pytest.raises(CannotHappen):
        lived(*ACCEPTED, Event(K.APPROVE, on(1), level=2))
    with pytest.raises(CannotHappen):
        lived(*ACCEPTED, *approved(1), Event(K.APPROVE, on(1), level=3))
    with pytest.raises(CannotHappen):
        lived(*ACCEPTED, *approved(2), (K.LOCK, 2))
    with pytest.raises(CannotHappen):
        lived((K.SUBMIT, 0), Event(K.APPROVE, on(1), level=1))
    assert lived(*ACCEPTED, *approved(2)).is_whole is False


def test_a_returned_one_that_nobody_sends_in_again_is_late_again() -> None:
    now = lived((K.SUBMIT, -1), Event(K.RETURN, on(1), due=on(4)))
    assert clock(now, on(4), 0) is Clock.DUE_SOON
    assert clock(now, on(5), 0) is Clock.LATE
    again = after(now, Event(K.SUBMIT, on(3), version=2))
    assert clock(again, on(30), 0) is Clock.RECEIVED  # the first came in time
    assert clock(after(again, Event(K.RECALL, on(3))), on(5), 0) is Clock.LATE


def test_the_clock_stands_and_goes_on_later() -> None:
    held = lived((K.HOLD, -3))
    assert clock(held, on(50), 5) is Clock.HELD
    assert after(held, Event(K.RELEASE, on(7))).due == on(10)
    assert lived(Event(K.EXTEND, on(-1), due=on(6))).due == on(6)
    late = lived((K.SUBMIT, 1))
    assert clock(late, on(9), 5) is Clock.RECEIVED_LATE
    assert clock(lived((K.STOP, -1)), on(9), 5) is Clock.NOT_DUE
    assert clock(lived((K.EXEMPT, -1), (K.REQUIRE, 0)), on(1), 5) is Clock.LATE


def test_what_comes_while_the_clock_stands_is_in_time_by_the_days_that_were_left() -> None:
    held = lived((K.HOLD, -2))
    assert clock(held, on(20), 5) is Clock.HELD
    came = after(held, Event(K.SUBMIT, on(20), version=1))
    assert (came.held_on, came.due) == (None, on(22))
    assert clock(came, on(20), 5) is Clock.RECEIVED
    again = after(came, Event(K.RECALL, on(21)))
    assert clock(again, on(23), 5) is Clock.LATE, "it goes on"


def test_a_correction_that_comes_to_nothing_leaves_what_was_approved() -> None:
    whole = lived(*ACCEPTED, *approved(2))
    told = after(whole, Event(K.CORRECT, on(3), version=2))
    assert (told.state, told.in_force, told.level) == (State.SUBMITTED, 1, 0)
    for kind in (K.RETURN, K.RECALL):
        back = after(told, Event(kind, on(4)))
        assert (back.state, back.level, back.in_force, back.version) == (State.APPROVED, 2, 1, 1)
    taken = after(told, Event(K.ACCEPT, on(4)))
    assert (taken.state, taken.in_force, taken.level, taken.corrections) == (State.ACCEPTED, 2, 0, 1)


@given(st.lists(st.sampled_from(EventKind), max_size=25))
def test_whatever_happens_the_standing_is_sound(kinds: list[EventKind]) -> None:
    """A version in force is never lost, levels stay within bounds, nothing happens that ``may`` refuses."""
    now, version, in_force = Standing(due=DUE, levels=2), 0, None
    for kind in kinds:
        event = Event(kind, on(0), version=version + 1, level=now.level + 1, due=on(9))
        if not may(now, kind):
            with pytest.raises(CannotHappen):
                after(now, event)
            continue
        now = after(now, event)
        version += kind in (K.SUBMIT, K.CORRECT)
        assert in_force is None or now.in_force is not None or now.state in NOT_DUE
        in_force = now.in_force
        assert 0 <= now.level <= now.levels
        assert (now.state in IN_FORCE) <= (now.in_force is not None)
        assert now.state is not State.LOCKED or now.is_whole


contents = st.dictionaries(st.sampled_from("abcdefgh"), st.decimals(0, 9, places=1), max_size=8)


@given(contents, contents)
def test_changes_rebuild_the_version_and_twice_is_once(before: dict[str, Decimal], now: dict[str, Decimal]) -> None:
    made = changes(before, now)
    assert applied(before, made) == now
    assert applied(applied(before, made), made) == now


@given(contents, st.lists(contents, min_size=2, max_size=3))
def test_the_order_of_corrections_does_not_matter(base: dict[str, Decimal], wanted: list[dict[str, Decimal]]) -> None:
    """Whoever comes first: the same end, or a conflict that is told; nothing is lost."""
    ends = set()
    for order in permutations(wanted):
        now = dict(base)
        try:
            for each in order:
                now = rebased(base, each, now)
        except Conflict:
            ends.add("conflict")
            continue
        ends.add(str(sorted(now.items())))
        for each in order:
            for address, change in changes(base, each).items():
                assert now.get(address) == change.after
    assert len(ends) == 1


rows = st.dictionaries(st.sampled_from("甲乙丙丁"), st.integers(0, 3), max_size=4)


def _table(told: dict[str, int]) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    return {open_address("t", "n", key): value for key, value in told.items()}, {"t": tuple(told)} if told else {}


@given(rows, st.lists(rows, min_size=2, max_size=3))
def test_rows_of_an_open_table_follow_their_entries_in_whatever_order(
    base: dict[str, int], wanted: list[dict[str, int]]
) -> None:
    began, began_keys = _table(base)
    for order in permutations(wanted):
        now, keys = began, began_keys
        try:
            for each in order:
                content, told = _table(each)
                now = rebased(began, content, now)
                keys = rebased_keys(began_keys, told, keys, now)
        except Conflict:
            continue
        assert {open_address("t", "n", key) for key in keys.get("t", ())} == now.keys()
        assert all(len(each) == len(set(each)) for each in keys.values())
