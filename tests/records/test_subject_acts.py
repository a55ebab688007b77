"""登记和变更: acts on units, each with its row; older figures join, results follow, past days stay as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from actors import ADMIN, CLERK
from shuangkong.cli import main
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import scopes, store, subject_acts
from shuangkong.records.facts.models import Load, SubjectChange
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.subject_acts import Recorded, SubjectAct, Withdraw
from shuangkong.records.indicators.computing import compute
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.indicators.looking import vintages
from shuangkong.records.indicators.reconciling import _once
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.succession import succeed_region
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.usefixtures("regions")
HEAD = ["指标", "对象", "对象类别", "时期", "数值", "单位", "状态"]
ENERGY, ON = "unit_energy_consumption", date(2024, 1, 1)
MILL, KILN = Subject("unit", "U1"), Subject("unit", "U2")


def told(act: str, code: str, **more: object) -> Recorded | Withdraw:
    return subject_acts.told(SubjectAct(act), {"code": code, "document": "县统计局通知", **more})


def load(*rows: tuple[str, str, str, str]) -> None:
    names = {"unit": ("单位", ENERGY, "吨标准煤"), "region": ("地区", "total_consumption", "万吨标准煤")}
    table = [
        [names[kind][1], code, names[kind][0], period, value, names[kind][2], "最终"]
        for kind, code, period, value in rows
    ]
    report = store.load_rows([HEAD, *table], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts


@pytest.fixture
def units(regions: None) -> None:
    for code, name in (("U1", "第一水泥厂"), ("U2", "第二水泥厂")):
        told("register", code, name=name, region="999901").record(CLERK)


@pytest.mark.usefixtures("units")
def test_every_act_is_done_and_journalled() -> None:
    told("enter", "U1", on=date(2021, 1, 1)).record(CLERK)
    told("leave", "U1", on=ON).record(CLERK)
    told("merge", "U1", other="U2", on=ON).record(CLERK)
    rows = journal.of_subject("unit/U1")
    assert [row.act for row in rows] == ["subject.register", "subject.scope", "subject.scope", "subject.succeed"]
    assert {row.document for row in rows} == {"县统计局通知"}
    assert [each.key for each in scopes.members(scopes.ABOVE_DESIGNATED_SIZE, date(2023, 12, 31))] == [("unit", "U1")]
    assert not scopes.members(scopes.ABOVE_DESIGNATED_SIZE, ON)


@pytest.mark.usefixtures("units")
@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"act": "register", "code": "U3", "region": "999901"}, "FCT-308"),
        ({"act": "register", "code": "U3", "name": "某厂", "region": "0"}, "FCT-301"),
        ({"act": "register", "code": "U3", "name": "某厂"}, "FCT-308"),
        ({"act": "enter", "code": "U1"}, "FCT-308"),
        ({"act": "enter", "code": "U1", "on": date(1, 1, 1)}, "FCT-308"),
        ({"act": "enter", "code": "U9", "on": ON}, "FCT-304"),
        ({"act": "leave", "code": "U1", "on": ON}, "FCT-303"),
        ({"act": "merge", "code": "U1", "on": ON}, "FCT-308"),
        ({"act": "merge", "code": "U1", "other": "U9", "on": ON}, "FCT-304"),
        ({"act": "split", "code": "U1", "other": "U2", "on": ON, "document": " "}, "FCT-305"),
        ({"act": "withdraw", "code": "U1"}, "FCT-308"),
        ({"act": "withdraw", "was": "register", "code": "U9"}, "FCT-304"),
    ],
)
def test_what_is_not_said_or_cannot_be_is_refused(wanted: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        told(**wanted).record(CLERK)  # type: ignore[arg-type]
    assert not SubjectChange.objects.exists()


@pytest.mark.usefixtures("units")
def test_nobody_acts_on_units_of_another_place() -> None:
    office = replace(ADMIN, role=Role.PLAN_OFFICE, paths=("/990000/",))
    for wanted in (
        told("register", "U3", name="某厂", region="999901"), told("enter", "U1", on=ON),
        told("merge", "U1", other="U2", on=ON),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            wanted.record(office)


@pytest.mark.usefixtures("units")
def test_a_merger_joins_older_figures_from_the_day_that_it_is_known() -> None:
    load(("unit", "U1", "2023", "200"), ("unit", "U2", "2023", "500"), ("unit", "U2", "2024", "800"))
    Load.objects.update(loaded_at=timezone.now() - timedelta(days=9))
    told("merge", "U1", other="U2", on=ON).record(CLERK)
    before, after = Cell(KILN, ENERGY, Period(2023)), Cell(KILN, ENERGY, Period(2024))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert [explain(cell).value for cell in (before, after)] == [700, 800]
    assert explain(before, yesterday).value == 500
    assert explain(Cell(MILL, ENERGY, Period(2023))).value == 200
    assert [each.cell.subject for _, each in explain(before).inputs] == [KILN, MILL]


@pytest.mark.usefixtures("units")
def test_units_are_added_up_once() -> None:
    from shuangkong.records.indicators.gathering import engine_for
    from shuangkong.records.indicators.law import law_of

    load(("unit", "U1", "2023", "200"), ("unit", "U2", "2023", "500"))
    told("merge", "U1", other="U2", on=ON).record(CLERK)
    cells, territory = [Cell(each, ENERGY, Period(2023)) for each in (MILL, KILN)], Territory()
    engine = engine_for(cells, territory, law_of(territory, open_rulebook()))
    assert sum(engine.figure(cell).value or 0 for cell in _once(cells, engine)) == 700


def test_results_follow_what_becomes_of_regions_and_the_whole_counts_once() -> None:
    towns = ("999901001", "999901002", "999901003", "999901004", "999901005", "999901006")
    load(*(("region", town, "2022", "1") for town in towns), *(("region", town, "2023", "2") for town in towns[1:]))
    compute()
    county = Subject("region", "999901")
    whole = Cell(county, "total_consumption", Period(2022))
    assert explain(whole).value == 60_000
    assert compute().computed_at is None
    succeed_region(towns[0], towns[1], date(2023, 1, 1), "县政府文件", ADMIN)
    assert explain(whole).value == 60_000
    assert explain(Cell(county, "total_consumption", Period(2023))).value == 100_000  # of the five that are left
    assert compute().is_whole
    assert compute().computed_at is None
    joined = vintages("total_consumption", Subject("region", towns[1]))
    assert [(str(row.cell.period), row.value, row.state) for row in joined] == [("2022", Decimal(20_000), State.VALUE)]


def test_the_command_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    scopes.register([SubjectRow("unit", "U2", "第二水泥厂", "999901")], "名录", CLERK)
    assert main(["subjects", "register", "U1", "--name", "第一水泥厂", "--region", "999901", "--ground", "通知"]) == 0
    assert main(["subjects", "rename", "U1", "--into", "U2", "--on", "2024-01-01", "--ground", "通知"]) == 0
    assert main(["subjects", "rename", "U2", "--into", "U1", "--on", "2024-01-01", "--ground", "通知"]) == 2
    assert "FCT-307" in capsys.readouterr().err
    assert SubjectChange.objects.get().kind == "renamed"
