"""Bulletins, analysis, intensity, comparison, gaps and scopes: what their pages say, and what nobody can change."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from python_calamine import CalamineWorkbook

import shuangkong
from actors import ADMIN, CLERK
from shuangkong.core.period import Period
from shuangkong.indicators.situation import LineKind
from shuangkong.papers.indicators.bulletin import BulletinInput, bulletin_docx
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.papers.official.templates import read_templates
from shuangkong.records.bulletins import store as bulletins
from shuangkong.records.facts import store
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.web.indicators.bulletins import as_text, bulletin_table, from_text
from shuangkong.web.indicators.place import Place
from shuangkong.web.indicators.situation import situation

pytestmark = pytest.mark.django_db
HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来路"]
DAY = date(2021, 8, 23)
DATA = Path("/work/shared/data/province_bulletin_2020.csv")
COUNTY, WAN, YI = "990100", "万吨标准煤", "亿元"
PAGES = ("intensity", "analysis", "compare", "bulletins", "gaps", "scopes")


def load(*rows: Sequence[str]) -> None:
    told = [HEAD, *((*row, "", "最终", "")[:8] if len(row) == 5 else row for row in rows)]
    report = store.load_rows(told, name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


@pytest.fixture
def told(adopted: int) -> None:
    """Two years of a county: 0.5000 to 0.4850, three per cent down; five years promise 13.5 %."""
    load(
        ("total_consumption", COUNTY, "2020", "50", WAN),
        ("gdp_constant", COUNTY, "2020", "100", YI),
        ("gdp_constant@2020", COUNTY, "2020", "100", YI),
        ("total_consumption", COUNTY, "2021", "50.925", WAN),
        ("gdp_constant", COUNTY, "2021", "105", YI),
        ("energy_intensity_target", COUNTY, "2021-2025", "13.5", "%"),
    )


def person(name: str, role: Role) -> Client:
    found = Person.objects.create_user(name, first_name=f"{name}先生")
    body = registry.name_bodies(COUNTY, ["发展改革局"])["发展改革局"]
    appoint(name, role, ADMIN, "测试", body, COUNTY)
    client = Client(headers={"host": "localhost"})
    client.force_login(found)
    return client


def test_intensity_stands_before_and_after_with_four_decimals_and_two(clerk: Client, told: None) -> None:
    text = clerk.get(f"/indicators/intensity/?place={COUNTY}&period=2021").content.decode()
    assert "0.4850" in text
    assert "0.48" in text
    for said in ("累计下降 <strong>3.00%", "应累计下降 <strong>2.86%", "完成五年目标 <strong>21.00%", "2.82%"):
        assert said in text, said


@pytest.mark.parametrize("name", PAGES)
def test_queries_are_fixed_and_english_is_whole(clerk: Client, told: None, name: str) -> None:
    path = f"/indicators/{name}/?place={COUNTY}&period=2021"
    load(("total_consumption", COUNTY, "2019", "50", WAN), ("gdp_constant", COUNTY, "2019", "100", YI))
    frame = re.search(r'<select name="period">.*?</select>', clerk.get(path).content.decode(), re.DOTALL)
    assert frame is not None
    assert set(re.findall(r"<option[^>]*>([^<]+)", frame[0])) <= {"最新", *map(str, range(2000, 2100))}
    before = _queries(clerk, path)
    for year in ("2016", "2017", "2018"):
        load(("total_consumption", COUNTY, year, "50", WAN), ("gdp_constant", COUNTY, year, "100", YI))
    assert _queries(clerk, path) == before
    clerk.post("/language/", {"language": "en"})
    assert "累计" not in clerk.get(path).content.decode()


def test_a_comparison_says_which_period_stands_for_the_one_asked_for(clerk: Client, told: None) -> None:
    load(("total_consumption", f"{COUNTY[:-1]}1", "2021-C09", "9", WAN))
    path = f"/indicators/compare/?place={COUNTY}&indicator=total_consumption"
    said = "没有这项指标可比的数，下面是2021年1—9月的"
    assert f"2021年{said}" in clerk.get(f"{path}&period=2021").content.decode()
    assert f"2020年{said}" in clerk.get(f"{path}&of=2020").content.decode()
    assert said not in clerk.get(f"{path}&of=2021-C09&period=2021").content.decode()
    assert said not in clerk.get(path).content.decode()


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert client.get(path).status_code == 200
    return len(context)


def test_a_bulletin_is_signed_off_by_another_and_then_stands_for_ever(told: None) -> None:
    office, leader = person("office", Role.PLAN_OFFICE), person("leader", Role.LEADING_GROUP)
    form = {"place": COUNTY, "of": "2021", "issuer": "云桥县统计局", "indicators": ["energy_intensity_growth"]}
    one = office.post("/indicators/bulletins/prepare/", form).headers["Location"]
    again = office.post("/indicators/bulletins/prepare/", form)
    assert again.status_code == 422
    assert "IND-302" in again.content.decode()
    assert office.post(f"{one}act/", {"kind": "approve"}).status_code == 403
    assert leader.post(f"{one}act/", {"kind": "publish", "number": "1"}).status_code == 403
    assert leader.post(f"{one}act/", {"kind": "approve"}).status_code == 302
    assert office.post(f"{one}act/", {"kind": "publish"}).status_code == 422
    assert office.post(f"{one}act/", {"kind": "publish", "number": "云统公报1号"}).status_code == 302
    acts = set(JournalRow.objects.filter(act__startswith="bulletin.").values_list("act", flat=True))
    assert acts == {"bulletin.prepare", "bulletin.approve", "bulletin.publish"}

    load(("total_consumption", COUNTY, "2021", "51.975", WAN, "", "核定", ""))
    text = office.get(one).content.decode()
    assert "公布后有 1 个数变了" in text
    assert "批准 · leader先生" in text
    assert "起草 · office先生" in text
    assert "−3.00" in text.split('id="later"')[0]
    paper = office.get(f"{one}docx/").content
    assert paper == office.get(f"{one}docx/").content
    words = _words(paper)
    assert "-3.00" in words
    assert "云统公报1号" in words
    assert "讨论稿" not in words
    book = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{one}xlsx/").content)).get_sheet_by_index(0)
    assert any(-3.0 in row for row in book.to_python())

    two = office.post("/indicators/bulletins/prepare/", form).headers["Location"]
    later = bulletins.bulletin(int(two.rstrip("/").rpartition("/")[2]))
    assert later is not None
    assert (later.edition, later.corrects) == (2, int(one.rstrip("/").rpartition("/")[2]))
    assert "-1.00" in _words(office.get(f"{two}docx/").content)
    assert "-3.00" in _words(office.get(f"{one}docx/").content)


def _words(paper: bytes) -> str:
    document = Document(BytesIO(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


@pytest.mark.skipif(not DATA.is_file(), reason="the published table is not on this machine")
def test_the_bulletin_of_thirty_provinces_is_printed_as_it_was_published() -> None:
    """The national bulletin of 2020: every figure of its table, to the printed digit, through the page's own paper."""
    with DATA.open(encoding="utf-8") as file:
        printed = list(csv.DictReader(line for line in file if not line.startswith("#")))
    columns = (
        ("单位地区生产总值能耗", "energy_intensity_growth", "energy_intensity_change_pct"),
        ("能源消费总量", "total_consumption_growth", "energy_consumption_growth_pct"),
        ("单位地区生产总值电耗", "electricity_intensity_growth", "electricity_intensity_change_pct"),
    )
    # The register has no row for the nation: the areas stand under one that plays its part.
    registry.save_regions([RegionRow("880000", "全国", "province", is_fictional=True)])
    codes = {row["region"]: f"88{number:02d}00" for number, row in enumerate(printed, 11)}
    registry.save_regions([RegionRow(code, name, "city", "880000", is_fictional=True) for name, code in codes.items()])
    rows = [
        (indicator, codes[row["region"]], "2020", row[key], "%", "比上年变化", "最终", "")
        for row in printed
        for indicator, _, key in columns
        if row[key]
    ]
    load(*rows)
    place = registry.region("880000")
    assert place is not None
    table = bulletin_table(place, Period(2020), [growth for _, growth, _ in columns])
    assert from_text(as_text(table)) == table
    basis = Basis(as_of=DAY, rulebook="r", journal=1, seal="s")
    paper = bulletin_docx(BulletinInput(Issue("统计局", DAY), basis, table), read_templates())
    lines = {
        row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in Document(BytesIO(paper)).tables[0].rows
    }
    seen = 0
    for row in printed:
        expected = [Decimal(row[key]) if row[key] else None for _, _, key in columns]
        if expected[0] is None:
            continue
        seen += 1
        assert [Decimal(text) for text in lines[row["region"]]] == expected, row["region"]
    assert seen == 30


