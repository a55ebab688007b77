"""Papers filled from the records: who may make one, what it says, its row in the journal, the same file again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db.models import Q
from django.utils import timezone

from shuangkong.papers.official.paper import Issue
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import PUBLIC, Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Origin, Verdict
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.carrying import redate
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.papers.bulletin import make_bulletin
from shuangkong.web.plans.papers.duty_list import make_duty_list

pytestmark = pytest.mark.django_db

COUNTY = "/999901/"
OFFICE = Acting("office", Role.PLAN_OFFICE, region="999901", paths=(COUNTY,))
OUTSIDE = Acting("other", Role.PLAN_OFFICE, region="100000", paths=("/100000/",))
AUDITOR = Acting("auditor", Role.AUDITOR, paths=("/",))
TODAY = timezone.localdate()
ISSUE = Issue("甲县节能减排办公室", TODAY, addressees=("各有关单位",))
TEXT = """甲县节能减排综合工作方案
为做好节能减排工作，制定本方案。
一、主要任务
（一）推进锅炉改造。淘汰燃煤锅炉。（县生态环境局牵头，县财政局参加）
（二）做好统计工作。完善统计制度。（县统计局牵头）
"""


@pytest.fixture
def tasks(db: None) -> tuple[TaskRow, ...]:
    registry.save_regions([RegionRow("999901", "甲县", "county", is_fictional=True)])
    document = Document("plan.txt", Medium.TXT, TEXT)
    reading = read_plan(document, open_rulebook().lexicon())
    origin = Origin(is_demo=True, is_fictional=True, region="999901")
    plan = plans.save_reading(TEXT.encode(), document, reading, (), OFFICE, origin)
    for entry in plans.entries(plan.id):
        if entry.is_open:
            plans.decide(entry.id, Verdict.ACCEPTED, OFFICE)
    plans.adopt(plan.id, OFFICE)
    assign_plan(plan.id, OFFICE)
    return store.tasks(Q(plan=plan.id), ("pk",))


def plan_of(tasks: tuple[TaskRow, ...]) -> int:
    return tasks[0].plan or 0


def text_of(docx: bytes) -> str:
    with ZipFile(BytesIO(docx)) as packed:
        return re.sub(r"<[^>]+>", "", packed.read("word/document.xml").decode())


def test_duty_list_prints_the_row_that_records_it_and_comes_again_alike(tasks: tuple[TaskRow, ...]) -> None:
    made = make_duty_list(plan_of(tasks), ISSUE, OFFICE, TODAY)
    number, seal = journal.head()
    said = text_of(made.docx)
    assert made.journal == number
    assert f"日志第 {number} 号" in said
    assert seal in said
    assert open_rulebook().version in said
    assert "演示数据" in said
    assert "县生态环境局" in said
    written = journal.of_subject(f"paper/duty_list/{plan_of(tasks)}")
    assert [(row.act, row.author, row.place) for row in written] == [("paper.make", "office", COUNTY)]
    assert make_duty_list(plan_of(tasks), ISSUE, OFFICE, TODAY) == made
    assert journal.head() == (number, seal), "the same paper is not written down twice"


def test_changed_records_make_another_paper_with_its_own_row(tasks: tuple[TaskRow, ...]) -> None:
    made = make_bulletin("999901", ISSUE, OFFICE, TODAY)
    task = next(row for row in tasks if row.kind is TaskKind.MEASURE)
    redate(task.id, TODAY - timedelta(days=3), OFFICE, "调整文件")
    again = make_bulletin("999901", ISSUE, OFFICE, TODAY)
    assert again.journal > made.journal
    assert "逾期3天" in text_of(again.docx)
    assert "没有逾期任务" in text_of(made.docx)
    assert "演示数据" in text_of(made.docx), "a calm month of demo data is demo data"


def test_department_makes_papers_of_its_own_tasks_only(tasks: tuple[TaskRow, ...]) -> None:
    statistics = next(part.id for row in tasks for part in row.parts if part.name == "县统计局")
    clerk = Acting(
        "clerk", Role.DEPARTMENT, body=statistics, body_name="县统计局", bodies=frozenset({statistics}), paths=(COUNTY,)
    )
    said = text_of(make_duty_list(plan_of(tasks), ISSUE, clerk, TODAY).docx)
    assert "责任分工表（县统计局承担的任务）" in said, "a part says of itself that it is one"
    assert "不是方案的全部任务" in said
    assert "县生态环境局" not in said
    whole = text_of(make_duty_list(plan_of(tasks), ISSUE, OFFICE, TODAY).docx)
    assert "承担的任务" not in whole
    assert "本表列入任务" in whole


def test_a_bulletin_is_issued_by_whom_may_speak_for_the_whole_place(tasks: tuple[TaskRow, ...]) -> None:
    """Neither by one of its departments, nor by a county of the city above with the county's figures as the city's."""
    registry.save_regions([RegionRow("999900", "甲市", "city")])
    statistics = next(part.id for row in tasks for part in row.parts if part.name == "县统计局")
    clerk = Acting("clerk", Role.DEPARTMENT, body=statistics, bodies=frozenset({statistics}), paths=(COUNTY,))
    before = journal.head()
    for place, who in (("999901", clerk), ("999900", OFFICE), ("999900", clerk)):
        with pytest.raises(Forbidden):
            make_bulletin(place, ISSUE, who, TODAY)
    assert journal.head() == before


@pytest.mark.parametrize(("who", "why"), [(AUDITOR, Forbidden), (PUBLIC, Forbidden), (OUTSIDE, Refused)])
def test_nobody_else_makes_a_paper_and_nothing_is_written(
    tasks: tuple[TaskRow, ...], who: Acting, why: type[Exception]
) -> None:
    before = journal.head()
    with pytest.raises(why):
        make_duty_list(plan_of(tasks), ISSUE, who, TODAY)
    with pytest.raises(why):
        make_bulletin("999901", ISSUE, who, TODAY)
    assert journal.head() == before


def test_bulletin_counts_each_body_that_answers(tasks: tuple[TaskRow, ...]) -> None:
    said = text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)
    measures = [row for row in tasks if row.kind is not TaskKind.SENTENCE]
    assert f"共{len(measures)}项" in said, "a sentence is counted with its measure, as on the pages"
    assert {part.part for row in tasks for part in row.parts} >= {Part.LEAD}
    assert "县统计局" in said


def _words(task: int, *kinds: EventKind) -> None:
    office = replace(OFFICE, bodies=frozenset(part.id for part in store.tasks(Q(pk=task))[0].parts))
    for kind in kinds:
        grade = Grade.BEHIND if kind is EventKind.REPORT else None
        due = TODAY + timedelta(days=400) if kind is EventKind.EXTEND else None
        act(task, office, kind, f"{kind.value}的事由", grade=grade, due=due)


def test_bulletin_says_of_whom_nobody_heard_that_they_did_not_report(tasks: tuple[TaskRow, ...]) -> None:
    """Assigned, or stopped and resumed by the office: that is no report of the body's."""
    first, second = (row.id for row in tasks if row.kind is TaskKind.MEASURE)
    Task.objects.filter(pk__in=(first, second)).update(due=TODAY - timedelta(days=5), first_due=TODAY)
    _words(second, EventKind.STOP, EventKind.RESUME)
    said = text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)
    assert said.count("；未报送；已催办") == 2
    assert "最近报送" not in said


