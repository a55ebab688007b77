"""The screen that watches: what is new comes by itself and alone; who sees the same shares a reading, nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event

import monitoring_site as site
import pytest
import store_at_hand
from django.conf import LazySettings
from django.db.models import Q
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.finding import Message
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarm_rules
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring import data, watching
from shuangkong.web.monitoring.data import NOTHING_READ
from shuangkong.web.monitoring.duty_map import sketch
from shuangkong.web.monitoring.live import Latest, Standing, State
from shuangkong.web.monitoring.watching import Watch, watched

pytestmark = pytest.mark.django_db
_GROUPS = {state: {"name": state.value, "sign": "", "level": ""} for state in State}


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, int]]:
    """An outlet of each of the two units."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        own, other = site.outlet(), site.outlet(site.UNITS[1], "DA002")
        site.connected(own)
        site.connected(other, "88888880000002")
        yield own, other


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[StoreAtHand]:
    watching._kept.clear()
    yield store_at_hand.use(monkeypatch)
    watching._kept.clear()


def ago(minutes: int) -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0) - timedelta(minutes=minutes)


class Screen:
    """A browser that shows the page and asks for news of it."""

    def __init__(self, visitor: Client, query: str = "") -> None:
        self.visitor, self.address = visitor, f"/monitoring/{query}"
        self.page = visitor.get(self.address).content.decode()
        self.map, self.known = _json(self.page, "duty-map"), _known(self.page)

    def news(self) -> str:
        """What came; the map is that of before with the news laid over it."""
        headers = {"HX-Request": "true", "HX-Target": "live-said", "Live-Shown": self.known}
        told: str = self.visitor.get(self.address, headers=headers).content.decode()
        self.known = _known(told)
        self.map = (_json(told, "duty-map") or self.map) | _json(told, "duty-map-news")
        return told


def _known(page: str) -> str:
    return re.search(r"""hx-headers='{"Live-Shown": "([0-9a-f ]+)"}'""", page)[1]  # type: ignore[index]


def _json(page: str, name: str) -> dict:
    _before, found, rest = page.partition(f'<script id="{name}" type="application/json">')
    return json.loads(rest.partition("</script>")[0]) if found else {}


def raised(outlet: int) -> None:
    told = {
        "outlet": outlet, "factor": "a21026", "rule": "exceedance", "key": f"{outlet}/a21026", "period": "hour",
        "starts_at": ago(60), "ends_at": None, "peak": Decimal(61), "limit": Decimal(35), "unit": "mg/m3",
        "multiple": Decimal("0.74"), "text": Message("小时均值超标", "hourly mean out of limits"),
    }  # fmt: skip
    alarm_rules.raise_alarms([alarm_rules.Raised(**told)])  # type: ignore[arg-type]


def test_only_what_is_new_comes(places: tuple[int, int], store: StoreAtHand) -> None:
    point = site.point(places[0])
    store.put(point, Kind.RTD, ago(3), "rtd", "12.5")
    screen = Screen(site.visitor("bureau"))
    assert "二氧化硫 12.5 mg/m³" in screen.page
    quiet = screen.news()
    assert not any(part in quiet for part in ("<table", "duty-map", "hx-swap-oob"))
    store.put(point, Kind.RTD, ago(2), "rtd", "13.5")
    told = screen.news()
    assert "二氧化硫 13.5 mg/m³" in told
    assert 'id="live-tables" hx-swap-oob="true"' in told
    assert "duty-map" not in told, "it stands as before"
    raised(places[0])
    told = screen.news()
    assert "小时均值超标" in told
    assert "超标" in told.split("<table")[0]
    assert "duty-map-news" in told
    assert 'id="duty-map"' not in told, "where it lies is not told again"
    assert screen.map == Screen(site.visitor("bureau")).map
    assert "hx-swap-oob" not in screen.news()


def test_late_corrected_and_marked_values_come_too(places: tuple[int, int], store: StoreAtHand) -> None:
    point, screen = site.point(places[0]), Screen(site.visitor("bureau"))
    assert screen.map["states"][0] == str(list(State).index(State.SILENT))
    store.put(point, Kind.MINUTE, ago(100), "avg", "7.5")
    assert "二氧化硫 7.5" in screen.news(), "late, but the newest that there is"
    store.put(point, Kind.MINUTE, ago(110), "avg", "6.5")
    assert "hx-swap-oob" not in screen.news(), "later still, and older"
    store.put(point, Kind.MINUTE, ago(100), "avg", "8.5", "D", place=(2, 1))
    told = screen.news()
    assert "二氧化硫 8.5" in told
    assert screen.map["states"][0] == str(list(State).index(State.FAULT))


def test_an_outlet_that_is_new_brings_the_map_anew(places: tuple[int, int], store: StoreAtHand) -> None:
    screen = Screen(site.visitor("bureau"))
    site.outlet(code="DA003")
    assert 'id="live-map" hx-swap-oob="true"' in screen.news()
    assert screen.map == Screen(site.visitor("bureau")).map


def test_a_table_that_is_asked_for_alone_comes_alone(places: tuple[int, int], store: StoreAtHand) -> None:
    headers = {"HX-Request": "true", "HX-Target": "standings"}
    told = site.visitor("bureau").get("/monitoring/?standings-sort=outlet", headers=headers).content.decode()
    assert told.index(site.UNITS[1]) < told.index(site.UNITS[0])
    assert "<html" not in told
    assert "duty-map" not in told


