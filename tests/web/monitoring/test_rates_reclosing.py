"""Rates of older months are reckoned anew once where the rules are others, and told; until then the page says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import F
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.period import Period
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.looking import observations
from shuangkong.records.monitoring.models import LateData, Outlet, RateClosing
from shuangkong.records.reporting.models import ClockMark
from shuangkong.web.monitoring import rate_closing, rate_facts
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.rate_closing import close_rates, close_rates_due
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
MONTHS_BACK = (5, 6)


def month_before(number: int) -> date:
    month = timezone.localdate().replace(day=1)
    for _ in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


OLD = tuple(month_before(each) for each in MONTHS_BACK)


@pytest.fixture(scope="module")
def outlets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """Two, each with hours in two months that the clock no longer looks at."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        made = []
        for number in range(2):
            made.append(site.outlet(code=f"DA00{number}"))
            site.connected(made[-1], f"8888888000000{number}", days=400)
        LateData.objects.all().delete()
        yield made


@pytest.fixture(autouse=True)
def closed(monkeypatch: pytest.MonkeyPatch, outlets: list[int]) -> None:
    """All is closed by the rules as they are, and then one figure is wrong, as by a rule that was mended since."""
    store = store_at_hand.use(monkeypatch)
    for place in outlets:
        for month in OLD:
            for hour in range(100):
                store.put(site.point(place), Kind.HOUR, midnight(month) + timedelta(hours=hour), "avg", 20)
    found = list(Outlet.objects.select_related("region", "enterprise__region").filter(pk__in=outlets))
    for month in OLD:
        last = ends_of(Span.MONTH, month)
        close_rates(found, points_of(found, rated_only=True, first=month, last=last), month, last)
    monkeypatch.setattr(rate_facts, "_DONE", {})
    settled()
    rate_facts.tell_rates_due()


def settled() -> None:
    while close_rates_due():
        pass


def received() -> list[int]:
    """Of the versions that hold."""
    rows = RateClosing.objects.filter(month__in=OLD).order_by("pk")
    return list({(each.outlet_id, each.month): each.received for each in rows}.values())


