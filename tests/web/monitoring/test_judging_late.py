"""What comes late is judged late; what is in use no more can be settled; stations are watched too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.alarms.life import Act, State
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms, marks
from shuangkong.records.monitoring.arrivals import Late, keep_late, unjudged
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import LateData, Outlet
from shuangkong.web.monitoring import judging
from shuangkong.web.monitoring.cases import cases_of
from shuangkong.web.monitoring.judging import SETTLING, judge

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, days=40)
        site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def fill(store: StoreAtHand, outlet: int, hours: int = 20 * 24) -> list[datetime]:
    told = store_at_hand.last_hours(hours)
    for number, at in enumerate(told):
        store.put(site.point(outlet), Kind.HOUR, at, "avg", 20 + number % 7)
    return told


def found(outlet: int, rule: str = "exceedance") -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms(Q(outlet=outlet, rule=rule))


def test_what_comes_late_is_judged_from_its_oldest_on(outlet: int, store: StoreAtHand) -> None:
    told = fill(store, outlet)
    at = told[6 * 24]
    store.put(site.point(outlet), Kind.HOUR, at, "avg", 61)
    judge()
    assert found(outlet) == (), "a fortnight back, and nothing says that it came only now"
    keep_late([Late(outlet, at, at)], timezone.now())
    judge()
    [row] = found(outlet)
    assert (row.starts_at, row.ends_at, row.peak) == (at, at + HOUR, 61)
    assert unjudged() == {outlet: at}, "it may still be on its way into the store"
    LateData.objects.update(arrived_at=timezone.now() - SETTLING - HOUR)
    judge()
    assert unjudged() == {}
    # A person closed it; more comes late of the hours beside it, and it stays that one alarm.
    by = site.by("bureau")
    alarms.take_step(row.id, Act.EXPLAIN, site.by("unit"), "启动", "process")
    for act, cause in ((Act.REVIEW, "process"), (Act.CLOSE, "")):
        alarms.take_step(row.id, act, by, "属实", cause)
    store.put(site.point(outlet), Kind.HOUR, at - HOUR, "avg", 50)
    keep_late([Late(outlet, at - HOUR, at - HOUR)], timezone.now())
    judge()
    [row] = found(outlet)
    assert (row.starts_at, row.state) == (at - HOUR, State.CLOSED)


def test_nothing_is_judged_further_back_than_the_bound(outlet: int, store: StoreAtHand) -> None:
    Outlet.objects.filter(pk=outlet).update(starts_on=timezone.localdate() - 400 * DAY)
    asked: list[datetime] = []
    plain = store.series

    def noted(point: object, kind: Kind, stat: object, start: datetime, end: datetime) -> object:
        asked.append(start)
        return plain(point, kind, stat, start, end)  # type: ignore[arg-type]

    store.series = noted  # type: ignore[assignment, method-assign]
    long_ago = timezone.now() - 300 * DAY
    keep_late([Late(outlet, long_ago, long_ago)], timezone.now())
    judge()
    assert timezone.now() - 62 * DAY < min(asked) < timezone.now() - 59 * DAY


def test_the_alarms_of_an_ended_outlet_can_be_settled(outlet: int, store: StoreAtHand) -> None:
    """It exceeds and is silent till it is taken out of use: nothing goes on after that, and the bureau can close."""
    told = fill(store, outlet, 48)
    for at in told[-3:]:
        store.put(site.point(outlet), Kind.HOUR, at, "avg", 61)
    other = site.outlet(site.UNITS[1], "DW001", "water")
    site.connected(other, "88888880000002", factors=("w01018",))
    judge()
    [row], [silent] = found(outlet), found(other, "silence")
    assert (row.ends_at, silent.ends_at) == (None, None)
    with pytest.raises(alarms.Refused):
        _settle(row.id, "unit")
    yesterday = timezone.localdate() - DAY
    Outlet.objects.filter(pk__in=(outlet, other)).update(ends_on=yesterday)
    judge()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    [row], [silent] = found(outlet), found(other, "silence")
    assert row.ends_at is not None
    assert silent.ends_at == midnight
    for number, name in ((row.id, "unit"), (silent.id, "other")):
        _settle(number, name)
    assert {each.state for each in (*found(outlet), *found(other, "silence"))} == {State.CLOSED}
    # Long after, what is still unsettled of it goes on being looked at, and nothing new is found.
    Outlet.objects.filter(pk=other).update(ends_on=timezone.localdate() - 30 * DAY)
    before = alarms.alarms(Q())
    judge()
    assert alarms.alarms(Q()) == before


def _settle(number: int, unit: str) -> None:
    by = site.by("bureau")
    if alarms.standing_of(number).state is State.OPEN:  # type: ignore[union-attr]
        alarms.take_step(number, Act.EXPLAIN, site.by(unit), "设备拆除", "device")
        alarms.take_step(number, Act.REVIEW, by, "属实", "device")
    alarms.take_step(number, Act.CLOSE, by, "已停用")


def test_hours_are_clean_only_since_it_exceeded_last(outlet: int, store: StoreAtHand) -> None:
    told = fill(store, outlet, 60)
    place, now = Outlet.objects.get(pk=outlet), timezone.localtime()
    end = now.replace(minute=0, second=0, microsecond=0)

    def clean(number: int) -> int:
        judge()
        [case] = cases_of([place], {outlet: told[0]}, {outlet: end}, now)
        return judging._clean(case, found(outlet)[number], found(outlet))

    store.put(site.point(outlet), Kind.HOUR, told[-50], "avg", 61)
    assert clean(0) == 49
    store.put(site.point(outlet), Kind.HOUR, told[-10], "avg", 61)
    assert clean(1) == 9
    store.put(site.point(outlet), Kind.HOUR, told[-1], "avg", 61)
    assert clean(2) == 0


def test_what_hangs_below_zero_is_stuck(outlet: int, store: StoreAtHand) -> None:
    told = fill(store, outlet, 72)
    for at in told[24:]:
        store.put(site.point(outlet), Kind.HOUR, at, "avg", "-0.1")
    judge()
    assert [row.starts_at for row in found(outlet, "stuck")] == [told[24]]


def test_a_case_bears_nothing_of_the_outlets_beside_it(outlet: int, store: StoreAtHand) -> None:
    """Each walks through what it bears: if it bore all of the batch, a batch would cost its square."""
    other = site.outlet(code="DA002")
    site.connected(other, "77777770000002", days=40)
    told = fill(store, outlet, 72)
    fill(store, other, 72)
    own = list(Outlet.objects.select_related("region", "enterprise").filter(pk__in=(outlet, other)).order_by("pk"))
    for each in own:
        marks.mark_hours(each.pk, "", told[50], told[52], "D", Reason.FAULT, site.by("bureau"), "故障")
    starts, ends = dict.fromkeys((outlet, other), told[0]), dict.fromkeys((outlet, other), told[-1])
    for case in cases_of(own, starts, ends, timezone.now()):
        point = site.point(case.outlet.pk)
        assert (set(case.held.points), set(case.held.marked)) == ({point}, {case.outlet.pk})
        assert {number for number, _stat in case.held.values} == {point}
        assert len(case.hours("a21026")) == 71


def station(kind: str, code: str, mn: str, factor: str, **due: str) -> int:
    place = site.put("outlets", region=site.COUNTY, kind=kind, code=code, name=code, longitude="104.6", latitude="30.1",
                     starts_on="2024-01-01")  # fmt: skip
    site.connected(place, mn, factors=())
    site.put("factors", outlet=str(place), factor=factor, is_rated="是", starts_on="2024-01-01", **due)
    return place


def test_stations_and_sections_are_watched_by_what_they_owe(outlet: int, store: StoreAtHand) -> None:
    fill(store, outlet)
    air = station("air", "KQ001", "88888880000007", "a34004", low="0", high="500000")
    river = station("section", "DM001", "88888880000008", "w01018")
    told = store_at_hand.last_hours(20 * 24)  # from before the days judged: their beginning is no silence
    for number, at in enumerate(told, -len(told)):
        value = 40000 if number >= -19 else 30000 + number
        store.put(site.point(air, "a34004"), Kind.HOUR, at, "avg", 600000 if number == -60 else value)
        if number % 4 == 3:
            store.put(site.point(river, "w01018"), Kind.HOUR, at, "avg", 15)
    judge()
    assert found(air) == found(river) == ()
    assert [row.starts_at for row in found(air, "out_of_range")] == [told[-60]]
    assert [row.starts_at for row in found(air, "stuck")] == [told[-19]]
    assert found(air, "jump") == ()
    assert found(river, "silence") == (), "every four hours"
    [row] = found(river, "stuck")
    assert "次测得 15" in row.text.zh
    for at in told[-9:]:
        for place, factor in ((air, "a34004"), (river, "w01018")):
            store.rows.pop((site.point(place, factor), Kind.HOUR, at.astimezone(store_at_hand.UTC), "avg"), None)
    judge()
    [row] = found(air, "silence")
    assert (row.starts_at, row.ends_at) == (told[-9], None)
    [row] = found(river, "silence")
    # No unit answers for a station: the bureau itself explains, and closes what is over.
    [over] = found(air, "out_of_range")
    with pytest.raises(alarms.Refused):
        alarms.take_step(over.id, Act.EXPLAIN, site.by("unit"), "…", "device")
    for act, cause in ((Act.EXPLAIN, "device"), (Act.REVIEW, "device"), (Act.CLOSE, "")):
        assert act in alarms.may_take(alarms.alarm(over.id), site.by("bureau"))  # type: ignore[arg-type]
        alarms.take_step(over.id, act, site.by("bureau"), "已修复", cause)
    [over] = found(air, "out_of_range")
    assert over.state is State.CLOSED


def test_hours_whose_marks_change_are_judged_anew(outlet: int, store: StoreAtHand) -> None:
    """A fortnight back: what was marked as a fault is no exceedance, and is one once the mark is withdrawn."""
    told = fill(store, outlet)
    at = told[6 * 24]
    store.put(site.point(outlet), Kind.HOUR, at, "avg", 61)
    by = site.by("bureau")
    number = marks.mark_hours(outlet, "", at, at + HOUR, "D", Reason.FAULT, by, "核查中")
    assert unjudged() == {outlet: at}
    judge()
    assert found(outlet) == ()
    LateData.objects.update(unjudged_from=None)
    marks.withdraw(number, by, "查无故障")
    judge()
    [row] = found(outlet)
    assert (row.starts_at, row.peak) == (at, 61)
    LateData.objects.update(unjudged_from=None)
    marks.mark_hours(outlet, "", told[-3], told[-2], "D", Reason.FAULT, by, "核查中")
    assert unjudged() == {}, "the newest hours are judged at each run"
