"""表彰: what can happen to a proposal, and how it stands after it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from shuangkong.assessment.commendation import (
    TRANSITIONS,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    Standing,
    State,
    after,
    hindrance,
    standing,
)

START = date(2024, 3, 1)
LAST = START + timedelta(days=6)
PROPOSED = Event(1, EventKind.PROPOSE, START, amount_cny=Decimal(50_000))
SHOWN = Event(2, EventKind.PUBLICISE, START, until=LAST)
OBJECTED = Event(3, EventKind.OBJECT, START + timedelta(days=1))
DISMISSED = Event(4, EventKind.DISMISS, START + timedelta(days=2), answers=3)
APPROVED = Event(5, EventKind.APPROVE, LAST + timedelta(days=1), amount_cny=Decimal(30_000))
ANNOUNCED = Event(6, EventKind.ANNOUNCE, LAST + timedelta(days=2), number="文1号")
REVOKED = Event(7, EventKind.REVOKE, LAST + timedelta(days=90), number="文2号")
WHOLE = (PROPOSED, SHOWN, OBJECTED, DISMISSED, APPROVED, ANNOUNCED, REVOKED)


def test_the_whole_way() -> None:
    states = [standing(WHOLE[: count + 1]).state for count in range(len(WHOLE))]
    assert states == [
        State.PROPOSED, State.PUBLICISED, State.PUBLICISED, State.PUBLICISED, State.APPROVED, State.ANNOUNCED,
        State.REVOKED,
    ]  # fmt: skip
    now = standing(WHOLE)
    assert (now.shown_from, now.shown_until, now.approved_on) == (START, LAST, APPROVED.on)
    assert (now.announced_on, now.number, now.revoking, now.ended_on) == (ANNOUNCED.on, "文1号", "文2号", REVOKED.on)
    assert (now.objections, now.open) == (1, frozenset())


def test_what_is_approved_takes_the_place_of_what_was_proposed() -> None:
    assert standing(WHOLE[:4]).amount_cny == Decimal(50_000)
    assert standing(WHOLE).amount_cny == Decimal(30_000)


def test_nothing_is_approved_before_the_publicity_is_over() -> None:
    now = standing((PROPOSED, SHOWN))
    assert hindrance(now, EventKind.APPROVE, LAST) is Hindrance.STILL_SHOWN
    assert hindrance(now, EventKind.APPROVE, LAST + timedelta(days=1)) is None


def test_nothing_is_approved_while_an_objection_waits() -> None:
    now = standing((PROPOSED, SHOWN, OBJECTED))
    assert now.open == {3}
    assert hindrance(now, EventKind.APPROVE, LAST + timedelta(days=1)) is Hindrance.UNANSWERED
    assert hindrance(now, EventKind.DISMISS, LAST, 99) is Hindrance.NOT_OPEN
    with pytest.raises(CannotHappen, match="unanswered"):
        after(now, APPROVED)


def test_an_upheld_objection_ends_it() -> None:
    now = standing((PROPOSED, SHOWN, OBJECTED, Event(4, EventKind.UPHOLD, LAST, answers=3)))
    assert (now.state, now.ended_on, now.open) == (State.WITHDRAWN, LAST, frozenset())


def test_every_pair_that_the_table_lacks_is_refused() -> None:
    assert {state for state, _ in TRANSITIONS} == set(State) - {State.WITHDRAWN, State.REVOKED}
    for state in State:
        for kind in EventKind:
            found = hindrance(Standing(state=state), kind, LAST)
            assert (found is Hindrance.STATE) is ((state, kind) not in TRANSITIONS), (state, kind)
