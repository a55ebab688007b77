"""报表的一生: what can happen to a return, from which state to which; the one table that acts, pages and docs go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.core.finding import Message


class State(StrEnum):
    """How a return stands."""

    OPEN = "open"  # 待填报
    DRAFT = "draft"  # 填报中: only its own unit knows
    SUBMITTED = "submitted"  # 已报待审
    DESK_REVIEW = "desk_review"  # 审核中
    RETURNED = "returned"  # 已退回
    ACCEPTED = "accepted"  # 已接收: in force, no level has approved it
    APPROVED = "approved"  # 逐级审批: at least one level has
    LOCKED = "locked"  # 已锁定
    STOPPED = "stopped"  # 停产
    EXEMPT = "exempt"  # 免报
    CANCELLED = "cancelled"  # 不再应报


class EventKind(StrEnum):
    """What happened to a return."""

    OPEN = "open"  # 应报
    DRAFT = "draft"  # 开始填报
    SUBMIT = "submit"  # 提交
    CORRECT = "correct"  # 更正
    RECALL = "recall"  # 撤回
    REVIEW = "review"  # 开始审核
    RETURN = "return"  # 退回修改
    ACCEPT = "accept"  # 接收
    APPROVE = "approve"  # 审批通过
    SEND_BACK = "send_back"  # 退回重审
    LOCK = "lock"  # 锁定
    UNLOCK = "unlock"  # 解除锁定
    EXTEND = "extend"  # 延期
    HOLD = "hold"  # 停止计时
    RELEASE = "release"  # 恢复计时
    STOP = "stop"  # 停产
    EXEMPT = "exempt"  # 免报
    REQUIRE = "require"  # 恢复应报
    REMIND = "remind"  # 催报
    CANCEL = "cancel"  # 不再应报
    RAISE = "raise"  # 列入上级窗口
    PUT_OFF = "put_off"  # 窗口整体顺延


STATES: Mapping[State, Message] = {
    State.OPEN: Message("待填报", "To be filed"),
    State.DRAFT: Message("填报中", "Being filled in"),
    State.SUBMITTED: Message("已报待审", "Submitted"),
    State.DESK_REVIEW: Message("审核中", "Under review"),
    State.RETURNED: Message("已退回", "Returned"),
    State.ACCEPTED: Message("已接收", "Accepted"),
    State.APPROVED: Message("逐级审批", "Approved by level"),
    State.LOCKED: Message("已锁定", "Locked"),
    State.STOPPED: Message("停产", "Production stopped"),
    State.EXEMPT: Message("免报", "Exempt"),
    State.CANCELLED: Message("不再应报", "No longer due"),
}
EVENTS: Mapping[EventKind, Message] = {
    EventKind.OPEN: Message("列为应报", "Becomes due"),
    EventKind.DRAFT: Message("开始填报", "Begin to fill in"),
    EventKind.SUBMIT: Message("提交", "Submit"),
    EventKind.CORRECT: Message("更正", "Correct"),
    EventKind.RECALL: Message("撤回", "Take back"),
    EventKind.REVIEW: Message("开始审核", "Begin review"),
    EventKind.RETURN: Message("退回修改", "Return"),
    EventKind.ACCEPT: Message("接收", "Accept"),
    EventKind.APPROVE: Message("审批通过", "Approve"),
    EventKind.SEND_BACK: Message("退回重审", "Send back for review"),
    EventKind.LOCK: Message("锁定", "Lock"),
    EventKind.UNLOCK: Message("解除锁定", "Unlock"),
    EventKind.EXTEND: Message("延期", "Extend"),
    EventKind.HOLD: Message("停止计时", "Stop the clock"),
    EventKind.RELEASE: Message("恢复计时", "Restart the clock"),
    EventKind.STOP: Message("登记停产", "Production stopped"),
    EventKind.EXEMPT: Message("免报", "Exempt"),
    EventKind.REQUIRE: Message("恢复应报", "Due again"),
    EventKind.REMIND: Message("催报", "Urge"),
    EventKind.CANCEL: Message("不再应报", "No longer due"),
    EventKind.RAISE: Message("列入上级窗口", "Taken into the window of a higher place"),
    EventKind.PUT_OFF: Message("窗口整体顺延", "Whole window put off"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: see EventKind.
        on: the day of it.
        version: number of the version that was submitted.
        level: how many levels have approved with this one, counted from the lowest; of a RAISE how many approved it
            before (in ``standing``) or are to from now on (in ``after``); 0 for other kinds.
        due: the new last day of an extension or of a window put off, or of sending in again after a return.
    """

    kind: EventKind
    on: date
    version: int | None = None
    level: int = 0
    due: date | None = None


#: The unit owes something and nothing of it waits for an office.
OWED = (State.OPEN, State.DRAFT, State.RETURNED)
#: A version waits for the desk.
WAITING = (State.SUBMITTED, State.DESK_REVIEW)
#: A version is in force and none waits.
IN_FORCE = (State.ACCEPTED, State.APPROVED, State.LOCKED)
#: Nothing is expected of the unit.
NOT_DUE = (State.STOPPED, State.EXEMPT, State.CANCELLED)
_SAME = None

#: (kind, states it may happen in, state it leads to; None leaves the state as it is). RECALL and RETURN of a correction
#: lead back to the version in force, as it stood; see life_standing.
ROWS: tuple[tuple[EventKind, tuple[State, ...], State | None], ...] = (
    (EventKind.OPEN, (State.OPEN,), State.OPEN),
    (EventKind.DRAFT, (State.OPEN, State.DRAFT), State.DRAFT),
    (EventKind.SUBMIT, (*OWED, State.SUBMITTED), State.SUBMITTED),
    (EventKind.CORRECT, IN_FORCE, State.SUBMITTED),
    (EventKind.RECALL, (State.SUBMITTED,), State.DRAFT),
    (EventKind.REVIEW, (State.SUBMITTED,), State.DESK_REVIEW),
    (EventKind.RETURN, WAITING, State.RETURNED),
    (EventKind.ACCEPT, WAITING, State.ACCEPTED),
    (EventKind.APPROVE, (State.ACCEPTED, State.APPROVED), State.APPROVED),
    (EventKind.SEND_BACK, (State.ACCEPTED, State.APPROVED), State.DESK_REVIEW),
    (EventKind.LOCK, (State.APPROVED,), State.LOCKED),
    (EventKind.UNLOCK, (State.LOCKED,), State.APPROVED),
    (EventKind.EXTEND, OWED, _SAME),
    (EventKind.HOLD, OWED, _SAME),
    (EventKind.RELEASE, OWED, _SAME),
    (EventKind.STOP, OWED, State.STOPPED),
    (EventKind.EXEMPT, OWED, State.EXEMPT),
    (EventKind.REQUIRE, NOT_DUE, State.OPEN),
    (EventKind.REMIND, OWED, _SAME),
    (EventKind.CANCEL, (*OWED, State.STOPPED, State.EXEMPT), State.CANCELLED),
    (EventKind.RAISE, tuple(state for state in State if state is not State.LOCKED), _SAME),
    # Also of what came, or is not owed now: by the day that holds for all it may be in time, or be owed again.
    (EventKind.PUT_OFF, tuple(State), _SAME),
)

#: State and kind → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): before if after is None else after for kind, states, after in ROWS for before in states
}


def may_happen(state: State, kind: EventKind) -> bool:
    """Whether something of that kind may happen to a return in that state."""
    return (state, kind) in TRANSITIONS
