"""What the registers have to say of a cast: rows for each register, under its own column keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from shuangkong.monitoring.simulated.noise import one
from shuangkong.monitoring.simulated.site import Factor, Kind, Manner, Site

type Row = dict[str, str]

#: What a limit of an invented outlet rests on.
_GROUND = "模拟：虚构的排污许可证"
_KINDS = {Kind.GAS: "gas", Kind.WATER: "water"}
_SPREAD_DEGREES = 0.3


@dataclass(frozen=True, slots=True)
class Owner:
    """An enterprise that sites belong to: its name or credit code, its region's code, and about where it lies."""

    name: str
    region: str
    longitude: float
    latitude: float


def roster(sites: Sequence[Site], owners: Sequence[Owner], starts_on: date) -> dict[str, list[Row]]:
    """Returns rows by register, in the order in which they are to be registered.

    Args:
        owners: to whom the sites are given in turn; one at least.
    """
    rows: dict[str, list[Row]] = {
        key: [] for key in ("outlets", "factors", "devices", "connections", "device-units", "limits", "meters")
    }
    for site in sites:
        owner, starts = owners[site.owner % len(owners)], starts_on.isoformat()
        rows["devices"].append(_device(site, owner, starts))
        if site.kind is Kind.METER:
            rows["meters"].append(_meter(site, owner, starts))
            continue
        rows["outlets"].append(_outlet(site, owner, starts))
        rows["connections"].append({"device": site.mn, "outlet": site.name, "starts_at": f"{starts} 00:00"})
        for factor in site.factors:
            rows["factors"].append(_factor(site, factor, starts))
            if Manner.OLD_CODES in site.manners:
                rows["device-units"].append(
                    {"device": site.mn, "factor": factor.code, "unit": factor.unit, "starts_on": starts}
                )
            rows["limits"] += _limits(site, factor, starts)
    return rows


def _device(site: Site, owner: Owner, starts: str) -> Row:
    return {
        "region": owner.region,
        "enterprise": owner.name,
        "kind": "logger",
        "mn": site.mn,
        "name": f"{site.name}数采仪",
        "edition": site.edition.value,
        "system": site.st,
        "check_value": site.variant,
        "encoding": "gbk" if Manner.GBK in site.manners else "utf8",
        "password": site.password,
        "key": site.key.hex(),
        "starts_on": starts,
    }


def _outlet(site: Site, owner: Owner, starts: str) -> Row:
    longitude = owner.longitude + _SPREAD_DEGREES * (one(site.seed, "longitude") - 0.5)
    latitude = owner.latitude + _SPREAD_DEGREES * (one(site.seed, "latitude") - 0.5)
    row = {
        "region": owner.region,
        "enterprise": owner.name,
        "kind": _KINDS[site.kind],
        "code": f"{'DA' if site.kind is Kind.GAS else 'DW'}{site.number + 1:04d}",
        "name": site.name,
        "object": "key_discharger",
        "longitude": f"{longitude:.5f}",
        "latitude": f"{latitude:.5f}",
        "due_on": starts,
        "note": "模拟的排放口，数据虚构",
        "starts_on": starts,
    }
    if site.kind is Kind.GAS:
        row |= {
            "reference_oxygen_pct": f"{site.reference_o2_pct:g}",
            "area_m2": f"{site.area_m2:g}",
            "coefficient": "1",
        }
    return row


def _factor(site: Site, factor: Factor, starts: str) -> Row:
    return {
        "outlet": site.name,
        "factor": factor.code,
        "high": f"{8 * factor.limit:g}" if factor.limit is not None and factor.is_pollutant else "",
        "is_rated": "是" if factor.is_pollutant else "否",
        "starts_on": starts,
    }


def _limits(site: Site, factor: Factor, starts: str) -> Iterator[Row]:
    if factor.limit is None:
        return
    is_gas = site.kind is Kind.GAS
    row = {
        "outlet": site.name,
        "factor": factor.code,
        "sort": "permit",
        # Gas is judged by the hour, waste water by the day; pH has bounds on both sides.
        "period": "hour" if is_gas else "day",
        "high": f"{factor.limit:g}",
        "unit": factor.unit if factor.scale == 1 else "",
        "is_converted": "是" if is_gas and factor.is_pollutant else "否",
        "document": _GROUND,
        "starts_on": starts,
    }
    yield row | ({"low": "6"} if factor.code == "w01001" else {})


def _meter(site: Site, owner: Owner, starts: str) -> Row:
    return {
        "enterprise": owner.name,
        "device": site.mn,
        "item": f"{10**15 + site.number:016d}",
        "code": "i33201",
        "name": site.name,
        "serial": f"MN-{site.number:05d}",
        "carrier": "电力",
        "unit": "kWh",
        "level": "1",
        "scale": f"{site.scale_kwh:.0f}",
        "multiplier": "1",
        "low": "0",
        "high": f"{site.power_kw * 2:.0f}",
        "starts_on": starts,
    }
