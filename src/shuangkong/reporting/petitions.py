"""填报单位的申请: what a unit may ask for on a return that it owes, and what becomes of that; the one table of it.

Asking changes nothing of the return: its clock goes on until an office grants what was asked for, and that is the act
of the office as it always was (``GRANTED_BY``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.reporting.life import OWED, EventKind
from shuangkong.reporting.life_standing import Standing, may


class PetitionKind(StrEnum):
    """What is asked for."""

    EXTEND = "extend"  # 延期
    HOLD = "hold"  # 停止计时
    STOP = "stop"  # 停产
    EXEMPT = "exempt"  # 免报


class PetitionState(StrEnum):
    """How it stands."""

    OPEN = "open"  # 待答复
    GRANTED = "granted"  # 已同意
    REFUSED = "refused"  # 未同意
    WITHDRAWN = "withdrawn"  # 已撤回
    LAPSED = "lapsed"  # 已失效


class PetitionEvent(StrEnum):
    """What happens to it."""

    ASK = "ask"  # 提出申请
    GRANT = "grant"  # 同意申请
    REFUSE = "refuse"  # 不同意申请
    WITHDRAW = "withdraw"  # 撤回申请
    LAPSE = "lapse"  # 申请失效


KINDS: Mapping[PetitionKind, Message] = {
    PetitionKind.EXTEND: Message("延期", "Extension"),
    PetitionKind.HOLD: Message("停止计时", "Stopped clock"),
    PetitionKind.STOP: Message("停产", "Stopped production"),
    PetitionKind.EXEMPT: Message("免报", "Exemption"),
}
STATES: Mapping[PetitionState, Message] = {
    PetitionState.OPEN: Message("待答复", "Waits for an answer"),
    PetitionState.GRANTED: Message("已同意", "Granted"),
    PetitionState.REFUSED: Message("未同意", "Refused"),
    PetitionState.WITHDRAWN: Message("已撤回", "Taken back"),
    PetitionState.LAPSED: Message("已失效", "Lapsed"),
}
EVENTS: Mapping[PetitionEvent, Message] = {
    PetitionEvent.ASK: Message("提出申请", "Ask"),
    PetitionEvent.GRANT: Message("同意申请", "Grant"),
    PetitionEvent.REFUSE: Message("不同意申请", "Refuse"),
    PetitionEvent.WITHDRAW: Message("撤回申请", "Take back"),
    PetitionEvent.LAPSE: Message("申请失效", "Lapse"),
}
#: What is asked for → the act of an office that grants it.
GRANTED_BY: Mapping[PetitionKind, EventKind] = {
    PetitionKind.EXTEND: EventKind.EXTEND,
    PetitionKind.HOLD: EventKind.HOLD,
    PetitionKind.STOP: EventKind.STOP,
    PetitionKind.EXEMPT: EventKind.EXEMPT,
}
#: What is asked for with a day, that the unit wishes for.
WISH_A_DAY = frozenset({PetitionKind.EXTEND})

#: (event, state it happens in, None before there is a petition; state it leads to). An answered one stays answered.
ROWS: tuple[tuple[PetitionEvent, PetitionState | None, PetitionState], ...] = (
    (PetitionEvent.ASK, None, PetitionState.OPEN),
    (PetitionEvent.GRANT, PetitionState.OPEN, PetitionState.GRANTED),
    (PetitionEvent.REFUSE, PetitionState.OPEN, PetitionState.REFUSED),
    (PetitionEvent.WITHDRAW, PetitionState.OPEN, PetitionState.WITHDRAWN),
    (PetitionEvent.LAPSE, PetitionState.OPEN, PetitionState.LAPSED),
)
#: State and event → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[PetitionState | None, PetitionEvent], PetitionState] = {
    (before, event): after for event, before, after in ROWS
}


def may_be_asked(now: Standing, open_: Iterable[PetitionKind] = ()) -> tuple[PetitionKind, ...]:
    """What a unit may ask for as its return stands, but what it has asked for and waits for (``open_``)."""
    waits = frozenset(open_)
    return tuple(kind for kind in PetitionKind if kind not in waits and may(now, GRANTED_BY[kind]))


def settled_by(kind: PetitionKind, before: Standing, act: EventKind, now: Standing) -> PetitionEvent | None:
    """What an act on the return, which stood as ``before`` and stands as ``now``, makes of an open petition; None where
    it goes on waiting.

    The act that was asked for grants it, whoever thought of it. What can be granted no more lapses; so does what was
    asked before the return was handed in, even if it is owed again now.
    """
    if before.state not in OWED:
        return PetitionEvent.LAPSE
    if GRANTED_BY[kind] is act:
        return PetitionEvent.GRANT
    return None if may(now, GRANTED_BY[kind]) else PetitionEvent.LAPSE
