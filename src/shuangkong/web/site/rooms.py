"""The left navigation: home and the thirteen words, with the pages that each has."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a room: its address name and its label."""

    name: str
    label: str | Promise


@dataclass(frozen=True, slots=True)
class Room:
    """One of the thirteen words; without entries it is not built yet."""

    word: str
    label: str | Promise
    entries: tuple[Entry, ...] = ()


ROOMS: tuple[Room, ...] = (
    Room(
        "plans",
        _("方案、任务"),
        (
            Entry("tasks:duties", _("今天该办什么")),
            Entry("tasks:board", _("任务总览")),
            Entry("tasks:meetings", _("调度会")),
            Entry("tasks:matters", _("重大情况")),
            Entry("cascade:plans", _("上下级衔接")),
            Entry("cascade:responsible", _("责任人")),
            Entry("papers:offered", _("出具公文")),
            Entry("plans:list", _("方案目录")),
            Entry("plans:upload", _("读入文件")),
            Entry("plans:bodies", _("责任单位")),
            Entry("exchange:in", _("批量导入")),
            Entry("exchange:out", _("批量导出")),
        ),
    ),
    Room(
        "targets",
        _("目标分解"),
        (
            Entry("targets:list", _("全部目标")),
            Entry("decomposition:list", _("分解到下级")),
            Entry("decomposition:annexes", _("附表分解")),
            Entry("decomposition:elastic", _("弹性总量")),
            Entry("targets:actuals", _("录入实际值")),
        ),
    ),
    Room(
        "indicators",
        _("统计核算"),
        (
            Entry("indicators:analysis", _("节能形势分析")),
            Entry("indicators:intensity", _("强度进展")),
            Entry("indicators:bulletins", _("统计公报")),
            Entry("indicators:compare", _("地区比较")),
            Entry("indicators:balance", _("能源平衡表")),
            Entry("indicators:flows", _("能流图")),
            Entry("indicators:structure", _("能源结构")),
            Entry("indicators:reconciliation", _("数据衔接")),
            Entry("indicators:figures", _("数据和由来")),
            Entry("indicators:gaps", _("缺数情况")),
            Entry("indicators:scopes", _("统计范围和沿革")),
            Entry("statistics:fields", _("部门统计指标")),
            Entry("emissions:overview", _("减排核算")),
            Entry("emissions:reductions", _("减排项目")),
        ),
    ),
    Room(
        "reporting",
        _("联网直报"),
        (
            Entry("reporting:mine", _("我的报表")),
            Entry("reporting:desk", _("审核台")),
            Entry("reporting:windows", _("报送进度")),
            Entry("reporting:units", _("填报单位")),
            Entry("reporting:entries", _("承诺、审计和审查")),
            Entry("reporting:suspicions", _("疑点清单")),
            Entry("reporting:matching", _("重点企业匹配")),
            Entry("reporting:cases", _("核查案件")),
            Entry("reporting:alarms", _("检查误报率")),
            Entry("reporting:verifiers", _("核查机构名录")),
        ),
    ),
    Room(
        "monitoring",
        _("在线监测"),
        (
            Entry("monitoring:duty", _("值守")),
            Entry("monitoring:alarms", _("报警")),
            Entry("monitoring:validity", _("数据有效性")),
            Entry("monitoring:amounts", _("排放量")),
            Entry("monitoring:rates", _("传输率和公布率")),
            Entry("monitoring:coverage", _("联网率和名录")),
            Entry("monitoring:compliance", _("达标排查")),
            Entry("monitoring:boilers", _("锅炉和用能设备")),
            Entry("monitoring:quality", _("空气和水质")),
            Entry("monitoring:metered", _("用能量")),
            Entry("monitoring:meters", _("计量器具")),
            Entry("monitoring:prices", _("电价名单")),
            Entry("monitoring:upkeep", _("运维到期")),
            Entry("monitoring:orders", _("反控和补数")),
            Entry("monitoring:quarantine", _("隔离的数据")),
            Entry("uploads:board", _("用能单位上传")),
            Entry("uploads:platforms", _("转报上级平台")),
            Entry("monitoring:registers", _("监测登记册")),
        ),
    ),
    Room(
        "outlook",
        _("预测预警"),
        (
            Entry("outlook:barometer", _("晴雨表")),
            Entry("outlook:responses", _("预警调控")),
            Entry("projects:list", _("重点工程")),
            Entry("outlook:weather", _("重污染天气应急")),
            Entry("outlook:forecast", _("预测")),
            Entry("outlook:headroom", _("用能和排放空间")),
            Entry("outlook:history", _("公布过的等级")),
        ),
    ),
    Room(
        "assessment",
        _("考核问责"),
        (
            Entry("assessment:list", _("考核台")),
            Entry("accountability:list", _("问责台")),
            Entry("accountability:approval", _("能不能批")),
            Entry("commendation:list", _("表彰")),
            Entry("key_units:list", _("重点单位名单")),
            Entry("assessment:term", _("离任审计表")),
        ),
    ),
    Room("quotas", _("许可、额度、交易"), (Entry("quotas:certificates", _("绿证台账")),)),
    Room("reviews", _("项目审查")),
    Room("efficiency", _("用能管理")),
    Room("demand", _("需求侧")),
    Room("supervision", _("监管信用")),
    Room("portal", _("公开")),
)
#: What keeps the site itself in order, and what is a person's own, below the thirteen.
SYSTEM = Room(
    "",
    _("系统"),
    (
        Entry("policy:provisions", _("适用规定")),
        Entry("enterprises:list", _("企业名录")),
        Entry("people:list", _("人员和授权")),
        Entry("enterprises:regions", _("区划沿革")),
        Entry("journal", _("日志")),
        Entry("api:described", _("数据接口")),
    ),
)
OWN = Room(
    "",
    _("我的"),
    (
        Entry("reminders:list", _("我的提醒")),
        Entry("notices:list", _("通知和签收")),
        Entry("reminders:calendar", _("日历订阅")),
        Entry("people:me", _("我的账户")),
    ),
)
BUILT = tuple(room for room in ROOMS if room.entries)
COMING = tuple(room for room in ROOMS if not room.entries)
