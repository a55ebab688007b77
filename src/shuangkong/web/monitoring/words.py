"""在线监测的用词: how alarms, orders, marks and states are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.life import Act
from shuangkong.monitoring.alarms.life import State as AlarmState
from shuangkong.records.monitoring.alarms import Cause
from shuangkong.records.monitoring.marks import Origin, Reason
from shuangkong.records.monitoring.orders import State as OrderState
from shuangkong.records.monitoring.quarantine import Decision, QuarantineSort
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import spoken

#: Digits of a time on the wire.
_WIRE_DIGITS = 14
type Words[T] = Mapping[T, str | Promise]

ALARM_STATES: Words[AlarmState] = {
    AlarmState.OPEN: lazy("待说明"),
    AlarmState.EXPLAINED: lazy("已说明，待审核"),
    AlarmState.RETURNED: lazy("退回重新说明"),
    AlarmState.REVIEWED: lazy("已审核，待办结"),
    AlarmState.UNDONE: lazy("已不成立，待办结"),
    AlarmState.CLOSED: lazy("已办结"),
}
ALARM_ACTS: Words[Act] = {
    Act.RAISE: lazy("报警"),
    Act.EASE: lazy("恢复正常"),
    Act.EXPLAIN: lazy("说明原因"),
    Act.RETURN: lazy("退回说明"),
    Act.REVIEW: lazy("审核报警"),
    Act.CLOSE: lazy("办结报警"),
    Act.REOPEN: lazy("重新办理报警"),
    Act.ESCALATE: lazy("升级报警"),
    Act.DEESCALATE: lazy("降级报警"),
    Act.HAND_OVER: lazy("移交执法"),
    Act.UNDO: lazy("不再成立"),
    Act.RENEW: lazy("又成立"),
}
#: Kind of an alarm (monitoring.alarms.found) → word.
RULES: Words[str] = {
    "exceedance": lazy("超标"),
    "silence": lazy("数据中断"),
    "stuck": lazy("数据恒定"),
    "jump": lazy("数据突变"),
    "out_of_range": lazy("超量程"),
    "impossible": lazy("数据矛盾"),
    "clock_drift": lazy("时钟偏差"),
    "reappearance": lazy("淘汰锅炉复燃"),
    "key_life": lazy("密钥超期"),
}
CAUSES: Words[Cause] = {
    Cause.PROCESS: lazy("生产工况变化"),
    Cause.TREATMENT: lazy("治理设施故障"),
    Cause.DEVICE: lazy("监测设备故障"),
    Cause.MAINTENANCE: lazy("校准维护"),
    Cause.NETWORK: lazy("通讯故障"),
    Cause.STOPPED: lazy("停产停运"),
    Cause.OTHER: lazy("其他原因"),
}
ORDER_STATES: Words[OrderState] = {
    OrderState.QUEUED: lazy("待下发"),
    OrderState.SENT: lazy("已下发"),
    OrderState.ACCEPTED: lazy("设备已应答"),
    OrderState.DONE: lazy("执行完成"),
    OrderState.REFUSED: lazy("设备拒绝"),
    OrderState.FAILED: lazy("执行失败"),
    OrderState.SILENT: lazy("无应答"),
    OrderState.CANCELLED: lazy("已撤销"),
    OrderState.EXPIRED: lazy("过期作废"),
}
QUARANTINED: Words[QuarantineSort] = {
    QuarantineSort.DEVICE: lazy("设备未登记"),
    QuarantineSort.PASSWORD: lazy("口令不符"),
    QuarantineSort.UNIT: lazy("单位不能换算"),
    QuarantineSort.FACTOR: lazy("因子不认识"),
    QuarantineSort.CHECK: lazy("校验不符"),
    QuarantineSort.CLOCK: lazy("时间在将来"),
    QuarantineSort.BROKEN: lazy("报文读不懂"),
    QuarantineSort.UNREADABLE: lazy("程序读出错"),
}
DECISIONS: Words[Decision] = {
    Decision.KEPT: lazy("不予接收"),
    Decision.SETTLED: lazy("已登记或改正，今后接收"),
}
ORIGINS: Words[Origin] = {
    Origin.AUTOMATIC: lazy("自动标记"),
    Origin.UNIT: lazy("企业标记"),
    Origin.AUTHORITY: lazy("主管部门标记"),
}
REASONS: Words[Reason] = {
    Reason.MAINTENANCE: lazy("设备维护"),
    Reason.CALIBRATION: lazy("校准"),
    Reason.FAULT: lazy("设备故障"),
    Reason.STANDARD: lazy("标样核查"),
    Reason.STOPPED: lazy("停产停运"),
    Reason.STARTING: lazy("启停炉"),
    Reason.NETWORK: lazy("通讯中断"),
    Reason.OTHER: lazy("其他原因"),
}
#: Sign and colour of a level of alarms.
LEVEL_SIGNS = {1: ("●", "behind"), 2: ("▲", "missed"), 3: ("■", "missed")}
LEVELS: Words[int] = {1: lazy("一般"), 2: lazy("较重"), 3: lazy("严重")}


def both(text: str) -> str:
    """The words of a rule or machine, kept in both languages, a line each. Not for what a person wrote."""
    zh, parted, en = text.partition("\n")
    return spoken(Message(zh, en)) if parted else text


#: Fields of commands (HJ 212) that a person meets → word; others are told by their names alone.
_FIELDS: Words[str] = {
    "BeginTime": lazy("开始时间"),
    "EndTime": lazy("结束时间"),
    "SystemTime": lazy("校准到的时间"),
    "PolId": lazy("因子编码"),
    "RtdInterval": lazy("实时数据间隔（秒）"),
    "MinInterval": lazy("分钟数据间隔（分）"),
    "OverTime": lazy("超时（秒）"),
    "ReCount": lazy("重发次数"),
    "NewPW": lazy("新密码"),
    "CstartTime": lazy("设备采样起始时间"),
    "Ctime": lazy("采样周期（小时）"),
    "VaseNo": lazy("采样瓶编号"),
    "InfoId": lazy("现场端信息编码"),
    "RestartTime": lazy("数采仪开机时间"),
}


def field_word(name: str) -> str:
    """A field of a command as people and the standard call it: 开始时间 BeginTime."""
    return f"{_FIELDS[name]} {name}" if name in _FIELDS else name


def fields_said(fields: Mapping[str, str]) -> str:
    """The fields of an order in one line; a period reads as one."""
    told = dict(fields)
    period = [_wire_time(told.pop(name)) for name in ("BeginTime", "EndTime") if name in told]
    rest = [f"{_FIELDS.get(name, name)} {_wire_time(value)}" for name, value in told.items()]
    return _("；").join([*([" — ".join(period)] if period else []), *rest])


def _wire_time(text: str) -> str:
    """20240520210600 as 2024-05-20 21:06; what is no time as it is."""
    if len(text) < _WIRE_DIGITS or not text.isdecimal():
        return text
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[8:10]}:{text[10:12]}"


def as_answered(table: Table, *, is_up: bool) -> Table:
    """A table of readings; where the store did not answer, an empty one says that, and no other reason."""
    return table if is_up else replace(table, empty=_("读数库没有应答，看不出。"))
