"""单位和状态登记前的检查: what a device's unit, the state of its gas and a factor's range may not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangkong.monitoring.flue_gas.as_sent import GasState, Moisture, Quantity, quantity_of
from shuangkong.monitoring.flue_gas.point import AIR_O2_PCT
from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.models import ReferenceOxygen
from shuangkong.records.monitoring.ranges import range_ratio
from shuangkong.records.monitoring.registers.checks import overlapping
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: Base unit of shares of the volume: what molar mass makes of them is at standard state already.
_BY_VOLUME = "ppm"


def state_of_gas(told: Mapping[str, Any], row: int | None) -> None:
    """Only concentrations, oxygen and flow of flue gas have a state; shares of the volume and oxygen only water."""
    moisture, state = told["moisture"], told["gas_state"]
    if moisture not in tuple(Moisture) and state not in tuple(GasState):
        return
    book = open_rulebook()
    known = hj212_codes(book.folder).factors.get(told["factor"])
    found = quantity_of(told["factor"], known.unit if known else "", book.units())
    if found is None:
        zh = f"因子“{told['factor']}”没有干湿基和状态之分：只有烟气的浓度、氧含量和流量有。请留空。"
        en = (
            f"{told['factor']} is neither wet nor dry: only concentrations, oxygen and flow of flue gas are."
            " Leave both empty."
        )
        raise Refused("MON-291", zh, en, "moisture" if moisture else "gas_state")
    unit = book.units().get(told["unit"])
    is_share = found is Quantity.SHARE or (unit is not None and unit.unit.id == _BY_VOLUME)
    if state == GasState.DUCT and is_share:
        zh = "体积份额不随温度压力变，换算成质量浓度时已是标准状态。“状态”请留空，干湿基照填。"
        en = (
            "A share of the volume does not change with temperature and pressure; as a mass it is at standard state."
            " Leave the state empty and tell wet or dry."
        )
        raise Refused("MON-292", zh, en, "gas_state")


def reference_oxygen(told: Mapping[str, Any], row: int | None) -> None:
    """Of an outlet of gas, below the oxygen of air; one at a time."""
    value = told["reference_o2_pct"]
    if told["outlet"].kind != Media.GAS:
        raise Refused("MON-294", "只有废气排放口有基准氧含量。", "Only outlets of gas refer to oxygen.", "outlet")
    low = 0
    if not low <= value < AIR_O2_PCT:
        zh = f"应在 {low} 至 {AIR_O2_PCT} 之间，实为 {value}。"
        raise Refused("MON-121", zh, f"Expected {low} to below {AIR_O2_PCT}, found {value}.", "reference_o2_pct")
    same = ReferenceOxygen.objects.filter(overlapping(told), outlet=told["outlet"]).exclude(pk=row or 0)
    if same.exists():
        zh = "这个排放口这段时间已登记了基准氧含量。请先把原来那一行的截止日填上。"
        raise Refused("MON-295", zh, "One is registered for that time: end that row first.", "starts_on")


def range_unit(told: Mapping[str, Any], row: int | None) -> None:
    """A range in a unit that can become that of the factor's readings."""
    unit = told["unit"]
    if not unit:
        return
    book = open_rulebook()
    known = hj212_codes(book.folder).factors.get(told["factor"])
    if known is None or range_ratio(told["factor"], unit, book) is None:
        wanted = known.unit if known else "—"
        zh = f"量程的单位“{unit}”不能换算成该因子的“{wanted}”。请按“{wanted}”填写，或留空。"
        en = f"The unit “{unit}” of the range cannot become the factor's “{wanted}”: give that, or leave it empty."
        raise Refused("MON-293", zh, en, "unit")
