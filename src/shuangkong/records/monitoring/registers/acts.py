"""登记、修改、结束: one row of a register at a time; each act is a row of its history and one of the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import RegisterEvent
from shuangkong.records.monitoring.registers.field import THINGS, Field, Sort, read, shown
from shuangkong.records.monitoring.registers.naming import called, thing
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused

#: What the history says in the place of a secret that was set.
_SET = "…"


def register_row(register: Register, told: Mapping[str, str], by: Acting, ground: str = "") -> int:
    """Puts a row into a register and returns its number. ~10 queries.

    Raises:
        Refused: something of it is wrong; ``field`` says which.
        Forbidden: the person may not register there.
    """
    with transaction.atomic():
        values = _values(register, told, by)
        made = register.model(**_columns(register, values))
        require(by, register.action, register.where(made))
        for check in register.checks:
            check(values, None)
        if register.signs is not None:
            register.signs(made, by)
        made.save()
        if register.follows is not None:
            register.follows(made)
        _record(register, made, by, "register", ground, "", _plain(register, made, told))
    return int(made.pk)


def revise_row(register: Register, number: int, told: Mapping[str, str], by: Acting, ground: str) -> None:
    """Changes fields of a row; those that are not told stay. A secret left empty stays. ~10 queries.

    Raises:
        Refused: there is no such row; no ground is given; something of it is wrong.
        Forbidden: the person may not register there, or not where it would lie then.
    """
    with transaction.atomic():
        row = _locked(register, number)
        require(by, register.action, register.where(row))
        if not ground.strip():
            raise Refused("MON-112", "请写明修改理由。", "Give the reason for the change.", "ground")
        if register.guards is not None:
            register.guards(row, by)
        before = _plain(register, row)
        whole = _told_of(register, row) | {key: text for key, text in told.items() if _is_field(register, key)}
        values = _values(register, whole, by)
        if register.leaves is not None:
            register.leaves(row)
        for key, value in _columns(register, values).items():
            if register.field(key).sort is not Sort.SECRET or told.get(key):
                setattr(row, key, value)
        require(by, register.action, register.where(row))
        for check in register.checks:
            check(values, number)
        row.save()
        if register.follows is not None:
            register.follows(row)
        _record(register, row, by, "revise", ground, before, _plain(register, row, told))


def end_row(register: Register, number: int, until: str, by: Acting, ground: str) -> None:
    """Says until when a row holds. ~8 queries. Raises as ``revise_row``, and where the register's rows do not end."""
    if not register.can_end:
        raise Refused("MON-113", "这个登记册的行不会结束，请修改。", "Rows of this register do not end: revise it.")
    if not until.strip():
        raise Refused("MON-114", "请写明截止时间。", "Say until when.", register.until)
    revise_row(register, number, {register.until: until}, by, ground)


def _values(register: Register, told: Mapping[str, str], by: Acting) -> dict[str, Any]:
    return {each.key: _value(each, told.get(each.key, ""), by) for each in register.fields}


def _value(column: Field, text: str, by: Acting) -> Any:
    return thing(column, text, by) if column.sort in THINGS else read(column, text)


def _columns(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """As the table keeps them: secrets encrypted."""
    return {key: sealed(value) if register.field(key).sort is Sort.SECRET else value for key, value in values.items()}


def _told_of(register: Register, row: Any) -> dict[str, str]:
    """A row as a form would say it."""
    return {
        each.key: called(getattr(row, each.key)) if each.sort in THINGS else shown(each, getattr(row, each.key))
        for each in register.fields
    }


def _plain(register: Register, row: Any, told: Mapping[str, str] | None = None) -> str:
    """A row for its history, and which secrets were set."""
    said = {key: text for key, text in _told_of(register, row).items() if text}
    secret = {key: _SET for key in (told or {}) if (told or {})[key] and _is_secret(register, key)}
    return json.dumps(said | secret, ensure_ascii=False, sort_keys=True)


def _is_field(register: Register, key: str) -> bool:
    return any(each.key == key for each in register.fields)


def _is_secret(register: Register, key: str) -> bool:
    return any(each.key == key and each.sort is Sort.SECRET for each in register.fields)


def _locked(register: Register, number: int) -> Any:
    row = register.model._default_manager.select_for_update().filter(pk=number).first()
    if row is None:
        zh = f"“{register.name.zh}”里没有第 {number} 号。"
        raise Refused("MON-111", zh, f"There is no row {number} among {register.name.en}.")
    return row


def _record(register: Register, row: Any, by: Acting, kind: str, ground: str, before: str, after: str) -> None:
    written = by.act(
        f"monitoring.{kind}", f"{register.key}/{row.pk}", ground=ground.strip(),
        before=json.loads(before) if before else None, after=json.loads(after),
    )  # fmt: skip
    RegisterEvent.objects.create(
        register=register.key, row=row.pk, kind=kind, before=before, after=after, ground=ground.strip(),
        author=by.author, at=timezone.now(),
        journal=journal.append(replace(written, place=register.where(row).path)),
    )  # fmt: skip
