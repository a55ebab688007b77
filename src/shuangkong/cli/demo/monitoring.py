"""虚构的在线监测: outlets, stations and a meter of the invented county in the registers, as its bureau would put them.

``sites.csv`` says who they are, ``factors.csv`` what they measure; codes of sites join them. All of it is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.facilities import told_rows
from shuangkong.cli.demo.uploading import take_uploads
from shuangkong.monitoring.simulated.cast import as_of_old
from shuangkong.monitoring.simulated.counter import swaps_of
from shuangkong.monitoring.simulated.noise import one, seed_of
from shuangkong.monitoring.simulated.process import epoch_s
from shuangkong.monitoring.simulated.roster import Owner, Row, roster
from shuangkong.monitoring.simulated.site import Factor, Kind, Manner, Site
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.records.monitoring.models import KeyDischarger, Outlet
from shuangkong.records.monitoring.registers.acts import register_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.people.acting import Acting
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.enterprises.store import called

FOLDER = "monitoring"
_GROUND = "虚构·演示：联网验收记录"
_BUREAU = "environment"
_MEDIA = {Kind.GAS: "air", Kind.WATER: "water"}


def since(today: date) -> date:
    """Since when the devices of a demo have been there: one whole month is over, so that its amounts are closed."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def sites(folder: Path) -> tuple[Site, ...]:
    """The invented stations as the simulator plays them; ``folder``: ``demo/fictional``."""
    return tuple(_site(folder, number, line) for number, line in enumerate(lines(folder / FOLDER / "sites.csv")))


def take_monitoring(folder: Path, cast: Cast, by: Acting) -> bool:
    """Puts them into the registers, once; returns whether there was anything to do. ~2500 queries."""
    if Outlet.objects.filter(Q(region__path__contains=f"/{COUNTY}/")).exists():
        return False
    bureau, told = cast.named(_BUREAU), list(lines(folder / FOLDER / "sites.csv"))
    with transaction.atomic():
        for line in lines(folder / FOLDER / "enterprises.csv"):
            _take_enterprise(line, by)
        for site, line in zip(sites(folder), told, strict=True):
            for register, rows in _rows(folder, site, line, since(cast.today)).items():
                for row in rows:
                    made = register_row(REGISTERS[register], row, bureau, _GROUND)
            if site.kind is Kind.METER:
                _take_swaps(site, made, cast.today, bureau)
        for register, row in (*_air_days(folder, told, cast.today), *_listed(folder, since(cast.today))):
            register_row(REGISTERS[register], row, bureau, _GROUND)
        for register, row in told_rows(folder / FOLDER, cast.today):
            register_row(REGISTERS[register], row, bureau, _GROUND)
        for name, row in _key_dischargers(told, cast.today.year).items():
            if not KeyDischarger.objects.filter(enterprise__name=name, year=cast.today.year).exists():
                register_row(REGISTERS["key-dischargers"], row, bureau, _GROUND)
        take_uploads(cast, since(cast.today))
    return True


def ensure_monitoring(folder: Path, by: str) -> bool:
    """``take_monitoring`` as of today; ``folder``: that of the demo."""
    from shuangkong.cli.operator import operator

    fictional = folder / "fictional"
    return take_monitoring(fictional, Cast(fictional, timezone.localdate()), operator(by))


def _take_enterprise(line: Row, by: Acting) -> None:
    if called(line["credit_code"] or line["name"], line["region"]) is None:
        wanted = ParticularsRow(line["name"], line["region"], line["credit_code"], line["industry"])
        register_enterprise(wanted, by, line["ground"], date.fromisoformat(line["on"]))


def _site(folder: Path, number: int, line: Row) -> Site:
    manners = frozenset(Manner(each) for each in line["manners"].split())
    own = (_factor(each) for each in lines(folder / FOLDER / "factors.csv") if each["site"] == line["code"])
    factors = tuple(as_of_old(each) if Manner.OLD_CODES in manners else each for each in own)
    made = Site(number, seed_of(COUNTY, line["mn"]), Kind(line["kind"]), line["name"], line["mn"], line["system"], 0)
    return replace(
        made,
        edition=Edition(line["edition"]),
        factors=factors,
        manners=manners,
        is_troubled=any(each.is_pollutant for each in factors) or bool(line["troubled"]),
        reference_o2_pct=float(line["reference_oxygen"] or 0),
        area_m2=float(line["area"] or 0),
        power_kw=float(line["power"] or 0),
        scale_kwh=float(line["scale"] or 0),
    )


