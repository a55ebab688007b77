"""Every address: who may see it, in both languages, how heavy it is, how many queries it asks, what it may load."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from addresses import address, addresses
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from actors import ADMIN
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import EntryKind
from shuangkong.records.targets import store as targets
from shuangkong.web.site.access import WITHOUT_ACTION

PAGES = (
    "home",
    "plans:list",
    "plans:upload",
    "plans:bodies",
    "plans:body",
    "plans:measure",
    "plans:plan",
    "plans:audit",
    "plans:history",
    "plans:review",
    "plans:adopt",
    "plans:add",
    "plans:entry",
    "targets:list",
    "targets:target",
    "targets:actuals",
)
#: Every address that a person opens in a browser and that is not open to everybody; programs come by another door.
PAGE_NAMES = {name for name in addresses().keys() - WITHOUT_ACTION if not name.startswith("api:")} | {"logout", "map"}
#: What no page may have: a script or style of its own, an event in an attribute, anything from another origin.
FORBIDDEN = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son\w+=|(?:src|href)=\"(?:https?:)?//"
)


def _address(name: str, plan_id: int) -> str:
    """The address of a page of the adopted plan."""
    measure = plans.measures(plan_id)[2]
    numbers = {
        "plan_id": plan_id,
        "measure_id": measure.id,
        "body_id": measure.bodies[0].body,
        "target_id": targets.targets(plan_id)[0].id,
        "entry_id": plans.entries(plan_id)[0].id,
        "code": "990100",
    }
    return address(name, numbers)


@pytest.mark.parametrize("name", sorted(PAGE_NAMES))
def test_who_is_not_logged_in_is_sent_to_the_log_in(guest: Client, adopted: int, name: str) -> None:
    for answer in (guest.get(_address(name, adopted)), guest.post(_address(name, adopted))):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_answers_in_both_languages(clerk: Client, adopted: int, name: str, language: str) -> None:
    clerk.post("/language/", {"language": language})
    answer = clerk.get(_address(name, adopted))
    text = answer.content.decode()
    assert answer.status_code == 200
    if name != "plans:entry":  # a part of a page
        assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text
        assert ("How is the plan going?" if language == "en" else "方案进展如何？") in text or name != "home"
        assert text.count("<h1") == 1
    assert not FORBIDDEN.search(text), FORBIDDEN.search(text)
    assert len(answer.content) < 300_000


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_few_queries(clerk: Client, adopted: int, name: str) -> None:
    """Two of them are for the session and its person."""
    place = _address(name, adopted)
    with CaptureQueriesContext(connection) as asked:
        clerk.get(place)
    assert len(asked) <= 18


GROWING = ("home", "plans:plan", "plans:review", "plans:bodies", "plans:history", "targets:list", "targets:target")


@pytest.mark.parametrize("name", GROWING)
def test_queries_do_not_grow_with_the_rows(clerk: Client, adopted: int, name: str) -> None:
    place = _address(name, adopted)
    with CaptureQueriesContext(connection) as before:
        clerk.get(place)
    entry = next(each for each in plans.entries(adopted) if each.kind is EntryKind.TARGET)
    for number in range(12):
        changed = entry.payload | {"indicator": f"新增指标{number}"}
        plans.add_entry(adopted, EntryKind.TARGET, changed, ADMIN, "补入", entry.parent)
    plans.adopt(adopted, ADMIN)
    with CaptureQueriesContext(connection) as after:
        clerk.get(place)
    assert len(after) == len(before)


def test_every_table_is_a_workbook(clerk: Client, adopted: int) -> None:
    offered: set[str] = set()
    for name in PAGES:
        place = _address(name, adopted)
        for link in re.findall(r'href="(\?[^"]*xlsx=[^"]*)"', clerk.get(place).content.decode()):
            answer = clerk.get(place + link.replace("&amp;", "&"))
            rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
            assert len(rows) > 3, (place, link)
            offered.add(link.partition("xlsx=")[2])
    assert offered >= {"headline", "regions", "plans", "measures", "targets", "findings", "bodies", "parts"}
    assert offered >= {"decisions", "course", "told"}


def test_a_workbook_of_demo_data_says_so(clerk: Client, adopted: int) -> None:
    Plan.objects.filter(pk=adopted).update(is_demo=True, is_fictional=True)
    for place in (f"/?plan={adopted}&xlsx=headline", f"/plans/{adopted}/?xlsx=measures"):
        rows = CalamineWorkbook.from_filelike(BytesIO(clerk.get(place).content)).get_sheet_by_index(0).to_python()
        text = " ".join(str(cell) for row in rows for cell in row)
        assert "演示数据" in text, place
        assert "虚构" in text, place


def test_a_workbook_is_what_the_page_shows(clerk: Client) -> None:
    answer = clerk.get("/targets/?targets-words=绿色工厂&targets-hide=nature&xlsx=targets")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "全部目标"
    assert "性质" not in rows[2]
    places = [rows[2].index(heading) for heading in ("指标", "关系", "目标值", "单位")]
    named = [row for row in rows[4:] if row[0]]
    assert [[row[place] for place in places] for row in named] == [["绿色工厂建成数", "=", 6.0, "家"]]


def test_place_and_period_stay_in_every_link(clerk: Client, adopted: int) -> None:
    text = clerk.get(f"/plans/{adopted}/?place=990100&period=2022").content.decode()
    own = [link for link in re.findall(r'href="(/[^"#]*)"', text) if not link.startswith("/static/")]
    assert own
    assert all("place=990100" in link and "period=2022" in link for link in own), own


def test_period_looks_no_further(clerk: Client, adopted: int) -> None:
    """By the end of the second year 1 − 0.966 × 0.969 = 6.39 %."""
    latest = clerk.get("/").content.decode()
    earlier = clerk.get("/?period=2022").content.decode()
    assert "2023 年累计下降 7.52%，应下降 8.65%" in latest
    assert "2022 年累计下降 6.39%，应下降 5.85%" in earlier
    assert "符合进度" in earlier


def test_demo_and_invented_data_are_labelled(clerk: Client, adopted: int) -> None:
    for name in ("home", "plans:plan", "plans:review", "plans:audit", "targets:target", "plans:list", "plans:measure"):
        text = clerk.get(_address(name, adopted)).content.decode()
        assert "演示数据" in text, name
        assert "虚构" in text, name
