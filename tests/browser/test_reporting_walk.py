"""One month from enterprise to province: an error, an explanation, a return, a correction; a line that breaks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AXE, PASSWORD, RUN_AXE, Visit, served, settle, shot, visited
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
CELLS = "energy.raw_coal."


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reporting")
    with served(folder) as origin:
        settle(folder, "returns_people.py")
        yield origin


def person(browser: Browser, origin: str, name: str) -> Iterator[Visit]:
    with visited(browser, origin, 1440, 900) as visit:
        log_in(visit, name)
        yield visit


def log_in(visit: Visit, name: str) -> None:
    visit.go("/login/")
    visit.page.fill("#id_username", name)
    visit.page.fill("#id_password", PASSWORD)
    visit.page.click("main button.primary")
    visit.page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture(scope="module")
def people(browser: Browser, province: str) -> Iterator[dict[str, Visit]]:
    made = {name: person(browser, province, name) for name in ("one-reporter", "one-signatory", "county", "city")}
    made["province"] = person(browser, province, "province")
    yield {name: next(each) for name, each in made.items()}
    for each in made.values():
        next(each, None)


def fill(visit: Visit, column: str, value: str) -> None:
    visit.page.fill(f'[name="{CELLS}{column}"]', value)


def saved(visit: Visit) -> None:
    expect(visit.page.locator("#save-state")).to_contain_text("已保存", timeout=20_000)


def test_1_the_reporter_types_pastes_and_sees_sums_and_faults(people: dict[str, Visit]) -> None:
    visit = people["one-reporter"]
    page = visit.page
    visit.go("/reporting/")
    shot(visit, "1-mine")
    page.click(".duty-what > a")
    fill(visit, "opening_stock", "100")
    page.focus(f'[name="{CELLS}purchased"]')
    page.evaluate(
        """(name) => {
          const block = new DataTransfer(), told = { clipboardData: block, bubbles: true, cancelable: true };
          block.setData("text/plain", "九百吨\\t12");
          document.querySelector(`[name="${name}"]`).dispatchEvent(new ClipboardEvent("paste", told)); }""",
        f"{CELLS}purchased",
    )
    assert page.input_value(f'[name="{CELLS}purchased"]') == "九百吨"
    assert page.input_value(f'[name="{CELLS}purchase_amount"]') == "12"
    fill(visit, "purchase_amount", "60")
    fill(visit, "production_use", "800")
    expect(page.locator(f'output[data-address="{CELLS}consumed"]')).to_have_text("800")
    fill(visit, "closing_stock", "150")
    fill(visit, "coefficient", "0.7143")
    page.fill('[name="summary.production.last_year"]', "600")
    page.keyboard.press("Enter")
    saved(visit)
    page.click("#check-now")
    fault = page.locator(f'.finding.sev-must_fix [data-jump="{CELLS}purchased"]').first
    expect(fault).to_be_visible()
    shot(visit, "2-form")
    fault.click()
    expect(page.locator(f'[name="{CELLS}purchased"]')).to_be_focused()
    fill(visit, "purchased", "900")
    saved(visit)
    page.click("#check-now")
    expect(page.locator(".finding.sev-must_fix")).to_have_count(0, timeout=20_000)
    expect(page.locator(".finding.sev-must_explain")).to_have_count(1)
    page.fill("[data-explain]", "堆场雨损五十吨，附盘点表")
    saved(visit)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE)
    assert [each for each in found if each.startswith(("critical", "serious"))] == []


def test_2_what_was_typed_survives_a_broken_line_and_an_ended_session(people: dict[str, Visit]) -> None:
    visit = people["one-reporter"]
    page = visit.page
    page.route("**/draft/", lambda route: route.abort())
    fill(visit, "other_use", "0")
    expect(page.locator("#save-state")).to_contain_text("连不上服务器", timeout=20_000)
    page.unroute("**/draft/")
    page.context.clear_cookies()
    fill(visit, "transport_use", "0")
    expect(page.locator("#save-state")).to_contain_text("登录已过期", timeout=30_000)
    other = page.context.new_page()
    fresh = Visit(other, visit.origin)
    log_in(fresh, "one-reporter")
    other.close()
    saved(visit)
    page.reload()
    assert page.input_value(f'[name="{CELLS}other_use"]') == "0"
    assert page.input_value(f'[name="{CELLS}transport_use"]') == "0"


def test_3_the_signatory_signs_and_the_county_sends_it_back(people: dict[str, Visit]) -> None:
    signatory, county = people["one-signatory"], people["county"]
    signatory.go("/reporting/")
    signatory.page.click(".duty-what > a")
    signatory.page.click("#to-sign")
    shot(signatory, "3-sign")
    signatory.page.click("main button.primary")
    expect(signatory.page.locator(".receipt")).to_contain_text("封存摘要")
    shot(signatory, "4-receipt")
    county.go("/reporting/desk/")
    shot(county, "5-desk")
    county.page.click("#waiting a:has-text('青云水泥')")
    expect(county.page.locator(".quote")).to_contain_text("堆场雨损")
    county.page.fill("#judge-ground", "请附盘点表")
    shot(county, "6-review")
    county.page.click("button[value=return]")
    expect(county.page.locator(".answer")).to_contain_text("已退回")


def test_4_it_is_sent_again_accepted_and_approved_from_the_lowest_level_up(people: dict[str, Visit]) -> None:
    signatory, county = people["one-signatory"], people["county"]
    signatory.go("/reporting/")
    expect(signatory.page.locator(".duty")).to_contain_text("已退回")
    signatory.page.click(".duty-what > a")
    signatory.page.click("#to-sign")
    signatory.page.click("main button.primary")
    expect(signatory.page.locator(".answer")).to_contain_text("已报待审")
    county.go("/reporting/desk/")
    county.page.click("#waiting a:has-text('青云水泥')")
    county.page.click("button[value=accept]")
    expect(county.page.locator("#refusal")).to_contain_text("没有认定")
    county.page.check(".verdict input[value=accepted]")
    county.page.click("button[value=accept]")
    expect(county.page.locator(".answer")).to_contain_text("已接收")
    for who in ("county", "city", "province"):
        visit = people[who]
        visit.go("/reporting/desk/")
        visit.page.check("input[name=return]")
        shot(visit, f"7-approve-{who}")
        visit.page.click("button:has-text('通过勾选的')")
    people["province"].go("/reporting/windows/")
    people["province"].page.click("#windows tbody a")
    expect(people["province"].page.locator("#returns")).to_contain_text("3/3")
    shot(people["province"], "8-window")


def test_5_a_correction_shows_what_it_changes(people: dict[str, Visit]) -> None:
    signatory, county = people["one-signatory"], people["county"]
    page = signatory.page
    signatory.go("/reporting/")
    page.click("#filed tbody a")
    page.click("main a.button.primary")
    fill(signatory, "closing_stock", "200")
    saved(signatory)
    page.click("#to-sign")
    page.fill("#ground", "盘点后补记")
    shot(signatory, "9-correction")
    page.click("main button.primary")
    county.go("/reporting/desk/")
    county.page.click("#waiting a:has-text('青云水泥')")
    county.page.click("a:has-text('与上一版对照') >> nth=0")
    expect(county.page.locator("main .formgrid")).to_contain_text("200")
    shot(county, "10-difference")
    county.page.go_back()
    county.page.click("button[value=accept]")
    expect(county.page.locator(".answer")).to_contain_text("已接收")


def test_6_a_block_from_excel_is_read_as_the_form_takes_it(people: dict[str, Visit]) -> None:
    visit = people["one-reporter"]
    page = visit.page
    visit.go("/reporting/")
    page.click("#filed tbody a")
    page.click("main a.button.primary")
    page.focus(f'[name="{CELLS}purchased"]')
    page.evaluate(
        """(name) => {
          const block = new DataTransfer(), told = { clipboardData: block, bubbles: true, cancelable: true };
          block.setData("text/plain", "0.09万吨\\t６０\\n12吨\\t七");
          document.querySelector(`[name="${name}"]`).dispatchEvent(new ClipboardEvent("paste", told)); }""",
        f"{CELLS}purchased",
    )
    expect(page.locator(f'[name="{CELLS}purchase_amount"]')).to_have_value("60")
    page.focus(f'[name="{CELLS}closing_stock"]')
    expect(page.locator("#unread")).to_contain_text("中文数字")
    page.keyboard.press("Enter")
    below = page.evaluate("document.activeElement.name")
    assert below.endswith(".closing_stock")
    assert below != f"{CELLS}closing_stock"
    shot(visit, "11-pasted")
    with page.expect_response(lambda answer: "/draft/" in answer.url):
        page.fill('[name="energy.washed_coal.purchase_amount"]', "7")
    expect(page.locator("#unread")).to_be_hidden()
