"""事项怎么办: the states of an entry of a unit's file, and what leads from one to another; the one table of it.

A standing is replayed from the events; what was entered by mistake is struck with its ground, never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import reduce

from shuangkong.core.finding import Message
from shuangkong.reporting.entry_kinds import EntryKind, Field, Sort


class EntryState(StrEnum):
    """How an entry stands."""

    OPEN = "open"
    WORK = "work"
    DONE = "done"
    REFUSED = "refused"
    CLOSED = "closed"
    DROPPED = "dropped"
    KEPT = "kept"
    BROKEN = "broken"
    STRUCK = "struck"


class EntryEvent(StrEnum):
    """What happens to an entry."""

    ENTER = "enter"  # 登记
    START = "start"  # 开始实施
    FINISH = "finish"  # 完成
    REFUSE = "refuse"  # 不实施
    CONFIRM = "confirm"  # 认可
    SEND_BACK = "send_back"  # 退回
    EXTEND = "extend"  # 改期
    SOUND = "sound"  # 审查合格
    FAULTY = "faulty"  # 审查发现问题
    RECTIFY = "rectify"  # 整改完成
    KEEP = "keep"  # 兑现
    BREAK = "break"  # 未兑现
    END = "end"  # 证书失效
    ANSWER = "answer"  # 单位的说明
    STRIKE = "strike"  # 登记有误，作废


class Side(StrEnum):
    """Who does it: the unit, the office above it, or either."""

    UNIT = "unit"
    OFFICE = "office"
    EITHER = "either"


S, E, K = EntryState, EntryEvent, EntryKind

#: States by kind where the word is another than the common one.
_OWN_WORDS: Mapping[tuple[EntryKind, EntryState], Message] = {
    (K.UNDERTAKING, S.OPEN): Message("待兑现", "To be kept"),
    (K.ADVICE, S.OPEN): Message("未开始", "Not begun"),
    (K.METERING, S.OPEN): Message("列入计划", "Planned"),
    (K.METERING, S.WORK): Message("限期整改", "To be rectified"),
    (K.METERING, S.DONE): Message("整改完成，待确认", "Rectified, to be confirmed"),
    (K.SYSTEM, S.OPEN): Message("已登记", "Registered"),
    (K.SYSTEM, S.CLOSED): Message("已撤销或注销", "Revoked or given up"),
    (K.EVALUATION, S.OPEN): Message("已评价", "Evaluated"),
}
_STATES: Mapping[EntryState, Message] = {
    S.OPEN: Message("已登记", "Entered"),
    S.WORK: Message("实施中", "In work"),
    S.DONE: Message("报完成，待认可", "Reported done, to be confirmed"),
    S.REFUSED: Message("不实施，待认可", "Refused, to be confirmed"),
    S.CLOSED: Message("办结", "Closed"),
    S.DROPPED: Message("同意不实施", "Not carried out, agreed"),
    S.KEPT: Message("已兑现", "Kept"),
    S.BROKEN: Message("未兑现", "Not kept"),
    S.STRUCK: Message("已作废", "Struck"),
}
EVENTS: Mapping[EntryEvent, Message] = {
    E.ENTER: Message("登记", "Enter"),
    E.START: Message("开始实施", "Begin"),
    E.FINISH: Message("报完成", "Report done"),
    E.REFUSE: Message("不实施", "Refuse"),
    E.CONFIRM: Message("认可", "Confirm"),
    E.SEND_BACK: Message("退回", "Send back"),
    E.EXTEND: Message("改期限", "Change the last day"),
    E.SOUND: Message("审查合格", "Reviewed, sound"),
    E.FAULTY: Message("发现问题，限期整改", "Faults found"),
    E.RECTIFY: Message("报整改完成", "Report rectified"),
    E.KEEP: Message("登记兑现", "Record as kept"),
    E.BREAK: Message("登记未兑现", "Record as not kept"),
    E.END: Message("登记证书失效", "Record the certificate's end"),
    E.ANSWER: Message("说明", "Answer"),
    E.STRIKE: Message("作废", "Strike"),
}
_ON, _DUE = Message("日期", "Day"), Message("期限", "Last day")
_RESULT = (
    Field("result", Message("结果值", "Result"), Sort.FIGURE, is_required=False, may_be_negative=True),
    Field("source", Message("结果的来源", "Where the result comes from")),
)
_FINDINGS = Field("findings", Message("审查发现", "Findings"), Sort.TEXT)
#: What an event says beside its ground.
EVENT_FIELDS: Mapping[EntryEvent, tuple[Field, ...]] = {
    E.FINISH: (
        Field("done_on", Message("完成日期", "Done on"), Sort.DAY),
        Field("achieved_tce", Message("实际节能量", "Saving achieved"), Sort.FIGURE,
              unit=Message("吨标准煤/年", "tce a year"), may_be_negative=True),
        Field("evidence", Message("节能量的依据", "Evidence of the saving"), Sort.TEXT),
    ),
    E.SEND_BACK: (Field("due", _DUE, Sort.DAY),),
    E.EXTEND: (Field("due", _DUE, Sort.DAY),),
    E.SOUND: (Field("on", _ON, Sort.DAY), _FINDINGS),
    E.FAULTY: (
        Field("on", _ON, Sort.DAY), _FINDINGS, Field("due", Message("整改期限", "To be rectified by"), Sort.DAY),
    ),
    E.RECTIFY: (Field("done_on", Message("完成日期", "Done on"), Sort.DAY),),
    E.KEEP: _RESULT,
    E.BREAK: _RESULT,
    E.END: (Field("on", Message("失效日期", "Ended on"), Sort.DAY),),
}  # fmt: skip

#: The form in which a unit tells of its instruments, and the levels of its table of provision.
LEDGER, LEDGER_ROWS = "metering_ledger", ("unit", "workshop", "equipment")
#: What a review of metering rests on, kept with it as registers and returns held it on that day; by their names.
INSTRUMENTS: tuple[Field, ...] = (
    Field("meters", Message("在用计量器具（登记册）", "Instruments in use (register)"), Sort.FIGURE, is_required=False),
    Field("run_out", Message("其中检定过期", "Of them verification run out"), Sort.FIGURE, is_required=False),
    Field("unsaid", Message("其中没有登记有效期", "Of them without a last day"), Sort.FIGURE, is_required=False),
    Field("ledger", Message("计量台账报表的报告期", "Period of the ledger"), is_required=False),
    Field("provision_unit", Message("进出用能单位 实配/应配", "Unit, there/due"), is_required=False),
    Field("provision_workshop", Message("次级用能单位 实配/应配", "Workshops, there/due"), is_required=False),
    Field("provision_equipment", Message("主要用能设备 实配/应配", "Equipment, there/due"), is_required=False),
)
#: Whose next step it is, of what is running: the unit is reminded of these, the office sees the others on its list.
UNITS_TURN = frozenset({(K.ADVICE, S.OPEN), (K.ADVICE, S.WORK), (K.METERING, S.WORK), (K.SYSTEM, S.OPEN)})
#: Days that an event tells of what was: none to come.
PAST = frozenset({"on", "done_on", "signed_on", "reported_on"})

#: States in which the last day is a day by which somebody has to do something.
_RUNNING = frozenset({S.OPEN, S.WORK})
#: An evaluation has no last day; the last day of a certificate is told of as its own.
WITH_DUE = frozenset({K.UNDERTAKING, K.ADVICE, K.METERING, K.SYSTEM})


@dataclass(frozen=True, slots=True)
class Way:
    """In which states an event may happen, where it leads (None: it stays), and whose act it is."""

    sources: frozenset[EntryState]
    target: EntryState | None
    side: Side


def _way(target: EntryState | None, side: Side, *sources: EntryState) -> Way:
    return Way(frozenset(sources), target, side)


_STRIKE = _way(S.STRUCK, Side.OFFICE, *(each for each in S if each is not S.STRUCK))
WAYS: Mapping[EntryKind, Mapping[EntryEvent, Way]] = {
    K.UNDERTAKING: {
        E.KEEP: _way(S.KEPT, Side.OFFICE, S.OPEN, S.BROKEN),
        E.BREAK: _way(S.BROKEN, Side.OFFICE, S.OPEN, S.KEPT),
        E.ANSWER: _way(None, Side.UNIT, S.OPEN, S.KEPT, S.BROKEN),
        E.STRIKE: _STRIKE,
    },
    K.ADVICE: {
        E.START: _way(S.WORK, Side.UNIT, S.OPEN, S.REFUSED),
        E.FINISH: _way(S.DONE, Side.UNIT, S.OPEN, S.WORK),
        E.REFUSE: _way(S.REFUSED, Side.UNIT, S.OPEN, S.WORK),
        E.CONFIRM: _way(S.CLOSED, Side.OFFICE, S.DONE, S.REFUSED),
        E.SEND_BACK: _way(S.WORK, Side.OFFICE, S.DONE, S.REFUSED),
        E.EXTEND: _way(None, Side.OFFICE, S.OPEN, S.WORK),
        E.STRIKE: _STRIKE,
    },
    K.METERING: {
        E.SOUND: _way(S.CLOSED, Side.OFFICE, S.OPEN),
        E.FAULTY: _way(S.WORK, Side.OFFICE, S.OPEN),
        E.RECTIFY: _way(S.DONE, Side.UNIT, S.WORK),
        E.CONFIRM: _way(S.CLOSED, Side.OFFICE, S.DONE),
        E.SEND_BACK: _way(S.WORK, Side.OFFICE, S.DONE),
        E.EXTEND: _way(None, Side.OFFICE, S.OPEN, S.WORK),
        E.STRIKE: _STRIKE,
    },
    K.SYSTEM: {E.END: _way(S.CLOSED, Side.EITHER, S.OPEN), E.STRIKE: _STRIKE},
    K.EVALUATION: {E.ANSWER: _way(None, Side.UNIT, S.OPEN), E.STRIKE: _STRIKE},
}
#: Who may make an entry of a kind.
ENTERED_BY: Mapping[EntryKind, Side] = {
    K.UNDERTAKING: Side.EITHER,
    K.ADVICE: Side.EITHER,
    K.METERING: Side.OFFICE,
    K.SYSTEM: Side.EITHER,
    K.EVALUATION: Side.OFFICE,
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened; ``told`` as its fields name it."""

    event: EntryEvent
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntryStanding:
    """How an entry stands; ``due``: its last day, None where it has none."""

    state: EntryState = S.OPEN
    due: date | None = None


