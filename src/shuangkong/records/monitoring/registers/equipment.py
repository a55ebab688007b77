"""设备类登记册: devices, what they are connected to, their units and services."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import Connection, Device, DeviceUnit, ServiceRecord
from shuangkong.records.monitoring.registers import checks, unit_checks, words
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.sent_states import state_was_told
from shuangkong.records.people.roles import Action

STARTS = Field("starts_on", Message("起始日", "from"), Sort.DAY, is_needed=True)
ENDS = Field("ends_on", Message("截止日", "until"), Sort.DAY)
OUTLET = Field("outlet", Message("排放口", "outlet"), Sort.OUTLET, is_needed=True)
FACTOR = Field("factor", Message("因子", "factor"), Sort.FACTOR, is_needed=True)
_DEVICE = Field("device", Message("设备编号（MN）", "device (MN)"), Sort.DEVICE, is_needed=True)
SERIAL = Field("serial", Message("出厂编号", "serial number"), most=60)
ENTERPRISE = Field("enterprise", Message("企业", "enterprise"), Sort.ENTERPRISE, is_needed=True)
REGION = Field("region", Message("地区", "place"), Sort.REGION, is_needed=True)

DEVICES = Register(
    "devices",
    Message("设备", "devices"),
    Message("有哪些设备，用什么编号和协议？", "Which devices, by which numbers?"),
    Device,
    (
        REGION,
        Field("enterprise", Message("企业", "enterprise"), Sort.ENTERPRISE),
        Field(
            "kind", Message("类别", "kind"), Sort.CHOICE, is_needed=True, choices=words.DEVICE_KINDS, default="logger"
        ),
        Field("mn", Message("设备编号（MN）", "number (MN)"), is_needed=True, most=32),
        Field("name", Message("名称", "name"), is_needed=True),
        Field("maker", Message("厂家", "maker"), most=80),
        Field("model", Message("型号", "model"), most=80),
        SERIAL,
        Field(
            "edition",
            Message("协议版本", "edition"),
            Sort.CHOICE,
            is_needed=True,
            choices=words.EDITIONS,
            default="auto",
        ),
        Field("system", Message("系统编码（ST）", "system code (ST)"), most=2),
        Field(
            "check_value",
            Message("校验方式", "check value"),
            Sort.CHOICE,
            is_needed=True,
            choices=words.CHECK_VALUES,
            default="any",
        ),
        Field(
            "encoding",
            Message("文字编码", "encoding"),
            Sort.CHOICE,
            is_needed=True,
            choices=words.ENCODINGS,
            default="auto",
        ),
        Field("password", Message("访问口令", "password"), Sort.SECRET, most=24),
        Field("key", Message("加密密钥", "key"), Sort.SECRET, most=32),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    checks=(checks.in_order, checks.device),
)
CONNECTIONS = Register(
    "connections",
    Message("设备接入", "connections"),
    Message("哪台设备替哪个排放口传数？", "Which device speaks for which outlet?"),
    Connection,
    (
        _DEVICE,
        OUTLET,
        Field("starts_at", Message("接入时间", "from"), Sort.MOMENT, is_needed=True),
        Field("ends_at", Message("停止接入时间", "until"), Sort.MOMENT),
    ),
    Action.MONITORING_REGISTER,
    "outlet__region",
    "outlet__enterprise",
    until="ends_at",
    checks=(checks.in_order, checks.connection),
)
DEVICE_UNITS = Register(
    "device-units",
    Message("设备所用单位", "units of devices"),
    Message("哪些设备不按编码表的单位传数？", "Which devices send in units of their own?"),
    DeviceUnit,
    (
        _DEVICE,
        FACTOR,
        Field("unit", Message("设备所用单位", "its unit"), is_needed=True, most=20),
        Field(
            "moisture",
            Message("干湿基", "wet or dry"),
            Sort.CHOICE,
            choices=words.MOISTURES,
            untold=words.UNTOLD_MOISTURE,
        ),
        Field(
            "gas_state",
            Message("烟气状态", "state of the gas"),
            Sort.CHOICE,
            choices=words.GAS_STATES,
            untold=words.UNTOLD_STATE,
        ),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "device__region",
    "device__enterprise",
    checks=(checks.in_order, unit_checks.state_of_gas),
    follows=state_was_told,
    leaves=state_was_told,
)
SERVICES = Register(
    "services",
    Message("运维记录", "service records"),
    Message("设备做过哪些校准、维护和比对？", "Which calibration, maintenance, comparison was done?"),
    ServiceRecord,
    (
        _DEVICE,
        Field("outlet", Message("排放口", "outlet"), Sort.OUTLET),
        Field("sort", Message("事项", "what"), Sort.CHOICE, is_needed=True, choices=words.SERVICE_SORTS),
        Field("factor", Message("因子", "factor"), Sort.FACTOR),
        Field("starts_at", Message("开始", "from"), Sort.MOMENT, is_needed=True),
        Field("ends_at", Message("结束", "until"), Sort.MOMENT, is_needed=True),
        Field("is_passed", Message("合格", "passed"), Sort.FLAG),
        Field("result", Message("结果", "result"), most=300),
        Field("company", Message("运维单位", "company"), most=120),
        Field("person", Message("运维人员", "person"), is_needed=True, most=60),
        Field("next_on", Message("下次日期", "next on"), Sort.DAY),
    ),
    Action.MONITORING_SERVE,
    "device__region",
    "device__enterprise",
    until="",
    checks=(checks.service,),
)
