"""A year of a plan, as its people walk it: adopt, assign, report, return, accept, remind, circulate, meet, bulletin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from docx import Document
from driving import AXE, RUN_AXE, Visit, adopt, drop_plan, review, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
#: The sites' own day.
TODAY = datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()
PAGES = (
    "", "board/", "list/", "listed/", "rectification/", "bodies/", "bodies/1/", "judging/", "assign/", "assign/1/",
    "add/", "meetings/", "meetings/1/", "matters/", "register/", "1/",
)  # fmt: skip


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site whose plan was read, reviewed and adopted by its pages; then its office, its leading group, two clerks."""
    folder = tmp_path_factory.mktemp("year")
    with served(folder) as origin:
        with signed_in(browser, origin, "admin") as visit:
            drop_plan(visit.page)
            review(visit.page)
            adopt(visit.page)
            assert visit.strangers == visit.complaints == []
        settle(folder, "tasks_site.py")
        yield origin


@pytest.fixture(scope="module")
def office(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "office") as visit:
        yield visit


@pytest.fixture(scope="module")
def clerk(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "clerk") as visit:
        yield visit


@pytest.fixture(scope="module")
def leader(browser: Browser, county: str) -> Iterator[Visit]:
    with signed_in(browser, county, "leader") as visit:
        yield visit


def said(visit: Visit, text: str) -> None:
    expect(visit.page.locator(".messages")).to_contain_text(text)


def opened(visit: Visit, act: str) -> None:
    """Opens the form of an act that is not open yet."""
    if visit.page.locator(f"#act-{act}").get_attribute("open") is None:
        visit.page.click(f"#act-{act} > summary")


def test_the_office_assigns_the_plan_and_names_owners(office: Visit) -> None:
    page = office.page
    office.go("/plans/tasks/assign/")
    expect(page.get_by_role("heading", level=1)).to_have_text("哪些方案还没有交办？")
    page.get_by_role("button", name="交办这份方案").click()
    said(office, "已交办")
    page.locator("select[name^=owner-]").first.select_option(index=1)
    page.get_by_role("button", name="记录归口单位").click()
    said(office, "已记录归口单位")
    shot(office, "01-assigned")


@pytest.mark.parametrize(("title", "days"), [("城北热电余热改造", 47), ("公共建筑节能改造", 12), ("充电桩建设", 2)])
def test_the_office_adds_key_works(office: Visit, title: str, days: int) -> None:
    page = office.page
    office.go("/plans/tasks/add/?plan=1&kind=key_work")
    page.fill("#title", title)
    page.select_option("#lead", index=1)
    page.fill("#due", ago(days))
    page.fill("#amount", "1200")
    page.fill("#amount_unit", "万元")
    if days == 12:
        page.fill("#stages", f"{ago(200)} 完成设计\n{ago(60)} 开工")
    if days == 47:
        shot(office, "02-add")
    page.locator("main form button.primary").click()
    said(office, "已交办")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)


def test_the_clerk_finds_her_late_duties_at_once(clerk: Visit) -> None:
    page = clerk.page
    page.click("nav.rooms a:has-text('今天该办什么')")
    expect(page.get_by_role("heading", level=1)).to_have_text("我今天该办什么？")
    late = page.locator("section:has(#late)")
    for title in ("城北热电余热改造", "公共建筑节能改造", "充电桩建设"):
        found = late.get_by_role("link", name=title, exact=True)
        expect(found).to_have_count(1)
        box = found.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 900, f"{title} is not on the first screen"
    shot(clerk, "03-duties")


def test_she_reports_with_evidence(clerk: Visit) -> None:
    page = clerk.page
    clerk.go("/plans/tasks/")
    page.click("a:has-text('城北热电余热改造')")
    page.select_option("#report-grade", "on_track")
    page.fill("#report-percent", "60")
    page.fill("#report-text", "主机已安装，正在调试。")
    page.set_input_files("#report-files", {"name": "说明.exe", "mimeType": "application/x", "buffer": b"MZ"})
    page.locator("#act-report button").click()
    expect(page.locator("#report-refusal")).to_contain_text("TSK-203")
    expect(page.locator("#report-text")).to_have_value("主机已安装，正在调试。")
    shot(clerk, "04-refused")
    page.set_input_files(
        "#report-files", {"name": "调试记录.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 %%EOF"}
    )
    page.locator("#act-report button").click()
    said(clerk, "已记录：报送进展")
    expect(page.locator(".answer")).to_contain_text("待审核")
    with page.expect_download() as download:
        page.click("a:has-text('调试记录.pdf')")
    assert download.value.suggested_filename == "调试记录.pdf"
    shot(clerk, "05-reported")


