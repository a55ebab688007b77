"""From simulated plants to the store: whatever a logger's edition, codes, units and manners, the figure arrives."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from consuming_ground import ZONE, Ground, consumer, point_of

from shuangkong.gateway.consuming.arrivals import ClockTold, LateTold
from shuangkong.gateway.consuming.consumer import Doors
from shuangkong.gateway.consuming.device import Device, Spell
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.monitoring.alarms.drift import Clock, drifts, off_hours
from shuangkong.monitoring.reading import Reading
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.means import told_day
from shuangkong.monitoring.simulated.playing import said_on
from shuangkong.monitoring.simulated.site import Manner, Site
from shuangkong.monitoring.simulated.troubles import clock_error_s
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.codes import STATS
from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.rulebook import open_rulebook

DAY = date(2026, 3, 5)
EVERYONE = cast(11, gas=200, water=200, meters=0, troubled_share=0)
#: Some of each manner but of sending twice, and some of no manner.
SITES = tuple(
    {
        site.number: site
        for some in (*({manner} for manner in Manner if manner is not Manner.RESENDS), set())
        for site in [
            each
            for each in EVERYONE
            if (some <= each.manners if some else not each.manners) and Manner.RESENDS not in each.manners
        ][:3]
    }.values()
)


def device(site: Site) -> Device:
    """As the roster registers it."""
    units = {each.code: each.unit for each in site.factors} if Manner.OLD_CODES in site.manners else {}
    keys = (site.key,) if site.key else ()
    variants = frozenset({"hj212", site.variant})
    spells = (Spell(site.number, 0),)
    return Device(site.number, site.mn, units, spells, keys=keys, password=site.password, variants=variants)


def test_figures_of_the_plant_arrive(tmp_path: Path) -> None:
    codes, ground = hj212_codes(open_rulebook().folder), Ground(tmp_path)
    ground.now = datetime(2026, 3, 7, tzinfo=ZONE).timestamp()
    assert set(Manner) - {Manner.RESENDS} == set().union(*(each.manners for each in SITES))
    for site in SITES:
        ground.registers.register(device(site))
        station, finder = Station(site, codes), Finder()
        for said in said_on(site, DAY, ("hour_data",)):
            for frame in station.frames(said):
                # The listener keeps what it found, and whether it knew it at once.
                (found,) = finder.feed(frame)
                assert isinstance(found, Found)
                is_known = found.fits(device(site).variants)
                ground.receive(found.raw, mark=Verdict.KNOWN if is_known else Verdict.CHECK)
    ground.read()
    assert ground.desk.sorts() == {}
    rows = {(row["point"], row["kind"], row["stat"], row["at"]): row for row in ground.store.rows()}
    for site in SITES:
        hours = told_day(site, DAY).hours
        for (code, field), figures in hours.figures.items():
            for hour, figure in enumerate(figures.tolist()):
                at = datetime(2026, 3, 5, hour, tzinfo=ZONE).astimezone(UTC)
                row = rows.pop((point_of(site.number, code), "hour", STATS[field], at))
                assert row["value"] == pytest.approx(figure, rel=1e-6, abs=1e-5), (site.name, code, field)
                assert row["flag"] == hours.flags[code][hour]
    assert rows == {}


@dataclasses.dataclass
class Heard:
    """What the consumer tells of clocks and late days."""

    told: dict[tuple[int, int], ClockTold] = dataclasses.field(default_factory=dict)

    def clocks(self, told: Iterable[ClockTold]) -> None:
        self.told |= {(each.device, each.hour): each for each in told}

    def late(self, told: Iterable[LateTold], at: float) -> None: ...


def test_a_simulated_wrong_clock_is_found(tmp_path: Path) -> None:
    """By the arrival of what it says as it goes, and by hours that begin off the hour: none of it passes unseen."""
    troubled = cast(11, gas=40, water=40, meters=0, troubled_share=1)
    site, day = next(
        (each, DAY + timedelta(days=number))
        for number in range(60)
        for each in troubled
        if abs(clock_error_s(each, DAY + timedelta(days=number))) > 400 and not (each.manners or each.key)
    )
    error = clock_error_s(site, day)
    codes, ground, heard = hj212_codes(open_rulebook().folder), Ground(tmp_path), Heard()
    ground.consumer.close()
    doors = Doors(ground.store, ground.registers, ground.desk, ground.orders, (), heard)
    ground.registers.register(device(site))
    ground.consumer = consumer(tmp_path, doors, lambda: ground.now)
    station = Station(site, codes)
    said = [each for each in said_on(site, day, ("realtime_data", "hour_data")) if each.at.hour < 4]
    for each in said:
        ground.now = each.at.replace(tzinfo=ZONE).timestamp()
        for frame in station.frames(each):
            ground.receive(frame)
    ground.now += 120
    ground.read()
    most = timedelta(minutes=6)
    hours = [
        Clock(datetime.fromtimestamp(told.hour, ZONE), told.count, *(timedelta(seconds=number)
              for number in (told.gap_s, told.low_s, told.high_s)))
        for told in heard.told.values()
    ]  # fmt: skip
    [drifted] = drifts(hours, site.mn, most, 3)
    assert drifted.ends_at is None
    assert all(abs(each.gap + timedelta(seconds=error)) < timedelta(minutes=2) for each in hours)
    means = [Reading(at=row["at"].astimezone(ZONE), value=Decimal(1)) for row in ground.store.rows()
             if row["kind"] == "hour"]  # fmt: skip
    [off] = off_hours(means, 3)
    assert off.count == len({each.at for each in means}) > 1
