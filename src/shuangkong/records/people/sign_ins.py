"""登录记录: who came in or tried to, when, from where, and why it was refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Appointment, Person, SignIn
from shuangkong.records.people.roles import Action


class Means(StrEnum):
    """By what a person showed who it is."""

    PASSWORD = "password"
    PROVIDER = "provider"


class Outcome(StrEnum):
    """How an attempt ended."""

    SUCCESS = "success"
    WRONG_PASSWORD = "wrong_password"
    NO_PERSON = "no_person"
    INACTIVE = "inactive"
    WRONG_CODE = "wrong_code"
    THROTTLED = "throttled"
    NO_IDENTITY = "no_identity"
    PROVIDER_FAULT = "provider_fault"


@dataclass(frozen=True, slots=True)
class Whence:
    """From where a request came: network address and what the browser calls itself."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One attempt; ``person`` is "" where nobody bears the name that was typed."""

    at: datetime
    person: str
    means: Means
    outcome: Outcome
    address: str
    agent: str


def record_sign_in(person: Person | None, means: Means, outcome: Outcome, whence: Whence) -> None:
    """Appends one attempt. What was typed as a name is not kept: some type their password there."""
    SignIn.objects.create(
        person=person, at=timezone.now(), means=means, outcome=outcome, address=whence.address, agent=whence.agent
    )


def sign_ins_of(person: Person, count: int = 50) -> tuple[SignInRow, ...]:
    """A person's newest attempts, newest first. 1 query."""
    return _rows(SignIn.objects.filter(person=person).select_related("person").order_by("-at")[:count])


def sign_ins(acting: Acting, count: int = 1000) -> tuple[SignInRow, ...]:
    """The newest attempts of persons appointed where one may read the journal; all for who reads all. 1 query."""
    there = visible(acting, Action.JOURNAL_READ, "region__path")
    theirs = Appointment.objects.filter(there).values("person")
    found = SignIn.objects.filter(person__in=theirs) if there else SignIn.objects.all()
    return _rows(found.select_related("person").order_by("-at")[:count])


def _rows(found: Iterable[SignIn]) -> tuple[SignInRow, ...]:
    return tuple(
        SignInRow(
            at=row.at,
            person=row.person.get_username() if row.person else "",
            means=Means(row.means),
            outcome=Outcome(row.outcome),
            address=row.address,
            agent=row.agent,
        )
        for row in found
    )
