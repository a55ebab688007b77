"""减排台账: bases beside each other, self-report to recognition, nothing twice, figures that lead to the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Q
from django.utils import timezone

from actors import ADMIN
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.indicators.emissions.standing import EventKind, State
from shuangkong.records.facts.store import load_rows, observations
from shuangkong.records.indicators.emissions import store
from shuangkong.records.indicators.emissions.accounts import accounts
from shuangkong.records.indicators.emissions.acts import act
from shuangkong.records.indicators.emissions.bases import choose, inventories, load_inventory
from shuangkong.records.indicators.emissions.models import InventoryChoice, Reduction
from shuangkong.records.indicators.emissions.register import register_source
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import EntryTold, InventoryTold, Reported, Said
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.tree import path_of

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "999901", "999901003"
HEAD = ("污染源代码", "污染源名称", "排放口", "污染源类别", "污染物", "年排放量（吨）", "许可排放量（吨）", "数据依据")
TOLD = InventoryTold(COUNTY, "census", 2020, "普查更新数", "虚构的普查公报", "不含省直管电厂")
BASE = (
    HEAD,
    ("PC-1", "虚构水泥厂", "DA001", "工业", "二氧化硫", "600", "700", "自动监测"),
    ("PC-1", "虚构水泥厂", "DA001", "工业", "二氧化硫", "650", "", "系数"),
    ("PC-1", "虚构水泥厂", "DA002", "工业", "二氧化硫", "200", "", "手工监测"),
    ("PC-2", "虚构砖厂", "", "工业", "a21026", "100", "", "系数"),
)


@pytest.fixture
def county(regions: None) -> None:
    """With the base of a census that counts."""
    made = load_inventory(BASE, TOLD, ADMIN, name="census.csv", digest="0", is_dry_run=False).inventory
    assert made is not None
    choose(made, "省里下发", ADMIN)


def person(name: str, role: Role = Role.PLAN_OFFICE, region: str = COUNTY) -> Acting:
    body = registry.name_bodies(region, [f"{name}的单位"])[f"{name}的单位"]
    return Acting(
        name, role, body=body, bodies=frozenset({body}), region=region, region_name=region, paths=(path_of(region),)
    )


def told(**other: object) -> Reported:
    plain = Reported(
        COUNTY, "一号窑脱硫", "PC-1", "虚构水泥厂", "so2", "industry", "flue_gas_treatment",
        {"generated": Decimal(500), "efficiency": Decimal(90), "running": Decimal(80),
         "efficiency_before": Decimal(0), "running_before": Decimal(0)},
        (2022, 4), outlet="DA001", is_key=True, assigned_t=Decimal(300),
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]


def closure(amount: int, **other: object) -> Reported:
    return told(
        formula="closure", inputs={"base": Decimal(amount)}, is_key=False, assigned_t=None, title="关停", **other
    )


def recognise(number: int, amount: Decimal | None = None) -> None:
    act(number, person("checker", Role.VERIFIER), EventKind.CHECK)
    act(number, person("reviewer"), EventKind.REVIEW)
    act(number, person("chief"), EventKind.RECOGNISE, Said(amount_t=amount))


def figure(indicator: str, year: int, region: str = COUNTY) -> Decimal | None:
    return explain(Cell(Subject("region", region), indicator, Period(year))).value


def increments(**years: str) -> None:
    rows = [("指标", "对象", "时期", "数值", "单位", "状态")]
    rows += [("so2_increment", COUNTY, year.removeprefix("y"), value, "吨", "最终") for year, value in years.items()]
    made = load_rows(rows, name="n.csv", digest="1", source="虚构", by=ADMIN, is_dry_run=False)
    assert made.is_written, made.verdicts


def test_a_base_takes_the_surest_way_of_knowing_and_says_what_it_leaves_out(county: None) -> None:
    assert figure("so2_total", 2020) == 900  # 600 measured, not 650 by factor; 200; 100
    row = observations(["so2_total"], [("region", COUNTY)])[0]
    assert "不含省直管电厂" in row.source
    assert row.origin == "recognised"


def test_the_department_keeps_the_register_of_sources(regions: None) -> None:
    batch = EntryTold(COUNTY, "batch", "FLEET-1", "虚构的报废车", "第一批", "报废回收证明")
    for nobody in (Role.REGION, Role.REPORTER, Role.LEADING_GROUP):
        with pytest.raises(Forbidden):
            register_source(batch, person("nobody", nobody))
    with pytest.raises(Forbidden):
        register_source(batch, person("elsewhere", Role.DEPARTMENT, TOWN))
    register_source(batch, person("environment", Role.DEPARTMENT))
    assert journal.of_subject(f"region/{COUNTY}")[-1].act == "emission.register"


def test_several_bases_stand_beside_each_other_and_one_counts(county: None) -> None:
    other = load_inventory(
        (HEAD, ("PC-1", "虚构水泥厂", "", "工业", "so2", "880", "", "factor")),
        replace(TOLD, sort="inventory", title="排放清单", excluded=""), ADMIN, name="i.csv", digest="2",
        is_dry_run=False,
    ).inventory  # fmt: skip
    assert other is not None
    assert figure("so2_total", 2020) == 900
    choose(other, "按清单考核", ADMIN)
    assert figure("so2_total", 2020) == 880
    assert [(row.title, row.counts) for row in inventories(Q())] == [("排放清单", True), ("普查更新数", False)]
    with pytest.raises(Refused, match="IND-363"):
        choose(other, " ", ADMIN)


def test_one_wrong_row_and_nothing_is_written(regions: None) -> None:
    rows = (
        *BASE,
        ("PC-3", "虚构厂", "", "工厂", "so2", "1", "", "系数"),
        ("PC-4", "厂", "", "工业", "so2", "-1", "", "系数"),
    )
    found = load_inventory(rows, TOLD, ADMIN, name="x", digest="", is_dry_run=False)
    assert (found.inventory, found.refused) == (None, 2)
    assert {(each.row, each.code) for each in found.verdicts if not each.is_taken} == {(6, "IND-312"), (7, "IND-314")}
    twice = load_inventory((*BASE, BASE[1]), TOLD, ADMIN, name="x", digest="", is_dry_run=True)
    assert [each.code for each in twice.verdicts if not each.is_taken] == ["IND-316"]
    assert load_inventory(((),), TOLD, ADMIN, name="x", digest="", is_dry_run=True).verdicts[0].code == "IND-315"


def test_the_whole_way_and_what_it_comes_to(county: None) -> None:
    increments(y2021="0", y2022="50", y2023="10")
    number = report(told(), person("clerk", Role.DEPARTMENT))
    row = store.reduction(number)
    assert row is not None
    assert row.standing.reported_t == 360
    assert figure("so2_reported_reduction", 2022) == 270
    assert figure("so2_recognised_reduction", 2022) is None  # nothing recognised is not zero
    act(number, person("checker", Role.VERIFIER), EventKind.CHECK, Said(amount_t=Decimal(320), text="运行率低"))
    act(number, person("reviewer"), EventKind.REVIEW)
    act(number, person("chief"), EventKind.RECOGNISE, Said(document="虚构的核定表"))
    assert figure("so2_recognised_reduction", 2022) == 240
    assert figure("so2_recognised_reduction", 2023) == 80
    source = observations(["so2_recognised_reduction"], [("region", COUNTY)])[0].source
    assert f"第 {number} 号 240 吨" in source
    acts = [each.act for each in journal.of_subject(f"reduction/{number}")]
    assert acts == [f"emission.{each}" for each in ("report", "check", "review", "recognise")]
    assert figure("so2_total", 2021) is None  # the year has no recognised reduction: nobody takes it for zero


def test_a_year_rests_on_the_year_before_in_the_engine_as_on_the_page(county: None) -> None:
    increments(y2021="50", y2022="10")
    number = report(
        closure(100, outlet="", starts=(2021, 7), source="PC-2", source_name="虚构砖厂"), person("clerk", Role.REGION)
    )
    recognise(number, Decimal(90))
    assert (figure("so2_total", 2021), figure("so2_total", 2022)) == (905, 870)  # 900 + 50 - 45; + 10 - 45
    assert figure("so2_reported_total", 2022) == 865  # the recognised year before, less 50 as reported
    so2 = next(each for each in accounts([COUNTY]) if each.pollutant.id == "so2")
    assert [each.emission_t for each in so2.years] == [905, 870]
    assert [each.reported_emission_t for each in so2.years] == [900, 865]
    assert figure("so2_total_decline", 2022) == so2.years[1].decline_pct


def test_nothing_counts_twice_whoever_reports_it_under_whatever_name(county: None) -> None:
    first = report(told(), person("clerk", Role.DEPARTMENT))
    recognise(first, Decimal(300))
    again = report(
        told(title="改个名字", outlet="", starts=(2022, 10)),
        person("other", Role.REPORTER),
    )
    with pytest.raises(Refused, match=f"IND-355.*第 {first} 号"):  # one time by the outlet, one time as a whole
        recognise(again, Decimal(10))
    above_base = report(told(outlet="DA002"), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match=r"IND-353.* 60 吨"):  # the outlet is in the base with 200 t: 200 less 140
        recognise(above_base)
    smaller = {**told().inputs, "generated": Decimal(200)}
    recognise(report(told(outlet="DA002", inputs=smaller), person("clerk", Role.DEPARTMENT)))
    closed = report(closure(400, outlet="", starts=(2022, 4)), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match=r"IND-351.* 356 吨（全年）算起"):  # 800 of the base, 300 and 144 recognised
        recognise(closed)
    act(closed, person("chief"), EventKind.RECOGNISE, Said(amount_t=Decimal(356)))
    assert figure("so2_recognised_reduction", 2022) == 600


def test_an_enterprise_is_one_source_by_whichever_of_its_codes(regions: None) -> None:
    made = register_enterprise(ParticularsRow("虚构纸业", TOWN, "91999901MA00T00213"), ADMIN, "名录")
    rows = (HEAD, ("91999901MA00T00213", "", "", "工业", "化学需氧量", "80", "", "系数"))
    refused = load_inventory(rows, TOLD, ADMIN, name="x", digest="", is_dry_run=True)
    assert refused.verdicts[0].code == "IND-311"  # a name is told even where the register has it
    rows = (HEAD, ("91999901MA00T00213", "纸厂", "", "工业", "化学需氧量", "80", "", "系数"))
    base = load_inventory(rows, TOLD, ADMIN, name="x", digest="", is_dry_run=False).inventory
    assert base is not None
    choose(base, "普查", ADMIN)
    wanted = closure(60, pollutant="cod", source="91999901ma00t00213", source_name="", outlet="")
    by_credit = report(replace(wanted, region=TOWN), person("plant", Role.REPORTER, TOWN))
    by_source = report(replace(wanted, source=source_code(made)), person("clerk", Role.DEPARTMENT))
    # In the town its own verifier checks; the county reviews and recognises.
    act(by_credit, person("checker", Role.VERIFIER, TOWN), EventKind.CHECK)
    act(by_credit, person("reviewer"), EventKind.REVIEW)
    act(by_credit, person("chief"), EventKind.RECOGNISE)
    assert figure("cod_recognised_reduction", 2022) == 45  # what was recognised in a town counts in the county
    with pytest.raises(Refused, match="IND-351"):
        recognise(by_source)


def test_a_source_outside_the_base_does_not_count_where_the_method_needs_one(county: None) -> None:
    stray = report(closure(10, source="没有的", source_name="虚构", outlet=""), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match="IND-352"):
        recognise(stray)
    act(stray, person("chief"), EventKind.REFUSE, Said(text="不在底数里"))
    row = store.reduction(stray)
    assert row is not None
    assert row.standing.state is State.REFUSED


def scrapped(count: int = 100, **other: object) -> Reported:
    return told(
        pollutant="nox", scope="vehicle", formula="vehicle_scrapping", is_key=False, assigned_t=None,
        title="淘汰机动车", inputs={
            "scrapped": Decimal(count), "scrapped_factor": Decimal(200), "new": Decimal(0), "new_factor": Decimal(0),
        }, **{"source": "VEH", "source_name": "", "outlet": "1"} | other,
    )  # fmt: skip


def batch(number: str = "1", **other: object) -> EntryTold:
    plain = EntryTold(COUNTY, "batch", "VEH", "虚构的报废车", number, "虚构的报废回收证明")
    return replace(plain, **other)  # type: ignore[arg-type]


def test_vehicles_count_by_registered_batches_and_no_batch_counts_twice(county: None) -> None:
    clerk = person("clerk", Role.DEPARTMENT)
    with pytest.raises(Refused, match="IND-335"):
        report(scrapped(), clerk)
    register_source(batch(), ADMIN)
    register_source(batch("2"), ADMIN)
    first = report(scrapped(), clerk)
    recognise(first)
    assert figure("nox_recognised_reduction", 2022) == 15
    row = store.reduction(first)
    assert row is not None
    assert (row.source_name, row.outlet) == ("虚构的报废车", "1")
    again = report(scrapped(starts=(2024, 1)), clerk)
    with pytest.raises(Refused, match=f"IND-351.*第 {first} 号.*还可核定 0 吨"):
        recognise(again)
    recognise(report(scrapped(90, source="veh", outlet=" ２"), clerk))
    assert figure("nox_recognised_reduction", 2022) == Decimal("28.5")


def test_the_very_figures_under_another_code_are_a_finding_to_be_answered(county: None) -> None:
    clerk = person("clerk", Role.DEPARTMENT)
    register_source(batch(), ADMIN)
    register_source(batch(code="OTHER", region=TOWN), ADMIN)
    first = report(scrapped(), clerk)
    recognise(first)
    with pytest.raises(Refused, match="IND-335"):  # registered in the town, not for all of the county
        report(scrapped(source="OTHER"), clerk)
    other = report(scrapped(source="OTHER", region=TOWN), person("town", Role.REGION, TOWN))
    act(other, person("checker", Role.VERIFIER, TOWN), EventKind.CHECK)
    act(other, person("reviewer"), EventKind.REVIEW)
    with pytest.raises(Refused, match=f"IND-354.*第 {first} 号"):
        act(other, person("chief"), EventKind.RECOGNISE)
    act(other, person("chief"), EventKind.RECOGNISE, Said(text="车架号逐辆核过，不是同一批"))
    assert figure("nox_recognised_reduction", 2022) == 30


def test_vehicles_of_a_fleet_in_the_base_are_held_to_it(regions: None) -> None:
    rows = (HEAD, ("VEH", "虚构的机动车", "", "机动车", "氮氧化物", "30", "", "系数"))
    made = load_inventory(rows, TOLD, ADMIN, name="v.csv", digest="0", is_dry_run=False).inventory
    assert made is not None
    choose(made, "普查", ADMIN)
    for number in "12":
        register_source(batch(number), ADMIN)
    recognise(report(scrapped(), person("clerk", Role.DEPARTMENT)))
    second = report(scrapped(101, outlet="2"), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match=r"IND-353.*还可核定 10 吨"):
        recognise(second)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"region": "000000"}, "IND-371"),
        ({"sort": "ship"}, "IND-372"),
        ({"code": " "}, "IND-373"),
        ({"name": ""}, "IND-374"),
        ({"outlet": ""}, "IND-375"),
        ({"sort": "plant"}, "IND-375"),
        ({"ground": " "}, "IND-377"),
        ({"region": TOWN}, "IND-376"),
        ({}, "IND-376"),
        ({"code": "veh"}, "IND-376"),
        ({"code": "ＶＥＨ "}, "IND-376"),
        ({"code": "V-EH"}, "IND-376"),
    ],
)
def test_the_register_takes_each_once_and_says_what_lacks(county: None, said: dict[str, object], code: str) -> None:
    register_source(batch(), ADMIN)
    with pytest.raises(Refused, match=code):
        register_source(batch(**said), ADMIN)
    assert [each.act for each in journal.of_subject(f"region/{COUNTY}") if each.act == "emission.register"] == [
        "emission.register"
    ]
    with pytest.raises(Forbidden):
        register_source(batch("9"), person("auditor", Role.AUDITOR))


def test_a_lasting_measure_is_not_recognised_again_a_year_later(county: None) -> None:
    first = report(told(), person("clerk", Role.DEPARTMENT))
    recognise(first, Decimal(300))
    again = report(told(title="又报一年", starts=(2023, 4)), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match=f"IND-351.*第 {first} 号.* 200 吨（全年）算起，还可核定 60 吨"):
        recognise(again)
    act(again, person("chief"), EventKind.RECOGNISE, Said(amount_t=Decimal(60)))
    row = store.reduction(again)
    assert row is not None
    assert row.credited is not None
    assert (row.credited.before_t, row.credited.after_t) == (200, 140)
    with pytest.raises(Refused, match="IND-351"):
        recognise(report(told(starts=(2025, 4)), person("clerk", Role.DEPARTMENT)))


def test_each_step_is_another_person_and_no_step_is_left_out(county: None) -> None:
    number = report(told(), person("clerk", Role.DEPARTMENT))
    with pytest.raises(Refused, match="IND-343"):
        act(number, person("chief"), EventKind.RECOGNISE)
    with pytest.raises(Refused, match="IND-342"):
        act(number, person("clerk"), EventKind.CHECK)
    with pytest.raises(Forbidden):
        act(number, person("clerk2", Role.DEPARTMENT), EventKind.CHECK)
    act(number, person("checker"), EventKind.CHECK)
    with pytest.raises(Refused, match="IND-342"):
        act(number, person("checker"), EventKind.REVIEW)
    with pytest.raises(Refused, match="IND-347"):
        act(number, person("reviewer"), EventKind.REVIEW, Said(amount_t=Decimal(361)))
    with pytest.raises(Refused, match="IND-344"):
        act(number, person("reviewer"), EventKind.RETURN)
    act(number, person("reviewer"), EventKind.RETURN, Said(text="缺在线监测记录"))
    with pytest.raises(Forbidden):
        act(number, person("somebody", Role.DEPARTMENT), EventKind.CORRECT)
    image = Handed("记录.pdf", b"%PDF-1.4\n%%EOF")
    inputs = told().inputs | {"running": Decimal(70)}
    act(
        number,
        person("clerk", Role.DEPARTMENT),
        EventKind.CORRECT,
        Said(inputs=inputs, starts=(2022, 6), files=(image,)),
    )
    row = store.reduction(number)
    assert row is not None
    assert (row.standing.state, row.standing.reported_t, row.start) == (State.REPORTED, 315, "2022-06")
    assert store.events(number)[-1].files[0].name == "记录.pdf"
    with pytest.raises(Refused, match="TSK-203"):
        act(number, person("checker"), EventKind.CHECK, Said(files=(Handed("a.exe", b"MZ"),)))


def test_a_reversal_leaves_the_past_as_it_was(county: None, on: object) -> None:
    number = report(told(), person("clerk", Role.DEPARTMENT))
    recognise(number)
    today = timezone.localdate()
    on(today + timedelta(days=3))  # type: ignore[operator]
    act(number, person("chief"), EventKind.REVERSE, Said(text="设施停运"))
    assert figure("so2_recognised_reduction", 2022) == 0
    then = explain(Cell(Subject("region", COUNTY), "so2_recognised_reduction", Period(2022)), today)
    assert then.value == 270
    before = store.reduction(number, today)
    assert before is not None
    assert before.standing.state is State.RECOGNISED
    # What was reversed can be recognised anew, of another project.
    recognise(report(told(), person("clerk", Role.DEPARTMENT)))
    assert figure("so2_recognised_reduction", 2022) == 270


def test_key_projects_are_told_as_amounts_of_the_year(county: None) -> None:
    recognise(report(told(), person("clerk", Role.DEPARTMENT)))
    rows = observations(["so2_project_reduction"], [("region", COUNTY)])
    assert [(row.period, row.value, row.measure) for row in rows] == [("2022", 270, "amount"), ("2023", 90, "amount")]
    so2 = next(each for each in accounts([COUNTY]) if each.pollutant.id == "so2")
    assert so2.projects_t == 360


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"inputs": {"generated": Decimal(1)}}, "IND-323"),
        ({"starts": (2022, 13)}, "IND-322"),
        ({"pollutant": "co2"}, "IND-326"),
        ({"scope": "agriculture"}, "IND-327"),
        ({"formula": "nothing"}, "IND-328"),
        ({"formula": "vocs_treatment"}, "IND-329"),
        ({"title": " "}, "IND-330"),
        ({"source": ""}, "IND-331"),
        ({"source_name": ""}, "IND-332"),
        ({"is_key": False}, "IND-333"),
        ({"assigned_t": Decimal(0)}, "IND-334"),
        ({"region": "000000"}, "IND-321"),
        ({"inputs": {**told().inputs, "efficiency": Decimal(101)}}, "IND-201"),
        ({"inputs": {**told().inputs, "generated": Decimal(0)}}, "IND-325"),
    ],
)
def test_a_report_that_lacks_something_is_told_what(county: None, said: dict[str, object], code: str) -> None:
    with pytest.raises(Refused, match=code):
        report(told(**said), person("clerk", Role.DEPARTMENT))
    assert not Reduction.objects.exists()


def test_who_has_no_part_in_it_does_neither(county: None) -> None:
    with pytest.raises(Forbidden):
        report(told(), person("chief2", Role.LEADING_GROUP))
    with pytest.raises(Forbidden):
        choose(InventoryChoice.objects.latest("pk").inventory_id, "试", person("clerk", Role.DEPARTMENT))


def test_what_was_assigned_is_the_plan_s_or_else_what_was_told(county: None) -> None:
    recognise(report(told(), person("clerk", Role.DEPARTMENT)))
    rows = (
        ("指标", "对象", "时期", "数值", "单位", "状态"),
        ("so2_assigned_reduction", COUNTY, "2021-2025", "0.09", "万吨", "最终"),
    )
    assert load_rows(rows, name="a.csv", digest="3", source="虚构", by=ADMIN, is_dry_run=False).is_written
    so2 = next(each for each in accounts([COUNTY]) if each.pollutant.id == "so2")
    assert so2.assigned is not None
    assert (so2.assigned.value, so2.assigned.target, so2.completion_pct) == (900, None, 40)
