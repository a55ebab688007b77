"""The reporting calendar: what should be open and is not, opened together or by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import returns_site as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting import calendar
from shuangkong.records.reporting.calendar import Missing, by_clock, missing, open_due, open_many, set_by_clock
from shuangkong.records.reporting.models import ByClock, Return, Window

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 3)


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def at(region: str, day: date = DAY) -> dict[tuple[str, str], Missing]:
    return {(each.form.id, str(each.period)): each for each in missing(Region.objects.get(pk=region), day)}


def test_what_should_be_open_and_is_not(held: site.Site) -> None:
    province = at(site.PROVINCE)
    assert (site.FORM, "2026-10") in province
    assert (site.FORM, "2026-09") not in province, "it is open"
    assert (site.FORM, "2026-08") not in province, "nobody is told of what was before the first one"
    assert (site.FORM, "2026-11") not in province, "the month is not over"
    assert ("output_value", "2026-09") not in province
    assert province[site.FORM, "2026-10"].is_owed
    assert not province["coal_dealer_sales", "2026-10"].is_owed, "there is no dealer"
    county = at(site.COUNTY)
    assert (site.FORM, "2026-10") in county
    assert (site.FORM, "2026-09") not in county, "the province has opened it for all below"
    assert ("energy_balance_input", "2025") in county
    assert not county["energy_balance_input", "2025"].is_owed, "no county owes it"
    dues = [each.due for each in missing(Region.objects.get(pk=site.COUNTY), DAY)]
    assert dues == sorted(dues)


def test_a_gap_is_told_of(held: site.Site) -> None:
    with CaptureQueriesContext(connection) as taken:
        later = at(site.PROVINCE, date(2026, 12, 3))
    assert {(site.FORM, "2026-10"), (site.FORM, "2026-11")} <= set(later)
    assert len(taken) <= 20, "whatever the number of forms"


def test_what_is_ticked_is_opened_each_by_itself(held: site.Site) -> None:
    found = open_many(
        [(site.FORM, "2026-10"), (site.FORM, "2026-09"), ("coal_dealer_sales", "2026-10"), ("none", "2026-10"),
         (site.FORM, "soon")],
        site.COUNTY, site.by("county"),
    )  # fmt: skip
    assert [each.refused.code if each.refused else "" for each in found] == ["", "RPT-992", "", "RPT-900", "RPT-996"]
    assert found[0].opened is not None
    assert found[0].opened.listed == 2
    assert found[2].opened is not None
    assert found[2].opened.nobody is not None
    window = Window.objects.get(pk=found[0].opened.number)
    assert window.due == timezone.localdate() + timedelta(days=10), "nobody is late on the day of being listed"
    assert (site.FORM, "2026-10") not in at(site.COUNTY)
    with pytest.raises(Refused, match="RPT-993"):
        open_many([], site.COUNTY, site.by("county"))
    with pytest.raises(Forbidden):
        open_many([(site.FORM, "2026-11")], site.COUNTY, site.by("statistics"))


def test_the_clock_opens_what_a_place_lets_it(held: site.Site) -> None:
    assert open_due(DAY) == 0
    assert set_by_clock([site.FORM, "coal_dealer_sales"], site.COUNTY, site.by("county")) == (2, 0)
    assert JournalRow.objects.filter(act="window.clock", subject=f"region/{site.COUNTY}").count() == 2
    assert open_due(DAY) == 0, "what was over already is left to a person"
    ByClock.objects.update(starts_on=date(2026, 10, 12))
    assert open_due(date(2026, 10, 31)) == 0, "the month is not over"
    assert open_due(date(2026, 11, 1)) == 1, "of both only what somebody owes"
    window = Window.objects.get(form=site.FORM, period="2026-10")
    assert (window.region_id, window.opened_by) == (site.COUNTY, "system")
    assert Return.objects.filter(window=window).count() == 2
    assert open_due(date(2026, 11, 2)) == 0, "once"
    assert set_by_clock([], site.COUNTY, site.by("county")) == (0, 2)
    assert by_clock(site.COUNTY) == {}
    assert open_due(date(2026, 12, 2)) == 0


def test_the_clock_opens_in_portions_and_a_refusal_holds_up_nothing(
    held: site.Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_by_clock([site.FORM, "output_value"], site.COUNTY, site.by("county"))
    ByClock.objects.update(starts_on=date(2026, 10, 12))
    monkeypatch.setattr(calendar, "_A_TICK", 1)
    assert [open_due(DAY) for _ in range(3)] == [1, 1, 0]


def test_who_may_let_the_clock_open(held: site.Site) -> None:
    with pytest.raises(Forbidden):
        set_by_clock([site.FORM], site.COUNTY, site.by("next"))
    with pytest.raises(Refused, match="RPT-995"):
        set_by_clock(["none"], site.COUNTY, site.by("county"))
    with pytest.raises(Refused, match="RPT-994"):
        set_by_clock([site.FORM], "999999", site.by("county"))
