"""The totals that devices tell, hours and days, held against what finer totals, or mean and flow, make."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.reading import Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.hours import told
from shuangkong.web.monitoring.total_differences import amount_ratio, totals_apart
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, FLOW = "a21026", "a00000"
DAY = timezone.localdate() - timedelta(days=3)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, factors=(SO2, FLOW))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """50 mg/m³ at 10 m³/s: 36000 m³ and 1.8 kg an hour, 43.2 kg a day."""
    held = store_at_hand.use(monkeypatch)
    so2, flow = site.point(outlet, SO2), site.point(outlet, FLOW)
    for number in range(24):
        held.put(so2, Kind.HOUR, hour(number), "avg", "50")
        held.put(flow, Kind.HOUR, hour(number), "avg", "10")
        held.put(so2, Kind.HOUR, hour(number), "cou", "1.80")
        held.put(flow, Kind.HOUR, hour(number), "cou", "36000")
    held.put(so2, Kind.DAY, hour(0), "cou", "43.2")
    return held


def hour(number: int) -> datetime:
    return midnight(DAY) + timedelta(hours=number)


def found(outlet: int) -> list[tuple[str, Span, datetime, Decimal | None]]:
    points = list(Point.objects.select_related("outlet__region").filter(outlet=outlet))
    held = told(points, hour(0), hour(24), open_rulebook().monitoring().marks, stats=("avg",))
    return [
        (each.point.factor, each.span, each.at, each.found.beside) for each in totals_apart(held, hour(0), hour(24))
    ]


def test_totals_that_fit_are_not_told(outlet: int, store: StoreAtHand) -> None:
    assert found(outlet) == []


def test_a_total_that_fits_neither_way_is_told_with_the_nearer_of_ours(outlet: int, store: StoreAtHand) -> None:
    so2 = site.point(outlet, SO2)
    store.put(so2, Kind.HOUR, hour(3), "cou", "1.20")
    for minute in range(0, 60, 10):
        store.put(so2, Kind.MINUTE, hour(3) + timedelta(minutes=minute), "cou", "0.25")
    # Of another hour the minutes add up to what the device told, though mean and flow make another figure.
    store.put(so2, Kind.HOUR, hour(5), "cou", "1.5")
    for minute in range(0, 60, 10):
        store.put(so2, Kind.MINUTE, hour(5) + timedelta(minutes=minute), "cou", "0.25")
    # The device itself calls this one lost.
    store.put(so2, Kind.HOUR, hour(7), "cou", "9", "D")
    store.put(site.point(outlet, FLOW), Kind.HOUR, hour(8), "cou", "3600")
    store.put(so2, Kind.DAY, hour(0), "cou", "48")
    # The day's own: hours as told 1.2 + 1.5 + 9 + 21 × 1.8 = 49.5, by mean and flow 43.2: 48 fits neither.
    assert found(outlet) == [
        (SO2, Span.DAY, hour(0), D("49.5")), (SO2, Span.HOUR, hour(3), D("1.5")), (FLOW, Span.HOUR, hour(8), D(36000)),
    ]  # fmt: skip


def test_a_part_of_a_day_is_no_total(outlet: int, store: StoreAtHand) -> None:
    for factor in (SO2, FLOW):
        for stat in ("avg", "cou"):
            key = site.point(outlet, factor), Kind.HOUR, hour(9).astimezone(store_at_hand.UTC), stat
            del store.rows[key]
    store.put(site.point(outlet, SO2), Kind.DAY, hour(0), "cou", "41.4")
    assert found(outlet) == []


def test_it_stands_on_the_board(outlet: int, store: StoreAtHand) -> None:
    store.put(site.point(outlet, SO2), Kind.HOUR, hour(3), "cou", "1.20")
    client = site.visitor("bureau")
    board = client.get(reverse("monitoring:validity"), {"month": f"{DAY:%Y-%m}", "outlet": outlet}).content.decode()
    assert "MON-017" in board
    assert "设备上报累计 1.2，自算 1.8" in board


def test_units_of_amounts() -> None:
    units = open_rulebook().units()
    assert amount_ratio("a21026", units) == D("0.000001")
    assert amount_ratio("w01018", units) == D("0.001")
    assert amount_ratio("a01012", units) is None
