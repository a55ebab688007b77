"""Boards of monitoring: rates with their denominators, coverage and the yearly list, air and rivers, meters, plates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import monitoring_site as site
import pytest
import store_at_hand
from django.conf import LazySettings
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.readings.columns import Kind
from shuangkong.readings.trace import upload_place
from shuangkong.records.facts.looking import observations
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.models import Connection, KeyDischarger, Outlet
from shuangkong.records.monitoring.registers.acts import revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.uploads.models import ReadingUpload
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.rate_facts import tell_rates
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place)
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def rows(path: str, table: str, name: str = "bureau") -> list[dict[str, object]]:
    content = site.visitor(name).get(f"{path}{'&' if '?' in path else '?'}xlsx={table}").content
    told = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    at = next(number for number, row in enumerate(told) if len([cell for cell in row if cell]) > 2)
    return [dict(zip(map(str, told[at]), row, strict=False)) for row in told[at + 2 :]]


def test_the_duty_screen_makes_one_value_a_point(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was told in two hours; of one time a minute's mean goes before an instant, a converted one before it."""
    now = timezone.now().replace(second=0, microsecond=0)
    point = site.point(outlet)
    for minute in range(60):
        store.put(point, Kind.RTD, now - timedelta(minutes=minute), "rtd", 100 + minute)
    for at, stat, value in ((0, "avg", 7), (0, "zs_avg", 9), (10, "avg", 8)):
        store.put(point, Kind.MINUTE, now - timedelta(minutes=at), stat, value)
    made, sound = [], data._value
    monkeypatch.setattr(data, "_value", lambda row: made.append(row) or sound(row))
    page = site.visitor("bureau").get("/monitoring/").content.decode()
    assert len(made) == 1
    assert "二氧化硫 9 mg/m³" in page or "二氧化硫 9 mg/m3" in page


def test_rates_keep_their_denominators(outlet: int, store: StoreAtHand) -> None:
    """Of yesterday alone (the month's other days are not told): 20 hours came, 18 hold, 2 hours were marked stopped."""
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number in range(20):
        at = day + timedelta(hours=number)
        store.put(site.point(outlet), Kind.HOUR, at, "avg", 20, "N" if number > 1 else "D")
    for number in (22, 23):
        store.put(site.point(outlet), Kind.HOUR, day + timedelta(hours=number), "avg", 0, "F")
    line, total = rows(f"/monitoring/rates/?month={day:%Y-%m}", "rates")[:2]
    days = day.day
    assert (line["停运"], line["补全后收到"], line["有效"]) == (2, 20, 18)
    assert line["应传"] == 24 * days - 2
    assert total["有效"] == 18
    assert line["有效传输率（补全）"] == pytest.approx(1800 / (24 * days - 2), abs=0.006)


