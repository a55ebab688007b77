"""Pages of the balance: the table in each unit with its findings, the form that loads again, flows, structure, 衔接."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from actors import CLERK
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts import store
from shuangkong.rulebook import open_rulebook

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
TABLE = open_rulebook().tables()["energy_balance"]
FIGURES = {
    "inflow.raw_coal": ("50", "万吨"), "thermal_power.raw_coal": ("-20", "万吨"), "industry.raw_coal": ("29", "万吨"),
    "thermal_power.electricity": ("4", "亿千瓦时"), "inflow.electricity": ("2", "亿千瓦时"),
    "loss.electricity": ("0.5", "亿千瓦时"), "industry.electricity": ("5.5", "亿千瓦时"),
}  # fmt: skip
PATHS = ("balance", "flows", "structure", "reconciliation")


def load(*rows: Sequence[str]) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="平衡表", by=CLERK, is_dry_run=False)
    assert report.load is not None, [each.message.zh for each in report.verdicts if each.verdict == "refused"]


def balance(year: str) -> list[list[str]]:
    printed = {"t": "万吨", "m3": "亿立方米", "kwh": "亿千瓦时", "gj": "万吉焦", "tce": "万吨标准煤"}
    rows = []
    for row in TABLE.rows:
        for column in TABLE.columns:
            told, unit = FIGURES.get(f"{row.id}.{column.id}", ("不适用", printed[column.unit]))
            rows.append([TABLE.cell(row.id, column.id), "云桥县", year, told, unit, "最终"])
    return rows


@pytest.fixture
def told(adopted: int) -> None:
    load(
        *balance("2023"),
        ["generation_coal_rate", "云桥县", "2023", "300", "克标准煤/千瓦时", "最终"],
        ["electricity_sales", "云桥县", "2023", "5", "亿千瓦时", "最终"],
    )


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(f"/indicators/{path}/", {"place": "990100"} | query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_table_stands_in_three_units_with_what_does_not_add_up(clerk: Client, told: None) -> None:
    text = page(clerk, "balance")
    for said in ("火力发电", "−20.00", "平衡差额", "IND-002", "2.04%", "表式 Excel"):  # 1 of 49 is left over
        assert said in text, said
    assert "16.50" in page(clerk, "balance", basis="equivalent")  # 5.5 × 3
    assert "6.76" in page(clerk, "balance", basis="calorific")  # 5.5 × 1.229


@pytest.mark.parametrize(
    ("cell", "told_so", "trips"),
    [
        ("energy_balance_equivalent.industry.raw_coal", "20.71", False),  # 29 × 0.7143 = 20.7147
        ("energy_balance_equivalent.industry.raw_coal", "99", True),
        ("energy_balance_calorific.industry.electricity", "99", True),  # 5.5 × 1.229 = 6.7595
        ("energy_balance_equivalent.total.all", "99", True),
    ],
)
def test_a_told_cell_in_coal_equivalent_is_held_against_the_physical_one(
    clerk: Client, told: None, cell: str, told_so: str, trips: bool
) -> None:
    assert "IND-006" not in page(clerk, "balance")
    load([cell, "云桥县", "2023", told_so, "万吨标准煤", "最终"])
    assert ("IND-006" in page(clerk, "balance")) is trips


def test_the_form_can_be_loaded_again_and_changes_nothing(clerk: Client, told: None) -> None:
    content = clerk.get("/indicators/balance/form/", {"place": "990100"}).content
    rows = read_sheet(content, "b.xlsx").rows
    report = store.load_rows(rows, name="b.xlsx", digest="", source="", by=CLERK, is_dry_run=True)
    assert report.count("refused") == 0, [each.message.zh for each in report.verdicts][:3]
    assert report.count("same") + report.count("changed") == len(TABLE.rows) * len(TABLE.columns)
    assert report.count("changed") == 0


def test_without_a_balance_there_is_an_empty_form(clerk: Client, adopted: int) -> None:
    rows = read_sheet(clerk.get("/indicators/balance/form/", {"place": "990100"}).content, "b.xlsx").rows
    assert rows[0][0] == "能源平衡表"
    assert {text for row in rows[4:] for text in row[1:]} == {""}


def test_flows_have_their_table(clerk: Client, told: None) -> None:
    text = page(clerk, "flows")
    assert 'data-kind="sankey"' in text
    for said in ("外省（区、市）调入量", "加工转换损失", "工业", "9.37"):  # 14.286 − 4.916 of power made
        assert said in text, said


def test_structure_shows_shares_over_the_years(clerk: Client, told: None) -> None:
    text = page(clerk, "structure")
    assert 'data-kind="stacked"' in text
    for said in ("煤炭消费占能源消费总量比重", "能源加工转换效率", "34.41"):  # 4.916 of 14.286
        assert said in text, said


def test_the_six_sectors_say_which_of_them_lacks_and_add_up_without_those_that_do_not_apply(
    clerk: Client, told: None
) -> None:
    six = ("C25", "C26", "C30", "C31", "C32", "D44")

    def sector(code: str, figure: str) -> list[str]:
        return ["规模以上工业能源消费量", f"990100/{code}", "2023", figure, "万吨标准煤", "最终"]

    load(*(sector(code, "2") for code in six[1:4]), sector("D44", "1.5"), sector("C25", "不适用"))
    text = page(clerk, "structure")
    assert "缺：有色金属冶炼和压延加工业" in text
    assert "不适用" in text
    load(sector("C32", "不适用"))
    text = page(clerk, "structure")
    assert "缺：" not in text.partition("六大高耗能行业合计")[2].partition("</table>")[0]
    assert "7.50" in text


def test_figures_of_one_thing_are_held_against_each_other(clerk: Client, told: None) -> None:
    text = page(clerk, "reconciliation")
    for said in ("电力终端消费与售电量", "0.50", "9.09", "供电企业", "电力终端消费与售电量差 9.09%（必须说明）。"):
        assert said in text, said


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_the_balance_speak_english_and_teach_when_empty(clerk: Client, adopted: int, path: str) -> None:
    assert "录入" in page(clerk, path)
    clerk.post("/language/", {"language": "en"})
    assert "录入" not in page(clerk, path)


def test_queries_do_not_grow_with_balances(clerk: Client, told: None) -> None:
    before = [_queries(clerk, path) for path in PATHS]
    load(*balance("2022"), *balance("2021"))
    assert [_queries(clerk, path) for path in PATHS] == before


def _queries(client: Client, path: str) -> int:
    client.get(f"/indicators/{path}/", {"place": "990100"})
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get(f"/indicators/{path}/", {"place": "990100"})
    return len(found)


@pytest.mark.parametrize(
    ("indicator", "found", "unit", "said"),
    [
        ("coal_total", "55", "万吨", "煤炭消费总量与平衡表"),  # 49 by the balance
        ("net_power_inflow", "3", "亿千瓦时", "净调入电量与平衡表"),  # 2
        ("coal_fuel_consumption", "40", "万吨标准煤", "煤品燃料消费量与平衡表"),  # 49 × 0.7143 = 35
    ],
)
def test_a_told_figure_is_held_against_what_the_balance_makes_of_it(
    clerk: Client, told: None, indicator: str, found: str, unit: str, said: str
) -> None:
    assert said not in page(clerk, "reconciliation")
    load([indicator, "云桥县", "2023", found, unit, "最终"])
    text = page(clerk, "reconciliation")
    assert said in text
    assert f"{said}：相差" in text


def test_a_told_figure_that_agrees_with_the_balance_is_not_complained_of(clerk: Client, told: None) -> None:
    load(["coal_total", "云桥县", "2023", "49", "万吨", "最终"])
    text = page(clerk, "reconciliation")
    assert "煤炭消费总量与平衡表" in text
    assert "煤炭消费总量与平衡表：相差" not in text
