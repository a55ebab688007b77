"""What a board of a past month shows does not change because an outlet, a station or a meter ends later."""

from __future__ import annotations

from datetime import timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation

from shuangkong.records.monitoring.models import Outlet
from shuangkong.web.monitoring.live import outlets
from shuangkong.web.monitoring.views import quality

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    store_at_hand.use(monkeypatch)
    site.settle()


def test_an_outlet_that_ended_stands_on_the_boards_of_its_time() -> None:
    place, today = site.outlet(), timezone.localdate()
    site.connected(place)
    this = today.replace(day=1)
    before = (this - timedelta(days=1)).replace(day=1)
    name = Outlet.objects.get(pk=place).name
    Outlet.objects.filter(pk=place).update(ends_on=this - timedelta(days=1))
    assert outlets(Q()) == ()
    assert [each.pk for each in outlets(Q(), before, this - timedelta(days=1))] == [place]
    visitor = site.visitor("bureau")
    with translation.override("zh-hans"):
        for board in ("rates", "validity"):
            told = {month: visitor.get(f"/monitoring/{board}/?month={month:%Y-%m}").content.decode()
                    for month in (before, this)}  # fmt: skip
            assert (name in told[before], name in told[this]) == (True, False), board


def test_more_stations_than_a_page_judges_are_listed_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "_MOST", 2)
    common = {"enterprise": "", "object": "", "due_on": "", "starts_on": "2024-01-01"}
    for number in range(2):
        site.outlet("", f"A{number}", "air", name=f"空气站{number}", **common)
        site.outlet("", f"S{number}", "section", name=f"断面{number}", water_class="3", **common)
    visitor = site.visitor("bureau")
    first, second = (visitor.get(f"/monitoring/quality/?batch={each}").content.decode() for each in (1, 2))
    assert ("空气站1" in first, "断面1" in first, "断面1" in second, "空气站1" in second) == (True, False, True, False)
    assert "共 4 项" in first
