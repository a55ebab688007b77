"""The words of task supervision in both languages; a clock always has a sign and a word beside its colour."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock, Standing
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.web.site.words import MISSING, figure

STATES = {
    State.ASSIGNED: lazy("待办"),
    State.REPORTED: lazy("待审核"),
    State.ACTIVE: lazy("办理中"),
    State.RETURNED: lazy("已退回"),
    State.STOPPED: lazy("暂停计时"),
    State.DONE: lazy("已办结"),
    State.CANCELLED: lazy("已撤销"),
}
GRADES = {
    Grade.NOT_STARTED: lazy("未启动"),
    Grade.ON_TRACK: lazy("按计划推进"),
    Grade.BEHIND: lazy("进度滞后"),
    Grade.BLOCKED: lazy("受阻"),
    Grade.DONE: lazy("已完成"),
}
CLOCKS = {
    Clock.LATE: lazy("逾期"),
    Clock.DUE_SOON: lazy("临近到期"),
    Clock.SILENT: lazy("久无报送"),
    Clock.WAITING: lazy("待审核"),
    Clock.CALM: lazy("正常"),
    Clock.STOPPED: lazy("计时暂停"),
    Clock.OVER: lazy("已了结"),
}
SIGNS = {
    Clock.LATE: "✕",
    Clock.DUE_SOON: "▲",
    Clock.SILENT: "○",
    Clock.WAITING: "?",
    Clock.CALM: "●",
    Clock.STOPPED: "‖",
    Clock.OVER: "✓",
}
#: The colours of the site for each clock; they come after sign and word.
LEVELS = {
    Clock.LATE: "missed",
    Clock.DUE_SOON: "behind",
    Clock.SILENT: "behind",
    Clock.WAITING: "unjudged",
    Clock.CALM: "on_schedule",
    Clock.STOPPED: "no_data",
    Clock.OVER: "met",
}
PARTS = {
    Part.LEAD: lazy("牵头"),
    Part.SOLE: lazy("独自负责"),
    Part.SHARED: lazy("按职责分工"),
    Part.PARTICIPANT: lazy("配合"),
    Part.STANDING: lazy("普遍落实"),
    Part.OWNER: lazy("归口"),
}
KINDS = {
    TaskKind.MEASURE: lazy("措施"),
    TaskKind.SENTENCE: lazy("逐句事项"),
    TaskKind.DUTY: lazy("限期事项"),
    TaskKind.ROUND: lazy("周期事项"),
    TaskKind.TARGET: lazy("主要目标"),
    TaskKind.SUB_PLAN: lazy("须编制的方案"),
    TaskKind.KEY_WORK: lazy("重点工程"),
    TaskKind.MINUTE: lazy("会议定事项"),
    TaskKind.RECTIFY: lazy("限期整治"),
    TaskKind.GAP: lazy("与上级的差距"),
    TaskKind.OTHER: lazy("另行交办"),
}
EVENTS = {
    EventKind.ASSIGN: lazy("交办"),
    EventKind.REPORT: lazy("报送进展"),
    EventKind.CONFIRM: lazy("确认份额"),
    EventKind.ACCEPT: lazy("接受"),
    EventKind.RETURN: lazy("退回修改"),
    EventKind.ASK: lazy("申请延期"),
    EventKind.DECLINE: lazy("不同意延期"),
    EventKind.EXTEND: lazy("批准延期"),
    EventKind.STOP: lazy("暂停计时"),
    EventKind.RESUME: lazy("恢复计时"),
    EventKind.REMIND: lazy("催办"),
    EventKind.CIRCULATE: lazy("通报"),
    EventKind.LIST: lazy("挂牌督办"),
    EventKind.DELIST: lazy("摘牌"),
    EventKind.STATE: lazy("认定情况"),
    EventKind.REDATE: lazy("期限随文件调整"),
    EventKind.SHARE: lazy("责任单位随文件调整"),
    EventKind.CANCEL: lazy("撤销任务"),
}
RECURRENCES = {
    Recurrence.NONE: "",
    Recurrence.YEARLY: lazy("每年"),
    Recurrence.HALF_YEARLY: lazy("每半年"),
    Recurrence.QUARTERLY: lazy("每季度"),
    Recurrence.MONTHLY: lazy("每月"),
    Recurrence.REGULAR: lazy("定期"),
}


def clock_words(clock: Clock, now: Standing, day: date) -> str:
    """逾期 12 天, 还有 3 天, 95 天未报送: what the clock says, with its days."""
    if clock is Clock.LATE and now.due is not None:
        days = (day - now.due).days
        return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", days) % {"days": days}
    if clock is Clock.SILENT and now.heard_on is not None:
        days = (day - now.heard_on).days
        return ngettext("%(days)d 天未报送", "%(days)d 天未报送", days) % {"days": days}
    if clock in (Clock.DUE_SOON, Clock.CALM) and now.due is not None:
        days = (now.due - day).days
        return ngettext("还有 %(days)d 天", "还有 %(days)d 天", days) % {"days": days} if days else _("今天到期")
    if clock is Clock.STOPPED and now.stopped_on is not None:
        return _("自 %(day)s 暂停计时") % {"day": now.stopped_on.isoformat()}
    if clock is Clock.OVER and now.finished_on is not None:
        return f"{STATES[now.state]} {now.finished_on.isoformat()}"
    return str(CLOCKS[clock]) if clock is not Clock.CALM else _("无期限")


def percent_words(value: Decimal | None) -> str:
    """70% or "—"."""
    return MISSING if value is None else f"{figure(value.normalize() if value else value)}%"


def day_words(value: date | None) -> str:
    """The day in figures, "—" where there is none."""
    return value.isoformat() if value else MISSING
