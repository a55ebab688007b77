"""算提醒: brings a person's reminders in line with the clocks; done twice it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import batched

from django.db import transaction
from django.utils import timezone

from shuangkong.records.people.acting import actings
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.digest import digest
from shuangkong.records.plans.reminders.grounds import Day, Ground, day_of, grounds
from shuangkong.records.plans.reminders.models import Reminder
from shuangkong.records.plans.reminders.urgent import tell_at_once
from shuangkong.records.plans.reminders.whom import whom

_BATCH = 500


def remind_all(now: datetime) -> tuple[int, int]:
    """Everybody's reminders, one transaction a person; returns how many are new, and how many messages were made.

    2 queries where nothing changed for units, and those of ``remind`` for whomever it may have.
    """
    day = day_of(timezone.localdate(now))
    told = [remind(each, day, now) for each in whom()]
    return sum(new for new, _ in told), sum(made for _, made in told)


def remind(person: Person, day: Day, now: datetime) -> tuple[int, int]:
    """One person's reminders and the messages about them: how many are new, how many messages were made.

    Reminders and messages stand or fall together.
    """
    found = {each.key: each for acting in reversed(actings(person, day.on)) for each in grounds(acting, day)}
    with transaction.atomic():
        held = dict(Reminder.objects.filter(person=person, ended_at=None).values_list("key", "pk"))
        _end([number for key, number in held.items() if key not in found], now)
        fresh = {key: each for key, each in found.items() if key not in held}
        new = _reopen(person, fresh, now) + _open(person, fresh.values(), now)
        urgent = [each.number for each in fresh.values() if each.is_of_notice]
        return new, tell_at_once(person, urgent, now) + digest(person, now)


def _end(numbers: Iterable[int], now: datetime) -> None:
    for some in batched(numbers, _BATCH):
        Reminder.objects.filter(pk__in=some).update(ended_at=now)


def _reopen(person: Person, fresh: Mapping[str, Ground], now: datetime) -> int:
    """What held before, ended and holds again is new again."""
    count = 0
    for some in batched(fresh, _BATCH):
        ended = Reminder.objects.filter(person=person, key__in=some, ended_at__isnull=False)
        count += ended.update(ended_at=None, read_at=None, opened_at=now)
    return count


def _open(person: Person, fresh: Iterable[Ground], now: datetime) -> int:
    """Returns how many there were not yet."""
    before = Reminder.objects.filter(person=person).count()
    rows = [
        Reminder(
            person=person,
            appointment_id=each.appointment,
            key=each.key,
            kind=each.kind,
            task_id=each.number if each.is_of_task else None,
            notice_id=each.number if each.is_of_notice else None,
            alarm_id=each.number if each.is_of_alarm else None,
            matter_id=each.number if each.is_of_matter else None,
            event_id=each.event,
            due=each.due,
            opened_at=now,
        )
        for each in fresh
    ]
    Reminder.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return Reminder.objects.filter(person=person).count() - before if rows else 0
