"""The monitoring of the demo: its cast is registered without refusals, and the gateway knows its devices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import Q

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.history import write_history
from shuangkong.cli.demo.monitoring import since, sites, take_monitoring
from shuangkong.cli.operator import operator
from shuangkong.gateway.registered import RegisteredDevices, RegisteredProfiles
from shuangkong.gateway.simulated.running import ZONE
from shuangkong.monitoring.simulated.counter import swaps_of
from shuangkong.monitoring.simulated.process import epoch_s
from shuangkong.monitoring.simulated.site import Kind
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.readings.evidence import Address, Evidence, Record
from shuangkong.records.monitoring.amounts import owed
from shuangkong.records.monitoring.equipment.boilers import boiler_lines
from shuangkong.records.monitoring.models import (
    AirDay,
    DeviceUnit,
    KeyDischarger,
    Meter,
    MeterSwap,
    Outlet,
    OutletStandard,
    PowerPrice,
    Publication,
    SectionTarget,
    ServiceRecord,
    SewagePlant,
    WaterZone,
)
from shuangkong.records.monitoring.uploads.models import HigherPlatform, UploadFigure
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook

FICTIONAL = Path(__file__).parents[2] / "demo" / "fictional"
TODAY = date(2026, 5, 20)


@pytest.mark.django_db
def test_the_cast_is_registered_once_and_known_to_the_gateway() -> None:
    registry.save_regions(
        [
            RegionRow(each["code"], each["name"], each["level"], each["parent"] or None, is_fictional=True)
            for each in lines(FICTIONAL / "regions.csv")
        ]
    )
    by = operator("demo")
    for each in lines(FICTIONAL / "enterprises.csv"):
        wanted = ParticularsRow(each["name"], each["region"], each["credit_code"], each["industry"])
        register_enterprise(wanted, by, each["ground"], date.fromisoformat(each["on"]))
    cast = Cast(FICTIONAL, TODAY)
    assert take_monitoring(FICTIONAL, cast, by)
    assert not take_monitoring(FICTIONAL, cast, by)
    played = sites(FICTIONAL)
    assert {each.edition for each in played} == set(Edition)
    outlets = Outlet.objects.filter(region__path__contains=COUNTY)
    assert {each.kind for each in outlets} == {"gas", "water", "air", "section"}
    # The outline of the invented county: every outlet is found on the map.
    assert all(0 < each.longitude < 10 and 0 < each.latitude < 7 for each in outlets if each.longitude is not None)
    assert all("虚构" in each.name for each in outlets)
    assert OutletStandard.objects.count() == 4
    days = AirDay.objects.order_by("day")
    assert [each.day for each in days] == [since(TODAY) + timedelta(days=at) for at in range(len(days))]
    assert len(days) == (TODAY - since(TODAY)).days
    assert all(each.o3 is not None and "虚构" in each.document for each in days), (
        "or no day of it were known to be good"
    )
    assert (WaterZone.objects.count(), PowerPrice.objects.count()) == (2, 2)
    assert KeyDischarger.objects.filter(year=TODAY.year).count() == 4
    lines_ = boiler_lines(Q(), TODAY)
    assert (len(lines_), sum(each.is_certified_though_removed for each in lines_)) == (4, 1)
    [plant] = SewagePlant.objects.all()
    assert (plant.outlet.kind, plant.inlet.kind) == ("water", "water")
    assert not owed(since(TODAY), TODAY, Q(outlet=plant.inlet)), "what flows in is no discharge"
    assert ServiceRecord.objects.filter(next_on__lt=TODAY).count() == 1, "one is overdue"
    assert set(Publication.objects.values_list("period", flat=True)) == {"2026-04"}
    assert SectionTarget.objects.get().year == TODAY.year
    assert UploadFigure.objects.count() == (TODAY - since(TODAY)).days - 4, "two days of each month are lost"
    [told] = lines(FICTIONAL / "monitoring" / "uploads.csv")
    values = UploadFigure.objects.values_list("value", flat=True)
    assert int(told["from"]) <= min(values) <= max(values) <= int(told["to"])
    above = [each for name in ("platforms", "relays") for each in lines(FICTIONAL / "monitoring" / f"{name}-above.csv")]
    platforms = HigherPlatform.objects.order_by("pk")
    assert [(each.is_on, each.name) for each in platforms] == [(False, each["name"]) for each in above]
    assert {each.kind for each in Outlet.objects.filter(factors__is_rated=True)} >= {"air", "section"}
    assert DeviceUnit.objects.get(factor="a21005").moisture == "wet"
    profiles, devices = RegisteredProfiles().load(), RegisteredDevices().devices()
    for site in played:
        assert site.mn.encode() in profiles
        assert len(devices[site.mn].spells) == (site.kind is not Kind.METER)
        assert len(devices[site.mn].meters) == (site.kind is Kind.METER)
    # One of each unit's carriers is a main meter: their months become facts.
    meters = Meter.objects.filter(enterprise__region__path__contains=COUNTY)
    assert {each.carrier for each in meters if each.level == 1} == {each.carrier for each in meters}
    swapped = [each for site in played if site.kind is Kind.METER for each in swaps_of(site, date(2026, 1, 1), TODAY)]
    assert MeterSwap.objects.count() == sum(each.at >= epoch_s(since(TODAY)) for each in swapped)


def test_what_was_told_before_lies_in_the_log_as_it_came_and_is_told_once(tmp_path: Path) -> None:
    played = [each for each in sites(FICTIONAL) if each.kind is not Kind.METER][:2]
    codes, now = hj212_codes(open_rulebook().folder), datetime(2026, 5, 20, 9)  # noqa: DTZ001 - a station's clock
    folder = tmp_path / "evidence"
    count = write_history(folder, played, codes, date(2026, 5, 17), now)
    assert count > 100
    assert write_history(folder, played, codes, date(2026, 5, 17), now) == 0
    held, _ = Evidence(folder).batch(Address(1, 0), 1 << 26)
    came = [each.received / 1e9 for each in held if isinstance(each, Record)]
    assert len(came) == count
    assert came == sorted(came)
    assert came[-1] <= now.replace(tzinfo=ZONE).timestamp()
    assert now.replace(tzinfo=ZONE).timestamp() - came[0] > 2 * 86_400, "each bears its own time, not that of writing"
