"""考核年度: the way from launch to archive, who is drawn, who assesses whom, and the term of an official."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from scoring_ground import law

from shuangkong.assessment.assessors import Cycle, assessments_of
from shuangkong.assessment.sampling import Draw, draw, is_genuine
from shuangkong.assessment.term import Term, term_sheet
from shuangkong.assessment.year import (
    TRANSITIONS,
    CannotHappen,
    Event,
    EventKind,
    Hindrance,
    Standing,
    State,
    diagram,
    hindrance,
    standing,
)
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.fact import State as FigureState
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure

START, BY, LAST = date(2022, 1, 10), date(2022, 2, 28), date(2022, 5, 20)
LAUNCHED = Event(1, EventKind.LAUNCH, START, until=BY)
SUBMITTED = Event(2, EventKind.SUBMIT, BY, proofs=12)
REVIEWED = Event(3, EventKind.REVIEW, date(2022, 3, 20))
DRAWN = Event(4, EventKind.DRAW, date(2022, 3, 21))
CHECKED = Event(5, EventKind.CHECK, date(2022, 4, 15))
PROPOSED = Event(
    6, EventKind.PROPOSE, date(2022, 5, 10), until=LAST, score=Decimal(84), grade="fulfilled", version="v1"
)
OBJECTED = Event(7, EventKind.OBJECT, LAST)
DISMISSED = Event(8, EventKind.DISMISS, LAST, answers=7)
APPROVED = Event(9, EventKind.APPROVE, LAST + timedelta(days=1))
ANNOUNCED = Event(10, EventKind.ANNOUNCE, date(2022, 6, 1), number="公告1号")
CORRECTED = Event(11, EventKind.CORRECT, date(2022, 9, 1), grade="unfulfilled", version="v2", number="公告2号")
ARCHIVED = Event(12, EventKind.ARCHIVE, date(2022, 12, 31))
WHOLE = (
    LAUNCHED, SUBMITTED, REVIEWED, DRAWN, CHECKED, PROPOSED, OBJECTED, DISMISSED, APPROVED, ANNOUNCED, CORRECTED,
    ARCHIVED,
)  # fmt: skip


def test_the_whole_year() -> None:
    states = [standing(WHOLE[: count + 1]).state for count in range(len(WHOLE))]
    assert states == [
        State.LAUNCHED, State.SUBMITTED, State.REVIEWED, State.ON_SITE, State.CHECKED, State.PROPOSED, State.PROPOSED,
        State.PROPOSED, State.APPROVED, State.ANNOUNCED, State.ANNOUNCED, State.ARCHIVED,
    ]  # fmt: skip
    announced, now = standing(WHOLE[:10]), standing(WHOLE)
    assert (announced.score, announced.grade, announced.version) == (Decimal(84), "fulfilled", "v1")
    assert (now.grade, now.version, now.numbers) == ("unfulfilled", "v2", ("公告1号", "公告2号"))
    assert (now.was_drawn, now.announced_on, now.objections) == (True, ANNOUNCED.on, 1)


def test_a_self_check_has_a_day_and_evidence() -> None:
    now = standing((LAUNCHED,))
    assert (now.is_late(BY), now.is_late(BY + timedelta(days=1))) == (False, True)
    assert hindrance(now, Event(2, EventKind.SUBMIT, BY)) is Hindrance.NO_EVIDENCE
    late = standing((LAUNCHED, Event(2, EventKind.SUBMIT, BY + timedelta(days=1), proofs=1)))
    assert late.is_late(BY), "what came late stays late"
    assert not standing((LAUNCHED, SUBMITTED)).is_late(date(2023, 1, 1))
    assert hindrance(Standing(), Event(1, EventKind.LAUNCH, START)) is Hindrance.NO_DAY
    back = standing((LAUNCHED, SUBMITTED, Event(3, EventKind.RETURN, BY, until=date(2022, 3, 10))))
    assert (back.state, back.self_check_by, back.submitted_on) == (State.LAUNCHED, date(2022, 3, 10), None)


def test_objections_have_days_and_answers() -> None:
    proposed = WHOLE[:6]
    now = standing(proposed)
    assert hindrance(now, Event(7, EventKind.APPROVE, LAST)) is Hindrance.STILL_OPEN
    assert hindrance(now, Event(7, EventKind.OBJECT, LAST + timedelta(days=1))) is Hindrance.TOO_LATE
    waiting = standing((*proposed, OBJECTED))
    assert hindrance(waiting, APPROVED) is Hindrance.UNANSWERED
    assert hindrance(waiting, Event(8, EventKind.DISMISS, LAST, answers=99)) is Hindrance.NOT_OPEN
    upheld = standing((*proposed, OBJECTED, Event(8, EventKind.UPHOLD, LAST, answers=7)))
    assert (upheld.state, upheld.grade, upheld.version, upheld.open) == (State.CHECKED, "", "", frozenset())


def test_nothing_is_announced_without_number_nor_proposed_without_its_sheet() -> None:
    assert hindrance(standing(WHOLE[:9]), Event(10, EventKind.ANNOUNCE, LAST)) is Hindrance.NO_NUMBER
    bare = Event(6, EventKind.PROPOSE, LAST, until=LAST, grade="fulfilled")
    assert hindrance(standing(WHOLE[:5]), bare) is Hindrance.NO_GRADE
    assert hindrance(standing(WHOLE[:10]), Event(11, EventKind.CORRECT, LAST, number="公告2号")) is Hindrance.NO_GRADE


def test_every_pair_that_the_table_lacks_is_refused() -> None:
    assert {state for state, _ in TRANSITIONS} == set(State) - {State.CANCELLED}
    for state in State:
        for kind in EventKind:
            found = hindrance(Standing(state=state), Event(1, kind, START))
            assert (found is Hindrance.STATE) is ((state, kind) not in TRANSITIONS), (state, kind)
    with pytest.raises(CannotHappen, match="state"):
        standing((SUBMITTED,))


def test_the_diagram_in_the_docs_is_the_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "methods" / "assessment-year.md"
    assert f"```mermaid\n{diagram()}```" in page.read_text("utf-8")
    assert diagram().count(" --> ") == len(TRANSITIONS) + 3


def test_a_draw_can_be_drawn_again() -> None:
    codes = [f"51{number:02d}00" for number in range(1, 22)]
    told = draw(codes, 5, "2022-03-21 开奖号 0817")
    assert (len(told.drawn), set(told.drawn) <= set(codes)) == (5, True)
    assert is_genuine(told)
    assert draw(reversed(codes), 5, told.seed) == told, "the order of the list gives nobody a choice"
    assert not is_genuine(Draw(told.seed, 5, told.among, (*told.drawn[:4], "510100")))
    assert draw(codes, 21, told.seed).drawn[:5] == told.drawn
    counts = Counter(code for seed in range(2000) for code in draw(codes, 5, str(seed)).drawn)
    assert all(380 < counts[code] < 580 for code in codes), "each is drawn about as often"
    for count, seed in ((22, "s"), (1, ""), (-1, "s")):
        with pytest.raises(ValueError, match="expected a seed"):
            draw(codes, count, seed)


@pytest.mark.parametrize(
    ("kind", "level", "register", "day", "expected"),
    [
        ("region", "province", "", date(2007, 12, 31), {("nation", "energy_saving_government", Cycle.YEAR)}),
        ("region", "city", "", date(2012, 12, 31), {("province", "energy_saving_government", Cycle.YEAR),
                                                   ("province", "pollutant_reduction_region", Cycle.YEAR)}),
        ("region", "county", "", date(2023, 12, 31), {("city", "target_completion", Cycle.PLAN_MIDDLE),
                                                     ("city", "target_completion", Cycle.PLAN_END)}),
        ("region", "province", "", date(2026, 12, 31), {("nation", "carbon_evaluation", Cycle.YEAR)}),
        ("unit", "", "thousand", date(2008, 12, 31), {("province", "energy_saving_enterprise", Cycle.YEAR)}),
        ("unit", "", "ten_thousand", date(2013, 12, 31), {("city", "ten_thousand_enterprise", Cycle.YEAR)}),
        ("unit", "", "hundred", date(2017, 12, 31), {("nation", "target_completion", Cycle.YEAR)}),
        ("unit", "", "thousand", date(2017, 12, 31), {("province", "target_completion", Cycle.YEAR)}),
        ("unit", "", "ten_thousand", date(2017, 12, 31), {("city", "target_completion", Cycle.YEAR)}),
        ("unit", "", "", date(2017, 12, 31), set()),
        ("grid_company", "", "", date(2013, 12, 31), {("province", "grid_demand_side", Cycle.YEAR)}),
    ],
)  # fmt: skip
def test_who_assesses_whom(
    kind: str, level: str, register: str, day: date, expected: set[tuple[str, str, Cycle]]
) -> None:
    found = assessments_of(law().duties, kind, level, frozenset({register}), day)
    assert {(duty.assessor, duty.table, duty.cycle) for duty in found} == expected


def test_every_kind_of_subject_is_assessed_by_somebody() -> None:
    kinds = {duty.subjects for duty in law().duties}
    assert kinds == {
        "region", "department", "sector", "unit", "state_enterprise", "park", "grid_company", "institution",
    }  # fmt: skip
    for duty in law().duties:
        used = law().tables[duty.table]
        assert duty.subjects in used.subjects
        assert used.validity.overlaps(duty.validity)


def test_a_term_is_seen_from_its_first_to_its_last_whole_year() -> None:
    region = Subject("region", "510100")
    term = Term("某人", region, date(2016, 9, 1), date(2021, 3, 15))
    assert (term.base, term.last) == (Period(2015), Period(2020))
    assert Term("某人", region, date(2016, 9, 1), date(2020, 12, 31)).last == Period(2020)
    assert Term("某人", region, date(2016, 3, 1), date(2016, 9, 1)).last == Period(2015)

    def figure(indicator: str, year: int, value: str) -> Figure:
        return Figure(Cell(region, indicator, Period(year)), FigureState.VALUE, Decimal(value), "pct")

    told = {("forest_coverage", Period(2015)): figure("forest_coverage", 2015, "36.0"),
            ("forest_coverage", Period(2020)): figure("forest_coverage", 2020, "40.2"),
            ("good_air_rate", Period(2020)): figure("good_air_rate", 2020, "90.8")}  # fmt: skip
    rows = {row.indicator.indicator: row for row in term_sheet(law().term_form, term, told, {"forest_coverage": True})}
    assert (rows["forest_coverage"].change, rows["forest_coverage"].is_met) == (Decimal("4.2"), True)
    assert (rows["good_air_rate"].found, rows["good_air_rate"].change, rows["good_air_rate"].is_met) == (
        None,
        None,
        None,
    )
    resources = {row.indicator.resource for row in term_sheet(law().term_form, term, told, {})}
    assert {"water", "air", "forest", "land", "mineral", "grassland", "ocean"} <= resources
