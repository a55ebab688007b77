"""From simulated plants to the store: whatever a logger's edition, codes, units and manners, the figure arrives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from consuming_ground import ZONE, Ground, point_of

from shuangkong.gateway.consuming.device import Device, Spell
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.means import told_day
from shuangkong.monitoring.simulated.playing import said_on
from shuangkong.monitoring.simulated.site import Manner, Site
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
    return Device(site.number, site.mn, units, (Spell(site.number, 0),), keys, site.password, variants)


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
