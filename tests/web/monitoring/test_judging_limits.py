"""What is held against which limit: like with like, by the standard and the oxygen of the hour's own day."""

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
from shuangkong.monitoring.reading import Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.models import Outlet, OutletStandard
from shuangkong.records.monitoring.registers.acts import end_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
COAL = "thermal_power/coal_boiler_new"  # SO2 100 mg/m3 at 6 % oxygen, an hour


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=f"{timezone.localdate() - timedelta(days=2)}")
        site.connected(place, days=2, factors=("a21026", "a19001"))
        site.put("standards", outlet=str(place), standard=COAL, starts_on="2024-01-01")
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def permit(outlet: int, high: str, **more: str) -> int:
    told = {"sort": "permit", "period": "hour", "unit": "mg/m3", "is_converted": "是", "document": "许可证",
            "starts_on": "2024-01-01"}  # fmt: skip
    return site.put("limits", outlet=str(outlet), factor="a21026", high=high, **(told | more))


def fill(store: StoreAtHand, outlet: int, value: float, oxygen: float = 6) -> list[datetime]:
    """Two days and a half; the newest hour is of ``value``, at ``oxygen``; the others comply with everything."""
    hours = store_at_hand.last_hours(60)
    for number, at in enumerate(hours):
        store.put(site.point(outlet), Kind.HOUR, at, "avg", value if at == hours[-1] else 10 + number % 7)
        store.put(site.point(outlet, "a19001"), Kind.HOUR, at, "avg", oxygen + number % 5 / 100)
    return hours


def found(outlet: int) -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms(Q(outlet=outlet, rule="exceedance"))


def test_a_stricter_permit_counts_though_it_names_no_oxygen(outlet: int, store: StoreAtHand) -> None:
    """70 at 6 % complies with 100 at 6 % and not with the 50 of the permit."""
    fill(store, outlet, 70)
    judge()
    assert found(outlet) == ()
    permit(outlet, "50")
    judge()
    [row] = found(outlet)
    assert (row.limit, round(row.peak or 0)) == (50, 70)
    assert "许可证，按 6% 氧折算" in row.text.zh
    assert "at 6 % oxygen" in row.text.en


def test_a_value_is_converted_to_the_oxygen_of_the_limit(outlet: int, store: StoreAtHand) -> None:
    """90 at 6 % is 54 at 12 %: a limit of 60 at 12 % is stricter than 100 at 6 % only in its figure."""
    permit(outlet, "60", reference_o2_pct="12")
    fill(store, outlet, 90)
    judge()
    assert found(outlet) == ()
    hours = fill(store, outlet, 101)
    # The device converts to 6 %, which its outlet is under: what it told is brought to 12 % too.
    store.put(site.point(outlet), Kind.HOUR, hours[-1], "zs_avg", 101)
    judge()
    [row] = found(outlet)
    # 60 at 12 % is 100 at 6 %: they are equally strict.
    assert (row.limit, round(row.peak or 0, 1)) in {(60, alarms.Decimal("60.6")), (100, 101)}
    permit(outlet, "40", reference_o2_pct="12", sort="local")
    judge()
    [row] = found(outlet)
    assert (row.limit, round(row.peak or 0, 1)) == (40, alarms.Decimal("60.6"))


def test_only_a_converted_limit_refers_to_oxygen_that_there_is(outlet: int) -> None:
    for more, code in (
        ({"is_converted": "", "reference_o2_pct": "6"}, "MON-147"),
        ({"reference_o2_pct": "21"}, "MON-121"),
    ):
        with pytest.raises(Refused) as refused:
            permit(outlet, "50", **more)
        assert refused.value.code == code


def test_the_standard_of_the_day_counts(outlet: int, store: StoreAtHand) -> None:
    """An outlet that comes under a stricter group today did not exceed it yesterday; nor is it let off yesterday's."""
    today = timezone.localdate()
    OutletStandard.objects.filter(outlet=outlet).update(ends_on=today - timedelta(days=1))
    site.put("standards", outlet=str(outlet), standard="thermal_power/gas_turbine", starts_on=f"{today}")
    hours = fill(store, outlet, 10)
    yesterday = [at for at in hours if at.date() == today - timedelta(days=1)]
    # 35 at 15 % is 87.5 at 6 %.
    store.put(site.point(outlet), Kind.HOUR, yesterday[3], "avg", 95)
    store.put(site.point(outlet), Kind.HOUR, yesterday[9], "avg", 120)
    judge()
    [row] = found(outlet)
    assert (row.starts_at, row.limit) == (yesterday[9], 100)