def test_the_analysis_names_what_is_missing_and_estimates_what_is_not_told(told: None) -> None:
    """E = Ei + (E0 − Ei0)(W − Wi)/(W0 − Wi0) = 31 + 20 × 5.5 / 5 = 53, until the recognised figure is told."""
    load(
        ("above_designated_energy_consumption", COUNTY, "2021-H1", "31", WAN),
        ("above_designated_energy_consumption", COUNTY, "2020-H1", "30", WAN),
        ("electricity_consumption", COUNTY, "2021-H1", "15.5", "亿千瓦时"),
        ("electricity_consumption", COUNTY, "2020-H1", "15", "亿千瓦时"),
        ("above_designated_electricity_consumption", COUNTY, "2021-H1", "10", "亿千瓦时"),
        ("total_consumption", COUNTY, "2020-H1", "50", WAN),
    )
    region = registry.region(COUNTY)
    assert region is not None
    place = Place(region, registry.paths([COUNTY])[COUNTY])
    before = situation(place, Period(2021, "H1"), ADMIN)
    assert not isinstance(before.estimate.value, Decimal)
    assert ("above_designated_electricity_consumption", "2020-H1") in [
        (cell.indicator, str(cell.period)) for cell in before.missing
    ]
    load(("above_designated_electricity_consumption", COUNTY, "2020-H1", "10", "亿千瓦时"))
    after = situation(place, Period(2021, "H1"), ADMIN)
    assert after.estimate.value == Decimal(530_000)
    assert after.seen.value(after.cell("total_consumption_growth")) == 6
    load(("total_consumption", COUNTY, "2021-H1", "52", WAN, "", "最终", "反馈核定"))
    recognised = situation(place, Period(2021, "H1"), ADMIN)
    assert recognised.is_recognised
    assert recognised.seen.value(recognised.cell("total_consumption_growth")) == 4


