"""The cascade: links between plans, plans side by side, gaps as tasks, the register, who answers for a place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from cascade_plans import (
    AMENDMENT,
    CITY_OFFICE,
    CITY_PLAN,
    COUNTY,
    COUNTY_OFFICE,
    COUNTY_PLAN,
    NEIGHBOUR,
    READER,
    adopted,
    notice,
)
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.decided import Pairing
from shuangkong.plans.cascade.moves import Change
from shuangkong.plans.cascade.strictness import Reason, Verdict
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import CascadeEntry
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.cascade.rows import ComparedTarget, EntryKind, EventKind, LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.rows import Verdict as ReviewVerdict
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.places import add_place
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db

FOLLOWS, AMENDS, SUPERSEDES = Relation.FOLLOWS, Relation.AMENDS, Relation.SUPERSEDES
CONFIRMED, REJECTED = LinkVerdict.CONFIRMED, LinkVerdict.REJECTED


@pytest.fixture
def places(db: None) -> None:
    registry.save_regions(
        [
            RegionRow("999900", "澄州市", "city", is_fictional=True),
            RegionRow("999901", "澄湖县", "county", "999900", is_fictional=True),
            RegionRow("999902", "柳川县", "county", "999900", is_fictional=True),
            RegionRow("999901001", "东街镇", "town", "999901", is_fictional=True),
            RegionRow("999901002", "西街镇", "town", "999901", is_fictional=True),
        ]
    )


@pytest.fixture
def city(places: None) -> PlanRow:
    return adopted(CITY_PLAN, "999900")


@pytest.fixture
def county(city: PlanRow) -> PlanRow:
    return adopted(COUNTY_PLAN, "999901")


@pytest.fixture
def linked(county: PlanRow, city: PlanRow) -> int:
    return store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)


# -- links


def test_the_reader_proposes_and_a_person_confirms(county: PlanRow, city: PlanRow) -> None:
    (proposed,) = store.proposals(county.id)
    assert (proposed.doc_no, [plan.id for plan in proposed.candidates]) == ("澄州府发〔2022〕3号", [city.id])
    made = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    assert store.proposals(county.id) == ()
    assert [(row.id, row.other) for row in store.links(county.id)] == [(made, city.id)]
    assert store.links(city.id) == store.links(county.id)
    row = journal.of_subject(f"plan/{county.id}/link/{made}")[-1]
    assert (row.act, row.place, row.sequence) == ("cascade.follows", COUNTY, store.links(county.id)[0].journal)


def test_what_is_rejected_is_not_proposed_again_and_may_be_decided_anew(county: PlanRow, city: PlanRow) -> None:
    store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    said = {"title": city.title, "doc_no": city.doc_no}
    store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, REJECTED, "引用有误", **said)
    assert (store.proposals(county.id), store.links(county.id), store.links(city.id)) == ((), (), ())
    assert [row.verdict for row in store.link_history(county.id)] == [CONFIRMED, REJECTED]
    assert store.links(county.id, until=timezone.localdate() - timedelta(days=1)) == ()


def test_another_place_decides_nothing(county: PlanRow, city: PlanRow) -> None:
    with pytest.raises(Forbidden):
        store.decide_link(county.id, NEIGHBOUR, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    with pytest.raises(Forbidden):  # to replace a plan is to decide on it
        store.decide_link(county.id, COUNTY_OFFICE, SUPERSEDES, CONFIRMED, "代替", other=city.id)
    assert store.link_history(county.id) == ()


def test_plans_do_not_follow_one_another_in_a_circle(county: PlanRow, city: PlanRow, linked: int) -> None:
    with pytest.raises(Refused, match="CAS-104"):
        store.decide_link(city.id, CITY_OFFICE, FOLLOWS, CONFIRMED, "误", other=county.id)
    with pytest.raises(Refused, match="CAS-104"):
        store.decide_link(city.id, CITY_OFFICE, FOLLOWS, CONFIRMED, "误", other=city.id)
    with pytest.raises(Refused, match="CAS-102"):
        store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, " ", other=city.id)


def test_a_superseded_plan_binds_no_longer_and_stays_readable(county: PlanRow) -> None:
    target = "一、主要目标\n\n（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降15%。"
    newer = adopted(notice("澄湖县", "澄湖府发〔2024〕9号", "澄湖县节能减排综合工作方案（修订）", target), "999901")
    store.decide_link(
        newer.id, COUNTY_OFFICE, SUPERSEDES, CONFIRMED, "新方案第一条", other=county.id, on=date(2024, 5, 1)
    )
    assert store.force(county.id, date(2024, 4, 30)).is_in_force
    after = store.force(county.id, date(2024, 5, 1))
    assert after.superseded_by is not None
    assert after.superseded_by.plan == newer.id
    assert store.superseded(date(2024, 5, 1)) == {county.id}
    assert plans.measures(county.id)
    assert plans.plan_text(county.id) == COUNTY_PLAN


# -- side by side


def verdicts(link: int) -> dict[str, tuple[Verdict, tuple[Reason, ...]]]:
    return {
        (line.parent or line.child).indicator + "/" + (line.parent or line.child).kind: (line.verdict, line.reasons)  # type: ignore[union-attr]
        for line in store.comparison(link).targets
    }


def test_target_by_target(linked: int) -> None:
    found = verdicts(linked)
    assert found["energy_intensity/reduction_rate"] == (Verdict.LOOSER, (Reason.VALUE,))
    assert found["non_fossil_share/share"][0] is Verdict.STRICTER
    assert found["consumption_increment/cap_increment"] == (Verdict.NOT_COMPARABLE, (Reason.OTHER_WHOLE,))
    assert {key: each for key, (each, _) in found.items() if each is Verdict.MISSING} == {
        "cod_project_reduction/reduction_amount": Verdict.MISSING,
        "industry_energy_intensity/reduction_rate": Verdict.MISSING,
        "green_factory_count/count": Verdict.MISSING,
    }  # fmt: skip


def test_main_targets_are_told_apart(linked: int) -> None:
    main = {line.parent.indicator for line in store.comparison(linked).targets if line.is_main and line.parent}
    assert main == {"energy_intensity", "consumption_increment", "non_fossil_share", "cod_project_reduction"}


def test_what_the_citys_annex_gives_to_the_county_is_what_counts(places: None) -> None:
    annexed = (
        CITY_PLAN
        + """
