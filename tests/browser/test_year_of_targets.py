"""One year of targets, as its people walk it: shared out, told, red, answered, assessed, vetoed, suspended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from driving import AXE, RUN_AXE, Visit, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
TOWN, OTHER = "北溪镇", "南坪镇"
FIGURES = """指标,对象,时期,数值,单位,口径,状态,来源
能耗强度,北溪镇,2021,-3.4,%,比上年变化,最终,测试用虚构公报
能耗强度,北溪镇,2022,-3.1,%,比上年变化,最终,测试用虚构公报
能耗强度,北溪镇,2023,0.8,%,比上年变化,最终,测试用虚构公报
能耗强度,南坪镇,2021,-3.2,%,比上年变化,最终,测试用虚构公报
能耗强度,南坪镇,2022,-3.0,%,比上年变化,最终,测试用虚构公报
能耗强度,南坪镇,2023,-2.9,%,比上年变化,最终,测试用虚构公报
"""
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DESK, BOARD = "/assessment/", "/assessment/accountability/"
PAGES = (
    DESK,
    f"{DESK}launch/?year=2023&duty=town_target",
    f"{DESK}2/",
    f"{DESK}term/?starts=2021-01-01&until=2023-12-31",
    f"{DESK}key-units/",
    BOARD,
    f"{BOARD}1/",
    f"{BOARD}approval/?at=990101&act=eia&zone=outside_built_up&equipment=coal_boiler&capacity=6",
)


class Year:
    """The site, and everybody at a screen of her own."""

    def __init__(self, folder: Path, origin: str, browser: Browser, held: ExitStack) -> None:
        self.folder, self.origin = folder, origin
        self._browser, self._held = browser, held
        self._visits: dict[str, Visit] = {}

    def __getitem__(self, name: str) -> Visit:
        if name not in self._visits:
            self._visits[name] = self._held.enter_context(signed_in(self._browser, self.origin, name))
        return self._visits[name]

    def complaints(self) -> dict[str, list[str]]:
        """What the browsers complained of, refusals apart: the browser itself notes a 422."""
        found = {name: [each for each in visit.complaints if "422" not in each] for name, visit in self._visits.items()}
        return {name: told for name, told in found.items() if told}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Year]:
    folder = tmp_path_factory.mktemp("targets-year")
    with served(folder, "adopted") as origin, ExitStack() as held:
        settle(folder, "year_site.py")
        yield Year(folder, origin, browser, held)


def done(visit: Visit, said: str) -> None:
    expect(visit.page.locator(".messages")).to_contain_text(said)


def act(visit: Visit, kind: str, **typed: str) -> None:
    """Fills in the form of an act and sends it."""
    form = visit.page.locator(f"#act-{kind}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for key, value in typed.items():
        form.locator(f"[name={key}]").fill(value)
    form.locator("button").click()


def test_the_target_is_shared_out_to_towns(year: Year) -> None:
    office, page = year["office"], year["office"].page
    office.go("/targets/decompositions/open/")
    for field, said in (
        ("indicator", "单位地区生产总值能耗"), ("value", "13.5"), ("unit", "%"), ("base_year", "2020"),
        ("end_year", "2025"), ("ground", "虚构的上级文件"),
    ):  # fmt: skip
        page.fill(f"#{field}", said)
    page.select_option("#kind", "reduction_rate")
    page.click("section[aria-labelledby=by-hand] button")
    page.wait_for_url("**/workbench/")
    page.check("#rule-equal_rate")
    for at in range(3):
        for key, value in (("base", "100"), ("activity", "100"), ("growth", "5")):
            page.fill(f"#r{at}-{key}", value)
            page.press(f"#r{at}-{key}", "Tab")
    expect(page.locator("#result .answer").first).to_contain_text("各单位合计 13.5")
    expect(page.locator("#result #shares tbody tr").first).to_contain_text(TOWN)
    shot(office, "year-01-workbench")
    page.click("button[value=record]")
    page.wait_for_url("**/decompositions/1/")
    page.select_option("#scenario", index=0)
    page.fill("#document", "虚府发〔测〕1号")
    page.click("#act-adopt button.primary")
    expect(page.locator(".answer").first).to_contain_text("已分解下达")


def test_figures_arrive_and_the_barometer_turns_red(year: Year) -> None:
    office, page = year["office"], year["office"].page
    office.go("/targets/actuals/")
    figures = year.folder / "towns.csv"
    figures.write_text(FIGURES, encoding="utf-8")
    page.set_input_files("#file", figures)
    page.fill("#source", "测试用虚构公报")
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.locator("#result")).to_contain_text("新增 6")
    page.get_by_role("button", name="确认录入").click()
    done(office, "已录入 6 个数")
    office.go("/outlook/?place=990100&of=2023")
    expect(page.locator(".answer")).to_contain_text("一级（红）1")
    shot(office, "year-02-barometer")
    page.fill("#issuer", "虚构的领导小组")
    page.click("section.card button:has-text('起草')")
    page.wait_for_url("**/outlook/issues/1/**")
    year["leader"].go("/outlook/issues/1/")
    year["leader"].page.click("main button:has-text('批准')")
    office.go("/outlook/issues/1/")
    page.fill("#number-publish", "云节能〔2024〕1号")
    page.click("main button:has-text('公布')")
    expect(page.locator(".answer")).to_contain_text("云节能〔2024〕1号")


def test_a_response_starts(year: Year) -> None:
    office, page = year["office"], year["office"].page
    page.click(f"section.card button:has-text('{TOWN}')")
    page.wait_for_url("**/outlook/responses/1/**")
    choices = page.locator("main select[name^=body-]")
    for place in range(choices.count()):
        choices.nth(place).select_option(index=1)
    page.click("main button:has-text('启动措施')")
    expect(page.locator(".answer")).to_contain_text("措施已启动")
    shot(office, "year-03-response")


def test_the_round_is_launched(year: Year) -> None:
    office, page = year["office"], year["office"].page
    office.go(f"{DESK}launch/?year=2023&duty=town_target")
    for name in (TOWN, OTHER):
        page.get_by_label(name, exact=True).check()
    page.select_option("#decomposition", index=1)
    shot(office, "year-04-launch")
    page.click("main button.primary")
    done(office, "已启动：2 个考核对象")
    office.go(f"{DESK}launch/?year=2023&duty=department_target")
    page.locator("fieldset input[name=subjects]").first.check()
    page.click("main button.primary")
    done(office, "已启动：1 个考核对象")
    shot(office, "year-05-desk")


def test_who_is_assessed_checks_itself_with_evidence(year: Year) -> None:
    clerk = year["clerk"]
    clerk.go(DESK)
    clerk.page.click("main table tbody a >> nth=0")
    clerk.page.locator("details:has(summary:has-text('2.1'))").locator("summary").click()
    form = clerk.page.locator("details[open] form:has(input[value='2.1'])")
    form.locator("[name=marks]").fill("2")
    form.locator("[name=title]").fill("年度工作计划")
    proof = year.folder / "plan.pdf"
    proof.write_bytes(PDF)
    form.locator("[name=file]").set_input_files(proof)
    form.locator("button").click()
    done(clerk, "已记录打分和证据")
    shot(clerk, "year-06-self-check")
    with clerk.page.expect_download() as packed:
        clerk.page.click("button:has-text('打包自查材料')")
    assert packed.value.suggested_filename.endswith(".zip")
    act(clerk, "submit")
    done(clerk, "报送自查报告")
    town = year["town"]
    town.go(DESK)
    town.page.click("main table tbody a >> nth=0")
    expect(town.page.locator("h1")).to_contain_text(TOWN)
    expect(town.page.locator("#why")).to_contain_text("−0.80%")  # of the published change, nobody typed it here
    act(town, "submit")
    done(town, "报送自查报告")


def test_the_desk_reviews_and_draws(year: Year) -> None:
    office, page = year["office"], year["office"].page
    for name, cases in ((OTHER, ""), (TOWN, "1")):
        office.go(DESK)
        page.click(f"main table a:has-text('{name}')")
        if not cases:  # nobody answers for it in the system: it is left out, with a reason
            act(office, "cancel", text="该镇撤并，另行考核")
            continue
        page.locator("#mark-fraud_cases summary").click()
        form = page.locator("#mark-fraud_cases form")
        for key, value in (("marks", cases), ("title", "处罚决定"), ("number", "虚执〔测〕1号")):
            form.locator(f"[name={key}]").fill(value)
        form.locator("button").click()
        done(office, "已记录打分和证据")
        act(office, "review", document="审核意见")
    office.go(DESK)
    page.fill("#count-1", "1")
    page.fill("#seed-1", "公开开奖号 20240718")
    page.click("#draws ~ form button")
    done(office, "已抽签：抽中 1 个")
    page.click(f"main table a:has-text('{TOWN}')")
    act(office, "check", document="核查记录")
    act(office, "propose")
    done(office, "提出考核结果")
    expect(page.locator(".answer").first).to_contain_text("未完成")
    expect(page.locator("section[aria-labelledby=vetoes]")).to_contain_text("✕")
    shot(office, "year-07-proposed")


def test_an_objection_is_answered_and_the_result_announced(year: Year) -> None:
    office, page, town, leader = year["office"], year["office"].page, year["town"], year["leader"]
    town.page.reload()
    act(town, "object", text="处罚决定正在复议")
    done(town, "提出异议")
    page.reload()
    act(office, "dismiss", text="复议不停止执行")
    leader.go(DESK)
    leader.page.click(f"main table a:has-text('{TOWN}')")
    expect(leader.page.locator("#act-approve")).to_have_count(0)  # the days for objections are not over
    settle(year.folder, "year_site.py", "8")
    leader.page.reload()
    act(leader, "approve", document="常务会议纪要")
    done(leader, "批准考核结果")
    page.reload()
    act(office, "announce", number="虚府办〔测〕9号")
    expect(page.locator(".answer").first).to_contain_text("虚府办〔测〕9号")
    shot(office, "year-08-announced")


def test_the_veto_leads_to_a_suspension_and_nothing_may_be_approved(year: Year) -> None:
    office, page, leader = year["office"], year["office"].page, year["leader"]
    page.click("button:has-text('按规定列出后果')")
    done(office, "列出后果")
    shot(office, "year-09-board")
    leader.go(BOARD)
    leader.page.click("main table a:has-text('暂停审批')")
    act(leader, "decide", document="虚府〔测〕21号")
    done(leader, "决定适用")
    shot(leader, "year-10-decided")
    page.click("main table a:has-text('暂停审批')")
    act(office, "carry_out", document="虚环函〔测〕8号")
    expect(page.locator(".answer").first).to_contain_text("执行中")
    town = year["town"]
    town.go(f"{BOARD}approval/?at=990101")
    town.page.select_option("#act", "eia")
    town.page.fill("#project", "水泥熟料线")
    town.page.check("input[name=project_class][value=two_highs]")
    for kind in ("sector", "fuel", "zone", "product", "equipment"):
        town.page.check(f"input[name={kind}][value=none]")
    town.page.click("main form[method=get] button.primary")
    expect(town.page.locator(".answer").first).to_contain_text("不能批")
    expect(town.page.locator("#hits ~ ul")).to_contain_text("未完成年度目标的地区")
    shot(town, "year-11-may-not")
    assert year.complaints() == {}


def test_pages_have_no_barrier_and_complain_of_nothing(year: Year) -> None:
    visit = year["office"]
    found: dict[str, list[str]] = {}
    visit.complaints.clear()
    for number, path in enumerate(PAGES):
        visit.go(path)
        visit.page.wait_for_load_state("networkidle")
        shot(visit, f"year-page-{number}")
        if AXE.is_file():
            visit.page.evaluate(AXE.read_text(encoding="utf-8"))
            found[path] = visit.page.evaluate(RUN_AXE)
    assert visit.complaints == []
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    assert {path: told for path, told in found.items() if told} == {}


def test_a_phone_never_scrolls_sideways(browser: Browser, year: Year) -> None:
    with signed_in(browser, year.origin, "office", 360) as phone:
        for path in PAGES:
            phone.go(path)
            assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, path
