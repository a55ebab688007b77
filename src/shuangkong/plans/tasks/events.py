"""事件: what can be said of a task, by whom it moves it, and from which state to which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """What a body is to a task."""

    LEAD = "lead"  # 牵头
    SOLE = "sole"  # 独自负责
    SHARED = "shared"  # 按职责分工负责
    PARTICIPANT = "participant"  # 配合、参加
    STANDING = "standing"  # 以下均需…落实，不再列出
    OWNER = "owner"  # 目标的归口单位


#: Whoever has one of these parts owes the task and reports on it.
ANSWERING = (Part.LEAD, Part.SOLE, Part.SHARED, Part.OWNER)
#: Whoever has one of these confirms its share.
HELPING = (Part.PARTICIPANT, Part.STANDING)


class State(StrEnum):
    """How a task stands with the people."""

    ASSIGNED = "assigned"  # 待办: nothing reported yet
    REPORTED = "reported"  # 待审核: a report waits for its judgement
    ACTIVE = "active"  # 办理中
    RETURNED = "returned"  # 已退回
    STOPPED = "stopped"  # 暂停计时
    DONE = "done"  # 已办结
    CANCELLED = "cancelled"  # 已撤销


class Grade(StrEnum):
    """How well it is carried out, as stated in a report or derived."""

    NOT_STARTED = "not_started"  # 未启动
    ON_TRACK = "on_track"  # 按计划推进
    BEHIND = "behind"  # 进度滞后
    BLOCKED = "blocked"  # 受阻
    DONE = "done"  # 已完成


class EventKind(StrEnum):
    """What happened to a task."""

    ASSIGN = "assign"  # 交办
    REPORT = "report"  # 报送
    CONFIRM = "confirm"  # 配合单位确认份额
    ACCEPT = "accept"  # 接受
    RETURN = "return"  # 退回
    ASK = "ask"  # 申请延期
    DECLINE = "decline"  # 不同意延期
    EXTEND = "extend"  # 延期
    STOP = "stop"  # 暂停计时
    RESUME = "resume"  # 恢复计时
    REMIND = "remind"  # 催办
    CIRCULATE = "circulate"  # 通报
    LIST = "list"  # 挂牌
    DELIST = "delist"  # 摘牌
    STATE = "state"  # 人工认定
    REDATE = "redate"  # 期限随文件调整
    SHARE = "share"  # 责任单位随文件调整
    CANCEL = "cancel"  # 撤销


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: see EventKind.
        on: the day it takes effect; of a report the day that it speaks of.
        body: who spoke or is spoken to; None for the plan office itself.
        grade: what a report or a person states.
        percent: how much is done, 0 to 100.
        due: the new due day of an extension or of the document; the day that is asked for.
        told_on: the day on which it was told, where that is not ``on``.
    """

    kind: EventKind
    on: date
    body: int | None = None
    grade: Grade | None = None
    percent: Decimal | None = None
    due: date | None = None
    told_on: date | None = None

    @property
    def said_on(self) -> date:
        """The day on which it was told: what a report says of the past moves no clock."""
        return self.told_on or self.on


_LIVE = (State.ASSIGNED, State.REPORTED, State.ACTIVE, State.RETURNED)
#: Live and with the body: nobody is hurried while the office has its report.
_WITH_BODY = (State.ASSIGNED, State.ACTIVE, State.RETURNED)
_SAME = None

#: (kind, states it may happen in, state it leads to; None leaves the state as it is). DONE comes from an accepted
#: report of grade DONE or from a person's statement of it; RESUME leads back to the state before the stop.
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State | None], ...] = (
    (EventKind.ASSIGN, (State.ASSIGNED,), State.ASSIGNED),
    (EventKind.REPORT, _LIVE, State.REPORTED),
    (EventKind.CONFIRM, (*_LIVE, State.DONE), _SAME),
    (EventKind.ACCEPT, (State.REPORTED,), State.ACTIVE),
    (EventKind.RETURN, (State.REPORTED,), State.RETURNED),
    (EventKind.ASK, _LIVE, _SAME),
    (EventKind.DECLINE, _LIVE, _SAME),
    (EventKind.EXTEND, _LIVE, _SAME),
    (EventKind.STOP, _LIVE, State.STOPPED),
    (EventKind.RESUME, (State.STOPPED,), State.ACTIVE),
    (EventKind.REMIND, _WITH_BODY, _SAME),
    (EventKind.CIRCULATE, _WITH_BODY, _SAME),
    (EventKind.LIST, _LIVE, _SAME),
    (EventKind.DELIST, (*_LIVE, State.DONE), _SAME),
    (EventKind.STATE, (*_LIVE, State.DONE), State.ACTIVE),
    (EventKind.REDATE, (*_LIVE, State.STOPPED), _SAME),
    (EventKind.SHARE, (*_LIVE, State.STOPPED), _SAME),
    (EventKind.CANCEL, (*_LIVE, State.STOPPED), State.CANCELLED),
)

#: State and kind → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): before if after is None else after for kind, states, after in _ROWS for before in states
}


def may_happen(state: State, kind: EventKind) -> bool:
    """Whether something of that kind may happen to a task in that state."""
    return (state, kind) in TRANSITIONS
