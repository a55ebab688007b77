"""Published days of air stations, zones of waters, power prices: registered, taken from files, what they move."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.looking import observations
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