def test_they_are_reckoned_anew_some_at_a_time_and_once(outlets: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    RateClosing.objects.filter(month__in=OLD).update(received=7)
    settled()
    assert received() == [7] * 4, "nothing says that the rules are others"
    monkeypatch.setattr(rate_closing, "_COUNTING", 99)
    # Those of the newest months first: nothing of them waits when older ones are looked at.
    seen = []
    for _tick in range(40):
        assert close_rates_due(3) <= 3
        seen.append(received().count(100))
    assert seen[-1] == 4
    assert {1, 2, 3} & set(seen), "some at a time"
    assert RateClosing.objects.filter(month__in=OLD).count() == 8, "what it was stands"
    looked = list[date]()
    monkeypatch.setattr(rate_closing, "close_fenced", lambda *told: (looked.append(told[3]), 0)[1])
    close_rates_due()
    assert not set(looked) & set(OLD), "the clock has been through them"
    ClockMark.objects.filter(name__startswith="older rates ").update(number=F("number") - 1)
    close_rates_due()
    assert not set(looked) & set(OLD), "not the day after either: all were checked"


def test_the_rest_of_an_outlet_is_walked_to(outlets: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for factor in ("a34013", "a21002"):
        site.put("factors", outlet=str(outlets[0]), factor=factor, is_rated="是", starts_on=str(OLD[-1]))
    own = list(Outlet.objects.select_related("region", "enterprise__region").filter(pk=outlets[0]))
    for month in OLD:
        last = ends_of(Span.MONTH, month)
        close_rates(own, points_of(own, rated_only=True, first=month, last=last), month, last)
    settled()
    RateClosing.objects.filter(month__in=OLD).update(received=7)
    monkeypatch.setattr(rate_closing, "_COUNTING", 95)
    for _tick in range(40):
        assert close_rates_due(2) <= 2
    rows = RateClosing.objects.filter(month__in=OLD).order_by("pk")
    newest = {(each.outlet_id, each.month, each.factor): each.received for each in rows}
    assert (len(newest), sorted(newest.values())) == (8, [0] * 4 + [100] * 4)
    looked = list[date]()
    monkeypatch.setattr(rate_closing, "close_fenced", lambda *told: (looked.append(told[3]), 0)[1])
    ClockMark.objects.filter(name__startswith="older rates ").update(number=F("number") - 1)
    close_rates_due()
    assert not set(looked) & set(OLD), "once"


def test_an_outlet_that_cannot_be_counted_keeps_none_behind_it(
    outlets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    RateClosing.objects.filter(month__in=OLD).update(received=7)
    monkeypatch.setattr(rate_closing, "_COUNTING", 98)
    sound = rate_closing.lines_of

    def bad(found: list[Outlet], *told: object) -> object:
        if any(each.pk == outlets[0] for each in found):
            raise RuntimeError("brought about by the test")
        return sound(found, *told)  # type: ignore[arg-type]

    monkeypatch.setattr(rate_closing, "lines_of", bad)
    settled()
    assert sorted(received()) == [7, 7, 100, 100]
    monkeypatch.setattr(rate_closing, "lines_of", sound)
    ClockMark.objects.filter(name__startswith="older rates ").update(number=F("number") - 1)
    settled()
    assert received() == [100] * 4


def test_the_page_says_that_former_rules_stand_until_the_clock_has_come(
    outlets: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def page() -> str:
        return site.visitor("bureau").get("/monitoring/rates/", {"month": f"{OLD[0]:%Y-%m}"}).content.decode()

    monkeypatch.setattr(rate_closing.lines_kept, "__defaults__", (0,))
    assert 'id="former"' not in page()
    monkeypatch.setattr(rate_closing, "_COUNTING", 97)
    assert "有 2 个因子的这个月还是按以前的规则数的" in page()
    settled()
    assert 'id="former"' not in page()


def test_what_was_reckoned_anew_is_told_the_day_after(outlets: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    period = Period(OLD[1].year, f"{OLD[1].month:02d}")

    def told() -> list[Decimal | None]:
        rows = observations(["monitoring_transmission_rate"], [("region", site.COUNTY)])
        return [row.value for row in rows if str(row.period) == str(period)]

    rate_facts.tell_rates(period, OLD[1], ends_of(Span.MONTH, OLD[1]))
    before = told()
    assert before[0] is not None
    store = store_at_hand.use(monkeypatch)
    for hour in range(300):
        store.put(site.point(outlets[0]), Kind.HOUR, midnight(OLD[1]) + timedelta(hours=hour), "avg", 20)
    monkeypatch.setattr(rate_closing, "_COUNTING", 96)
    settled()
    assert sorted(received()) == [0, 0, 0, 300]
    rate_facts.tell_rates_due()
    assert told() == before, "once a day"
    ClockMark.objects.filter(name="told rates").update(at=F("at") - timedelta(days=1))
    assert rate_facts.tell_rates_due() > 0
    [after] = told()
    assert after is not None
    assert abs(after - before[0] * 3 / 2) < Decimal("0.001"), "three hundred hours of one, of each a hundred before"
    ClockMark.objects.filter(name="told rates").update(at=F("at") - timedelta(days=1))
    assert rate_facts.tell_rates_due() == 0, "nothing was closed since"


def test_the_telling_goes_not_before_the_walk(outlets: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    period = Period(OLD[1].year, f"{OLD[1].month:02d}")

    def told() -> list[Decimal | None]:
        rows = observations(["monitoring_transmission_rate"], [("region", site.COUNTY)])
        return [row.value for row in rows if str(row.period) == str(period)]

    RateClosing.objects.filter(month__in=OLD).update(received=7, valid=7)
    rate_facts.tell_rates(period, OLD[1], ends_of(Span.MONTH, OLD[1]))
    before = told()
    monkeypatch.setattr(rate_closing, "_COUNTING", 94)
    while 100 not in received():
        close_rates_due(1)
    walked = received()
    assert walked.count(7) > 0, "in the midst of it"
    ClockMark.objects.filter(name="told rates").update(at=F("at") - timedelta(days=1))
    rate_facts.tell_rates_due()
    rate_facts.tell_rates(Period(OLD[1].year), date(OLD[1].year, 1, 1), date(OLD[1].year, 12, 31))
    assert (received(), told()) == (walked, before)
    settled()
    assert received() == [100] * 4
    assert rate_facts.tell_rates_due() > 0
    assert told() != before
