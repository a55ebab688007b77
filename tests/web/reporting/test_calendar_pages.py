"""Opening windows on the pages: towns are not offered, what nobody owes is said, the calendar opens what is ticked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.reporting.models import Return, Window

pytestmark = pytest.mark.django_db
CALENDAR = "/reporting/windows/calendar/"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        found = site.settle("2024-02")
        registry.save_regions([RegionRow("980101003", "桥头镇", "town", site.COUNTY, is_fictional=True)])
        yield found


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def shown(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_a_place_that_approves_nothing_is_not_offered(held: site.Site) -> None:
    page = shown(visitor("county"), "/reporting/windows/open/")
    assert "云桥县" in page
    assert "桥头镇" not in page


def test_a_window_that_nobody_owes_says_so_and_one_taken_over_says_that(held: site.Site) -> None:
    client = visitor("county")
    told = {"form": "coal_dealer_sales", "period": "2026-08", "region": site.COUNTY, "due": "2099-01-01"}
    page = client.post("/reporting/windows/open/", told, follow=True).content.decode()
    assert "没有应报单位" in page
    assert "煤炭经营企业" in page
    told |= {"form": site.FORM}
    assert "列出应报 2 份" in client.post("/reporting/windows/open/", told, follow=True).content.decode()
    told |= {"region": site.CITY}
    page = visitor("city").post("/reporting/windows/open/", told, follow=True).content.decode()
    assert "其中 2 份下级已开窗口" in page
    number = Return.objects.filter(window__region=site.CITY).values_list("pk", flat=True)[0]
    assert "列入上级窗口" in shown(visitor("city"), f"/reporting/{number}/")


def test_the_calendar_opens_what_is_ticked_and_lets_the_clock_do_it(held: site.Site) -> None:
    client = visitor("province")
    assert "该开还没有开" in shown(client, "/reporting/windows/")
    page = shown(client, CALENDAR)
    newest = page.partition(f'value="{site.FORM} ')[2].partition('"')[0]
    assert newest, "the last month is not open"
    page = client.post(f"{CALENDAR}open/", {"window": [f"{site.FORM} {newest}", f"{site.FORM} 2024-02"]})
    told = page.content.decode()
    assert "已开 1 个窗口" in told
    assert "RPT-903" in told
    assert Window.objects.filter(form=site.FORM, period=newest, region=site.PROVINCE).exists()
    assert f'value="{site.FORM} {newest}"' not in shown(client, CALENDAR)
    assert "RPT-993" in client.post(f"{CALENDAR}open/", {}).content.decode()
    answer = client.post(f"{CALENDAR}clock/", {"form": [site.FORM]}, follow=True).content.decode()
    assert "新定由系统到期开 1 张" in answer
    assert f'value="{site.FORM}" checked' in answer


def test_who_opens_no_windows_sees_no_calendar(held: site.Site) -> None:
    for who in ("statistics", "one-reporter"):
        shown(visitor(who), CALENDAR, 403)
    assert CALENDAR not in shown(visitor("statistics"), "/reporting/windows/")
