"""适用规定: the law on a day in a place, as a page, a workbook and for a programme."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from actors import CLERK
from shuangkong.records.facts import store

pytestmark = pytest.mark.django_db


def sheet(client: Client, address: str) -> list[dict[str, object]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(client.get(address).content)).get_sheet_by_index(0).to_python()
    head = next(number for number, row in enumerate(rows) if row[0] == "名称")
    return [dict(zip(rows[head], row, strict=True)) for row in rows[head + 2 :] if row[9]]


def test_the_list_holds_what_is_in_force_on_the_day(clerk: Client, adopted: int) -> None:
    for day, cap, coal in (("2024-06-30", True, "gb-t-2589-2020"), ("2020-12-31", False, "gb-t-2589-2008")):
        rows = sheet(clerk, f"/policy/?day={day}&xlsx=provisions")
        ids = [row["编号"] for row in rows]
        assert ("indicators/exclusions/certificate_cap" in ids) is cap
        assert len([row for row in rows if row["编号"] == "indicators/coefficients/raw_coal"]) == 1
        (raw_coal,) = [row for row in rows if row["编号"] == "indicators/coefficients/raw_coal"]
        assert raw_coal["规定值或公式"] == "0.7143"
        number = {"gb-t-2589-2020": "GB/T 2589-2020", "gb-t-2589-2008": "GB/T 2589-2008"}[coal]
        assert number in str(raw_coal["依据"])
        assert raw_coal["核对"] == "未与原文核对"
        assert raw_coal["层"] == "国家"
        assert raw_coal["单位"] == "千克标准煤/千克"


def test_the_page_says_where_when_and_how_much_nobody_compared(clerk: Client, adopted: int) -> None:
    text = clerk.get("/policy/?day=2024-06-30&place=990100").content.decode()
    assert "2024-06-30 在云桥县适用哪些规定？" in text
    assert "最近的一层是“国家”" in text
    assert "尚未与原文核对" in text


def test_one_rule_shows_what_it_said_before_and_what_uses_it(clerk: Client, adopted: int) -> None:
    address = "/policy/indicators/exclusions/certificate_cap/?place=990100&day=2024-06-30"
    text = clerk.get(address).content.decode()
    assert "<strong>50</strong>" in text
    assert "考核口径能源消费总量" in text
    before = clerk.get(address.replace("2024", "2023")).content.decode()
    assert "这一天没有生效的规定" in before
    assert "2024-02-01" in before
    assert clerk.get("/policy/indicators/no_such_rule/").status_code == 404


def test_an_explanation_leads_to_the_rule_of_its_place_and_day(clerk: Client, adopted: int) -> None:
    rows = [
        ["指标", "对象", "时期", "数值", "单位", "状态"],
        ["能源消费总量", "云桥县", "2023", "50", "万吨标准煤", "最终"],
        ["gdp_constant", "云桥县", "2023", "103", "亿元", "最终"],
    ]
    report = store.load_rows(rows, name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None
    text = clerk.get("/indicators/figure/energy_intensity/2023/region:990100/").content.decode()
    address = "/policy/indicators/energy_intensity/?place=990100&amp;day=2023-12-31"
    assert address in text
    assert "consumption / gdp" in clerk.get(address.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize("address", ["/policy/", "/policy/indicators/energy_intensity/"])
def test_queries_do_not_grow_with_the_rules(clerk: Client, adopted: int, address: str) -> None:
    clerk.get(address)
    with CaptureQueriesContext(connection) as asked:
        clerk.get(f"{address}?place=990100&day=2024-06-30")
    assert len(asked) <= 12


def test_a_programme_asks_for_the_same(clerk: Client, adopted: int) -> None:
    said = clerk.get("/api/v1/rules", {"place": "990100", "day": "2024-06-30", "id": "indicators/exclusions"}).json()
    (cap,) = said["items"]
    assert (said["layer"], cap["text"], cap["unit"], cap["starts"], cap["until"]) == (
        "national",
        "50",
        "pct",
        "2024-02-01",
        "2025-12-31",
    )
    assert (cap["is_verified"], cap["replaces"], said["next"]) == (False, [], None)
    first = clerk.get("/api/v1/rules", {"day": "2024-06-30", "limit": "10"}).json()
    second = clerk.get("/api/v1/rules", {"day": "2024-06-30", "limit": "10", "after": first["next"]}).json()
    assert first["next"] == 10
    assert not {each["id"] for each in first["items"]} & {each["id"] for each in second["items"]}