@pytest.fixture(scope="module")
def sewer(outlet: int, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """An outlet of water: COD 50 mg/L by its permit, a day."""
    with django_db_blocker.unblock(), translation.override("zh-hans"):
        place = site.outlet(site.UNITS[1], "DW001", "water", starts_on=f"{timezone.localdate() - timedelta(days=2)}")
        site.connected(place, "88888880000002", days=2, factors=("w01018", "w00000"))
        site.put("limits", outlet=str(place), factor="w01018", sort="permit", period="day", high="50", unit="mg/L",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield place


def a_day(store: StoreAtHand, place: int, told: str, *, cod: float = 80, device: str = "") -> datetime:
    """Yesterday's hours, a flag each (``.``: nothing came), of COD and of a steady flow; the day of the device."""
    day = store_at_hand.last_hours(1)[0].replace(hour=0) - timedelta(days=1)
    for number, flag in enumerate(told):
        at = day + timedelta(hours=number)
        for factor, value in (("w01018", cod + number / 100), ("w00000", 5)):
            store.rows.pop((site.point(place, factor), Kind.HOUR, at.astimezone(store_at_hand.UTC), "avg"), None)
            if flag != ".":
                store.put(site.point(place, factor), Kind.HOUR, at, "avg", value, flag)
    if device:
        store.put(site.point(place, "w01018"), Kind.DAY, day, "avg", cod, device)
    return day


@pytest.mark.parametrize(
    ("told", "device", "is_judged"),
    [
        ("N" * 24, "", True),
        ("N" * 23 + "C", "", True),
        ("N" * 23 + "C", "C", True),  # the device calls the whole day abnormal for one calibration
        ("N" * 24, "D", True),
        ("N" * 18 + "D" * 6, "", True),  # exactly 75 %
        ("N" * 17 + "D" * 7, "", False),
        ("F" * 8 + "N" * 12 + "D" * 4, "", True),  # 12 of the 16 in which it ran
        ("F" * 8 + "N" * 11 + "D" * 5, "", False),
        ("N" * 12 + "." * 12, "N", True),  # the device's own, though we lack half of its hours
        ("." * 24, "D", False),
    ],
)
def test_a_day_of_water_is_judged_by_the_share_of_its_hours(
    sewer: int, store: StoreAtHand, told: str, device: str, is_judged: bool
) -> None:
    day = a_day(store, sewer, told, device=device)
    judge()
    assert [(row.starts_at, row.period, row.limit) for row in found(sewer)] == [(day, "day", 50)] * is_judged


def test_a_day_of_water_is_weighed_by_flow(sewer: int, store: StoreAtHand) -> None:
    """Half the hours at 90 with little flow, half at 20 with much: 55 by hours, 27 by flow; and the other way round."""
    day = a_day(store, sewer, "N" * 24)
    for swapped, worst in ((False, None), (True, alarms.Decimal("83"))):
        for number in range(24):
            at, is_high = day + timedelta(hours=number), number < 12
            store.put(site.point(sewer, "w01018"), Kind.HOUR, at, "avg", 90 if is_high else 20)
            store.put(site.point(sewer, "w00000"), Kind.HOUR, at, "avg", 9 if is_high == swapped else 1)
        judge()
        assert [row.peak for row in found(sewer)] == ([] if worst is None else [worst])


def test_an_hour_that_was_partly_air_is_said_to_be_doubtful(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 20.73 % a mean is converted, though three of its six minutes were air; that is said beside the alarm."""
    hours = fill(store, outlet, 60)
    newest, oxygen = hours[-1], site.point(outlet, "a19001")
    store.put(oxygen, Kind.HOUR, newest, "avg", "20.73")
    for number, value in enumerate(("20.95", "20.9", "20.92", "20.5", "20.55", "20.56")):
        store.put(oxygen, Kind.MINUTE, newest + timedelta(minutes=10 * number), "avg", value)
    judge()
    [row] = found(outlet)
    assert row.multiple is not None
    assert row.multiple > 30
    assert "其中 1 小时有部分分钟氧含量如空气（最多占 50%），折算值可疑" in row.text.zh
    assert "doubtful" in row.text.en
    # Once the share was compared with a document it decides: such an hour has no conversion.
    monkeypatch.setattr("shuangkong.web.monitoring.limited.decides", lambda *_: True)
    judge()
    assert [each.ends_at for each in found(outlet) if each.ends_at is None] == []


def test_an_hour_that_was_wholly_air_is_not_counted_as_partly(outlet: int, store: StoreAtHand) -> None:
    """Of three hours of an alarm the second was air and is not converted at all; half of the third was."""
    hours = fill(store, outlet, 60)
    oxygen = site.point(outlet, "a19001")
    for at, mean, minutes in ((hours[-2], "20.93", ("20.95", "20.91")), (hours[-1], "20.73", ("20.95", "20.5"))):
        store.put(oxygen, Kind.HOUR, at, "avg", mean)
        for number in range(6):
            store.put(oxygen, Kind.MINUTE, at + timedelta(minutes=10 * number), "avg", minutes[number % 2])
    for at in hours[-3:]:
        store.put(site.point(outlet), Kind.HOUR, at, "avg", 200)
    judge()
    told = [row.text.zh for row in found(outlet) if "部分分钟" in row.text.zh]
    assert told
    assert all("其中 1 小时有部分分钟" in text for text in told)
    day = hours[-1].date()
    notes = report_of(Outlet.objects.get(pk=outlet), Span.DAY, hours[-2].date(), day).notes
    assert any(each.startswith("1 个小时的氧含量如空气") for each in notes), notes
    assert any(each.startswith("1 个小时部分分钟") for each in notes), notes


def test_a_report_converts_each_day_by_its_own_oxygen(outlet: int, store: StoreAtHand) -> None:
    """100 mg/m³ at 11 %: 150 at the 6 % that held till the day before yesterday, 120 at the 9 % that holds since."""
    last = timezone.localdate() - timedelta(days=1)
    first = last - timedelta(days=1)
    document = {"outlet": str(outlet), "document": "许可证变更"}
    site.put("oxygens", reference_o2_pct="6", starts_on="2024-01-01", ends_on=f"{first}", **document)
    site.put("oxygens", reference_o2_pct="9", starts_on=f"{last}", **document)
    for number in range(48):
        for factor, value in (("a21026", 100), ("a19001", 11)):
            at = midnight(first) + timedelta(hours=number)
            store.put(site.point(outlet, factor), Kind.HOUR, at, "avg", value)
    report = report_of(Outlet.objects.get(pk=outlet), Span.MONTH, first, last)
    assert [line.figures["a21026"].converted for line in report.lines] == [150, 120]
    assert report.notes[0].startswith(f"折算浓度按基准氧含量 6%、自 {last} 起 9%")


def test_a_minute_of_air_makes_no_hour_doubtful(outlet: int, store: StoreAtHand) -> None:
    hours = fill(store, outlet, 60, 12)
    oxygen = site.point(outlet, "a19001")
    for number, value in enumerate(("20.95", "10", "10", "10", "10.1", "10.1")):
        store.put(oxygen, Kind.MINUTE, hours[-1] + timedelta(minutes=10 * number), "avg", value)
    judge()
    [row] = found(outlet)
    assert "可疑" not in row.text.zh


def test_the_reference_oxygen_of_the_day_counts(outlet: int, store: StoreAtHand) -> None:
    """A permit without oxygen of its own refers to 15 % till yesterday and to 6 % from today on."""
    today = timezone.localdate()
    OutletStandard.objects.filter(outlet=outlet).update(ends_on=today - timedelta(days=30))
    document = {"outlet": str(outlet), "document": "许可证变更"}
    old = site.put("oxygens", reference_o2_pct="15", starts_on="2024-01-01", **document)
    with pytest.raises(Refused) as refused:
        site.put("oxygens", reference_o2_pct="6", starts_on=f"{today}", **document)
    assert refused.value.code == "MON-295"
    end_row(REGISTERS["oxygens"], old, f"{today - timedelta(days=1)}", site.by("bureau"), "许可证变更")
    site.put("oxygens", reference_o2_pct="6", starts_on=f"{today}", **document)
    permit(outlet, "50")
    hours = fill(store, outlet, 10)
    # 70 at 6 % is 70 at 6 % and 28 at 15 %.
    yesterday = next(at for at in hours if at.date() == today - timedelta(days=1))
    store.put(site.point(outlet), Kind.HOUR, yesterday, "avg", 70)
    judge()
    assert found(outlet) == ()
    if hours[-1].date() == today:
        store.put(site.point(outlet), Kind.HOUR, hours[-1], "avg", 70)
        judge()
        [row] = found(outlet)
        assert (row.starts_at, round(row.peak or 0)) == (hours[-1], 70)
    with pytest.raises(Refused) as refused:
        site.put("oxygens", reference_o2_pct="21", starts_on="2020-01-01", ends_on="2020-02-01", **document)
    assert refused.value.code == "MON-121"