def test_the_office_returns_it_with_a_reason(office: Visit) -> None:
    page = office.page
    office.go("/plans/tasks/judging/")
    item = page.locator("section.card", has_text="城北热电余热改造")
    expect(item).to_contain_text("主机已安装")
    shot(office, "06-judging")
    item.locator("summary", has_text="退回修改").click()
    item.locator("details:has-text('退回修改') textarea").fill("请补充节能量的计算。")
    item.get_by_role("button", name="退回修改").click()
    said(office, "已记录：退回修改")


def test_she_reports_again_and_it_is_accepted(clerk: Visit, office: Visit) -> None:
    clerk.go("/plans/tasks/")
    clerk.page.click("a:has-text('城北热电余热改造')")
    expect(clerk.page.locator(".timeline")).to_contain_text("请补充节能量的计算。")
    clerk.page.select_option("#report-grade", "done")
    clerk.page.fill("#report-text", "已验收，年节能量见附表。")
    clerk.page.locator("#act-report button").click()
    said(clerk, "已记录：报送进展")
    office.go("/plans/tasks/judging/")
    item = office.page.locator("section.card", has_text="城北热电余热改造")
    item.locator("summary", has_text="接受").click()
    item.get_by_role("button", name="接受").click()
    said(office, "已记录：接受")
    clerk.go("/plans/tasks/list/?kind=key_work")
    expect(clerk.page.locator("#tasks tbody tr", has_text="城北热电余热改造")).to_contain_text("已办结")


def test_the_office_reminds_circulates_lists_and_extends(office: Visit) -> None:
    page = office.page
    office.go("/plans/tasks/board/")
    shot(office, "07-board")
    page.locator("section:has(#lane-late)").get_by_role("link", name="全部", exact=True).click()
    page.fill("#tasks-words", "公共建筑节能改造")
    expect(page.locator("#tasks tbody tr")).to_have_count(3)
    page.get_by_role("link", name="公共建筑节能改造", exact=True).click()
    for act, text in (("remind", "请一周内报送"), ("circulate", "逾期未报，列入通报"), ("list", "连续两次催办未果")):
        opened(office, act)
        page.fill(f"#{act}-text", text)
        page.locator(f"#act-{act} button").click()
        said(office, "已记录")
    expect(page.locator(".answer")).to_contain_text("挂牌督办")
    opened(office, "extend")
    page.fill("#extend-due", (TODAY + timedelta(days=30)).isoformat())
    page.fill("#extend-text", "汛期停工")
    page.locator("#act-extend button").click()
    expect(page.locator(".answer")).to_contain_text("还有 30 天")
    expect(page.locator("dl.facts")).to_contain_text("延期 1 次")
    shot(office, "08-task")


def test_a_dispatch_meeting_decides(office: Visit, clerk: Visit) -> None:
    page = office.page
    office.go("/plans/tasks/meetings/")
    page.fill("#title", "三季度节能减排调度会")
    shot(office, "09-meetings")
    page.get_by_role("button", name="召集").click()
    page.click("summary:has-text('写会议纪要')")
    page.fill("#text", "各单位汇报了进展，逾期事项逐项过堂。")
    page.get_by_role("button", name="记录").click()
    page.click("summary:has-text('增加定事项')")
    page.fill("#title", "月底前报送充电桩用地手续")
    page.select_option("#lead", index=1)
    page.fill("#due", (TODAY + timedelta(days=10)).isoformat())
    page.locator("details:has-text('增加定事项') button").click()
    expect(page.locator("section:has(#decided)")).to_contain_text("月底前报送充电桩用地手续")
    shot(office, "10-meeting")
    clerk.go("/plans/tasks/")
    expect(clerk.page.locator("section:has(#due_soon)")).to_contain_text("月底前报送充电桩用地手续")


