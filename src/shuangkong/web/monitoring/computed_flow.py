"""推算标干流量: the dry flow at standard state of hours of which none came, from velocity, section and state of gas.

HJ 212 annex D. Where a device told a flow, whatever its mark, or somebody marked the flow, nothing is put in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shuangkong.core.trace import Step
from shuangkong.monitoring.flue_gas.hour import GasHour, gas_hour
from shuangkong.monitoring.reading import Evidence, Media, Reading
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.web.monitoring.data import Source, Value
from shuangkong.web.monitoring.flows import FLOWS, m3_an_hour
from shuangkong.web.monitoring.hours import Told

VELOCITY, TEMPERATURE, STATIC, MOISTURE, AMBIENT = "a01011", "a01012", "a01013", "a01014", "a01006"
#: What the flow of an hour is reckoned from; the air pressure may stand in the register instead.
INPUTS = frozenset({VELOCITY, TEMPERATURE, STATIC, MOISTURE, AMBIENT})
_NEEDED = (VELOCITY, TEMPERATURE, STATIC, MOISTURE)
_KEPT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class ComputedFlow:
    """Of one hour: ``m3`` dry at standard state, its arithmetic in order, and the frame of the velocity."""

    m3: Decimal
    steps: tuple[Step, ...]
    evidence: Evidence | None


def input_points(outlet: Outlet, but: Iterable[Point] = ()) -> list[Point]:
    """The points of the flow and of what it would be reckoned from, due or not, but for those at hand. 1 query."""
    if outlet.kind != Media.GAS:
        return []
    known = {each.pk for each in but}
    rows = Point.objects.select_related("outlet").filter(outlet=outlet, factor__in=INPUTS | {FLOWS[Media.GAS]})
    return [each for each in rows if each.pk not in known]


def computed_flows(held: Told, outlet: Outlet) -> dict[datetime, ComputedFlow]:
    """Hour → flow, of the hours in which a valid velocity came and no flow did.

    Args:
        held: hours of the outlet, those of ``input_points`` among them.
    """
    if outlet.kind != Media.GAS or outlet.area_m2 is None:
        return {}
    points = {each.factor: each.pk for each in held.points.values() if each.outlet_id == outlet.pk}
    if not all(factor in points for factor in _NEEDED):
        return {}
    told = {factor: _sound(held, points[factor]) for factor in INPUTS if factor in points}
    found = {}
    for at, velocity in told[VELOCITY].items():
        if not _came(held, points.get(FLOWS[Media.GAS]), at):
            made = _one(outlet, {factor: own.get(at) for factor, own in told.items()}, velocity)
            if made is not None and made.m3 >= 0:
                found[at] = made
    return found


def _sound(held: Told, point: int) -> dict[datetime, Reading]:
    measured = held.meanings.measured
    return {each.at: each for each in held.readings(point) if each.value is not None and each.mark in measured}


def _came(held: Told, flow: int | None, at: datetime) -> bool:
    """Whether the flow of an hour came, or somebody said what became of it."""
    if flow is None:
        return False
    return held.mark(flow, at) is not None or any(at in held.values.get((flow, stat), {}) for stat in ("avg", "cou"))


def _one(outlet: Outlet, told: Mapping[str, Reading | None], velocity: Reading) -> ComputedFlow | None:
    def value(factor: str) -> Decimal | None:
        found = told.get(factor)
        return found.value if found is not None else None

    ambient = value(AMBIENT)
    result = gas_hour(
        GasHour(
            value=None, velocity_m_s=velocity.value, area_m2=outlet.area_m2,
            coefficient=outlet.coefficient if outlet.coefficient is not None else Decimal(1),
            temperature_c=value(TEMPERATURE), static_kpa=value(STATIC), moisture_pct=value(MOISTURE),
            ambient_kpa=ambient if ambient is not None else outlet.ambient_kpa,
        )
    )  # fmt: skip
    if result.flow_m3_h is None:
        return None
    return ComputedFlow(result.flow_m3_h, tuple(each for each in result.steps if each.value is not None),
                        velocity.evidence)  # fmt: skip


def flow_values(flows: Mapping[datetime, ComputedFlow], point: int) -> list[Value]:
    """As means of the flow's own factor, in the unit of the code table; ``point`` 0 where it has none."""
    per = m3_an_hour(Media.GAS)
    return [
        Value(point, at, "avg", (each.m3 / per).quantize(_KEPT), "N", "", False,
              *((each.evidence.segment, each.evidence.offset) if each.evidence else (0, 0)), source=Source.VELOCITY)
        for at, each in sorted(flows.items())
    ]  # fmt: skip


def lacking(held: Told, outlet: Outlet) -> tuple[str, ...]:
    """What of the register keeps a velocity from becoming a flow, while no flow comes: ``area_m2``, ``ambient_kpa``.

    Args:
        held: hours of the outlet, those of ``input_points`` among them.
    """
    if outlet.kind != Media.GAS:
        return ()
    by = {each.factor: each.pk for each in held.points.values() if each.outlet_id == outlet.pk}
    velocity = held.values.get((by.get(VELOCITY, 0), "avg"), {})
    if not velocity or all(_came(held, by.get(FLOWS[Media.GAS]), at) for at in velocity):
        return ()
    is_told = bool(held.values.get((by.get(AMBIENT, 0), "avg")))
    wanted = (("area_m2", outlet.area_m2 is None), ("ambient_kpa", outlet.ambient_kpa is None and not is_told))
    return tuple(key for key, is_lacking in wanted if is_lacking)
