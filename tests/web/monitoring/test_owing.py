"""What begins or ends within a month owes its own hours, in all that counts them; stations owe by their own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.amounts import newest
from shuangkong.records.monitoring.models import AmountClosing, Connection, FactorDue, Outlet
from shuangkong.web.monitoring.closing import close
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
SO2, FLOW = "a21026", "a00000"
#: The last month that is over, and its day in which things begin: the 11th; ten days are before it.
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
LAST = ends_of(Span.MONTH, MONTH)
BEGIN = MONTH.replace(day=11)
#: The device is connected at 7:30 of that day: 16 whole hours of it are left.
DUE = 16 + 24 * (LAST - BEGIN).days


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=BEGIN.isoformat())
        site.connected(place, factors=(SO2, FLOW))
        Connection.objects.update(starts_at=midnight(BEGIN) + timedelta(hours=7, minutes=30))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    fill(held, outlet, BEGIN, LAST)
    return held


def fill(held: StoreAtHand, outlet: int, first: date, last: date) -> None:
    """10 mg/m³ at 100 m³/s: 3.6 kg an hour, from 8 o'clock of the first day on."""
    at = midnight(first) + timedelta(hours=8)
    while at < midnight(last + timedelta(days=1)):
        for factor, told in ((SO2, 10), (FLOW, 100)):
            held.put(site.point(outlet, factor), Kind.HOUR, at, "avg", told)
        at += timedelta(hours=1)


def rows(path: str, table: str) -> list[dict[str, object]]:
    content = site.visitor("bureau").get(f"{path}{'&' if '?' in path else '?'}xlsx={table}").content
    told = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    at = next(number for number, row in enumerate(told) if len([cell for cell in row if cell]) > 2)
    return [dict(zip(map(str, told[at]), row, strict=False)) for row in told[at + 2 :]]


def test_hours_before_the_device_are_not_owed(outlet: int, store: StoreAtHand) -> None:
    close(MONTH)
    [row] = [each for (_outlet, factor), each in newest(MONTH).items() if factor == SO2]
    assert (row.due_hours, row.measured_hours, row.open_hours) == (DUE, DUE, 0)
    assert row.kg == DUE * Decimal("3.6")
    line = rows(f"/monitoring/rates/?month={MONTH:%Y-%m}", "rates")[0]
    assert (line["应传"], line["补全后收到"]) == (DUE, DUE)
    held = next(
        each
        for each in rows(f"/monitoring/validity/?month={MONTH:%Y-%m}", "validity")
        if "二氧化硫" in str(each["因子"])
    )
    assert (held["应有"], held["无效"], held["捕集率"]) == (DUE, 0, 100)
    assert held["有效天数"] == (LAST - BEGIN).days, "a day of 16 hours is not judged"


def test_an_outlet_that_ends_owes_nothing_after(outlet: int, store: StoreAtHand) -> None:
    """It ends on the 20th and the device is taken away at 10:00 of that day."""
    end = MONTH.replace(day=20)
    Outlet.objects.filter(pk=outlet).update(ends_on=end)
    Connection.objects.update(ends_at=midnight(end) + timedelta(hours=10, minutes=20))
    close(MONTH)
    [row] = [each for (_outlet, factor), each in newest(MONTH).items() if factor == SO2]
    due = 16 + 24 * (end - BEGIN).days - 24 + 10
    assert (row.due_hours, row.measured_hours, row.open_hours, row.stopped_hours) == (due, due, 0, 0)


def test_what_is_lost_within_is_open(outlet: int, store: StoreAtHand) -> None:
    """The same hours of a device that does not tell are owed: a register that says nothing excuses nothing."""
    store.rows.clear()
    close(MONTH)
    [row] = [each for (_outlet, factor), each in newest(MONTH).items() if factor == SO2]
    assert (row.due_hours, row.open_hours) == (DUE, DUE)


