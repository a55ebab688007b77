"""Pages of what is computed: the sign of what is to be verified, what does not apply, where a coefficient is from.

And in the papers of a bulletin, the rules that nobody has compared with their documents, by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from actors import ADMIN, CLERK
from shuangkong.core.period import Period
from shuangkong.papers.indicators.bulletin import BulletinCell, BulletinColumn, BulletinLine, BulletinTable
from shuangkong.records.facts import scopes, store
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.computing import compute
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.bulletins import as_text, bulletin_table, from_text

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
HERE = "990100"
FIGURES = {"inflow.raw_coal": "50", "industry.raw_coal": "50", "inflow.natural_gas": "2", "industry.natural_gas": "2"}
PRINTED = {"t": "万吨", "m3": "亿立方米", "kwh": "亿千瓦时", "gj": "万吉焦", "tce": "万吨标准煤"}
SIGN = '<span class="doubt" aria-hidden="true">※</span>'


def load(*rows: Sequence[str], head: Sequence[str] = HEAD) -> None:
    report = store.load_rows([head, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, [each.message.zh for each in report.verdicts if each.verdict == "refused"]


def balance() -> list[list[str]]:
    """Raw coal and natural gas come in and go to industry; all else does not apply."""
    table = open_rulebook().tables()["energy_balance"]
    return [
        [table.cell(row.id, column.id), HERE, "2023", FIGURES.get(f"{row.id}.{column.id}", "不适用"),
         PRINTED[column.unit], "最终"]
        for row in table.rows for column in table.columns
    ]  # fmt: skip


@pytest.fixture
def told(adopted: int) -> None:
    load(
        ["total_consumption", HERE, "2023", "50", "万吨标准煤", "最终"],
        ["gdp_constant", HERE, "2023", "100", "亿元", "最终"],
        *balance(),
        ["energy_balance.heating_value.natural_gas", HERE, "2023", "35544", "千焦/立方米", "最终"],
    )
    compute()


#: Three years of what the analysis takes; large industry alone is put against the rest.
MOVED = (
    ("total_consumption", "46", "48", "50", "万吨标准煤"), ("gdp_constant", "90", "95", "100", "亿元"),
    ("above_designated_energy_consumption", "19", "20", "21", "万吨标准煤"),
    ("above_designated_industry_value_added", "28", "30", "32", "亿元"),
    ("electricity_consumption", "2.8", "3", "3.2", "亿千瓦时"),
    ("above_designated_electricity_consumption", "0.9", "1", "1.1", "亿千瓦时"),
)  # fmt: skip
UNITS = {"U1": "算出来的厂", "U2": "录入的厂"}
OF_UNITS = (
    ("production_consumption", "U1", "900", "1000"), ("recovered_energy", "U1", "100", "110"),
    ("conversion_output", "U1", "0", "0"), ("unit_energy_consumption", "U2", "500", "400"),
)  # fmt: skip


@pytest.fixture
def moved(told: None) -> None:
    """The total of 2022 is recognised, that of 2023 is not; the energy of one unit is told, of the other computed."""
    head = [*HEAD, "对象类别", "来路"]
    scopes.register([SubjectRow("unit", code, name, HERE) for code, name in UNITS.items()], "名录", CLERK)
    for code in UNITS:
        scopes.enter(("unit", code), scopes.ABOVE_DESIGNATED_SIZE, date(2021, 1, 1), "名录", CLERK)
    load(*([name, HERE, year, value, unit, "最终", "地区", ""] for name, *values, unit in MOVED
           for year, value in zip(("2021", "2022", "2023"), values, strict=True)),
         ["total_consumption", HERE, "2022", "48", "万吨标准煤", "最终", "地区", "反馈核定"],
         *([name, code, year, value, "吨标准煤", "最终", "单位", ""] for name, code, *values in OF_UNITS
           for year, value in zip(("2022", "2023"), values, strict=True)), head=head)  # fmt: skip
    compute()


def office() -> Client:
    person = Person.objects.create_user("office")
    body = registry.name_bodies(HERE, ["发展改革局"])["发展改革局"]
    appoint("office", Role.PLAN_OFFICE, ADMIN, "测试", body, HERE)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def signed(text: str, name: str) -> list[bool]:
    """Whether each figure of the row of that name bears the sign."""
    (row,) = [each for each in text.split("<tr") if f">{name}</td>" in each]
    return [SIGN in cell for cell in row.split("<td")[2:] if "figure" in cell.partition(">")[0]]


def section(client: Client, address: str, table: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split(f'<section class="table" id="{table}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("address", "table"),
    [
        (f"/indicators/?place={HERE}&period=2023", "figures"),
        (f"/indicators/series/energy_intensity/region:{HERE}/", "series"),
        (f"/indicators/intensity/?place={HERE}&period=2023", "levels"),
        (f"/indicators/structure/?place={HERE}&period=2023", "amounts"),
        (f"/indicators/balance/?place={HERE}&period=2023&basis=calorific", "balance"),
        (f"/indicators/balance/?place={HERE}&period=2023", "factors"),
        (f"/indicators/flows/?place={HERE}&period=2023", "flows"),
        (f"/indicators/analysis/?place={HERE}&of=2023", "path"),
        *((f"/indicators/analysis/?place={HERE}&of=2023", each) for each in ("total", "intensity", "units", "track")),
        (f"/indicators/reconciliation/?place={HERE}", "lines"),
        (f"/indicators/reconciliation/?place={HERE}", "parts"),
    ],
)
def test_computed_figures_bear_the_sign_and_the_foot_explains_it(
    clerk: Client, moved: None, address: str, table: str
) -> None:
    text = section(clerk, address, table)
    assert SIGN in text.split("<tbody>")[1].split("</tbody>")[0]
    assert "尚未与文件原文核对" in text.split("</tbody>")[1]


def test_told_figures_bear_none(clerk: Client, told: None) -> None:
    text = section(clerk, f"/indicators/balance/?place={HERE}&period=2023", "balance")
    told_row = next(row for row in text.split("<tr>") if "工业" in row and "50.00" in row)
    assert SIGN not in told_row
    assert SIGN in next(row for row in text.split("<tr>") if "消费量合计" in row)


def test_each_line_of_the_analysis_is_signed_by_its_own_figures_and_by_all_below_its_factors(
    clerk: Client, moved: None
) -> None:
    """The total of 2023 is an estimate; large industry is told; one unit is computed, the other told."""
    address, factors = f"/indicators/analysis/?place={HERE}&of=2023", [True] * 4
    total = section(clerk, address, "total")
    assert signed(total, "规模以上工业") == [False, False, False, *factors]
    assert signed(total, "能源消费总量") == [False, True, True, *factors]
    assert all(signed(section(clerk, address, "intensity"), "规模以上工业")[:3])
    units = section(clerk, address, "units")
    assert signed(units, "算出来的厂") == [True, True, True, False, False, False, True]
    assert signed(units, "录入的厂") == [False] * 7
    assert signed(units, "以上 2 家合计") == [True, True, True, False, False, False, True]
    assert signed(section(clerk, address, "track"), "2022年") == [True, False, True]


def test_no_table_of_told_sectors_is_signed(clerk: Client, moved: None) -> None:
    load(*([name, f"{HERE}/C30", year, value, unit, "最终"] for name, *values, unit in MOVED[2:4]
           for year, value in zip(("2021", "2022", "2023"), values, strict=True)))  # fmt: skip
    text = section(clerk, f"/indicators/analysis/?place={HERE}&of=2023", "sectors")
    assert not any(signed(text, "规模以上工业"))
    assert SIGN not in text


def test_each_line_of_the_reconciliation_is_signed_by_its_own_figures(clerk: Client, moved: None) -> None:
    address = f"/indicators/reconciliation/?place={HERE}"
    lines = section(clerk, address, "lines")
    assert signed(lines, "规上工业能源消费量与单位之和") == [False, True, True, True]
    assert signed(lines, "能源消费总量与平衡表") == [False, True, True, True]
    parts = section(clerk, address, "parts")
    assert signed(parts, "算出来的厂") == [True]
    assert signed(parts, "录入的厂") == [False]


@pytest.mark.parametrize(
    ("page", "table", "columns"),
    [
        ("reconciliation", "lines", ("另一方（合计）", "差额", "差率", "结论")),
        ("reconciliation", "parts", ("数值",)),
        ("analysis", "total", ("2023年", "增减", "规模", "结构", "能效")),
        ("analysis", "track", ("测算", "测算偏高")),
        ("analysis", "path", ("数值",)),
    ],
)
def test_the_workbooks_name_the_columns_to_be_verified(
    clerk: Client, moved: None, page: str, table: str, columns: Sequence[str]
) -> None:
    answer = clerk.get(f"/indicators/{page}/?place={HERE}&of=2023&xlsx={table}")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    (said,) = [str(value) for row in rows for value in row if "：待核对" in str(value)]
    assert set(columns) <= set(said.partition("：")[0].split("、"))


def test_the_paper_of_the_situation_and_its_annex_name_the_rules_to_be_verified(moved: None) -> None:
    client, form = office(), {"place": HERE, "of": "2023"}
    answer = client.post("/indicators/analysis/paper/", form | {"form": "docx"})
    lines = [each.text for each in Document(BytesIO(answer.content)).paragraphs]
    (said,) = [each for each in lines if "尚未与文件原文核对" in each]
    assert said.startswith("待核对：")
    assert "计算说明" in said
    assert "工业生产消费减回收利用减加工转换产出" in said
    annex = client.post("/indicators/analysis/paper/", form | {"form": "xlsx"})
    book = CalamineWorkbook.from_filelike(BytesIO(annex.content)).get_sheet_by_index(0)
    assert any(said in str(value) for row in book.to_python() for value in row)


def test_the_balance_says_what_does_not_apply_and_leads_to_its_difference(clerk: Client, told: None) -> None:
    text = section(clerk, f"/indicators/balance/?place={HERE}&period=2023", "balance")
    assert "不适用" in next(row for row in text.split("<tr>") if "损失" in row)
    difference = next(row for row in text.split("<tr>") if "平衡差额" in row)
    assert f"/indicators/figure/energy_balance.difference.raw_coal/2023/region:{HERE}/" in difference


def test_each_coefficient_says_where_it_is_from(clerk: Client, told: None) -> None:
    text = section(clerk, f"/indicators/balance/?place={HERE}&period=2023", "factors")
    gas = next(row for row in text.split("<tr>") if "天然气" in row)
    coal = next(row for row in text.split("<tr>") if "原煤" in row)
    assert "实测低位发热量" in gas
    assert "与当量值相同" in gas
    assert "默认值" in coal


def test_exclusions_show_what_they_move_with_the_decimals_kept(clerk: Client, told: None) -> None:
    load(
        ["feedstock_consumption", HERE, "2023", "1.234", "万吨标准煤", "最终"],
        *([name, HERE, "2023", "0", "万吨标准煤", "最终"] for name in (
            "non_fossil_consumption", "renewable_consumption", "certificate_consumption", "state_project_consumption",
            "renewable_excess_consumption", "saving_need")),
    )  # fmt: skip
    text = section(clerk, f"/statistics/exclusions/?place={HERE}&period=2023", "statement-2")
    for said in ("0.5000", "−0.0123", "0.4877"):
        assert said in text.replace("-", "−"), said


def test_the_explanation_of_a_past_day_says_by_whose_rules(clerk: Client, told: None) -> None:
    address = f"/indicators/figure/energy_intensity/2023/region:{HERE}/"
    day = timezone.localdate() - timedelta(days=30)
    said = "数是那一天知道的，规则是今天的"
    assert said in clerk.get(f"{address}?as_of={day}").content.decode()
    assert said not in clerk.get(address).content.decode()
    assert said not in clerk.get(f"{address}?as_of={timezone.localdate()}").content.decode()


def test_a_bulletin_keeps_which_rules_are_to_be_verified(told: None) -> None:
    region = registry.region(HERE)
    assert region is not None
    table = bulletin_table(region, Period(2023), ["energy_intensity"])
    whole = next(line for line in table.lines if line.is_whole)
    assert whole.cells[0].is_doubted
    assert any("计算说明" in rule for rule in table.unverified)
    assert from_text(as_text(table)) == table
    assert any(note.startswith("待核对") and "计算说明" in note for note in table.notes)


def test_a_bulletin_kept_before_doubts_were_told_has_none() -> None:
    line = BulletinLine("1", "云桥县", (BulletinCell(Decimal("0.5"), "final"),), is_whole=True)
    table = BulletinTable("云桥县", "2023年", (BulletinColumn("energy_intensity", "强度", "吨"),), (line,))
    before = as_text(table).replace(', "unverified": []', "").replace(", false]", "]")
    assert "unverified" not in before
    assert from_text(before) == table


def test_the_papers_of_a_bulletin_name_these_rules(told: None) -> None:
    clerk = office()
    form = {"place": HERE, "of": "2023", "issuer": "云桥县统计局", "indicators": ["energy_intensity"]}
    one = clerk.post("/indicators/bulletins/prepare/", form).headers["Location"]
    assert SIGN in section(clerk, one, "content")
    paper = Document(BytesIO(clerk.get(f"{one}docx/").content))
    assert any("尚未与文件原文核对" in each.text and "计算说明" in each.text for each in paper.paragraphs)
    book = CalamineWorkbook.from_filelike(BytesIO(clerk.get(f"{one}xlsx/").content)).get_sheet_by_index(0)
    assert any("尚未与文件原文核对" in str(value) for row in book.to_python() for value in row)