def _factor(line: Row) -> Factor:
    return Factor(
        line["code"],
        float(line["base"]),
        float(line["spread"]),
        int(line["digits"]),
        line["unit"],
        float(line["limit"]) if line["limit"] else None,
        is_pollutant=bool(line["is_pollutant"]),
    )


def _rows(folder: Path, site: Site, line: Row, since: date) -> dict[str, list[Row]]:
    """Rows of one site, in the order in which they are registered."""
    place = (float(line["longitude"] or 0), float(line["latitude"] or 0))
    rows = roster([site], [Owner(line["enterprise"], line["region"], *place)], since)
    own = {each["code"]: each for each in lines(folder / FOLDER / "factors.csv") if each["site"] == line["code"]}
    for each in rows["factors"]:
        if own.get(each["factor"], {}).get("is_rated"):
            each["is_rated"] = "是"
    rows["device-units"] += [
        {"device": site.mn, "factor": code, "unit": each["unit"], "moisture": each["moisture"],
         "gas_state": "standard", "starts_on": f"{since}"}
        for code, each in own.items() if each["moisture"]
    ]  # fmt: skip
    for each in rows["outlets"]:
        each |= {
            "kind": line["shown"], "code": line["code"], "object": line["object"], "industry": line["industry"],
            "longitude": line["longitude"], "latitude": line["latitude"], "note": "演示数据，虚构",
        }  # fmt: skip
    for each in rows["meters"]:
        more = {key: line[key] for key in ("carrier", "level", "direction", "multiplier", "place")}
        # What its counter gains in an hour is in units of the counter, what the register bounds in those of the meter.
        most = site.power_kw * 2 * float(line["multiplier"])
        each |= more | {"unit": line["measure"], "high": f"{most:.0f}", "ledger": f"JL-{site.number:03d}"}
        each |= {"calibrated_until": str(since.replace(year=since.year + 1, day=1))}
    if line["standard"]:
        told = {"outlet": site.name, "standard": line["standard"], "document": _GROUND, "starts_on": str(since)}
        rows["standards"] = [told]
    return rows


def _take_swaps(site: Site, meter: int, today: date, by: Acting) -> None:
    """What was swapped since the meter is there, as its unit would tell it."""
    for each in swaps_of(site, today.replace(month=1, day=1), today):
        at = datetime.combine(today, time()) + timedelta(seconds=each.at - epoch_s(today))
        if at.date() >= since(today):
            told = {"meter": str(meter), "at": f"{at:%Y-%m-%d %H:%M}", "last": f"{each.last_kwh:.2f}",
                    "first": f"{each.first_kwh:.2f}", "note": "到期轮换（虚构）"}  # fmt: skip
            register_row(REGISTERS["swaps"], told, by, _GROUND)


def _air_days(folder: Path, told: list[Row], today: date) -> Iterator[tuple[str, Row]]:
    """What was published of each air station's days since it is there, ozone too, which no device of it measures."""
    bounds = list(lines(folder / FOLDER / "air.csv"))
    for line in told:
        own = [each for each in bounds if each["site"] == line["code"]]
        for number in range((today - since(today)).days if own else 0):
            day = since(today) + timedelta(days=number)
            row = {"outlet": line["name"], "day": f"{day}", "document": "虚构·演示：空气质量日报"}
            yield "air-days", row | {each["pollutant"]: _of_day(each, day) for each in own}


def _of_day(bounds: Row, day: date) -> str:
    low, high = float(bounds["low"]), float(bounds["high"])
    share = one(seed_of(COUNTY, bounds["site"]), bounds["pollutant"], day.isoformat())
    return f"{low + (high - low) * share:.{bounds['digits']}f}"


def _listed(folder: Path, since: date) -> Iterator[tuple[str, Row]]:
    """Zones of waters and prices of power."""
    for register in ("water-zones", "power-prices"):
        for line in lines(folder / FOLDER / f"{register}.csv"):
            yield register, line | {"starts_on": f"{since}"}


def _key_dischargers(told: list[Row], year: int) -> dict[str, Row]:
    """Who is on the list of the year, by name: each unit whose outlets are of a key discharger."""
    found: dict[str, Row] = {}
    for line in told:
        if line["enterprise"] and line["object"]:
            media = _MEDIA[Kind(line["kind"])]
            found[line["enterprise"]] = {
                "region": line["region"], "enterprise": line["enterprise"], "year": str(year), "media": media,
                "reason": _GROUND,
            }  # fmt: skip
    return found
