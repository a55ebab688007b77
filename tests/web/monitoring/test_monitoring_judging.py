"""The judge: what it finds once stands once, ends when the data does, and leads to the frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

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
from shuangkong.records.monitoring import alarms, marks
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import AmountClosing, FactorDue, Outlet
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.report import report_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=f"{timezone.localdate() - timedelta(days=2)}")
        site.connected(place, days=2)
        site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def fill(store: StoreAtHand, outlet: int, over: range) -> list[object]:
    """Three days of hours, none like another; those of ``over``, counted from the newest, exceed."""
    hours = store_at_hand.last_hours(72)
    for number, at in enumerate(reversed(hours)):
        value = 61 if number in over else 20 + number % 7
        store.put(site.point(outlet), Kind.HOUR, at, "avg", value, place=(1, 1000 + number))
    return list(reversed(hours))


def found(outlet: int, rule: str = "exceedance") -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms(Q(outlet=outlet, rule=rule))


def test_an_exceedance_stands_once_and_ends(outlet: int, store: StoreAtHand) -> None:
    hours = fill(store, outlet, range(3))
    judge()
    [row] = found(outlet)
    assert (row.starts_at, row.ends_at, row.peak, row.limit) == (hours[2], None, 61, 35)
    assert (row.segment, row.offset) == (1, 1002)
    assert round(row.multiple or 0, 2) == round(alarms.Decimal(26) / 35, 2)
    judge()
    assert len(found(outlet)) == 1
    fill(store, outlet, range(1, 3))
    judge()
    [row] = found(outlet)
    assert row.ends_at is not None
    assert [each.act.value for each in alarms.steps(row.id)][:2] == ["raise", "ease"]


def test_what_is_marked_is_not_judged(outlet: int, store: StoreAtHand) -> None:
    hours = fill(store, outlet, range(2))
    judge()
    [row] = found(outlet)
    marks.mark_hours(outlet, "a21026", hours[1], hours[0] + timedelta(hours=1), "C", marks.Reason.CALIBRATION,  # type: ignore[arg-type]
                     site.by("bureau"), "季度校准")  # fmt: skip
    judge()
    [row] = found(outlet)
    assert row.ends_at is not None
    assert "不再成立" in alarms.steps(row.id)[-1].text


def test_silence_of_an_outlet_is_one_alarm(outlet: int, store: StoreAtHand) -> None:
    judge()
    [row] = found(outlet, "silence")
    assert row.factor == "", "all that it owes"
    assert row.ends_at is None
    assert row.segment is None
    fill(store, outlet, range(0))
    judge()
    assert all(each.ends_at is not None for each in found(outlet, "silence"))


def test_a_long_silence_is_one_however_far_back_one_looks(outlet: int, store: StoreAtHand) -> None:
    place = site.outlet(site.UNITS[1], "DW001", "water")
    site.connected(place, "88888880000002", factors=("w01018",))
    judge()
    judge()
    [row] = found(place, "silence")
    store.put(site.point(place, "w01018"), Kind.HOUR, store_at_hand.last_hours(1)[0], "avg", 40)
    judge()
    [row] = found(place, "silence")
    assert row.ends_at == store_at_hand.last_hours(1)[0]


def test_a_factor_is_silent_by_itself_where_others_come(outlet: int, store: StoreAtHand) -> None:
    """Two factors: both silent for three days is one alarm; then one of them comes, and the other is told by itself."""
    site.put("factors", outlet=str(outlet), factor="a21002", starts_on=f"{timezone.localdate() - timedelta(days=2)}")
    judge()
    [row] = found(outlet, "silence")
    assert row.factor == ""
    fill(store, outlet, range(0))
    judge()
    assert {(each.factor, each.ends_at is None) for each in found(outlet, "silence")} == {("", False), ("a21002", True)}


def test_what_the_oxygen_of_air_makes_of_a_value_is_not_judged(outlet: int, store: StoreAtHand) -> None:
    """At 20.9 % a conversion divides by 0.1: neither ours nor the device's counts, of the hour or of its day."""
    site.put("limits", outlet=str(outlet), factor="a21026", sort="permit", period="hour", high="100", unit="mg/m3",
             is_converted="是", document="许可证", starts_on="2024-01-01")  # fmt: skip
    site.put("limits", outlet=str(outlet), factor="a21026", sort="permit", period="day", high="100", unit="mg/m3",
             is_converted="是", document="许可证", starts_on="2024-01-01")  # fmt: skip
    site.put("factors", outlet=str(outlet), factor="a19001", starts_on=f"{timezone.localdate() - timedelta(days=2)}")
    Outlet.objects.filter(pk=outlet).update(reference_oxygen_pct=6)
    hours = fill(store, outlet, range(0))
    yesterday = [at for at in hours if at.date() == timezone.localdate() - timedelta(days=1)]  # type: ignore[attr-defined]
    bad, own, calibrated, little, marked = (yesterday[number] for number in (5, 8, 11, 14, 17))
    for at in hours:
        store.put(site.point(outlet, "a19001"), Kind.HOUR, at, "avg", 20.9 if at in (bad, own, little) else 6)  # type: ignore[arg-type]
    store.put(site.point(outlet, "a21026"), Kind.HOUR, bad, "avg", 25)  # type: ignore[arg-type]
    store.put(site.point(outlet, "a21026"), Kind.HOUR, own, "avg", 25)  # type: ignore[arg-type]
    store.put(site.point(outlet, "a21026"), Kind.HOUR, bad, "zs_avg", 3750)  # type: ignore[arg-type]
    store.put(site.point(outlet, "a19001"), Kind.HOUR, calibrated, "avg", 20.8, "C")  # type: ignore[arg-type]
    # So little that no combination tells that it is air; and a device that converts while its oxygen is calibrated.
    store.put(site.point(outlet, "a21026"), Kind.HOUR, little, "avg", 10)  # type: ignore[arg-type]
    for at in (calibrated, marked):
        store.put(site.point(outlet, "a21026"), Kind.HOUR, at, "zs_avg", 500)  # type: ignore[arg-type]
    del store.rows[site.point(outlet, "a19001"), Kind.HOUR, marked.astimezone(store_at_hand.UTC), "avg"]  # type: ignore[attr-defined]
    marks.mark_hours(
        outlet, "a19001", marked, marked + timedelta(hours=1), "D", Reason.FAULT, site.by("unit"), "换探头"
    )  # type: ignore[arg-type, operator]
    day = yesterday[-1].replace(hour=0)  # type: ignore[attr-defined]
    store.put(site.point(outlet, "a21026"), Kind.DAY, day, "zs_avg", 330)
    judge()
    assert found(outlet) == ()
    assert found(outlet, "air_oxygen_with_emission") or found(outlet, "impossible"), "it is not left out unseen"
    report = report_of(Outlet.objects.get(pk=outlet), Span.DAY, day.date(), day.date())
    told = {line.at: line.figures["a21026"] for line in report.lines}
    assert [told[at].converted for at in (bad, own, calibrated, little, marked)] == [None] * 5
    assert [told[at].measured for at in (bad, own)] == [25, 25]
    assert any("氧含量如空气" in note for note in report.notes)
    store.put(site.point(outlet, "a19001"), Kind.HOUR, own, "avg", 18)  # type: ignore[arg-type]
    judge()
    assert [row.starts_at for row in found(outlet)] == [own], "25 mg/m³ at 18 % is 125 at 6 %"


