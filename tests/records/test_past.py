"""As of a past day: what was known then, whatever was corrected since; and the row that each act leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import CHIEF, CLERK
from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.records.facts import store as facts
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store
from shuangkong.records.plans.models import Adoption
from shuangkong.records.plans.rows import EntryKind, EntryRow, PlanRow, Status, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
READ, ADOPTED, CORRECTED = (TODAY - timedelta(days=days) for days in (30, 20, 10))
BEFORE = READ - timedelta(days=1)
OFFICE = Acting("office", Role.PLAN_OFFICE, region="999901", paths=("/999901/",))
TOWN = Acting("town", Role.PLAN_OFFICE, region="999901001", paths=("/999901/999901001/",))


@pytest.fixture
def told(regions: None, document: Document, reading: Reading, on: Callable[[date], None]) -> PlanRow:
    """Read in, adopted ten days later, its title and a target corrected and adopted again ten days after that."""
    on(READ)
    plan = store.save_reading(document.text.encode(), document, reading, (FINDING,), OFFICE)
    on(ADOPTED)
    for entry in store.undecided(plan.id):
        store.decide(entry.id, Verdict.ACCEPTED, OFFICE)
    store.adopt(plan.id, OFFICE)
    on(CORRECTED)
    title = _of(plan, EntryKind.HEAD_FIELD, "title")
    store.decide(title.id, Verdict.CORRECTED, OFFICE, title.payload | {"value": "改过的标题"}, "印发件")
    target = next(each for each in store.entries(plan.id, EntryKind.TARGET) if not each.is_dropped)
    store.decide(target.id, Verdict.CORRECTED, OFFICE, target.payload | {"value": "77"}, "印发件")
    store.add_entry(
        plan.id, EntryKind.TARGET, target.payload | {"indicator": "补入的指标"}, OFFICE, "漏读", target.parent
    )
    store.record_audit(plan.id, (), OFFICE)
    store.adopt(plan.id, OFFICE)
    on(TODAY)
    return plan


FINDING = Finding("PLN-101", Severity.NOTICE, "（一）", Message("发现", "found"))


def _of(plan: PlanRow, kind: EntryKind, field: str) -> EntryRow:
    return next(each for each in store.entries(plan.id, kind) if each.payload["field"] == field)


def test_a_plan_stands_as_it_stood(told: PlanRow) -> None:
    assert store.plan(told.id, BEFORE) is None
    then = [store.plan(told.id, day) for day in (READ, ADOPTED, CORRECTED)]
    assert [each and (each.title, each.version, each.status) for each in then] == [
        (told.title, 0, Status.DRAFT),
        (told.title, 1, Status.ADOPTED),
        ("改过的标题", 2, Status.ADOPTED),
    ]
    assert then[2] == store.plan(told.id)
    assert [len(store.plans(until=day)) for day in (BEFORE, READ)] == [0, 1]
    assert [len(store.plans_in_force(until=day)) for day in (READ, ADOPTED)] == [0, 1]


def test_measures_parts_and_targets_are_those_of_the_version_then(told: PlanRow) -> None:
    assert store.measures(told.id, until=READ) == store.parts(told.id, until=READ) == ()
    for day, version in ((ADOPTED, 1), (CORRECTED, 2)):
        assert {each.version for each in store.measures(told.id, until=day)} == {version}
        assert {each.version for each in targets.targets(told.id, until=day)} == {version}
        assert len(store.parts(told.id, until=day)) == len(store.parts(told.id))
    before, after = targets.targets(told.id, until=ADOPTED), targets.targets(told.id, until=CORRECTED)
    assert "77" not in {str(each.value) for each in before}
    assert "77" in {str(each.value) for each in after}
    assert len(after) == len(before) + 1
    assert {each.plan_title for each in before} == {told.title}
    assert targets.target(after[0].id, ADOPTED) is None
    assert targets.target(before[0].id, ADOPTED) is not None
    assert store.measure(store.measures(told.id)[0].id, ADOPTED) is None
    assert store.duties(told.id, until=READ) == ()


def test_entries_decisions_and_findings_are_those_known_then(told: PlanRow) -> None:
    assert len(store.entries(told.id)) == len(store.entries(told.id, until=ADOPTED)) + 1
    assert not any(each.decision for each in store.entries(told.id, until=READ))
    assert _title(told, ADOPTED) != "改过的标题" == _title(told, CORRECTED)
    assert store.plan_decisions(told.id, READ) == ()
    assert len(store.plan_decisions(told.id, ADOPTED)) == len(store.plan_decisions(told.id)) - 3
    assert [each.version for each in store.adoptions(told.id, ADOPTED)] == [1]
    assert store.findings(told.id, READ) == (FINDING,)
    assert store.findings(told.id) == ()
    assert store.audited_at(told.id, BEFORE) is None


def _title(plan: PlanRow, until: date) -> str:
    rows = store.entries(plan.id, EntryKind.HEAD_FIELD, until)
    return next(str(each.payload["value"]) for each in rows if each.payload["field"] == "title")


def test_names_mean_what_was_decided_then(told: PlanRow, on: Callable[[date], None]) -> None:
    one, other = registry.bodies("999901")[:2]
    on(ADOPTED)
    registry.record_alias(one.id, other.id, "同一单位", OFFICE)
    on(CORRECTED)
    registry.record_alias(one.id, None, "撤销", OFFICE)
    meant = [registry.body(one.id, day) for day in (READ, ADOPTED, CORRECTED)]
    assert [each and each.same_as for each in meant] == [one.id, other.id, one.id]
    assert [len(registry.alias_decisions(one.id, day)) for day in (READ, ADOPTED, CORRECTED)] == [0, 1, 2]
    assert {part.body for part in store.parts(told.id, until=ADOPTED)}.isdisjoint({one.id})
    assert store.named_bodies(READ) == frozenset()


def test_a_past_day_asks_as_often_whatever_happened(told: PlanRow, document: Document, reading: Reading) -> None:
    with CaptureQueriesContext(connection) as one:
        store.plans(until=ADOPTED)
    for _ in range(3):
        store.save_reading(document.text.encode(), document, reading, (), CLERK)
    with CaptureQueriesContext(connection) as several:
        assert len(store.plans(until=TODAY)) == 4
    assert len(one) == len(several)


def test_every_act_on_a_plan_leaves_its_row(told: PlanRow) -> None:
    acts = [row.act for row in journal.of_subject(f"plan/{told.id}")]
    assert acts == ["plan.upload", "plan.review", "plan.adopt", "plan.audit", "plan.adopt"]
    upload, accepted, adopted, _, again = journal.of_subject(f"plan/{told.id}")
    assert {row.place for row in (upload, adopted)} == {"/999901/"}
    assert len(upload.document) == 64
    assert json.loads(accepted.after)["entries"]["item"] > 1  # one row for many
    assert (json.loads(again.before), json.loads(again.after)["version"]) == ({"version": 1}, 2)
    title = _of(told, EntryKind.HEAD_FIELD, "title")
    row = journal.of_subject(f"plan/{told.id}/entry/{title.id}")[-1]
    assert (row.author, row.ground, row.place) == ("office", "印发件", "/999901/")
    assert json.loads(row.before)["value"] == told.title
    assert json.loads(row.after) == {"value": "改过的标题", "verdict": "corrected"}


def test_what_is_refused_leaves_no_row(draft: PlanRow) -> None:
    entry, body = store.entries(draft.id)[0], store.entries(draft.id, EntryKind.BODY)[0]
    before = journal.head()
    with pytest.raises(Refused):
        store.decide(entry.id, Verdict.REJECTED, CLERK)
    for act in (
        lambda: store.decide(entry.id, Verdict.ACCEPTED, TOWN),
        lambda: store.accept_certain(draft.id, TOWN),
        lambda: store.add_entry(draft.id, EntryKind.BODY, body.payload, TOWN, "漏读"),
        lambda: store.record_audit(draft.id, (), TOWN),
        lambda: store.adopt(draft.id, replace(OFFICE, role=Role.DEPARTMENT)),
        lambda: registry.record_alias(registry.name_bodies("999901", ["甲局"])["甲局"], None, "试", TOWN),
    ):
        with pytest.raises(Forbidden):
            act()
    assert journal.head() == before
    assert not Adoption.objects.exists()


def test_a_load_leaves_one_row_at_the_place_that_holds_it(regions: None) -> None:
    head = ["指标", "对象", "时期", "数值", "单位", "口径", "状态"]
    rows = [["能耗强度", name, "2022", "-3", "%", "比上年变化", "最终"] for name in ("澄湖镇", "柳溪镇")]
    report = facts.load_rows([head, *rows], name="t.csv", digest="d" * 64, source="年报", by=OFFICE, is_dry_run=False)
    (row,) = journal.of_subject(f"load/{report.load}")
    assert (row.act, row.place, row.ground, row.document) == ("actual.load", "/999901/", "年报", "d" * 64)
    assert json.loads(row.after)["new"] == 2
    outside = facts.load_rows([head, *rows], name="t.csv", digest="", source="年报", by=TOWN, is_dry_run=False)
    assert [each.verdict for each in outside.verdicts] == ["same", "refused"]
    assert journal.head()[0] == row.sequence
    with pytest.raises(Forbidden):
        facts.load_rows([head], name="t", digest="", source="s", by=replace(CHIEF, role=Role.AUDITOR), is_dry_run=True)
