"""表彰, as its people walk it: propose, show, object, answer; what was announced becomes a notice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AXE, RUN_AXE, SHOTS, Visit, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
ROOT = "/assessment/commendations/"
PAGES = ("", "1/", "2/", "3/", "propose/", "propose/?plan=1", "1/paper/")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with an adopted plan, its office and leading group, and two commendations."""
    folder = tmp_path_factory.mktemp("commendation")
    with served(folder, "adopted") as origin:
        settle(folder, "commendation_site.py")
        yield origin


@pytest.fixture(scope="module")
def office(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "office") as visit:
        yield visit


@pytest.fixture(scope="module")
def leader(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "leader") as visit:
        yield visit


def opened(visit: Visit, act: str) -> None:
    """Opens the form of an act that is not open yet."""
    if visit.page.locator(f"#act-{act}").get_attribute("open") is None:
        visit.page.click(f"#act-{act} > summary")


def test_the_office_proposes_with_a_clause_and_a_reward(office: Visit) -> None:
    page = office.page
    office.go(ROOT)
    shot(office, "1-list")
    page.click("a:has-text('提出表彰')")
    page.select_option("form.picks select[name=plan]", index=1)
    page.wait_for_url("**plan=1**")
    page.select_option("#kind", "enterprise")
    page.fill("#name", "虚构的南坪纸厂")
    page.fill("#award", "通报表扬")
    page.fill("#merit", "完成余热回收改造。")
    page.select_option("#measure", index=2)
    page.fill("#amount", "2")
    page.select_option("select[name=amount_unit]", "万元")
    shot(office, "2-propose")
    page.click("main .card button.primary")
    expect(page.locator("#refusal")).to_contain_text("ASM-109")  # nobody pays yet
    expect(page.locator("#amount")).to_have_value("2")
    page.select_option("#funder", index=1)
    page.click("main .card button.primary")
    expect(page.locator(".messages")).to_contain_text("已提出")
    expect(page.locator("main")).to_contain_text("20,000 元")


def test_it_is_shown_and_an_objection_is_answered(office: Visit) -> None:
    page = office.page
    page.click("#act-publicise button")
    expect(page.locator(".answer")).to_contain_text("公示中")
    opened(office, "object")
    page.fill("#object-text", "来信称改造未完成。")
    page.click("#act-object button")
    expect(page.locator(".answer")).to_contain_text("待答复的异议 1 条")
    shot(office, "3-objection")
    opened(office, "dismiss")
    page.fill("#dismiss-text", "经现场核实已完成。")
    page.click("#act-dismiss button")
    expect(page.locator(".answer")).not_to_contain_text("待答复")


def test_the_leader_cannot_approve_while_it_is_shown(leader: Visit) -> None:
    leader.go(f"{ROOT}3/")
    expect(leader.page.locator("#act-approve")).to_have_count(0)
    leader.go(f"{ROOT}1/")
    expect(leader.page.locator("#act-revoke")).to_have_count(1)
    shot(leader, "4-announced")


def test_what_was_announced_becomes_a_notice(office: Visit) -> None:
    office.go(f"{ROOT}1/")
    office.page.click("a:has-text('出表彰通报')")
    office.page.fill("#issuer", "虚构的云桥县人民政府")
    shot(office, "5-paper")
    with office.page.expect_download() as download:
        office.page.click("button[value=docx]")
    assert download.value.suggested_filename.endswith(".docx")
    if SHOTS:
        download.value.save_as(f"{SHOTS}/notice.docx")


@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_no_stranger_no_complaint(office: Visit, path: str) -> None:
    office.complaints.clear()
    office.go(ROOT + path)
    office.page.wait_for_load_state("networkidle")
    assert office.strangers == []
    assert office.complaints == []
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    office.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert office.page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_phone_never_scrolls_sideways(browser: Browser, county: str, language: str) -> None:
    with signed_in(browser, county, "office", 360) as visit:
        if language == "en":
            visit.page.click("button[name=language]")
        for number, path in enumerate(PAGES):
            visit.go(ROOT + path)
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, (path, width)
            shot(visit, f"phone-{language}-{number}")
