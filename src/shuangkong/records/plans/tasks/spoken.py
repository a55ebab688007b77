"""说法: how refusals say states and acts of tasks. The words are those of the pages; a test holds them together."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.plans.tasks.events import EventKind, State

STATES: Mapping[State, str] = {
    State.ASSIGNED: "待办",
    State.REPORTED: "待审核",
    State.ACTIVE: "办理中",
    State.RETURNED: "已退回",
    State.STOPPED: "暂停计时",
    State.DONE: "已办结",
    State.CANCELLED: "已撤销",
}
EVENTS: Mapping[EventKind, str] = {
    EventKind.ASSIGN: "交办",
    EventKind.REPORT: "报送进展",
    EventKind.CONFIRM: "确认份额",
    EventKind.ACCEPT: "接受",
    EventKind.RETURN: "退回修改",
    EventKind.ASK: "申请延期",
    EventKind.DECLINE: "不同意延期",
    EventKind.EXTEND: "批准延期",
    EventKind.STOP: "暂停计时",
    EventKind.RESUME: "恢复计时",
    EventKind.REMIND: "催办",
    EventKind.CIRCULATE: "通报",
    EventKind.LIST: "挂牌督办",
    EventKind.DELIST: "摘牌",
    EventKind.STATE: "认定情况",
    EventKind.REDATE: "期限随文件调整",
    EventKind.SHARE: "责任单位随文件调整",
    EventKind.CANCEL: "撤销任务",
}
