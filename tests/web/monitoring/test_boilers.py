"""Boilers: what may not be certified, what is held against rules, and removed ones that come back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.boilers import class_of, class_words, fuel_of, life
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.readings.columns import Kind
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.equipment.boilers import boiler_lines
from shuangkong.records.monitoring.metering import Closed, keep
from shuangkong.records.monitoring.models import Alarm, Boiler
from shuangkong.records.monitoring.registers.acts import end_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.reappearing import look_for_life

pytestmark = pytest.mark.django_db
UNIT = site.UNITS[0]
FUELS = open_rulebook().monitoring().fuels
BOUNDS = tuple(map(Decimal, (10, 20, 35, 65)))


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, factors=("a00000", "a19001"))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def boiler(code: str, capacity: str = "15", fuel: str = "烟煤", **more: str) -> int:
    return site.put(
        "boilers", enterprise=UNIT, code=code, name=f"{code}锅炉", sort="boiler", capacity=capacity, fuel=fuel,
        starts_on="2012-01-01", **more,
    )  # fmt: skip


def certify(number: int, zone: str = "built_up", starts_on: str = "2024-03-01") -> int:
    return site.put("boiler-permits", boiler=str(number), number=f"锅{number}", zone=zone, starts_on=starts_on)


def remove(number: int, on: str = "2024-06-30", **more: str) -> int:
    return site.put("boiler-removals", boiler=str(number), way="拆除", document="淘汰通知", starts_on=on, **more)


def line(number: int) -> object:
    [found] = boiler_lines(Q(pk=number), timezone.localdate())
    return found


@pytest.mark.parametrize(
    ("capacity", "fuel", "zone", "may"),
    [
        ("19.9", "烟煤", "built_up", False), ("20", "烟煤", "built_up", True), ("19.9", "天然气", "built_up", True),
        ("19.9", "焦炉煤气", "built_up", True), ("6", "煤粉", "outside_built_up", False),
        ("10", "烟煤", "outside_built_up", True),
    ],
)  # fmt: skip
def test_what_documents_forbid_is_not_certified(outlet: int, capacity: str, fuel: str, zone: str, may: bool) -> None:
    made = boiler("G1", capacity, fuel)
    if may:
        assert certify(made, zone)
        return
    with pytest.raises(Refused) as caught:
        certify(made, zone)
    assert caught.value.code == "MON-373"
    assert "尚未与原文核对" in caught.value.message.zh, "an unverified rule says that it is"
    assert certify(made, zone, "2012-02-01"), "before the document it could be"


def test_a_removed_boiler_is_certified_no_more_and_what_it_had_is_to_be_cancelled(outlet: int) -> None:
    made = boiler("G2", "30")
    permit = certify(made)
    remove(made)
    held = boiler_lines(Q(pk=made), timezone.localdate())[0]
    assert held.is_certified_though_removed
    assert "应注销" in site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    with pytest.raises(Refused, match="MON-372"):
        end_row(REGISTERS["boiler-permits"], permit, "2024-12-31", site.by("bureau"), "淘汰")
    end_row(REGISTERS["boiler-permits"], permit, "2024-06-30", site.by("bureau"), "淘汰注销")
    assert not boiler_lines(Q(pk=made), timezone.localdate())[0].is_certified_though_removed
    with pytest.raises(Refused, match="MON-372"):
        certify(made, starts_on="2025-01-01")
    with pytest.raises(Refused, match="MON-377"):
        remove(made)
    other = boiler("G3", "30")
    with pytest.raises(Refused, match="MON-375"):
        site.put("boiler-checks", boiler=str(other), inspected_on="2025-01-01", found="gone", inspector="张三")


def test_a_number_that_nobody_asked_about_certifies_nothing(outlet: int) -> None:
    forbidden = boiler("G4", "6", certificate="自填001")
    held = boiler_lines(Q(pk=forbidden), timezone.localdate())[0]
    assert (held.number, held.noted) == ("", "自填001")
    visitor = site.visitor("bureau")
    page = visitor.get("/monitoring/boilers/").content.decode()
    assert "1 台没有使用登记证" in page
    assert "没有登记；锅炉登记册记有 自填001" in page
    remove(forbidden)
    page = visitor.get("/monitoring/boilers/").content.decode()
    assert "锅炉登记册记有 自填001，是否注销未登记" in page
    assert "没有在效的证" not in page
    cancelled = boiler("G5", "30")
    permit = certify(cancelled)
    Boiler.objects.filter(pk=cancelled).update(certificate=f"锅{cancelled}")
    end_row(REGISTERS["boiler-permits"], permit, "2024-06-30", site.by("bureau"), "注销")
    held = boiler_lines(Q(pk=cancelled), timezone.localdate())[0]
    assert (held.number, held.noted) == ("", ""), "it was cancelled, whatever its own row says"


def test_tests_are_held_against_the_rule_of_the_fuel(outlet: int) -> None:
    coal, gas, wood = boiler("C1"), boiler("C2", fuel="天然气"), boiler("C3", fuel="生物质")
    test = {"enterprise": UNIT, "sort": "efficiency", "agency": "特检所", "is_passed": "是"}
    for number, found in ((coal, "80"), (gas, "91.9"), (wood, "70")):
        site.put("equipment-tests", boiler=str(number), tested_on="2024-05-01", efficiency_pct=found, **test)
    told = {each.boiler.pk: each.efficiency for each in boiler_lines(Q(), timezone.localdate())}
    assert [told[number].is_enough for number in (coal, gas, wood)] == [True, False, None]
    site.put("equipment-tests", boiler=str(coal), tested_on="2025-05-01", efficiency_pct="79.9", **test)
    assert boiler_lines(Q(pk=coal), timezone.localdate())[0].efficiency.is_enough is False, "the newest counts"
    machine = site.put("machines", enterprise=UNIT, sort="电梯", code="E1", name="客梯", starts_on="2015-01-01")
    for wrong, code in (
        ({"boiler": str(coal), "efficiency_pct": ""}, "MON-385"), ({"boiler": "", "efficiency_pct": "80"}, "MON-382"),
        ({"boiler": str(coal), "machine": str(machine), "efficiency_pct": "80"}, "MON-382"),
        ({"boiler": str(coal), "efficiency_pct": "111"}, "MON-386"),
        ({"boiler": str(coal), "sort": "能效评价"}, "MON-383"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            site.put("equipment-tests", **{**test, "tested_on": "2024-05-01", **wrong})
    site.put("equipment-tests", **{**test, "machine": str(machine), "sort": "能效评价", "tested_on": "2024-05-01"})


def test_a_removed_boiler_that_burns_again_raises_one_alarm(outlet: int, store: StoreAtHand) -> None:
    made = boiler("B1", "6", outlet=str(outlet))
    flow, oxygen = site.point(outlet, "a00000"), site.point(outlet, "a19001")
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    on = hour.date() - timedelta(days=2)
    remove(made, on.isoformat())

    def put(hours: int, amount: str, pct: str) -> None:
        at = hour - timedelta(hours=hours)
        store.put(flow, Kind.HOUR, at, "avg", amount)
        store.put(oxygen, Kind.HOUR, at, "avg", pct)

    put(60, "8", "9")  # before the removal was over
    put(4, "0", "9")
    put(3, "8", "20.95")
    assert look_for_life() == 0, "air, or nothing that flows"
    put(2, "8", "9")
    assert (look_for_life(), look_for_life()) == (1, 0)
    alarm = Alarm.objects.get(rule="reappearance")
    assert (alarm.outlet_id, alarm.level, alarm.ends_at) == (outlet, 2, hour - timedelta(hours=1))
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    assert f"/monitoring/alarms/{alarm.pk}/" in page
    assert "其中 1 台有复燃迹象" in page
    Alarm.objects.update(key="earlier", state="closed", cause="monitor")
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    assert "有过迹象，已结案" in page
    assert "其中 0 台有复燃迹象" in page
    other = boiler("B2", "40", outlet=str(outlet))
    assert look_for_life() == 0, "another boiler uses the outlet"
    Alarm.objects.update(outlet=site.outlet(code="DA009"))
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    assert "与其他锅炉共用排放口，看不出" in page
    assert "没有迹象" not in page
    Boiler.objects.filter(pk=other).update(ends_on=on)
    assert look_for_life() == 1


def test_no_sign_is_said_only_of_what_readings_show(outlet: int, store: StoreAtHand) -> None:
    flow, oxygen = site.point(outlet, "a00000"), site.point(outlet, "a19001")
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    remove(boiler("S1", "6", outlet=str(outlet)), (hour.date() - timedelta(days=9)).isoformat())
    visitor = site.visitor("bureau")

    def page() -> str:
        return visitor.get("/monitoring/boilers/").content.decode()

    store.put(flow, Kind.HOUR, hour - timedelta(hours=100), "avg", "0")
    store.put(flow, Kind.HOUR, hour - timedelta(hours=3), "avg", "5")
    store.put(oxygen, Kind.HOUR, hour - timedelta(hours=2), "avg", "20.9")
    assert "近几天没有读数，看不出" in page(), "no hour has both, and what is long ago says nothing of today"
    store.put(flow, Kind.HOUR, hour - timedelta(hours=2), "avg", "0")
    assert "✓ 近几天没有迹象" in page()
    store.put(flow, Kind.HOUR, hour - timedelta(hours=1), "avg", "5")
    store.put(oxygen, Kind.HOUR, hour - timedelta(hours=1), "avg", "9")
    assert "其中 1 台有复燃迹象" in page(), "though no alarm was raised yet"
    assert "没有迹象" not in page()


def test_a_store_that_is_down_shows_nothing(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    remove(boiler("S2", "6", outlet=str(outlet)))

    def down() -> StoreAtHand:
        raise StoreDown("127.0.0.1")

    monkeypatch.setattr(data, "store", down)
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    assert "读数库没有应答，看不出" in page
    assert "没有迹象" not in page


def test_hours_that_come_late_are_looked_at_too(outlet: int, store: StoreAtHand) -> None:
    made = boiler("L1", "6", outlet=str(outlet))
    remove(made, (timezone.localdate() - timedelta(days=80)).isoformat())
    at = timezone.localtime().replace(minute=0, second=0, microsecond=0) - timedelta(days=50)
    for factor, amount in (("a00000", "8"), ("a19001", "9")):
        store.put(site.point(outlet, factor), Kind.HOUR, at, "avg", amount)
    assert look_for_life() == 0
    keep_late([Late(outlet, at, at)], timezone.now())
    assert (look_for_life(), look_for_life()) == (1, 0)
    assert Alarm.objects.get(rule="reappearance").starts_at == at


def test_of_many_boilers_a_page_shows_some_and_says_so(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        boiler(f"P{number}", "6")
    monkeypatch.setattr("shuangkong.web.monitoring.views.boilers.MOST", 2)
    pages = [site.visitor("bureau").get(f"/monitoring/boilers/?batch={number}").content.decode() for number in (1, 2)]
    assert "共 3 台锅炉，这里是第 1 — 2 台" in pages[0]
    assert ["P0" in pages[0], "P2" in pages[0], "P0" in pages[1], "P2" in pages[1]] == [True, False, False, True]


def test_a_meter_of_another_unit_is_none_of_the_boilers(outlet: int) -> None:
    meter = site.put(
        "meters", enterprise=site.UNITS[1], item="0000000001010410", name="别家的秤", carrier="原煤", unit="t",
        level="1", direction="in", starts_on="2020-01-01",
    )  # fmt: skip
    with pytest.raises(Refused, match="MON-378"):
        remove(boiler("M2", "6"), meter=str(meter))


def test_a_meter_that_counts_after_the_removal_tells(outlet: int) -> None:
    meter = site.put(
        "meters", enterprise=UNIT, item="0000000001010410", name="煤秤", carrier="原煤", unit="t", level="1",
        direction="in", starts_on="2020-01-01",
    )  # fmt: skip
    made = boiler("M1", "6")
    remove(made, "2024-06-10", meter=str(meter))
    days = [{"day": f"2024-06-{day:02d}", "amount": str(amount), "hours": {"measured": 24}}
            for day, amount in ((9, 5), (10, 5), (11, 0), (12, 3))]  # fmt: skip
    trace = {"days": days, "gaps": [], "factor": "1", "multiplier": "1", "events": [], "findings": []}
    assert not boiler_lines(Q(pk=made), timezone.localdate())[0].is_counted, "nobody has looked yet"
    hours = {**dict.fromkeys(Origin, 0), Origin.MEASURED: 96}
    keep([Closed(meter=meter, month=date(2024, 6, 1), through=date(2024, 6, 30), is_over=True, amount=Decimal(13),
                 unit="t", hours=hours, trace=json.loads(json.dumps(trace)))])  # fmt: skip
    assert boiler_lines(Q(pk=made), timezone.localdate())[0].days_of_use == (date(2024, 6, 12),)
    assert "淘汰后 1 天有用量" in site.visitor("bureau").get("/monitoring/boilers/").content.decode()


def test_the_census_counts_by_class_and_a_unit_sees_its_own(outlet: int) -> None:
    for code, capacity in (("N1", "9.9"), ("N2", "10"), ("N3", "65")):
        boiler(code, capacity)
    page = site.visitor("bureau").get("/monitoring/boilers/").content.decode()
    for words in ("&lt;10", "10–20", "35–65", "≥65", "在用 <strong>3</strong> 台"):
        assert words in page
    assert "N1锅炉" not in site.visitor("other").get("/monitoring/boilers/").content.decode()
    late = {"sort": "电动机", "grade": "低于3级，应淘汰", "starts_on": "2010-01-01", "remove_by": "2024-12-31"}
    site.put("machines", enterprise=UNIT, code="D1", name="老电机", **late)
    assert "2024-12-31 ▼已过期" in site.visitor("unit").get("/monitoring/boilers/").content.decode()


@given(st.decimals(min_value=0, max_value=200, places=2, allow_nan=False))
def test_every_capacity_has_one_class(capacity: Decimal) -> None:
    number = class_of(capacity, BOUNDS)
    low = BOUNDS[number - 1] if number else Decimal(0)
    assert low <= capacity
    assert number == len(BOUNDS) or capacity < BOUNDS[number]
    assert class_words(number, BOUNDS)


def test_fuels_by_their_words() -> None:
    told = {
        each: fuel_of(each, FUELS).name
        for each in ("原煤", "煤粉", "高炉煤气", "煤层气", "天然气", "生物质", "电", "水煤浆")
    }
    assert told == {
        "原煤": "COAL", "煤粉": "PULVERISED", "高炉煤气": "GAS", "煤层气": "GAS", "天然气": "GAS", "生物质": "OTHER",
        "电": "OTHER", "水煤浆": "COAL",
    }  # fmt: skip
    mixed = ("原煤、焦炉煤气", "煤气两用（备用煤）", "煤制天然气", "天然气/煤粉", "煤油", "煤矿瓦斯", "天然气、轻柴油")
    assert [fuel_of(each, FUELS).name for each in mixed] == ["COAL", "COAL", "GAS", "PULVERISED", "OTHER", "GAS", "GAS"]
    now = timezone.now()
    assert life({}, {}, Decimal("20.9")) is None
    assert life({now: Decimal(1)}, {}, Decimal("20.9")) is not None
    assert life({now: Decimal(0)}, {now: Decimal(5)}, Decimal("20.9")) is None
    calibrated = {now: Decimal(5), now + timedelta(hours=1): Decimal(5)}
    assert life(calibrated, {now: Decimal("20.9")}, Decimal("20.9")) is None, "an hour without oxygen says nothing"
