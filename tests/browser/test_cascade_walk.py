"""The cascade as an office walks it: confirm the parent, compare, choose gaps, register, name who answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from driving import AXE, RUN_AXE, Visit, served, settle, shot, signed_in
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
#: Addresses once the walk is over: the city's plan is 1, the county's 2, its amendment 3.
PAGES = (
    "/plans/cascade/", "/plans/2/cascade/", "/plans/2/cascade/2/", "/plans/2/cascade/2/gaps/", "/plans/2/cascade/open/",
    "/plans/cascade/register/", "/plans/cascade/register/1/", "/plans/cascade/responsible/",
    "/plans/cascade/responsible/region/999901001/", "/plans/2/", "/plans/1/cascade/", "/plans/3/cascade/1/moves/",
)  # fmt: skip


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    """A site with the plans of a city and of its county, and their offices."""
    folder = tmp_path_factory.mktemp("cascade")
    with served(folder) as origin:
        settle(folder, "cascade_site.py")
        yield origin


@pytest.fixture(scope="module")
def walked(browser: Browser, places: str) -> Iterator[Visit]:
    """The county's office, after its walk through every act."""
    with signed_in(browser, places, "county") as visit:
        _confirm(visit)
        _assign(visit)
        _register(visit)
        _name(visit)
        yield visit


def _confirm(visit: Visit) -> None:
    page = visit.page
    visit.go("/")
    page.click("nav.rooms a:has-text('上下级衔接')")
    page.click("#plans tbody a:has-text('澄湖县“十四五”节能减排综合工作方案')")
    expect(page.locator("main")).to_contain_text("文中提到，待认定")
    shot(visit, "links-proposed")
    page.fill("#ground-1", "文首写明依据市方案")
    page.click("button:has-text('认定为上级方案')")
    expect(page.locator(".messages")).to_contain_text("已记录：确认关联")


def _assign(visit: Visit) -> None:
    page = visit.page
    page.click("main a:has-text('逐项对照')")
    expect(page.get_by_role("heading", level=1)).to_have_text("哪些比上级宽松、哪些缺？")
    expect(page.locator(".answer")).to_contain_text("比上级宽松 1 个目标")
    page.click("a:has-text('选差距，转为任务')")
    expect(page.locator(".offer input:checked")).to_have_count(2)
    page.fill("#due", "2030-06-30")
    shot(visit, "gaps")
    page.click("button:has-text('转为任务')")
    expect(page.locator(".messages")).to_contain_text("已转为 2 项任务")


def _register(visit: Visit) -> None:
    page = visit.page
    visit.go("/plans/2/cascade/open/")
    expect(page.locator(".duty blockquote")).to_have_count(5)
    shot(visit, "open-proposed")
    first = page.locator(".duty", has_text="城镇污水处理设施建设规划")
    first.locator("summary").click()
    first.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("已登记：城镇污水处理设施建设规划")
    second = page.locator(".duty", has_text="开展锅炉普查")
    second.locator("summary").click()
    second.locator("input[name=ground] >> nth=1").fill("市里尚未部署")
    second.get_by_role("button", name="不予登记", exact=True).click()
    expect(page.locator(".duty blockquote")).to_have_count(3)
    value = page.locator(".duty", has_text="规模以上工业单位增加值能耗")
    value.locator("summary").click()
    value.get_by_role("button", name="登记", exact=True).click()
    page.click("#register tbody a:has-text('规模以上工业单位增加值能耗')")
    for field, said in (("value", "13.5"), ("unit", "%"), ("deadline", "2025"), ("document", "市发改函"),
                        ("ground-arrived", "市级下达")):  # fmt: skip
        page.fill(f"#{field}", said)
    shot(visit, "entry-arrival")
    page.get_by_role("button", name="记录下达的数值").click()
    expect(page.locator(".timeline")).to_contain_text("13.5%（2025年）")


def _name(visit: Visit) -> None:
    page = visit.page
    page.click("nav.rooms a:has-text('责任人')")
    expect(page.locator(".answer")).to_contain_text("2 处没有第一责任人")
    page.click("#vacant ~ .duties a:has-text('东街镇')")
    page.fill("#person", "甲某")
    page.fill("#post", "镇长")
    page.fill("#ground", "方案第（四）条")
    page.get_by_role("button", name="记录", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("甲某 镇长")
    visit.go("/plans/cascade/responsible/")
    expect(page.locator(".answer")).to_contain_text("1 处没有第一责任人")


def test_the_walk_asks_nothing_of_strangers(walked: Visit) -> None:
    assert walked.strangers == []
    # A browser notes each answer that is no success; there was none.
    assert walked.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_barrier(walked: Visit, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    walked.go(path)
    shot(walked, f"zh{path.replace('/', '-')}")
    for act in walked.page.locator("main details").all():
        act.evaluate("each => { each.open = true }")
    walked.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert walked.page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(browser: Browser, places: str, walked: Visit, language: str) -> None:
    with signed_in(browser, places, "county", 360) as visit:
        if language == "en":
            visit.page.click("button[name=language]")
            expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        for path in PAGES:
            visit.go(path)
            shot(visit, f"phone-{language}{path.replace('/', '-')}")
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_language_switch_reaches_every_word_of_ours(browser: Browser, places: str, walked: Visit) -> None:
    """In English a page shows Chinese only in what documents, places, bodies and persons are called."""
    with signed_in(browser, places, "county") as visit:
        visit.page.click("button[name=language]")
        expect(visit.page.locator("html")).to_have_attribute("lang", "en")
        for path in (each for each in PAGES if "/cascade/" in each):
            visit.go(path)
            shot(visit, f"en{path.replace('/', '-')}")
            heads = visit.page.locator(
                "h1, h2, thead th, dt, summary, main label, main button, .tabs a"
            ).all_inner_texts()
            named = [text for text in heads if any("\u4e00" <= each <= "\u9fff" for each in text)]
            assert all(_is_a_name(text) for text in named), (path, named)


def _is_a_name(text: str) -> bool:
    """Titles of plans and measures, places, bodies, persons and indicators as printed stay Chinese."""
    return any(
        name in text for name in ("澄州", "澄湖", "东街", "西街", "推行绿色消费", "城镇污水", "规模以上", "单位")
    )
