"""环境质量类登记册: published days of air stations, and zones of water ecology with the section of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import AirDay, SectionTarget, WaterZone
from shuangkong.records.monitoring.registers import checks
from shuangkong.records.monitoring.registers.equipment import ENDS, REGION, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.following import day_was_told
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_DOCUMENT = Field("document", Message("依据", "ground"), is_needed=True, most=200)
#: Columns of a day's values.
VALUES = ("pm25", "pm10", "so2", "no2", "co", "o3")
_STATION, _SECTION = "air", "section"


def _air_day(told: Mapping[str, Any], row: int | None) -> None:
    """A day that is over, of an air station, once; at least one value, none below zero."""
    if told["outlet"].kind != _STATION:
        raise Refused("MON-240", "这不是环境空气站。", "That is no ambient air station.", "outlet")
    if told["day"] >= timezone.localdate():
        raise Refused("MON-241", "这一天还没有过完。", "That day is not over.", "day")
    values = {key: told[key] for key in VALUES if told[key] is not None}
    if not values:
        raise Refused(
            "MON-242", "至少填一项浓度；缺测的留空。", "Give at least one value; leave out what lacks.", "pm25"
        )
    for key, value in values.items():
        if value < 0:
            raise Refused("MON-243", "浓度不能小于零。", "Expected zero or above.", key)
    if AirDay.objects.filter(outlet=told["outlet"], day=told["day"]).exclude(pk=row or 0).exists():
        zh = "这个站这一天已经登记。要更正的，请修改那一行。"
        raise Refused("MON-244", zh, "That day of the station is registered already: revise that row.", "day")


def _zone(told: Mapping[str, Any], row: int | None) -> None:
    """One code in a region at a time; what tells of it is a section."""
    if told["outlet"] is not None and told["outlet"].kind != _SECTION:
        raise Refused("MON-245", "控制断面应是登记的水质断面。", "Its section is one of the register.", "outlet")
    same = WaterZone.objects.filter(region=told["region"], code=told["code"]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = "这个编号这段时间已登记。调整区划的，先把原来的截止日填上。"
        raise Refused("MON-246", zh, "This code is registered for that time: end the former row first.", "code")


def _target(told: Mapping[str, Any], row: int | None) -> None:
    """Of a section, one a year, a class that there is."""
    if told["outlet"].kind != _SECTION:
        raise Refused("MON-342", "这不是登记的水质断面。", "That is no section of the register.", "outlet")
    if SectionTarget.objects.filter(outlet=told["outlet"], year=told["year"]).exclude(pk=row or 0).exists():
        zh = "这个断面这一年的目标已登记。要更正的，请修改那一行。"
        raise Refused("MON-343", zh, "The section has a target of that year: revise that row.", "year")


AIR_DAYS = Register(
    "air-days",
    Message("空气站日评价", "days of air stations"),
    Message("空气站每天公布的六项浓度是多少？", "Which six values were published of each station's days?"),
    AirDay,
    (
        Field("outlet", Message("空气站", "station"), Sort.OUTLET, is_needed=True),
        Field("day", Message("日期", "day"), Sort.DAY, is_needed=True),
        Field("pm25", Message("PM2.5", "PM2.5"), Sort.FIGURE, unit="µg/m³"),
        Field("pm10", Message("PM10", "PM10"), Sort.FIGURE, unit="µg/m³"),
        Field("so2", Message("二氧化硫", "SO2"), Sort.FIGURE, unit="µg/m³"),
        Field("no2", Message("二氧化氮", "NO2"), Sort.FIGURE, unit="µg/m³"),
        Field("co", Message("一氧化碳", "CO"), Sort.FIGURE, unit="mg/m³"),
        Field("o3", Message("臭氧日最大8小时", "O3-8h"), Sort.FIGURE, unit="µg/m³"),
        _DOCUMENT,
    ),
    Action.MONITORING_REGISTER,
    "outlet__region",
    "outlet__enterprise",
    until="",
    checks=(_air_day,),
    follows=day_was_told,
)
SECTION_TARGETS = Register(
    "section-targets",
    Message("断面年度目标", "targets of sections by year"),
    Message("每个断面每年要保持几类水质？", "Which class is each section to keep in which year?"),
    SectionTarget,
    (
        Field("outlet", Message("断面", "section"), Sort.OUTLET, is_needed=True),
        Field("year", Message("年度", "year"), Sort.WHOLE, is_needed=True),
        Field("water_class", Message("水质目标类别", "class to keep"), Sort.WHOLE, is_needed=True),
        _DOCUMENT,
    ),
    Action.MONITORING_REGISTER,
    "outlet__region",
    "outlet__enterprise",
    until="",
    checks=(checks.in_bounds, _target),
)
WATER_ZONES = Register(
    "water-zones",
    Message("水生态功能分区", "zones of water ecology"),
    Message("水体分了哪些功能区，各要保持几类水质？", "Which zones, and which class is each to keep?"),
    WaterZone,
    (
        REGION,
        Field("outlet", Message("控制断面", "section"), Sort.OUTLET),
        Field("code", Message("编号", "code"), is_needed=True, most=40),
        Field("name", Message("名称", "name"), is_needed=True),
        Field("water", Message("水体", "water"), is_needed=True, most=80),
        Field("function", Message("主导功能", "function"), is_needed=True),
        Field("water_class", Message("水质目标类别", "class to keep"), Sort.WHOLE),
        _DOCUMENT,
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    checks=(checks.in_order, checks.in_bounds, _zone),
)
