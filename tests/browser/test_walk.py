"""The walk from a document to progress, as a person would do it; then the same first steps by keyboard alone."""

from __future__ import annotations

import pytest
from driving import DOCUMENTS, DROP, PASSWORD, Visit, adopt, drop_plan, load_actuals, review
from playwright.sync_api import Route, expect

pytestmark = pytest.mark.browser


def test_a_dropped_document_becomes_targets_with_progress(guest: Visit) -> None:
    page = guest.page
    guest.log_in()
    expect(page.get_by_role("heading", level=1)).to_have_text("方案进展如何？")
    expect(page.get_by_text("还没有已采用的方案")).to_be_visible()

    drop_plan(page)
    review(page)
    adopt(page)
    load_actuals(page)

    page.click("nav.rooms a:has-text('首页')")
    headline = page.locator(".headline", has_text="单位地区生产总值能耗下降率")
    expect(headline).to_contain_text("滞后")
    # 1 − 0.966 × 0.969 × 0.988 = 7.518 %; 1 − 0.86^(3/5) = 8.651 %
    expect(headline).to_contain_text("2023 年累计下降 7.52%，应下降 8.65%")
    assert not guest.strangers
    assert not guest.complaints


def test_a_refused_file_says_why_on_the_page(guest: Visit) -> None:
    guest.log_in()
    guest.go("/plans/upload/")
    guest.page.evaluate(DROP, ["broken.docx", "PK\x03\x04 and then nothing that a word processor wrote"])
    expect(guest.page.locator("#upload-state")).to_contain_text("PLN-9")


def test_review_by_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    visit.go("/login/")
    visit.go("/plans/1/review/?show=target")
    first = page.locator("#detail h2").inner_text()
    page.keyboard.press("j")
    expect(page.locator("#lines .line").first.locator("a")).to_have_attribute("aria-current", "true")
    page.locator("#lines a").first.focus()
    page.keyboard.press("j")
    expect(page.locator("#detail h2")).not_to_have_text(first)
    page.keyboard.press("k")
    expect(page.locator("#detail h2")).to_have_text(first)
    page.keyboard.press("c")
    expect(page.locator("#f-indicator")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator("#detail")).to_contain_text("已接受")


def test_single_keys_decide_nothing_while_focus_is_elsewhere(visit: Visit) -> None:
    """WCAG 2.1.4: a key without a modifier acts only where focus is in the list or the entry."""
    page = visit.page
    visit.go("/plans/1/review/?show=threshold")
    visit.go("/plans/1/review/?show=item")
    before = page.locator("#tally").inner_text()
    record = page.locator("#detail .decision").inner_text()
    for place in ("body", ".tabs a >> nth=0", "#document"):
        page.locator(place).focus()
        page.keyboard.press("a")
        page.keyboard.press("x")
    page.wait_for_load_state("networkidle")
    assert page.locator("#tally").inner_text() == before
    assert page.locator("#detail .decision").inner_text() == record
    assert page.locator("#detail details[open]").count() == 0


def test_a_decision_whose_form_is_gone_still_marks_its_line(visit: Visit) -> None:
    """The line and the tally follow a decision although another entry was opened before its answer came."""
    page, waiting = visit.page, list[Route]()
    visit.go("/plans/1/review/?show=item")
    line = page.locator("#lines .line").first
    line.evaluate("(line) => { line.dataset.old = ''; }")
    page.route("**/decide/", lambda route: waiting.append(route))
    with page.expect_request("**/decide/"):
        page.get_by_role("button", name="接受", exact=True).click()
    first = page.locator("#detail h2").inner_text()
    page.locator("#lines a").nth(1).click()
    expect(page.locator("#detail h2")).not_to_have_text(first)
    waiting[0].continue_()
    expect(line).not_to_have_attribute("data-old", "")
    assert not visit.complaints


def test_a_refused_correction_keeps_what_was_typed_and_the_place(visit: Visit) -> None:
    page = visit.page
    visit.go("/plans/1/review/?show=target")
    page.locator("#detail summary", has_text="改正").click()
    page.fill("#f-value", "abc")
    page.fill("#f-reason", "与印发件核对")
    page.get_by_role("button", name="记录改正").click()
    expect(page.locator("#detail [role=alert]")).to_contain_text("PLN-960")
    expect(page.locator("#f-value")).to_be_focused()
    expect(page.locator("#f-value")).to_have_value("abc")
    expect(page.locator("#f-reason")).to_have_value("与印发件核对")


def test_a_document_dropped_on_home_is_read(visit: Visit) -> None:
    page = visit.page
    visit.go("/")
    text = (DOCUMENTS / "county-plan.txt").read_text(encoding="utf-8")
    page.evaluate(DROP.replace('document.getElementById("upload")', "document.body"), ["again.txt", text])
    page.wait_for_url("**/plans/1/review/**")
    expect(page.locator(".messages")).to_contain_text("这个文件已经读入过")


def test_log_in_by_keyboard_alone(guest: Visit) -> None:
    page = guest.page
    guest.go("/login/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type("admin")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("方案进展如何？")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
