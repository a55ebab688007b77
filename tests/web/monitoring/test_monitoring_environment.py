"""Air and rivers: months and years become facts, and targets, warnings and consequences read these very facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.assessment.results import TARGET_MISSED, named_by
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.span import Span
from shuangkong.outlook.triggers.signal import quality_signal
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.looking import observations
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.evaluating import evaluate
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.outlook.signals import QUALITY
from shuangkong.web.targets.course import courses

pytestmark = pytest.mark.django_db
PM25 = "a34004"
YEAR = 2024
SPAN = Span(0, 0)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
COMMON = {"enterprise": "", "object": "", "due_on": "", "starts_on": "2023-01-01"}


@pytest.fixture(scope="module")
def station(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet("", "A1", "air", name="县站", **COMMON)
        site.put("factors", outlet=str(place), factor=PM25, starts_on="2023-01-01")
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def fill(store: StoreAtHand, point: int, first: date, last: date, value: int, least: int = 20) -> None:
    """So many hours of every day; the table of codes has PM2.5 in ng/m³."""
    day = first
    while day <= last:
        for hour in range(least):
            store.put(point, Kind.HOUR, midnight(day) + timedelta(hours=hour), "avg", value)
        day += timedelta(days=1)


def told(indicator: str, code: str = site.COUNTY) -> dict[str, tuple[State, Decimal | None, str]]:
    rows = observations([indicator], [("region", code)])
    return {row.period: (row.state, row.value, row.unit) for row in rows}


def target(value: str) -> TargetRow:
    """An invented target of the county: PM2.5 down from 60 to so many µg/m³ in the year that is told."""
    return TargetRow(
        id=1, plan=1, plan_title="虚构方案", version=1, measure=None, entry=1, ordinal=1, item_no="", is_headline=True,
        subject_kind="region", subject_code=site.COUNTY, subject_name="云桥县", indicator="pm25_level",
        indicator_name="细颗粒物年均浓度", indicator_printed="PM2.5", kind="level_cap", op="<=", value=Decimal(value),
        unit="微克/立方米", base_year=2020, base_value=Decimal(60), base_unit="微克/立方米", deadline=str(YEAR),
        start_year=2020, end_year=YEAR, plan_base_year=2020, scope="", denominator="", strength="", nature="",
        in_words=False, reserve=None, excluded="", span=SPAN, value_span=SPAN, table=None, is_demo=False,
        is_fictional=True,
    )  # fmt: skip


def test_a_year_becomes_facts_that_the_trigger_and_the_consequence_read(station: int, store: StoreAtHand) -> None:
    fill(store, site.point(station, PM25), FIRST, LAST, 45_000)
    count = evaluate(Period(YEAR), FIRST, LAST)
    assert count >= 2
    assert told("pm25_level") == {str(YEAR): (State.VALUE, Decimal("0.045"), "mg/m3")}
    assert told("pm25_level", "990000")[str(YEAR)][1] == Decimal("0.045"), "the city has this station alone"
    # 45 stands 28.57 % above the 35 of the yearly limit.
    assert told("quality_gap") == {str(YEAR): (State.VALUE, Decimal("28.57"), "pct")}
    assert told("good_air_rate")[str(YEAR)][0] is State.MISSING, "of PM2.5 alone no day is known to be good"
    assert evaluate(Period(YEAR), FIRST, LAST) == 0, "the same again writes nothing"
    rule = open_rulebook().outlook().triggers[QUALITY]
    cell = Cell(Subject("region", site.COUNTY), "pm25_level", Period(YEAR))
    [behind] = courses([target("40")])
    assert behind.latest is not None
    signal = quality_signal(rule, cell, behind.latest, wants_less=True)
    assert signal.is_raised
    assert signal.culprits == ("pm25_level",)
    [kept_] = courses([target("46")])
    assert kept_.latest is not None
    assert quality_signal(rule, cell, kept_.latest, wants_less=True).is_raised is False
    rules = {each.id: each for each in open_rulebook().assessment().rules}
    missed = named_by({TARGET_MISSED: Decimal(1)}, behind.target.indicator, rules["quality_reduction_missed"])
    assert missed["quality_missed"] == 1


def test_a_day_below_zero_stops_neither_page_nor_facts(station: int, store: StoreAtHand) -> None:
    first, last = date(YEAR, 3, 1), date(YEAR, 3, 31)
    point = site.point(station, PM25)
    fill(store, point, first, last, 30_000)
    fill(store, point, last, last, -5_000)
    evaluate(Period(YEAR, "03"), first, last)
    [(state, value, _unit)] = told("pm25_level").values()
    assert (state, value) == (State.VALUE, Decimal("0.03")), "the day below zero counts for no mean"
    assert site.visitor("bureau").get(f"/monitoring/quality/?period={YEAR}").status_code == 200


def test_what_no_station_tells_any_more_is_withdrawn(station: int, store: StoreAtHand) -> None:
    """A station that was entered by mistake is ended before the month that was told of it."""
    fill(store, site.point(station, PM25), date(YEAR, 3, 1), date(YEAR, 3, 31), 30_000)
    march = Period(YEAR, "03"), date(YEAR, 3, 1), date(YEAR, 3, 31)
    assert evaluate(*march) > 0
    assert observations(["pm25_level"], [("region", site.COUNTY)])[-1].value is not None
    assert evaluate(*march) == 0
    Outlet.objects.filter(pk=station).update(ends_on=date(YEAR, 2, 28))
    assert evaluate(*march) > 0
    assert observations(["pm25_level"], [("region", site.COUNTY)])[-1].value is None
    assert evaluate(*march) == 0


def test_a_month_needs_its_days(station: int, store: StoreAtHand) -> None:
    first, last = date(YEAR, 3, 1), date(YEAR, 3, 31)
    point = site.point(station, PM25)
    fill(store, point, first, last, 30_000)
    evaluate(Period(YEAR, "03"), first, last)
    assert told("pm25_level") == {f"{YEAR}-03": (State.VALUE, Decimal("0.03"), "mg/m3")}
    fill(store, point, date(YEAR, 4, 1), date(YEAR, 4, 26), 30_000)
    evaluate(Period(YEAR, "04"), date(YEAR, 4, 1), date(YEAR, 4, 30))
    assert told("pm25_level")[f"{YEAR}-04"][0] is State.MISSING, "26 days of 27"
    fill(store, point, date(YEAR, 4, 27), date(YEAR, 4, 27), 30_000)
    evaluate(Period(YEAR, "04"), date(YEAR, 4, 1), date(YEAR, 4, 30))
    assert told("pm25_level")[f"{YEAR}-04"][0] is State.VALUE, "late data make another version"


BASIC = {"w01001": "7", "w01009": "8", "w01019": "3", "w21011": "0.1"}


def put_section(store: StoreAtHand, place: int, first: date, count: int = 2, **values: str) -> None:
    """So many readings of each factor in the month."""
    for factor, value in values.items():
        site.put("factors", outlet=str(place), factor=factor, starts_on="2023-01-01")
        for number in range(count):
            store.put(site.point(place, factor), Kind.HOUR, midnight(first) + timedelta(hours=4 * number), "avg", value)


@pytest.mark.parametrize("lacks", ["factors", "readings"])
def test_a_class_that_may_still_be_worse_is_no_figure(station: int, store: StoreAtHand, lacks: str) -> None:
    """A good section without its basic factors, or of one reading: its share is not told; a bad one stays bad."""
    first, last = date(YEAR, 3, 1), date(YEAR, 3, 31)
    place = site.outlet("", "S9", "section", name="断面九", water_class="3", **COMMON)
    put_section(store, place, first, w21003="0.3", **({} if lacks == "factors" else {"count": 1} | BASIC))  # type: ignore[arg-type]
    evaluate(Period(YEAR, "03"), first, last)
    state, _value, _unit = told("good_water_rate")[f"{YEAR}-03"]
    assert state is State.MISSING
    if lacks == "factors":
        page = site.visitor("bureau").get(f"/monitoring/quality/?period={YEAR}").content.decode()
        assert "不定：缺基本因子" in page
        put_section(store, place, first, w21011="0.9")
        evaluate(Period(YEAR, "03"), first, last)
        assert told("poor_water_rate")[f"{YEAR}-03"][1] == 100
        assert told("good_water_rate")[f"{YEAR}-03"][1] == 0, "what lacks cannot make it better"


def test_sections_are_shares_of_all_that_are_told(station: int, store: StoreAtHand) -> None:
    first, last = date(YEAR, 3, 1), date(YEAR, 3, 31)
    places = [
        site.outlet("", level[:2], "section", name=f"断面{level}", water_class="3", section_level=level, **COMMON)
        for level in ("national", "provincial")
    ]
    site.put("section-targets", outlet=str(places[1]), year=str(YEAR), water_class="4", document="考核方案")
    put_section(store, places[0], first, w21003="0.9", **BASIC)
    put_section(store, places[1], first, w21003="1.4", **BASIC)
    evaluate(Period(YEAR, "03"), first, last)
    assert told("good_water_rate")[f"{YEAR}-03"][1] == 50
    assert told("section_plain_pass_rate")[f"{YEAR}-03"][1] == 100, "the target of the year goes before the lasting one"
    assert told("national_section_pass_rate")[f"{YEAR}-03"][1] == 100, "of the one that the nation examines"
    assert told("poor_water_rate")[f"{YEAR}-03"][1] == 0
    evaluate(Period(YEAR, "04"), date(YEAR, 4, 1), date(YEAR, 4, 30))
    assert told("good_water_rate")[f"{YEAR}-04"][0] is State.MISSING


def test_ozone_that_no_table_has_counts_by_its_registered_unit(station: int, store: StoreAtHand) -> None:
    """Its code is not of the table: without a unit in the device's entry it is left out, and not taken as µg/m³."""
    from shuangkong.records.monitoring.models import Point
    from shuangkong.web.monitoring.quality import air_conversions

    law = open_rulebook().monitoring()
    Point.objects.create(outlet_id=station, factor="a05024")
    ratios = air_conversions(law, [station])
    assert (station, "a05024") not in ratios
    assert ratios[station, PM25] == Decimal("0.001")
    assert ratios[station, "a21026"] == 1000
    site.connected(station, days=400, factors=())
    site.put("device-units", device=site.MN, factor="a05024", unit="mg/m3", starts_on="2023-01-01")
    assert air_conversions(law, [station])[station, "a05024"] == 1000
