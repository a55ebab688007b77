"""目标分解, as the plan office walks it: choose, fill in, see at once, compare, adopt, hand out the letter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AXE, RUN_AXE, SHOTS, Visit, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
ROOT = "/targets/decompositions/"
PAGES = ("", "open/", "annexes/", "1/", "1/workbench/", "shares/1/", "shares/1/letter/")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with an adopted plan and its office."""
    folder = tmp_path_factory.mktemp("decomposition")
    with served(folder, "adopted") as origin:
        settle(folder, "tasks_site.py")
        yield origin


@pytest.fixture(scope="module")
def office(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "office") as visit:
        yield visit


def test_the_office_opens_a_target_given_otherwise(office: Visit) -> None:
    page = office.page
    office.go(ROOT)
    shot(office, "1-empty")
    page.click("a:has-text('开始分解')")
    for field, said in (
        ("indicator", "能源消费增量"), ("value", "65"), ("unit", "万吨标准煤"), ("base_year", "2020"),
        ("end_year", "2025"), ("base_unit", "万吨标准煤"), ("ground", "虚构的上级文件"),
    ):  # fmt: skip
        page.fill(f"#{field}", said)
    page.select_option("#kind", "cap_increment")
    shot(office, "2-open")
    page.click("section[aria-labelledby=by-hand] button")
    page.wait_for_url("**/workbench/")
    expect(page.locator("#cells")).to_contain_text("承担单位和数据")


def test_what_is_typed_is_reckoned_at_once_without_leaving_the_page(office: Visit) -> None:
    page = office.page
    office.go(f"{ROOT}1/workbench/")
    assert page.locator("#r0-name").input_value() == "北溪镇"
    page.evaluate("window.stayed = true")
    for at, base in enumerate(("237", "106", "99")):
        page.fill(f"#r{at}-base", base)
        page.press(f"#r{at}-base", "Tab")
    expect(page.locator("#result .answer").first).to_contain_text("各单位合计 65")
    page.fill("#r0-lock", "30")
    page.press("#r0-lock", "Tab")
    expect(page.locator("#result #shares tbody tr").first).to_contain_text("锁定")
    page.check("#rule-by_hand")
    expect(page.locator("#r0-given")).to_be_visible()
    assert page.locator("#r0-base").input_value() == "237"  # nothing typed is lost by another way
    for at, given in enumerate(("30", "20", "14")):
        page.fill(f"#r{at}-given", given)
        page.press(f"#r{at}-given", "Tab")
    expect(page.locator("#result .answer").first).to_contain_text("各单位合计 64")
    assert page.evaluate("window.stayed") is True
    page.locator("#result details.card summary").first.click()
    shot(office, "3-workbench")


def test_two_scenarios_are_compared_and_one_is_adopted(office: Visit) -> None:
    page = office.page
    page.click("button[value=record]")
    page.wait_for_url("**/decompositions/1/")
    expect(page.locator(".messages")).to_contain_text("已记录 2 个方案")
    expect(page.locator("#fairness tbody tr")).to_have_count(2)
    page.select_option("#scenario", index=1)
    page.click("#act-adopt button.primary")
    expect(page.locator("#refusal")).to_contain_text("TGT-227")  # no document yet
    page.fill("#document", "虚府发〔测〕1号")
    shot(office, "4-scenarios")
    page.click("#act-adopt button.primary")
    expect(page.locator(".answer").first).to_contain_text("已分解下达")
    expect(page.locator("#years tbody tr")).to_have_count(3)
    shot(office, "5-adopted")


def test_each_receiver_has_its_explanation_and_its_letter(office: Visit) -> None:
    page = office.page
    office.go(f"{ROOT}1/")
    page.click("#shares tbody a >> nth=0")
    expect(page.locator("#why")).to_contain_text("事先锁定")
    shot(office, "6-share")
    page.click("a:has-text('出目标责任书')")
    page.fill("#issuer", "虚构的云桥县人民政府")
    shot(office, "7-letter")
    with page.expect_download() as download:
        page.click("button[value=docx]")
    assert download.value.suggested_filename.endswith(".docx")
    if SHOTS:
        download.value.save_as(f"{SHOTS}/letter.docx")


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
