"""Pages of figures: what counts, why, what was said before; as of any day; and the sheet that can be filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from actors import ADMIN, CLERK
from shuangkong.records.facts import store
from shuangkong.records.facts.models import Load
from shuangkong.records.indicators.computing import compute
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.rulebook import open_rulebook

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
FIGURE = "/indicators/figure/energy_intensity/2023/region:990100/"
SERIES = "/indicators/series/energy_intensity/region:990100/"


def load(*rows: Sequence[str], days_ago: int = 0) -> None:
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts
    Load.objects.filter(pk=report.load).update(loaded_at=timezone.now() - timedelta(days=days_ago))


@pytest.fixture
def told(adopted: int) -> None:
    load(["能源消费总量", "云桥县", "2023", "50", "万吨标准煤", "最终"], days_ago=5)
    load(["gdp_constant", "云桥县", "2023", "103", "亿元", "初步"], days_ago=5)
    compute()


@pytest.fixture
def office(told: None) -> Client:
    person = Person.objects.create_user("office")
    body = registry.name_bodies("990100", ["发展改革局"])["发展改革局"]
    appoint("office", Role.PLAN_OFFICE, ADMIN, "测试", body, "990100")
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def test_the_page_of_a_figure_shows_where_it_comes_from(clerk: Client, told: None) -> None:
    text = clerk.get(FIGURE).content.decode()
    assert "0.49吨标准煤/万元" in text
    assert "初步" in text.split('id="why"')[0]  # the least settled fact decides
    for said in ("consumption / gdp", "年报", "50万吨标准煤", "103亿元", "尚未与原文核对", "规则版本"):
        assert said in text, said


def test_a_long_number_shows_its_first_digits_and_all_on_demand(clerk: Client, told: None) -> None:
    text = clerk.get(FIGURE).content.decode()
    summary, _closing, rest = text.partition('<details class="digits">')[2].partition("</summary>")
    assert "<strong>0.00004854368932</strong>" in summary
    assert rest.lstrip().startswith("0.0000485436893203")


def test_before_it_was_told_the_page_says_what_is_missing(clerk: Client, told: None) -> None:
    day = timezone.localdate() - timedelta(days=30)
    text = clerk.get(f"{FIGURE}?as_of={day}").content.decode()
    assert "下面标“—”的是缺的数" in text
    assert "没有录入" in text


def test_all_versions_stand_beside_the_one_that_counts(clerk: Client, told: None) -> None:
    load(["能源消费总量", "云桥县", "2023", "52", "万吨标准煤", "核定"])
    compute()
    text = clerk.get(SERIES).content.decode()
    counting, versions = text.split('id="vintages"')
    assert "0.50" in counting.split("<tbody>")[1]
    assert "0.49" in versions
    assert "0.50" in versions


def test_the_list_holds_what_was_told_and_what_was_computed(clerk: Client, told: None) -> None:
    text = clerk.get("/indicators/?place=990100&period=2023").content.decode()
    assert "单位地区生产总值能耗" in text
    assert "能源消费总量" in text
    assert "算得" in text
    assert "云桥县" in clerk.get("/indicators/").content.decode()


@pytest.mark.parametrize("path", [SERIES, "/indicators/?place=990100"])
def test_results_found_by_older_rules_say_so(
    clerk: Client, told: None, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "规则已改，算得的数仍按旧规则"
    assert said not in clerk.get(path).content.decode()
    monkeypatch.setattr(open_rulebook(), "version", "0" * 12)
    assert said in clerk.get(path).content.decode()
    compute()
    assert said not in clerk.get(path).content.decode()


@pytest.mark.parametrize("path", [FIGURE, SERIES, "/indicators/", "/indicators/?place=990100"])
def test_pages_of_figures_speak_english_too(clerk: Client, told: None, path: str) -> None:
    clerk.post("/language/", {"language": "en"})
    text = clerk.get(path).content.decode()
    assert "Figures" in text
    assert "各期" not in text
    assert "算得" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/indicators/figure/no_such/2023/region:990100/",
        "/indicators/figure/energy_intensity/someday/region:990100/",
        "/indicators/series/energy_intensity/region:000001/",
        "/indicators/series/energy_intensity/nothing/",
    ],
)
def test_what_is_not_there_has_no_page(clerk: Client, told: None, path: str) -> None:
    assert clerk.get(path).status_code == 404


def test_queries_do_not_grow_with_figures(clerk: Client, told: None) -> None:
    pages = ("/indicators/?place=990100", SERIES, FIGURE)
    before = [_queries(clerk, path) for path in pages]
    for year in range(2011, 2021):
        load(["能源消费总量", "云桥县", str(year), "50", "万吨标准煤", "最终"])
        load(["gdp_constant", "云桥县", str(year), "103", "亿元", "最终"])
    compute()
    assert [_queries(clerk, path) for path in pages] == before


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_the_sheet_bears_its_digest_and_the_seal_of_the_journal(office: Client) -> None:
    path = FIGURE.replace("/figure/", "/sheet/")
    first, second = (office.post(path).content for _ in range(2))
    assert first == second
    rows = CalamineWorkbook.from_filelike(BytesIO(first)).get_sheet_by_index(0).to_python()
    text = " ".join(str(cell) for row in rows for cell in row)
    row = JournalRow.objects.get(act="paper.make")
    for said in (row.document, row.digest, f"日志第 {row.sequence} 行", "规则版本", "年报", "虚构"):
        assert said in text, said


def test_a_target_leads_to_the_figures_of_its_indicator(clerk: Client, adopted: int) -> None:
    mine = next(each for each in targets.targets(adopted) if each.indicator == "energy_intensity")
    assert f'href="{SERIES}"' in clerk.get(f"/targets/{mine.id}/").content.decode()


def test_the_facts_below_are_a_workbook(clerk: Client, told: None) -> None:
    content = clerk.get(f"{FIGURE}?xlsx=facts").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any("能源消费总量" in row for row in rows)