def test_bulletin_circulates_whom_the_office_circulated_and_counts_the_month(tasks: tuple[TaskRow, ...]) -> None:
    first, second = (row.id for row in tasks if row.kind is TaskKind.MEASURE)
    Task.objects.filter(pk=first).update(due=TODAY - timedelta(days=50))
    _words(first, EventKind.REMIND, EventKind.REMIND, EventKind.CIRCULATE)
    act(first, OFFICE, EventKind.STATE, "现场核实已完成", grade=Grade.DONE)
    _words(second, EventKind.EXTEND)
    said = text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)
    assert "对下列任务予以通报" in said
    assert "通报：circulate的事由；已办结，已完成，完成100%；未报送。" in said, (
        "done since, and circulated all the same"
    )
    assert "办结任务1项，批准延期1次；催办2次，通报任务1项" in said
    TaskEvent.objects.filter(kind=EventKind.CIRCULATE).update(on=TODAY.replace(day=1) - timedelta(days=1))
    again = text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)
    assert "予以通报" not in again, "a circular of another month"
    assert "通报任务0项" in again


def test_a_report_that_was_replaced_before_it_was_judged_is_counted_once(tasks: tuple[TaskRow, ...]) -> None:
    first = next(row for row in tasks if row.kind is TaskKind.MEASURE)
    own = first.parts[0].id
    clerk = Acting("clerk", Role.DEPARTMENT, body=own, bodies=frozenset({own}), paths=(COUNTY,))
    for text in ("设计", "改为招标", "再改为开工"):
        act(first.id, clerk, EventKind.REPORT, text, grade=Grade.BEHIND)
    assert TaskEvent.objects.filter(kind=EventKind.REPORT).count() == 3
    assert "报送进展1次，审核退回0次" in text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)
    act(first.id, OFFICE, EventKind.RETURN, "补充证明材料")
    act(first.id, clerk, EventKind.REPORT, "已补充", grade=Grade.BEHIND)
    assert "报送进展2次，审核退回1次" in text_of(make_bulletin("999901", ISSUE, OFFICE, TODAY).docx)


def test_paper_about_nothing_is_refused(tasks: tuple[TaskRow, ...]) -> None:
    for make in (lambda: make_duty_list(0, ISSUE, OFFICE, TODAY), lambda: make_bulletin("1", ISSUE, OFFICE, TODAY)):
        with pytest.raises(Refused, match="PPR-201"):
            make()
