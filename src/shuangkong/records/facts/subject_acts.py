"""登记和变更: one act on whom figures are about, as a form, a command or a program tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.core.fact import Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, enter, leave, register
from shuangkong.records.facts.succession import succeed
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


_CHANGES = {
    SubjectAct.RENAME: Change.RENAMED,
    SubjectAct.MERGE: Change.MERGED,
    SubjectAct.SPLIT: Change.SPLIT,
}

#: Days far from any plan are slips of the pen.
_YEARS = range(1_900, 2_700)


@dataclass(frozen=True, slots=True)
class SubjectTold:
    """``code``: whom it is about; ``document``: the ground.

    Registering takes ``name`` and ``region``, the others ``on``: the first day on which it is so. ``other``: what it
    became; ``scope``: which it enters or leaves.
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


def record_subject(told: SubjectTold, by: Acting) -> None:
    """Does it, with its row in the journal.

    Raises:
        Refused: FCT-301 to 308: something is not said, not known, or cannot be.
        Forbidden: it lies outside the person's places.
    """
    code, other = told.code.strip(), told.other.strip()
    _require(code, "code", "代码", "the code")
    if told.act is SubjectAct.REGISTER:
        _require(told.name.strip(), "name", "名称", "the name")
        register([SubjectRow(told.kind, code, told.name.strip(), told.region.strip())], told.document, by)
        return
    if told.on is None:
        raise _unsaid("on", "自何日起", "from which day")
    _require(told.on.year in _YEARS, "on", f"{_YEARS.start}—{_YEARS.stop - 1} 年间的日期", "a day within living memory")
    if told.act in _CHANGES:
        _require(other, "other", "后来的代码", "the code of what it became")
        succeed(Subject(told.kind, code), Subject(told.kind, other), _CHANGES[told.act], told.on, told.document, by)
        return
    moves = enter if told.act is SubjectAct.ENTER else leave
    moves((told.kind, code), told.scope, told.on, told.document, by)


def _require(said: str | bool, field: str, zh: str, en: str) -> None:
    if not said:
        raise _unsaid(field, zh, en)


def _unsaid(field: str, zh: str, en: str) -> Refused:
    return Refused("FCT-308", f"请写明{zh}。", f"Say {en}.", field)
