"""Whom an alarm waits for is reminded until it waits for somebody else; who gets a case is named; large places turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.finding import Message
from shuangkong.records.monitoring import alarm_rules, alarms
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders import inbox
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.web.monitoring.batches import batch_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        yield site.outlet()


def raised(outlet: int, rule: str = "exceedance") -> int:
    start = store_at_hand.last_hours(2)[0]
    told = alarm_rules.Raised(
        outlet=outlet, rule=rule, key=f"{outlet}/{rule}", starts_at=start, ends_at=start + timedelta(hours=1),
        factor="a21026", period="hour", peak=Decimal(61), limit=Decimal(35), unit="mg/m3",
        text=Message("小时均值超标", "hourly mean out of limits"), due_at=timezone.now() + timedelta(hours=20),
    )  # fmt: skip
    return alarm_rules.raise_alarms([told])[0]


def told(name: str) -> dict[ReminderKind, int]:
    person = Person.objects.get(username=name)
    return {kind: every for kind, (every, _new) in inbox.counts(inbox.open_to(person)).items()}


def test_who_is_to_explain_and_who_is_to_handle_are_reminded(outlet: int) -> None:
    number = raised(outlet)
    raised(outlet, "silence")
    remind_all(timezone.now())
    assert told("unit") == {ReminderKind.ALARM: 2}
    # A silence is the unit's to explain first; a limit exceeded is for whoever watches at once.
    assert told("bureau") == {ReminderKind.ALARM_CASE: 1}
    for name in ("other", "finance", "neighbour", "office", "admin"):
        assert told(name) == {}, name
    shown = site.visitor("unit").get("/plans/reminders/").content.decode()
    assert f"/monitoring/alarms/{number}/" in shown
    assert "监测报警待说明" in shown
    assert "小时均值超标" in shown
    alarms.take_step(number, alarms.Act.EXPLAIN, site.by("unit"), "脱硫泵故障", "treatment")
    remind_all(timezone.now())
    assert told("unit") == {ReminderKind.ALARM: 1}
    assert told("bureau") == {ReminderKind.ALARM_CASE: 1}


def test_a_case_is_handed_over_to_somebody(outlet: int) -> None:
    number = raised(outlet)
    alarms.take_step(number, alarms.Act.EXPLAIN, site.by("unit"), "脱硫泵故障", "treatment")
    bureau = site.visitor("bureau")
    act = {"act": "hand_over", "text": "涉嫌不正常运行治理设施"}
    refused = bureau.post(f"/monitoring/alarms/{number}/act/", act)
    assert refused.status_code == 422
    assert "MON-175" in refused.content.decode()
    assert bureau.post(f"/monitoring/alarms/{number}/act/", act | {"receiver": "县综合执法大队"}).status_code == 302
    assert "县综合执法大队" in bureau.get(f"/monitoring/alarms/{number}/").content.decode()
    assert [each.receiver for each in alarms.steps(number)][-1] == "县综合执法大队"


def test_steps_of_rules_speak_the_language_of_the_page(outlet: int) -> None:
    bureau = site.visitor("bureau")
    bureau.cookies["django_language"] = "en"
    shown = bureau.get(f"/monitoring/alarms/{raised(outlet)}/").content.decode()
    assert "hourly mean out of limits" in shown
    assert "小时均值超标" not in shown


@pytest.mark.parametrize(("asked", "first", "last"), [("", 1, 4), ("2", 5, 8), ("3", 9, 9), ("4", 1, 4), ("x", 1, 4)])
def test_a_large_place_is_judged_in_batches(asked: str, first: int, last: int) -> None:
    request = RequestFactory().get("/monitoring/rates/", {"batch": asked, "month": "2026-05", "rates-page": "2"})
    batch = batch_of(request, range(1, 10), 4)
    assert list(batch.some) == list(range(first, last + 1))
    assert (batch.first, batch.last, batch.count, batch.is_part) == (first, last, 9, True)
    assert [(low, high) for low, high, _address, _is_this in batch.turns] == [(1, 4), (5, 8), (9, 9)]
    assert batch.turns[1][2] == "?batch=2&month=2026-05"
    assert not batch_of(request, range(4), 4).is_part
