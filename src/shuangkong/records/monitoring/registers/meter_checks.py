"""登记计量器具前的检查: what a meter or a swap may not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangkong.monitoring.metering.carriers import CARRIERS, factor_of
from shuangkong.records.monitoring.models import Meter, MeterSwap
from shuangkong.records.monitoring.registers.checks import overlapping
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

_LEVELS = (1, 3)


def meter(told: Mapping[str, Any], row: int | None) -> None:
    """Levels 1 to 3; a multiplier and a scale above zero; a unit that can become the carrier's; one item at a time."""
    low, high = _LEVELS
    if not low <= told["level"] <= high:
        raise Refused("MON-130", f"计量级别为 {low} 至 {high}。", f"Levels are {low} to {high}.", "level")
    for key in ("multiplier", "scale"):
        if told[key] is not None and told[key] <= 0:
            raise Refused("MON-131", "应大于零。", "Expected above zero.", key)
    carrier = CARRIERS[told["carrier"]]
    if factor_of(carrier.id, told["unit"], open_rulebook().units()) is None:
        zh = f"单位“{told['unit']}”不能换算成{carrier.name.zh}的“{carrier.unit}”。"
        raise Refused("MON-143", zh, f"“{told['unit']}” cannot become “{carrier.unit}”.", "unit")
    same = Meter.objects.filter(enterprise=told["enterprise"], item=told["item"]).exclude(pk=row or 0)
    if same.filter(overlapping(told)).exists():
        zh = "这家单位的这个数据项编码这段时间已登记。换表请登记换表记录；确要重新登记，先把原来的截止日填上。"
        raise Refused("MON-144", zh, "The unit has a meter of this item then: tell a swap, or end that one.", "item")


def swap(told: Mapping[str, Any], row: int | None) -> None:
    """One swap of a meter at a moment."""
    if MeterSwap.objects.filter(meter=told["meter"], at=told["at"]).exclude(pk=row or 0).exists():
        raise Refused("MON-132", "这个时刻的换表已登记。", "That swap is registered already.", "at")
