"""接口令牌: a programme's leave to act for one appointment, within scopes, until a day; revocable at once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, Where, may, require
from shuangkong.records.people.acting import Acting, Heir, acting_under
from shuangkong.records.people.models import Appointment, Person, Token
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, BodyChange, Region, RegionChange
from shuangkong.records.statements import Ready, change, row_of, run

MARK = "sk"
PREFIX_BYTES, SECRET_BYTES = 6, 32
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class TokenActing(Acting):
    """One who acts by a token: as appointed, but only within ``scopes``. The access functions see to it."""

    token: int = 0
    scopes: frozenset[Action] = frozenset()

    def covers(self, action: Action) -> bool:
        return action in self.scopes


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as its owner sees it; days are days of the site."""

    id: int
    prefix: str
    name: str
    appointment: int
    role: Role
    body_name: str
    region_name: str
    scopes: tuple[Action, ...]
    made_at: datetime
    ends_on: date
    revoked_at: datetime | None
    last_used_on: date | None


def make_token(by: Acting, name: str, scopes: Iterable[Action], ends_on: date) -> str:
    """Makes a token that acts as ``by`` does now; returns it, which is told only once.

    Raises:
        Forbidden: who acts may hold no token, or acts by one; or a scope goes beyond what the role may.
        Refused: no name, no scope, or a day that is past or more than a year away.
    """
    asked = frozenset(scopes)
    if isinstance(by, TokenActing) or not may(by, Action.TOKEN_HOLD) or by.appointment is None:
        raise Forbidden("PPL-141", "以当前身份不能持有令牌。", "Acting so you may hold no token.")
    _require_sound(by, name, asked, ends_on)
    prefix = secrets.token_hex(PREFIX_BYTES)
    told = f"{MARK}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    with transaction.atomic():
        Token.objects.create(
            prefix=prefix, digest=_digest(told), appointment_id=by.appointment, name=name.strip(),
            scopes=" ".join(sorted(asked)), made_at=timezone.now(), ends_on=ends_on,
        )  # fmt: skip
        what = {"name": name.strip(), "scopes": sorted(asked), "until": ends_on, "appointment": by.appointment}
        journal.append(by.act("people.make_token", f"token/{prefix}", after=what))
    return told


def _require_sound(by: Acting, name: str, scopes: frozenset[Action], ends_on: date) -> None:
    today = timezone.localdate()
    if not name.strip():
        raise Refused("PPL-142", "请写明令牌的用途。", "Say what the token is for.", "name")
    if not scopes:
        raise Refused("PPL-143", "请至少选一项权限。", "Choose at least one scope.", "scopes")
    beyond = sorted(each for each in scopes if not may(by, each))
    if beyond:
        told = "、".join(beyond)
        raise Forbidden("PPL-144", f"当前身份没有这些权限：{told}。", f"Acting so you may not: {told}.", "scopes")
    if not today <= ends_on <= today + timedelta(days=MOST_DAYS):
        raise Refused(
            "PPL-145", "截止日应在今天和一年之内。", "The last day is to lie within a year from today.", "ends_on"
        )


def revoke_token(token: int, by: Acting) -> None:
    """Ends a token at once: its owner's act, or that of who may withdraw the appointment it acts under.

    Raises:
        Refused: there is no such token in force.
        Forbidden: it is somebody else's.
    """
    row = Token.objects.select_related("appointment__person", "appointment__region").filter(pk=token).first()
    if row is None or row.revoked_at is not None:
        raise Refused("PPL-146", f"没有编号为 {token} 的有效令牌。", f"There is no token {token} in force.")
    if row.appointment.person.get_username() != by.author:
        require(by, Action.PEOPLE_APPOINT, Where(row.appointment.region.path if row.appointment.region else "/"))
    with transaction.atomic():
        if Token.objects.filter(pk=token, revoked_at=None).update(revoked_at=timezone.now()):
            journal.append(by.act("people.revoke_token", f"token/{row.prefix}", before={"name": row.name}))


def revoke_all(person: Person, by: Acting) -> None:
    """Ends every token of a person, with its password or second factor: inside the caller's transaction."""
    for row in Token.objects.filter(appointment__person=person, revoked_at=None):
        Token.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
        journal.append(by.act("people.revoke_token", f"token/{row.prefix}", before={"name": row.name}))