def test_the_report_says_what_was_not_registered(outlet: int, store: StoreAtHand) -> None:
    place = Outlet.objects.select_related("enterprise", "region").get(pk=outlet)
    lines = report_of(place, Span.MONTH, MONTH, LAST).lines
    assert [line.marks for line in lines[:10]] == ["未登记"] * 10
    assert all(not line.marks for line in lines[10:])
    assert not any("没有有效数据" in note for note in report_of(place, Span.MONTH, MONTH, LAST).notes)
    year = report_of(place, Span.YEAR, MONTH.replace(month=1), LAST)
    before = [line for line in year.lines if line.at < MONTH]  # type: ignore[operator]
    assert all(line.marks == "未登记" for line in before)


def test_stations_and_sections_by_their_own_rules(outlet: int, store: StoreAtHand) -> None:
    """A section owes six a day and sends four; an air station sends 21 hours of each day: enough for a valid one."""
    section = site.outlet("", "S1", "section", object="")
    air = site.outlet("", "A1", "air", object="")
    for place, factor in ((section, "w21003"), (air, "a34004")):
        site.put("factors", outlet=str(place), factor=factor, is_rated="是", starts_on="2024-01-01")
    days = (LAST - MONTH).days + 1
    for number in range(days):
        day = midnight(MONTH + timedelta(days=number))
        for hour in (1, 4, 8, 12):
            store.put(site.point(section, "w21003"), Kind.HOUR, day + timedelta(hours=hour), "avg", "0.5")
        for hour in range(21):
            store.put(site.point(air, "a34004"), Kind.HOUR, day + timedelta(hours=hour), "avg", 30)
    path = f"?month={MONTH:%Y-%m}"
    by = {str(each["站点"]): each for each in rows(f"/monitoring/rates/{path}", "stations")}
    assert (by["S1"]["应传"], by["S1"]["有效"]) == (6 * days, 4 * days), "no hour is excused for a check"
    assert (by["A1"]["应传"], by["A1"]["有效"]) == (24 * days, 21 * days)
    board = site.visitor("bureau").get(f"/monitoring/rates/{path}").content.decode()
    assert f"（待核对）</span>{6 * days}<" in board, "how often a section measures was not compared with a document"
    assert f"（待核对）</span>{24 * days}<" not in board
    assert "应传数按尚未核对原文的规定计（水质断面" in board
    told = {str(each["排放口或站点"]): each for each in rows(f"/monitoring/validity/{path}", "validity")}
    assert (told["S1"]["应有"], told["S1"]["有效天数"]) == (6 * days, 0)
    assert "没有生效的有效性规定" in str(told["S1"]["本月"])
    assert (told["A1"]["有效天数"], told["A1"]["本月"]) == (days, "✓ 有效")
    total = rows(f"/monitoring/rates/{path}", "rates")[-1]
    assert total["应传"] == DUE * 2, "the sum of sources has no station in it"


def test_a_section_that_begins_and_ends_off_the_slot(outlet: int, store: StoreAtHand) -> None:
    """Connected at 13:30, taken away at 10:20: owed are the readings of every span of the clock that it was there in.

    Of the first day 12, 16 and 20 o'clock (two come), of the last 0, 4 and 8 (one comes).
    """
    section, end = site.outlet("", "S1", "section", object=""), BEGIN + timedelta(days=2)
    device = site.connected(section, "88888880000002", days=(timezone.localdate() - BEGIN).days, factors=("w21003",))
    Connection.objects.filter(device=device).update(
        starts_at=midnight(BEGIN) + timedelta(hours=13, minutes=30),
        ends_at=midnight(end) + timedelta(hours=10, minutes=20),
    )
    FactorDue.objects.filter(outlet=section).update(ends_on=end)
    for hours in (16, 20, *range(24, 48, 4), 48):
        store.put(site.point(section, "w21003"), Kind.HOUR, midnight(BEGIN) + timedelta(hours=hours), "avg", "0.5")
    path = f"?month={MONTH:%Y-%m}"
    [rate] = [each for each in rows(f"/monitoring/rates/{path}", "stations") if each["站点"] == "S1"]
    assert (rate["应传"], rate["补全后收到"], rate["有效"]) == (3 + 6 + 3, 9, 9)
    told = rows(f"/monitoring/validity/{path}", "validity")
    [held] = [each for each in told if each["排放口或站点"] == "S1"]
    assert (held["应有"], held["有效"], held["无效"]) == (12, 9, 3)


