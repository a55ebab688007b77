"""考核年度: launched by who assesses whom, filled from shares and facts, marked with evidence, kept, re-computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import ADMIN
from shuangkong.assessment.year import EventKind, State
from shuangkong.cli.demo import contents
from shuangkong.cli.demo.assessments import take_assessments
from shuangkong.cli.demo.cast import Cast
from shuangkong.cli.demo.decompositions import take_decomposition
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.plans.reading import Kind
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.restricting import laid_down
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.acts import act, acts_allowed
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.launching import duties_at, launch
from shuangkong.records.assessment.years.marking import give
from shuangkong.records.assessment.years.rows import AssessmentRow, Given, Said, Side, Wanted
from shuangkong.records.assessment.years.sheets import kept_sheets, sheet_of, sheets_of, since_announced
from shuangkong.records.facts.store import load_rows
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario
from shuangkong.records.targets.decomposition.opening import open_by_hand
from shuangkong.records.targets.decomposition.rows import Asked
from shuangkong.records.targets.decomposition.rows import Said as Adopted
from shuangkong.records.targets.decomposition.rows import Wanted as Shared
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.targets.trajectory import Course

pytestmark = pytest.mark.django_db
COUNTY, FIRST, SECOND = "999901", "999901001", "999901002"
TODAY = timezone.localdate()
YEAR = Period(2024)
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
LEADER = Acting("leader", Role.LEADING_GROUP, region=COUNTY, paths=("/999901/",))
TOWN = Acting("town", Role.REGION, region=FIRST, paths=(f"/999901/{FIRST}/",))
PDF = Handed("材料.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
NO_FRAUD = Given(code="fraud_cases", marks=Decimal(0), title="数据质量核查报告", number="虚核〔测〕1号")


def load(*rows: tuple[str, int, str]) -> None:
    head = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来源"]
    told = [
        ["化学需氧量排放总量", code, str(year), value, "吨", "水平", "最终", "虚构的年报"] for code, year, value in rows
    ]
    report = load_rows([head, *told], name="t", digest=str(hash(rows)), source="t", by=ADMIN, is_dry_run=False)
    assert not [each for each in report.verdicts if each.verdict == "refused"], report.verdicts


@pytest.fixture
def shared(regions: None) -> int:
    """8 % off COD over five years for two towns, adopted: linear, 1.6 a year."""
    asked = Asked(
        region=COUNTY, indicator="cod_total", kind=Kind.REDUCTION_RATE, value=Decimal(8), unit="%", base_year=2020,
        end_year=2025, ground="虚构的文件",
    )  # fmt: skip
    opened = open_by_hand(asked, OFFICE)
    receivers = tuple(
        Receiver(subject=Subject("region", code), name=name, base=Decimal(100))
        for code, name in ((FIRST, "澄湖镇"), (SECOND, "柳溪镇"))
    )
    made = record_scenario(
        opened, Shared(name="等比例", rule="equal_rate", receivers=receivers, course=Course.LINEAR), OFFICE
    )
    adopt(opened, made, Adopted("会议决定", "虚府发〔测〕1号"), OFFICE)
    load(
        (FIRST, 2020, "100"), (FIRST, 2023, "94"), (FIRST, 2024, "92"),
        (SECOND, 2020, "100"), (SECOND, 2023, "99"), (SECOND, 2024, "98.5"),
    )  # fmt: skip
    return opened


def round_of(shared: int | None, **said: object) -> Wanted:
    return Wanted(  # type: ignore[misc]
        **{"region": COUNTY, "duty": "town_target", "period": YEAR, "until": TODAY + timedelta(days=30),
           "subjects": (FIRST, SECOND), "decomposition": shared} | said  # type: ignore[arg-type]
    )  # fmt: skip


def row_of(number: int, until: date | None = None) -> AssessmentRow:
    found = store.assessment(number, until)
    assert found is not None
    return found


@pytest.fixture
def launched(shared: int) -> tuple[int, ...]:
    return launch(round_of(shared), OFFICE)


def test_a_round_is_launched_by_who_assesses_whom_and_once(shared: int) -> None:
    county = registry.region(COUNTY)
    assert county is not None
    assert "town_target" in {duty.id for duty in duties_at(county, YEAR)}
    with pytest.raises(Refused, match="ASM-402"):
        launch(round_of(shared, duty="city_middle"), OFFICE)
    with pytest.raises(Forbidden):
        launch(round_of(shared), TOWN)
    with pytest.raises(Forbidden):
        launch(round_of(shared), LEADER)
    with pytest.raises(Refused, match="ASM-403"):
        launch(round_of(shared, subjects=("999901999",)), OFFICE)
    with pytest.raises(Refused, match="ASM-407"):
        launch(round_of(shared, period=Period(TODAY.year)), OFFICE)
    with pytest.raises(Refused, match="ASM-405"):
        launch(round_of(shared, until=TODAY - timedelta(days=1)), OFFICE)
    first, second = launch(round_of(shared), OFFICE)
    assert row_of(first).standing.state is State.LAUNCHED
    assert row_of(second).subject_name == "柳溪镇"
    with pytest.raises(Refused, match=r"ASM-404.*澄湖镇"):
        launch(round_of(shared), OFFICE)
    assert journal.of_subject(f"assessment/{first}")[-1].act == "assessment.launch"


def test_figures_come_from_shares_and_facts_with_their_trace_and_cannot_be_typed(launched: tuple[int, ...]) -> None:
    first, second = (sheet_of(row_of(number)) for number in launched)
    figures = first.answers.figures
    assert figures["cumulative_due"].value == Decimal("6.4")
    assert figures["cumulative_done"].value == 8
    assert figures["annual_done"].value == (1 - Decimal(92) / 94) * 100
    assert figures["annual_due"].value == (1 - (100 - Decimal("6.4")) / (100 - Decimal("4.8"))) * 100
    assert [name for name, _ in figures["cumulative_done"].inputs] == ["L2024", "L2020"]
    told = figures["cumulative_done"].inputs[0][1].fact
    assert told is not None
    assert told.source == "虚构的年报"
    assert second.answers.figures["cumulative_done"].value == Decimal("1.5")
    assert [grade.id for grade in first.possible] == ["fulfilled", "unfulfilled"]  # fraud is not told yet
    assert [grade.id for grade in second.possible] == ["unfulfilled"]
    act(launched[0], TOWN, EventKind.SUBMIT)
    with pytest.raises(Refused, match="ASM-412"):
        give(launched[0], Side.REVIEW, [Given(code="annual_done", marks=Decimal(9), title="x")], OFFICE)


def test_the_year_goes_from_launch_to_archive_and_a_veto_holds(launched: tuple[int, ...]) -> None:
    number = launched[0]
    act(number, TOWN, EventKind.SUBMIT)
    with pytest.raises(Forbidden):
        act(number, TOWN, EventKind.REVIEW)
    give(number, Side.REVIEW, [Given(code="fraud_cases", marks=Decimal(1), title="查处决定", number="1号")], OFFICE)
    act(number, OFFICE, EventKind.REVIEW)
    act(launched[1], OFFICE, EventKind.CANCEL, Said("重复"))
    drawn = draw_for_check(Round(COUNTY, "town_target", YEAR), 1, "公开开奖 1234", OFFICE)
    assert drawn == (FIRST,)
    act(number, OFFICE, EventKind.CHECK)
    act(number, OFFICE, EventKind.PROPOSE, Said(until=TODAY))
    row = row_of(number)
    assert row.standing.grade == "unfulfilled"  # although both targets are met
    with pytest.raises(Refused, match="ASM-431"):
        act(number, TOWN, EventKind.OBJECT)
    objected = act(number, TOWN, EventKind.OBJECT, Said("查处决定已撤销"))
    with pytest.raises(Refused, match="ASM-428"):
        act(number, LEADER, EventKind.APPROVE)
    act(number, OFFICE, EventKind.UPHOLD, Said("属实", answers=objected))
    give(number, Side.REVIEW, [NO_FRAUD], OFFICE)
    act(number, OFFICE, EventKind.PROPOSE, Said(until=TODAY))
    assert row_of(number).standing.grade == "fulfilled"
    with pytest.raises(Refused, match="ASM-429"):
        act(number, LEADER, EventKind.APPROVE)


def announced(number: int, on: Callable[[date], None]) -> None:
    """All that leads to the announcement, each on a day of its own."""
    act(number, TOWN, EventKind.SUBMIT)
    give(number, Side.REVIEW, [NO_FRAUD], OFFICE)
    act(number, OFFICE, EventKind.REVIEW)
    draw_for_check(Round(COUNTY, "town_target", YEAR), 0, "种子", OFFICE)
    act(number, OFFICE, EventKind.PROPOSE, Said(until=TODAY))
    on(TODAY + timedelta(days=1))
    act(number, LEADER, EventKind.APPROVE)
    with pytest.raises(Refused, match="ASM-430"):
        act(number, OFFICE, EventKind.ANNOUNCE)
    act(number, OFFICE, EventKind.ANNOUNCE, Said(number="虚府办〔测〕9号"))


def test_after_the_announcement_a_changed_fact_is_a_finding_and_changes_nothing(
    shared: int, on: Callable[[date], None]
) -> None:
    [number] = launch(round_of(shared, subjects=(FIRST,)), OFFICE)
    announced(number, on)
    row = row_of(number)
    kept = kept_sheets(Q(assessment=number))
    assert kept[row.standing.version].result["grade"] == "fulfilled"
    assert since_announced((row,), sheets_of((row,)), kept) == {number: ()}
    on(TODAY + timedelta(days=2))
    load((FIRST, 2024, "93.9"))
    findings = since_announced((row,), sheets_of((row,)), kept)[number]
    assert {each.code for each in findings} == {"ASM-007", "ASM-008"}
    assert row_of(number).standing.grade == "fulfilled"
    as_it_was = sheet_of(row, as_of=TODAY + timedelta(days=1))
    assert as_it_was.grade is not None
    assert as_it_was.grade.id == "fulfilled"
    with pytest.raises(Forbidden):
        act(number, OFFICE, EventKind.CORRECT, Said("数据更正", number="虚府办〔测〕10号"))
    act(number, LEADER, EventKind.CORRECT, Said("数据更正", number="虚府办〔测〕10号"))
    row = row_of(number)
    assert (row.standing.grade, row.standing.numbers[-1]) == ("unfulfilled", "虚府办〔测〕10号")
    assert row_of(number, TODAY + timedelta(days=1)).standing.grade == "fulfilled"
    with pytest.raises(Refused, match="ASM-433"):  # missed, and nothing was listed of what follows
        act(number, OFFICE, EventKind.ARCHIVE)
    assert list_up(number, OFFICE).numbers
    act(number, OFFICE, EventKind.ARCHIVE)
    assert row_of(number).standing.state is State.ARCHIVED


def test_marks_of_the_assessed_need_files_and_those_of_the_assessor_count_over_them(regions: None) -> None:
    body = registry.name_bodies(COUNTY, ["县交通运输局"])["县交通运输局"]
    bureau = Acting("b", Role.DEPARTMENT, body=body, bodies=frozenset({body}), region=COUNTY, paths=("/999901/",))
    [number] = launch(round_of(None, duty="department_target", subjects=(str(body),)), OFFICE)
    told = Given(code="2.1", marks=Decimal(2), title="年度计划")
    for given, code in (
        (told, "415"),
        (Given(code="2.1", marks=Decimal(3), title="年度计划", file=PDF), "414"),
        (Given(code="fraud_cases", marks=Decimal(0), title="无", file=PDF), "412"),
    ):
        with pytest.raises(Refused, match=f"ASM-{code}"):
            give(number, Side.SELF, [given], bureau)
    with pytest.raises(Refused, match="ASM-424"):
        act(number, bureau, EventKind.SUBMIT)
    with pytest.raises(Forbidden):
        give(number, Side.SELF, [told], OFFICE)
    give(number, Side.SELF, [Given(code="2.1", marks=Decimal(2), title="年度计划", file=PDF)], bureau)
    act(number, bureau, EventKind.SUBMIT)
    with pytest.raises(Refused, match="ASM-413"):
        give(number, Side.SELF, [Given(code="2.1", marks=Decimal(1), title="年度计划", file=PDF)], bureau)
    give(number, Side.REVIEW, [Given(code="2.1", marks=Decimal(1), title="审核意见")], OFFICE)
    row = row_of(number)
    assert sheet_of(row, Side.SELF).answers.judged["2.1"].marks == 2
    reviewed = sheet_of(row).answers.judged["2.1"]
    assert (reviewed.marks, [each.title for each in reviewed.proofs]) == (1, ["年度计划", "审核意见"])
    act(number, OFFICE, EventKind.REVIEW)
    draw_for_check(Round(COUNTY, "department_target", YEAR), 0, "种子", OFFICE)
    with pytest.raises(Refused, match=r"ASM-425.*节能目标"):
        act(number, OFFICE, EventKind.PROPOSE, Said(until=TODAY))


def test_who_sees_what_and_is_offered_what(launched: tuple[int, ...]) -> None:
    first, second = launched
    seen = {row.id for row in store.assessments(store.readable(TOWN))}
    assert seen == {first}
    assert store.may_read(TOWN, row_of(first))
    assert not store.may_read(TOWN, row_of(second))
    assert acts_allowed(row_of(first), TOWN) == [EventKind.SUBMIT]
    assert acts_allowed(row_of(first), OFFICE) == [EventKind.CANCEL]
    assert acts_allowed(row_of(first), LEADER) == []


def test_a_draw_can_be_drawn_again_and_nobody_escapes_it(launched: tuple[int, ...]) -> None:
    asked = Round(COUNTY, "town_target", YEAR)
    act(launched[0], TOWN, EventKind.SUBMIT)
    act(launched[0], OFFICE, EventKind.REVIEW)
    with pytest.raises(Refused, match=r"ASM-441.*柳溪镇"):
        draw_for_check(asked, 1, "种子", OFFICE)
    in_second = Acting("s", Role.REGION, region=SECOND, paths=(f"/999901/{SECOND}/",))
    act(launched[1], in_second, EventKind.SUBMIT)
    act(launched[1], OFFICE, EventKind.REVIEW)
    with pytest.raises(Refused, match="ASM-442"):
        draw_for_check(asked, 3, "种子", OFFICE)
    with pytest.raises(Refused, match="ASM-443"):
        draw_for_check(asked, 1, " ", OFFICE)
    drawn = draw_for_check(asked, 1, "种子", OFFICE)
    [kept] = store.draws(asked.condition)
    assert (kept.drawn, kept.among, kept.seed) == (drawn, (FIRST, SECOND), "种子")
    states = {row_of(number).subject.code: row_of(number).standing.state for number in launched}
    assert states[drawn[0]] is State.ON_SITE
    assert set(states.values()) == {State.ON_SITE, State.CHECKED}


def test_sheets_of_many_take_as_many_queries_as_of_one(launched: tuple[int, ...]) -> None:
    rows = tuple(row_of(number) for number in launched)
    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sheets_of(some)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_demo_assesses_its_towns_and_one_is_vetoed(draft: PlanRow) -> None:
    for entry in plans.undecided(draft.id):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(draft.id, ADMIN)
    plan = plans.plan(draft.id)
    assert plan is not None
    folder = Path(__file__).parents[2] / "demo" / "fictional"
    contents._take_figures(folder / "figures.csv", ADMIN)
    cast = Cast(folder, TODAY)
    take_decomposition(folder / "decomposition.csv", plan, cast)
    for _twice in range(2):
        take_assessments(folder / "assessment.csv", cast, 2024)
    rows = {row.subject_name: row for row in store.assessments(Q(region=COUNTY, duty="town_target"))}
    assert len(rows) == 6
    assert rows["湖滨工业园"].standing.grade == "unfulfilled"
    sheets = sheets_of(rows.values())
    vetoed = sheets[rows["湖滨工业园"].id]
    assert [each.veto.code for each in vetoed.vetoes if each.holds] == ["V9"]
    assert rows["青石镇"].standing.open
    assert [each.ground.occasion for each in laid_down()] == ["region:999901006"]
    assert all(row.standing.state is State.ANNOUNCED for name, row in rows.items() if name != "青石镇")
