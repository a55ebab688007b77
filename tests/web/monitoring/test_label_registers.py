"""Catalogues, energy labels and the looks at removed boilers: shares that say what they are shares of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import monitoring_site as site
import pytest
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.monitoring.registers.acts import end_row
from shuangkong.records.monitoring.registers.store import readable, tallies
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 20)
#: A day to come, whenever this runs.
AHEAD = f"{timezone.localdate() + timedelta(days=1_000)}"


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        yield


def said(register: str, on: date = TODAY, name: str = "bureau") -> str:
    held = REGISTERS[register]
    found = tallies(held, readable(held, site.by(name)), site.by(name), on)
    return "；".join(f"{'✗' if each.is_bad else ''}{each.words.zh}" for each in found)


def filing(number: str, grade: str, **more: str) -> int:
    told = {"region": site.COUNTY, "product": "空调", "maker": "甲电器", "model": f"K-{number}", "number": number,
            "grade": grade, "starts_on": "2024-03-01"}  # fmt: skip
    return site.put("label-filings", **told | more)


def refused(expected: str, register: str, /, **row: str) -> None:
    with pytest.raises(Refused) as caught:
        site.put(register, **row)
    assert caught.value.code == expected


def test_a_share_by_filings_is_no_share_of_the_market(place: None) -> None:
    first = filing("B1", "1")
    for number, grade in (("B2", "2"), ("B3", "3"), ("B4", "5")):
        filing(number, grade)
    assert said("label-filings") == "有效备案 4 个，二级以上 2 个，占 50.0%（按备案数，不是市场占有率）"
    end_row(REGISTERS["label-filings"], first, "2026-07-19", site.by("bureau"), "撤销")
    assert "有效备案 3 个，二级以上 1 个，占 33.3%" in said("label-filings")
    assert "有效备案 4 个" in said("label-filings", date(2026, 7, 19)), "on its last day it holds"
    filing("B1", "2", starts_on="2026-07-20")
    row = {
        "region": site.COUNTY,
        "product": "空调",
        "maker": "甲",
        "model": "K",
        "grade": "1",
        "starts_on": "2024-01-01",
    }
    refused("MON-446", "label-filings", **row, number="B2")
    for wrong in ("0", "6"):
        refused("MON-444", "label-filings", **row | {"grade": wrong}, number="B9")
    ahead = f"{timezone.localdate() + timedelta(days=1)}"
    refused("MON-445", "label-filings", **row | {"starts_on": ahead}, number="B9")


def test_the_market_is_known_when_all_sales_are_told(place: None) -> None:
    for number, grade in (("B1", "1"), ("B2", "2"), ("B3", "3")):
        filing(number, grade)
    sale = {"year": "2025", "document": "县商务局汇总"}
    site.put("label-sales", filing="B1", sold="600", **sale)
    site.put("label-sales", filing="B3", sold="250", **sale)
    partial = said("label-sales")
    assert "二级以上占 70.6%" in partial
    assert "还有 1 个有效备案没有销售量，不能当作市场占有率" in partial
    site.put("label-sales", filing="B2", sold="150", **sale)
    assert said("label-sales") == "2025 年备案型号销售 1000 台，二级以上 750 台，占 75.0%（按登记的销售量）"
    site.put("label-sales", filing="B2", sold="1", document="汇总", year="2026")
    assert said("label-sales").startswith("✗2026 年"), "of the newest year alone"
    for code, row in (
        ("MON-447", {"year": "2023"}), ("MON-448", {"year": "2024", "sold": "-1"}), ("MON-449", {}),
    ):  # fmt: skip
        refused(code, "label-sales", **{"filing": "B1", "sold": "1"} | sale | row)


def test_a_unit_is_told_nothing_of_the_filings_of_others(place: None) -> None:
    own, _other = (filing(number, "1", enterprise=unit) for number, unit in zip(("B1", "B2"), site.UNITS, strict=True))
    site.put("label-sales", filing=f"#{own}", sold="600", year="2025", document="县商务局汇总")
    assert (
        said("label-sales", name="unit") == "2025 年备案型号销售 600 台，二级以上 600 台，占 100.0%（按登记的销售量）"
    )
    assert "还有 1 个有效备案没有销售量" in said("label-sales")


def test_machines_said_to_be_catalogued_stand_in_a_catalogue(place: None) -> None:
    row = {"region": site.COUNTY, "sort": "电动机", "maker": "乙电机", "model": "YE4", "grade": "1",
           "document": "高效电机目录第一批", "starts_on": "2020-01-01"}  # fmt: skip
    site.put("efficient-models", **row)
    site.put("efficient-models", **row | {"sort": "锅炉", "model": "SZS", "grade": "", "efficiency_pct": "94"})
    machine = {"enterprise": site.UNITS[0], "sort": "motor", "name": "风机电机", "is_catalogued": "是",
               "starts_on": "2021-01-01"}  # fmt: skip
    site.put("machines", **machine, code="M1", model="YE4")
    assert said("efficient-models") == "锅炉 1、电动机 1"
    site.put("machines", **machine, code="M2", model="Y2")
    assert "✗同一地区有 1 台设备登记为“在高效产品目录内”，型号却不在这里的目录里" in said("efficient-models")
    refused("MON-441", "efficient-models", **row | {"model": "X", "grade": ""})
    refused("MON-442", "efficient-models", **row | {"model": "X", "efficiency_pct": "111"})
    refused("MON-443", "efficient-models", **row)


def boiler(code: str) -> str:
    site.put("boilers", enterprise=site.UNITS[0], code=code, name=f"{code}锅炉", sort="boiler", capacity="6",
             fuel="烟煤", starts_on="2012-01-01")  # fmt: skip
    site.put("boiler-removals", boiler=code, way="拆除", document="淘汰通知", starts_on="2024-06-30",
             check_by="2025-06-30")  # fmt: skip
    return code


def test_looks_at_removed_boilers_that_are_overdue(place: None) -> None:
    for code in ("R1", "R2", "R3"):
        boiler(code)
    look = {"boiler": "R2", "found": "gone", "inspector": "甲"}
    site.put("boiler-checks", **look, inspected_on="2025-05-01", next_on="2026-05-01")
    site.put("boiler-checks", **look | {"boiler": "R3"}, inspected_on="2025-05-01", next_on=AHEAD)
    assert said("boiler-removals") == "✗已淘汰 3 台，1 台没有核查过，2 台核查已过期限"
    assert "0 台核查已过期限" in said("boiler-removals", date(2025, 6, 30)), "on its last day nothing is overdue"
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    assert "✗ 应在 2025-06-30 前核查" in page
    assert "✗ 应在 2026-05-01 前核查" in page
    assert AHEAD not in page
    site.put("boiler-checks", boiler="R2", found="running", inspector="甲", inspected_on="2026-06-01")
    found = said("boiler-removals")
    assert "1 台核查已过期限" in found
    assert "1 台最近一次核查“又在使用”" in found


def test_tests_training_and_certificates_are_counted(place: None) -> None:
    test = {"enterprise": site.UNITS[0], "machine": "E1", "sort": "evaluation", "agency": "特检所"}
    site.put("machines", enterprise=site.UNITS[0], sort="电梯", code="E1", name="客梯", starts_on="2015-01-01")
    site.put("equipment-tests", **test, tested_on="2024-05-01", is_passed="否", next_on="2025-05-01")
    assert said("equipment-tests") == "✗能效评价：1 台测过，最近一次 1 台不合格，1 台已过下次日期"
    site.put("equipment-tests", **test, tested_on="2025-04-01", is_passed="是", next_on=AHEAD)
    assert said("equipment-tests") == "能效评价：1 台测过，最近一次 0 台不合格，0 台已过下次日期", "the newest counts"
    person = {"enterprise": site.UNITS[0], "sort": "boiler", "starts_on": "2020-01-01"}
    site.put("operators", **person, name="甲", certificate="1", trained_on="2025-01-01", certified_until="2026-07-19")
    site.put("operators", **person, name="乙", certificate="2", certified_until="2030-01-01")
    assert said("operators") == "✗在岗 2 人，1 人证书已过期，1 人没有培训记录"
    site.put("boilers", enterprise=site.UNITS[0], code="G1", name="燃气炉", sort="boiler", capacity="30",
             fuel="天然气", starts_on="2012-01-01")  # fmt: skip
    site.put("boiler-permits", boiler="G1", number="锅1", zone="built_up", starts_on="2024-01-01")
    site.put("boiler-removals", boiler="G1", way="拆除", document="通知", starts_on="2025-06-30")
    assert said("boiler-permits") == "在效 1 张，已结束 0 张；✗1 台锅炉已淘汰，使用登记证还没有注销"
