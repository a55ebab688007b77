"""手工监测登记册: what was found by hand for hours that devices lost: it fills what no rule fills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.records.monitoring.limits import ratio_of
from shuangkong.records.monitoring.models import ManualResult, Point
from shuangkong.records.monitoring.registers.equipment import FACTOR, OUTLET
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.following import hours_were_found
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

#: A quarter has no more days.
_LONGEST = timedelta(days=92)
#: Units of concentration: what has another (a flow, a temperature, pH) has no kilograms.
_UNITS = {Media.GAS: "mg/m3", Media.WATER: "mg/L"}
_FIGURES = ("concentration", "flow_m3_h", "kg_per_hour")


def _times(told: Mapping[str, Any], row: int | None) -> None:
    """Whole hours, in order, at most a quarter, all of them over."""
    first, last = told["starts_at"], told["ends_at"]
    if any(each.minute or each.second or each.microsecond for each in (first, last)):
        raise Refused("MON-270", "按整点小时登记。", "Give whole hours.", "starts_at")
    if not first < last <= first + _LONGEST:
        zh = "结束应晚于开始，一次不超过一个季度。"
        raise Refused("MON-271", zh, "It ends after it starts, within a quarter.", "ends_at")
    if last > timezone.now():
        zh = "还没有过完的小时不能登记监测结果。"
        raise Refused("MON-272", zh, "Hours that are not over have no results.", "ends_at")


def _figures(told: Mapping[str, Any], row: int | None) -> None:
    """Either a concentration, and a flow where it needs one, or kilograms an hour; none below zero."""
    if (told["concentration"] is None) == (told["kg_per_hour"] is None):
        zh = "平均浓度和每小时排放量填其中一项。"
        raise Refused("MON-273", zh, "Give either the mean concentration or the kg an hour.", "concentration")
    if told["flow_m3_h"] is not None and told["concentration"] is None:
        zh = "填了每小时排放量的，不填流量。"
        raise Refused("MON-274", zh, "Kilograms an hour need no flow: leave it out.", "flow_m3_h")
    for key in _FIGURES:
        if told[key] is not None and told[key] < 0:
            raise Refused(
                "MON-275", f"应不小于零，实为 {told[key]}。", f"Expected zero or above, found {told[key]}.", key
            )


def _factor(told: Mapping[str, Any], row: int | None) -> None:
    """A pollutant that the outlet has to send, and whose concentration makes an amount."""
    outlet = told["outlet"]
    book = open_rulebook()
    known = hj212_codes(book.folder).factors.get(told["factor"])
    unit = _UNITS[Media(outlet.kind)] if outlet.kind in set(Media) else None
    has_amount = unit is not None and known is not None and ratio_of(known.unit, unit, book) is not None
    if not has_amount or not Point.objects.filter(outlet=outlet, factor=told["factor"]).exists():
        zh = "这个因子不在该排放口的应测因子里，或者不核算排放量。请先登记应测因子。"
        en = "This factor is not due at the outlet, or has no amounts: register it among the factors due first."
        raise Refused("MON-276", zh, en, "factor")


def _once(told: Mapping[str, Any], row: int | None) -> None:
    """No hour has two results."""
    if told["is_withdrawn"]:
        return
    held = ManualResult.objects.filter(outlet=told["outlet"], factor=told["factor"], is_withdrawn=False)
    clash = held.filter(starts_at__lt=told["ends_at"], ends_at__gt=told["starts_at"]).exclude(pk=row or 0).first()
    if clash is not None:
        zh = f"其中有的小时已登记手工监测结果（第 {clash.pk} 号）。请修改那一行。"
        raise Refused("MON-277", zh, f"Row {clash.pk} tells of some of these hours already: revise it.", "starts_at")


def _is_unit(row: ManualResult, by: Acting) -> bool:
    enterprise = row.outlet.enterprise
    return enterprise is not None and enterprise.body_id in by.bodies


def _signs(row: ManualResult, by: Acting) -> None:
    row.is_own = _is_unit(row, by)


def _guards(row: ManualResult, by: Acting) -> None:
    """A unit leaves alone what an authority entered; what an authority revises is the authority's from then on."""
    if _is_unit(row, by):
        if not row.is_own:
            zh = "这一行由主管部门登记或修改过，企业不能修改或作废。有异议的，请书面告知主管部门。"
            en = "An authority entered or revised this row: the unit cannot revise or withdraw it. Tell the authority."
            raise Refused("MON-278", zh, en)
        return
    row.is_own = False


def _whose(row: ManualResult) -> Message:
    return Message("企业", "the unit") if row.is_own else Message("主管部门", "authority")


MANUAL_RESULTS = Register(
    "manual-results",
    Message("手工监测结果", "results of manual monitoring"),
    Message(
        "自动监测缺失的小时，手工或比对监测测得多少？", "What did manual monitoring find for hours that were lost?"
    ),
    ManualResult,
    (
        OUTLET,
        FACTOR,
        Field("starts_at", Message("开始", "from"), Sort.MOMENT, is_needed=True),
        Field("ends_at", Message("结束", "until"), Sort.MOMENT, is_needed=True),
        Field(
            "concentration", Message("平均浓度（废气 mg/m³，废水 mg/L）", "mean (gas mg/m³, water mg/L)"), Sort.FIGURE
        ),
        Field("flow_m3_h", Message("流量", "flow"), Sort.FIGURE, unit="m³/h"),
        Field("kg_per_hour", Message("每小时排放量", "amount an hour"), Sort.FIGURE, unit="kg/h"),
        Field("laboratory", Message("监测单位", "who measured"), is_needed=True),
        Field("document", Message("监测报告", "report"), is_needed=True, most=200),
        Field("note", Message("说明", "note"), most=300),
        Field("is_withdrawn", Message("作废", "withdrawn"), Sort.FLAG),
    ),
    Action.MONITORING_SERVE,
    "outlet__region",
    "outlet__enterprise",
    until="",
    checks=(_times, _figures, _factor, _once),
    follows=hours_were_found,
    leaves=hours_were_found,
    signs=_signs,
    guards=_guards,
    whose=_whose,
)
