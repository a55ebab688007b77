"""固体废物登记册: facilities and licences, what they take in by month, dumps that nobody licensed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import Dump, DumpInspection, WasteAmount, WasteFacility
from shuangkong.records.monitoring.registers import checks, waste_counts, words
from shuangkong.records.monitoring.registers.equipment import ENDS, REGION, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.treated import ENDS as LAST
from shuangkong.records.monitoring.treated import TRANSFER
from shuangkong.records.paths import is_below
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

_CODE = Field("code", Message("编号", "code"), is_needed=True, most=40)
_NAME = Field("name", Message("名称", "name"), is_needed=True)
_NOTE = Field("note", Message("说明", "note"), most=300)
_FACILITY = Field("facility", Message("处理设施", "facility"), Sort.WASTE_FACILITY, is_needed=True)
_DUMP = Field("dump", Message("堆放点", "dump"), Sort.DUMP, is_needed=True)
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
GONE = "gone"


def _facility(told: Mapping[str, Any], row: int | None) -> None:
    """One code in a place at a time; a capacity there is, and a licence that ends has a number."""
    same = WasteFacility.objects.filter(region=told["region"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = f"“{told['code']}”这段时间已登记。请修改那一行，或先填上它的截止日。"
        raise Refused("MON-421", zh, f"“{told['code']}” is registered for that time.", "code")
    is_daily = told["sort"] in LAST | {TRANSFER}
    if is_daily and told["capacity_t_d"] is None:
        zh = "生活垃圾设施要填日处理（转运）能力。"
        raise Refused("MON-422", zh, "Tell what it treats or hands on in a day.", "capacity_t_d")
    if told["capacity_t_d"] is None and told["capacity_t_a"] is None:
        zh = "日处理能力、年处理能力至少填一项。"
        raise Refused("MON-423", zh, "Tell its capacity a day or a year.", "capacity_t_a")
    if told["licensed_until"] is not None and not told["licence"]:
        raise Refused("MON-424", "有有效期的，要填许可证编号。", "Tell the licence that ends then.", "licence")


def _amount(told: Mapping[str, Any], row: int | None) -> None:
    """Of a month that is over, once a place and month, while the facility stood. Stock may be treated later."""
    if not _MONTH.fullmatch(told["period"]):
        raise Refused("MON-425", "期间写成 YYYY-MM。", "Give the month as YYYY-MM.", "period")
    if told["period"] >= f"{timezone.localdate():%Y-%m}":
        raise Refused("MON-426", "这个月还没有过完。", "That month is not over.", "period")
    facility: WasteFacility = told["facility"]
    ends = facility.ends_on
    if told["period"] < f"{facility.starts_on:%Y-%m}" or (ends is not None and told["period"] > f"{ends:%Y-%m}"):
        raise Refused("MON-427", "这座设施那个月不在用。", "The facility did not stand in that month.", "period")
    if told["received_t"] < 0 or told["treated_t"] < 0:
        raise Refused("MON-428", "不能小于零。", "Expected zero or above.", "received_t")
    if facility.sort == TRANSFER and told["treated_t"]:
        zh = "转运站不处理垃圾，“处理处置量”填 0；处理量由接收它的设施填。"
        raise Refused("MON-429", zh, "A transfer station treats nothing: tell 0.", "treated_t")
    same = WasteAmount.objects.filter(facility=facility, origin=told["origin"], period=told["period"])
    if same.exclude(pk=row or 0).exists():
        zh = "这座设施这个月从这个地区收的量已登记。要更正的，请修改那一行。"
        raise Refused("MON-430", zh, "It is registered already: revise that row.", "period")
    _once(told["origin"], WasteAmount.objects.filter(facility=facility, period=told["period"]).exclude(pk=row or 0))


def _once(origin: Region, others: QuerySet[WasteAmount]) -> None:
    """The same tonnes are not told of a place and again of a larger one that it lies in."""
    for other in others.select_related("origin"):
        if is_below(origin.path, other.origin.path) or is_below(other.origin.path, origin.path):
            zh = f"这座设施这个月已按“{other.origin.name}”登记，它和“{origin.name}”有包含关系，会重复算。请改那一行。"
            en = f"{other.origin.name} is registered for that month: {origin.name} lies in it or the other way round."
            raise Refused("MON-438", zh, en, "origin")


def _dump(told: Mapping[str, Any], row: int | None) -> None:
    """One code in a place at a time; found before cleared; off the list only when somebody saw it cleared."""
    today, cleared = timezone.localdate(), told["cleared_on"]
    same = Dump.objects.filter(region=told["region"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        raise Refused("MON-431", f"“{told['code']}”已登记。", f"“{told['code']}” is registered already.", "code")
    if told["starts_on"] > today:
        raise Refused("MON-432", "发现日期应为今天或以前。", "Expected today or before.", "starts_on")
    if cleared is not None and not told["starts_on"] <= cleared <= today:
        zh = "清理完成日期应在发现之后、今天或以前。"
        raise Refused("MON-433", zh, "Expected a day since it was found, today or before.", "cleared_on")
    if told["village"] is not None and not told["village"].region.path.startswith(told["region"].path):
        zh = f"“{told['village'].name}”不在这个地区。"
        raise Refused("MON-434", zh, f"{told['village'].name} does not lie there.", "village")
    if told["ends_on"] is None:
        return
    seen = DumpInspection.objects.filter(dump=row or 0, inspected_on__lte=told["ends_on"])
    last = seen.order_by("inspected_on", "pk").last()
    if cleared is None or last is None or last.found != GONE or last.inspected_on < cleared:
        zh = "销号要先登记清理完成日期，并在清理之后、销号之前有一次复查，最近一次复查为“已清理干净”。"
        en = "It leaves the list when it was cleared and the newest look at it since then found it cleared."
        raise Refused("MON-435", zh, en, "ends_on")


def _seen(told: Mapping[str, Any], row: int | None) -> None:
    """Not in days to come, nor before it was found."""
    dump: Dump = told["dump"]
    if not dump.starts_on <= told["inspected_on"] <= timezone.localdate():
        zh = f"复查日期应在发现日期（{dump.starts_on}）之后、今天或以前。"
        raise Refused("MON-436", zh, f"Expected a day since {dump.starts_on}, today or before.", "inspected_on")
    if told["found"] != "left" and (dump.cleared_on is None or told["inspected_on"] < dump.cleared_on):
        zh = "那天还没有登记清理完成。看到已清理的，先在堆放点那一行填清理完成日期。"
        raise Refused("MON-437", zh, "It was not cleared by then: tell first when it was.", "found")


FACILITIES = Register(
    "waste-facilities",
    Message("固体废物设施", "facilities for solid waste"),
    Message(
        "有哪些转运站和处理处置设施，能力多大，许可证到哪天？", "Which facilities, how large, licensed until when?"
    ),
    WasteFacility,
    (
        REGION,
        Field("enterprise", Message("企业", "enterprise"), Sort.ENTERPRISE),
        _CODE,
        _NAME,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.WASTE_FACILITY_SORTS),
        Field("capacity_t_d", Message("日处理能力", "capacity a day"), Sort.FIGURE, unit="t/d"),
        Field("capacity_t_a", Message("年处理能力", "capacity a year"), Sort.FIGURE, unit="t/a"),
        Field("serves", Message("服务范围", "takes waste from"), most=200),
        Field("licence", Message("许可证编号", "licence"), most=60),
        Field("licensed_until", Message("许可证有效期至", "licensed until"), Sort.DAY),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    checks=(checks.in_order, checks.positive("capacity_t_d", "capacity_t_a"), _facility),
    counts=waste_counts.facilities,
)
AMOUNTS = Register(
    "waste-amounts",
    Message("固体废物设施月处理量", "waste taken in by month"),
    Message("每座设施每月从哪里收了多少，处理了多少？", "How much did each facility take in from where, and treat?"),
    WasteAmount,
    (
        _FACILITY,
        Field("origin", Message("来源地区", "from which place"), Sort.REGION, is_needed=True),
        Field("period", Message("月份", "month"), is_needed=True, most=8),
        Field("received_t", Message("接收量", "taken in"), Sort.FIGURE, is_needed=True, unit="t"),
        Field("treated_t", Message("处理处置量", "treated"), Sort.FIGURE, is_needed=True, unit="t"),
        _NOTE,
    ),
    Action.MONITORING_REGISTER,
    "facility__region",
    "facility__enterprise",
    until="",
    checks=(_amount,),
    counts=waste_counts.amounts,
    beside=waste_counts.silent,
)
DUMPS = Register(
    "dumps",
    Message("非正规垃圾堆放点", "informal dumps"),
    Message(
        "发现了哪些堆放点，哪天前清理，清理后复查了吗？", "Which dumps were found, cleared by when, and seen again?"
    ),
    Dump,
    (
        REGION,
        Field("village", Message("行政村", "village"), Sort.VILLAGE),
        _CODE,
        _NAME,
        Field("sort", Message("垃圾种类", "sort"), Sort.CHOICE, is_needed=True, choices=words.DUMP_SORTS),
        Field("longitude", Message("经度", "longitude"), Sort.FIGURE, unit="°"),
        Field("latitude", Message("纬度", "latitude"), Sort.FIGURE, unit="°"),
        Field("area_m2", Message("占地面积", "area"), Sort.FIGURE, unit="m²"),
        Field("volume_m3", Message("堆放量", "volume"), Sort.FIGURE, unit="m³"),
        Field("starts_on", Message("发现日期", "found on"), Sort.DAY, is_needed=True),
        Field("due_on", Message("应在哪天前清理", "to be cleared by"), Sort.DAY),
        Field("cleared_on", Message("清理完成日期", "cleared on"), Sort.DAY),
        Field("check_by", Message("应在哪天前复查", "to be seen again by"), Sort.DAY),
        _NOTE,
        Field("ends_on", Message("销号日期", "off the list on"), Sort.DAY),
    ),
    Action.MONITORING_REGISTER,
    "region",
    checks=(checks.in_order, checks.in_bounds, checks.positive("area_m2", "volume_m3"), _dump),
    counts=waste_counts.dumps,
)
DUMP_CHECKS = Register(
    "dump-checks",
    Message("堆放点复查", "inspections of dumps"),
    Message("清理过的堆放点，再去看时怎样？", "What was found where a dump was cleared?"),
    DumpInspection,
    (
        _DUMP,
        Field("inspected_on", Message("复查日期", "inspected on"), Sort.DAY, is_needed=True),
        Field("found", Message("复查情况", "found"), Sort.CHOICE, is_needed=True, choices=words.DUMP_FINDINGS),
        Field("inspector", Message("复查人", "inspector"), is_needed=True, most=60),
        _NOTE,
    ),
    Action.MONITORING_REGISTER,
    "dump__region",
    until="",
    checks=(_seen,),
)