def standing_of(kind: EntryKind, events: Iterable[Happened]) -> EntryStanding:
    """How it stands after all that happened, the oldest first."""
    return reduce(lambda now, each: after(kind, now, each), events, EntryStanding())


def after(kind: EntryKind, now: EntryStanding, happened: Happened) -> EntryStanding:
    """How it stands after one thing more. Raises ValueError where that cannot happen as it stands."""
    told_due = happened.told.get("due", "")
    due = date.fromisoformat(told_due) if told_due else now.due
    if happened.event is E.ENTER:
        if kind is K.UNDERTAKING:
            due = date(int(happened.told["period"]), 12, 31)
        return EntryStanding(S.OPEN, due if kind in WITH_DUE else None)
    way = WAYS[kind].get(happened.event)
    if way is None or now.state not in way.sources:
        raise ValueError(f"{happened.event.value} cannot happen to {kind.value} in state {now.state.value}")
    target = way.target or now.state
    if happened.event is E.CONFIRM and now.state is S.REFUSED:
        target = S.DROPPED
    return EntryStanding(target, due)


def may_happen(kind: EntryKind, state: EntryState) -> tuple[EntryEvent, ...]:
    """What may happen in a state, in the order of the table."""
    return tuple(event for event, way in WAYS[kind].items() if state in way.sources)


def is_late(kind: EntryKind, now: EntryStanding, day: date) -> bool:
    """Whether its last day is past and something is still to be done; of a certificate that it has run out."""
    return kind in WITH_DUE and now.state in _RUNNING and now.due is not None and now.due < day


def state_word(kind: EntryKind, state: EntryState) -> Message:
    """What a state of a kind is called."""
    return _OWN_WORDS.get((kind, state), _STATES[state])
