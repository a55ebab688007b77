"""Months that no calendar of the product holds, or in which no rule was in force: every page answers clearly."""

from __future__ import annotations

import re
from collections.abc import Iterator

import monitoring_site as site
import pytest
import store_at_hand
from django.test import Client
from django.urls import URLPattern
from django.utils import translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.web.monitoring import urls
from shuangkong.web.monitoring.uploads import urls as upload_urls

pytestmark = pytest.mark.django_db
MONTHS = ("0001-01", "1960-01", "2000-01", "2066-12", "9999-12")
#: Those that no page takes: it says so and shows the newest.
FAR = ("0001-01", "9999-12")


@pytest.fixture(scope="module")
def addresses(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """Every page of monitoring that is read: with an outlet, a meter and a factor where it asks for them."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        gas = site.outlet()
        site.connected(gas, factors=("a21026", "a00000", "a19001"))
        water = site.outlet(site.UNITS[1], "DW001", "water")
        site.connected(water, "88888880000002", factors=("w01018", "w00000"))
        site.outlet("", "A1", "air", name="县站", object="")
        site.outlet("", "S1", "section", name="断面", object="")
        meter = site.put(
            "meters", enterprise=site.UNITS[0], item="1234567890123456", name="总进线电表", carrier="电力", unit="kWh",
            level="1", starts_on="2024-01-01",
        )  # fmt: skip
        told = {"outlet_id": gas, "meter_id": meter, "factor": "a21026"}
        found = [f"/monitoring/{each}" for each in _plain(urls.urlpatterns, told)]
        found += [f"/monitoring/uploads/{each}" for each in _plain(upload_urls.urlpatterns, told)]
        yield found


def _plain(patterns: list[URLPattern], told: dict[str, object]) -> Iterator[str]:
    """Those whose words are known."""
    for each in patterns:
        if set(each.pattern.converters) <= set(told):
            yield re.sub(r"<\w+:(\w+)>", lambda found: str(told[found[1]]), str(each.pattern))


def test_every_page_answers(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    store_at_hand.use(monkeypatch)
    client: Client = site.visitor("admin")
    client.raise_request_exception = False
    for word in ("validity", "amounts", "rates", "metered", "prices", "meters"):
        assert any(word in each for each in addresses), word
    bad = []
    for address in addresses:
        plain = client.get(address).status_code
        if plain != 200:
            assert plain < 500, address
            continue
        for month in MONTHS:
            answer = client.get(address, {"month": month})
            text = answer.content.decode(errors="replace")
            is_told = "没有采用" in text if month in FAR else answer.status_code == 200 or "SIT-102" in text
            is_page = "text/html" in answer["Content-Type"] and "<html" in text
            if answer.status_code not in (200, 422) or (is_page and not is_told):
                bad.append((answer.status_code, address, month))
    assert not bad, bad


@pytest.mark.parametrize("day", ["0001-01-01", "1960-01-01", "9999-12-31"])
@pytest.mark.parametrize("span", ["day", "month", "year"])
def test_reports_of_days_far_off(addresses: list[str], monkeypatch: pytest.MonkeyPatch, day: str, span: str) -> None:
    store_at_hand.use(monkeypatch)
    report = next(each for each in addresses if each.endswith("/report/"))
    client = site.visitor("admin")
    client.raise_request_exception = False
    assert client.get(report, {"day": day, "span": span}).status_code in (200, 422)
