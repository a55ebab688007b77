"""A cast of sites: thousands of invented outlets and meters, some of them with the manners of real devices."""

from __future__ import annotations

from shuangkong.monitoring.simulated.noise import choice, one, seed_of
from shuangkong.monitoring.simulated.site import Factor, Kind, Manner, Site
from shuangkong.protocols.hj212.codes import Edition

#: Code of the first edition, and what of it has another scale: pressure was told in megapascals.
_OLD: dict[str, tuple[str, float, int, str]] = {
    "a21026": ("02", 1, 0, "mg/m3"),
    "a21002": ("03", 1, 0, "mg/m3"),
    "a34013": ("01", 1, 0, "mg/m3"),
    "a19001": ("S01", 1, 0, "%"),
    "a01011": ("S02", 1, 0, "m/s"),
    "a01012": ("S03", 1, 0, "°C"),
    "a01013": ("S08", 0.001, 3, "MPa"),
    "a01014": ("S05", 1, 0, "%"),
    "a00000": ("B02", 1, 0, "m3/s"),
    "w00000": ("B01", 1, 0, "L/s"),
    "w01001": ("001", 1, 0, "-"),
    "w01018": ("011", 1, 0, "mg/L"),
    "w21003": ("060", 1, 0, "mg/L"),
    "w21011": ("101", 1, 0, "mg/L"),
    "w21001": ("065", 1, 0, "mg/L"),
}
#: Invented plants: what they burn or make, reference oxygen, usual SO2, NOx and dust, limits, size of the stack.
_PLANTS = (
    ("电厂锅炉", 6.0, (22.0, 35.0, 4.0), (35.0, 50.0, 10.0), 30.0),
    ("供热锅炉", 9.0, (30.0, 110.0, 12.0), (50.0, 150.0, 20.0), 8.0),
    ("水泥窑", 10.0, (55.0, 190.0, 11.0), (100.0, 320.0, 20.0), 14.0),
    ("烧结机", 16.0, (20.0, 32.0, 5.0), (35.0, 50.0, 10.0), 24.0),
    ("垃圾焚烧炉", 11.0, (40.0, 140.0, 9.0), (80.0, 250.0, 20.0), 5.0),
)
_WORKS = (
    ("污水处理厂", 350.0, 1.0),
    ("化工厂", 40.0, 1.3),
    ("造纸厂", 90.0, 1.2),
    ("食品厂", 18.0, 1.1),
    ("印染厂", 55.0, 1.3),
)
#: Manners and the share of sites that have each.
_SHARES: tuple[tuple[Manner, float], ...] = (
    (Manner.MODBUS_SWAPPED, 0.02),
    (Manner.MODBUS, 0.01),
    (Manner.LOWER_CHECK, 0.04),
    (Manner.NO_TAIL, 0.02),
    (Manner.UNPADDED, 0.02),
    (Manner.SPLIT, 0.06),
    (Manner.RESENDS, 0.05),
    (Manner.FLAG_FIRST, 0.04),
    (Manner.GBK, 0.10),
)
_OLD_SHARE, _NEW_SHARE, _CIPHER_SHARE = 0.06, 0.10, 0.5
#: Share of sites with which things go wrong, where nothing else is said.
TROUBLED_SHARE = 0.3


def cast(
    seed: int, *, gas: int, water: int, meters: int, is_plain: bool = False, troubled_share: float = TROUBLED_SHARE
) -> tuple[Site, ...]:
    """Returns the sites of a cast; the same seed gives the same ones, and more of a kind leave the others as they are.

    Args:
        is_plain: every device speaks as the edition of 2017 has it.
        troubled_share: share of sites with which things go wrong, 0–1.
    """
    kinds = [Kind.GAS] * gas + [Kind.WATER] * water + [Kind.METER] * meters
    numbers: dict[Kind, int] = dict.fromkeys(Kind, 0)
    sites = []
    for number, kind in enumerate(kinds):
        numbers[kind] += 1
        sites.append(_site(seed, number, kind, numbers[kind], is_plain=is_plain, troubled_share=troubled_share))
    return tuple(sites)


