"""减排核算, as its people walk it: report, check, review, recognise; a base is tried and taken in; accounts move."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import COUNTY, PASSWORD, Visit, served, visited
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
PEOPLE = COUNTY.with_name("emission_site.py")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map((found) =>
  `${found.impact} ${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
#: Where the pictures go, for a person who wants to look at them.
SHOTS = os.environ.get("SHUANGKONG_SHOTS", "")
ROOT = "/indicators/emissions/"
PAGES = ("", "reductions/", "reductions/1/", "reductions/2/", "bases/")
REPORT = "reductions/report/?pollutant=so2&formula=flue_gas_treatment"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with a base that counts, a reduction recognised and one that waits."""
    folder = tmp_path_factory.mktemp("emissions")
    with served(folder, "adopted") as origin:
        told = {**os.environ, "SHUANGKONG_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "shuangkong.web.site.settings"}
        told.pop("SHUANGKONG_DATABASE", None)
        subprocess.run([sys.executable, str(PEOPLE), PASSWORD], env=told, check=True, timeout=120)
        yield origin


def as_person(browser: Browser, origin: str, name: str, width: int = 1280) -> Iterator[Visit]:
    with visited(browser, origin, width, 900 if width > 400 else 740) as visit:
        visit.go("/login/")
        visit.page.fill("#id_username", name)
        visit.page.fill("#id_password", PASSWORD)
        visit.page.click("main button.primary")
        yield visit


@pytest.fixture(scope="module")
def clerk(browser: Browser, county: str) -> Iterator[Visit]:
    yield from as_person(browser, county, "clerk")


@pytest.fixture(scope="module")
def checker(browser: Browser, county: str) -> Iterator[Visit]:
    yield from as_person(browser, county, "checker")


@pytest.fixture(scope="module")
def reviewer(browser: Browser, county: str) -> Iterator[Visit]:
    yield from as_person(browser, county, "reviewer")


@pytest.fixture(scope="module")
def chief(browser: Browser, county: str) -> Iterator[Visit]:
    yield from as_person(browser, county, "chief")


def shot(visit: Visit, name: str) -> None:
    """A picture of the page, where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        visit.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_the_clerk_chooses_a_method_and_reports(clerk: Visit) -> None:
    page = clerk.page
    clerk.go(ROOT)
    shot(clerk, "1-overview")
    page.click("main a:has-text('自报减排项目')")
    page.select_option("select[name=pollutant]", "so2")
    page.wait_for_url("**pollutant=so2**")
    page.select_option("select[name=formula]", "flue_gas_treatment")
    page.wait_for_url("**formula=flue_gas_treatment**")
    page.fill("#title", "一号窑脱硫改造")
    page.fill("#source", "PC-1")
    page.fill("#source_name", "虚构的水泥厂")
    page.fill("#outlet", "DA001")
    page.fill("#starts", "2022-04")
    figures = {
        "generated": "500",
        "efficiency": "101",
        "running": "80",
        "efficiency_before": "0",
        "running_before": "0",
    }
    for name, value in figures.items():
        page.fill(f"#figure-{name}", value)
    page.click("main .card button.primary")
    expect(page.locator("#refusal")).to_contain_text("IND-201")
    shot(clerk, "2-report")
    page.fill("#figure-efficiency", "90")
    page.click("main .card button.primary")
    expect(page.locator(".messages")).to_contain_text("已自报")
    expect(page.locator(".answer")).to_contain_text("待县级核查")
    expect(page.locator(".answer")).to_contain_text("360.00")


def test_it_is_checked_reviewed_and_recognised_by_three(checker: Visit, reviewer: Visit, chief: Visit) -> None:
    checker.go(f"{ROOT}reductions/")
    shot(checker, "3-reductions")
    checker.page.click(".duties a:has-text('一号窑脱硫改造')")
    checker.page.fill("#check-amount_t", "320")
    checker.page.fill("#check-text", "运行率按中控记录核减。")
    checker.page.click("#act-check button")
    expect(checker.page.locator(".answer")).to_contain_text("待上级审核")
    expect(checker.page.locator("#act-review")).to_have_count(0)  # the same person takes no second step
    for visit, act, state in ((reviewer, "review", "待核定"), (chief, "recognise", "已核定")):
        visit.go(f"{ROOT}reductions/3/")
        visit.page.click(f"#act-{act} button")
        expect(visit.page.locator(".answer")).to_contain_text(state)
    expect(chief.page.locator("main")).to_contain_text("2022 年 240.00 吨，结转 2023 年 80.00 吨")
    shot(chief, "4-recognised")


def test_the_accounts_move_and_lead_to_their_explanation(chief: Visit) -> None:
    chief.go(ROOT)
    row = chief.page.locator("#years tr", has_text="二氧化硫").filter(has_text="2022")
    expect(row).to_contain_text("300.00")  # 60 carried over and 240
    expect(row).to_contain_text("580.00")  # 860 + 20 - 300
    shot(chief, "5-accounts")
    row.locator("a", has_text="由来").last.click()
    expect(chief.page.locator("main")).to_contain_text("第 3 号")
    shot(chief, "6-why")


def test_a_base_is_tried_before_it_is_taken_in(chief: Visit, tmp_path: Path) -> None:
    file = tmp_path / "清单.csv"
    file.write_text(
        "污染源代码,污染源名称,污染源类别,污染物,年排放量（吨）,数据依据\nPC-1,虚构的水泥厂,工业,二氧化硫,780,自动监测\n",
        encoding="utf-8",
    )
    page = chief.page
    chief.go(f"{ROOT}bases/")
    page.select_option("#sort", "inventory")
    page.fill("#year", "2020")
    page.fill("#title", "虚构的排放清单")
    page.fill("#document", "虚构的清单报告")
    page.set_input_files("#file", str(file))
    page.click("button[value=check]")
    expect(page.locator("#result")).to_contain_text("可以录入 1 行")
    shot(chief, "7-base")
    page.click("button[value=record]")
    expect(page.locator(".messages")).to_contain_text("还不计数")
    expect(page.locator("#bases")).to_contain_text("只供对照")


@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_no_stranger_no_complaint(chief: Visit, path: str) -> None:
    _looked_at(chief, path)


def test_no_barrier_where_it_is_reported(clerk: Visit) -> None:
    _looked_at(clerk, REPORT)


def _looked_at(visit: Visit, path: str) -> None:
    visit.complaints.clear()
    visit.go(ROOT + path)
    visit.page.wait_for_load_state("networkidle")
    assert visit.strangers == []
    assert visit.complaints == []
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert visit.page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_phone_never_scrolls_sideways(browser: Browser, county: str, language: str) -> None:
    for visit in as_person(browser, county, "chief", 360):
        if language == "en":
            visit.page.click("button[name=language]")
        for number, path in enumerate(PAGES):
            visit.go(ROOT + path)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            shot(visit, f"phone-{language}-{number}")
            assert width <= 360, (path, width)
