"""Months that the clock no longer looks at are closed anew once where the rules are others, some at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.amounts import newest
from shuangkong.records.monitoring.models import AmountClosing, FactorDue, LateData
from shuangkong.records.reporting.models import ClockMark
from shuangkong.web.monitoring import closing, reclosing
from shuangkong.web.monitoring.closing import close, close_due
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
NOX, FLOW = "a21002", "a00000"
SINCE = date(timezone.localdate().year - 2, 1, 1)
#: Two months long ago.
OLD = (SINCE, SINCE.replace(month=2))


@pytest.fixture(scope="module")
def outlets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """Three, in use for two months of which each has hours."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        made = []
        for number in range(3):
            place = site.outlet(code=f"DA00{number}", starts_on=SINCE.isoformat(), ends_on=f"{SINCE.year}-02-28")
            site.connected(place, f"8888888000000{number}", days=1200, factors=(NOX, FLOW))
            made.append(place)
        # What registering opened again was closed long ago.
        LateData.objects.all().delete()
        yield made


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlets: list[int]) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for place in outlets:
        for month in OLD:
            for factor, value in ((NOX, 20), (FLOW, 10)):
                held.put(site.point(place, factor), Kind.HOUR, midnight(month) + timedelta(hours=9), "avg", value)
    return held


def mend(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(reclosing, "ARITHMETIC", number)


def versions() -> int:
    return AmountClosing.objects.count()


def stale_told(month: date) -> bool:
    page = site.visitor("bureau").get(reverse("monitoring:amounts"), {"month": f"{month:%Y-%m}"})
    return "以前的规则" in page.content.decode()


def test_older_months_are_closed_anew_once_rules_are_others(
    outlets: list[int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in OLD:
        close(month)
    close_due()
    assert close_due().months == 0, "all stand on the rules as they are"
    # What was kept is wrong, as by a rule that was mended since.
    AmountClosing.objects.update(kg=Decimal("1.5"))
    before = versions()
    close_due()
    assert versions() == before, "nothing says that the rules are others"
    mend(monkeypatch, 2)
    assert stale_told(OLD[0])
    seen = []
    for _tick in range(8):
        done = close_due(most=2)
        assert done.months <= 2
        seen.append(versions() - before)
    assert seen[0] == 2, "bounded by the tick"
    assert seen[-1] == 6, "three outlets, two months each"
    assert {row.kg for month in OLD for row in newest(month).values()} == {Decimal("0.72")}
    assert not stale_told(OLD[0])
    assert ClockMark.objects.filter(name__startswith="amounts ").count() == 1
    assert close_due().months == 0


def test_an_outlet_that_cannot_be_closed_keeps_none_behind_it(
    outlets: list[int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in OLD:
        close(month)
    close_due()
    mend(monkeypatch, 3)
    AmountClosing.objects.update(kg=Decimal("1.5"))
    sound = closing.reckoned

    def bad(outlet: object, *told: object) -> object:
        if getattr(outlet, "pk", 0) == outlets[0]:
            raise RuntimeError("brought about by the test")
        return sound(outlet, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "reckoned", bad)
    for _tick in range(10):
        close_due(most=1)
    for month in OLD:
        assert {key[0]: row.kg for key, row in newest(month).items()} == {
            outlets[0]: Decimal("1.5"), outlets[1]: Decimal("0.72"), outlets[2]: Decimal("0.72"),
        }  # fmt: skip
        assert reclosing.stale(month, newest(month).values()) == {outlets[0]}
    assert close_due().months == 0, "it is tried once a day"
    monkeypatch.setattr(closing, "reckoned", sound)
    ClockMark.objects.filter(name__startswith="amounts ").update(number=F("number") - 1)
    close_due()
    for month in OLD:
        assert newest(month)[outlets[0], NOX].kg == Decimal("0.72")
        assert not reclosing.stale(month, newest(month).values())


def test_a_month_that_is_owed_no_more_keeps_none_of_its_outlet(
    outlets: list[int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in OLD:
        close(month)
    close_due()
    FactorDue.objects.filter(outlet=outlets[0]).update(starts_on=OLD[1])
    mend(monkeypatch, 4)
    AmountClosing.objects.update(kg=Decimal("1.5"))
    for _tick in range(8):
        close_due(most=1)
    assert newest(OLD[0])[outlets[0], NOX].kg == Decimal("1.5"), "nothing of it is due"
    assert newest(OLD[1])[outlets[0], NOX].kg == Decimal("0.72")
    assert not [each for month in OLD for each in reclosing.stale(month, newest(month).values())]
