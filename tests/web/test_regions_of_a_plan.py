"""The regions on home and on a target's page: every part of the territory, one promise a table."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from actors import CHIEF, CLERK, READER
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook

TEXT = """云河市“十四五”节能减排综合工作方案

云河市人民政府
2022年8月1日

一、主要目标

（一）主要目标。到2025年，全市能源消费总量控制在500万吨标准煤以内。到2030年，能源消费总量控制在560万吨标准煤以内。

二、重点任务

（二）加强工业节能。到2025年，建成绿色工厂3家。（牵头单位：市经委）

附件：1.能耗双控目标

附件1

能耗双控目标

地区	2025年能源消费总量控制目标（万吨标准煤）	\
2030年能源消费总量控制目标（万吨标准煤）	2030年能源消费总量奋斗目标（万吨标准煤）
东山县	100	120	115
城关镇	150	170	165
南河新区	120	130	125
合计	500	560	550
"""


@pytest.fixture
def invented(clerk: Client) -> int:
    """The adopted plan of a city that no list holds."""
    document = Document("t.txt", Medium.TXT, TEXT)
    plan = plans.save_reading(None, document, read_plan(document, open_rulebook().lexicon()), (), READER)
    for entry in plans.undecided(plan.id):
        plans.decide(entry.id, Verdict.ACCEPTED, CLERK)
    plans.adopt(plan.id, CHIEF)
    return plan.id


def _regions(client: Client, path: str) -> tuple[str, list[list[str]]]:
    """Caption and rows (the first cells) of the table of regions."""
    page = client.get(path).content.decode()
    table = page[page.index('id="regions-caption"') :]
    table = table[: table.index("</section>")]
    rows = re.findall(r"<tr.*?>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    plain = [[re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]
    caption = re.sub("<[^>]+>", "", table[table.index(">") + 1 : table.index("</h2>")]).strip()
    return caption, [row[:3] for row in plain[1:]]


def test_home_shows_every_part_beside_the_total_once(clerk: Client, invented: int) -> None:
    caption, rows = _regions(clerk, f"/?plan={invented}")
    assert "2025年" in caption
    assert [row[0] for row in rows] == ["城关镇", "南河新区", "东山县", "云河市"]
    assert rows[-1][2].startswith("500")


def test_the_choice_of_goals_names_year_and_firmness(clerk: Client, invented: int) -> None:
    page = clerk.get(f"/?plan={invented}").content.decode()
    chosen = page[page.index('id="goal"') :]
    names = re.findall(r"<option[^>]*>([^<]*)", chosen[: chosen.index("</select>")])
    assert [name.split(" · ")[1:] for name in names] == [["2025年"], ["2030年"], ["2030年", "力争"]]


def test_a_parts_own_page_compares_one_promise(clerk: Client, invented: int) -> None:
    one = next(
        row
        for row in targets.targets(invented)
        if row.subject_name == "东山县" and row.deadline == "2030" and row.strength == "firm"
    )
    _, rows = _regions(clerk, f"/targets/{one.id}/")
    assert {row[0]: row[2].split()[0] for row in rows} == {
        "城关镇": "170",
        "南河新区": "130",
        "东山县": "120",
        "云河市": "560",
    }