def test_a_major_matter_is_acknowledged(clerk: Visit, leader: Visit) -> None:
    clerk.go("/plans/tasks/matters/")
    clerk.page.fill("#title", "污水处理厂进水异常")
    clerk.page.fill("#text", "已启动应急预案，关闭一条生产线。")
    clerk.page.get_by_role("button", name="报告").click()
    said(clerk, "已记录")
    leader.go("/plans/tasks/")
    expect(leader.page.locator("section:has(#matters)")).to_contain_text("污水处理厂进水异常")
    shot(leader, "11-leader")
    leader.page.click("a:has-text('污水处理厂进水异常')")
    leader.page.locator("section", has_text="污水处理厂进水异常").locator("textarea").first.fill(
        "立即查明原因，今晚报告。"
    )
    leader.page.get_by_role("button", name="签收").click()
    said(leader, "已记录")
    shot(leader, "12-matters")


def test_the_leader_sees_what_a_department_owes(leader: Visit) -> None:
    leader.go("/plans/tasks/bodies/")
    shot(leader, "13-bodies")
    leader.page.locator("#bodies tbody a").first.click()
    expect(leader.page.get_by_role("heading", level=1)).to_contain_text("欠什么、什么时候到期、办得怎样？")
    shot(leader, "14-body")
    with leader.page.expect_download() as download:
        leader.page.click("#tasks a:has-text('Excel')")
    assert download.value.suggested_filename.endswith(".xlsx")


def test_the_year_ends_with_the_bulletin(office: Visit, clerk: Visit) -> None:
    """Made by its page, opened, and read: what the walk did stands in it."""
    page = office.page
    office.go("/plans/tasks/board/")
    page.get_by_role("link", name="出本月督查通报").click()
    page.fill("#issuer", "云桥县节能减排办公室")
    page.fill("#number", "云节减〔2031〕9号")
    with page.expect_download() as download:
        page.get_by_role("button", name="出具 .docx").click()
    assert download.value.suggested_filename.startswith(f"云桥县{TODAY.year}年{TODAY.month}月督查通报")
    said = "\n".join(each.text for each in Document(download.value.path()).paragraphs)
    for words in (
        "云桥县节能减排办公室文件",
        "云节减〔2031〕9号",
        "责任单位报送进展2次，审核退回1次；办结任务1项，批准延期1次；催办1次，通报任务1项",
        "通报：逾期未报，列入通报",
        "充电桩建设。责任单位：",
        "逾期2天",
        "月底前报送充电桩用地手续。责任单位：",
        "日志第",
    ):
        assert words in said, words
    listed = said[said.index("挂牌督办\n") :]
    assert "公共建筑节能改造。责任单位：" in listed
    clerk.go("/plans/tasks/board/")
    expect(clerk.page.get_by_role("link", name="出本月督查通报")).to_have_count(0)


def test_the_past_is_as_it_was(office: Visit) -> None:
    task = office.page.locator("#tasks tbody a", has_text="公共建筑节能改造")
    office.go("/plans/tasks/list/?kind=key_work")
    address = task.get_attribute("href")
    office.go(f"{address}?as_of={ago(1)}")
    expect(office.page.locator(".timeline")).to_contain_text("那时还没有交办")
    expect(office.page.locator(".acts")).to_have_count(0)


def test_every_column_of_the_board_is_seen_at_once(office: Visit) -> None:
    office.go("/plans/tasks/board/")
    board = office.page.locator(".board")
    assert board.locator(":scope > section").count() == 7
    assert board.evaluate("board => board.scrollWidth - board.clientWidth") <= 0


@pytest.mark.parametrize("path", PAGES)
def test_no_barrier_no_stranger_no_complaint(office: Visit, path: str) -> None:
    office.complaints.clear()
    office.go(f"/plans/tasks/{path}")
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
        for path in PAGES:
            visit.go(f"/plans/tasks/{path}")
            width = visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 360, (path, width)
            shot(visit, f"phone-{language}-{path.strip('/').replace('/', '-') or 'duties'}")
