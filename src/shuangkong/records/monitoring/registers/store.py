"""登记册的行 as values: those a person may see, on a day, and what happened to one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import RegisterEvent
from shuangkong.records.monitoring.registers.field import THINGS, Sort, shown
from shuangkong.records.monitoring.registers.naming import called
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.monitoring.registers.tally import Tally
from shuangkong.records.people.access import Where, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

_MOST = 20_000
_PARTIAL = Tally(
    Message(f"行太多，只统计了前 {_MOST} 行；请选下级地区", f"of the first {_MOST} rows alone: choose a smaller place"),
    is_bad=True,
)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row: ``told`` as a form would say it, ``words`` as a page shows it (names in the place of numbers).

    ``whose``: who put it in last; None where the register does not tell.
    """

    id: int
    told: Mapping[str, str]
    words: Mapping[str, str]
    values: Mapping[str, Any]
    where: Where
    is_fictional: bool
    whose: Message | None = None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One act on a row."""

    kind: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    ground: str
    author: str
    at: datetime
    journal: int


def readable(register: Register, by: Acting) -> Q:
    """The condition that a person may see a row."""
    return visible(by, Action.MONITORING_READ, register.path, register.body)


def rows(register: Register, condition: Q, on: date | None = None) -> tuple[RegisterRow, ...]:
    """Those that meet a condition, and hold on a day where one is given; by number. 1 query."""
    things = [each.key for each in register.fields if each.sort in THINGS]
    related = [*things, register.region, *([register.enterprise] if register.enterprise else [])]
    found = register.model._default_manager.select_related(*related).filter(condition)
    if on is not None and register.can_end and register.until == "ends_on":
        found = found.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    return tuple(_row(register, each) for each in found.order_by("pk")[:_MOST])


def tallies(register: Register, condition: Q, by: Acting, on: date | None = None) -> tuple[Tally, ...]:
    """What the rows of a condition add up to on a day (today), those that ended among them. 0 to 4 queries.

    Of what stands beside the rows nothing is told that the person may not see.
    """
    if register.counts is None and register.beside is None:
        return ()
    every, day = rows(register, condition), on or timezone.localdate()
    told = tuple(register.counts(every, day)) if register.counts is not None else ()
    if register.beside is not None:
        told += tuple(register.beside(every, day, partial(visible, by, Action.MONITORING_READ)))
    return (*told, _PARTIAL) if len(every) == _MOST else told


def row(register: Register, number: int) -> RegisterRow | None:
    """One row; None where there is none. 1 query."""
    return next(iter(rows(register, Q(pk=number))), None)


def history(register: Register, number: int) -> tuple[HistoryRow, ...]:
    """What happened to a row, the newest first. 1 query."""
    found = RegisterEvent.objects.filter(register=register.key, row=number).order_by("-pk")
    return tuple(
        HistoryRow(
            each.kind, json.loads(each.before or "{}"), json.loads(each.after or "{}"), each.ground, each.author,
            each.at, each.journal,
        )
        for each in found
    )  # fmt: skip


def _row(register: Register, row: Any) -> RegisterRow:
    told, words, values = {}, {}, {}
    for each in register.fields:
        value = None if each.sort is Sort.SECRET else getattr(row, each.key)
        values[each.key] = value
        told[each.key] = called(value) if each.sort in THINGS else shown(each, value)
        words[each.key] = _name(value) if each.sort in THINGS else told[each.key]
        if each.sort is Sort.SECRET:
            words[each.key] = "●" if getattr(row, each.key) else ""
    region = row
    for step in register.region.split("__"):
        region = getattr(region, step)
    whose = register.whose(row) if register.whose is not None else None
    return RegisterRow(row.pk, told, words, values, register.where(row), region.is_fictional, whose)


def _name(value: Any) -> str:
    """What people call a thing."""
    if value is None:
        return ""
    return str(value.mn if hasattr(value, "mn") else value.name)