def test_a_place_with_one_that_lacks_shows_the_sum_of_the_others(outlet: int, store: StoreAtHand) -> None:
    other = site.outlet(code="DA002", starts_on=BEGIN.isoformat())
    for factor in (SO2, FLOW):
        site.put("factors", outlet=str(other), factor=factor, starts_on=BEGIN.isoformat())
    close(MONTH)
    line, *_note = rows(f"/monitoring/amounts/?month={MONTH:%Y-%m}", "sums")
    tonnes = DUE * Decimal("3.6") / 1000
    assert (line["合计（全部完整时）"], line["完整的排放口"]) == ("—", 1)
    assert line["完整的排放口合计"] == pytest.approx(float(tonnes))
    assert line["完整的排放口占"] == 50
    assert line["状态"] == "✕ 缺 1 个排放口，不入库"


def closing_of(outlet: int, factor: str, month: date, kg: int, open_hours: int = 0) -> None:
    AmountClosing.objects.create(
        outlet_id=outlet, factor=factor, month=month, through=ends_of(Span.MONTH, month), is_over=True, kg=Decimal(kg),
        due_hours=720, measured_hours=720 - open_hours, substituted_hours=0, stopped_hours=0, by_hand_hours=0,
        open_hours=open_hours, days=30, valid_days=30, is_doubted=False, content='{"findings":[]}', digest="x",
        closed_at=timezone.now(), checked_at=timezone.now(),
    )  # fmt: skip


def test_what_goes_into_rivers_year_by_year(outlet: int, store: StoreAtHand) -> None:
    """Only whole months of both years are compared."""
    river = site.outlet(site.UNITS[1], "RH001", "water", object="river_outlet", starts_on=f"{LAST.year - 1}-01-01")
    site.put("factors", outlet=str(river), factor="w01018", starts_on=f"{LAST.year - 1}-01-01")
    for year, kg in ((LAST.year - 1, 100), (LAST.year, 90)):
        for number in range(1, LAST.month + 1):
            closing_of(river, "w01018", date(year, number, 1), kg)
    path = f"/monitoring/amounts/?month={MONTH:%Y-%m}"
    line, *_note = rows(path, "rivers")
    assert (line["逐年减少"], line["本年"]) == ("✓ 减少", pytest.approx(0.09 * LAST.month))
    closing_of(river, "w01018", date(LAST.year, 1, 1), 90, open_hours=3)
    assert rows(path, "rivers")[0]["逐年减少"] == "不能比较：有月份不完整"


def test_stations_are_shown_in_the_unit_of_their_rule(outlet: int, store: StoreAtHand) -> None:
    """The code table keeps particles in ng/m³, the evaluation speaks of µg/m³."""
    air = site.outlet("", "A1", "air", name="县站", object="")
    site.put("factors", outlet=str(air), factor="a34004", starts_on="2024-01-01")
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    store.put(site.point(air, "a34004"), Kind.MINUTE, now, "avg", 35_000)
    store.put(site.point(air, "a34004"), Kind.HOUR, now - timedelta(hours=2), "avg", 41_000)
    visitor = site.visitor("bureau")
    found = visitor.get("/monitoring/").content.decode()
    assert "35 µg/m³" in found
    assert "ng/m³" not in found
    page = visitor.get(f"/monitoring/outlets/{air}/").content.decode()
    assert "ng/m³" not in page
    assert ">41<" in page.replace(" ", "")
