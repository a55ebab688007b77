"""电价名单: which enterprises pay a differential, punitive or tiered price, or are under the environmental price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import PowerPrice
from shuangkong.records.monitoring.registers import checks, words
from shuangkong.records.monitoring.registers.equipment import ENDS, ENTERPRISE, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused


def _price(told: Mapping[str, Any], row: int | None) -> None:
    """Zero or above; of one sort and grade an enterprise has one at a time."""
    if told["surcharge"] < 0:
        raise Refused("MON-247", "加价标准不能小于零。", "Expected zero or above.", "surcharge")
    same = PowerPrice.objects.filter(enterprise=told["enterprise"], sort=told["sort"], grade=told["grade"])
    if same.filter(checks.overlapping(told)).exclude(pk=row or 0).exists():
        zh = "这家企业的这种电价这段时间已登记。先把原来的截止日填上。"
        raise Refused("MON-248", zh, "The enterprise has such a price then: end that row first.", "sort")


POWER_PRICES = Register(
    "power-prices",
    Message("差别、惩罚性、阶梯和环保电价名单", "power prices of enterprises"),
    Message("哪些企业执行什么电价，加价多少？", "Which enterprises are under which power price?"),
    PowerPrice,
    (
        ENTERPRISE,
        Field("sort", Message("电价种类", "sort"), Sort.CHOICE, is_needed=True, choices=words.PRICE_SORTS),
        Field("grade", Message("档次", "grade"), Sort.CHOICE, choices=words.PRICE_GRADES),
        Field("surcharge", Message("加价标准", "surcharge"), Sort.FIGURE, is_needed=True, unit="元/kWh"),
        Field("document", Message("依据", "ground"), is_needed=True, most=200),
        Field("note", Message("说明", "note"), most=300),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "enterprise__region",
    "enterprise",
    checks=(checks.in_order, _price),
)
