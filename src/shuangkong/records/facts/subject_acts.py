"""登记和变更: acts on whom figures are about, each with what it needs; every one of them can be withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.horizon import DECIDED_AHEAD, is_near, years
from shuangkong.records.facts.models import SubjectChange
from shuangkong.records.facts.registration import withdraw_registration
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, enter, leave, memberships, register, withdraw_stay
from shuangkong.records.facts.standing import standing
from shuangkong.records.facts.succession import succeed, withdraw_change
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import Change

#: Of whom these acts are.
KIND = "unit"
_DAY = timedelta(days=1)


class SubjectAct(StrEnum):
    """What can happen to a unit."""

    REGISTER = "register"
    ENTER = "enter"
    LEAVE = "leave"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Register:
    """A unit is met, at a region."""

    code: str
    name: str
    region: str
    document: str = ""

    def record(self, by: Acting) -> None:
        register([SubjectRow(KIND, self.code, self.name, self.region)], self.document, by)

    def withdraw(self, document: str, by: Acting) -> None:
        withdraw_registration(KIND, self.code, document, by)


@dataclass(frozen=True, slots=True)
class Enter:
    """From ``on`` a unit belongs to a scope."""

    code: str
    on: date
    document: str = ""
    scope: str = ABOVE_DESIGNATED_SIZE

    def record(self, by: Acting) -> None:
        enter((KIND, self.code), self.scope, self.on, self.document, by)

    def withdraw(self, document: str, by: Acting) -> None:
        withdraw_stay((KIND, self.code), self.scope, self.on, document, by, is_leaving=False)


@dataclass(frozen=True, slots=True)
class Leave:
    """From ``on`` a unit belongs to a scope no more."""

    code: str
    on: date
    document: str = ""
    scope: str = ABOVE_DESIGNATED_SIZE

    def record(self, by: Acting) -> None:
        leave((KIND, self.code), self.scope, self.on, self.document, by)

    def withdraw(self, document: str, by: Acting) -> None:
        withdraw_stay((KIND, self.code), self.scope, self.on, document, by, is_leaving=True)


@dataclass(frozen=True, slots=True)
class _Become:
    """From ``on`` a unit is another, or part of it is."""

    code: str
    other: str
    on: date
    document: str = ""

    CHANGE: ClassVar[Change]

    def record(self, by: Acting) -> None:
        succeed(Subject(KIND, self.code), Subject(KIND, self.other), self.CHANGE, self.on, self.document, by)

    def withdraw(self, document: str, by: Acting) -> None:
        withdraw_change(Subject(KIND, self.code), Subject(KIND, self.other), self.CHANGE, self.on, document, by)


class Rename(_Become):
    CHANGE = Change.RENAMED


class Merge(_Become):
    CHANGE = Change.MERGED


class Split(_Become):
    CHANGE = Change.SPLIT


type Recorded = Register | Enter | Leave | _Become


@dataclass(frozen=True, slots=True)
class Withdraw:
    """It was wrong to record an act: from now on it never was."""

    wrong: Recorded
    document: str = ""

    def record(self, by: Acting) -> None:
        self.wrong.withdraw(self.document, by)


ACTS: Mapping[SubjectAct, type[Recorded]] = {
    SubjectAct.REGISTER: Register,
    SubjectAct.ENTER: Enter,
    SubjectAct.LEAVE: Leave,
    SubjectAct.RENAME: Rename,
    SubjectAct.MERGE: Merge,
    SubjectAct.SPLIT: Split,
}
_CHANGES: Mapping[Change, type[_Become]] = {Change.RENAMED: Rename, Change.MERGED: Merge, Change.SPLIT: Split}
_WORDS: Mapping[str, Message] = {
    "code": Message("单位代码", "the code of the unit"),
    "name": Message("名称", "the name"),
    "region": Message("所在地区", "the region"),
    "on": Message("自何日起", "from which day"),
    "other": Message("后来的单位", "what it became"),
    "was": Message(
        "撤销哪一项：登记、纳入、退出、更名、合并或分立", "which act was wrong: register, enter, leave … split"
    ),
}


def act_of(recorded: Recorded) -> SubjectAct:
    return next(act for act, made in ACTS.items() if isinstance(recorded, made))


def fields_of(act: SubjectAct) -> tuple[str, ...]:
    """What an act is told by, in order."""
    return tuple(each.name for each in fields(ACTS[act])) if act in ACTS else ("was", "document")


def told(act: SubjectAct, said: Mapping[str, Any]) -> Recorded | Withdraw:
    """The act that a form, a command or a program tells; what it does not need is not looked at.

    A withdrawal takes what the wrong act took, and says which it ``was``; of a registration the code is enough.

    Raises:
        Refused: FCT-308: something is not said, or the day lies too far off.
    """
    plain = {key: value.strip() if isinstance(value, str) else value for key, value in said.items()}
    document = plain.get("document") or ""
    if act is not SubjectAct.WITHDRAW:
        return _recorded(act, plain)
    was = plain.get("was") or ""
    if was not in ACTS:
        raise _unsaid("was")
    if was == SubjectAct.REGISTER:
        return Withdraw(Register(_needed(plain, "code"), "", ""), document)
    return Withdraw(_recorded(SubjectAct(was), plain), document)


def _recorded(act: SubjectAct, said: Mapping[str, Any]) -> Recorded:
    given = {name: _needed(said, name) for name in fields_of(act) if name in _WORDS}
    if "on" in given:
        _require_near(given["on"])
    given |= {name: said[name] for name in fields_of(act) if name not in given and said.get(name)}
    return ACTS[act](**given)


def _needed(said: Mapping[str, Any], name: str) -> Any:
    if not said.get(name):
        raise _unsaid(name)
    return said[name]


def _require_near(on: date) -> None:
    today = timezone.localdate()
    if not is_near(on, today, DECIDED_AHEAD):
        first, last = years(today, DECIDED_AHEAD)
        zh, en = f"日期应在 {first}—{last} 年间，现填 {on}。", f"Expected a day from {first} to {last}, found {on}."
        raise Refused("FCT-308", zh, en, "on")


def _unsaid(name: str) -> Refused:
    words = _WORDS[name]
    return Refused("FCT-308", f"请写明{words.zh}。", f"Say {words.en}.", name)


def standing_acts(code: str) -> tuple[Recorded, ...]:
    """The acts on a registered unit that nobody has withdrawn, the newest first; its registration last. 2 queries."""
    found: list[Enter | Leave | _Become] = []
    for stay in memberships((KIND, code)):
        found.append(Enter(code, stay.starts_on, scope=stay.scope))
        if stay.ends_on is not None:
            found.append(Leave(code, stay.ends_on + _DAY, scope=stay.scope))
    about = Q(before__kind=KIND, before__code=code) | Q(after__kind=KIND, after__code=code)
    changes = SubjectChange.objects.filter(standing("change"), about).select_related("before", "after")
    found += [_CHANGES[Change(row.kind)](row.before.code, row.after.code, row.on, row.document) for row in changes]
    return (*sorted(found, key=lambda each: each.on, reverse=True), Register(code, "", ""))
