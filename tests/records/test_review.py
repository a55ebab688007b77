"""From a reading through a review to an adopted plan: nothing doubtful silently, nothing overwritten."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors import CHIEF, CLERK, READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.records.journal import store as journal
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import AdoptionRefused, EntryKind, EntryRow, PlanRow, Status, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook


def accept_open(plan: PlanRow) -> None:
    for entry in store.undecided(plan.id):
        store.decide(entry.id, Verdict.ACCEPTED, CLERK)


def headline(plan: PlanRow) -> EntryRow:
    return next(each for each in store.entries(plan.id, EntryKind.TARGET) if each.payload["unit"] == "万吨标准煤")


def test_every_object_read_is_an_entry(draft: PlanRow, reading: Reading) -> None:
    found = store.entries(draft.id)
    counted = {kind: sum(1 for each in found if each.kind is kind) for kind in EntryKind}
    assert counted[EntryKind.ITEM] == len(reading.items) == 11
    assert counted[EntryKind.TARGET] == len(reading.targets)
    assert counted[EntryKind.ANNEX_TARGET] == len(reading.annex_targets) == 24
    assert counted[EntryKind.BODY] == sum(len(item.bodies) for item in reading.items)
    tables = {each.id for each in found if each.kind is EntryKind.TABLE}
    assert {each.parent for each in found if each.kind is EntryKind.ANNEX_TARGET} == tables
    assert (draft.title, draft.region, draft.status) == (reading.head.title, "999901", Status.DRAFT)
    assert "虚构" in store.plan_text(draft.id)


def test_the_text_is_kept_once_for_the_same_file(draft: PlanRow, document: Document, reading: Reading) -> None:
    again = store.save_reading(document.text.encode(), document, reading, (), READER)
    digest = sha256(document.text.encode()).hexdigest()
    assert {each.id for each in store.file_plans(digest)} == {draft.id, again.id}


def test_doubtful_entries_stand_in_the_way(draft: PlanRow) -> None:
    waiting = store.undecided(draft.id)
    assert waiting
    with pytest.raises(AdoptionRefused) as refused:
        store.adopt(draft.id, CHIEF)
    assert refused.value.entries == waiting
    assert str(len(waiting)) in refused.value.finding.message.zh
    assert targets.targets(draft.id) == ()
    store.accept_certain(draft.id, CLERK)
    assert store.undecided(draft.id) == waiting


def test_adoption_makes_measures_and_targets(draft: PlanRow, reading: Reading) -> None:
    accept_open(draft)
    act = store.adopt(draft.id, CHIEF)
    assert (act.version, act.measures, act.targets) == (1, 11, len(reading.targets) + 24)
    assert all(each.decision is not None for each in store.entries(draft.id))
    industry = next(each for each in store.measures(draft.id) if each.no == "（三）")
    assert [(part.name, part.role) for part in industry.bodies] == [
        ("县发展改革局", "lead"), ("县经济信息化局", "participant"), ("县市场监管局", "participant"),
    ]  # fmt: skip
    assert industry.sub_tasks


def test_a_correction_is_kept_and_makes_a_new_version(draft: PlanRow) -> None:
    accept_open(draft)
    store.adopt(draft.id, CHIEF)
    entry = headline(draft)
    store.decide(entry.id, Verdict.CORRECTED, CLERK, after=entry.payload | {"value": 17.5}, reason="以印发稿为准")
    kept = store.decisions(entry.id)[-1]
    assert (kept.before["value"], kept.after and kept.after["value"]) == (18, 17.5)
    assert (kept.decided_by, kept.reason) == ("clerk", "以印发稿为准")
    plan = store.plan(draft.id)
    assert plan is not None
    assert (plan.status, plan.version) == (Status.IN_REVIEW, 1)
    assert store.adopt(draft.id, CHIEF).version == 2
    values = {
        version: str(next(each.value for each in targets.targets(draft.id, version) if each.entry == entry.id))
        for version in (1, 2)
    }
    assert values == {1: "18", 2: "17.5"}
    assert [act.version for act in store.adoptions(draft.id)] == [2, 1]


def test_nothing_new_is_not_adopted_twice(draft: PlanRow) -> None:
    accept_open(draft)
    store.adopt(draft.id, CHIEF)
    with pytest.raises(AdoptionRefused, match="PLN-952"):
        store.adopt(draft.id, CHIEF)


def test_merged_and_rejected_entries_do_not_live(draft: PlanRow) -> None:
    accept_open(draft)
    first, second = store.entries(draft.id, EntryKind.TARGET)[:2]
    store.decide(second.id, Verdict.MERGED, CLERK, reason="同一目标", merged_into=first.id)
    item = store.entries(draft.id, EntryKind.ITEM)[2]
    store.decide(item.id, Verdict.REJECTED, CLERK, reason="不是措施")
    act = store.adopt(draft.id, CHIEF)
    assert act.measures == 10
    assert second.id not in {each.entry for each in targets.targets(draft.id)}
    assert {part.measure_no for part in store.parts(draft.id)} == {each.no for each in store.measures(draft.id)} - {
        "（一）", "（二）",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "more", "code"),
    [
        (Verdict.CORRECTED, {"after": {"value": 1}, "reason": "x"}, "PLN-953"),
        (Verdict.CORRECTED, {"reason": "x"}, "PLN-956"),
        (Verdict.REJECTED, {}, "PLN-955"),
        (Verdict.MERGED, {"reason": "x"}, "PLN-957"),
    ],
    ids=["payload without its fields", "no payload", "no reason", "no other entry"],
)
def test_an_unsound_decision_is_refused(draft: PlanRow, verdict: Verdict, more: dict[str, Any], code: str) -> None:
    entry = headline(draft)
    with pytest.raises(ValueError, match=code):
        store.decide(entry.id, verdict, CLERK, **more)
    assert store.decisions(entry.id) == ()


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        ("value", "NaN", "PLN-960"),
        ("value", "1e400", "PLN-960"),
        ("deadline", "每年", "PLN-961"),
        ("deadline", "二〇二五", "PLN-961"),
    ],
)
def test_a_correction_that_nothing_could_work_with_is_refused(
    draft: PlanRow, field: str, given: str, code: str
) -> None:
    entry = headline(draft)
    with pytest.raises(ValueError, match=code):
        store.decide(entry.id, Verdict.CORRECTED, CLERK, after=entry.payload | {field: given}, reason="试")
    assert store.decisions(entry.id) == ()


def test_what_the_reader_missed_can_be_added(draft: PlanRow) -> None:
    accept_open(draft)
    entry = headline(draft)
    payload = entry.payload | {"indicator": "煤炭消费总量", "kind": "cap_total", "value": 30, "value_text": "30"}
    added = store.add_entry(draft.id, EntryKind.TARGET, payload, CLERK, "正文第三段漏读")
    assert added.decision is not None
    assert added.decision.verdict is Verdict.ADDED
    store.adopt(draft.id, CHIEF)
    assert "coal_total" in {each.indicator for each in targets.targets(draft.id)}


def longer(times: int) -> str:
    """Our plan with a chapter of more measures: more of everything, to see that the number of queries does not grow."""
    more = "".join(
        f"（{n}）做好第{n}项工作。到2025年，示范单位{n}达到{n}家。（牵头单位：县第{n}局；参加单位：县发展改革局）\n\n"
        for n in range(1, times + 1)
    )
    return f"澄湖县节能减排综合工作方案\n\n一、总体要求\n\n（一）总体要求。做好工作。\n\n二、具体工作\n\n{more}"


def counted(text: str) -> tuple[int, int, int]:
    document = Document("t.txt", Medium.TXT, text)
    reading = read_plan(document, open_rulebook().lexicon())
    with CaptureQueriesContext(connection) as saving:
        plan = store.save_reading(text.encode(), document, reading, (), READER)
    accept_open(plan)
    with CaptureQueriesContext(connection) as adopting:
        store.adopt(plan.id, CHIEF)
    with CaptureQueriesContext(connection) as looking:
        store.entries(plan.id)
        store.measures(plan.id)
        store.parts(plan.id)
        targets.targets(plan.id)
    return len(saving), len(adopting), len(looking)


def test_the_number_of_queries_does_not_grow_with_the_plan(regions: None) -> None:
    journal.append(CLERK.act("test", "test"))  # the first row of a journal costs more
    assert counted(longer(2)) == counted(longer(9))


def test_a_rejected_head_field_is_not_adopted(draft: PlanRow) -> None:
    accept_open(draft)
    number = next(each for each in store.entries(draft.id, EntryKind.HEAD_FIELD) if each.payload["field"] == "doc_no")
    store.decide(number.id, Verdict.REJECTED, CLERK, reason="文号有误")
    store.adopt(draft.id, CHIEF)
    plan = store.plan(draft.id)
    assert plan is not None
    assert not plan.doc_no


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [
        ("base_year", 20, "PLN-962"),
        ("deadline", "2025-13", "PLN-961"),
        ("deadline", "2025-02-30", "PLN-961"),
        ("unit", "万吨标准媒", "PLN-965"),
    ],
)
def test_a_refusal_names_the_field_in_both_languages(draft: PlanRow, field: str, given: Any, code: str) -> None:
    entry = headline(draft)
    with pytest.raises(Refused) as refused:
        store.decide(entry.id, Verdict.CORRECTED, CLERK, after=entry.payload | {field: given}, reason="试")
    assert (refused.value.code, refused.value.field) == (code, field)
    assert str(given) in refused.value.message.zh
    assert refused.value.message.en
    assert store.decisions(entry.id) == ()


def test_a_unit_of_its_own_stands_once_a_person_confirms_it(draft: PlanRow) -> None:
    entry = headline(draft)
    after = entry.payload | {"unit": "箩"}
    now = store.decide(entry.id, Verdict.CORRECTED, CLERK, after=after, reason="照印发件", is_unit_meant=True)
    assert now.payload["unit"] == "箩"


@pytest.mark.parametrize(("given", "kept"), [("2025年6月", "2025-06"), ("2025", "2025"), ("2025-6-9", "2025-06-09")])
def test_a_deadline_is_kept_in_one_form(draft: PlanRow, given: str, kept: str) -> None:
    entry = headline(draft)
    after = entry.payload | {"deadline": given}
    assert store.decide(entry.id, Verdict.CORRECTED, CLERK, after=after, reason="试").payload["deadline"] == kept


def head_field(plan: PlanRow, field: str) -> EntryRow:
    return next(each for each in store.entries(plan.id, EntryKind.HEAD_FIELD) if each.payload["field"] == field)


@pytest.mark.parametrize(
    ("field", "given", "code"),
    [("issued_on", "五月十日", "PLN-963"), ("title", "", "PLN-964"), ("title", None, "PLN-964")],
)
def test_a_head_that_could_not_be_adopted_is_refused(draft: PlanRow, field: str, given: Any, code: str) -> None:
    notice = head_field(draft, "notice_title")
    store.decide(notice.id, Verdict.REJECTED, CLERK, reason="只看标题")
    entry = head_field(draft, field)
    with pytest.raises(Refused, match=code):
        store.decide(entry.id, Verdict.CORRECTED, CLERK, after=entry.payload | {"value": given}, reason="试")
    if field == "title":
        with pytest.raises(Refused, match=code):
            store.decide(entry.id, Verdict.REJECTED, CLERK, reason="试")


def test_the_day_of_issue_may_be_written_in_chinese(draft: PlanRow) -> None:
    entry = head_field(draft, "issued_on")
    store.decide(entry.id, Verdict.CORRECTED, CLERK, after=entry.payload | {"value": "2022年5月9日"}, reason="试")
    accept_open(draft)
    store.adopt(draft.id, CHIEF)
    plan = store.plan(draft.id)
    assert plan is not None
    assert str(plan.issued_on) == "2022-05-09"


def test_fields_of_the_head_are_not_merged(draft: PlanRow) -> None:
    title, number = head_field(draft, "title"), head_field(draft, "doc_no")
    with pytest.raises(Refused, match="PLN-957"):
        store.decide(title.id, Verdict.MERGED, CLERK, reason="试", merged_into=number.id)


def test_a_number_printed_twice_is_two_measures(regions: None) -> None:
    text = (
        "澄湖县节能减排综合工作方案\n\n一、总体要求\n\n（一）总体要求。做好工作。\n\n二、具体工作\n\n"
        "（二）推进工业节能。到2025年，绿色工厂达到6家。\n\n（二）加强建筑节能。到2025年，示范建筑达到9座。\n"
    )
    document = Document("t.txt", Medium.TXT, text)
    plan = store.save_reading(text.encode(), document, read_plan(document, open_rulebook().lexicon()), (), READER)
    accept_open(plan)
    store.adopt(plan.id, CHIEF)
    titles = {each.id: each.title for each in store.measures(plan.id)}
    found = {str(each.value): titles[each.measure or 0] for each in targets.targets(plan.id)}
    assert found == {"6": "推进工业节能", "9": "加强建筑节能"}