附件1

“十四五”各地能耗增量控制目标

地区	“十四五”能耗增量控制目标（万吨标准煤）
澄湖县	17
柳川县	30
"""
    )
    city, county = adopted(annexed, "999900"), adopted(COUNTY_PLAN, "999901")
    link = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    (line,) = [each for each in store.comparison(link).targets if each.parent and each.parent.kind == "cap_increment"]
    assert (line.verdict, line.is_assigned, line.difference) == (Verdict.LOOSER, True, Decimal(1))


def test_measure_by_measure(linked: int) -> None:
    found = [
        (line.parent.no if line.parent else "", line.child.no if line.child else "", line.match, line.is_gap)
        for line in store.comparison(linked).measures
    ]
    assert found == [
        ("（一）", "（一）", Match.SURE, False),
        ("（二）", "（三）", Match.SURE, False),
        ("（三）", "（二）", Match.SURE, False),
        ("（四）", "", Match.MISSING, True),
        ("", "（四）", Match.EXTRA, False),
    ]


def test_a_comparison_asks_as_often_however_long_the_plans_are(linked: int, county: PlanRow) -> None:
    with CaptureQueriesContext(connection) as told:
        store.comparison(linked)
    assert len(told) == 19


# -- pairs that a person decides


CITY_GREEN = CITY_PLAN.replace("推广绿色建筑。", "到2025年，城镇新建建筑全部达到绿色建筑标准完成率达到100%。")
COUNTY_GREEN = COUNTY_PLAN.replace("推广绿色建筑。", "到2025年，城镇新建绿色建筑达标率达到100%。")


@pytest.fixture
def doubtful(places: None) -> tuple[int, ComparedTarget]:
    """A link, and the pair of it that only a person can decide."""
    city, county = adopted(CITY_GREEN, "999900"), adopted(COUNTY_GREEN, "999901")
    link = store.decide_link(county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", other=city.id)
    (line,) = [each for each in store.comparison(link).targets if each.is_doubtful]
    return link, line


def ends(link: int, line: ComparedTarget) -> tuple[int, int]:
    assert line.key is not None
    assert line.below is not None
    return line.key, line.below


def test_a_doubtful_pair_is_no_gap_until_a_person_sets_it_apart(doubtful: tuple[int, ComparedTarget]) -> None:
    link, line = doubtful
    above, below = ends(*doubtful)
    assert "绿色建筑" in (line.parent.indicator_name if line.parent else "")
    with pytest.raises(Refused, match="CAS-203"):
        store.assign_gaps(link, COUNTY_OFFICE, keys=[above])
    made = store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.APART, "口径不同：一个是全部、一个是达标")
    found = store.comparison(link)
    assert [each.verdict for each in found.targets if above == each.key or below == each.below] == [
        Verdict.MISSING, Verdict.EXTRA,
    ]  # fmt: skip
    assert [(row.id, row.verdict) for row in found.decisions] == [(made, Pairing.APART)]
    assert len(store.assign_gaps(link, COUNTY_OFFICE, keys=[above])) == 1
    row = journal.of_subject(f"plan/{found.child.id}/pairs")[-1]
    assert (row.act, row.place, row.ground) == ("cascade.pair", COUNTY, "口径不同：一个是全部、一个是达标")


def test_a_decided_pair_is_compared_and_may_be_taken_back(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, "同一指标")
    (line,) = [each for each in store.comparison(link).targets if each.key == above]
    assert (line.verdict, line.is_doubtful, line.is_decided) == (Verdict.EQUAL, False, True)
    assert store.comparison(link).doubts == ()
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.OPEN, "再核对")
    assert [each.key for each in store.comparison(link).doubts] == [above]
    assert [row.verdict for row in store.comparison(link).decisions] == [Pairing.PAIRED, Pairing.OPEN]


def test_a_target_that_is_laid_to_another_leaves_the_first(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    energy = next(each for each in store.comparison(link).targets if each.parent and each.child and each.is_gap)
    assert energy.below is not None
    store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, "同一指标")
    store.decide_pair(link, COUNTY_OFFICE, above, energy.below, Pairing.PAIRED, "改认定")
    pairs = {(each.key, each.below) for each in store.comparison(link).targets}
    assert (above, energy.below) in pairs
    assert {(None, below), (energy.key, None)} <= pairs


def test_a_past_day_knows_no_later_decision(
    doubtful: tuple[int, ComparedTarget], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, _ = doubtful
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    store.decide_pair(link, COUNTY_OFFICE, *ends(*doubtful), Pairing.PAIRED, "同一指标")
    assert store.comparison(link).doubts == ()
    assert len(store.comparison(link, until=timezone.localdate() - timedelta(days=1)).doubts) == 1


def test_measures_are_laid_together_and_set_apart(linked: int) -> None:
    lines = store.comparison(linked).measures
    lone = {line.parent is None: line for line in lines if line.parent is None or line.child is None}
    above, below = lone[False].key, lone[True].below
    assert above is not None
    assert below is not None
    store.decide_pair(linked, COUNTY_OFFICE, above, below, Pairing.PAIRED, "（四）中有引导公众一句")
    found = {(line.key, line.below): line for line in store.comparison(linked).measures}
    assert (found[above, below].match, found[above, below].is_decided) == (Match.SURE, True)
    assert not any(line.is_gap for line in found.values())


def test_only_the_office_of_the_place_decides_and_says_why(doubtful: tuple[int, ComparedTarget]) -> None:
    link, _ = doubtful
    above, below = ends(*doubtful)
    with pytest.raises(Forbidden):
        store.decide_pair(link, NEIGHBOUR, above, below, Pairing.PAIRED, "同一指标")
    with pytest.raises(Refused, match="CAS-210"):
        store.decide_pair(link, COUNTY_OFFICE, above, below, Pairing.PAIRED, " ")
    for one, other in ((below, above), (above, 10**9)):
        with pytest.raises(Refused, match="CAS-211"):
            store.decide_pair(link, COUNTY_OFFICE, one, other, Pairing.PAIRED, "同一指标")
    measure = next(each.below for each in store.comparison(link).measures if each.below)
    with pytest.raises(Refused, match="CAS-212"):
        store.decide_pair(link, COUNTY_OFFICE, above, measure, Pairing.PAIRED, "同一指标")
    assert store.comparison(link).decisions == ()


def test_a_parent_that_is_not_read_in_cannot_be_compared(county: PlanRow) -> None:
    link = store.decide_link(
        county.id, COUNTY_OFFICE, FOLLOWS, CONFIRMED, "文首所引", title="某省方案", doc_no="某政发1号"
    )
    with pytest.raises(Refused, match="CAS-202"):
        store.comparison(link)


def test_what_is_awaited_from_above_is_no_gap(linked: int, county: PlanRow) -> None:
    made = store.register(county.id, proposed(county, EntryKind.AWAITED)[0], COUNTY_OFFICE, "第（三）条")
    (line,) = [each for each in store.comparison(linked).targets if each.awaited is not None]
    assert line.parent is not None
    assert (line.parent.indicator, line.verdict, line.is_gap) == (
        "industry_energy_intensity", Verdict.MISSING, False,
    )  # fmt: skip
    assert line.awaited == made
    store.withdraw(made, COUNTY_OFFICE, "误登")
    assert all(each.awaited is None for each in store.comparison(linked).targets)


def test_a_plan_that_was_not_adopted_then_cannot_be_compared(linked: int) -> None:
    assert store.comparison(linked, until=timezone.localdate()) == store.comparison(linked)
    with pytest.raises(Refused, match="CAS-204"):
        store.comparison(linked, until=timezone.localdate() - timedelta(days=1))


# -- gaps


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


# -- adjustments


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


# -- the register


def proposed(plan: PlanRow, kind: EntryKind) -> list[store.Registering]:
    return [
        store.Registering(each.kind, each.title, each.item, each.giver, each.owner, each.due, each.span)
        for each in store.register_proposals(plan.id)
        if each.kind is kind
    ]


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


# -- who answers


def mayor(person: str, region: str = "999901001", **said: object) -> store.Naming:
    return store.Naming(Rank.FIRST, person, "镇长", region=region, **said)  # type: ignore[arg-type]


def test_one_answers_first_for_each_town_and_firm(places: None) -> None:
    day = date(2024, 1, 1)
    firm = store.add_state_firm("999901", "县水务集团", COUNTY_OFFICE, "国资名录")
    assert [each.subject for each in store.vacancies("999901", day)] == ["东街镇", "西街镇", "县水务集团"]
    store.name_responsible(mayor("甲某", starts_on=day), COUNTY_OFFICE, "方案五（一）", "任命文件")
    head = store.Naming(Rank.FIRST, "乙某", "董事长", body=firm, starts_on=day)
    store.name_responsible(head, COUNTY_OFFICE, "方案五（一）")
    assert [each.subject for each in store.vacancies("999901", day)] == ["西街镇"]
    assert [each.subject for each in store.vacancies("999901", day - timedelta(days=1))] == [
        "东街镇",
        "西街镇",
        "县水务集团",
    ]


def test_five_levels_down_to_the_village(places: None) -> None:
    """五级: a village is added below its town; each level tells how many places nobody answers for."""
    day = date(2024, 1, 1)
    village = add_place("999901001", "999901001201", "虚构村", COUNTY_OFFICE, "统计用区划代码")
    with pytest.raises(Refused, match="REG-111"):
        add_place(village, f"{village}001", "村民小组", COUNTY_OFFICE, "名录")
    head = store.Naming(Rank.FIRST, "甲某", "村委会主任", region=village, starts_on=day)
    row = store.name_responsible(head, COUNTY_OFFICE, "秸秆禁烧责任书")

    def told(on: date) -> list[tuple[str, int, int]]:
        return [(each.level, each.places, each.vacant) for each in store.levels_answered("/999900/999901/", on)]

    assert told(day) == [("county", 1, 1), ("town", 2, 2), ("village", 1, 0)]
    assert told(day - timedelta(days=1)) == [("county", 1, 1), ("town", 2, 2), ("village", 1, 1)]
    store.end_responsibility(row, COUNTY_OFFICE, "换届", date(2024, 6, 30))
    assert told(date(2024, 7, 1))[-1] == ("village", 1, 1)


def test_posts_down_to_the_boiler_room(places: None) -> None:
    firm = store.add_state_firm("999901", "县水务集团", COUNTY_OFFICE, "国资名录")
    for duty, person in (("锅炉运行岗", "丙某"), ("计量岗", "丁某")):
        store.name_responsible(
            store.Naming(Rank.POST, person, "班长", body=firm, duty=duty), COUNTY_OFFICE, "企业岗位责任制"
        )
    found = store.responsible(Q(body=firm), timezone.localdate())
    assert {(row.duty, row.person, row.subject) for row in found} == {
        ("锅炉运行岗", "丙某", "县水务集团"), ("计量岗", "丁某", "县水务集团"),
    }  # fmt: skip
    with pytest.raises(Refused, match="CAS-508"):
        store.name_responsible(store.Naming(Rank.POST, "戊某", "班长", body=firm), COUNTY_OFFICE, "企业岗位责任制")


def test_who_answered_on_a_past_day_is_still_told(places: None) -> None:
    town = Q(region="999901001")
    store.name_responsible(mayor("甲某", starts_on=date(2022, 1, 1)), COUNTY_OFFICE, "任命")
    second = store.name_responsible(mayor("乙某", starts_on=date(2023, 6, 1)), COUNTY_OFFICE, "换届")
    people = {day: [row.person for row in store.responsible(town, day)]
              for day in (date(2021, 12, 31), date(2023, 5, 31), date(2023, 6, 1), date(2024, 1, 1))}  # fmt: skip
    assert list(people.values()) == [[], ["甲某"], ["乙某"], ["乙某"]]
    store.name_responsible(mayor("甲某某", starts_on=date(2022, 1, 1)), COUNTY_OFFICE, "姓名更正")
    assert [row.person for row in store.responsible(town, date(2022, 1, 1))] == ["甲某某"]
    assert [row.person for row in store.responsible(town, date(2024, 1, 1))] == ["乙某"]
    store.end_responsibility(second, COUNTY_OFFICE, "调离", date(2023, 12, 31))
    assert store.responsible(town, date(2024, 1, 1)) == ()
    assert [row.person for row in store.responsible(town, date(2023, 12, 31))] == ["乙某"]
    assert len(store.responsibility_history(town)) == 4
    assert [row.act for row in journal.of_subject("region/999901001")] == [
        "responsible.name", "responsible.name", "responsible.name", "responsible.end",
    ]  # fmt: skip


def test_nobody_is_named_from_elsewhere_or_without_a_ground(places: None) -> None:
    with pytest.raises(Forbidden):
        store.name_responsible(mayor("甲某"), NEIGHBOUR, "任命")
    with pytest.raises(Forbidden):
        store.add_state_firm("999901", "县水务集团", NEIGHBOUR, "国资名录")
    for wanted, ground, code in (
        (mayor("甲某"), " ", "CAS-102"),
        (mayor(" "), "任命", "CAS-504"),
        (mayor("甲某", "000000"), "任命", "CAS-503"),
        (store.Naming(Rank.FIRST, "甲某", "镇长"), "任命", "CAS-502"),
        (mayor("甲某", starts_on=date(2024, 1, 2), ends_on=date(2024, 1, 1)), "任命", "CAS-505"),
    ):
        with pytest.raises(Refused, match=code):
            store.name_responsible(wanted, COUNTY_OFFICE, ground)
    assert journal.head()[0] == 0


def test_a_row_of_the_annex_is_found_by_its_name_where_the_register_did_not_know_its_region(places: None) -> None:
    """The city was read in before the county was in the register: its annex knows the county by name only."""
    from shuangkong.records.plans.cascade.promises import promises_for
    from shuangkong.records.targets import store as target_store

    city, county = adopted(CITY_PLAN, "999900"), adopted(COUNTY_PLAN, "999901")
    rows = target_store.targets(city.id)
    cap = next(row for row in rows if row.kind == "cap_increment")
    for code, is_assigned in (("澄州市/澄湖县", True), ("澄湖县", True), ("澄州市/柳川县", False), ("999902", False)):
        named = replace(
            cap, id=10**6, subject_kind="region", subject_code=code, subject_name="澄湖县", value=Decimal(17)
        )
        found = [each for each in promises_for(city, county, (*rows, named)) if each.kind == "cap_increment"]
        assert [(each.value, each.is_assigned) for each in found] == (
            [(Decimal(17), True)] if is_assigned else [(Decimal(120), False)]
        ), code
