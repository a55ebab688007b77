"""The barometer as its people walk it: facts have arrived, levels show, are signed and published; a notice goes out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AXE, RUN_AXE, Visit, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
ROOT = "/outlook/?place=990100&of=2023"
PAGES = (
    ROOT,
    "/outlook/issues/1/",
    "/outlook/responses/",
    "/outlook/responses/1/",
    "/outlook/history/",
    "/outlook/forecast/?place=990100&period=2023",
    "/outlook/headroom/?place=990100&period=2023",
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with an adopted plan, its office and leading group, and what the towns told."""
    folder = tmp_path_factory.mktemp("outlook")
    with served(folder, "adopted") as origin:
        settle(folder, "outlook_site.py")
        yield origin


@pytest.fixture(scope="module")
def office(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "office") as visit:
        yield visit


@pytest.fixture(scope="module")
def leader(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "leader") as visit:
        yield visit


def test_facts_turn_red_and_the_office_prepares(office: Visit) -> None:
    page = office.page
    office.go(ROOT)
    expect(page.locator(".answer")).to_contain_text("一级（红）1")
    expect(page.locator(".level-level_1")).to_have_count(1)
    shot(office, "outlook-1-barometer")
    page.fill("#issuer", "虚构的领导小组")
    page.click("section.card button:has-text('起草')")
    page.wait_for_url("**/outlook/issues/1/**")
    expect(page.locator(".answer")).to_contain_text("待批准")


def test_the_leader_approves(leader: Visit) -> None:
    leader.go("/outlook/issues/1/")
    leader.page.click("main button:has-text('批准')")
    expect(leader.page.locator(".answer")).to_contain_text("待公布")


def test_the_office_publishes_and_sends_a_notice(office: Visit) -> None:
    page = office.page
    office.go("/outlook/issues/1/")
    page.fill("#number-publish", "云节能〔2024〕1号")
    page.click("main button:has-text('公布')")
    expect(page.locator(".answer")).to_contain_text("云节能〔2024〕1号")
    shot(office, "outlook-2-published")
    with page.expect_download() as download:
        page.click("a:has-text('公文（.docx）')")
    assert download.value.suggested_filename.endswith(".docx")
    page.click("tr:has-text('北溪镇') a:has-text('预警通知')")
    with page.expect_download() as notice:
        page.click("main form[method=post] button >> nth=0")
    assert "北溪镇" in notice.value.suggested_filename


def test_a_response_starts_duties_that_are_tasks(office: Visit) -> None:
    page = office.page
    office.go("/outlook/issues/1/")
    page.click("section.card button:has-text('北溪镇')")
    page.wait_for_url("**/outlook/responses/1/**")
    choices = page.locator("main select[name^=body-]")
    for place in range(choices.count()):
        choices.nth(place).select_option(index=1)
    page.click("main button:has-text('启动措施')")
    expect(page.locator(".answer")).to_contain_text("措施已启动")
    expect(page.locator("#duties tbody tr")).to_have_count(4)
    shot(office, "outlook-3-response")
    page.click("#duties tbody a >> nth=0")
    expect(page.locator("h1")).to_contain_text("北溪镇")


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_no_barrier_and_complain_of_nothing(office: Visit, path: str) -> None:
    office.complaints.clear()  # of the page before
    office.go(path)
    office.page.wait_for_load_state("networkidle")
    shot(office, f"outlook-page{PAGES.index(path)}")
    assert office.complaints == []
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    office.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert office.page.evaluate(RUN_AXE) == []
