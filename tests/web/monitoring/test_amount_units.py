"""Kilograms go by the unit of the factor; what has no mass has none; what is below zero is no quantity."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.amounts.emissions import INDICATORS
from shuangkong.monitoring.amounts.hours import MOST_KG, Hour, Origin, hour_amounts, kilograms_of, possible
from shuangkong.monitoring.amounts.hours import Known as Knowing
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.models import AmountClosing, RowFault
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.closing import close, close_due
from shuangkong.web.monitoring.codes import codes
from shuangkong.web.monitoring.flows import FLOWS, a_kg, has_amount, in_mass_unit, kg_places, m3_an_hour
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.report_table import report_table
from shuangkong.web.monitoring.views.outlet import midnight

D = Decimal
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
HOURS = ((ends_of(Span.MONTH, MONTH) - MONTH).days + 1) * 24
HG, COND, COD, WATER = "w20111", "w01014", "w01018", "w00000"
NOX, NH3, FURNACE, GAS = "a21002", "a21001", "a01901", "a00000"
LAW = open_rulebook().monitoring()


@pytest.mark.parametrize(
    ("factor", "value", "flow_m3", "kg"),
    [
        (HG, "5", "982", "0.00491"),  # 5 µg/L × 982 m³ = 4.91 g
        ("w20089", "100", "1000", "0.0001"),  # 100 ng/L × 1000 m³ = 100 mg
        (COD, "50", "982", "49.1"),  # 50 mg/L × 982 m³
        (NH3, "3000000", "232506", "0.697518"),  # 3 mg/m³ as 3,000,000 ng/m³
        (NOX, "50", "232506", "11.6253"),
    ],
)
def test_kilograms_by_hand(factor: str, value: str, flow_m3: str, kg: str) -> None:
    divisor = a_kg(factor)
    assert divisor is not None
    assert D(flow_m3) * D(value) / divisor == D(kg)


def test_every_factor_of_the_code_table_has_amounts_only_by_mass() -> None:
    """Concentrations by mass that have a unit of mass, and no others; the units agree with the divisor."""
    ratio = {"mg/m3": 6, "ng/m3": 12, "mg/L": 3, "µg/L": 6, "ng/L": 9}
    seen = set()
    for code, factor in codes().factors.items():
        is_by_mass = factor.unit in ratio and factor.mass_unit in ("kg", "g", "mg")
        assert has_amount(code) == is_by_mass, code
        if is_by_mass:
            seen.add((factor.unit, factor.mass_unit))
            assert a_kg(code) == D(10) ** ratio[factor.unit], code
            assert in_mass_unit(code, D(1)) == {"kg": 1, "g": 1000, "mg": 1_000_000}[factor.mass_unit]
    assert len(seen) == 5
    for code in ("w01001", "w01002", "w01009", "w01010", COND, "w02003", "w03001", FURNACE, "a34011", "a19001", GAS):
        assert not has_amount(code), code
    assert not has_amount("never-heard-of")


def test_what_is_told_as_facts_stays_in_milligrams() -> None:
    for factor in [factor for own in INDICATORS.values() for factor in own]:
        assert a_kg(factor) == D(10) ** (6 if factor.startswith("a") else 3)
        assert kg_places(factor, 3) == 3


def test_flows_stand_in_the_units_of_the_code_table() -> None:
    assert (m3_an_hour(Media.GAS), m3_an_hour(Media.WATER)) == (3600, D("3.6"))


AT = timezone.make_aware(datetime(2026, 5, 1))  # noqa: DTZ001 - made aware here
figures = some.decimals(-(10**13), 10**13, allow_nan=False, places=3)


@given(value=some.none() | figures, flow=some.none() | figures, mark=some.sampled_from(list(Mark)))
def test_no_hour_takes_kilograms_away(value: Decimal | None, flow: Decimal | None, mark: Mark) -> None:
    hour = Hour(at=AT, value=value, flow_m3=flow, mark=mark)
    found = kilograms_of(hour, D(10) ** 6, LAW.marks)
    if found.value is not None:
        assert 0 <= found.value <= MOST_KG
        assert flow is not None
        assert flow >= 0
    kept_ = possible(hour, D(10) ** 6, LAW.marks)
    assert possible(kept_, D(10) ** 6, LAW.marks) == kept_
    [amount] = hour_amounts([hour], Media.GAS, NOX, LAW.marks, (), Knowing(lambda _day: None))
    assert amount.kg is None or amount.kg >= 0


def test_zero_is_a_quantity_and_below_zero_is_lost() -> None:
    def of(value: int, flow: int) -> tuple[Decimal | None, Origin]:
        hour = Hour(at=AT, value=D(value), flow_m3=D(flow))
        [found] = hour_amounts([hour], Media.GAS, NOX, LAW.marks, (), Knowing(lambda _day: None))
        return found.kg, found.origin

    assert of(0, 1000) == (0, Origin.MEASURED)
    assert of(20, 0) == (0, Origin.MEASURED)
    assert of(-20, 1000) == of(20, -1000) == of(-20, -1000) == (None, Origin.OPEN)
    assert of(9 * 10**11, 9 * 10**11 * 3600) == (None, Origin.OPEN)


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, int]]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        gas = site.outlet(site.UNITS[0], starts_on=MONTH.isoformat())
        site.connected(gas, factors=(NOX, NH3, FURNACE, GAS))
        water = site.outlet(site.UNITS[1], kind="water", starts_on=MONTH.isoformat())
        site.connected(water, mn="88888880000002", factors=(HG, COND, COD, WATER))
        yield gas, water


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, places: tuple[int, int]) -> StoreAtHand:
    """One day of both: 1 m³/s of gas, 1000 L/s of water."""
    held = store_at_hand.use(monkeypatch)
    for place, told in (
        (places[0], {NOX: 50, NH3: 3_000_000, FURNACE: 900, GAS: 1}),
        (places[1], {HG: 5, COND: 800, COD: 50, WATER: 1000}),
    ):
        for factor, value in told.items():
            for number in range(24):
                put(held, place, factor, number, value)
    return held


def put(held: StoreAtHand, place: int, factor: str, number: int, value: object, flag: str = "N") -> None:
    held.put(site.point(place, factor), Kind.HOUR, midnight(MONTH) + timedelta(hours=number), "avg", value, flag)


def of_month(place: int) -> dict[str, Decimal]:
    rows = AmountClosing.objects.filter(outlet=place, month=MONTH).order_by("pk")
    return {each.factor: each.kg for each in rows}


@pytest.mark.django_db
def test_a_month_and_a_report_tell_the_same_in_their_units(places: tuple[int, int], store: StoreAtHand) -> None:
    gas, water = places
    close(MONTH)
    # 24 h × 3600 m³: NOx 50 mg/m³ 4.32 kg, NH3 3 mg/m³ 0.2592 kg; Hg 5 µg/L 0.432 kg, COD 50 mg/L 4320 kg.
    assert of_month(gas) == {NOX: D("4.32"), NH3: D("0.2592")}
    assert of_month(water) == {HG: D("0.432"), COD: D(4320)}
    report = report_of(site.Outlet.objects.get(pk=water), Span.DAY, MONTH, MONTH)
    table = report_table(site.Outlet.objects.get(pk=water), report, "日报")
    units = {each.key: each.unit for each in table.columns}
    assert units[f"{HG}-amount"] == "g"
    assert units[f"{COD}-amount"] == "kg"
    assert f"{COND}-amount" not in units
    at = [each.key for each in table.columns].index(f"{HG}-amount")
    assert table.rows[0].cells[at].value == 18, "5 µg/L × 3600 m³ is 18 g"
    assert any("电导率" in note and "没有排放量" in note for note in report.notes)
    month = report_of(site.Outlet.objects.get(pk=water), Span.MONTH, MONTH, ends_of(Span.MONTH, MONTH))
    assert month.lines[0].figures[HG].measured == 5, "weighed by flow it is told in its own unit"
    assert month.lines[0].figures[COND].measured == 800
    hot = report_of(site.Outlet.objects.get(pk=gas), Span.DAY, MONTH, MONTH).lines[0].figures[FURNACE]
    assert (hot.measured, hot.own, hot.amount_kg) == (900, None, None)


@pytest.mark.django_db
def test_what_is_below_zero_takes_nothing_away(places: tuple[int, int], store: StoreAtHand) -> None:
    gas, _water = places
    put(store, gas, NOX, 5, -20)
    put(store, gas, GAS, 6, D("-64.5"))
    close(MONTH)
    [row] = AmountClosing.objects.filter(outlet=gas, factor=NOX, month=MONTH)
    assert row.measured_hours == 22
    assert "2 小时的浓度或流量是负值" in row.content
    assert row.kg >= D("0.18") * 22
    report = report_of(site.Outlet.objects.get(pk=gas), Span.DAY, MONTH, MONTH)
    assert "负值" in report.lines[5].marks
    assert report.lines[5].figures[NOX].measured is None
    assert report.lines[6].flow_m3 is None
    assert report.lines[6].figures[NOX].amount_kg is None
    assert all((line.figures[NOX].amount_kg or 0) >= 0 for line in report.lines)
    assert any("负值" in note for note in report.notes)


@pytest.mark.django_db
def test_a_frame_with_figures_beyond_all_stops_nobody(places: tuple[int, int], store: StoreAtHand) -> None:
    """The largest figures that the store takes: the hour is lost, and every other outlet is closed."""
    gas, water = places
    put(store, gas, NOX, 3, 9 * 10**11)
    put(store, gas, GAS, 3, 9 * 10**11)
    assert close_due().kept
    assert of_month(water)[COD] == 4320
    assert of_month(gas)[NOX] < 100
    assert not RowFault.objects.exists()
    assert FLOWS[Media.GAS] == GAS
