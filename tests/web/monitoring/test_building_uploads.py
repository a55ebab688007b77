"""Files of public buildings' energy: from the ZIP of a data centre to the hours and months of meters, row by row."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import api_site
import monitoring_site as site
import pytest
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from housed import housed
from kept import kept
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.protocols.building import files
from shuangkong.readings.columns import Kind
from shuangkong.readings.store import Store
from shuangkong.readings.trace import Place, upload_of
from shuangkong.records.facts.models import Observation
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.models import Meter, Point
from shuangkong.records.monitoring.uploads.models import ReadingUpload
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.api.operations import monitoring_uploads
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.metered_closing import close, hours_of
from shuangkong.web.monitoring.uploads import intake
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/monitoring/uploads"
BUILDING, OTHER = "990100A001", "990100A002"
POWER, WATER = "01000", "02000"
#: The last month that is over.
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
DAYS = (ends_of(Span.MONTH, MONTH) - MONTH).days + 1
NOON = datetime(MONTH.year, MONTH.month, 3, 12)  # noqa: DTZ001 - files carry local times


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with housed(tmp_path_factory.mktemp("store")) as client:
        yield Store(client)


@pytest.fixture(scope="module")
def meters(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """A building of the first unit with two meters, one of the second with one."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        registered(BUILDING, site.UNITS[0])
        registered(OTHER, site.UNITS[1])
        yield {
            POWER: meter(POWER, unit="万千瓦时"),
            WATER: meter(WATER, item="2000000000000001", carrier="fresh_water", unit="立方米"),
            OTHER: meter(POWER, building=OTHER, enterprise=site.UNITS[1]),
        }


def registered(building: str, unit: str) -> int:
    return site.put(
        "devices", region=site.COUNTY, enterprise=unit, kind="collector", mn=building, name="楼宇采集器",
        edition="auto", check_value="any", encoding="auto", starts_on="2024-01-01",
    )  # fmt: skip


def meter(code: str, building: str = BUILDING, **more: str) -> int:
    told = {
        "enterprise": site.UNITS[0], "device": building, "item": "1000000000000001", "code": code, "name": f"表{code}",
        "carrier": "electricity", "unit": "kWh", "level": "1", "starts_on": "2024-01-01",
    } | more  # fmt: skip
    return site.put("meters", **told)


