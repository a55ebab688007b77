"""村庄类登记册: villages, the road of their waste, settlements and their sewage, who runs plants in towns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import PlantOperation, Settlement, Village, WasteChain
from shuangkong.records.monitoring.registers import checks, rural_counts, words
from shuangkong.records.monitoring.registers.equipment import ENDS, REGION, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.treated import ENDS as LAST
from shuangkong.records.monitoring.treated import NONE, RUNNING, TRANSFER
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

VILLAGE = Field("village", Message("行政村", "village"), Sort.VILLAGE, is_needed=True)
_CODE = Field("code", Message("编号", "code"), is_needed=True, most=40)
_NAME = Field("name", Message("名称", "name"), is_needed=True)
_NOTE = Field("note", Message("说明", "note"), most=300)
_HOUSEHOLDS = Field("households", Message("户数", "households"), Sort.WHOLE)
_PEOPLE = Field("people", Message("常住人口", "people who live there"), Sort.WHOLE)


def _village(told: Mapping[str, Any], row: int | None) -> None:
    """One code in a place at a time; its sewage was accepted on a day that was."""
    same = Village.objects.filter(region=told["region"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = f"“{told['code']}”这段时间已登记。并村、改编号的，先把原来的截止日填上。"
        raise Refused("MON-401", zh, f"“{told['code']}” is registered for that time: end that row first.", "code")
    if told["sewage_on"] is not None and told["sewage_on"] > timezone.localdate():
        zh = "验收日期应为今天或以前；还没有验收的留空。"
        raise Refused("MON-402", zh, "Expected today or before; leave it empty until it is accepted.", "sewage_on")
    if told["sewage_on"] is not None and not told["document"]:
        zh = "验收的依据文件要填：哪个部门、哪份验收意见。"
        raise Refused("MON-403", zh, "Tell by which document it was accepted.", "document")


def _chain(told: Mapping[str, Any], row: int | None) -> None:
    """One at a time of a village; over a station, to what takes household waste in."""
    over, ends = told["transfer"], told["treatment"]
    if over is not None and over.sort != TRANSFER:
        zh = f"“{over.name}”不是转运站。直运处理设施的，“转运站”留空。"
        raise Refused("MON-404", zh, f"{over.name} is no transfer station: leave it empty.", "transfer")
    if ends is not None and ends.sort not in LAST:
        zh = f"“{ends.name}”不收生活垃圾。请填焚烧、填埋、生物处理设施，或简易堆放点。"
        raise Refused("MON-405", zh, f"{ends.name} takes no household waste in.", "treatment")
    same = WasteChain.objects.filter(village=told["village"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = "这个村这段时间已登记收运处置去向。先把原来那一行的截止日填上。"
        raise Refused("MON-406", zh, "The village's waste has a road then: end that row first.", "starts_on")


def _settlement(told: Mapping[str, Any], row: int | None) -> None:
    """One code in a village at a time; what is not treated does not run; what stands still says so."""
    same = Settlement.objects.filter(village=told["village"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = f"这个村的“{told['code']}”这段时间已登记。"
        raise Refused("MON-407", zh, f"“{told['code']}” of this village is registered for that time.", "code")
    if told["treatment"] == NONE and (told["state"] or told["plant"] is not None):
        zh = "没有治理的，不填运行状态和设施。"
        raise Refused("MON-408", zh, "Where nothing is treated there is no state and no plant.", "treatment")
    if told["treatment"] == "plant" and not told["state"]:
        raise Refused("MON-409", "集中处理设施要填运行状态。", "Tell whether the plant runs.", "state")


def _operation(told: Mapping[str, Any], row: int | None) -> None:
    """One at a time of a plant; why it does not run is said."""
    if told["state"] != RUNNING and not told["reason"]:
        raise Refused("MON-410", "停运、检修的要写明原因。", "Say why it does not run.", "reason")
    same = PlantOperation.objects.filter(plant=told["plant"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = "这座厂这段时间的运维已登记。换单位、停运、复运的，先把原来那一行的截止日填上。"
        raise Refused("MON-411", zh, "Who runs the plant then is registered: end that row first.", "starts_on")


VILLAGES = Register(
    "villages",
    Message("行政村", "villages"),
    Message("有哪些行政村，生活污水治理验收了吗？", "Which villages, and is their sewage accepted as treated?"),
    Village,
    (
        REGION,
        _CODE,
        _NAME,
        _HOUSEHOLDS,
        _PEOPLE,
        Field("sewage_on", Message("生活污水治理验收日期", "sewage accepted as treated on"), Sort.DAY),
        Field("document", Message("验收依据", "by which document"), most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    checks=(checks.in_order, checks.positive("households", "people"), _village),
    counts=rural_counts.villages,
)
CHAINS = Register(
    "waste-chains",
    Message("村庄生活垃圾收运处置", "household waste of villages"),
    Message("每个村的垃圾由谁收、经哪转运、到哪处理？", "Who collects each village's waste, and where does it go?"),
    WasteChain,
    (
        VILLAGE,
        Field("is_sorted", Message("户分类", "sorted at home"), Sort.FLAG),
        Field("collector", Message("收集单位", "collected by"), is_needed=True),
        Field("transfer", Message("转运站", "transfer station"), Sort.WASTE_FACILITY),
        Field("treatment", Message("处理设施", "treated at"), Sort.WASTE_FACILITY),
        _NOTE,
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "village__region",
    checks=(checks.in_order, _chain),
    counts=rural_counts.chains,
)
SETTLEMENTS = Register(
    "settlements",
    Message("农村集聚点污水治理", "sewage of rural settlements"),
    Message("哪些集聚点该治理污水，治理了吗？", "Which settlements are to treat their sewage, and do they?"),
    Settlement,
    (
        VILLAGE,
        _CODE,
        _NAME,
        _HOUSEHOLDS,
        _PEOPLE,
        Field("is_touristic", Message("乡村旅游集中区域", "for tourists"), Sort.FLAG),
        Field("treatment", Message("治理方式", "treatment"), Sort.CHOICE, is_needed=True,
              choices=words.SEWAGE_TREATMENTS),
        Field("plant", Message("污水处理设施", "plant"), Sort.PLANT),
        Field("state", Message("运行状态", "state"), Sort.CHOICE, choices=words.RUN_STATES),
        _NOTE,
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "village__region",
    checks=(checks.in_order, checks.positive("households", "people"), _settlement),
    counts=rural_counts.settlements,
)  # fmt: skip
OPERATIONS = Register(
    "plant-operations",
    Message("污水处理设施运维", "operation of sewage plants"),
    Message("乡镇污水处理设施由谁运维，合同到哪天，在转吗？", "Who runs each sewage plant, until when, does it run?"),
    PlantOperation,
    (
        Field("plant", Message("污水处理厂", "sewage plant"), Sort.PLANT, is_needed=True),
        Field("operator", Message("运维单位", "operator"), is_needed=True),
        Field("contract", Message("运维合同", "contract")),
        Field("contract_until", Message("合同期至", "contract until"), Sort.DAY),
        Field("funding", Message("经费来源", "paid from")),
        Field("state", Message("运行状态", "state"), Sort.CHOICE, is_needed=True, choices=words.RUN_STATES,
              default=RUNNING),
        Field("reason", Message("停运或检修原因", "why it does not run"), most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "plant__enterprise__region",
    "plant__enterprise",
    checks=(checks.in_order, _operation),
    counts=rural_counts.operations,
    beside=rural_counts.without_operator,
)  # fmt: skip