def tokens_of(person: Person) -> tuple[TokenRow, ...]:
    """Every token that a person made, the newest first. 1 query."""
    found = Token.objects.filter(appointment__person=person).select_related("appointment__body", "appointment__region")
    return tuple(
        TokenRow(
            id=row.pk,
            prefix=row.prefix,
            name=row.name,
            appointment=row.appointment_id,
            role=Role(row.appointment.role),
            body_name=row.appointment.body.name if row.appointment.body else "",
            region_name=row.appointment.region.name if row.appointment.region else "",
            scopes=tuple(map(Action, row.scopes.split())),
            made_at=row.made_at,
            ends_on=row.ends_on,
            revoked_at=row.revoked_at,
            last_used_on=row.last_used_on,
        )
        for row in found.order_by("-pk")
    )


def token_acting(header: str | None) -> TokenActing | None:
    """As whom a request with this ``Authorization`` header acts; None where the token opens nothing (any more).

    ``Bearer sk_<prefix>_<secret>``: one query by the prefix and one digest, and where its region or body came of others
    those of ``acting_under``; no hash that is slow on purpose, for the secret has 256 random bits. Nothing is kept from
    call to call: it acts only while it is not revoked and its appointment holds.
    """
    scheme, _, told = (header or "").partition(" ")
    mark, _, rest = told.strip().partition("_")
    prefix = rest.partition("_")[0]
    if scheme.casefold() != "bearer" or mark != MARK or not prefix:
        return None
    today, rows = timezone.localdate(), _KNOWN.ask(prefix=prefix)
    if not rows or not compare_digest(rows[0][1], _digest(told.strip())):
        return None
    number, _, appointment, scopes, ends_on, revoked_at, last_used_on, author, is_active = rows[0][:_OF_TOKEN]
    if revoked_at is not None or ends_on < today or not is_active:
        return None
    heirs = {row[_OF_TOKEN]: Heir(*row[-2:]) for row in rows}
    every = [_appointment(row[_OF_TOKEN:-2]) for row in rows]
    found = acting_under(author, every, appointment, today, heirs[appointment])
    if found is None:
        return None
    if last_used_on != today:
        _note_use(number, today)
    known = {name: getattr(found, name) for name in _ATTRIBUTES}
    return TokenActing(**known, token=number, scopes=frozenset(map(Action, scopes.split())))


_ATTRIBUTES = tuple(each.name for each in fields(Acting))
#: How many columns of a row below say what the token is; the others are one appointment of its person.
_OF_TOKEN = 9


def _known(prefix: str) -> QuerySet[Appointment, Any]:
    """The token of a prefix beside every appointment of its person: which of them holds depends on all."""
    of_token = ("id", "digest", "appointment", "scopes", "ends_on", "revoked_at", "last_used_on")
    rows = Appointment.objects.filter(person__appointments__tokens__prefix=prefix).order_by("pk")
    return rows.values_list(
        *(f"person__appointments__tokens__{each}" for each in of_token), "person__username", "person__is_active",
        "pk", "person", "role", "body", "region", "starts_on", "ends_on", "ends", "body__name", "body__region",
        "region__name", "region__path",
        Exists(RegionChange.objects.filter(after=OuterRef("region"))),
        Exists(BodyChange.objects.filter(after=OuterRef("body"))),
    )  # fmt: skip


_KNOWN = Ready(_known, prefix=str)


def _appointment(row: tuple[Any, ...]) -> Appointment:
    number, person, role, body, region, starts_on, ends_on, ends, name, of_body, region_name, path = row
    told = {
        "id": number, "person_id": person, "role": role, "starts_on": starts_on, "ends_on": ends_on, "ends_id": ends,
        "body_id": body, "region_id": region,
    }  # fmt: skip
    held = None if body is None else row_of(Body, {"id": body, "name": name, "region_id": of_body})
    place = None if region is None else row_of(Region, {"code": region, "name": region_name, "path": path})
    return row_of(Appointment, told, body=held, region=place)


def _note_use(token: int, today: date) -> None:
    """One write a day and token, or two of the same where two calls come at once."""
    run(change(Token, {"last_used_on": today}, pk=token))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
