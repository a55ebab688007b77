"""Windows of one form and period at several places: whoever opens first does not fix how far up it is approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.counting import keep_counts, kept_now, kept_then, tallies_then
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.locking import lock_window
from shuangkong.records.reporting.models import Event, Return
from shuangkong.records.reporting.store import happened, one, standing_of
from shuangkong.records.reporting.windows import Opened, follow_windows, open_counted, open_window, refresh
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life import State
from shuangkong.reporting.life_standing import standing

pytestmark = pytest.mark.django_db
MONTH, TOWN = "2026-08", "980101003"
UP = f"{site.COUNTY} {site.CITY} {site.PROVINCE}"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        found = site.settle()
        registry.save_regions([RegionRow(TOWN, "桥头镇", "town", site.COUNTY, is_fictional=True)])
        yield found


def opened(region: str, who: str) -> Opened:
    return open_counted(site.FORM, MONTH, region, site.by(who), site.DUE)


def by_county(held: site.Site) -> tuple[int, dict[str, int]]:
    """The county's window of another month, and the returns of both units."""
    window = opened(site.COUNTY, "county").number
    rows = Return.objects.filter(window=window)
    return window, {key: rows.get(reporter__enterprise=number).pk for key, number in held.enterprises.items()}


def approved_below(number: int, who: str) -> None:
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told()))
    submit(number, site.by(f"{who}-signatory"), ToSubmit())
    act(number, site.by("statistics"), K.ACCEPT)
    act(number, site.by("county"), K.APPROVE)


def is_replayed(number: int) -> bool:
    row, found = Return.objects.get(pk=number), one(number)
    assert found is not None
    events = [LifeEvent(each.kind, each.on, each.version, each.level, each.due) for each in happened(number)]
    return standing(row.due, row.levels, events) == standing_of(row) == found.standing


def test_a_window_above_takes_over_and_approval_goes_on(held: site.Site) -> None:
    window, numbers = by_county(held)
    approved_below(numbers["one"], "one")
    before = Return.objects.get(pk=numbers["one"])
    assert (before.chain, before.level, before.levels, before.was_final) == (site.COUNTY, 1, 1, True)
    city = opened(site.CITY, "city")
    assert (city.listed, city.raised, city.locked, city.elsewhere) == (2, 2, 0, 0)
    rows = {row.pk: row for row in Return.objects.filter(window=city.number)}
    assert set(rows) == set(numbers.values())
    assert not Return.objects.filter(window=window).exists()
    row = rows[numbers["one"]]
    assert (row.chain, row.state, row.level, row.levels) == (f"{site.COUNTY} {site.CITY}", State.APPROVED, 1, 2)
    assert row.was_final, "that it was once approved by every level stays"
    assert not Return.objects.exclude(pk=row.pk).get(window=city.number).received_on
    with pytest.raises(Refused, match="RPT-906"):
        lock_window(city.number, site.by("city"))
    province = open_counted(site.FORM, MONTH, site.PROVINCE, site.by("province"), site.DUE)
    assert (province.listed, province.raised) == (2, 2)
    for level in ("city", "province"):
        act(row.pk, site.by(level), K.APPROVE)
    row.refresh_from_db()
    assert (row.chain, row.level, row.levels) == (UP, 3, 3)
    assert lock_window(province.number, site.by("province")) == (1, 1)
    for number in numbers.values():
        assert is_replayed(number)
    told = Event.objects.filter(owned=row, kind=K.RAISE).order_by("pk").values_list("level", "region", "author")
    assert list(told) == [(1, site.CITY, "city"), (2, site.PROVINCE, "province")]
    written = JournalRow.objects.filter(act="return.raise", subject=f"return/{row.pk}")
    assert written.count() == 2


def test_what_is_locked_below_stays_locked_and_is_counted_above(held: site.Site) -> None:
    window, numbers = by_county(held)
    approved_below(numbers["one"], "one")
    lock_window(window, site.by("county"))
    city = opened(site.CITY, "city")
    assert (city.listed, city.raised, city.locked) == (2, 1, 1)
    row = Return.objects.get(pk=numbers["one"])
    assert (row.window_id, row.state, row.chain) == (city.number, State.LOCKED, site.COUNTY)
    act(row.pk, site.by("county"), K.UNLOCK, Said("上级要审"))
    assert refresh(city.number, site.by("city")) == (0, 0)
    row.refresh_from_db()
    assert (row.state, row.level, row.chain) == (State.APPROVED, 1, f"{site.COUNTY} {site.CITY}")
    assert is_replayed(row.pk)


def test_what_was_opened_below_before_is_taken_over_by_the_list_brought_up_to_date(held: site.Site) -> None:
    window, _ = by_county(held)
    city = opened(site.CITY, "city").number
    Return.objects.filter(window=city).update(window=window, chain=site.COUNTY, levels=1)
    Event.objects.filter(kind=K.RAISE).delete()
    follow_windows(timezone.localdate())
    assert set(Return.objects.filter(window=city).values_list("chain", flat=True)) == {f"{site.COUNTY} {site.CITY}"}
    assert not Return.objects.filter(window=window).exists()
    assert refresh(city, site.by("city")) == (0, 0)
    assert refresh(window, site.by("county")) == (0, 0), "the window below takes nothing back"


def test_counts_of_past_days_and_of_today_hold_each_return_once(held: site.Site) -> None:
    window, numbers = by_county(held)
    keep_counts(timezone.localdate())
    city = opened(site.CITY, "city").number
    now, _ = kept_now([window, city])
    assert window not in now, "what was counted this morning is not counted twice"
    both = Q(window__in=[window, city])
    today = timezone.localdate()
    assert tallies_then(both, ("window",), today) == tallies(both, ("window",), today)
    keep_counts(today)
    now, _ = kept_now([window, city])
    assert [Tally.sum(now[each].values()).expected for each in (window, city)] == [0, 2]
    assert kept_then([city], today - timedelta(days=1))[city] == {}
    assert len(numbers) == 2


def test_a_town_opens_none_and_nobody_opens_what_is_open_above(held: site.Site) -> None:
    with pytest.raises(Refused) as town:
        open_window(site.FORM, MONTH, TOWN, site.by("county"), site.DUE)
    assert town.value.code == "RPT-991"
    with pytest.raises(Refused) as lower:
        open_window(site.FORM, site.PERIOD, site.COUNTY, site.by("county"), site.DUE)
    assert lower.value.code == "RPT-992"
    assert "云岭省" in lower.value.message.zh
    assert "2 家" in lower.value.message.zh
