"""The register of what a plan leaves open: plans to be written, values from above, cooperation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from cascade_plans import (
    AMENDMENT,
    COUNTY,
    COUNTY_OFFICE,
    NEIGHBOUR,
    adopted,
    notice,
    proposed,
)
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import CascadeEntry
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db


def test_the_text_proposes_what_is_still_to_come(county: PlanRow) -> None:
    found = [(each.kind.value, each.title, each.item_no, each.owner_name, each.due)
             for each in store.register_proposals(county.id)]  # fmt: skip
    assert found == [
        ("sub_plan", "城镇污水处理设施建设规划", "（二）", "县住房城乡建设局", date(2023, 12, 31)),
        ("awaited", "规模以上工业单位增加值能耗", "（三）", "县发展改革局", None),
        ("sub_plan", "有序用电方案", "（三）", "县发展改革局", None),
        ("sub_plan", "错峰用电预案", "（三）", "县发展改革局", None),
        ("cooperation", "开展锅炉普查", "（四）", "县发展改革局", None),
    ]
    assert [no for no, _, _ in store.responsible_sentences(county.id)] == ["（四）"]


def test_a_sub_plan_is_a_task_until_it_is_written(county: PlanRow) -> None:
    wanted = proposed(county, EntryKind.SUB_PLAN)[0]
    made = store.register(county.id, wanted, COUNTY_OFFICE, "第（二）条")
    row = store.register_entry(made)
    assert row is not None
    assert (row.is_open, row.is_late(date(2024, 1, 1)), row.is_late(date(2023, 12, 31))) == (True, True, False)
    task = tasks.task(row.task or 0)
    assert task is not None
    assert (task.kind, task.title, task.number, task.standing.due) == (
        TaskKind.SUB_PLAN, "编制城镇污水处理设施建设规划", "（二）", date(2023, 12, 31),
    )  # fmt: skip
    assert [(part.id, part.part) for part in task.parts] == [(wanted.owner, Part.SOLE)]
    assert wanted.title not in [each.title for each in store.register_proposals(county.id)]

    target = "一、主要目标\n\n（一）主要目标。到2025年，县城污水处理率达到95%。"
    written = adopted(notice("澄湖县", "澄湖府发〔2023〕7号", "澄湖县城镇污水处理设施建设规划", target), "999901")
    store.link_written(made, written.id, COUNTY_OFFICE, "已印发")
    row, task = store.register_entry(made), tasks.task(task.id)
    assert row is not None
    assert task is not None
    assert (row.state, row.written, row.document) == (EventKind.WRITTEN, written.id, "澄湖府发〔2023〕7号")
    assert (task.standing.state, task.standing.grade) == (State.DONE, Grade.DONE)


def test_what_is_declined_is_not_proposed_again_and_may_be_registered_later(county: PlanRow) -> None:
    wanted = proposed(county, EntryKind.COOPERATION)[0]
    made = store.decline(county.id, wanted, COUNTY_OFFICE, "不涉及本县")
    assert proposed(county, EntryKind.COOPERATION) == []
    assert store.register(county.id, wanted, COUNTY_OFFICE, "市里来函") == made
    assert [event.kind for event in store.register_events(made)] == [EventKind.DECLINE, EventKind.REGISTER]
    with pytest.raises(Refused, match="CAS-411"):
        store.register(county.id, wanted, COUNTY_OFFICE, "再登记")
    assert CascadeEntry.objects.count() == 1


def test_a_withdrawn_sub_plan_takes_its_task_along_and_comes_back_with_a_new_one(county: PlanRow) -> None:
    wanted = proposed(county, EntryKind.SUB_PLAN)[1]
    made = store.register(county.id, wanted, COUNTY_OFFICE, "第（三）条")
    first = store.register_entry(made)
    store.withdraw(made, COUNTY_OFFICE, "并入市级方案")
    assert first is not None
    task = tasks.task(first.task or 0)
    assert task is not None
    assert task.standing.state is State.CANCELLED
    store.register(county.id, wanted, COUNTY_OFFICE, "市里要求单独编制")
    again = store.register_entry(made)
    assert again is not None
    assert again.task not in (None, first.task)


def test_a_value_from_above_arrives_with_its_document(county: PlanRow) -> None:
    made = store.register(county.id, proposed(county, EntryKind.AWAITED)[0], COUNTY_OFFICE, "第（三）条")
    given = store.Arrived(Decimal("13.5"), "%", deadline="2025", base_year=2020)
    store.record_arrival(made, given, COUNTY_OFFICE, "澄州发改〔2022〕40号", "市级下达", on=date(2022, 9, 1))
    row = store.register_entry(made)
    assert row is not None
    assert (row.state, row.value, row.unit, row.deadline, row.on) == (
        EventKind.ARRIVED, Decimal("13.5"), "%", "2025", date(2022, 9, 1),
    )  # fmt: skip
    told = journal.of_subject(f"plan/{county.id}/cascade/{made}")[-1]
    assert (told.act, told.document) == ("cascade.arrived", "澄州发改〔2022〕40号")
    assert '"value": "13.5"' in told.after
    store.record_arrival(made, store.Arrived(Decimal(14), "%"), COUNTY_OFFICE, "澄州发改〔2023〕2号", "市级调整")
    again = store.register_entry(made)
    assert again is not None
    assert again.value == Decimal(14)
    assert len(store.register_events(made)) == 3
    assert store.register_entry(made, until=timezone.localdate() - timedelta(days=1)) is None


def test_a_plan_does_not_arrive_and_a_value_is_not_written(county: PlanRow) -> None:
    plan, value = (
        store.register(county.id, proposed(county, kind)[0], COUNTY_OFFICE, "方案条文")
        for kind in (EntryKind.SUB_PLAN, EntryKind.AWAITED)
    )
    with pytest.raises(Refused, match="CAS-411"):
        store.record_arrival(plan, store.Arrived(Decimal(1), "%"), COUNTY_OFFICE, "文件", "误")
    with pytest.raises(Refused, match="CAS-411"):
        store.link_written(value, adopted(AMENDMENT, "999901").id, COUNTY_OFFICE, "误")


@pytest.mark.parametrize(
    ("given", "document", "on", "code"),
    [
        (store.Arrived(Decimal(1), "%"), " ", None, "CAS-405"),
        (store.Arrived(Decimal(1), ""), "文件", None, "CAS-406"),
        (store.Arrived(Decimal(1), "%", deadline="明年"), "文件", None, "CAS-407"),
        (store.Arrived(Decimal(1), "%"), "文件", date(9999, 1, 1), "CAS-408"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    county: PlanRow, given: store.Arrived, document: str, on: date | None, code: str
) -> None:
    made = store.register(county.id, proposed(county, EntryKind.AWAITED)[0], COUNTY_OFFICE, "第（三）条")
    before = journal.head()
    with pytest.raises(Refused, match=code):
        store.record_arrival(made, given, COUNTY_OFFICE, document, "市级下达", on)
    assert (journal.head(), len(store.register_events(made))) == (before, 1)


def test_only_whoever_decides_on_the_plan_registers(county: PlanRow) -> None:
    wanted = proposed(county, EntryKind.AWAITED)[0]
    for by in (NEIGHBOUR, Acting("clerk", Role.DEPARTMENT, body=1, paths=(COUNTY,)), Acting("a", Role.AUDITOR)):
        with pytest.raises(Forbidden):
            store.register(county.id, wanted, by, "第（三）条")
    made = store.register(county.id, wanted, COUNTY_OFFICE, "第（三）条")
    with pytest.raises(Forbidden):
        store.withdraw(made, NEIGHBOUR, "撤销")
    seen = {by.author: len(store.registered(visible(by, Action.PLAN_COMPARE))) for by in (COUNTY_OFFICE, NEIGHBOUR)}
    assert seen == {"county": 1, "other": 0}


def test_the_register_asks_as_often_however_long_it_is(county: PlanRow) -> None:
    for kind in EntryKind:
        for wanted in proposed(county, kind):
            store.register(county.id, wanted, COUNTY_OFFICE, "方案条文")
    with CaptureQueriesContext(connection) as told:
        assert len(store.registered(Q(plan=county.id))) == 5
    assert len(told) == 2
