"""The ledger of key projects: nothing twice, corrections as new versions, what was known on a past day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone

from actors import ADMIN
from shuangkong.indicators.emissions.standing import STEPS
from shuangkong.indicators.emissions.standing import EventKind as Steps
from shuangkong.outlook.projects.told import (
    Assignment,
    EventKind,
    Linked,
    MonthTold,
    Nothing,
    Particulars,
    Proof,
    Retracted,
    Stage,
)
from shuangkong.records.indicators.emissions.acts import act as emission_act
from shuangkong.records.indicators.emissions.bases import choose, load_inventory
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import InventoryTold, Reported
from shuangkong.records.indicators.emissions.rows import Said as Spoken
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.outlook.projects import ledger, store
from shuangkong.records.outlook.projects.acts import act, acts_allowed, register, revision
from shuangkong.records.outlook.projects.models import KeyProjectEvent
from shuangkong.records.outlook.projects.rows import KeyProjectRow, Registered, Said
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of

pytestmark = pytest.mark.django_db
COUNTY, TOWN, OWNER = "999901", "999901003", "虚构的住建局"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PLAIN = Particulars(
    name="一号窑关停", family="air_reduction", since="2025-01",
    milestones={"start": date(2025, 2, 1), "run": date(2025, 6, 30)}, expected={"so2": Decimal(300)},
    source="PC-1", outlet="DA001", measure="structure", investment_cny=Decimal(12_000_000), funding="企业自筹",
)  # fmt: skip


def person(name: str, role: Role = Role.PLAN_OFFICE, body: str = "虚构的发改局") -> Acting:
    number = registry.name_bodies(COUNTY, [body])[body]
    return Acting(
        name, role, body=number, body_name=body, bodies=frozenset({number}), region=COUNTY, region_name="澄湖县",
        paths=(path_of(COUNTY),),
    )  # fmt: skip


@pytest.fixture
def office(regions: None) -> Acting:
    registry.name_bodies(COUNTY, [OWNER])
    return person("office")


@pytest.fixture
def one(office: Acting) -> int:
    return register(Registered(COUNTY, OWNER, PLAIN, document="虚构的清单"), office)


def row(project: int, until: date | None = None) -> KeyProjectRow:
    found = store.project(project, until)
    assert found is not None
    return found


def told(project: int, kind: EventKind, content: object, by: Acting, text: str = "", **more: object) -> int:
    return act(project, by, kind, Said(content, text, **more))  # type: ignore[arg-type]


def month(text: str, **more: object) -> MonthTold:
    return MonthTold(text, Stage.BUILDING, **more)  # type: ignore[arg-type]


def refused(code: str, project: int, kind: EventKind, content: object, by: Acting, text: str = "") -> None:
    with pytest.raises(Refused, match=code):
        told(project, kind, content, by, text)


def reduction(amount: int = 120, **other: object) -> int:
    """A closure of the same outlet, reported as a key project's."""
    said = {
        "region": COUNTY, "title": "关停", "source": "PC-1", "source_name": "虚构水泥厂", "pollutant": "so2",
        "scope": "industry", "formula": "closure", "inputs": {"base": Decimal(amount)}, "starts": (2025, 7),
        "outlet": "DA001", "is_key": True,
    } | other  # fmt: skip
    return report(Reported(**said), person("reporter", Role.DEPARTMENT))  # type: ignore[arg-type]


def recognised(number: int) -> None:
    for kind, name in zip(STEPS[1:], ("checker", "reviewer", "chief"), strict=True):
        emission_act(number, person(name), kind)


@pytest.fixture
def based(office: Acting) -> None:
    head = (
        "污染源代码", "污染源名称", "排放口", "污染源类别", "污染物", "年排放量（吨）", "许可排放量（吨）", "数据依据",
    )  # fmt: skip
    rows = (head, ("PC-1", "虚构水泥厂", "DA001", "工业", "二氧化硫", "600", "700", "自动监测"))
    base = InventoryTold(COUNTY, "census", 2020, "普查", "虚构的公报")
    made = load_inventory(rows, base, ADMIN, name="b.csv", digest="0", is_dry_run=False).inventory
    assert made is not None
    choose(made, "省里下发", ADMIN)


