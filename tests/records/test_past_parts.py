"""As of a past day, the smaller parts: names, who had a part, what was below, vacancies, proposals, adjustments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from cascade_plans import AMENDMENT, COUNTY_OFFICE, COUNTY_PLAN, adopted
from django.db.models import Q
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.responsible import Naming
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.names import names_then
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db
COUNTY = "999901"
TODAY = timezone.localdate()
START, MIDDLE, LATE = (TODAY - timedelta(days=days) for days in (30, 20, 10))
type Turn = Callable[[date], None]


@pytest.fixture
def places(db: None, on: Turn) -> None:
    on(START)
    registry.save_regions(
        [
            RegionRow("999900", "澄州市", "city", is_fictional=True),
            RegionRow(COUNTY, "澄湖县", "county", "999900", is_fictional=True),
            RegionRow("999901001", "东街镇", "town", COUNTY, is_fictional=True),
        ]
    )


@pytest.fixture
def county(places: None) -> int:
    return adopted(COUNTY_PLAN, COUNTY).id


def called(name: str, code: str = "999901001") -> RegionRow:
    return RegionRow(code, name, "town" if len(code) > 6 else "county", code[:6] if len(code) > 6 else "999900")


def test_a_region_is_called_as_it_was_called_then(places: None, on: Turn) -> None:
    for day, name in ((MIDDLE, "东湖镇"), (LATE, "东湖街道")):
        on(day)
        registry.save_regions([called(name)])
        registry.save_regions([called(name)])  # the same list again changes nothing
    names = [registry.region("999901001", day) for day in (START, MIDDLE, LATE, None)]
    assert [found and found.name for found in names] == ["东街镇", "东湖镇", "东湖街道", "东湖街道"]
    assert names_then(None).regions == {}
    assert names_then(LATE).region("999901001", "现名") == "现名"


def test_a_plan_and_its_tasks_name_their_region_as_then(county: int, on: Turn) -> None:
    assign_plan(county, COUNTY_OFFICE)
    on(MIDDLE)
    registry.save_regions([called("澄湖区", COUNTY)])
    task = store.tasks(Q(plan=county), ("pk",))[0].id
    told = [(plans.plan(county, day), store.task(task, day)) for day in (START, MIDDLE)]
    assert [(plan and plan.region_name, row and row.region_name) for plan, row in told] == [
        ("澄湖县", "澄湖县"),
        ("澄湖区", "澄湖区"),
    ]


def test_who_had_a_part_then(county: int, on: Turn) -> None:
    assign_plan(county, COUNTY_OFFICE)
    task = next(row for row in store.tasks(Q(plan=county), ("pk",)) if row.kind is TaskKind.TARGET).id
    one, other = registry.bodies(COUNTY)[:2]
    on(MIDDLE)
    name_owner(task, one.id, COUNTY_OFFICE)
    on(LATE)
    name_owner(task, other.id, COUNTY_OFFICE, "职责调整")

    def owners(day: date | None) -> list[str]:
        row = store.task(task, day)
        assert row is not None
        return [part.name for part in row.parts if part.part is Part.OWNER]

    assert [owners(day) for day in (START, MIDDLE, LATE, None)] == [[], [one.name], [other.name], [other.name]]


def test_what_was_below_a_task_then_and_how_it_stood(county: int, on: Turn) -> None:
    assign_plan(county, COUNTY_OFFICE)
    parent = store.tasks(Q(plan=county, kind=TaskKind.MEASURE), ("pk",))[0]
    before = len(store.children(parent.id))
    body = registry.bodies(COUNTY)[0].id
    on(MIDDLE)
    made = add(Wanted(TaskKind.OTHER, "分阶段", ((body, Part.SOLE),), parent=parent.id), COUNTY_OFFICE)
    on(LATE)
    clerk = Acting("clerk", Role.DEPARTMENT, body=body, bodies=frozenset({body}), region=COUNTY,
                   paths=COUNTY_OFFICE.paths)  # fmt: skip
    act(made, clerk, EventKind.REPORT, "完成", Grade.DONE)
    act(made, COUNTY_OFFICE, EventKind.ACCEPT)

    def state(day: date | None) -> State | None:
        return next((row.standing.state for row in store.children(parent.id, day) if row.id == made), None)

    assert [state(day) for day in (START, MIDDLE, LATE, None)] == [None, State.ASSIGNED, State.DONE, State.DONE]
    assert [len(store.children(parent.id, day)) - before for day in (START, MIDDLE)] == [0, 1]
    assert store.task(made, START) is None


def test_vacancies_are_those_of_the_day(places: None, on: Turn) -> None:
    def vacant(day: date) -> list[str]:
        return [each.subject for each in cascade.vacancies(COUNTY, day, day)]

    on(MIDDLE)
    firm = cascade.add_state_firm(COUNTY, "县水务集团", COUNTY_OFFICE, "国资名录")
    on(LATE)
    registry.save_regions([called("东湖镇")])
    for subject in ({"body": firm}, {"region": "999901001"}):
        cascade.name_responsible(
            Naming(Rank.FIRST, "甲某", "负责人", starts_on=START, **subject),
            COUNTY_OFFICE,
            "任命",  # type: ignore[arg-type]
        )
    on(TODAY)
    assert [vacant(day) for day in (START, MIDDLE, LATE)] == [["东街镇"], ["东街镇", "县水务集团"], []]
    assert cascade.vacancies(COUNTY, START) == ()  # as is known today somebody answered already
    (row,) = cascade.responsible(Q(region="999901001"), LATE, LATE)
    assert row.subject == "东湖镇"


def test_proposals_are_those_nobody_had_decided_on_then(county: int, on: Turn) -> None:
    first, *rest = cascade.register_proposals(county)
    on(MIDDLE)
    wanted = cascade.Registering(first.kind, first.title, first.item)
    cascade.decline(county, wanted, COUNTY_OFFICE, "不属本县")
    told = [cascade.register_proposals(county, day) for day in (START - timedelta(days=1), START, MIDDLE)]
    assert [len(each) for each in told] == [0, len(rest) + 1, len(rest)]
    assert first in told[1]
    assert cascade.responsible_sentences(county, START - timedelta(days=1)) == ()


def test_an_adjustment_is_told_as_known_then(county: int, on: Turn) -> None:
    assign_plan(county, COUNTY_OFFICE)
    on(MIDDLE)
    later = adopted(AMENDMENT, COUNTY).id
    link = cascade.decide_link(later, COUNTY_OFFICE, Relation.AMENDS, LinkVerdict.CONFIRMED, "标题", other=county)
    touched = {task.id for move in cascade.adjustment(link).moves for task in move.tasks}
    assert touched
    on(LATE)
    done = min(touched)
    act(done, COUNTY_OFFICE, EventKind.STATE, "已完成", Grade.DONE)

    def open_then(day: date | None) -> set[int]:
        return {task.id for move in cascade.adjustment(link, day).moves for task in move.tasks}

    assert open_then(MIDDLE) == touched
    assert open_then(LATE) == open_then(None) == touched - {done}
