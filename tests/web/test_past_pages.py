"""Pages as of a past day: what was known then, in a banner that says so, and nothing to do."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors import ADMIN
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.models import Load
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.models import Adoption, Audit, Plan, PlanFile, ReviewDecision
from shuangkong.records.plans.rows import EntryKind, Verdict
from shuangkong.records.targets import store as targets

TODAY = timezone.localdate()
THEN, BEFORE = TODAY - timedelta(days=10), TODAY - timedelta(days=30)


@pytest.fixture
def corrected(adopted: int) -> int:
    """The county's plan as it was adopted twenty days ago; a target and a figure were corrected today."""
    at = timezone.now() - timedelta(days=20)
    Plan.objects.update(read_at=at)
    PlanFile.objects.update(received_at=at)
    Adoption.objects.update(adopted_at=at)
    ReviewDecision.objects.update(decided_at=at)
    Audit.objects.update(audited_at=at)
    Load.objects.update(loaded_at=at)
    entry = next(each for each in plans.entries(adopted, EntryKind.TARGET) if str(each.payload["value"]) == "14")
    plans.decide(entry.id, Verdict.CORRECTED, ADMIN, entry.payload | {"value": "13.5"}, "印发件")
    plans.adopt(adopted, ADMIN)
    return adopted


def _addresses(plan: int, day: date) -> dict[str, str]:
    words = f"?as_of={day}"
    old = targets.targets(plan, until=day)
    pages = {
        "home": "/", "list": "/plans/", "plan": f"/plans/{plan}/", "history": f"/plans/{plan}/history/",
        "review": f"/plans/{plan}/review/", "audit": f"/plans/{plan}/audit/", "bodies": "/plans/bodies/",
        "targets": "/targets/", "journal": "/journal/",
    }  # fmt: skip
    if old:
        pages |= {
            "target": f"/targets/{old[0].id}/",
            "measure": f"/plans/measures/{plans.measures(plan, until=day)[0].id}/",
        }
        pages["body"] = f"/plans/bodies/{plans.parts(plan, until=day)[0].body}/"
    return {name: place + words for name, place in pages.items()}


def test_every_page_says_that_it_is_the_past_and_offers_no_act(clerk: Client, corrected: int) -> None:
    for name, place in _addresses(corrected, THEN).items():
        page = clerk.get(place)
        text = page.content.decode()
        assert page.status_code == 200, name
        assert f"截至 {THEN} 的情况" in text, name
        main = text.partition("<main")[2]
        assert 'method="post"' not in main, name
        links = [each for each in re.findall(r'href="(/[^"#]*)"', text) if not each.startswith("/static/")]
        assert all(f"as_of={THEN}" in each for each in links), (name, links)


def test_a_later_correction_does_not_show(clerk: Client, corrected: int) -> None:
    now, then = (clerk.get(f"/targets/{words}").content.decode() for words in ("", f"?as_of={THEN}"))
    assert ">13.5<" in now
    assert now.count(">14<") == then.count(">14<") - 1  # an annex says it once more
    assert ">13.5<" not in then
    history = clerk.get(f"/plans/{corrected}/history/?as_of={THEN}").content.decode()
    assert "14 → 13.5" not in history
    assert "14 → 13.5" in clerk.get(f"/plans/{corrected}/history/").content.decode()


def test_figures_are_those_recorded_by_that_day(clerk: Client, corrected: int) -> None:
    head = ["指标", "对象", "时期", "数值", "单位", "口径", "状态"]
    told = ["能耗强度", "云桥县", "2024", "-2.0", "%", "比上年变化", "最终"]
    facts.load_rows([head, told], name="t.csv", digest="", source="测试", by=ADMIN, is_dry_run=False)
    assert "2024 年累计下降" in clerk.get("/").content.decode()
    then = clerk.get(f"/?as_of={THEN}").content.decode()
    assert "2023 年累计下降" in then
    assert "2024 年累计下降" not in then


def test_before_it_was_read_in_there_was_no_plan(clerk: Client, corrected: int) -> None:
    assert clerk.get(f"/plans/{corrected}/?as_of={BEFORE}").status_code == 404
    assert f"/plans/{corrected}/" not in clerk.get(f"/plans/?as_of={BEFORE}").content.decode().partition("<main")[2]


def test_nothing_is_done_in_the_past(clerk: Client, corrected: int) -> None:
    before = ReviewDecision.objects.count()
    answer = clerk.post(f"/plans/{corrected}/review/accept-certain/?as_of={THEN}")
    assert answer.status_code == 403
    assert "PPL-202" in answer.content.decode()
    assert ReviewDecision.objects.count() == before
    led = clerk.get(f"/plans/upload/?as_of={THEN}&place=990100")
    assert (led.status_code, led["Location"]) == (302, "/plans/upload/?place=990100")


@pytest.mark.parametrize("said", ["2020-13-01", "x", str(TODAY), str(TODAY + timedelta(days=3))])
def test_a_day_that_is_no_past_day_is_now(clerk: Client, corrected: int, said: str) -> None:
    text = clerk.get(f"/plans/{corrected}/?as_of={said}").content.decode()
    assert "的情况</strong>" not in text


@pytest.mark.parametrize("name", ["home", "plan", "history", "bodies", "targets", "target", "body", "journal"])
def test_the_past_asks_few_queries(clerk: Client, corrected: int, name: str) -> None:
    place = _addresses(corrected, THEN)[name]
    with CaptureQueriesContext(connection) as asked:
        clerk.get(place)
    assert len(asked) <= 36, "a target counts by its share in force and shows what is forecast: three of them"
