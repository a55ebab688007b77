"""送来的状态: of what gas a figure is, dry or wet, at standard state or as in the duct; and how it is made dry.

HJ 212 annex D. Limits, amounts and conversions to reference oxygen all go by dry gas at standard state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.core.unit import PrintedUnit
from shuangkong.monitoring.flue_gas import point
from shuangkong.monitoring.flue_gas.point import STANDARD_KPA, Figure

OXYGEN, FLOW = "a19001", "a00000"
TEMPERATURE, STATIC, MOISTURE, AMBIENT = "a01012", "a01013", "a01014", "a01006"
#: What the state of the gas is told by; the air pressure may stand in the register instead.
STATE_FACTORS = frozenset({TEMPERATURE, STATIC, MOISTURE, AMBIENT})
_AIR, _BY_MASS = "a", "mg/m3"


class Moisture(StrEnum):
    """Whether the gas is told with its water."""

    DRY = "dry"
    WET = "wet"


class GasState(StrEnum):
    """At which temperature and pressure it is told."""

    STANDARD = "standard"
    DUCT = "duct"


MOISTURES: Mapping[Moisture, Message] = {
    Moisture.DRY: Message("干基", "dry"),
    Moisture.WET: Message("湿基", "wet"),
}
GAS_STATES: Mapping[GasState, Message] = {
    GasState.STANDARD: Message("标准状态", "standard state"),
    GasState.DUCT: Message("工况", "as in the duct"),
}


class Quantity(StrEnum):
    """What a figure is: how water and state change it."""

    CONCENTRATION = "concentration"
    SHARE = "share"
    FLOW = "flow"


@dataclass(frozen=True, slots=True)
class SentAs:
    """What the register says of a device's figure of one factor; None: it says nothing, and it is taken as dry gas at
    standard state.
    """

    moisture: Moisture | None = None
    gas_state: GasState | None = None

    @property
    def is_wet(self) -> bool:
        return self.moisture is Moisture.WET

    @property
    def is_duct(self) -> bool:
        return self.gas_state is GasState.DUCT

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be done."""
        return not self.is_wet and not self.is_duct

    @property
    def words(self) -> Message:
        """As people say it; what is not told is said to be so."""
        said = [
            Message("干湿基未说明（按干基）", "wet or dry not told (taken as dry)")
            if self.moisture is None
            else MOISTURES[self.moisture],
            Message("状态未说明（按标准状态）", "state not told (taken as standard)")
            if self.gas_state is None
            else GAS_STATES[self.gas_state],
        ]
        return Message("、".join(each.zh for each in said), ", ".join(each.en for each in said))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The gas of an outlet in one period; None: not known. Temperature °C, pressures kPa, water % by volume."""

    temperature_c: Figure = None
    ambient_kpa: Figure = None
    static_kpa: Figure = None
    moisture_pct: Figure = None


def quantity_of(factor: str, unit: str, units: Mapping[str, PrintedUnit]) -> Quantity | None:
    """What figures of a factor are, by the code table's unit; None where they have no such state (temperature, water).

    Args:
        units: printed units (``Rulebook.units``).
    """
    if factor == OXYGEN:
        return Quantity.SHARE
    if factor == FLOW:
        return Quantity.FLOW
    known = units.get(unit)
    is_mass = factor.startswith(_AIR) and known is not None and known.unit.id == _BY_MASS
    return Quantity.CONCENTRATION if is_mass else None


def lacking(quantity: Quantity, sent: SentAs, gas: Surroundings) -> tuple[str, ...]:
    """Codes of what is not known and would have to be, in the order of the formulas."""
    wanted = []
    if sent.is_duct and quantity is not Quantity.SHARE:
        wanted += [(TEMPERATURE, gas.temperature_c), (AMBIENT, gas.ambient_kpa), (STATIC, gas.static_kpa)]
    if sent.is_wet:
        wanted.append((MOISTURE, gas.moisture_pct))
    return tuple(code for code, value in wanted if value is None)


def brought(quantity: Quantity, value: Figure, sent: SentAs, gas: Surroundings) -> Figure:
    """A figure as dry gas at standard state; None where something is lacking, or there is no such gas.

    Concentrations: Csn = Cs · 101.325 / (Ba + Ps) · (273 + ts) / 273, and / (1 − Xsw). Shares of the volume (oxygen):
    / (1 − Xsw) alone. Flows: Q · 273 / (273 + ts) · (Ba + Ps) / 101.325, and · (1 − Xsw).
    """
    if quantity is Quantity.FLOW:
        temperature, ambient, static = (
            (gas.temperature_c, gas.ambient_kpa, gas.static_kpa)
            if sent.is_duct
            else (Decimal(0), STANDARD_KPA, Decimal(0))
        )
        water = gas.moisture_pct if sent.is_wet else Decimal(0)
        return point.standard_flow(value, temperature, ambient, static, water)
    if sent.is_duct and quantity is Quantity.CONCENTRATION:
        value = point.at_standard_state(value, gas.temperature_c, gas.ambient_kpa, gas.static_kpa)
    return point.dry(value, gas.moisture_pct) if sent.is_wet else value