def test_no_code_is_raised_with_two_meanings() -> None:
    """Each code of this room is raised in one module, so that it has one page of meaning; IND-103 is the period's."""
    raised: dict[str, set[str]] = {}
    for path in Path(shuangkong.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("Refused", "Forbidden")
            ):
                code = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
                if str(code).startswith("IND-"):
                    raised.setdefault(str(code), set()).add(path.stem)
    assert raised.pop("IND-103") == {"naming", "bulletin"}
    assert {code: places for code, places in raised.items() if len(places) > 1} == {}


def _sectors_that_come_to_more() -> Place:
    """Sectors of 40 → 42 and 20 → 21 against a whole of 59 → 60.5; one hundred of each yuan of value added."""
    load(
        ("above_designated_energy_consumption", COUNTY, "2023-H1", "60.5", WAN),
        ("above_designated_energy_consumption", COUNTY, "2022-H1", "59", WAN),
        ("above_designated_industry_value_added", COUNTY, "2023-H1", "55", YI),
        ("above_designated_industry_value_added", COUNTY, "2022-H1", "50", YI),
        ("total_consumption", COUNTY, "2023-H1", "90", WAN, "", "最终", "反馈核定"),
        ("total_consumption", COUNTY, "2022-H1", "88", WAN),
        ("gdp_constant", COUNTY, "2023-H1", "105", YI),
        ("gdp_constant", COUNTY, "2022-H1", "100", YI),
        *(
            (indicator, f"{COUNTY}/{sector}", period, value, unit)
            for sector, energy, added in (("C30", ("40", "42"), ("20", "23")), ("C26", ("20", "21"), ("30", "32")))
            for indicator, values, unit in (
                ("above_designated_energy_consumption", energy, WAN),
                ("above_designated_industry_value_added", added, YI),
            )
            for period, value in zip(("2022-H1", "2023-H1"), values, strict=True)
        ),
    )
    region = registry.region(COUNTY)
    assert region is not None
    return Place(region, registry.paths([COUNTY])[COUNTY])


