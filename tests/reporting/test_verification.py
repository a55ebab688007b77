"""Verification: what can happen to a case, and which bodies may verify whom."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.policyfile.node import Leaf, Listing, Mapping
from shuangkong.reporting.verification.bodies import (
    Assignment,
    Body,
    Qualification,
    Recheck,
    Service,
    Step,
    check_assignment,
    check_rechecks,
    step_due,
    years_in_a_row,
)
from shuangkong.reporting.verification.standing import (
    ROWS,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    Standing,
    State,
    after,
    carries_an_act,
    hindrance,
    may,
    standing,
)
from shuangkong.rulebook import open_rulebook

RULEBOOK = open_rulebook()
CHECKS = {check.code: check for check in RULEBOOK.checks("reporting/verification")}
DAY = date(2025, 7, 1)


def cases() -> list[Mapping]:
    node = RULEBOOK.folder.check("national/reporting/verification/checks.cases.yaml").node
    assert isinstance(node, Listing)
    return list(node.mappings())


def day(facts: Mapping, key: str) -> date | None:
    return date.fromisoformat(facts.text(key)) if key in facts else None


def body(facts: Mapping) -> Body:
    starts = day(facts, "qualified_from")
    assert starts is not None
    qualified = Qualification(Validity(starts, day(facts, "qualified_until")), tuple(facts.text("sectors").split()))
    services = []
    if until := day(facts, "consulted_until"):
        services.append(Service("consulting", "甲厂", until))
    if until := day(facts, "employed_until"):
        services.append(Service("employment", "甲厂", until, facts.text("employed")))
    suspended = day(facts, "suspended_from")
    return Body(
        "b", Message("乙机构", "B"), (qualified,), frozenset(facts.text("holds").split()), tuple(services),
        {"甲厂": tuple(map(int, facts.text("verified").split()))},
        (Validity(suspended, day(facts, "suspended_until")),) if suspended else (),
    )  # fmt: skip


@pytest.mark.parametrize("item", cases(), ids=lambda item: item.text("name"))
def test_cases_come_out_as_they_say(item: Mapping) -> None:
    facts, on = item.mapping("facts"), item.day("day")
    assert on is not None
    asked = Assignment("甲厂", facts.text("industry"), 2025, on, tuple(facts.text("team").split()))
    found = [each.code for each in check_assignment(body(facts), asked, CHECKS)]
    if "told" in facts:
        second = facts.number("found") if isinstance(facts.entries.get("found"), Leaf) else None
        recheck = Recheck("甲厂", 2024, on, facts.number("told"), second, is_untrue="untrue" in facts)
        found += [each.code for each in check_rechecks(body(facts), [recheck], CHECKS, on)]
    assert set(found) >= set(item.listing("trips").texts())
    assert not set(found) & set(item.listing("passes").texts())


def recheck(verified: int, found: int | None = 100, **told: bool) -> Recheck:
    return Recheck("甲厂", 2024, DAY, Decimal(verified), None if found is None else Decimal(found), **told)


def test_what_is_due_grows_with_how_often() -> None:
    assert step_due([recheck(100), recheck(104)], CHECKS, DAY) is None
    assert step_due([recheck(100), recheck(110)], CHECKS, DAY) is Step.WARN
    assert step_due([recheck(110), recheck(80), recheck(120)], CHECKS, DAY) is Step.SUSPEND
    assert step_due([recheck(100, is_untrue=True)], CHECKS, DAY) is Step.REMOVE


def test_years_in_a_row_break() -> None:
    assert years_in_a_row((2022, 2023, 2024), 2025) == 3
    assert years_in_a_row((2021, 2022, 2024), 2025) == 1
    assert years_in_a_row((), 2025) == 0


def event(kind: EventKind, on: int = 0, **told: object) -> Event:
    plain = {"ground": "已查", "people": ("王", "李"), "document": "某统执〔2025〕1"}
    return Event(kind, DAY + timedelta(days=on), **(plain | told))  # type: ignore[arg-type]


def case(*kinds: EventKind, is_administrative: bool = True) -> Standing:
    events = [event(kind, at) for at, kind in enumerate((EventKind.OPEN, *kinds))]
    found = standing(events, is_administrative=is_administrative)
    assert found is not None
    return found


def test_the_way_of_a_case_that_is_corrected() -> None:
    now = case(EventKind.NOTE, EventKind.VISIT, EventKind.ASK, EventKind.CORRECT, EventKind.CLOSE)
    assert now.state is State.CLOSED
    assert len(now.grounds) == 6
    assert may(now) == ()


def test_nobody_decides_what_he_has_not_seen() -> None:
    now = case(EventKind.NOTE)
    assert hindrance(now, event(EventKind.CONVICT, 5)) is Hindrance.VISIT
    assert hindrance(case(EventKind.VISIT), event(EventKind.CONVICT, 5, document="")) is Hindrance.DOCUMENT
    assert hindrance(now, event(EventKind.VISIT, 5, people=("王", "王"))) is Hindrance.PEOPLE
    assert hindrance(now, event(EventKind.CLEAR, 5, ground=" ")) is Hindrance.GROUND
    assert hindrance(now, event(EventKind.VISIT, -1)) is Hindrance.DAY


def test_fraud_is_handed_over_before_its_case_is_closed() -> None:
    now = case(EventKind.VISIT, EventKind.CONVICT)
    for kind in (EventKind.CLOSE, EventKind.OUTCOME):
        assert hindrance(now, event(kind, 9)) is Hindrance.HANDED
    assert hindrance(now, event(EventKind.HAND_OVER, 9, people=(" ",))) is Hindrance.RECEIVER
    assert hindrance(now, event(EventKind.HAND_OVER, 9, document="")) is Hindrance.DOCUMENT
    done = after(after(now, event(EventKind.HAND_OVER, 9)), event(EventKind.OUTCOME, 12))
    assert (done.state, after(done, event(EventKind.CLOSE, 20)).state) == (State.FRAUD, State.CLOSED)
    assert EventKind.HAND_OVER not in may(case(EventKind.VISIT, EventKind.CONFIRM))


def test_what_comes_of_a_fraud_is_recorded_after_its_case_is_closed() -> None:
    closed = case(EventKind.VISIT, EventKind.CONVICT, EventKind.HAND_OVER, EventKind.CLOSE)
    assert may(closed) == (EventKind.HAND_OVER, EventKind.OUTCOME)
    assert after(closed, event(EventKind.OUTCOME, 200)).state is State.CLOSED
    assert hindrance(closed, event(EventKind.CLOSE, 200)) is Hindrance.STATE


def test_a_fraud_that_was_closed_before_it_had_to_be_handed_over_can_be_still() -> None:
    closed = case(EventKind.VISIT, EventKind.CONVICT, EventKind.CLOSE)
    assert closed.state is State.CLOSED
    assert hindrance(closed, event(EventKind.OUTCOME, 9)) is Hindrance.HANDED
    handed = after(closed, event(EventKind.HAND_OVER, 9))
    assert after(handed, event(EventKind.OUTCOME, 10)).state is State.CLOSED


def test_statistics_carry_no_act_but_fraud_does() -> None:
    assert not carries_an_act(case(EventKind.VISIT, is_administrative=False))
    assert carries_an_act(case(EventKind.VISIT, EventKind.CONVICT, is_administrative=False))
    assert carries_an_act(case(EventKind.VISIT))


def test_every_state_but_the_last_goes_on() -> None:
    assert {before for _, befores, _ in ROWS for before in befores} == set(State)
    for kind in (EventKind.CONFIRM, EventKind.CLEAR):
        assert may(case(EventKind.VISIT, kind, EventKind.CLOSE)) == ()


@given(st.lists(st.sampled_from([kind for kind in EventKind if kind is not EventKind.OPEN]), max_size=12))
def test_what_may_happen_happens_and_nothing_else(kinds: list[EventKind]) -> None:
    now = case()
    for at, kind in enumerate(kinds):
        if hindrance(now, event(kind, at)) is None:
            assert kind in may(now)
            now = after(now, event(kind, at))
        else:
            with pytest.raises(CannotHappen):
                after(now, event(kind, at))


@pytest.mark.parametrize(
    ("sector", "industry", "covers"),
    [
        ("C30", "C3011", True), ("30", "C3011", True), ("C30", "3011", True), ("30", "3011", True),
        ("C", "C3011", True),
        ("31", "C3011", False), ("C31", "3011", False), ("D30", "C3011", False), ("C", "3011", False),
        ("3011", "C30", False),
    ],
)  # fmt: skip
def test_a_qualification_covers_an_industry_with_or_without_its_letter(
    sector: str, industry: str, covers: bool
) -> None:
    qualified = Qualification(Validity(date(2024, 1, 1), None), (sector,))
    assert qualified.covers(industry, date(2025, 1, 1)) is covers
