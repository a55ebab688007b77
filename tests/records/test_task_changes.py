"""What a plan's text becomes as tasks, and what becomes of them when the text moves."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from shuangkong.plans.reading import Role as Printed
from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.standing import Clock, Thresholds, clock
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.cascade.links import decide_link
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.models import Measure, MeasureBody, Plan, PlanDuty, PlanFile, ReadingEntry, SubTask
from shuangkong.records.plans.reminders.recurring import renew
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.assigning import assign_plan, plan_changes
from shuangkong.records.plans.tasks.carrying import carry, redate
from shuangkong.records.plans.tasks.changes import ChangeKind
from shuangkong.records.plans.tasks.owners import name_owner, proposed_owners
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow, is_owed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.targets.models import Target

pytestmark = pytest.mark.django_db

COUNTY = "990100"
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=(f"/{COUNTY}/",))
CLERK = Acting("clerk", Role.DEPARTMENT, region=COUNTY, paths=(f"/{COUNTY}/",))
#: Where the measures of the plan stand: the third holds the clause that names bodies once for all.
FRAME, EARLY, CLAUSE, LATE = (0, 100), (100, 200), (200, 300), (300, 400)
END = timezone.localdate().year + 4


class Made:
    """A plan of four measures, adopted; ``adopt`` writes the next version of it."""

    def __init__(self, text: str = "") -> None:
        registry.save_regions([RegionRow(COUNTY, "云桥县", "county", is_fictional=True)])
        self.bodies = registry.name_bodies(COUNTY, ["县工信局", "县住建局", "县统计局"])
        now = timezone.now()
        file = None
        if text:
            file = PlanFile.objects.create(
                sha256="a" * 64, name="方案.txt", medium="txt", size_bytes=1, content=b"x", text=text, received_at=now,
                received_by="reader",
            )  # fmt: skip
        self.plan = Plan.objects.create(
            title="云桥县节能减排方案", region_id=COUNTY, start_year=END - 4, end_year=END, status="adopted",
            read_at=now, read_by="reader", file=file,
        )  # fmt: skip
        self.entries: dict[str, ReadingEntry] = {}

    def entry(self, key: str, kind: str, span: tuple[int, int] = (0, 0)) -> ReadingEntry:
        if key not in self.entries:
            self.entries[key] = ReadingEntry.objects.create(
                plan=self.plan, kind=kind, ordinal=len(self.entries), payload={}, span_start=span[0], span_end=span[1],
                confidence=1,
            )  # fmt: skip
        return self.entries[key]

    def adopt(
        self,
        leads: dict[str, str],
        duties: tuple[tuple[str, str, str], ...] = (),
        targets: tuple[tuple[str, str, str, bool], ...] = (),
        standing: str = "",
        sentences: tuple[tuple[int, int], ...] = (),
    ) -> Made:
        """Leads by measure; duties: key, measure, deadline or word; targets: key, measure, deadline, headline."""
        self.plan.version += 1
        self.plan.save()
        said = {"plan": self.plan, "version": self.plan.version}
        rows: dict[str, Measure] = {}
        titles = {"总体要求": FRAME, "早": EARLY, "中": CLAUSE, "晚": LATE}
        for n, (title, (start, end)) in enumerate(titles.items()):
            rows[title] = Measure.objects.create(
                **said, entry=self.entry(title, "item", (start, end)), ordinal=n, no=f"（{n}）", path=[], title=title,
                open_ended=False, span_start=start, span_end=end, title_start=start, title_end=start,
            )  # fmt: skip
        for title, body in leads.items():
            MeasureBody.objects.create(
                **said, measure=rows[title], body_id=self.bodies[body], name=body, role=Printed.LEAD, ordinal=0
            )
        if standing:
            MeasureBody.objects.create(
                **said, body_id=self.bodies[standing], name=standing, role=Printed.STANDING, ordinal=9, span_start=250,
                span_end=254,
            )  # fmt: skip
        for key, measure, when in duties:
            is_date = when[:1].isdecimal()
            PlanDuty.objects.create(
                **said, measure=rows[measure], entry=self.entry(key, "duty", (320, 360)), what="", strength="firm",
                deadline=when if is_date else "", recurrence="" if is_date else when,
            )  # fmt: skip
        for n, (key, measure, when, is_headline) in enumerate(targets):
            Target.objects.create(
                **said, measure=rows[measure], entry=self.entry(key, "target"), ordinal=n, is_headline=is_headline,
                subject_kind="region", subject_code=COUNTY, subject_name="云桥县", indicator="share", nature="firm",
                indicator_name="回收率", indicator_printed="回收率", kind="end_value", op="ge", value=90, unit="%",
                deadline=when, strength="firm", span_start=0, span_end=1, value_start=0, value_end=1,
            )  # fmt: skip
        for n, (start, end) in enumerate(sentences, start=1):
            SubTask.objects.create(measure=rows["晚"], ordinal=n, span_start=start, span_end=end)
        return self

    def tasks(self, kind: TaskKind) -> dict[str, TaskRow]:
        return {row.title: row for row in store.tasks(Q(plan=self.plan.pk, kind=kind), ("pk",))}


EVERY = {"早": "县工信局", "中": "县工信局", "晚": "县工信局"}


def test_the_frame_of_a_plan_is_no_task_and_bodies_named_once_take_part_from_there_on() -> None:
    made = Made().adopt(EVERY, standing="县统计局")
    assign_plan(made.plan.pk, OFFICE)
    parts = {
        title: [(part.name, part.part) for part in row.parts] for title, row in made.tasks(TaskKind.MEASURE).items()
    }
    own, all_ = ("县工信局", Part.SOLE), ("县统计局", Part.STANDING)
    assert parts == {"早": [own], "中": [own, all_], "晚": [own, all_]}


def test_a_frame_that_names_a_body_is_carried_out() -> None:
    made = Made().adopt({"总体要求": "县工信局"})
    assign_plan(made.plan.pk, OFFICE)
    assert "总体要求" in made.tasks(TaskKind.MEASURE)


def test_a_measure_is_due_with_the_last_day_that_it_prints_and_else_with_the_plan() -> None:
    made = Made().adopt(EVERY, (("一", "晚", f"{END - 2}"),), (("甲", "晚", f"{END - 1}-06", False),))
    assign_plan(made.plan.pk, OFFICE)
    found = made.tasks(TaskKind.MEASURE)
    assert (found["晚"].first_due, found["晚"].is_due_assumed) == (date(END - 1, 6, 30), False)
    assert (found["早"].first_due, found["早"].is_due_assumed) == (date(END, 12, 31), True)


def test_a_target_that_is_due_before_its_measure_is_a_stage() -> None:
    stages = (("甲", "晚", f"{END - 2}", False), ("乙", "晚", f"{END}", False))
    made = Made().adopt(EVERY, targets=stages)
    assign_plan(made.plan.pk, OFFICE)
    found = made.tasks(TaskKind.DUTY)
    assert list(found) == [f"回收率（{END - 2}年）"]
    assert found[f"回收率（{END - 2}年）"].first_due == date(END - 2, 12, 31)


def test_duties_are_told_apart_without_the_text_and_named_by_it_with_it() -> None:
    duties = (("一", "晚", "2020"), ("二", "晚", "2020"), ("三", "晚", "2020-06"), ("四", "晚", "每年"))
    made = Made().adopt(EVERY, duties, sentences=((300, 320), (320, 360)))
    assign_plan(made.plan.pk, OFFICE)
    assert list(made.tasks(TaskKind.DUTY)) == ["晚（2020年）", "晚（2020年）之2", "晚（2020年6月）", "晚（每年）"]
    assert list(made.tasks(TaskKind.SENTENCE)) == ["晚（第1句）", "晚（第2句）"]


def test_a_title_is_the_first_clause_where_the_text_is_here() -> None:
    text = "字" * 300 + "完善能耗监测体系，逐月公布。" + "字" * 6 + "每季度开展一次巡查，建立台账。"
    made = Made(text).adopt(EVERY, (("一", "晚", "每年"),), sentences=((300, 320), (320, 360)))
    assign_plan(made.plan.pk, OFFICE)
    assert list(made.tasks(TaskKind.SENTENCE)) == ["完善能耗监测体系", "每季度开展一次巡查"]
    assert list(made.tasks(TaskKind.DUTY)) == ["每季度开展一次巡查"]


def test_a_clause_that_says_when_and_no_more_is_no_title() -> None:
    said = "到2026年，全部完成老旧管网改造。", "2024年底前，建成监测平台，接入重点单位。", "到2025年。"
    text = "字" * 300 + "".join(said)
    ends = [300 + sum(map(len, said[:count])) for count in range(4)]
    made = Made(text).adopt(EVERY, (), sentences=tuple(itertools.pairwise(ends)))
    assign_plan(made.plan.pk, OFFICE)
    assert list(made.tasks(TaskKind.SENTENCE)) == ["全部完成老旧管网改造", "建成监测平台", "到2025年"]


def test_a_duty_that_comes_again_is_owed_by_its_rounds() -> None:
    made = Made().adopt(EVERY, (("一", "晚", "每年"), ("二", "晚", "定期")))
    assign_plan(made.plan.pk, OFFICE, date(END - 6, 1, 1))
    owed = [(row.kind, row.recurrence) for row in store.tasks(store.OWED & ~Q(kind=TaskKind.MEASURE), ("pk",))]
    assert (TaskKind.DUTY, "yearly") not in owed
    assert {(TaskKind.DUTY, "regular"), (TaskKind.ROUND, "")} <= set(owed)
    assert all(is_owed(row) for row in store.tasks(store.OWED))
    assert not any(is_owed(row) for row in store.tasks(~store.OWED))
    day, days = date(END - 5, 1, 1), Thresholds(due_soon=15, silent=60)
    silent = store.tasks(store.clock_is(Clock.SILENT, day, days))
    assert [row.recurrence for row in silent if row.kind is TaskKind.DUTY] == ["regular"]
    [head] = store.tasks(Q(recurrence="yearly"))
    assert clock(head.standing, day, days) is Clock.CALM


def test_rounds_begin_with_the_day_of_handing_out_and_end_with_the_plan() -> None:
    made = Made().adopt(EVERY, (("一", "晚", "每年"),))
    Plan.objects.filter(pk=made.plan.pk).update(end_year=END - 4, start_year=END - 8)
    assign_plan(made.plan.pk, OFFICE, date(END - 6, 1, 1))
    rounds = [row.period for row in store.tasks(Q(kind=TaskKind.ROUND), ("pk",))]
    assert rounds == [str(END - 6), str(END - 5), str(END - 4)]
    assert renew(date(END - 3, 2, 1)) == 0, "the plan is over"


@pytest.mark.parametrize("is_superseded", [False, True])
def test_a_superseded_plan_has_no_new_rounds(is_superseded: bool) -> None:
    made = Made().adopt(EVERY, (("一", "晚", "每年"),))
    Plan.objects.filter(pk=made.plan.pk).update(end_year=None)
    assign_plan(made.plan.pk, OFFICE)
    if is_superseded:
        _superseding(made)
    assert renew(timezone.localdate()) == (0 if is_superseded else 1)


def test_no_clock_of_a_headline_target_runs_before_somebody_answers_for_it() -> None:
    made = Made().adopt(EVERY, targets=(("甲", "总体要求", "2020", True), ("乙", "晚", "2020", False)))
    assign_plan(made.plan.pk, OFFICE)
    task = made.tasks(TaskKind.TARGET)["回收率"]
    assert (task.standing.due, task.deadline_printed) == (None, "2020")
    assert not store.count(store.is_late(timezone.localdate()) & Q(kind=TaskKind.TARGET))
    assert proposed_owners(made.plan.pk) == {task.id: made.bodies["县工信局"]}
    name_owner(task.id, made.bodies["县统计局"], OFFICE)
    now = made.tasks(TaskKind.TARGET)["回收率"]
    assert now.standing.due == date(2020, 12, 31)
    told = store.task(task.id, timezone.localdate())
    assert told is not None
    assert told.standing == now.standing
    name_owner(task.id, made.bodies["县住建局"], OFFICE, "职责调整")
    assert [row.kind for row in store.events(task.id)] == [EventKind.ASSIGN, EventKind.REDATE]
    assert plan_changes(made.plan.pk, OFFICE) == ()


@pytest.fixture
def moved() -> Made:
    """Handed out, then adopted anew: one duty moved, one dropped, one measure led by another body."""
    made = Made().adopt(EVERY, (("一", "晚", f"{END - 2}"), ("二", "晚", f"{END - 1}"), ("三", "早", "每年")))
    assert assign_plan(made.plan.pk, OFFICE).changes == ()
    return made.adopt(EVERY | {"早": "县住建局"}, (("一", "晚", f"{END}"), ("三", "早", "每年")))


def test_a_new_adoption_shows_what_it_moved_and_dropped_and_touches_nothing(moved: Made) -> None:
    before, head = store.tasks(Q()), journal.head()
    found = assign_plan(moved.plan.pk, OFFICE)
    assert (found.made, store.tasks(Q()), journal.head()) == (0, before, head)
    told = {each.title: each for each in found.changes}
    duty = told[f"晚（{END - 2}年）"]
    assert (duty.kind, duty.due_before, duty.due_after) == (ChangeKind.MOVED, date(END - 2, 12, 31), date(END, 12, 31))
    assert told[f"晚（{END - 1}年）"].kind is ChangeKind.DROPPED
    early = told["早"]
    assert early.added == ((moved.bodies["县住建局"], Part.SOLE),)
    assert early.removed == ((moved.bodies["县工信局"], Part.SOLE),)
    assert not early.is_redated
    rounds = [each for each in found.changes if each.title == "早（每年）"]
    assert {each.kind for each in rounds} == {ChangeKind.MOVED}, "the duty and its rounds have another body"


def test_a_person_carries_what_was_moved_with_the_document_as_ground(moved: Made) -> None:
    changes = plan_changes(moved.plan.pk, OFFICE)
    with pytest.raises(Refused, match="TSK-321"):
        carry(moved.plan.pk, [each.task for each in changes], OFFICE, " ")
    with pytest.raises(Forbidden):
        carry(moved.plan.pk, [each.task for each in changes], CLERK, "中期调整")
    assert carry(moved.plan.pk, [each.task for each in changes], OFFICE, "云府发〔2024〕3号") == len(changes)
    duties = made_now(moved, TaskKind.DUTY)
    assert duties[f"晚（{END - 2}年）"].standing.due == date(END, 12, 31)
    assert duties[f"晚（{END - 2}年）"].standing.extensions == 0, "the document moved it: nobody was given more time"
    assert duties[f"晚（{END - 1}年）"].standing.state is State.CANCELLED
    assert [part.name for part in made_now(moved, TaskKind.MEASURE)["早"].parts] == ["县住建局"]
    moved_task = duties[f"晚（{END - 2}年）"].id
    event = store.events(moved_task)[-1]
    assert (event.kind, event.text) == (EventKind.REDATE, "云府发〔2024〕3号")
    row = journal.of_subject(f"task/{moved_task}")[-1]
    assert (row.act, row.ground) == ("task.redate", "云府发〔2024〕3号")
    assert plan_changes(moved.plan.pk, OFFICE) == ()
    with pytest.raises(Refused, match="TSK-320"):
        carry(moved.plan.pk, [moved_task], OFFICE, "再来一次")


def test_only_what_is_chosen_is_carried(moved: Made) -> None:
    chosen = next(each for each in plan_changes(moved.plan.pk, OFFICE) if each.kind is ChangeKind.DROPPED)
    left = len(plan_changes(moved.plan.pk, OFFICE)) - 1
    assert carry(moved.plan.pk, [chosen.task], OFFICE, "云府发〔2024〕3号") == 1
    assert len(plan_changes(moved.plan.pk, OFFICE)) == left


def test_an_extension_is_no_change_of_the_document(on: Callable[[date], None]) -> None:
    made = Made().adopt(EVERY, (("一", "晚", f"{END - 2}"),))
    assign_plan(made.plan.pk, OFFICE)
    duty = made.tasks(TaskKind.DUTY)[f"晚（{END - 2}年）"]
    act(duty.id, OFFICE, EventKind.EXTEND, "汛期", due=date(END - 1, 1, 1))
    on(timezone.localdate() + timedelta(days=40))
    assert plan_changes(made.plan.pk, OFFICE) == ()


def test_what_is_done_is_not_changed_any_more(moved: Made) -> None:
    duty = moved.tasks(TaskKind.DUTY)[f"晚（{END - 1}年）"]
    act(duty.id, OFFICE, EventKind.STATE, "办结", Grade.DONE)
    assert duty.id not in {each.task for each in plan_changes(moved.plan.pk, OFFICE)}


def test_the_tasks_of_a_superseded_plan_are_ended_on_a_persons_word() -> None:
    made = Made().adopt(EVERY)
    assign_plan(made.plan.pk, OFFICE)
    _superseding(made)
    found = plan_changes(made.plan.pk, OFFICE)
    assert {each.kind for each in found} == {ChangeKind.SUPERSEDED}
    assert len(found) == len(EVERY)
    keep = made.tasks(TaskKind.MEASURE)["晚"].id
    carry(made.plan.pk, [each.task for each in found if each.task != keep], OFFICE, "云府发〔2024〕9号")
    states = {title: row.standing.state for title, row in made_now(made, TaskKind.MEASURE).items()}
    assert states == {"早": State.CANCELLED, "中": State.CANCELLED, "晚": State.ASSIGNED}


def test_an_adjusting_document_moves_the_day_of_one_task(moved: Made) -> None:
    duty = moved.tasks(TaskKind.DUTY)[f"晚（{END - 1}年）"]
    redate(duty.id, date(END - 3, 12, 31), OFFICE, "云府发〔2024〕5号")
    assert made_now(moved, TaskKind.DUTY)[duty.title].standing.due == date(END - 3, 12, 31)
    with pytest.raises(Forbidden):
        redate(duty.id, None, CLERK, "自定")
    act(duty.id, OFFICE, EventKind.CANCEL, "不再办理")
    with pytest.raises(Refused, match="TSK-102"):
        redate(duty.id, date(END, 12, 31), OFFICE, "云府发〔2024〕5号")


def made_now(made: Made, kind: TaskKind) -> dict[str, TaskRow]:
    return made.tasks(kind)


def _superseding(made: Made) -> Plan:
    """A plan in the place of the other, decided by a person."""
    other = Plan.objects.create(
        title="云桥县新方案", region_id=COUNTY, start_year=END - 4, end_year=END, status="adopted", version=1,
        read_at=timezone.now(), read_by="reader",
    )  # fmt: skip
    decide_link(other.pk, OFFICE, Relation.SUPERSEDES, LinkVerdict.CONFIRMED, "原文废止", made.plan.pk)
    return other