@pytest.fixture(autouse=True)
def at_hand(
    meters: dict[str, int], store: Store, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(intake, "opened", lambda: store)
    monkeypatch.setattr(data, "store", lambda: store)


def row(item: str = POWER, starts: datetime = NOON, value: object = "3.25", state: str = "1") -> str:
    return (
        f"<EnergyItemHourResult><F_EnergyItemCode>{item}</F_EnergyItemCode><F_StartHour>{starts}</F_StartHour>"
        f"<F_EndHour>{starts + timedelta(hours=1)}</F_EndHour><F_HourValue>{value}</F_HourValue>"
        f"<F_State>{state}</F_State></EnergyItemHourResult>"
    )


def energy(*rows: str, building: str = BUILDING) -> str:
    return f'<root><data><Build id="{building}">{"".join(rows)}</Build></data></root>'


def zipped(*texts: str, **more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for at, text in enumerate(texts):
            box.writestr(f"990100{MONTH + timedelta(days=at):%Y%m%d}Energy.xml", text)
        for name, text in more.items():
            box.writestr(f"{name}.xml", text)
    return out.getvalue()


def sent(content: bytes | str, name: str = "unit", media: str = "application/zip") -> tuple[int, Any]:
    programme = api_site.programme(api_site.token(name))
    answer = programme.post(ADDRESS, content if isinstance(content, bytes) else content.encode(), media)
    return answer.status_code, answer.json()


def held(store: Store, number: int, day: date) -> list[tuple[datetime, float, str]]:
    point = Point.objects.get(meter=number, factor="").pk
    table = store.series(point, Kind.HOUR, "cou", midnight(day), midnight(day + timedelta(days=1)))
    return [
        (timezone.localtime(each["at"]).replace(tzinfo=None), each["value"], each["flag"])
        for each in table.to_pylist()
    ]  # fmt: skip


def test_from_the_file_of_a_centre_to_hours_months_and_facts(meters: dict[str, int], store: Store) -> None:
    """Each hour 0.2 ten-thousands of kWh; one hour does not hold until it is told again."""
    start = datetime(MONTH.year, MONTH.month, 1)  # noqa: DTZ001 - files carry local times
    day = [
        energy(*(row(starts=start + timedelta(days=at, hours=hour), value="0.2") for hour in range(24)))
        for at in range(2, DAYS)
    ]
    hours = [start + timedelta(hours=hour) for hour in range(48)]
    first = energy(*(row(starts=each, value="0.2", state="0" if each == hours[7] else "1") for each in hours))
    buildings = f"<root><Build><F_BuildID>{BUILDING}</F_BuildID><F_BuildName>楼</F_BuildName></Build></root>"
    status, found = sent(zipped(first, "".join(day).join(("<all>", "</all>")), **{"99010020260301Build": buildings}))
    assert (status, found["kept"], found["left_out"]) == (200, DAYS * 24, [])
    shown = hours_of(Meter.objects.get(pk=meters[POWER]), MONTH)
    assert [each.origin for each in shown[6:9]] == [Origin.TOLD, Origin.OPEN, Origin.TOLD]
    assert shown[0].amount == 2_000
    close(MONTH)
    facts = Observation.objects.filter(
        subject__code=source_code(Enterprise.objects.get(name=site.UNITS[0]).pk),
        indicator__text="metered_electricity",
    ).order_by("pk")
    assert [each.value for each in facts] == [None], "an hour is not known"
    again = sent(energy(row(starts=hours[7], value="0.3")), media="text/xml")[1]
    assert again["kept"] == 1
    close(MONTH)
    assert [each.value for each in facts.all()] == [None, Decimal(DAYS * 24 * 2_000 + 1_000)]


def test_the_same_file_is_one_upload_and_a_changed_value_a_new_version(meters: dict[str, int], store: Store) -> None:
    one, two = (energy(row(WATER, value=value)) for value in (5, 6))
    told = [sent(each, media="application/xml")[1] for each in (one, two, one)]
    assert [each["times"] for each in told] == [1, 1, 2]
    assert told[0]["id"] == told[2]["id"]
    assert held(store, meters[WATER], NOON.date()) == [(NOON, 6.0, "N")]
    point = Point.objects.get(meter=meters[WATER], factor="").pk
    [read] = store.series(point, Kind.HOUR, "cou", midnight(NOON.date()), timezone.now()).to_pylist()
    assert upload_of(Place(read["segment"], read["offset"])) == told[1]["id"]
    assert JournalRow.objects.filter(act="monitoring.upload").count() == 2
    assert ReadingUpload.objects.get(pk=told[0]["id"]).form == "xml"


def test_each_row_that_cannot_be_taken_is_told_and_the_others_stay(meters: dict[str, int], store: Store) -> None:
    day = NOON + timedelta(days=1)
    ahead = (timezone.localtime() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    status, found = sent(
        f"""<root>{energy(
            row(WATER, day, 8), row(WATER, day, 8), row(WATER, day + timedelta(hours=1), 1),
            row(WATER, day + timedelta(hours=1), 2), row(WATER, ahead), row("09999", day), row(WATER, value="many"),
            row(WATER, NOON.replace(year=2023, month=5)),
        )}{energy(row(starts=day), row(starts=NOON), building="990100A009")}{energy(row(), building=OTHER)}</root>""",
        media="text/xml",
    )  # fmt: skip
    assert (status, found["rows"], found["kept"]) == (200, 11, 1)
    assert [(each["code"], each["outlet"], each["factor"], each["rows"]) for each in found["left_out"]] == [
        ("MON-224", BUILDING, WATER, 1), ("MON-261", "990100A002", POWER, 1), ("MON-261", "990100A009", POWER, 2),
        ("MON-262", BUILDING, WATER, 1), ("MON-262", BUILDING, "09999", 1), ("MON-264", BUILDING, WATER, 2),
        ("MON-265", "", "", 1),
    ]  # fmt: skip
    assert found["left_out"][-1]["place"] == "EnergyItemHourResult[6].F_HourValue"
    assert "many" in found["left_out"][-1]["zh"]
    assert held(store, meters[WATER], day.date()) == [(day, 8.0, "N")]


def test_a_meter_is_that_of_the_hour_and_two_at_once_are_none(meters: dict[str, int], store: Store) -> None:
    changed = NOON.date() + timedelta(days=10)
    Meter.objects.filter(pk=meters[WATER]).update(ends_on=changed - timedelta(days=1))
    fresh = meter(WATER, item="2000000000000001", carrier="fresh_water", unit="立方米", starts_on=changed.isoformat())
    days = [NOON + timedelta(days=at) for at in (9, 10)]
    assert sent(energy(*(row(WATER, each, 4) for each in days)), media="text/xml")[1]["kept"] == 2
    assert held(store, meters[WATER], days[0].date()) == [(days[0], 4.0, "N")]
    assert held(store, fresh, days[1].date()) == [(days[1], 4.0, "N")]
    Meter.objects.filter(pk=meters[WATER]).update(ends_on=None)
    found = sent(energy(*(row(WATER, each, 5) for each in days)), media="text/xml")[1]
    assert (found["kept"], [each["code"] for each in found["left_out"]]) == (1, ["MON-263"])


def test_a_building_that_nobody_registered_is_told_though_it_has_no_hours() -> None:
    found = sent("<root><Build><F_BuildID>990100A009</F_BuildID></Build></root>", media="text/xml")[1]
    assert (found["rows"], [(each["code"], each["rows"]) for each in found["left_out"]]) == (0, [("MON-261", 0)])


DTD = '<!DOCTYPE root [<!ENTITY a "1">]>' + energy(row())


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"PK\x05\x06", "application/zip"), (b"no zip", "application/zip"),
        (zipped(energy(row())[:-9]), "application/zip"), (zipped(DTD), "application/zip"),
        (DTD.encode(), "application/xml"), (b"no xml", "text/xml"), (energy(row()).encode("utf-16"), "text/xml"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_whole(content: bytes, media: str) -> None:
    status, found = sent(content, media=media)
    assert (status, found["code"]) == (422, "RDG-001")
    assert not ReadingUpload.objects.exclude(kept=0).exists()
    assert "RDG-001" in ReadingUpload.objects.get().refused


def test_what_opens_to_too_much_and_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_OPENED", 10_000)
    bomb = zipped(energy(" " * 20_000))
    status, found = sent(bomb)
    assert (status, found["code"]) == (422, "RDG-001")
    assert "10000" in found["zh"]
    monkeypatch.setattr(monitoring_uploads, "MOST_BYTES", 20)
    assert sent(bomb)[0] == 413
    assert sent(bomb, "office")[0] == 403
