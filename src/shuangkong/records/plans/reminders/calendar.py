"""日历订阅: the secret address of a person's calendar, and the due days that stand in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from shuangkong.plans.tasks.events import ANSWERING, State
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting, actings
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.reminders.models import CalendarAddress
from shuangkong.records.plans.reminders.wording import title_of
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Matter, Task

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a calendar.

    Attributes:
        about: "task/57" or "matter/3": the same thing keeps its entry.
        day, title, plan_title, state: what stands in it; ``state`` is None for a matter.
        version: grows with whatever happens to the thing.
        changed_at: when that was.
    """

    about: str
    day: date
    title: str
    plan_title: str
    state: State | None
    version: int
    changed_at: datetime
    is_demo: bool


def make_address(person: Person) -> str:
    """A new secret for a person, told only once; the one before opens nothing any more."""
    told, now = secrets.token_urlsafe(_SECRET_BYTES), timezone.now()
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        CalendarAddress.objects.filter(person=person, revoked_at=None).update(revoked_at=now)
        CalendarAddress.objects.create(person=person, digest=_digest(told), made_at=now)
        journal.append(_act(person, "calendar.make"))
    return told


def revoke_address(person: Person) -> bool:
    """Ends a person's address at once; returns whether there was one."""
    with transaction.atomic():
        held = CalendarAddress.objects.filter(person=person, revoked_at=None)
        if not held.update(revoked_at=timezone.now()):
            return False
        journal.append(_act(person, "calendar.revoke"))
    return True


def address_made_at(person: Person) -> datetime | None:
    """When the address in force was made; None where there is none. 1 query."""
    return CalendarAddress.objects.filter(person=person, revoked_at=None).values_list("made_at", flat=True).first()


def person_of(secret: str) -> Person | None:
    """Whose calendar a secret opens; None for one that opens nothing. 1 query."""
    found = CalendarAddress.objects.select_related("person").filter(digest=_digest(secret), revoked_at=None).first()
    return found.person if found and found.person.is_active else None


def entries(person: Person) -> tuple[Entry, ...]:
    """Due days of what the person's bodies owe, and of matters to be acknowledged, by day. 3 queries and at most 2 a
    way of acting."""
    ways = actings(person, timezone.localdate())
    found = {each.about: each for way in ways for each in (*_tasks(way), *_matters(way))}
    return tuple(sorted(found.values(), key=lambda each: (each.day, each.about)))


def _tasks(acting: Acting) -> list[Entry]:
    if not (acting.bodies and may(acting, Action.TASK_READ)):
        return []
    owed = store.of_bodies(acting.bodies, ANSWERING) & store.is_live() & store.OWED
    found = Task.objects.filter(owed, due__isnull=False).select_related("plan")
    return [
        Entry(
            about=f"task/{row.pk}",
            day=row.due,
            title=title_of(row),
            plan_title=row.plan.title if row.plan else "",
            state=State(row.state),
            version=row.happened,
            changed_at=row.last or row.made_at,
            is_demo=bool(row.plan and row.plan.is_demo),
        )
        for row in found.annotate(happened=Count("events"), last=Max("events__at"))
        if row.due is not None
    ]


def _matters(acting: Acting) -> list[Entry]:
    if not may(acting, Action.MATTER_ACKNOWLEDGE):
        return []
    waiting = visible(acting, Action.MATTER_ACKNOWLEDGE) & Q(acknowledgement=None)
    return [
        Entry(f"matter/{row.pk}", row.acknowledge_by, row.title, "", None, 0, row.at, is_demo=False)
        for row in Matter.objects.filter(waiting)
    ]


def _act(person: Person, act: str) -> Act:
    return Act(person.get_username(), act, f"person/{person.get_username()}")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