def test_a_factor_that_is_owed_no_more_is_not_silent(outlet: int, store: StoreAtHand) -> None:
    fill(store, outlet, range(0))
    today = timezone.localdate()
    site.put("factors", outlet=str(outlet), factor="a21002", starts_on=f"{today - timedelta(days=2)}")
    judge()
    [row] = found(outlet, "silence")
    assert (row.factor, row.ends_at) == ("a21002", None)
    FactorDue.objects.filter(outlet=outlet, factor="a21002").update(ends_on=today - timedelta(days=2))
    judge()
    [row] = found(outlet, "silence")
    assert row.ends_at is not None, "nothing is due since"


def closing(outlet: int, month: date, kg: int, through: date, *, is_over: bool) -> None:
    AmountClosing.objects.create(
        outlet_id=outlet, factor="a21026", month=month, through=through, is_over=is_over, kg=kg, due_hours=24,
        measured_hours=24, substituted_hours=0, stopped_hours=0, by_hand_hours=0, open_hours=0, days=1, valid_days=1,
        is_doubted=False, content="{}", digest="", closed_at=timezone.now(), checked_at=timezone.now(),
    )  # fmt: skip


def test_a_permitted_amount_is_judged_by_month_and_year(outlet: int, store: StoreAtHand) -> None:
    """12 t of a year against 10 t (2 t above it: 0.2 times); the months of it, 4 t and 8 t, against 5 t."""
    fill(store, outlet, range(0))
    today = timezone.localdate()
    this, last_of = today.replace(day=1), today.replace(day=1) - timedelta(days=1)
    before = last_of.replace(day=1)
    months = [(before, 4000), (this, 8000)] if before.year == this.year else [(this, 12000)]
    for month, kg in months:
        closing(outlet, month, kg, last_of if month == before else today, is_over=month == before)
    put = partial(site.put, "limits", outlet=str(outlet), factor="a21026", sort="permit", document="许可证",
                  starts_on="2024-01-01")  # fmt: skip
    put(period="year", high="10000", unit="kg")
    put(period="month", high="5", unit="t")
    judge()
    told = {row.period: row for row in found(outlet)}
    assert set(told) == {"month", "year"}
    year, month_row = told["year"], told["month"]
    assert (year.peak, year.limit, year.unit, year.multiple) == (12, 10, "t", Decimal("0.2"))
    assert year.ends_at is None, "the year runs"
    assert timezone.localtime(year.starts_at).date() == today.replace(month=1, day=1)
    assert timezone.localtime(month_row.starts_at).date() == this
    assert "许可证" in year.text.zh
    assert judge().new == 0, "found again it is the same"
    closing(outlet, this, 3000, today, is_over=False)
    judge()
    rows = {row.period: row.ends_at is None for row in found(outlet)}
    assert rows["month"] is False, "late data: 3 t are permitted"


def test_a_range_is_told_in_a_unit_of_its_own(outlet: int, store: StoreAtHand) -> None:
    """Dust of 0 to 100000 μg/m³ is 0 to 100 mg/m³; a temperature has no ppm."""
    since = f"{timezone.localdate() - timedelta(days=30)}"
    site.put("factors", outlet=str(outlet), factor="a34013", low="0", high="100000", unit="μg/m3", starts_on=since)
    hours = store_at_hand.last_hours(6)
    for number, at in enumerate(hours):
        store.put(site.point(outlet, "a34013"), Kind.HOUR, at, "avg", 150 if number == 3 else 20 + number)
    judge()
    [row] = alarms.alarms(Q(outlet=outlet, rule="out_of_range", factor="a34013"))
    assert (row.starts_at, row.text.zh) == (hours[3], "150 mg/m³ 超出量程 0～100 mg/m³")
    with pytest.raises(Refused) as refused:
        site.put("factors", outlet=str(outlet), factor="a01012", high="300", unit="ppm", starts_on=since)
    assert refused.value.code == "MON-293"
