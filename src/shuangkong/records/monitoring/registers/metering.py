"""计量类登记册: meters of energy and water, and swaps of them."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import Meter, MeterSwap
from shuangkong.records.monitoring.registers import checks, meter_checks, words
from shuangkong.records.monitoring.registers.equipment import ENDS, ENTERPRISE, SERIAL, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.following import point_of_meter
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action

METERS = Register(
    "meters",
    Message("计量器具", "meters"),
    Message("有哪些计量器具，检定还有效吗？", "Which meters, and are they calibrated?"),
    Meter,
    (
        ENTERPRISE,
        Field("device", Message("设备编号（MN）", "device (MN)"), Sort.DEVICE),
        Field("item", Message("数据项编码", "item code"), is_needed=True, most=20),
        Field("code", Message("报文中的示数编码", "code of its counter in messages"), most=12),
        Field("name", Message("名称", "name"), is_needed=True),
        SERIAL,
        Field("ledger", Message("台账编号", "number in the ledger"), most=60),
        Field("model", Message("型号规格", "model"), most=80),
        Field("accuracy", Message("准确度等级", "accuracy class"), most=20),
        Field("place", Message("安装地点", "where it is"), most=120),
        Field("carrier", Message("能源品种", "carrier"), Sort.CHOICE, is_needed=True, choices=words.CARRIER_WORDS),
        Field("unit", Message("计量单位", "unit"), is_needed=True, most=20),
        Field("level", Message("计量级别", "level"), Sort.WHOLE, is_needed=True, default="1"),
        Field("direction", Message("流向", "direction"), Sort.CHOICE, choices=words.DIRECTIONS, default="in"),
        Field("scale", Message("满度翻转值", "rolls over at"), Sort.FIGURE),
        Field("multiplier", Message("倍率", "multiplier"), Sort.FIGURE),
        Field("low", Message("每小时下限", "least an hour"), Sort.FIGURE),
        Field("high", Message("每小时上限", "most an hour"), Sort.FIGURE),
        Field("calibrated_on", Message("检定时间", "calibrated on"), Sort.DAY),
        Field("calibrated_until", Message("检定有效期至", "calibrated until"), Sort.DAY),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "enterprise__region",
    "enterprise",
    checks=(checks.in_order, meter_checks.meter),
    follows=point_of_meter,
)
SWAPS = Register(
    "swaps",
    Message("换表记录", "swaps of meters"),
    Message("哪些表换过，换前换后读数多少？", "Which meters were swapped, at which figures?"),
    MeterSwap,
    (
        Field("meter", Message("计量器具", "meter"), Sort.METER, is_needed=True),
        Field("at", Message("换表时间", "at"), Sort.MOMENT, is_needed=True),
        Field("last", Message("旧表止数", "last figure"), Sort.FIGURE, is_needed=True),
        Field("first", Message("新表起数", "first figure"), Sort.FIGURE, is_needed=True),
        Field("serial", Message("新表出厂编号", "new serial number"), most=60),
        Field("note", Message("说明", "note"), most=300),
    ),
    Action.MONITORING_REGISTER,
    "meter__enterprise__region",
    "meter__enterprise",
    until="",
    checks=(meter_checks.swap,),
)
