"""Published days of air stations, zones of waters, power prices: registered, taken from files, what they move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.looking import observations
from shuangkong.records.monitoring import alarm_rules
from shuangkong.records.monitoring.air_days import COLUMNS
from shuangkong.records.monitoring.arrivals import late_of
from shuangkong.records.monitoring.models import AirDay, Point
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.monitoring.registers.taking import take
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.evaluating import evaluate
from shuangkong.web.monitoring.uploads.naming import NO_FACTOR, Naming
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
YEAR = 2024
FIRST, LAST = date(YEAR, 3, 1), date(YEAR, 3, 31)
HEAD = ("空气站", "日期", "PM2.5", "PM10", "SO2", "NO2", "CO", "O3-8h", "依据")
#: A good day, and one on which ozone is above 160: index 100 ends there.
GOOD, OZONE = ("20", "40", "8", "22", "0.6", "120"), ("20", "40", "8", "22", "0.6", "178")


@pytest.fixture(scope="module")
def station(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet("", "A1", "air", name="县站", enterprise="", object="", due_on="", starts_on="2023-01-01")
        site.put("factors", outlet=str(place), factor="a34004", starts_on="2023-01-01")
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def lines(station: int, days: int = 31, ozone: int = 3) -> list[tuple[str, ...]]:
    """A file: the last ``ozone`` of so many days exceed."""
    made = [HEAD]
    for number in range(days):
        told = OZONE if number >= days - ozone else GOOD
        made.append((str(station), f"{FIRST + timedelta(days=number)}", *told, "县环境质量日报（虚构）"))
    return made


def told(indicator: str) -> dict[str, tuple[State, Decimal | None]]:
    rows = observations([indicator], [("region", site.COUNTY)])
    return {row.period: (row.state, row.value) for row in rows}


def test_a_file_of_published_days_makes_good_days(station: int, store: StoreAtHand) -> None:
    point = site.point(station, "a34004")
    for number in range(31):
        for hour in range(24):
            at = midnight(FIRST + timedelta(days=number)) + timedelta(hours=hour)
            store.put(point, Kind.HOUR, at, "avg", 90_000)
    register = REGISTERS["air-days"]
    assert {each.message for each in take(register, lines(station), site.by("bureau"), "日报", is_dry_run=False)} == {
        None
    }
    late = late_of(station, FIRST)
    assert late is not None
    assert late.arrived_at.date() == timezone.now().date(), "what rests on the month is evaluated anew"
    evaluate(Period(YEAR, "03"), FIRST, LAST)
    month = f"{YEAR}-03"
    assert told("good_air_days")[month] == (State.VALUE, 28), "by ozone, and not by the PM2.5 of 90 that hours tell"
    assert told("pm25_level")[month] == (State.VALUE, Decimal("0.02"))
    AirDay.objects.filter(day__gt=FIRST + timedelta(days=25)).update(o3=None)
    evaluate(Period(YEAR, "03"), FIRST, LAST)
    assert told("good_air_days")[month][0] is State.MISSING, "five days are not known to be good without ozone"


def test_what_is_no_day_of_a_station_is_refused(station: int) -> None:
    outlet = site.outlet()
    plain = {"outlet": str(station), "day": "2024-03-01", "pm25": "20", "document": "日报"}
    site.put("air-days", **plain)
    for code, change in (
        ("MON-240", {"outlet": str(outlet)}), ("MON-241", {"day": f"{timezone.localdate()}"}),
        ("MON-242", {"pm25": "", "day": "2024-03-02"}), ("MON-243", {"pm25": "-1", "day": "2024-03-02"}),
        ("MON-244", {}),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            site.put("air-days", **(plain | change))
        assert refused.value.code == code


def test_columns_are_those_of_the_rule() -> None:
    law = open_rulebook().monitoring()
    assert {factor for factor, _unit in COLUMNS.values()} == set(law.air.pollutants) == set(law.air_index.pollutants)


def test_an_upload_may_tell_what_the_register_says_is_owed(station: int) -> None:
    naming = Naming(site.by("bureau"))
    assert naming.points_of([(f"outlet/{station}", "a05024")]) == {}
    assert naming.refused == {(f"outlet/{station}", "a05024"): NO_FACTOR}
    site.put("factors", outlet=str(station), factor="a05024", starts_on="2023-01-01")
    again = Naming(site.by("bureau"))
    assert again.points_of([(f"outlet/{station}", "a05024")]) == {
        (f"outlet/{station}", "a05024"): (Point.objects.get(outlet=station, factor="a05024").pk, 1.0)
    }


def test_a_zone_stands_beside_the_class_of_its_section(station: int, store: StoreAtHand) -> None:
    section = site.outlet(
        "", "S1", "section", name="断面", object="", due_on="", starts_on="2023-01-01", water_class="3"
    )
    site.put("factors", outlet=str(section), factor="w21003", starts_on="2023-01-01")
    day = timezone.localdate() - timedelta(days=1)
    for back in range(day.timetuple().tm_yday):  # a year that is over is judged by all of it
        for hours in (0, 4):
            at = midnight(day - timedelta(days=back)) + timedelta(hours=hours)
            store.put(site.point(section, "w21003"), Kind.HOUR, at, "avg", "1.2")
    zone = {"region": site.COUNTY, "code": "Z1", "name": "饮用水源区", "water": "柳溪", "function": "饮用水源",
            "water_class": "3", "document": "区划（虚构）", "starts_on": "2024-01-01"}  # fmt: skip
    site.put("water-zones", **zone, outlet=str(section))
    for code, change in (("MON-245", {"code": "Z2", "outlet": str(station)}), ("MON-246", {})):
        with pytest.raises(Refused) as refused:
            site.put("water-zones", **(zone | change))
        assert refused.value.code == code
    page = site.visitor("bureau").get(reverse("monitoring:quality")).content.decode()
    assert "饮用水源区" in page
    assert "✗ 未达到" in page.split("饮用水源区")[1], "of ammonia 1.2 the class is IV"


def test_prices_stand_beside_what_policy_lays_down(station: int, store: StoreAtHand) -> None:
    outlet = site.outlet()
    price = {"enterprise": site.UNITS[0], "sort": "differential", "grade": "restricted", "surcharge": "0.05",
             "document": "价格文件（虚构）", "starts_on": "2024-01-01"}  # fmt: skip
    site.put("power-prices", **price)
    site.put("power-prices", **(price | {"sort": "environmental", "grade": "", "surcharge": "0.01"}))
    for code, change in (("MON-247", {"surcharge": "-1"}), ("MON-248", {})):
        with pytest.raises(Refused) as refused:
            site.put("power-prices", **(price | change))
        assert refused.value.code == code
    first, told = timezone.localdate().replace(day=1) - timedelta(days=1), Message("超标", "exceeds")
    start = midnight(first.replace(day=1))
    gone, held = alarm_rules.raise_alarms([
        alarm_rules.Raised(outlet=outlet, rule="exceedance", key=f"{hour}", factor="a21026", period="hour",
                           starts_at=start + timedelta(hours=hour), ends_at=ends, text=told)
        for hour, ends in ((1, None), (5, start + timedelta(hours=8)))
    ])  # fmt: skip
    alarm_rules.undo([gone], timezone.now())
    page = site.visitor("bureau").get(reverse("monitoring:prices"), {"month": f"{first:%Y-%m}"}).content.decode()
    assert "0.05 ▲" in page, "less than the 0.10 that policy lays down"
    assert "超限值 3 小时" in page, f"of {held} alone: the other was undone by late data"
    items = site.visitor("bureau").get("/api/v1/monitoring/power-prices").json()["items"]
    assert [(each["sort"], each["laid_down"], each["is_verified"]) for each in items] == [
        ("differential", "0.10", False), ("environmental", None, None)
    ]  # fmt: skip
    assert site.visitor("neighbour").get("/api/v1/monitoring/power-prices").json()["items"] == []


def test_industries_are_surveyed(station: int, store: StoreAtHand) -> None:
    """Of power plants (44): one outlet that can be judged and exceeded, one that is not connected."""
    outlet = site.outlet()
    site.connected(outlet)
    site.outlet(code="DA002")
    site.put("limits", outlet=str(outlet), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
             document="许可证", starts_on="2024-01-01")  # fmt: skip
    now = timezone.now()
    alarm_rules.raise_alarms([alarm_rules.Raised(outlet=outlet, rule="exceedance", key="x", starts_at=now)])
    [line] = site.visitor("bureau").get("/api/v1/monitoring/compliance").json()["items"]
    assert (line["code"], line["units"], line["outlets"]) == ("44", 1, 2)
    assert [line[key] for key in ("connected", "limited", "exceeded", "open", "judged", "steady")] == [1, 1, 1, 1, 1, 0]
    page = site.visitor("bureau").get(reverse("monitoring:compliance")).content.decode()
    assert line["name"] in page
