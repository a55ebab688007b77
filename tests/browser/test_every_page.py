"""What holds of every page: nothing from elsewhere, no complaints, no sideways scrolling, no barrier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from driving import Visit
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/",
    "/plans/",
    "/plans/upload/",
    "/plans/bodies/",
    "/plans/bodies/1/",
    "/plans/measures/3/",
    "/plans/1/",
    "/plans/1/audit/",
    "/plans/1/history/",
    "/plans/1/review/?show=all",
    "/plans/1/review/adopt/",
    "/plans/1/review/add/",
    "/targets/",
    "/targets/1/",
    "/targets/actuals/",
    "/targets/decompositions/",
    "/targets/decompositions/annexes/",
    "/targets/decompositions/elastic/",
    "/policy/",
    "/policy/targets/due_share/",
    "/statistics/",
    "/statistics/carbon/",
    "/statistics/evaluation/",
    "/statistics/exclusions/",
    "/quotas/certificates/",
    "/quotas/certificates/load/",
    "/outlook/",
    "/outlook/history/",
    "/outlook/responses/",
    "/outlook/projects/",
    "/outlook/weather/",
    "/outlook/weather/measures/",
    "/notices/",
    "/outlook/forecast/",
    "/outlook/forecast/calibration/",
    "/outlook/headroom/",
    "/indicators/analysis/",
    "/indicators/intensity/",
    "/indicators/compare/",
    "/indicators/bulletins/",
    "/indicators/gaps/",
    "/indicators/scopes/",
    "/indicators/subjects/",
    "/indicators/balance/",
    "/indicators/flows/",
    "/indicators/structure/",
    "/indicators/reconciliation/",
    "/api/",
    "/nowhere/",
)
RUN_AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map((found) =>
  `${found.impact} ${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)"""


def _settle(visit: Visit) -> None:
    visit.page.wait_for_load_state("networkidle")
    for holder in visit.page.locator("[data-chart]").all():
        visit.page.wait_for_function("holder => holder.dataset.drawn === 'yes'", arg=holder.element_handle())


@pytest.mark.parametrize("path", PAGES)
def test_nothing_comes_from_elsewhere_and_nothing_complains(visit: Visit, path: str) -> None:
    visit.go(path)
    _settle(visit)
    expected = 1 if path == "/nowhere/" else 0  # the browser itself notes a 404
    assert visit.strangers == []
    assert len(visit.complaints) == expected, visit.complaints


@pytest.mark.parametrize("path", ["/login/", *PAGES])
def test_axe_finds_no_barrier(visit: Visit, path: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not in node_modules: accessibility was not checked")
    if path == "/login/":
        visit.page.context.clear_cookies()
    visit.go(path)
    _settle(visit)
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert visit.page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_never_scrolls_sideways(phone: Visit, path: str) -> None:
    phone.go(path)
    _settle(phone)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", ["/", "/targets/", "/targets/1/", "/plans/1/", "/api/"])
def test_a_phone_never_scrolls_sideways_in_english(phone: Visit, path: str) -> None:
    phone.go("/")
    phone.page.click("button[name=language]")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    phone.go(path)
    _settle(phone)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_language_switch_reaches_every_word_of_ours(visit: Visit) -> None:
    """In English no page shows Chinese but what documents and regions are called."""
    visit.go("/")
    visit.page.click("button[name=language]")
    expect(visit.page.locator("html")).to_have_attribute("lang", "en")
    for path in ("/plans/upload/", "/targets/actuals/", "/api/", "/nowhere/"):
        visit.go(path)
        left = visit.page.evaluate(
            """() => { document.querySelectorAll("select, [lang=zh-Hans]").forEach((each) => each.remove());
                       return document.body.innerText.match(/[\\u4e00-\\u9fff]+/g) }"""
        )
        assert left is None, (path, left)


def test_charts_have_their_table_and_their_picture(visit: Visit) -> None:
    visit.go("/targets/1/")
    _settle(visit)
    assert visit.page.locator("#course tbody tr").count() == 5
    with visit.page.expect_download() as download:
        visit.page.click("[data-save=course-chart]")
    assert download.value.suggested_filename.endswith(".png")
    # The picture leaves the page with its title above and its caption below: it is taller than the canvas alone.
    picture = Path(download.value.path()).read_bytes()
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    canvas = visit.page.evaluate("(({ width, height }) => [width, height])(document.querySelector('.chart canvas'))")
    lines = visit.page.locator("#course-chart-caption span").count()
    assert width == canvas[0]
    assert height >= canvas[1] + 24 * lines


def test_another_period_keeps_the_page_and_another_place_leads_home(visit: Visit) -> None:
    visit.go("/targets/1/")
    visit.page.select_option("select[name=period]", "2022")
    expect(visit.page).to_have_url(re.compile(r"/targets/1/\?.*period=2022"))
    visit.page.select_option("select[name=place]", "990100")
    expect(visit.page).to_have_url(re.compile(r"//[^/]+/\?.*place=990100.*period=2022"))
    visit.go("/targets/?plan=1")
    visit.page.select_option("select[name=place]", "990100")
    expect(visit.page).to_have_url(re.compile(r"/targets/\?place=990100&period=&as_of=$"))


def test_a_table_filters_as_one_types(visit: Visit) -> None:
    visit.go("/targets/")
    rows = visit.page.locator("#targets tbody tr")
    assert rows.count() > 1
    visit.page.fill("#targets-words", "绿色工厂")
    expect(rows).to_have_count(1)
    expect(visit.page).to_have_url(re.compile("targets-words="))
    expect(visit.page.locator("#targets-words")).to_be_focused()


#: By how much the progress of the rows of each table reaches out of what is seen of the table.
CUT = """[...document.querySelectorAll('.scroll')].filter(box => box.querySelector('td .level')).map(box =>
    Math.max(...[...box.querySelectorAll('td .level')].map(each => each.getBoundingClientRect().right))
    - box.getBoundingClientRect().right)"""


@pytest.mark.parametrize("path", ["/", "/targets/", "/plans/1/"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_progress_is_seen_without_moving_a_table(visit: Visit, phone: Visit, path: str, language: str) -> None:
    for each in (visit, phone):
        each.go("/")
        if language == "en":
            each.page.click("button[name=language]")
            expect(each.page.locator("html")).to_have_attribute("lang", "en")
        each.go(path)
        _settle(each)
        cut = each.page.evaluate(CUT)
        assert cut
        assert max(cut) <= 0
