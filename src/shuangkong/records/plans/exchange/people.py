"""Rows that register bodies and their other names, and rows that appoint persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.persons import grant
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans.exchange.cells import choice, day, required
from shuangkong.records.plans.exchange.columns import ROLES
from shuangkong.records.plans.exchange.known import Known
from shuangkong.records.plans.exchange.rows import RowRefused
from shuangkong.records.plans.exchange.trial import attempt
from shuangkong.records.registry import store as registry

type Cells = Mapping[str, str]
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class _Named:
    """A body, and the one that its name means."""

    region: str
    name: str
    same_as: str
    reason: str


class BodyTable:
    """Bodies by place and name; what each name means is a decision of its own in the journal."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by)

    def parse(self, cells: Cells) -> _Named:
        """Raises RowRefused."""
        region, path = self.known.place("region", cells.get("region", ""))
        self.known.require("region", path, cells.get("region", ""), Action.BODY_CONFIRM)
        name, same_as = required("name", cells.get("name", "")), cells.get("same_as", "")
        if len(name) > _LONGEST_NAME or name == same_as:
            expected = Message(
                f"不超过 {_LONGEST_NAME} 字、与“即”不同的名称", f"a name of at most {_LONGEST_NAME} signs"
            )
            raise RowRefused("EXC-117", "name", expected, name)
        reason = required("reason", cells.get("reason", "")) if same_as else ""
        wanted = _Named(region, name, same_as, reason)
        attempt(lambda: self.write([wanted], 0), name)
        return wanted

    def write(self, wanted: Sequence[_Named], number: int) -> list[int]:
        """Registers all names of a place at once, then decides which mean another."""
        ids: dict[tuple[str, str], int] = {}
        for region in dict.fromkeys(each.region for each in wanted):
            asked = [name for each in wanted if each.region == region for name in (each.name, each.same_as) if name]
            ids |= {(region, name): pk for name, pk in registry.name_bodies(region, asked).items()}
        for each in wanted:
            if each.same_as:
                registry.record_alias(ids[each.region, each.name], ids[each.region, each.same_as], each.reason, self.by)
        return [ids[each.region, each.name] for each in wanted]


@dataclass(frozen=True, slots=True)
class _Granted:
    """An appointment to be made."""

    person: Person
    role: Role
    region: str | None
    body: int | None
    starts_on: date | None
    ends_on: date | None
    ground: str


class AppointmentTable:
    """Appointments of persons who are there; each has a row of the journal of its own."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by)
        asked = {row.get("person", "") for row in rows}
        self.persons = {each.get_username(): each for each in Person.objects.filter(username__in=asked)}

    def parse(self, cells: Cells) -> _Granted:
        """Raises RowRefused."""
        person = self.persons.get(required("person", cells.get("person", "")))
        if person is None or person.get_username() == self.by.author:
            then = Message(
                "请先新建人员；自己的授权请另一位管理员办理。", "Make the person first; nobody appoints oneself."
            )
            raise RowRefused("EXC-118", "person", Message("已建的其他人员", "another person"), cells["person"], then)
        role = choice("role", cells.get("role", ""), ROLES)
        printed = cells.get("region", "")
        region, path = self.known.place("region", printed) if printed or self.by.region else (None, "/")
        self.known.require("region", path, printed, Action.PEOPLE_APPOINT)
        body = self.known.body("body", region, cells["body"]) if cells.get("body", "") else None
        wanted = _Granted(
            person, role, region, body, day("from", cells.get("from", "")), day("until", cells.get("until", "")),
            required("ground", cells.get("ground", "")),
        )  # fmt: skip
        attempt(lambda: self.write([wanted], 0), cells["person"])
        return wanted

    def write(self, wanted: Sequence[_Granted], number: int) -> list[int]:
        """Appoints."""
        return [
            grant(each.person, each.role, self.by, each.ground, each.body, each.region, each.starts_on, each.ends_on)
            for each in wanted
        ]
