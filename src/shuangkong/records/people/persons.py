"""人员管理: making persons, giving and taking what they may do, and setting their sign-in anew.

Who may do so is asked of everything that the person may do: an office below never gains a hold over those above. Nobody
decides about oneself: an administrator is always left, and no right comes from one person alone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people import acting as appointments
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting, appointments_of
from shuangkong.records.people.models import Appointment, Identity, Person
from shuangkong.records.people.passwords import give_temporary
from shuangkong.records.people.roles import Action, Reach, Role, reach
from shuangkong.records.people.second_factor import drop_factor
from shuangkong.records.people.tokens import revoke_all
from shuangkong.records.people.visits import end_visits
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.registry.tree import path_of
from shuangkong.records.texts import fitting

#: The whole site as a place: only who appoints everywhere appoints there.
SITE = "/"
PASSWORD_BYTES = 12
#: What the columns of Django's own user hold.
NAME_SIGNS = 150


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """One appointment as it stands; ``ends_on`` None: until it is withdrawn."""

    id: int
    person: str
    role: Role
    body_name: str
    region_name: str
    starts_on: date
    ends_on: date | None
    ground: str
    decided_by: str
    decided_at: datetime


def persons(by: Acting, until: date | None = None) -> tuple[Person, ...]:
    """Persons whom one may see: ever appointed at one's place or below; made there, where they never were. Those only
    who were made by the end of a day. 1 query.
    """
    return tuple(Person.objects.filter(_seen(by), known_by(until, "date_joined")).order_by("username").distinct())


def _seen(by: Acting) -> Q:
    there = visible(by, Action.PEOPLE_READ, "region__path")
    if not there:
        return Q()
    made_there = visible(by, Action.PEOPLE_READ, "made_in__path")
    return Q(pk__in=Appointment.objects.filter(there).values("person")) | Q(appointments=None) & made_there


def appointment_rows(person: Person | None = None, until: date | None = None) -> tuple[AppointmentRow, ...]:
    """The appointments of a person, or of everybody, as they stood by what was decided until the end of a day, the
    newest first. 1 query.
    """
    known = Appointment.objects.filter(known_by(until, "decided_at"))
    rows = known.select_related("person", "body", "region").order_by("pk")
    every = list(rows.filter(person=person) if person else rows)
    ended = {row.ends_id: row for row in every if row.ends_id is not None}
    last: dict[object, date] = {}
    found = []
    for row in reversed([row for row in every if row.ends_id is None]):
        key = (row.person_id, row.role, row.body_id, row.region_id)
        begun = last.get(key)
        if begun is not None and begun <= row.starts_on:
            continue  # a later decision took its place from its first day on
        if row.pk not in ended:
            last[key] = row.starts_on
        found.append(_appointment_row(row, ended.get(row.pk, row), begun))
    return tuple(found)


def _appointment_row(row: Appointment, said: Appointment, begun: date | None) -> AppointmentRow:
    """``said`` is the row that tells its end, itself or its withdrawal; ``begun`` when a later one takes its place."""
    ends = [day for day in (said.ends_on, begun - timedelta(days=1) if begun else None) if day is not None]
    return AppointmentRow(
        id=row.pk,
        person=row.person.get_username(),
        role=Role(row.role),
        body_name=row.body.name if row.body else "",
        region_name=row.region.name if row.region else "",
        starts_on=row.starts_on,
        ends_on=min(ends, default=None),
        ground=said.ground,
        decided_by=said.decided_by,
        decided_at=said.decided_at,
    )


def make_person(username: str, name: str, by: Acting) -> tuple[Person, str]:
    """A new person who may do nothing yet, and the password for the first sign-in, which is told only once.

    Raises:
        Forbidden: who acts may not appoint.
        Refused: the user name is taken, too long, or has signs that none may have.
    """
    require(by, Action.PEOPLE_APPOINT)
    told = username.strip()
    fitting(told, NAME_SIGNS, "username")
    fitting(name.strip(), NAME_SIGNS, "name")
    try:
        Person.username_validator(told)
    except ValidationError as broken:
        raise Refused(
            "PPL-151",
            "用户名只能有文字、数字和 @ . + - _。",
            "User names have letters, digits and @ . + - _.",
            "username",
        ) from broken
    if Person.objects.filter(username__iexact=told).exists():
        raise Refused("PPL-152", f"用户名 {told} 已有人用。", f"The user name {told} is taken.", "username")
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        made = Person(username=told, first_name=name.strip(), made_in_id=by.region or None)
        give_temporary(made, password)
        journal.append(by.act("people.make", f"person/{told}", after={"name": name.strip()}))
    return made, password


def grant(
    person: Person,
    role: Role,
    by: Acting,
    ground: str,
    body: int | None = None,
    region: str | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> int:
    """As ``acting.appoint``, for who may: there, for that body, in that role, and not oneself.

    Raises:
        Forbidden: the person, the place, the body's place, or a role that reaches everywhere is beyond who acts.
        Refused: as ``acting.appoint``; or it is oneself; or who acts made the account and would make it a leader's.
    """
    _require_other(person, by)
    _require_second(person, role, by)
    if not Person.objects.filter(_seen(by), pk=person.pk).exists():
        require(by, Action.PEOPLE_APPOINT, Where(SITE))
    require(by, Action.PEOPLE_APPOINT, Where((path_of(region) if region else "") or SITE))
    if any(reach(role, action) is Reach.ALL for action in Action):
        require(by, Action.PEOPLE_APPOINT, Where(SITE))
    if body is not None:
        at = Body.objects.filter(pk=body).values_list("region__path", flat=True).first()
        require(by, Action.PEOPLE_APPOINT, Where(at or SITE))
    return appointments.appoint(person.get_username(), role, by, ground, body, region, starts_on, ends_on)


def _require_second(person: Person, role: Role, by: Acting) -> None:
    """Who leads is not the creature of the office that it leads: whoever made an account was told its first password.

    Raises Refused where an office would appoint to the leading group whom that office made.
    """
    if role is not Role.LEADING_GROUP or not by.region or person.made_in_id != by.region:
        return
    raise Refused(
        "PPL-157",
        f"账号 {person.get_username()} 是本级方案办建的，不能由本级方案办授权为领导小组成员。"
        "请由管理员或上级方案办授权。",
        "This office made the account: an administrator or the office above must appoint it to the leading group.",
        "role",
    )


def take_back(appointment: int, by: Acting, ground: str) -> None:
    """As ``acting.withdraw``, for who may appoint there, and not oneself.

    Raises:
        Forbidden, Refused: see ``grant``.
    """
    row = Appointment.objects.select_related("person", "region").filter(pk=appointment).first()
    if row is not None:
        _require_other(row.person, by)
        require(by, Action.PEOPLE_APPOINT, _where(row))
    appointments.withdraw(appointment, by, ground)


def reset_password(person: Person, by: Acting, ground: str) -> str:
    """A new password for the next sign-in, told only once; sessions and tokens end."""
    _require_over(person, by, ground)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with transaction.atomic():
        give_temporary(person, password)
        end_visits(person)
        revoke_all(person, by)
        journal.append(by.act("people.reset_password", f"person/{person.get_username()}", ground=ground))
    return password


def reset_factor(person: Person, by: Acting, ground: str) -> None:
    """Takes the second factor away from who lost it; the person is signed out everywhere, its tokens are revoked."""
    _require_over(person, by, ground)
    with transaction.atomic():
        drop_factor(person, by, ground)
        end_visits(person)
        revoke_all(person, by)


def set_active(person: Person, is_active: bool, by: Acting, ground: str) -> None:
    """Lets a person sign in, or no more; then it is signed out everywhere, and its tokens open nothing."""
    _require_over(person, by, ground)
    with transaction.atomic():
        person.is_active = is_active
        person.save(update_fields=["is_active"])
        if not is_active:
            end_visits(person)
        act = "people.activate" if is_active else "people.deactivate"
        journal.append(by.act(act, f"person/{person.get_username()}", ground=ground))


def link_identity(person: Person, issuer: str, value: str, by: Acting, ground: str) -> None:
    """Says as whom the identity provider knows a person; an empty value takes it away.

    Raises:
        Refused: another person bears that identity; or as ``reset_password``.
    """
    _require_over(person, by, ground)
    told = value.strip()
    before = identity_of(person, issuer)
    try:
        with transaction.atomic():
            Identity.objects.filter(person=person, issuer=issuer).delete()
            if told:
                Identity.objects.create(person=person, issuer=issuer, value=told)
            what = {"before": {"issuer": issuer, "value": before}, "after": {"issuer": issuer, "value": told}}
            journal.append(by.act("people.link_identity", f"person/{person.get_username()}", ground=ground, **what))
    except IntegrityError as taken:
        raise Refused("PPL-153", "该身份已属于另一人。", "Another person bears that identity.", "value") from taken


def identity_of(person: Person, issuer: str) -> str:
    """The value by which an identity provider knows a person; "" where it does not."""
    return Identity.objects.filter(person=person, issuer=issuer).values_list("value", flat=True).first() or ""


def person_of_identity(issuer: str, value: str) -> Person | None:
    """Whom an identity provider means."""
    found = Identity.objects.select_related("person").filter(issuer=issuer, value=value).first()
    return found.person if found else None


def _require_over(person: Person, by: Acting, ground: str) -> None:
    _require_other(person, by)
    require(by, Action.PEOPLE_APPOINT)
    held = appointments_of(person, timezone.localdate())
    for where in map(_where, held) if held else (_made_where(person),):
        require(by, Action.PEOPLE_APPOINT, where)
    if not ground.strip():
        raise Refused("PPL-154", "请写明依据。", "Give the ground.", "ground")


def _require_other(person: Person, by: Acting) -> None:
    if person.get_username() == by.author:
        raise Refused(
            "PPL-155",
            "不能为自己办理，请另一位管理员办理。",
            "Nobody decides about oneself: ask another administrator.",
        )


def _made_where(person: Person) -> Where:
    """Who holds no appointment is a matter of the office that made it."""
    return Where(person.made_in.path if person.made_in else SITE)


def _where(row: Appointment) -> Where:
    """Where an appointment reaches: a role that reaches everywhere is of the whole site, wherever it was given."""
    is_everywhere = any(reach(Role(row.role), action) is Reach.ALL for action in Action)
    return Where(row.region.path if row.region and not is_everywhere else SITE)
