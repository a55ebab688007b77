"""报警的办理: open, explained, returned, reviewed, closed; what can happen to it is a table, drawn in docs.

Levels run from 1 to 3, the gravest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shuangkong.core.finding import Message

LOWEST, GRAVEST = 1, 3


class State(StrEnum):
    """How far the case has come."""

    OPEN = "open"
    EXPLAINED = "explained"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    UNDONE = "undone"
    CLOSED = "closed"


STATES: Mapping[State, Message] = {
    State.OPEN: Message("待说明", "To be explained"),
    State.EXPLAINED: Message("已说明，待审核", "Explained, to be reviewed"),
    State.RETURNED: Message("退回重新说明", "Returned for another explanation"),
    State.REVIEWED: Message("已审核，待办结", "Reviewed, to be closed"),
    State.UNDONE: Message("已不成立，待办结", "No longer so, to be closed"),
    State.CLOSED: Message("已办结", "Closed"),
}


class Act(StrEnum):
    """What can happen."""

    RAISE = "raise"
    EASE = "ease"  # 恢复正常：测量已不再异常，事情还没有办结
    EXPLAIN = "explain"
    RETURN = "return"
    REVIEW = "review"
    CLOSE = "close"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    DEESCALATE = "deescalate"
    HAND_OVER = "hand_over"  # 移交执法
    UNDO = "undo"  # 不再成立：补到的数据或标记使它从来不是异常
    RENEW = "renew"  # 又成立：标记撤回或数据又改了


ACTS: Mapping[Act, Message] = {
    Act.RAISE: Message("报警", "raise"),
    Act.EASE: Message("恢复", "ease"),
    Act.EXPLAIN: Message("说明", "explain"),
    Act.RETURN: Message("退回", "return"),
    Act.REVIEW: Message("审核", "review"),
    Act.CLOSE: Message("办结", "close"),
    Act.REOPEN: Message("重新办理", "reopen"),
    Act.ESCALATE: Message("升级", "escalate"),
    Act.DEESCALATE: Message("降级", "de-escalate"),
    Act.HAND_OVER: Message("移交", "hand over"),
    Act.UNDO: Message("不再成立", "no longer so"),
    Act.RENEW: Message("又成立", "so again"),
}
_LIVE = (State.OPEN, State.EXPLAINED, State.RETURNED, State.REVIEWED)
#: (act, states it may happen in, state it leads to; None: the same).
_ROWS: tuple[tuple[Act, tuple[State, ...], State | None], ...] = (
    (Act.EXPLAIN, (State.OPEN, State.RETURNED), State.EXPLAINED),
    (Act.RETURN, (State.EXPLAINED,), State.RETURNED),
    (Act.REVIEW, (State.EXPLAINED,), State.REVIEWED),
    (Act.CLOSE, (State.REVIEWED, State.UNDONE), State.CLOSED),
    (Act.REOPEN, (State.CLOSED,), State.OPEN),
    (Act.EASE, _LIVE, None),
    (Act.ESCALATE, _LIVE, None),
    (Act.DEESCALATE, _LIVE, None),
    (Act.HAND_OVER, (State.EXPLAINED, State.REVIEWED), None),
    (Act.UNDO, _LIVE, State.UNDONE),
    (Act.RENEW, (State.UNDONE,), State.OPEN),
)
#: State and act → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, Act], State] = {
    (before, act): after or before for act, states, after in _ROWS for before in states
}
#: Acts that say why, in words.
SAY_WHY = frozenset({Act.EXPLAIN, Act.RETURN, Act.REVIEW, Act.CLOSE, Act.REOPEN, Act.DEESCALATE, Act.HAND_OVER})


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"
    LEVEL = "level"
    GROUND = "ground"
    TIME = "time"
    NOT_EASED = "not_eased"


HINDRANCES: Mapping[Hindrance, Message] = {
    Hindrance.STATE: Message(
        "当前状态不允许这一步。请先办理前一步", "Its state does not allow this: take the step before"
    ),
    Hindrance.LEVEL: Message("已是最高或最低级", "It is at the highest or lowest level already"),
    Hindrance.GROUND: Message("没有写明理由。请写明", "No reason is given: say why"),
    Hindrance.TIME: Message("早于前一步的时间。请核对", "Earlier than the step before it: check the time"),
    Hindrance.NOT_EASED: Message(
        "测量仍然异常，不能办结。请先排除故障或停止超标", "The measurement is still out of order: settle it first"
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an alarm; ``ground``: the words that SAY_WHY asks for."""

    act: Act
    at: datetime
    ground: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alarm stands.

    Attributes:
        since: when this state began; ``level_since``: when this level did. Timers count from there.
        is_eased: the measurement is in order again.
        reopened: how often; ``is_handed_over``: to supervision.
    """

    state: State
    level: int
    raised_at: datetime
    since: datetime
    level_since: datetime
    is_eased: bool = False
    reopened: int = 0
    is_handed_over: bool = False
    last_at: datetime | None = None


class CannotHappen(ValueError):
    """An act that cannot happen, and why."""

    def __init__(self, state: State | None, act: Act, why: Hindrance) -> None:
        super().__init__(f"{act.value} cannot happen to an alarm that is {state or 'not there'}: {why.value}")
        self.state, self.act, self.why = state, act, why


def standing(steps: Iterable[Step], level: int = LOWEST) -> Standing | None:
    """Replays steps in order, the first a RAISE at ``level``; None without any. Raises CannotHappen."""
    now: Standing | None = None
    for step in steps:
        now = after(now, step, level)
    return now


def hindrance(now: Standing | None, step: Step) -> Hindrance | None:
    """Why a step cannot happen now; None where it can."""
    if (now is None) != (step.act is Act.RAISE):
        return Hindrance.STATE
    if now is None:
        return None
    if (now.state, step.act) not in TRANSITIONS:
        return Hindrance.STATE
    if now.last_at is not None and step.at < now.last_at:
        return Hindrance.TIME
    bound = {Act.ESCALATE: GRAVEST, Act.DEESCALATE: LOWEST}.get(step.act)
    if bound is not None and now.level == bound:
        return Hindrance.LEVEL
    if step.act is Act.CLOSE and not now.is_eased:
        return Hindrance.NOT_EASED
    return Hindrance.GROUND if step.act in SAY_WHY and not step.ground.strip() else None


def possible(now: Standing) -> tuple[Act, ...]:
    """Acts that its state, level and measurement allow, in the order of the table."""
    said = (Step(act, now.last_at or now.raised_at, ground="…") for act, _, _ in _ROWS)
    return tuple(step.act for step in said if hindrance(now, step) is None)


def after(now: Standing | None, step: Step, level: int = LOWEST) -> Standing:
    """One step of ``standing``; raises CannotHappen."""
    why = hindrance(now, step)
    if why is not None:
        raise CannotHappen(now.state if now else None, step.act, why)
    if now is None:
        return Standing(State.OPEN, level, step.at, step.at, step.at, last_at=step.at)
    state = TRANSITIONS[now.state, step.act]
    moved = replace(now, state=state, since=now.since if state is now.state else step.at, last_at=step.at)
    match step.act:
        case Act.ESCALATE:
            return replace(moved, level=now.level + 1, level_since=step.at)
        case Act.DEESCALATE:
            return replace(moved, level=now.level - 1, level_since=step.at)
        case Act.EASE | Act.UNDO:
            return replace(moved, is_eased=True)
        case Act.RENEW:
            return replace(moved, is_eased=False)
        case Act.REOPEN:
            # What was closed comes back because it is out of order again, or because it was closed wrongly.
            return replace(moved, reopened=now.reopened + 1, is_eased=False)
        case Act.HAND_OVER:
            return replace(moved, is_handed_over=True)
        case _:
            return moved


def diagram() -> Iterator[str]:
    """The table as a Mermaid state diagram, line by line; acts that lead nowhere else stand in a note below."""
    yield "stateDiagram-v2"
    for state, name in STATES.items():
        yield f'    state "{name.zh} {name.en}" as {state.value}'
    yield f"    [*] --> {State.OPEN.value}: {ACTS[Act.RAISE].zh} {ACTS[Act.RAISE].en}"
    for act, states, leads in _ROWS:
        for state in states if leads else ():
            yield f"    {state.value} --> {leads}: {ACTS[act].zh} {ACTS[act].en}"
    yield f"    {State.CLOSED.value} --> [*]"


def page() -> str:
    """The page of docs that is drawn from the table."""
    lines = [
        "# 报警的办理 · The life of an alarm",
        "",
        "由程序的状态表画出（`shuangkong docs`），请勿手改。",
        "Drawn from the table of states by `shuangkong docs`; do not edit.",
        "",
        "```mermaid",
        *diagram(),
        "```",
        "",
        "| 办理 act | 可在哪些状态 in which states | 之后 then | 要写理由 says why |",
        "|---|---|---|---|",
    ]
    for act, states, leads in _ROWS:
        where = "、".join(STATES[state].zh for state in states)
        then = STATES[leads].zh if leads else "不变 the same"
        why = "是 yes" if act in SAY_WHY else "否 no"
        lines.append(f"| {ACTS[act].zh} `{act.value}` | {where} | {then} | {why} |")
    lines += [
        "",
        "测量仍然异常的不能办结。等级 1 至 3，3 最重。",
        "It is not closed while out of order. Levels 1 to 3, 3 gravest.",
        "",
    ]
    return "\n".join(lines)
