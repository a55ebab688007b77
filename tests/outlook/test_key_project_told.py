"""What was told of a key project: any order of corrections leaves the same; nothing counts twice against a target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.period import Period
from shuangkong.indicators.emissions.credit import Credit
from shuangkong.indicators.emissions.formulas import Months
from shuangkong.outlook.barometer.rule_book import TRIGGERS, rules
from shuangkong.outlook.projects.comparison import Counted, Due, compared
from shuangkong.outlook.projects.family import Field
from shuangkong.outlook.projects.ledger import Assigned, Recognised
from shuangkong.outlook.projects.standing import Limits, running, standing
from shuangkong.outlook.projects.told import (
    AFTER_END,
    Assignment,
    Event,
    EventKind,
    Held,
    Linked,
    MonthTold,
    Nothing,
    Particulars,
    Proof,
    Retracted,
    Revision,
    Stage,
    held,
)
from shuangkong.rulebook import open_rulebook

LIMITS = Limits.of(rules(open_rulebook().folder, "national", TRIGGERS)["key_projects"].versions[0].limits)
DAY = date(2026, 6, 1)
FIRST = Particulars(
    name="污水厂", family="water_reduction", since="2026-01", milestones={"run": date(2026, 3, 31)},
    expected={"cod": Decimal(90)},
)  # fmt: skip


def event(kind: EventKind, content: object = Nothing(), on: date = DAY) -> Event:
    return Event(kind, on, content)  # type: ignore[arg-type]


def after(*events: Event) -> Held:
    found = held((event(EventKind.REGISTER, FIRST), *events))
    assert found is not None
    return found


def month(text: str, **more: object) -> Event:
    return event(EventKind.DISPATCH, MonthTold(text, Stage.BUILDING, **more))  # type: ignore[arg-type]


def proof(text: str, running_: str, compliant: str = "99") -> Event:
    return event(EventKind.PROVE, Proof(text, Decimal(running_), Decimal(compliant)))


#: Things that can be said, each with what it is about: what is said last of one thing holds.
SAYINGS = st.one_of(
    st.tuples(st.integers(1, 6), st.integers(0, 100)).map(
        lambda said: (("month", said[0]), month(f"2026-0{said[0]}", progress_pct=Decimal(said[1])))
    ),
    st.tuples(st.integers(1, 6), st.integers(0, 100)).map(
        lambda said: (("proof", said[0]), proof(f"2026-0{said[0]}", str(said[1])))
    ),
    st.tuples(st.sampled_from(("cod", "nox")), st.integers(2026, 2028), st.integers(1, 500)).map(
        lambda said: (
            ("assigned", said[0], said[1]),
            event(EventKind.ASSIGN, Assignment(said[0], said[1], Decimal(said[2]))),
        )
    ),
    st.tuples(st.integers(1, 9), st.sampled_from((True, True, False))).map(
        lambda said: (
            ("link", said[0]),
            event(EventKind.LINK if said[1] else EventKind.RELEASE, Linked(said[0])),
        )
    ),
    st.sampled_from(("name", "funding", "ppp")).flatmap(
        lambda field: st.text("甲乙丙", min_size=1, max_size=3).map(
            lambda text: (
                ("field", field),
                event(
                    EventKind.REVISE,
                    Revision((field,), Particulars(**_plain() | {field: text})),  # type: ignore[arg-type]
                ),
            )
        )
    ),
)


def _plain() -> dict[str, object]:
    return {"name": "", "family": "", "since": "", "milestones": {}, "expected": {}}


@given(st.lists(SAYINGS, min_size=8, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_corrections_of_different_things_does_not_matter(
    said: list[tuple[tuple[object, ...], Event]], chance: object
) -> None:
    """Shuffled, but for what is said of one and the same thing: the project is the same."""
    whole = after(*(each for _, each in said))
    by_thing: dict[tuple[object, ...], list[Event]] = {}
    for thing, each in said:
        by_thing.setdefault(thing, []).append(each)
    order = [thing for thing, _ in said]
    chance.shuffle(order)  # type: ignore[attr-defined]
    queues = {thing: iter(each) for thing, each in by_thing.items()}
    assert after(*(next(queues[thing]) for thing in order)) == whole


def test_the_newest_word_on_a_month_holds() -> None:
    now = after(
        month("2026-02", progress_pct=Decimal(40)), month("2026-01"), month("2026-02", progress_pct=Decimal(30))
    )
    assert now.months["2026-02"].progress_pct == 30
    assert now.latest == now.months["2026-02"]
    back = after(month("2026-02"), proof("2026-02", "80"), event(EventKind.RETRACT, Retracted("2026-02")))
    assert (dict(back.months), dict(back.proofs)) == ({}, {})


def test_what_was_done_is_as_the_latest_month_has_it_however_late_it_was_told() -> None:
    later = month("2026-03", done={"run": date(2026, 3, 20)})
    earlier = month("2026-02", done={"run": date(2026, 2, 20)})
    assert after(later, earlier).done == after(earlier, later).done == {"run": date(2026, 3, 20)}


def test_it_runs_from_its_first_whole_month() -> None:
    for day, since in ((date(2026, 3, 1), "2026-03"), (date(2026, 3, 2), "2026-04"), (date(2026, 12, 2), "2027-01")):
        told = month(f"{day.year}-{day.month:02d}", done={"run": day})
        assert after(told).followed(1).runs_since == Period.parse(since)


def test_a_milestone_told_in_time_is_not_late_and_silence_is() -> None:
    silent = standing(after(month("2026-01")).followed(1), date(2026, 4, 5), LIMITS)
    assert silent.faults == {"milestone": ("run",), "silent": ("2026-02",)}
    told = after(month("2026-01"), month("2026-02"), month("2026-03", done={"run": date(2026, 3, 30)}))
    assert not standing(told.followed(1), date(2026, 4, 5), LIMITS).faults


def test_months_prove_that_it_runs_stably_or_not() -> None:
    """The rule looks at three months; two below 90 per cent are too many; fewer than three prove nothing yet."""
    ran = month("2026-01", done={"run": date(2026, 1, 1)})
    few = running(after(ran, proof("2026-01", "95")).followed(1), date(2026, 3, 1), LIMITS)
    assert few.is_stable is None
    good = after(ran, *(proof(f"2026-0{each}", "95") for each in (1, 2, 3)))
    assert running(good.followed(1), date(2026, 5, 1), LIMITS).is_stable is True
    bad = running(after(ran, proof("2026-01", "95"), proof("2026-02", "80"), proof("2026-03", "95", "10")).followed(1),
                  date(2026, 5, 1), LIMITS)  # fmt: skip
    assert (bad.is_stable, bad.bad) == (False, ("2026-02", "2026-03"))


def test_what_is_withdrawn_counts_no_more_and_what_has_ended_keeps_its_tonnes() -> None:
    link = event(EventKind.LINK, Linked(3))
    gone, over = after(link, event(EventKind.WITHDRAW)), after(link, event(EventKind.END))
    assert (gone.is_live, gone.reductions, gone.is_dispatched) == (False, frozenset(), False)
    assert (over.is_live, over.reductions, over.is_dispatched) == (True, frozenset({3}), False)
    assert {kind for kind in EventKind if over.may(kind)} == AFTER_END
    assert not any(gone.may(kind) for kind in EventKind)


def credit(reduction: int, amount: int, starts: str = "2026-01") -> Credit:
    return Credit(reduction, Period.parse(starts).first_month, Months.FROM_START, Decimal(amount))


DUE = Due(9, "cod", "999901", "县", Decimal(200), (2026, 2027))


def test_projects_of_a_place_are_held_against_its_target() -> None:
    """100 recognised and 60 hoped for: 100 short, 40 of it covered by nothing; 30 of the 90 expected have come."""
    projects = (
        Counted(1, Decimal(90), (Assigned(1, "cod", 2026, Decimal(80)),), (Recognised(1, "cod", credit(5, 100)),)),
        Counted(2, Decimal(60), (), (Recognised(2, "nox", credit(6, 500)),)),
    )
    found = compared(DUE, projects)
    assert (found.projects, found.expected_t, found.assigned_t, found.counted_t) == (2, 150, 80, 100)
    assert (found.completion_pct, found.short_t, found.uncovered_t) == (50, 100, 40)


def test_years_outside_the_plan_do_not_count() -> None:
    """From July 2027: half of the twelve months lie in the plan."""
    found = compared(DUE, (Counted(1, None, (), (Recognised(1, "cod", credit(5, 120, "2027-07")),)),))
    assert found.counted_t == 60


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 500), st.integers(0, 23)), max_size=10, unique=True))
def test_no_reduction_counts_under_two_projects(told: list[tuple[int, int, int]]) -> None:
    """All recognised tonnes stand once, however they are spread; the same reduction at a second project is refused."""
    due = Due(9, "cod", "999901", "县", Decimal(200), (2026, 2027, 2028))
    projects: dict[int, list[Recognised]] = {}
    for number, (project, amount, start) in enumerate(told):
        starts = Credit(number, 2026 * 12 + start, Months.FROM_START, Decimal(amount))
        projects.setdefault(project, []).append(Recognised(project, "cod", starts))
    held_ = tuple(Counted(key, None, (), tuple(each)) for key, each in projects.items())
    assert compared(due, held_).counted_t == sum(amount for _, amount, _ in told)
    if told:
        twice = Counted(99, None, (), (Recognised(99, "cod", held_[0].recognised[0].credit),))
        with pytest.raises(ValueError, match="credited twice"):
            compared(due, (*held_, twice))


def test_families_of_every_plan_are_there_with_their_place_in_it() -> None:
    found = open_rulebook().outlook().families
    fields = [each.field for each in found.values()]
    assert (fields.count(Field.ENERGY), fields.count(Field.PROGRAMME)) == (14, 10)
    assert set(fields) == set(Field)
    assert fields == sorted(fields, key=list(Field).index)
    assert all(each.clause.words.zh.endswith("）") or "三（" in each.clause.words.zh for each in found.values())
    assert not any(each.clause.is_verified for each in found.values())
