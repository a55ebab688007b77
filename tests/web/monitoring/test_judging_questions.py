"""The judge and the notes of late data ask as much of twelve outlets as of three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.alarms.life import Act
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarm_rules, alarms
from shuangkong.records.monitoring.alarms import steps
from shuangkong.records.monitoring.arrivals import Late, keep_late, late_of
from shuangkong.records.monitoring.models import (
    Alarm,
    AlarmEvent,
    Connection,
    Device,
    FactorDue,
    LateData,
    Limit,
    Outlet,
    Point,
)
from shuangkong.web.monitoring.judging import judge

pytestmark = pytest.mark.django_db
MANY, FEW = 12, 3


@pytest.fixture(scope="module")
def outlets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """Twelve, each with its device, factor and limit."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        since = timezone.localdate() - timedelta(days=2)
        first = site.outlet(starts_on=f"{since}")
        site.connected(first, days=2)
        site.put("limits", outlet=str(first), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield [first, *(_like(first, number) for number in range(1, MANY))]


def _like(first: int, number: int) -> int:
    """Another outlet as the first is."""
    made = Outlet.objects.get(pk=first)
    made.pk, made.code = None, f"DA{number:03d}x"
    made.save()
    for model in (FactorDue, Limit, Point):
        for row in model.objects.filter(outlet=first):
            row.pk, row.outlet = None, made
            row.save()
    device = Device.objects.get(mn=site.MN)
    device.pk, device.mn = None, f"7777777000{number:04d}"
    device.save()
    Connection.objects.create(device=device, outlet=made, starts_at=timezone.now() - timedelta(days=2))
    return int(made.pk)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def _fill(store: StoreAtHand, outlet: int, newest: int) -> None:
    for number, at in enumerate(store_at_hand.last_hours(24)):
        store.put(site.point(outlet), Kind.HOUR, at, "avg", newest if number > 21 else 20 + number % 7)


def _asked(store: StoreAtHand) -> list[str]:
    """What a run asks: of the database by its statements, and how often of the store."""
    count = [0]
    plain = store.series

    def counted(*told: object) -> object:
        count[0] += 1
        return plain(*told)  # type: ignore[arg-type]

    store.series = counted  # type: ignore[assignment, method-assign]
    with CaptureQueriesContext(connection) as asked:
        judge()
    store.series = plain  # type: ignore[method-assign]
    return [f"{count[0]} series", *(re.sub(r" \"s\d+.*", "", each["sql"][:60]) for each in asked.captured_queries)]


def test_a_run_asks_no_more_of_many(outlets: list[int], store: StoreAtHand) -> None:
    """Alarms that are raised, go on, end: each time the same questions."""
    others = Q(pk__in=outlets[FEW:])
    asked: dict[int, list[list[str]]] = {}
    for count in (FEW, MANY):
        ends = None if count == MANY else timezone.localdate() - timedelta(days=30)
        Outlet.objects.filter(others).update(ends_on=ends)
        used, runs = outlets[:count], []
        for newest in (61, 62, 20):
            for outlet in used:
                _fill(store, outlet, newest)
            runs.append(_asked(store))
        rows = alarms.alarms(Q(outlet__in=used, rule="exceedance"))
        assert {row.outlet for row in rows} == set(used)
        assert all(row.ends_at is not None and row.peak == 62 for row in rows)
        asked[count] = runs
        AlarmEvent.objects.all().delete()
        Alarm.objects.all().delete()
    for few, many in zip(asked[FEW], asked[MANY], strict=True):
        assert few == many
    assert max(map(len, asked[MANY])) < 45


def test_what_late_data_is_kept_of_asks_no_more_for_many(outlets: list[int]) -> None:
    now = timezone.now()
    counts = set()
    for used in (outlets[:FEW], outlets):
        with CaptureQueriesContext(connection) as asked:
            keep_late([Late(each, now - timedelta(days=70), now - timedelta(days=40)) for each in used], now)
        counts.add(len(asked.captured_queries))
    assert len(counts) == 1, counts
    months = LateData.objects.filter(outlet=outlets[0]).count()
    assert LateData.objects.count() == months * MANY
    keep_late([Late(outlets[0], now - timedelta(days=75), now - timedelta(days=41)), Late(10**9, now, now)], now)
    held = late_of(outlets[0], timezone.localtime(now - timedelta(days=40)).date().replace(day=1))
    assert held is not None
    assert held.last_at == now - timedelta(days=40), "what was known goes on"


def test_a_step_of_a_timer_that_cannot_happen_is_left_out(outlets: list[int]) -> None:
    at = timezone.now() - timedelta(hours=3)
    raised = [alarm_rules.Raised(outlet=each, rule="silence", key=f"{each}/s", starts_at=at) for each in outlets[:2]]
    one, other = alarm_rules.raise_alarms(raised)
    assert alarm_rules.step_by_rules({one: (Act.ESCALATE, "24 小时未说明"), other: (Act.DEESCALATE, "…")}) == 1
    assert [each.act for each in steps(one)] == [Act.RAISE, Act.ESCALATE]
    assert [row.level for row in alarms.alarms(Q(pk__in=(one, other)))] == [1, 2]
