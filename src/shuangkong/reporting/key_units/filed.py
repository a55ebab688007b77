"""清单里登记册说的: lines of a key energy user's duties that rest on the entries of its file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState, state_word
from shuangkong.reporting.key_units.told import Answer, Basis, Duty, Filed, Line, Told

_FOLLOWED = frozenset({EntryState.CLOSED, EntryState.DROPPED})


def commitment(told: Told, day: date) -> Line:
    """By the register of signed undertakings alone: that a return says there is one is told, and decides nothing.

    Undertakings for the last whole year and later count; one whose year is over without a result says nothing yet.
    """
    held = tuple(
        each for each in _of(told, EntryKind.UNDERTAKING) if each.due is not None and each.due.year >= day.year - 1
    )
    if held:
        answer = Answer.UNKNOWN if any(each.is_late for each in held) else Answer.YES
        if any(each.state is EntryState.BROKEN for each in held):
            answer = Answer.NO
        return _line(told, Duty.COMMITMENT, answer, held)
    if told.duties is not None and told.duties.text("duty.commitment.done") == "yes":
        zh = f"登记册里没有；{told.period} 的报表说有，请单位登记承诺书。"
        en = f"None is registered; the return of {told.period} says that there is one: have it registered."
        return Line(Duty.COMMITMENT, Answer.UNKNOWN, Message(zh, en), Basis.RETURN, told.owned)
    said = Message("没有您能看的、近年的承诺登记。", "No undertaking of late is registered that you may read.")
    return Line(Duty.COMMITMENT, Answer.UNKNOWN, said)


def follow_up(told: Told) -> Line | None:
    """By the advice of audits; None where none is registered."""
    held = _of(told, EntryKind.ADVICE)
    if not held:
        return None
    if any(each.is_late for each in held):
        return _line(told, Duty.FOLLOW_UP, Answer.NO, held)
    is_done = all(each.state in _FOLLOWED for each in held)
    return _line(told, Duty.FOLLOW_UP, Answer.YES if is_done else Answer.UNKNOWN, held)


def system(told: Told) -> Line | None:
    """By certificates; None where none is registered."""
    held = _of(told, EntryKind.SYSTEM)
    if not held:
        return None
    valid = sum(each.state is EntryState.OPEN and not each.is_late for each in held)
    said = Message(f"登记证书 {len(held)} 张，有效 {valid} 张。", f"{len(held)} certificates, {valid} of them valid.")
    return Line(Duty.SYSTEM, Answer.YES if valid else Answer.NO, said, Basis.ENTRIES, told.reporter)


def _of(told: Told, kind: EntryKind) -> tuple[Filed, ...]:
    return tuple(each for each in told.filed if each.kind is kind)


def _line(told: Told, duty: Duty, answer: Answer, held: Collection[Filed]) -> Line:
    """How many stand in which state, and how many of them are late."""
    kind = next(iter(held)).kind
    states = [(state, sum(each.state is state for each in held)) for state in EntryState]
    words = [(state_word(kind, state), count) for state, count in states if count]
    zh = f"登记 {len(held)} 项：{'，'.join(f'{word.zh} {count}' for word, count in words)}"
    en = f"{len(held)} registered: {', '.join(f'{word.en.lower()} {count}' for word, count in words)}"
    if late := sum(each.is_late for each in held):
        zh, en = f"{zh}；过期 {late}", f"{en}; past the last day {late}"
    return Line(duty, answer, Message(f"{zh}。", f"{en}."), Basis.ENTRIES, told.reporter)
