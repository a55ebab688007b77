"""Gaps become tasks; what an amendment or a new version moves, and which tasks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from cascade_plans import (
    AMENDMENT,
    CITY_OFFICE,
    COUNTY,
    COUNTY_OFFICE,
    NEIGHBOUR,
    READER,
    adopted,
)

from shuangkong.plans.cascade.moves import Change
from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.rows import Verdict as ReviewVerdict
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db

AMENDS = Relation.AMENDS
CONFIRMED = LinkVerdict.CONFIRMED


def test_gaps_become_tasks_of_the_countys_office_once(linked: int, county: PlanRow) -> None:
    made = store.assign_gaps(linked, CITY_OFFICE, due=date(2030, 6, 30))
    found = store.comparison(linked)
    assert len(made) == len(found.gaps) == 4
    assert {gap.task for gap in found.gaps} == set(made)
    row = tasks.task(made[0])
    assert row is not None
    assert (row.kind, row.plan, row.path, row.standing.due) == (TaskKind.GAP, county.id, COUNTY, date(2030, 6, 30))
    assert row.title == "单位地区生产总值能耗下降率：上级要求15%（2025），本级为14%（2025）"
    head = journal.head()
    assert store.assign_gaps(linked, COUNTY_OFFICE) == ()
    assert journal.head() == head


@pytest.mark.parametrize(("said", "told"), [("市里反馈意见（虚构）", "市里反馈意见（虚构）"), (" ", "")])
def test_why_gaps_are_closed_is_told_and_journalled(
    linked: int, county: PlanRow, city: PlanRow, said: str, told: str
) -> None:
    made = store.assign_gaps(linked, COUNTY_OFFICE, ground=said)
    row = journal.of_subject(f"plan/{county.id}/gaps")[-1]
    assert (row.act, row.ground, row.document) == ("cascade.gap", told or f"《{city.title}》", city.doc_no)
    assert {tasks.events(each)[0].text for each in made} == {told}


def test_gaps_may_be_chosen(linked: int) -> None:
    gap = next(line for line in store.comparison(linked).measures if line.is_gap)
    assert gap.key is not None
    (made,) = store.assign_gaps(linked, COUNTY_OFFICE, keys={gap.key})
    row = tasks.task(made)
    assert row is not None
    assert (row.title, row.number) == ("上级措施“推行绿色消费”：本级方案没有对应措施", "（四）")
    with pytest.raises(Refused, match="CAS-203"):
        store.assign_gaps(linked, COUNTY_OFFICE, keys={0})
    with pytest.raises(Forbidden):
        store.assign_gaps(linked, NEIGHBOUR)


def test_an_amendment_shows_what_it_moves_and_whom(county: PlanRow, linked: int) -> None:
    assign_plan(county.id, COUNTY_OFFICE)
    amendment = adopted(AMENDMENT, "999901")
    link = store.decide_link(amendment.id, COUNTY_OFFICE, AMENDS, CONFIRMED, "文件标题", other=county.id)
    found = store.adjustment(link)
    assert [(move.change, move.fields, move.verdict) for move in found.moves] == [
        (Change.MOVED, ("value",), Verdict.LOOSER),
        (Change.ADDED, (), Verdict.EXTRA),
    ]
    (moved, _) = found.moves
    assert moved.before is not None
    assert moved.after is not None
    assert (moved.before.value, moved.after.value) == (Decimal(14), Decimal(13))
    assert [task.kind for task in moved.tasks] == [TaskKind.TARGET], "what stands in 主要目标 is no measure to be done"
    assert all(task.plan == county.id for task in moved.tasks)
    assert found.followers == ()
    assert [row.plan for row in store.force(county.id, date(2024, 3, 1)).amended_by] == [amendment.id]


def test_a_new_version_shows_what_it_moved(city: PlanRow, county: PlanRow, linked: int) -> None:
    entry = next(each for each in plans.entries(city.id) if each.payload.get("indicator_printed") and
                 each.payload["kind"] == "reduction_rate")  # fmt: skip
    plans.decide(entry.id, ReviewVerdict.CORRECTED, READER, entry.payload | {"value": 16}, reason="中期调整")
    plans.adopt(city.id, READER)
    found = store.revision(city.id, 1, 2)
    assert [(each.before.value, each.after.value, each.verdict) for each in found.moves if each.change is Change.MOVED  # type: ignore[union-attr]
            ] == [(Decimal(15), Decimal(16), Verdict.STRICTER)]  # fmt: skip
    assert [row.id for row in found.followers] == [linked]
    (line, *_) = store.comparison(linked).targets
    assert line.difference == Decimal(-2)
    assert store.comparison(linked).versions == (1, 2)


def test_what_a_new_version_leaves_out_is_told_with_its_tasks(county: PlanRow) -> None:
    assign_plan(county.id, COUNTY_OFFICE)
    entry = next(each for each in plans.entries(county.id) if each.payload.get("kind") == "cap_increment")
    plans.decide(entry.id, ReviewVerdict.REJECTED, COUNTY_OFFICE, reason="中期取消")
    plans.adopt(county.id, COUNTY_OFFICE)
    (dropped,) = [each for each in store.revision(county.id, 1, 2).moves if each.change is Change.DROPPED]
    assert dropped.before is not None
    assert dropped.before.entry == entry.id
    assert TaskKind.TARGET in {task.kind for task in dropped.tasks}