def test_a_project_is_told_month_by_month_and_every_act_stands_in_the_journal(one: int, office: Acting) -> None:
    owner = person("owner", Role.DEPARTMENT, OWNER)
    told(one, EventKind.ASSIGN, Assignment("so2", 2025, Decimal(150)), office)
    told(one, EventKind.DISPATCH, month("2025-01", progress_pct=Decimal(10), invested_cny=Decimal(10**6)), owner,
         files=(Handed("现场.pdf", PDF),))  # fmt: skip
    told(one, EventKind.DISPATCH, month("2025-06", done={"run": date(2025, 6, 30)}), owner)
    told(one, EventKind.PROVE, Proof("2025-07", Decimal(97), Decimal(99)), owner)
    now = row(one).held
    assert (now.assigned["so2", 2025].amount_t, now.months["2025-01"].progress_pct) == (150, 10)
    assert now.proofs["2025-07"].running_pct == 97
    [file] = store.files(one)
    assert (file.name, store.file_content(file.id)) == ("现场.pdf", ("现场.pdf", PDF, one))
    acts = list(JournalRow.objects.filter(act__startswith="project.").values_list("act", flat=True))
    assert acts == [f"project.{each}" for each in ("register", "assign", "dispatch", "dispatch", "prove")]


def test_what_is_corrected_needs_a_reason_and_leaves_the_past_as_it_was(
    regions: None, on: Callable[[date], None]
) -> None:
    registry.name_bodies(COUNTY, [OWNER])
    office = person("office")
    on(date(2025, 3, 5))
    one = register(Registered(COUNTY, OWNER, PLAIN), office)
    told(one, EventKind.DISPATCH, month("2025-02", progress_pct=Decimal(40)), office)
    on(date(2025, 3, 9))
    refused("OUT-852", one, EventKind.DISPATCH, month("2025-02", progress_pct=Decimal(30)), office)
    told(one, EventKind.DISPATCH, month("2025-02", progress_pct=Decimal(30)), office, "误报")
    on(date(2025, 3, 20))
    told(one, EventKind.RETRACT, Retracted("2025-02"), office, "不是这一项")
    told(one, EventKind.REVISE, revision(row(one), replace(PLAIN, funding="中央资金")), office, "资金落实")
    shown = [row(one, day).held.months.get("2025-02") for day in (date(2025, 3, 5), date(2025, 3, 9))]
    assert [each.progress_pct for each in shown if each] == [40, 30]
    assert (row(one).held.months, row(one).held.particulars.funding) == ({}, "中央资金")
    assert row(one, date(2025, 3, 19)).held.particulars.funding == "企业自筹"
    assert store.project(one, date(2025, 3, 4)) is None
    assert KeyProjectEvent.objects.filter(project=one).count() == 5


def test_a_recognised_reduction_counts_for_one_project_only(one: int, office: Acting, based: None) -> None:
    """It counts once it is recognised; a second project cannot have it until the first has released it."""
    number = reduction()
    told(one, EventKind.LINK, Linked(number), office)
    assert ledger.recognised(row(one), ledger.linked([row(one)])) == ()
    recognised(number)
    [found] = ledger.recognised(row(one), ledger.linked([row(one)]))
    assert (found.project, found.pollutant, found.credit.project, found.credit.amount_t) == (one, "so2", number, 120)
    second = register(Registered(COUNTY, OWNER, replace(PLAIN, name="二期")), office)
    refused("OUT-842", second, EventKind.LINK, Linked(number), office)
    told(one, EventKind.RELEASE, Linked(number), office, "属二期")
    told(second, EventKind.LINK, Linked(number), office)
    every = store.projects(Q())
    known = ledger.linked(every)
    assert [each.project for found_ in every for each in ledger.recognised(found_, known)] == [second]
    told(second, EventKind.WITHDRAW, Nothing(), office, "不再列入")
    assert [each.id for each in ledger.unlinked(Q(region=COUNTY), store.projects(Q()))] == [number]


def test_a_reversed_recognition_counts_no_more(one: int, office: Acting, based: None) -> None:
    number = reduction()
    recognised(number)
    told(one, EventKind.LINK, Linked(number), office)
    emission_act(number, person("chief"), Steps.REVERSE, Spoken(text="核查不实"))
    assert ledger.recognised(row(one), ledger.linked([row(one)])) == ()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"is_key": False}, "OUT-843"),
        ({"pollutant": "nox"}, "OUT-844"),
        ({"outlet": "DA002"}, "OUT-845"),
        ({"source": "PC-9"}, "OUT-845"),
    ],
)
def test_only_a_reduction_of_the_same_thing_is_linked(
    one: int, office: Acting, based: None, other: dict[str, object], code: str
) -> None:
    refused(code, one, EventKind.LINK, Linked(reduction(**other)), office)