def _site(seed: int, number: int, kind: Kind, at: int, *, is_plain: bool, troubled_share: float) -> Site:
    own = seed_of(seed, kind, at)
    edition = Edition.V2017 if is_plain else _edition(own)
    manners = frozenset() if is_plain else _manners(own, edition, kind)
    make = {Kind.GAS: _gas, Kind.WATER: _water, Kind.METER: _meter}[kind]
    name, st, factors, figures = make(own)
    if Manner.OLD_CODES in manners:
        factors = tuple(map(as_of_old, factors))
    key = seed_of(own, "key").to_bytes(8) * 2 if Manner.CIPHER in manners else b""
    return Site(
        number=number,
        seed=own,
        kind=kind,
        name=f"模拟{name}{at}号",
        mn=f"{own & 0xFFFFFFFFFFFFFF:014X}"
        if edition is Edition.V2005
        else f"5A{at:04X}{own & 0xFFFFFFFFFFFFFFFFFF:018X}",
        st=st,
        owner=at // 3,
        edition=edition,
        realtime_s=60,
        minute_min=10 if kind is not Kind.WATER else int(choice(own, ("10", "10", "5", "30"), "minutes")),
        factors=factors,
        manners=manners,
        key=key,
        is_troubled=one(own, "troubled") < troubled_share,
        reference_o2_pct=figures.get("reference_o2_pct", 0.0),
        area_m2=figures.get("area_m2", 0.0),
        power_kw=figures.get("power_kw", 0.0),
        scale_kwh=figures.get("scale_kwh", 0.0),
    )


def _edition(own: int) -> Edition:
    share = one(own, "edition")
    if share < _OLD_SHARE:
        return Edition.V2005
    return Edition.V2025 if share < _OLD_SHARE + _NEW_SHARE else Edition.V2017


def _manners(own: int, edition: Edition, kind: Kind) -> frozenset[Manner]:
    found = {manner for manner, share in _SHARES if one(own, manner) < share}
    if edition is Edition.V2005 and kind is not Kind.METER:
        found |= {Manner.OLD_CODES} | {each for each in (Manner.NO_QN, Manner.LONG_TIME) if one(own, each) < 0.5}
    if edition is Edition.V2025 and one(own, Manner.CIPHER) < _CIPHER_SHARE:
        # A cipher is opened by the standard's check value alone.
        found = (found | {Manner.CIPHER}) - {Manner.MODBUS, Manner.MODBUS_SWAPPED}
    return frozenset(found)


def as_of_old(factor: Factor) -> Factor:
    sent, scale, more, unit = _OLD[factor.code]
    return Factor(
        factor.code,
        factor.base,
        factor.spread,
        factor.digits,
        unit,
        factor.limit,
        factor.is_pollutant,
        sent,
        scale,
        more,
    )


type _Made = tuple[str, str, tuple[Factor, ...], dict[str, float]]


def _gas(own: int) -> _Made:
    name, oxygen, usual, limits, area = _PLANTS[int(one(own, "plant") * len(_PLANTS))]
    scale = 0.68 + 0.2 * one(own, "scale")
    so2, nox, dust = (figure * scale for figure in usual)
    area = round(area * (0.6 + 0.8 * one(own, "area")), 1)
    factors = (
        Factor("a21026", so2, 0.25, 2, "mg/m3", limits[0], is_pollutant=True),
        Factor("a21002", nox, 0.18, 2, "mg/m3", limits[1], is_pollutant=True),
        Factor("a34013", dust, 0.30, 2, "mg/m3", limits[2], is_pollutant=True),
        Factor("a19001", oxygen + 1, 0.05, 2, "%"),
        Factor("a00000", area * 6, 0.04, 3, "m3/s"),
        Factor("a01011", 10.0, 0.04, 2, "m/s"),
        Factor("a01012", 55 + 80 * one(own, "heat"), 0.05, 1, "°C"),
        Factor("a01013", -0.35, 0.2, 3, "kPa"),
        Factor("a01014", 6 + 6 * one(own, "moisture"), 0.08, 2, "%"),
    )
    return f"{name}排口", "31", factors, {"reference_o2_pct": oxygen, "area_m2": area}


def _water(own: int) -> _Made:
    name, flow, load = _WORKS[int(one(own, "works") * len(_WORKS))]
    scale = load * (0.6 + 0.3 * one(own, "scale"))
    factors = (
        Factor("w00000", flow * (0.5 + one(own, "flow")), 0.10, 2, "L/s"),
        Factor("w01001", 7.2, 0.05, 2, "-", 9.0),
        Factor("w01018", 28.0 * scale, 0.20, 1, "mg/L", 50.0, is_pollutant=True),
        Factor("w21003", 1.8 * scale, 0.35, 3, "mg/L", 5.0, is_pollutant=True),
        Factor("w21011", 0.22 * scale, 0.25, 3, "mg/L", 0.5, is_pollutant=True),
        Factor("w21001", 8.5 * scale, 0.15, 2, "mg/L", 15.0, is_pollutant=True),
    )
    return f"{name}总排口", "32", factors, {}


def _meter(own: int) -> _Made:
    power = 400 + 9000 * one(own, "power") ** 2
    return "用能单位进线电表", "31", (), {"power_kw": round(power, 1), "scale_kwh": 1e6 if power < 1500 else 1e8}