def test_a_factor_is_due_on_its_days_and_the_total_is_of_all_batches(
    outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    site.put("factors", outlet=str(outlet), factor="a21002", is_rated="是", starts_on=f"{month - timedelta(days=9)}",
             ends_on=f"{month.replace(day=10)}")  # fmt: skip
    path = f"/monitoring/rates/?month={month:%Y-%m}"
    whole = {row["因子"]: row["应传"] for row in rows(path, "rates")}
    days = (timezone.localdate().replace(day=1) - month).days
    assert sorted(whole.values(), key=str) == sorted((24 * days, 240, 24 * days + 240), key=str)
    monkeypatch.setattr("shuangkong.web.monitoring.transmitting.MOST", 1)
    monkeypatch.setattr("shuangkong.web.monitoring.batches.batch_of.__defaults__", (1,))
    [line, total] = rows(path, "rates")
    assert (line["应传"], total["应传"]) == (240, 24 * days + 240)
    assert len(rows(f"{path}&batch=2", "rates")) == 2
    later = timezone.localdate() - timedelta(days=1)
    if later.replace(day=1) != month:
        assert len(rows(f"/monitoring/rates/?month={later:%Y-%m}", "rates")) == 2


def test_what_came_first_says_whether_it_came_in_time(outlet: int, store: StoreAtHand, settings: LazySettings,
                                                      tmp_path: Path) -> None:  # fmt: skip
    """A corrected hour came when it was first told; what is uploaded came with its upload."""
    settings.EVIDENCE_FOLDER = tmp_path
    day = midnight(timezone.localdate() - timedelta(days=1))
    first = ReadingUpload.objects.create(author="u", appointment=1, digest="a", form="csv", size=1, first_at=day,
                                         last_at=timezone.now())  # fmt: skip
    late = ReadingUpload.objects.create(author="u", appointment=1, digest="b", form="csv", size=1,
                                        first_at=day + timedelta(days=20), last_at=timezone.now())  # fmt: skip
    for number in range(3):
        at = day + timedelta(hours=number)
        ReadingUpload.objects.filter(pk=first.pk).update(first_at=day + timedelta(hours=3))
        if number < 2:
            store.put(site.point(outlet), Kind.HOUR, at, "avg", 20, place=upload_place(first.pk))
        if number > 0:
            store.put(site.point(outlet), Kind.HOUR, at, "avg", 21, place=upload_place(late.pk))
    line = rows(f"/monitoring/rates/?month={day:%Y-%m}", "rates")[0]
    assert line["补全后收到"] == 2, "of the three one came after the time for supplements"
    again = store.told_again(None, Kind.HOUR, "avg", day, day + timedelta(days=1))
    assert list(again) == [(site.point(outlet), (day + timedelta(hours=1)).astimezone(UTC))]


def test_validity_counts_the_days_that_the_rates_count(outlet: int, store: StoreAtHand) -> None:
    """A factor that was owed for ten days of the month has ten days, not a month of missing data."""
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    tenth = month.replace(day=10)
    site.put(
        "factors", outlet=str(outlet), factor="a21002", starts_on=f"{month - timedelta(days=9)}", ends_on=f"{tenth}"
    )
    at = midnight(month)
    while at < midnight(tenth + timedelta(days=1)):
        store.put(site.point(outlet, "a21002"), Kind.HOUR, at, "avg", 20)
        at += timedelta(hours=1)
    by = {str(row["因子"]): row for row in rows(f"/monitoring/validity/?month={month:%Y-%m}", "validity")}
    line = next(row for name, row in by.items() if "氮氧化物" in name)
    assert (line["应有"], line["有效"], line["无效"], line["捕集率"]) == (240, 240, 0, 100)
    assert (line["有效天数"], str(line["本月"])) == (10, "✓ 有效")
    days = rows(f"/monitoring/validity/?month={month:%Y-%m}&outlet={outlet}", "days")
    [name] = [key for key in days[0] if "氮氧化物" in key]
    assert [days[9][name], days[10][name]] == ["✓ 有效", "不应测"]
    now = timezone.localdate() - timedelta(days=1)
    if now.replace(day=1) != month:
        told = rows(f"/monitoring/validity/?month={now:%Y-%m}", "validity")
        assert len([row for row in told if row["因子"]]) == 1
        assert "有效天数：待核对" in str(told[-1]), "its rule was not compared with its document"


def test_rates_become_facts_that_targets_read(outlet: int, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a month holds, ten hours of it late: 50 %, of the unit, its county and the city; again it is the same."""
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    hours = 24 * last.day
    for number in range(hours // 2):
        store.put(
            site.point(outlet), Kind.HOUR, midnight(month) + timedelta(hours=number), "avg", 20, place=(9, number)
        )
    late = {(9, number): midnight(month) + timedelta(days=5) for number in range(10)}
    monkeypatch.setattr("shuangkong.web.monitoring.transmitting.received_at", lambda _places: late)
    period = Period(month.year, f"{month.month:02d}")
    unit = source_code(Outlet.objects.get(pk=outlet).enterprise_id or 0)
    subjects = [("unit", unit), ("region", site.COUNTY), ("region", "990000")]
    Outlet.objects.update(object="")
    assert tell_rates(period, month, last) == 3
    told = {row.subject_code: row for row in observations(["monitoring_transmission_rate"], subjects)}
    assert {code: (row.value, row.unit) for code, row in told.items()} == dict.fromkeys(
        (unit, site.COUNTY, "990000"), (50, "pct")
    )
    assert f"应传 {hours} 小时" in told[unit].note
    assert f"有效 {hours // 2}" in told[unit].note
    assert f"即时有效传输率 {Decimal(hours // 2 - 10) * 100 / hours:.2f}%" in told[unit].note
    assert tell_rates(period, month, last) == 0
    site.put("key-dischargers", region=site.COUNTY, enterprise=site.UNITS[0], year=str(month.year), media="air")
    more = midnight(month) + timedelta(hours=hours // 2)
    store.put(site.point(outlet), Kind.HOUR, more, "avg", 20)
    keep_late([Late(outlet, more, more)], timezone.now())
    assert tell_rates(period, month, last) == 6, "three of all sources anew, three of key ones"
    [key] = observations(["key_source_transmission_rate"], [("region", site.COUNTY)])
    assert key.value is not None
    assert key.value > 50
    Outlet.objects.update(ends_on=month - timedelta(days=1))
    assert tell_rates(period, month, last) == 6, "nothing was due: what was told is withdrawn"
    assert {row.value for row in observations(["monitoring_transmission_rate"], subjects)} == {None}
    assert tell_rates(period, month, last) == 0


def test_coverage_and_the_list_of_the_year(outlet: int, store: StoreAtHand) -> None:
    store.put(site.point(outlet), Kind.HOUR, midnight(timezone.localdate() - timedelta(days=3)), "avg", 20)
    year = str(timezone.localdate().year)
    made = site.put(
        "key-dischargers", region=site.COUNTY, enterprise=site.UNITS[1], year=year, media="水环境、大气环境"
    )
    assert KeyDischarger.objects.get(pk=made).media == "water air"
    with pytest.raises(Refused):
        revise_row(REGISTERS["key-dischargers"], made, {"media": "水环境 光"}, site.by("bureau"), "改")
    revise_row(REGISTERS["key-dischargers"], made, {"media": "水环境"}, site.by("bureau"), "改")
    english = site.visitor("bureau")
    english.cookies["django_language"] = "en"
    page = english.get("/monitoring/coverage/").content.decode().split('id="why"')[1].split("</ul>")[0]
    assert "Common practice" in page
    assert "《" not in page
    found = site.visitor("bureau").get("/monitoring/coverage/").content.decode()
    assert f"{site.UNITS[1]} 化学需氧量" in found.split("到期没有联网的")[1].split("</ul>")[0]
    [line, *_others] = rows("/monitoring/coverage/", "coverage")
    # Of the power plant SO2 is connected, NOx and dust are due by law and are not; of the paper mill COD and ammonia.
    assert (line["应联网"], line["已联网"]) == (5, 1)
    told = {"region": site.COUNTY, "year": year, "on": str(timezone.localdate()), "document": "名录公告"}
    assert site.visitor("office").post("/monitoring/coverage/publish/", told).status_code == 403
    site.visitor("bureau").post("/monitoring/coverage/publish/", told)
    assert "名录公告" in site.visitor("office").get(f"/monitoring/coverage/?place={site.COUNTY}").content.decode()


def test_what_is_installed_is_not_connected_until_it_sends(outlet: int, store: StoreAtHand) -> None:
    """Registers alone connect nothing: a device that never sent, and one whose connection is over, are not counted."""

    def line() -> tuple[object, ...]:
        row = rows("/monitoring/coverage/", "coverage")[0]
        return row["应联网"], row["已安装"], row["已联网"], row["安装率"]

    assert line()[:3] == (3, 0, 0)
    site.put("factors", outlet=str(outlet), factor="a21002", installed_on="2025-05-01", starts_on="2025-05-01")
    assert line()[:3] == (3, 1, 0)
    found = site.visitor("bureau").get("/monitoring/coverage/").content.decode()
    assert "已安装，未联网" in found
    store.put(site.point(outlet), Kind.HOUR, midnight(timezone.localdate() - timedelta(days=3)), "avg", 20)
    assert line()[:3] == (3, 2, 1)
    Connection.objects.update(ends_at=timezone.now() - timedelta(days=1))
    assert line()[:3] == (3, 1, 0)


def test_the_published_list_says_who_is_a_key_discharger(outlet: int, store: StoreAtHand) -> None:
    """A listed unit's outlet counts though its row names no object; who left the published list does not."""
    year, day = str(timezone.localdate().year), str(timezone.localdate())
    site.outlet(site.UNITS[1], "DW009", "water", object="")
    assert rows("/monitoring/coverage/", "coverage")[0]["登记"] == 3
    site.put("key-dischargers", region=site.COUNTY, enterprise=site.UNITS[1], year=year, media="water")
    assert rows("/monitoring/coverage/", "coverage")[0]["登记"] == 5
    told = {"region": site.COUNTY, "year": year, "on": day, "document": "名录公告"}
    site.visitor("bureau").post("/monitoring/coverage/publish/", told)
    assert rows("/monitoring/coverage/", "coverage")[0]["登记"] == 2


def test_publications_are_counted_once(outlet: int) -> None:
    told = {"enterprise": site.UNITS[0], "sort": "own", "due": "10", "published": "9"}
    site.put("publications", period="2026-05", **told)
    for period, code in (("2026-05", "MON-146"), ("2026Q2", "MON-146"), ("2026", "MON-137")):
        with pytest.raises(Refused) as refused:
            site.put("publications", period=period, **told)
        assert refused.value.code == code
    site.put("publications", period="2026Q3", **told)
    with pytest.raises(Refused):
        site.put("publications", period="2026-09", **told)
    site.put("publications", period="2026-04", **told)


def test_numbers_of_devices_as_the_field_writes_them(outlet: int) -> None:
    site.connected(outlet, "JLYP01_AIR01_0001", days=3, factors=())


def test_sewage_plants_are_watched_and_thin_influent_asks_for_a_plan(outlet: int, store: StoreAtHand) -> None:
    """80 mg/l in the last month: below the 100 that the rule asks for."""
    unit, since = site.UNITS[1], "2024-01-01"
    out, inlet = (site.outlet(unit, code, "water") for code in ("DW001", "IN001"))
    site.put("sewage-plants", enterprise=unit, outlet=str(out), inlet=str(inlet), code="P1", name="城东污水厂",
             capacity_m3_d="20000", grade="一级A", starts_on=since)  # fmt: skip
    site.put("sewage-plants", enterprise=unit, code="P2", name="城西污水厂", capacity_m3_d="5000", starts_on=since)
    site.connected(out, "88888880000009", factors=("w21011",))
    site.put("factors", outlet=str(inlet), factor="w01017", starts_on=since)
    day = timezone.localdate().replace(day=1) - timedelta(days=1)
    at = timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
    for number in range(5):
        store.put(site.point(inlet, "w01017"), Kind.HOUR, at + timedelta(hours=number), "avg", 80)
    east, west, *_notes = rows("/monitoring/coverage/", "plants")
    assert (east["总磷在线监测"], east["低于要求的月数"], east["一厂一策"]) == ("✗ 近 7 日没有数据", 1, "需要")
    assert (west["总磷在线监测"], west["一厂一策"]) == ("没有登记应测总磷", "没有登记进水监测点")
    store.put(site.point(out, "w21011"), Kind.HOUR, store_at_hand.last_hours(3)[0], "avg", "0.2")
    assert rows("/monitoring/coverage/", "plants")[0]["总磷在线监测"] == "✓ 近 7 日有数据"


def test_facilities_have_their_registers_by_page_file_and_programme(outlet: int) -> None:
    """Boilers, kilns, plants, test stations, the yearly list, services, publications: the same three doors."""
    from shuangkong.records.monitoring.registers.table import REGISTERS

    visitor = site.visitor("bureau")
    for key in ("boilers", "sewage-plants", "test-stations", "key-dischargers", "services", "publications"):
        assert key in REGISTERS
        assert visitor.get(f"/monitoring/registers/{key}/").status_code == 200
        assert visitor.get(f"/monitoring/registers/{key}/load/template/").status_code == 200
    made = site.put("boilers", enterprise=site.UNITS[0], outlet=str(outlet), code="B1", name="1号炉", sort="boiler",
                    capacity="65", fuel="煤", is_shared="是", starts_on="2024-01-01")  # fmt: skip
    assert "1号炉" in visitor.get(f"/monitoring/registers/boilers/{made}/").content.decode()
    site.put("test-stations", region=site.COUNTY, code="T1", name="云桥检测站", lanes="3", starts_on="2024-01-01")
    assert "云桥检测站" in visitor.get("/monitoring/registers/test-stations/").content.decode()


def test_air_and_rivers_against_their_targets(outlet: int, store: StoreAtHand) -> None:
    common = {"enterprise": "", "object": "", "due_on": ""}
    section = site.outlet("", "S1", "section", name="清溪断面", water_class="3", **common)
    station = site.outlet("", "A1", "air", name="县站", **common)
    for place, factor in ((section, "w21003"), (section, "w01018"), (station, "a34004")):
        site.put("factors", outlet=str(place), factor=factor, starts_on="2024-01-01")
    for at in store_at_hand.last_hours(48):
        store.put(site.point(section, "w21003"), Kind.HOUR, at, "avg", "1.4")
        store.put(site.point(section, "w01018"), Kind.HOUR, at, "avg", "18")
    year = timezone.localtime(store_at_hand.last_hours(30)[0]).year
    line = rows(f"/monitoring/quality/?period={year}", "rivers")[0]
    assert (line["水质类别"], line["是否达到目标"], line["决定因子"]) == ("Ⅳ类", "✗ 未达到", "氨氮")
    assert "氨氮 0.40" in str(line["超目标因子（倍数）"])
    air = rows(f"/monitoring/quality/?period={year}", "air")[0]
    assert air["空气站"] == "县站"


def test_meters_and_plates(outlet: int, store: StoreAtHand) -> None:
    site.put("meters", enterprise=site.UNITS[0], item="1234567890123456", name="总进线电表", carrier="电力", unit="kWh",
             level="1", calibrated_until="2024-06-30", starts_on="2024-01-01")  # fmt: skip
    [line] = rows("/monitoring/meters/", "meters", "unit")
    assert line["检定"] == "✗ 已过期 2024-06-30"
    assert rows("/monitoring/meters/", "meters", "other") == []
    [device] = [
        each
        for each in range(1, 50)
        if site.visitor("unit").get(f"/monitoring/devices/{each}/plate/").status_code == 200
    ]
    assert "data:image/svg+xml" in site.visitor("unit").get(f"/monitoring/devices/{device}/plate/").content.decode()
