"""以谁的身份: for whom and where a person acts, decided by appointments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.charges import charges_of
from shuangkong.records.people.models import Appointment, Competence, Person
from shuangkong.records.people.roles import NO_CHARGES, Action, Charges, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.collectives import answered_for, governing
from shuangkong.records.registry.tree import forerunners, path_of

#: Roles that mean nothing without a body, and those that mean nothing without a place.
_NEED_BODY = frozenset({Role.DEPARTMENT, Role.REGION, Role.REPORTER, Role.SIGNATORY, Role.VERIFIER})
_NEED_PLACE = frozenset(Role) - {Role.ADMINISTRATOR, Role.AUDITOR, Role.PUBLIC}


@dataclass(frozen=True, slots=True)
class Acting:
    """A person as one who acts: in one role, for one body, at one place, on one day.

    Attributes:
        author: the user name; "" for the public.
        role: see Role.
        appointment: the appointment acted under; None for the public.
        body, body_name: the organisation acted for; None and "" where there is none.
        bodies: that body, those that became it, and names in plans that mean it (各乡镇人民政府): what they owe, it
            owes.
        region, region_name: code and name of the place; "" for the whole site.
        paths: path of the place and of the regions that became it; "/" for the whole site.
        charges: for which matters the body is named at its place, and for which another is; of departments alone.
    """

    author: str
    role: Role
    appointment: int | None = None
    body: int | None = None
    body_name: str = ""
    bodies: frozenset[int] = frozenset()
    region: str = ""
    region_name: str = ""
    paths: tuple[str, ...] = ()
    charges: Charges = NO_CHARGES

    def covers(self, action: Action) -> bool:
        """Whether that by which the person acts allows the action at all: a session does, a token has its scopes."""
        return True

    def act(self, act: str, subject: str, **said: object) -> Act:
        """A row for the journal in this person's name; ``said`` are the further attributes of Act."""
        return Act(
            author=self.author,
            act=act,
            subject=subject,
            **{"body": f"body/{self.body}" if self.body else "", "place": self.paths[0] if self.paths else ""} | said,  # type: ignore[arg-type]
        )


PUBLIC = Acting("", Role.PUBLIC)


def actings(person: Person, on: date) -> tuple[Acting, ...]:
    """Every way in which a person may act on a day, the newest appointment first. 3 queries and one a change."""
    author = person.get_username()
    return tuple(_acting(author, each, on, _MAY_BE_HEIR) for each in reversed(in_force(_rows_of(person), on)))


class Heir(NamedTuple):
    """Whether anything ever became the region, and the body, of an appointment: only then is it asked what."""

    of_regions: bool
    of_bodies: bool


_MAY_BE_HEIR = Heir(of_regions=True, of_bodies=True)


def acting_under(author: str, rows: Iterable[Appointment], number: int, on: date, heir: Heir) -> Acting | None:
    """The way in which a person acts by one appointment; None where it does not hold on that day.

    ``rows``: all the appointments of the person, that one with its body and region. No query, one for each heir, and
    those of ``answered_for`` for whoever acts for a government.
    """
    row = next((each for each in in_force(rows, on) if each.pk == number), None)
    return None if row is None else _acting(author, row, on, heir)


def acting(person: Person, on: date, chosen: int | None = None) -> Acting | None:
    """The way chosen, else the newest; None for a person without any appointment in force."""
    every = actings(person, on)
    return next((each for each in every if each.appointment == chosen), every[0] if every else None)


def in_force(rows: Iterable[Appointment], on: date) -> list[Appointment]:
    """The rows that hold on a day, oldest first: of one person, role, body and place the newest that has begun."""
    begun = [row for row in standing_rows(rows, on) if row.starts_on <= on]
    newest = {(row.person_id, row.role, row.body_id, row.region_id): row for row in begun}
    held = [row for row in newest.values() if row.ends_on is None or on <= row.ends_on]
    return sorted(held, key=lambda row: row.pk)


def standing_rows(rows: Iterable[Appointment], on: date) -> list[Appointment]:
    """The appointments among the rows that no withdrawal had ended by a day, oldest first."""
    known = sorted(rows, key=lambda row: row.pk)
    withdrawn = {row.ends_id for row in known if row.ends_id and row.ends_on is not None and row.ends_on < on}
    return [row for row in known if row.ends_id is None and row.pk not in withdrawn]


def appointed_at(region: str, on: date) -> int:
    """How many persons are appointed to a region on a day. 1 query."""
    rows = Appointment.objects.filter(region=region).select_related("person").order_by("pk")
    return len({row.person_id for row in in_force(rows, on)})


def appointments_of(person: Person, on: date) -> list[Appointment]:
    """The appointments of a person that hold on a day or begin later, oldest first. 1 query."""
    rows = standing_rows(_rows_of(person), on)
    return [row for row in rows if row.ends_on is None or on <= row.ends_on]