def test_the_same_measure_at_the_same_outlet_is_one_project(one: int, office: Acting) -> None:
    again = replace(PLAIN, name="同一台窑", source="pc-1 ", outlet="da001")
    with pytest.raises(Refused, match="OUT-809"):
        register(Registered(COUNTY, OWNER, again), office)
    register(Registered(COUNTY, OWNER, replace(again, outlet="DA002")), office)
    told(one, EventKind.WITHDRAW, Nothing(), office, "重复列入")
    register(Registered(COUNTY, OWNER, again), office)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"name": " "}, "OUT-801"),
        ({"family": "nonsense"}, "OUT-802"),
        ({"since": "2025"}, "OUT-803"),
        ({"milestones": {}}, "OUT-804"),
        ({"milestones": {"start": date(2025, 6, 1), "run": date(2025, 5, 1)}}, "OUT-804"),
        ({"expected": {}}, "OUT-805"),
        ({"expected": {"pm": Decimal(1)}}, "OUT-805"),
        ({"expected": {"so2": Decimal(0)}}, "OUT-805"),
        ({"investment_cny": Decimal(-1)}, "OUT-806"),
        ({"source": ""}, "OUT-807"),
        ({"measure": "wishes"}, "OUT-807"),
        ({"task": 10**6}, "OUT-808"),
    ],
)
def test_what_is_wrong_with_a_project_is_said(office: Acting, other: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        register(Registered(COUNTY, OWNER, replace(PLAIN, **other)), office)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="OUT-810"):
        register(Registered(COUNTY, "没有的单位", PLAIN), office)


def test_what_is_wrong_with_a_month_is_said(one: int, office: Acting) -> None:
    this = timezone.localdate()
    for content, code in (
        (month("2025"), "OUT-821"),
        (month(f"{this.year + 1}-01"), "OUT-822"),
        (month("2024-12"), "OUT-823"),
        (month("2025-02", invested_cny=Decimal(-1)), "OUT-824"),
        (month("2025-02", progress_pct=Decimal(101)), "OUT-825"),
        (month("2025-02", done={"run": this + timedelta(days=1)}), "OUT-826"),
    ):
        refused(code, one, EventKind.DISPATCH, content, office)
    refused("OUT-831", one, EventKind.PROVE, Proof("2025-02", Decimal(1), Decimal(1)), office)
    told(one, EventKind.DISPATCH, month("2025-02", done={"run": date(2025, 2, 10)}), office)
    refused("OUT-832", one, EventKind.PROVE, Proof("2025-02", Decimal(1), Decimal(1)), office)
    refused("OUT-833", one, EventKind.PROVE, Proof("2025-03", Decimal(101), Decimal(1)), office)
    refused("OUT-822", one, EventKind.PROVE, Proof(f"{this:%Y-%m}", Decimal(1), Decimal(1)), office)
    refused("OUT-834", one, EventKind.RETRACT, Retracted("2025-05"), office, "-")
    refused("OUT-813", one, EventKind.ASSIGN, Assignment("so2", 2025, None), office)
    refused("OUT-841", one, EventKind.LINK, Linked(10**6), office)
    refused("OUT-850", one, EventKind.LINK, Nothing(), office)
    refused("OUT-854", one, EventKind.REVISE, revision(row(one), PLAIN), office, "-")


def test_who_owns_it_reports_and_nobody_else(one: int, office: Acting) -> None:
    owner, stranger = person("owner", Role.DEPARTMENT, OWNER), person("other", Role.DEPARTMENT)
    told(one, EventKind.DISPATCH, month("2025-02"), owner)
    with pytest.raises(Forbidden):
        told(one, EventKind.DISPATCH, month("2025-03"), stranger)
    with pytest.raises(Forbidden):
        told(one, EventKind.ASSIGN, Assignment("so2", 2025, Decimal(1)), owner)
    assert acts_allowed(row(one), owner) == [EventKind.DISPATCH, EventKind.PROVE, EventKind.RETRACT]
    assert acts_allowed(row(one), stranger) == []


def test_once_its_dispatch_has_ended_no_month_is_told(one: int, office: Acting) -> None:
    told(one, EventKind.END, Nothing(), office, "已稳定运行")
    refused("OUT-851", one, EventKind.DISPATCH, month("2025-02"), office)
    told(one, EventKind.WITHDRAW, Nothing(), office, "误列")
    refused("OUT-851", one, EventKind.WITHDRAW, Nothing(), office, "再撤")
