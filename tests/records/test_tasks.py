"""Tasks: made from an adopted plan, moved by acts that the table of access allows, told as of a past day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import ADMIN
from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, clock
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.plans.tasks import evidence, store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.assigning import Handout, assign_plan
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import Handed, TaskKind, TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change

pytestmark = pytest.mark.django_db

COUNTY = "/999901/"
OFFICE = Acting("office", Role.PLAN_OFFICE, region="999901", paths=(COUNTY,))
OUTSIDE = Acting("other", Role.PLAN_OFFICE, region="100000", paths=("/100000/",))


def department(body: int) -> Acting:
    return Acting("clerk", Role.DEPARTMENT, body=body, bodies=frozenset({body}), region="999901", paths=(COUNTY,))


@pytest.fixture
def adopted(draft: PlanRow) -> PlanRow:
    for entry in plans.entries(draft.id):
        if entry.is_open:
            plans.decide(entry.id, Verdict.ACCEPTED, OFFICE)
    plans.adopt(draft.id, OFFICE)
    found = plans.plan(draft.id)
    assert found is not None
    return found


@pytest.fixture
def assigned(adopted: PlanRow) -> tuple[TaskRow, ...]:
    assign_plan(adopted.id, OFFICE)
    return store.tasks(Q(plan=adopted.id), ("pk",))


@pytest.fixture
def led(assigned: tuple[TaskRow, ...]) -> tuple[TaskRow, Acting]:
    """A measure and whoever leads it."""
    task = next(row for row in assigned if row.kind is TaskKind.MEASURE and row.parts)
    return task, department(task.parts[0].id)


def again(task: TaskRow) -> TaskRow:
    found = store.task(task.id)
    assert found is not None
    return found


def test_a_plan_becomes_one_tree(adopted: PlanRow, assigned: tuple[TaskRow, ...]) -> None:
    by_id = {row.id: row for row in assigned}
    measures = [row for row in assigned if row.kind is TaskKind.MEASURE]
    carried = plans.measures(adopted.id)[2:]  # （一）总体要求 and （二）主要目标 are the frame
    assert [row.number for row in measures] == [row.no for row in carried]
    sentences = [row for row in assigned if row.kind is TaskKind.SENTENCE]
    assert len(sentences) == sum(len(row.sub_tasks) for row in carried)
    assert all(by_id[row.parent or 0].kind is TaskKind.MEASURE for row in sentences)
    assert [row for row in assigned if row.kind is TaskKind.TARGET]
    assert journal.of_subject(f"plan/{adopted.id}")[-1].act == "task.assign"


def test_bodies_keep_their_order_and_their_part(adopted: PlanRow, assigned: tuple[TaskRow, ...]) -> None:
    for measure in plans.measures(adopted.id)[2:]:
        task = next(row for row in assigned if row.kind is TaskKind.MEASURE and row.number == measure.no)
        own = [part for part in task.parts if not part.is_inherited]
        assert [part.id for part in own] == [part.body for part in measure.bodies]
        if len(own) == 1 and measure.bodies[0].role == "lead":
            assert own[0].part is Part.SOLE


def test_assigning_again_makes_nothing_twice(adopted: PlanRow, assigned: tuple[TaskRow, ...]) -> None:
    before = journal.head()
    assert assign_plan(adopted.id, OFFICE) == Handout(0, ())
    assert len(store.tasks(Q(plan=adopted.id))) == len(assigned)
    assert journal.head() == before


def test_a_plan_that_is_not_adopted_is_not_assigned(draft: PlanRow) -> None:
    with pytest.raises(Refused, match="TSK-301"):
        assign_plan(draft.id, OFFICE)


def test_whoever_has_no_say_there_assigns_nothing(adopted: PlanRow) -> None:
    with pytest.raises(Forbidden):
        assign_plan(adopted.id, OUTSIDE)
    assert store.tasks(Q(plan=adopted.id)) == ()


def test_report_return_report_accept(led: tuple[TaskRow, Acting]) -> None:
    task, clerk = led
    act(task.id, clerk, EventKind.REPORT, "已完成摸底", Grade.ON_TRACK, Decimal(20))
    assert again(task).standing.state is State.REPORTED
    act(task.id, OFFICE, EventKind.RETURN, "缺佐证材料")
    act(task.id, clerk, EventKind.REPORT, "补充材料", Grade.ON_TRACK, Decimal(25))
    act(task.id, OFFICE, EventKind.ACCEPT)
    now = again(task).standing
    assert (now.state, now.grade, now.percent) == (State.ACTIVE, Grade.ON_TRACK, Decimal(25))
    told = store.events(task.id)
    assert [row.kind.value for row in told] == ["assign", "report", "return", "report", "accept"]
    assert [row.answered_by for row in told] == [None, told[2].id, None, told[4].id, None]
    assert [row.act for row in journal.of_subject(f"task/{task.id}")] == [
        "task.report", "task.return", "task.report", "task.accept",
    ]  # fmt: skip


def test_another_department_reports_nothing_here(led: tuple[TaskRow, Acting]) -> None:
    task, _ = led
    other = Body.objects.create(region_id="999901", name="县无关局")
    with pytest.raises(Forbidden):
        act(task.id, department(other.pk), EventKind.REPORT, "代报", Grade.DONE)
    with pytest.raises(Forbidden):
        act(task.id, OUTSIDE, EventKind.REMIND, "请加快")
    assert [row.kind for row in store.events(task.id)] == [EventKind.ASSIGN]


def test_a_body_that_became_another_hands_its_duties_on(led: tuple[TaskRow, Acting]) -> None:
    task, clerk = led
    assert clerk.body is not None
    heir = Body.objects.create(region_id="999901", name="县新设局")
    succeed_body(clerk.body, heir.pk, Change.MERGED, timezone.localdate(), "机构改革方案", ADMIN)
    act(task.id, department(heir.pk), EventKind.REPORT, "接续办理", Grade.ON_TRACK)
    assert again(task).standing.state is State.REPORTED


@pytest.mark.parametrize(
    ("kind", "said", "code"),
    [
        (EventKind.ACCEPT, {}, "TSK-102"),
        (EventKind.REMIND, {"text": " "}, "TSK-103"),
        (EventKind.EXTEND, {"text": "汛期停工", "due": date(2000, 1, 1)}, "TSK-106"),
        (EventKind.STATE, {"text": "核实", "percent": Decimal(101)}, "TSK-105"),
        (EventKind.REMIND, {"text": "催办", "on": timezone.localdate() + timedelta(days=1)}, "TSK-107"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    led: tuple[TaskRow, Acting], kind: EventKind, said: dict[str, object], code: str
) -> None:
    task, _ = led
    before = journal.head()
    with pytest.raises(Refused, match=code):
        act(task.id, OFFICE, kind, **said)  # type: ignore[arg-type]
    assert (again(task), journal.head()) == (task, before)


def test_evidence_is_what_its_name_says_or_the_report_is_not_taken(led: tuple[TaskRow, Acting]) -> None:
    task, clerk = led
    with pytest.raises(Refused, match="TSK-203"):
        act(task.id, clerk, EventKind.REPORT, "见附件", Grade.DONE, files=[Handed("照片.png", b"MZ\x90\x00")])
    assert again(task) == task
    pdf = Handed("验收意见.pdf", b"%PDF-1.7 ... %%EOF")
    act(task.id, clerk, EventKind.REPORT, "见附件", Grade.DONE, files=[pdf, pdf])
    kept = store.events(task.id)[-1].evidence
    assert [row.name for row in kept] == ["验收意见.pdf", "验收意见.pdf"]
    found = evidence.content(kept[0].id)
    assert found is not None
    assert (found[1], found[2]) == (pdf.content, task.id)


def test_a_past_day_shows_how_it_stood_then(led: tuple[TaskRow, Acting]) -> None:
    task, clerk = led
    act(task.id, clerk, EventKind.REPORT, "完成", Grade.DONE)
    act(task.id, OFFICE, EventKind.ACCEPT)
    today = timezone.localdate()
    now = store.task(task.id, today)
    assert now is not None
    assert now.standing == again(task).standing
    assert store.task(task.id, today - timedelta(days=1)) is None


def test_the_query_of_a_clock_is_the_clock(assigned: tuple[TaskRow, ...]) -> None:
    """For tasks of every state and due day the condition of a query and the pure clock say the same."""
    day, days = date(2030, 3, 1), Thresholds(15, 60)
    ids = [row.id for row in assigned]
    for number, pk in enumerate(ids):
        heard = [None, day - timedelta(days=61), day - timedelta(days=60), day][number % 4]
        due = [None, day - timedelta(days=1), day, day + timedelta(days=15), day + timedelta(days=16)][number % 5]
        waits = [None, day - timedelta(days=1), day][number % 3]
        state = State.REPORTED if number % 2 else list(State)[number % 7]
        Task.objects.filter(pk=pk).update(state=state, due=due, heard_on=heard, waits_from=waits)
    assert {Clock.LATE, Clock.WAITING} <= {clock(row.standing, day, days) for row in store.tasks(Q())}
    for each in Clock:
        said = {row.id for row in store.tasks(store.clock_is(each, day, days))}
        assert said == {row.id for row in store.tasks(Q()) if clock(row.standing, day, days) is each}, each


def test_a_list_asks_as_often_however_long_it_is(assigned: tuple[TaskRow, ...]) -> None:
    with CaptureQueriesContext(connection) as one:
        store.tasks(Q(), count=1)
    with CaptureQueriesContext(connection) as all_:
        store.tasks(Q())
    assert len(one) == len(all_) == 3