def test_sectors_are_held_against_the_whole_as_it_was_told(told: None) -> None:
    """63 − 60 = 3 of the sectors, 60.5 − 59 = 1.5 told: the difference of 1.5 stands as a line of its own."""
    found = situation(_sectors_that_come_to_more(), Period(2023, "H1"), ADMIN).movements.sectors
    changes = {line.kind.value: line.change for line in found.lines if line.kind is not LineKind.PART}
    assert changes == {"sum": 30_000, "gap": -15_000, "whole": 15_000}
    for line in found.lines:
        assert abs(line.effects.total - line.change) < Decimal("1e-15")


def test_what_moved_the_region_adds_up_to_its_total_and_its_intensity(told: None) -> None:
    """88 → 90 万吨, 0.88 → 0.857142… 吨/万元."""
    moved = situation(_sectors_that_come_to_more(), Period(2023, "H1"), ADMIN).movements
    total, intensity = moved.total.lines, moved.intensity.lines
    assert [line.kind.value for line in total] == ["part", "others", "whole"]
    assert total[-1].change == 20_000
    assert abs(sum(line.effects.total for line in total[:-1]) - 20_000) < Decimal("1e-15")
    whole = intensity[-1]
    assert whole.change == Decimal(900_000) / Decimal(10_500_000_000) - Decimal(880_000) / Decimal(10_000_000_000)
    assert abs(whole.effects.structure + whole.effects.efficiency - whole.change) < Decimal("1e-25")


def test_the_paper_says_what_the_page_says(told: None) -> None:
    _sectors_that_come_to_more()
    office = person("office", Role.PLAN_OFFICE)
    page = office.get(f"/indicators/analysis/?place={COUNTY}&of=2023-H1").content.decode()
    paper = _words(
        office.post("/indicators/analysis/paper/", {"place": COUNTY, "of": "2023-H1", "form": "docx"}).content
    )
    tables = {
        key: page.partition(f'id="{key}"')[2].partition("</table>")[0] for key in ("total", "intensity", "sectors")
    }
    seen = 0
    for key, text in tables.items():
        for row in re.findall(r"<tr[ >].*?</tr>", text, re.DOTALL)[1:]:
            cells = [
                re.sub(r"<[^>]*>|※|由来|（[^）]*待[^）]*）|（没有增加值[^）]*）", "", each)
                for each in re.findall(r"<td.*?</td>", row, re.DOTALL)
            ]
            for each in (cells[0], *cells[3:]):
                assert each.strip().replace("−", "-") in paper, (key, cells)
                seen += 1
    assert seen > 40
    assert "相差-1.500万吨标准煤" in paper
    assert "数据衔接" in page
    assert "同比增减1.500万吨标准煤" in paper