def _rows_of(person: Person) -> Iterable[Appointment]:
    named = Exists(Competence.objects.filter(region=OuterRef("region")))
    rows = Appointment.objects.filter(person=person).annotate(is_somebody_named=named)
    return rows.select_related("body", "region").order_by("pk")


def _acting(author: str, row: Appointment, on: date, heir: Heir) -> Acting:
    here = (row.region.path,) if row.region else ("/",)
    codes = forerunners(row.region_id, on) if row.region_id and heir.of_regions else ()
    former, bodies = sorted(path_of(code) for code in codes), _bodies(row, on, heir)
    return Acting(
        author=author,
        role=Role(row.role),
        appointment=row.pk,
        body=row.body_id,
        body_name=row.body.name if row.body else "",
        bodies=bodies,
        region=row.region_id or "",
        region_name=row.region.name if row.region else "",
        paths=(*here, *former),
        charges=_charges(row, bodies, on),
    )


def _charges(row: Appointment, bodies: frozenset[int], on: date) -> Charges:
    """1 query for a department at a place where anybody was ever named; who asked for the row without saying whether
    is asked to."""
    if row.role != Role.DEPARTMENT or not row.region_id or not getattr(row, "is_somebody_named", True):
        return NO_CHARGES
    return charges_of(row.region_id, bodies, on)


def _bodies(row: Appointment, on: date, heir: Heir) -> frozenset[int]:
    """The body acted for with all that it answers for; whoever acts for a region, for whatever means its government."""
    region = row.region_id or (row.body.region_id if row.body else None)
    own = frozenset[int]()
    if row.body_id and row.body:
        own = answered_for(row.body_id, row.body.name, region, on, is_heir=heir.of_bodies)
    return own | governing(row.region_id) if row.role == Role.REGION and row.region_id else own


def appoint(
    person: str,
    role: Role,
    by: Acting,
    ground: str,
    body: int | None = None,
    region: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """Appoints a person, from today where no day is given; returns the appointment's number.

    Raises:
        Refused: no such person; no ground; no body or place where the role needs one; it ends before it starts.
    """
    found = Person.objects.filter(username=person).first()
    if found is None:
        raise Refused("PPL-101", f"没有名为 {person} 的人员。", f"There is no person {person}.", "person")
    start = starts_on or timezone.localdate()
    _require_sound(role, ground, body, region, start, ends_on)
    with transaction.atomic():
        made = Appointment.objects.create(
            person=found, role=role, body_id=body, region_id=region, starts_on=start, ends_on=ends_on, ground=ground,
            decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        what = {"role": role.value, "body": body, "region": region, "from": start, "until": ends_on}
        place = path_of(region) if region else ""
        journal.append(replace(by.act("people.appoint", f"person/{person}", ground=ground, after=what), place=place))
    return made.pk


def _require_sound(
    role: Role, ground: str, body: int | None, region: str | None, start: date, end: date | None
) -> None:
    if not ground.strip():
        raise Refused("PPL-102", "请写明授权依据。", "Give the ground of the appointment.", "ground")
    if role is Role.PUBLIC:
        raise Refused("PPL-103", "公众不需授权。", "The public is not appointed.", "role")
    if role in _NEED_BODY and body is None:
        raise Refused("PPL-104", "此角色须指明单位。", "This role needs the body acted for.", "body")
    if role in _NEED_PLACE and region is None:
        raise Refused("PPL-105", "此角色须指明地区。", "This role needs a place.", "region")
    if end is not None and end < start:
        raise Refused("PPL-106", "截止日早于起始日。", "It would end before it starts.", "ends_on")


def withdraw(appointment: int, by: Acting, ground: str) -> None:
    """Ends an appointment with yesterday: from now on it does not hold. Another of the same kind is not touched.

    Raises:
        Refused: there is none of that number, none any more, or no ground is given.
    """
    row = Appointment.objects.select_related("person", "region").filter(pk=appointment, ends=None).first()
    if row is None or row.withdrawals.exists():
        raise Refused("PPL-107", f"没有编号为 {appointment} 的授权。", f"There is no appointment {appointment}.")
    if not ground.strip():
        raise Refused("PPL-102", "请写明收回依据。", "Give the ground of the withdrawal.", "ground")
    with transaction.atomic():
        end = timezone.localdate() - timedelta(days=1)
        Appointment.objects.create(
            person=row.person, role=row.role, body_id=row.body_id, region_id=row.region_id, starts_on=row.starts_on,
            ends_on=end, ground=ground, decided_by=by.author, decided_at=timezone.now(), ends=row,
        )  # fmt: skip
        what = {"role": row.role, "body": row.body_id, "region": row.region_id}
        place = row.region.path if row.region else ""
        act = by.act("people.withdraw", f"person/{row.person.get_username()}", ground=ground, before=what)
        journal.append(replace(act, place=place))
