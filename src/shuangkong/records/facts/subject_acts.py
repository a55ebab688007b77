"""登记和变更: one act on whom figures are about, as a form, a command or a program tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, enter, leave, register, withdraw_stay
from shuangkong.records.facts.succession import succeed, withdraw_change
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import Change


class SubjectAct(StrEnum):
    """What can happen to a unit."""

    REGISTER = "register"
    ENTER = "enter"
    LEAVE = "leave"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW = "withdraw"


_CHANGES = {
    SubjectAct.RENAME: Change.RENAMED,
    SubjectAct.MERGE: Change.MERGED,
    SubjectAct.SPLIT: Change.SPLIT,
}

#: Nothing was counted by statistics before; what is to come is decided a few years ahead at most.
_FIRST_YEAR, _YEARS_AHEAD = 1_949, 5


@dataclass(frozen=True, slots=True)
class SubjectTold:
    """``code``: whom it is about; ``document``: the ground.

    Registering takes ``name`` and ``region``, the others ``on``: the first day on which it is so. ``other``: what it
    became; ``scope``: which it enters or leaves. Withdrawing takes what the wrong act took, and says which it ``was``.
    """

    act: SubjectAct
    code: str
    document: str
    name: str = ""
    region: str = ""
    on: date | None = None
    other: str = ""
    scope: str = ABOVE_DESIGNATED_SIZE
    kind: str = "unit"
    was: SubjectAct | None = None


def record_subject(told: SubjectTold, by: Acting) -> None:
    """Does it, with its row in the journal.

    Raises:
        Refused: FCT-301 to 315: something is not said, not known, or cannot be.
        Forbidden: it lies outside the person's places.
    """
    code, other = told.code.strip(), told.other.strip()
    _require(code, "code", "代码", "the code")
    if told.act is SubjectAct.REGISTER:
        _require(told.name.strip(), "name", "名称", "the name")
        register([SubjectRow(told.kind, code, told.name.strip(), told.region.strip())], told.document, by)
        return
    act = _withdrawn(told) if told.act is SubjectAct.WITHDRAW else told.act
    on, is_withdrawn = _near(told.on), told.act is SubjectAct.WITHDRAW
    if act in _CHANGES:
        _require(other, "other", "后来的代码", "the code of what it became")
        changes = withdraw_change if is_withdrawn else succeed
        changes(Subject(told.kind, code), Subject(told.kind, other), _CHANGES[act], on, told.document, by)
    elif is_withdrawn:
        is_leaving = act is SubjectAct.LEAVE
        withdraw_stay((told.kind, code), told.scope, on, told.document, by, is_leaving=is_leaving)
    else:
        moves = enter if act is SubjectAct.ENTER else leave
        moves((told.kind, code), told.scope, on, told.document, by)


def _withdrawn(told: SubjectTold) -> SubjectAct:
    """The act that was wrong. What was registered stays: figures may have been told of it."""
    if told.was in (None, SubjectAct.REGISTER, SubjectAct.WITHDRAW):
        raise _unsaid("was", "撤销哪一项：纳入、退出、更名、合并或分立", "which act was wrong: enter … split")
    return told.was


def _near(on: date | None) -> date:
    if on is None:
        raise _unsaid("on", "自何日起", "from which day")
    last = timezone.localdate().year + _YEARS_AHEAD
    zh = f"{_FIRST_YEAR}—{last} 年间的日期，现填 {on}"
    _require(_FIRST_YEAR <= on.year <= last, "on", zh, f"a day from {_FIRST_YEAR} to {last}, found {on}")
    return on


def _require(said: str | bool, field: str, zh: str, en: str) -> None:
    if not said:
        raise _unsaid(field, zh, en)


def _unsaid(field: str, zh: str, en: str) -> Refused:
    return Refused("FCT-308", f"请写明{zh}。", f"Say {en}.", field)
