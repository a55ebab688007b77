"""Villages and solid waste: what registers refuse, what rows add up to, and the figures that come of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import monitoring_site as site
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from kept import kept
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.looking import observations
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.monitoring.models import Dump, Village
from shuangkong.records.monitoring.registers.acts import end_row, register_row, revise_row
from shuangkong.records.monitoring.registers.store import readable, tallies
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.rural_facts import tell_rural, tell_rural_due
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.monitoring.treated import must_treat, size_rules
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 20)
BOOK = open_rulebook()


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Four villages: the first two accepted; the first's waste is burnt, the second's goes to a heap."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        for number, name in enumerate(("东庄", "西庄", "南庄", "北庄"), start=1):
            accepted = {"sewage_on": f"2026-0{number}-15", "document": "县验收意见"} if number < 3 else {}
            village(f"C{number}", name, **accepted)
        facility("F1", "transfer", "80")
        facility("F2", "incineration", "300", licence="证1", licensed_until="2030-01-01")
        facility("F3", "landfill", "100")
        facility("F4", "simple", "50")
        site.put("waste-chains", village="东庄", is_sorted="是", collector="东庄村委会", transfer="F1", treatment="F2",
                 starts_on="2024-01-01")  # fmt: skip
        site.put("waste-chains", village="西庄", collector="保洁公司", treatment="F4", starts_on="2024-01-01")
        yield


def village(code: str, name: str, **more: str) -> int:
    told = {"region": site.COUNTY, "code": code, "name": name, "households": "300", "people": "900"}
    return site.put("villages", **told | {"starts_on": "2020-01-01"} | more)


def facility(code: str, sort: str, capacity: str, **more: str) -> int:
    told = {"region": site.COUNTY, "code": code, "name": f"{code}设施", "sort": sort, "starts_on": "2020-01-01"}
    return site.put("waste-facilities", **told | {"capacity_t_d": capacity} | more)


def settlement(code: str, where: str = "东庄", **more: str) -> int:
    told = {"village": where, "code": code, "name": f"{code}点", "treatment": "none", "starts_on": "2022-01-01"}
    return site.put("settlements", **told | more)


def said(register: str, on: date = TODAY, name: str = "bureau") -> str:
    held = REGISTERS[register]
    found = tallies(held, readable(held, site.by(name)), site.by(name), on)
    return "；".join(f"{'✗' if each.is_bad else ''}{each.words.zh}{'?' if each.is_doubted else ''}" for each in found)


def told(indicator: str, code: str = site.COUNTY) -> dict[str, Decimal | None]:
    return {row.period: row.value for row in observations([indicator], [("region", code)])}


def refused(expected: str, register: str, /, **row: str) -> None:
    with pytest.raises(Refused) as caught:
        site.put(register, **row)
    assert caught.value.code == expected


def test_chains_lead_to_treatment_or_not(place: None) -> None:
    assert said("waste-chains") == (
        "✗收运处置链条完整的 1 个村，断头或进简易堆放点的 1 个村；户分类 1 个村；"
        "✗同一地区还有 2 个村没有登记去向：登记全以前，处理的村数不入库"
    )
    link = {"village": "南庄", "collector": "村委会", "starts_on": "2024-01-01"}
    refused("MON-404", "waste-chains", **link | {"transfer": "F2"})
    refused("MON-405", "waste-chains", **link | {"treatment": "F1"})
    refused("MON-406", "waste-chains", **link | {"village": "东庄"})
    site.put("waste-chains", **link, treatment="F3设施")
    assert "完整的 2 个村" in said("waste-chains")
    burning = REGISTERS["waste-facilities"].model._default_manager.get(code="F2").pk
    end_row(REGISTERS["waste-facilities"], burning, "2026-06-30", site.by("bureau"), "关停")
    assert "完整的 1 个村" in said("waste-chains"), "what it leads to stands no more"
    assert "完整的 2 个村" in said("waste-chains", date(2026, 6, 30))


def test_shares_of_capacity_and_licences(place: None) -> None:
    assert said("waste-facilities") == (
        "转运站 1、生活垃圾焚烧 1、生活垃圾卫生填埋 1、简易堆放填埋（非无害化） 1；"
        "生活垃圾处理能力 400 t/d，其中焚烧 300 t/d，占 75.0%"
    ), "a heap treats nothing, a station hands on"
    facility("Y1", "medical", "", capacity_t_a="2000")
    facility("Y2", "hazardous", "", capacity_t_a="9000", licence="危废证", licensed_until="2026-07-19")
    found = said("waste-facilities")
    assert "✗1 座的许可证已过期" in found
    assert "✗1 座医疗废物、危险废物设施没有登记许可证" in found
    assert "过期" not in said("waste-facilities", date(2026, 7, 19)), "on its last day it holds"
    for code, row in (
        ("MON-421", {"code": "F2"}), ("MON-422", {"capacity_t_d": ""}), ("MON-131", {"capacity_t_d": "0"}),
        ("MON-423", {"sort": "hazardous", "capacity_t_d": ""}), ("MON-424", {"licensed_until": "2030-01-01"}),
    ):  # fmt: skip
        plain = {"region": site.COUNTY, "code": "F9", "name": "新", "sort": "landfill", "starts_on": "2024-01-01"}
        refused(code, "waste-facilities", **plain | {"capacity_t_d": "10"} | row)


def test_what_came_in_and_was_treated(place: None) -> None:
    facility("Y1", "medical", "", capacity_t_a="2000", licence="证")
    row = {"facility": "F2", "origin": site.COUNTY, "period": "2026-05", "received_t": "1000", "treated_t": "990"}
    site.put("waste-amounts", **row)
    site.put("waste-amounts", **row | {"facility": "F4", "received_t": "250", "treated_t": "250"})
    site.put("waste-amounts", **row | {"facility": "F1", "received_t": "600", "treated_t": "0"})
    site.put("waste-amounts", **row | {"facility": "Y1", "received_t": "12.5", "treated_t": "12.5"})
    assert said("waste-amounts") == (
        "2026 年设施接收生活垃圾 1250 t，无害化处理 990 t（79.2%；没有运到设施的不在内）；"
        "2026 年医疗废物处置：接收 12.5 t，处理处置 12.5 t；✗1 座医疗废物、危险废物设施没有登记上个月的量"
    )
    site.put("waste-amounts", **row | {"facility": "Y1", "period": "2026-06"})
    assert "上个月" not in said("waste-amounts")
    for code, wrong in (
        ("MON-425", {"period": "2026"}), ("MON-426", {"period": f"{timezone.localdate():%Y-%m}"}),
        ("MON-427", {"period": "2019-12"}), ("MON-428", {"period": "2026-04", "received_t": "-1"}),
        ("MON-429", {"facility": "F1", "period": "2026-04"}), ("MON-430", {}),
    ):  # fmt: skip
        refused(code, "waste-amounts", **row | wrong)
    site.put("waste-amounts", **row | {"origin": site.NEIGHBOUR})
    town = site.COUNTY + "001"
    registry.save_regions([RegionRow(town, "青石镇", "town", site.COUNTY)])
    refused("MON-438", "waste-amounts", **row | {"origin": town})
    refused("MON-438", "waste-amounts", **row | {"origin": "990000"})
    site.put("waste-amounts", **row | {"origin": town, "period": "2026-04"})


def test_settlements_that_must_and_do_not(place: None) -> None:
    assert said("settlements") == ""
    settlement("A", households="200", people="10", treatment="plant", state="running")
    settlement("B", households="199", people="500", treatment="piped")
    settlement("C", households="199", people="499")
    assert said("settlements") == "应治理的集聚点 2 个，治理并在运行的 2 个（100.0%）?", "by figures nobody compared"
    settlement("D", is_touristic="是")
    settlement("E", households="30")
    settlement("F", households="900", treatment="plant", state="stopped")
    assert said("settlements") == (
        "✗应治理的集聚点 4 个，治理并在运行的 2 个（50.0%）?；✗1 处设施停运或检修；"
        "✗1 个没有填全户数和人口，不知道该不该治理"
    )
    assert "1 个已验收的村还有应治理而没有治理或停运的集聚点" in said("villages")
    for code, row in (
        ("MON-407", {"code": "A"}), ("MON-408", {"state": "running"}), ("MON-409", {"treatment": "plant"}),
        ("MON-131", {"households": "0"}),
    ):  # fmt: skip
        refused(code, "settlements", **{"village": "东庄", "code": "Z", "name": "点", "treatment": "none",
                                        "starts_on": "2024-01-01"} | row)  # fmt: skip


@given(st.none() | st.integers(1, 1_000), st.none() | st.integers(1, 3_000))
def test_either_size_is_enough(households: int | None, people: int | None) -> None:
    rules = size_rules(BOOK, "national", TODAY)
    assert [rule.number for rule in rules] == [200, 500]
    assert must_treat(households, people, rules, is_touristic=True) is True
    found = must_treat(households, people, rules, is_touristic=False)
    large = (households or 0) >= 200 or (people or 0) >= 500
    assert found is (True if large else None if None in (households, people) else False)


def test_plants_and_who_runs_them(place: None) -> None:
    for code in ("W1", "W2"):
        site.put("sewage-plants", enterprise=site.UNITS[0], code=code, name=f"{code}乡厂", capacity_m3_d="500",
                 starts_on="2020-01-01")  # fmt: skip
    spell = {"plant": f"{site.UNITS[0]}/W1", "operator": "水务公司", "contract_until": "2026-07-19", "state": "running",
             "starts_on": "2024-01-01"}  # fmt: skip
    number = site.put("plant-operations", **spell)
    assert said("plant-operations") == "正常运行 1；✗1 座厂的运维合同已到期；✗同一地区还有 1 座厂没有登记运维"
    refused("MON-411", "plant-operations", **spell | {"starts_on": "2025-01-01"})
    end_row(REGISTERS["plant-operations"], number, "2026-05-31", site.by("bureau"), "停运")
    refused("MON-410", "plant-operations", **spell | {"state": "stopped", "starts_on": "2026-06-01"})
    site.put("plant-operations", **spell | {"state": "stopped", "starts_on": "2026-06-01", "reason": "管网破损"})
    assert said("plant-operations").startswith("✗停运 1")
    assert said("plant-operations", date(2026, 5, 31)).startswith("正常运行 1")


def test_a_unit_is_told_nothing_of_its_neighbours(place: None) -> None:
    for unit in site.UNITS:
        site.put("sewage-plants", enterprise=unit, code="W", name="乡厂", capacity_m3_d="500", starts_on="2020-01-01")
        facility(f"Y{unit}", "medical", "", capacity_t_a="2000", licence="证", enterprise=unit)
    spell = {"operator": "水务公司", "state": "running", "starts_on": "2024-01-01"}
    site.put("plant-operations", **spell, plant=f"{site.UNITS[0]}/W", contract_until="2026-08-01")
    row = {"origin": site.COUNTY, "period": "2026-06", "received_t": "1", "treated_t": "1"}
    site.put("waste-amounts", **row, facility=f"Y{site.UNITS[0]}")
    assert said("plant-operations", name="unit") == "正常运行 1"
    assert "还有 1 座厂没有登记运维" in said("plant-operations")
    assert "上个月" not in said("waste-amounts", name="unit")
    assert "1 座医疗废物、危险废物设施没有登记上个月的量" in said("waste-amounts")


def dump(code: str = "D1", **more: str) -> int:
    told = {"region": site.COUNTY, "village": "东庄", "code": code, "name": f"{code}沟口", "sort": "mixed",
            "area_m2": "120", "volume_m3": "300", "starts_on": "2026-03-01", "due_on": "2026-06-01",
            "check_by": "2026-07-01"}  # fmt: skip
    return site.put("dumps", **told | more)


def test_a_dump_from_found_to_off_the_list(place: None) -> None:
    number, by, held = dump(), site.by("bureau"), REGISTERS["dumps"]
    assert said("dumps") == "在册 1 处，已清理 0 处，未清理的堆放量 300 m³；已销号 0 处；✗1 处过期没有清理"
    refused("MON-437", "dump-checks", dump="D1", inspected_on="2026-06-20", found="gone", inspector="甲")
    site.put("dump-checks", dump="D1", inspected_on="2026-05-20", found="left", inspector="甲")
    revise_row(held, number, {"cleared_on": "2026-06-10"}, by, "清理")
    assert "✗1 处清理后没有复查，其中 1 处已过复查期限" in said("dumps"), "the look before does not count"
    with pytest.raises(Refused, match="MON-435"):
        end_row(held, number, "2026-07-10", by, "销号")
    site.put("dump-checks", dump="D1", inspected_on="2026-07-05", found="gone", inspector="甲")
    end_row(held, number, "2026-07-10", by, "销号")
    assert said("dumps") == "在册 0 处，已清理 0 处，未清理的堆放量 0 m³；已销号 1 处"
    site.put("dump-checks", dump=f"#{number}", inspected_on="2026-07-18", found="back", inspector="乙")
    assert "✗1 处清理后又有堆放" in said("dumps")
    assert Dump.objects.get(pk=number).ends_on == date(2026, 7, 10), "nobody put it back by himself"
    refused("MON-436", "dump-checks", dump=f"#{number}", inspected_on="2026-01-01", found="left", inspector="乙")
    for code, row in (
        ("MON-432", {"starts_on": f"{timezone.localdate() + timedelta(days=1)}", "due_on": ""}),
        ("MON-433", {"cleared_on": "2026-02-01"}), ("MON-121", {"longitude": "190", "latitude": "30"}),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            dump("D2", **row)


def test_a_dump_that_was_seen_to_lie_there_is_not_cleared(place: None) -> None:
    number = dump(cleared_on="2026-06-10", due_on="2026-07-19")
    look = {"dump": "D1", "inspector": "甲"}
    site.put("dump-checks", **look, inspected_on="2026-06-12", found="left")
    whole = "在册 1 处，已清理 0 处，未清理的堆放量 300 m³；已销号 0 处；✗1 处过期没有清理；"
    assert said("dumps") == f"{whole}✗1 处填了已清理，复查时仍有堆放，按未清理算"
    site.put("dump-checks", **look, inspected_on="2026-07-01", found="back")
    assert said("dumps") == f"{whole}✗1 处清理后又有堆放"
    assert "仍有堆放" in said("dumps", date(2026, 6, 30)), "as it was known then"
    revise_row(REGISTERS["dumps"], number, {"cleared_on": "2026-07-02"}, site.by("bureau"), "再清理")
    assert "已清理 1 处，未清理的堆放量 0 m³" in said("dumps")
    site.put("dump-checks", **look, inspected_on="2026-07-05", found="gone")
    assert said("dumps") == "在册 1 处，已清理 1 处，未清理的堆放量 0 m³；已销号 0 处"


def test_figures_of_villages_and_their_trace(place: None) -> None:
    assert tell_rural(TODAY) > 0
    assert tell_rural(TODAY) == 0
    assert {key: value for key, value in told("rural_sewage_village_count").items() if key >= "2025-12"} == {
        "2026-01": 1, "2026-02": 2, "2026-03": 2, "2026-04": 2, "2026-05": 2, "2026-06": 2,
    }, "before the first was accepted nothing is told: that nobody was is not known"  # fmt: skip
    assert told("garbage_village_count") == {}, "of two villages nobody told where their waste goes"
    assert told("village_count")["2026-06"] == 4
    assert told("village_count", "990000") == {}, "a city is put together of its counties"
    subject = Subject("region", site.COUNTY)
    rate = explain(Cell(subject, "rural_sewage_rate", Period(2026, "06")))
    assert rate.value == 50
    steps = [step for _, each in rate.inputs for step in each.steps]
    assert [(step.name.zh, step.value) for step in steps] == [
        ("云桥县，登记 2 行", 2), ("各地相加", 2), ("云桥县，登记 4 行", 4), ("各地相加", 4),
    ]  # fmt: skip
    burnt = explain(Cell(subject, "garbage_burning_plain_share", Period(2026, "06")))
    assert burnt.value == 75
    revise_row(REGISTERS["villages"], Village.objects.get(name="西庄").pk, {"sewage_on": "", "document": ""},
               site.by("bureau"), "验收撤销")  # fmt: skip
    assert explain(Cell(subject, "rural_sewage_rate", Period(2026, "06"))).value == 50, "until it is told again"
    assert "登记有改动" in "".join(
        step.name.zh
        for _, each in explain(Cell(subject, "rural_sewage_rate", Period(2026, "06"))).inputs
        for step in each.steps
    )
    tell_rural(TODAY)
    assert explain(Cell(subject, "rural_sewage_rate", Period(2026, "06"))).value == 25


def chains_of(*names: str, **more: str) -> None:
    for name in names:
        site.put("waste-chains", **{"village": name, "collector": "村委会", "starts_on": "2024-01-01"} | more)


def test_waste_of_villages_is_told_when_it_is_told_of_all(place: None) -> None:
    chains_of("南庄")
    tell_rural(TODAY)
    assert told("garbage_village_count") == {}, "one village is still silent: that is no zero"
    chains_of("北庄", starts_on="2026-05-10")
    tell_rural(TODAY)
    assert told("garbage_village_count") == {"2026-05": 1, "2026-06": 1}, "to a heap, or nowhere, is not treated"
    assert told("village_count")["2026-04"] == 4
    assert "处理的村数不入库" not in said("waste-chains")


def test_a_larger_place_with_rows_of_its_own_is_told_all_of_it(place: None) -> None:
    """The city burns 600 t a day at its own place, its county 300 and buries 100."""
    row = {"region": "990000", "code": "B1", "name": "市级设施", "sort": "incineration", "capacity_t_d": "600"}
    register_row(REGISTERS["waste-facilities"], row | {"starts_on": "2020-01-01"}, site.by("admin"))
    tell_rural(TODAY)
    city = Subject("region", "990000")
    assert told("garbage_day_capacity", "990000")["2026-06"] == 1000
    assert told("garbage_burning_day_capacity", "990000")["2026-06"] == 900
    share = explain(Cell(city, "garbage_burning_plain_share", Period(2026, "06")))
    assert share.value == 90
    steps = [step.name.zh for _, each in share.inputs for step in each.steps]
    assert not [each for each in steps if "登记有改动" in each]
    assert told("village_count", "990000") == {}, "what has no row of its own is put together by the engine"


def test_a_register_that_is_not_whole_tells_nothing_of_villages(place: None) -> None:
    """The statistics know of five villages in the county, four are registered."""
    subject = SubjectRow("region", site.COUNTY, "云桥县", site.COUNTY)
    write([Told("village_count", subject, Decimal(5), "count", "", False)], Period(2024), "统计年报", "test")
    tell_rural(TODAY)
    assert "✗云桥县统计有 5 个行政村，只登记了 4 个：登记全以前，治理率不入库" in said("villages")
    assert told("rural_sewage_village_count") == told("garbage_village_count") == {}
    assert told("garbage_day_capacity")["2026-06"] == 400, "capacities are asked for themselves"
    held, town = REGISTERS["villages"], site.COUNTY + "001"
    registry.save_regions([RegionRow(town, "青石镇", "town", site.COUNTY)])
    village("C5", "中庄", region=town)
    write([Told("village_count", subject, Decimal(6), "count", "", False)], Period(2025), "统计年报", "test")
    of_town = tallies(held, Q(region=town), site.by("bureau"), TODAY)
    assert "登记全以前" not in "".join(each.words.zh for each in of_town), (
        "who sees a part does not see that it is short"
    )
    assert "只登记了 5 个" in said("villages")
    village("C6", "下庄", region=town)
    tell_rural(TODAY)
    assert told("rural_sewage_village_count")["2026-06"] == 2
    assert "登记全以前" not in said("villages")


def test_capacities_that_are_not_all_registered_are_not_told(place: None) -> None:
    subject = SubjectRow("region", site.COUNTY, "云桥县", site.COUNTY)
    write([Told("garbage_day_capacity", subject, Decimal(900), "t/day", "", False)], Period(2024), "统计年报", "test")
    tell_rural(TODAY)
    assert {each: value for each, value in told("garbage_day_capacity").items() if each != "2024"} == {}
    assert told("garbage_burning_day_capacity") == {}
    assert "✗云桥县统计的处理能力有 900 t/d，只登记了 400 t/d" in said("waste-facilities")
    facility("F5", "landfill", "500")
    tell_rural(TODAY)
    assert told("garbage_day_capacity")["2026-06"] == 900
    assert told("garbage_burning_day_capacity")["2026-06"] == 300
    assert "只登记了" not in said("waste-facilities")


def test_a_figure_that_is_no_more_is_withdrawn(place: None) -> None:
    tell_rural(TODAY)
    for each in Village.objects.filter(sewage_on__isnull=False):
        revise_row(REGISTERS["villages"], each.pk, {"sewage_on": "", "document": ""}, site.by("bureau"), "误填")
    tell_rural(TODAY)
    [row] = [
        each
        for each in observations(["rural_sewage_village_count"], [("region", site.COUNTY)])
        if each.period == "2026-06"
    ]
    assert row.state is State.MISSING
    assert tell_rural_due() >= 0
    assert tell_rural_due() == 0


def test_a_table_comes_in_and_the_page_counts_in_both_languages(place: None) -> None:
    bureau, path = site.visitor("bureau"), "/monitoring/registers/villages/"
    sheet = CalamineWorkbook.from_filelike(BytesIO(bureau.get(f"{path}load/template/").content)).get_sheet_by_index(0)
    heads = [str(each) for each in sheet.to_python()[0]]
    row = {"地区": "云桥县", "编号": "C5", "名称": "中庄", "户数": "120", "起始日": "2020-01-01"}
    lines = [heads, [row.get(head.removesuffix("*").strip(), "") for head in heads]]
    text = "\n".join(",".join(line) for line in lines)
    file = SimpleUploadedFile("t.csv", text.encode())
    assert bureau.post(f"{path}load/", {"act": "record", "file": file}).status_code == 302
    assert "生活污水治理验收 2 个村，共 5 个村，治理率 40.0%" in bureau.get(path).content.decode()
    assert "中庄" not in site.visitor("neighbour").get(path).content.decode()
    [shape] = [each for each in bureau.get("/api/v1/monitoring/registers").json()["items"] if each["key"] == "villages"]
    assert {each["key"] for each in shape["fields"]} >= {"households", "sewage_on"}
    answer = bureau.get("/api/v1/monitoring/registers/villages").json()
    assert len(answer["items"]) == 5
    assert answer["tallies"][0]["en"] == "sewage accepted as treated in 2 of 5 villages: 40.0%"
    number = Village.objects.get(name="中庄").pk
    chains = "/monitoring/registers/waste-chains/new/"
    assert f'value="#{number}"' in bureau.get(chains).content.decode()
    bureau.post("/language/", {"language": "en", "next": "/"})
    assert "sewage accepted as treated in 2 of 5 villages" in bureau.get(path).content.decode()


def test_a_code_that_looks_like_a_number_is_no_other_row(place: None) -> None:
    first = Village.objects.get(name="东庄").pk
    village(f"{first}", "重号庄")
    made = settlement("N", where=f"{first}")
    row = REGISTERS["settlements"].model._default_manager.get(pk=made)
    assert row.village.name == "重号庄", "a bare number is the code"
    revise_row(REGISTERS["settlements"], made, {"name": "改名"}, site.by("bureau"), "改名")
    row.refresh_from_db()
    assert row.village.name == "重号庄"
    village("C1b", "东庄")
    with pytest.raises(Refused, match="MON-110"):
        settlement("N2", where="东庄")
