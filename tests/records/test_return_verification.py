"""Suspicions over filed returns, cases of verification on them, and what both say of the checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.hands import filings, looks_like_one_hand
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.suspecting import alarm_counts, findings, suspicion_list
from shuangkong.records.reporting.usual import following, keep_usual, usual
from shuangkong.records.reporting.verification.bodies import (
    against_assignment,
    enter,
    register_body,
    sanction_due,
)
from shuangkong.records.reporting.verification.cases import act_on_case, case_of, cases_below, open_case, settled_fates
from shuangkong.records.reporting.verification.known import Known
from shuangkong.reporting.alarms import Fate
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.proxies import Limits, Sign
from shuangkong.reporting.suspicion import Weights
from shuangkong.reporting.verification.bodies import Assignment, Step
from shuangkong.reporting.verification.standing import Event, EventKind, State
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db
WEIGHTS = Weights(
    severity=dict(zip(Severity, map(Decimal, (10, 6, 1)), strict=True)), one_hand=Decimal(8), again=Decimal(2),
    unknown_pct=Decimal(50),
)  # fmt: skip


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def filed(number: int, who: str, **more: str) -> None:
    """Handed in, with an explanation to whatever asks for one."""
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told(**more)))
    try:
        submit(number, site.by(f"{who}-signatory"), ToSubmit())
    except NotReady as asked:
        said = {finding_key(each.code, each.place): "堆场雨损" for each in asked.findings}
        submit(number, site.by(f"{who}-signatory"), ToSubmit(explained=said))


def test_what_the_checks_found_ranks_the_units(held: site.Site) -> None:
    filed(held.one, "one", closing_stock="150")
    filed(held.other, "other")
    told = findings()
    assert "RPT-100" in {each.code for each in told}
    ranked = suspicion_list(told, WEIGHTS)
    first = ranked[0]
    assert first.unit == next(each.unit for each in told if each.code == "RPT-100")
    part = next(each for each in first.parts if each.code == "RPT-100")
    assert part.points == Decimal("3.0")  # of six half: nobody has settled one yet
    assert any("库存" in words.zh for words, _ in part.evidence[0].sides)
    assert findings("/980000/980100/980102/") == ()


def test_a_finding_that_a_correction_removes_was_real(held: site.Site) -> None:
    filed(held.one, "one", closing_stock="150")
    act(held.one, site.by("county"), K.RETURN, Said("库存不平"))
    filed(held.one, "one")
    counted = {each.code: each for each in alarm_counts(findings())}
    assert (counted["RPT-100"].fired, counted["RPT-100"].real) == (1, 1)


def test_two_units_from_one_terminal_with_the_same_figures(held: site.Site) -> None:
    filed(held.one, "one")
    filed(held.other, "other")
    limits = Limits(terminal=2, account=2, signatory=2, copies=2, burst=2, minutes=5)
    assert len(filings()) == 2
    assert Sign.COPY in {each.sign for each in looks_like_one_hand(limits)}


def event(kind: EventKind, **said: object) -> Event:
    plain = {"ground": "盘点煤堆", "document": "统执1", "people": ("王", "李")}
    return Event(kind, timezone.localdate(), **(plain | said))  # type: ignore[arg-type]


def test_a_case_from_its_opening_to_its_end(held: site.Site) -> None:
    filed(held.one, "one", closing_stock="150")
    number = open_case(held.one, site.by("statistics"), "库存不平", ("RPT-100",))
    with pytest.raises(Refused, match="没有现场核查过"):
        act_on_case(number, site.by("statistics"), event(EventKind.CONVICT))
    for kind in (EventKind.VISIT, EventKind.CONFIRM):
        act_on_case(number, site.by("statistics"), event(kind))
    assert settled_fates() == {(held.one, "RPT-100"): Fate.CLEARED}
    act_on_case(number, site.by("statistics"), event(EventKind.CLOSE))
    row = case_of(number)
    assert row is not None
    assert (row.standing.state, row.next, row.standing.codes) == (State.CLOSED, (), ("RPT-100",))
    assert not row.standing.is_administrative  # the form is one of statistics
    assert [each.kind for each, _ in row.events][:2] == [EventKind.OPEN, EventKind.VISIT]
    assert cases_below("/980000/") == ((number, held.one, State.CLOSED),)
    acts = JournalRow.objects.filter(subject=f"verification/{number}").values_list("act", flat=True)
    assert list(acts) == [f"verification.{each}" for each in ("open", "visit", "confirm", "close")]


def test_who_may_not_verify(held: site.Site) -> None:
    with pytest.raises(Refused, match="还没有报来"):
        open_case(held.one, site.by("statistics"), "抽查")
    filed(held.one, "one")
    with pytest.raises(Forbidden):
        open_case(held.one, site.by("one-signatory"), "抽查")
    with pytest.raises(Forbidden):
        open_case(held.one, site.by("next"), "抽查")
    with pytest.raises(Refused, match="理由"):
        open_case(held.one, site.by("county"), " ")
    number = open_case(held.one, site.by("county"), "抽查")
    with pytest.raises(Refused, match="不少于两人"):
        act_on_case(number, site.by("county"), event(EventKind.VISIT, people=("王",)))
    early = Event(EventKind.NOTE, date.today() - timedelta(days=3), "看账")  # noqa: DTZ011
    with pytest.raises(Refused, match="早于"):
        act_on_case(number, site.by("county"), early)


def test_a_body_of_the_register_is_held_against_its_conflicts(held: site.Site) -> None:
    by, day = site.by("statistics"), date(2025, 7, 1)
    number = register_body("91980000MA00000001", "云川核查有限公司", "/980000/980100/980101/", by, "名录公告")
    enter(number, Known.QUALIFICATION, {"from": "2024-01-01", "sectors": "C30 C31"}, by, "资质证书")
    enter(number, Known.SERVICE, {"unit": "甲厂", "kind": "consulting", "until": "2024-09-01"}, by, "合同")
    asked = Assignment("甲厂", "C3011", 2024, day, ("王", "李"))
    assert [each.code for each in against_assignment(number, asked)] == ["RPT-804"]
    for value in ("120", "80", "130"):
        enter(number, Known.RECHECK, {"unit": "乙厂", "year": "2024", "value": value, "found": "100"}, by, "复核报告")
    assert sanction_due(number, day) is Step.SUSPEND
    enter(number, Known.SUSPENSION, {"from": "2025-06-01", "until": "2025-12-31"}, by, "处理决定")
    assert "RPT-802" in {each.code for each in against_assignment(number, asked)}
    with pytest.raises(Refused, match="缺 until"):
        enter(number, Known.SERVICE, {"unit": "甲厂", "kind": "consulting"}, by, "合同")
    with pytest.raises(Forbidden):
        enter(number, Known.HOLDING, {"unit": "甲厂"}, site.by("next"), "工商登记")
    with pytest.raises(Refused, match="已在名录"):
        register_body("91980000MA00000001", "云川核查有限公司", "/980000/980100/980101/", by, "名录公告")


def test_a_case_goes_to_no_body_that_something_stands_against(held: site.Site) -> None:
    by = site.by("statistics")
    filed(held.one, "one")
    case, unit = open_case(held.one, by, "抽查"), Return.objects.get(pk=held.one).reporter.code
    body = register_body("91980000MA00000001", "云川核查有限公司", "/980000/980100/980101/", by, "名录公告")

    def assign(**said: object) -> None:
        act_on_case(case, by, event(EventKind.ASSIGN, **({"body": body, "document": ""} | said)))

    with pytest.raises(Refused, match="RPT-801"):
        assign()
    enter(body, Known.QUALIFICATION, {"from": "2024-01-01", "sectors": "C30 C31"}, by, "资质证书")
    today = timezone.localdate()
    enter(body, Known.SERVICE, {"unit": unit, "kind": "consulting", "until": f"{today}"}, by, "合同")
    with pytest.raises(Refused, match="RPT-804"):
        assign()
    for wrong in (None, body + 1):
        with pytest.raises(Refused, match="名录里选"):
            assign(body=wrong)
    assign(document="回避说明1")
    row = case_of(case)
    assert row is not None
    assert (row.events[-1][0].kind, row.events[-1][0].body, row.is_told) == (EventKind.ASSIGN, body, False)
    enter(body, Known.HOLDING, {"unit": unit}, by, "工商登记")
    with pytest.raises(Refused, match="RPT-803"):
        assign(document="回避说明1")


def test_what_is_usual_is_made_by_the_clock_and_held_against_the_next(held: site.Site) -> None:
    filed(held.one, "one")
    assert keep_usual() == 0  # nothing is accepted yet
    act(held.one, site.by("county"), K.ACCEPT)
    assert keep_usual() == 1
    assert keep_usual() == 0
    row = store.one(held.one)
    assert row is not None
    found = usual(row.reporter.id, site.FORM, Period.parse("2026-10"))
    assert found is not None
    norm = found["energy.raw_coal.closing_stock"]
    assert (norm.median, norm.spread, norm.count, norm.seasonal) == (200, 0, 1, None)
    assert usual(row.reporter.id, site.FORM, Period.parse("2026-11")) is None  # made for the next period alone


@pytest.mark.parametrize(
    ("form", "period", "after"),
    [("energy_purchase", "2025-12", "2026-01"), ("industrial_water", "2025-Q4", "2026-Q1"),
     ("commerce_department", "2025-H1", "2025-H2"), ("utilisation_report", "2025", "2026")],
)  # fmt: skip
def test_periods_follow_each_other(form: str, period: str, after: str) -> None:
    found = open_rulebook().forms().form(form, date(2025, 12, 31))
    assert found is not None
    assert str(following(found, Period.parse(period))) == after