@pytest.mark.parametrize("named", [data._NAMED, 0])
def test_who_sees_the_same_shares_a_reading_and_nobody_else(
    places: tuple[int, int], store: StoreAtHand, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, named: int
) -> None:
    """Whether the store is asked by name for the points that somebody sees, or, as of many, for all there are."""
    monkeypatch.setattr(data, "_NAMED", named)
    settings.LIVE_SECONDS = 60
    asked: list[object] = []
    sound = store.latest
    monkeypatch.setattr(store, "latest", lambda *told: asked.append(told[0]) or sound(*told))
    store.put(site.point(places[0]), Kind.RTD, ago(2), "rtd", "12.5")
    store.put(site.point(places[1]), Kind.RTD, ago(2), "rtd", "31.5")
    seen = {"bureau": {"12.5", "31.5"}, "unit": {"12.5"}, "other": {"31.5"}, "neighbour": set()}
    for names in (seen, reversed(seen)):
        for name in names:
            shown = site.visitor(name).get("/monitoring/").content.decode()
            assert {figure for figure in ("12.5", "31.5") if f"二氧化硫 {figure}" in shown} == seen[name], name
    count = len(asked)
    assert count == 6, "each of three scopes once, of two kinds; who has no outlet asks for none"
    store.put(site.point(places[0]), Kind.RTD, ago(1), "rtd", "14.5")
    assert "二氧化硫 12.5" in site.visitor("bureau").get("/monitoring/").content.decode()
    assert len(asked) == count, "shared for so long"
    settings.LIVE_SECONDS = 0
    assert "二氧化硫 14.5" in site.visitor("bureau").get("/monitoring/").content.decode()


def test_a_part_of_many_points_is_named(
    places: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for some of very many never has the whole store brought."""
    for factor in ("a34013", "a21002", "a19001"):
        site.put("factors", outlet=str(places[0]), factor=factor, is_rated="是", starts_on="2024-01-01")
    every = sorted(Point.objects.values_list("pk", flat=True))
    assert len(every) == 5
    for number, each in enumerate(every):
        store.put(each, Kind.RTD, ago(2), "rtd", number)
    asked, sound = list[object](), store.latest
    monkeypatch.setattr(store, "latest", lambda *told: asked.append(told[0]) or sound(*told))
    monkeypatch.setattr(data, "_NAMED", 1)
    monkeypatch.setattr(data, "MOST_POINTS", 1)
    for wanted, named in ((every[1:3], [(every[1],), (every[2],)]), (every[1:4], [None])):
        asked.clear()
        found = data.newest_values(wanted, (Kind.RTD,), None, ago(9), ago(0))
        assert (asked, list(found.points)) == (named, wanted)


def test_who_waits_for_a_reading_is_told_of_it(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ask at once, one reads; what fails is not kept; what nobody asks for any more is let go."""
    settings.LIVE_SECONDS = 60
    watching._kept.clear()
    begun, go_on, read = Event(), Event(), []

    def slow(condition: Q) -> Watch:
        read.append(condition)
        begun.set()
        assert go_on.wait(5)
        if len(read) == 1:
            raise RuntimeError("away")
        return Watch(timezone.now(), (), is_up=True)

    monkeypatch.setattr(watching, "_read", slow)
    with ThreadPoolExecutor(10) as threads:
        told = [threads.submit(watched, Q(pk=1)) for _ in range(10)]
        assert begun.wait(5)
        go_on.set()
        faults = [each.exception() for each in told]
    assert sum(each is not None for each in faults) == 1
    assert len(read) == 2
    settings.LIVE_SECONDS = 0
    watched(Q(pk=2))
    assert list(watching._kept) == [Q(pk=2)]


outlets = st.lists(
    st.tuples(st.none() | st.decimals(100, 110, places=4), st.text("甲乙丙", min_size=1, max_size=3)),
    min_size=1, max_size=6,
)  # fmt: skip
moments = st.lists(st.tuples(st.sampled_from(State), st.integers(0, 3)), min_size=6, max_size=6)


def stood(told: list[tuple[Decimal | None, str]], moment: list[tuple[State, int]]) -> list[Standing]:
    return [
        Standing(Outlet(pk=number, name=name, longitude=east, latitude=Decimal(30)), state, Latest(NOTHING_READ, {}),
                 open_, "")
        for number, ((east, name), (state, open_)) in enumerate(zip(told, moment, strict=False), 1)
    ]  # fmt: skip


@given(outlets, moments, moments)
def test_states_laid_over_an_earlier_map_are_the_whole_map(
    told: list[tuple[Decimal | None, str]], first: list[tuple[State, int]], then: list[tuple[State, int]]
) -> None:
    before, after = (sketch(stood(told, each), _GROUPS, ("/", "/"), "") for each in (first, then))
    placed = [each for each in stood(told, then) if each.outlet.longitude is not None]
    if before is None or after is None:
        assert not placed
        return
    assert before.ground == after.ground
    assert {**before.whole, **after.states} == after.whole
    groups = [after.whole["groups"][int(digit)]["name"] for digit in after.whole["states"]]
    assert groups == [each.state for each in placed]
    assert [after.whole["open"].get(str(at), 0) for at in range(len(placed))] == [each.open_alarms for each in placed]
    assert [point[3] for point in after.whole["points"]] == [each.outlet.pk for each in placed]
