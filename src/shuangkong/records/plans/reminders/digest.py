"""汇总: at most one message a person, channel and day; only when there is something new to tell."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from django.db.models import Max
from django.utils import timezone

from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.choices import Choice, choices
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.letters import Outcome
from shuangkong.records.plans.reminders.models import Message, Reminder
from shuangkong.records.plans.reminders.wording import line, rest_of, subject_of, title_of, words_of

#: So many things stand in a message; the others are counted.
LINES = 8
#: Messages leave between these times of day; what is made later leaves the next morning.
FROM, UNTIL = time(8, 30), time(18)
#: What the keys of messages begin with that did not wait for the message of the day: they tell of one thing only.
URGENT = "notice/"
_UNDELIVERED = (Outcome.GIVEN_UP, Outcome.DOUBTFUL, Outcome.REFUSED, Outcome.DROPPED)
_ORDER = {kind: place for place, kind in enumerate(ReminderKind)}


def digest(person: Person, now: datetime) -> int:
    """Puts what a person has not been told into the outbox; returns in how many messages. Call it in the transaction
    that makes the reminders. 3 queries, and 1 a channel.

    New is what opened after the last message of the channel that arrived or may still arrive, and is unread: what did
    not arrive is told again.
    """
    wanted = [each for each in choices(person).values() if each.is_on]
    if not wanted:
        return 0
    rows = _open(person)
    told = Message.objects.filter(person=person).exclude(outcome__in=_UNDELIVERED).exclude(key__startswith=URGENT)
    last = dict(told.order_by().values_list("channel").annotate(Max("made_at")))
    made = [_message(person, each, rows, last.get(each.channel), now) for each in wanted]
    return sum(_put(each) for each in made if each is not None)


def _open(person: Person) -> list[Reminder]:
    """What holds, the weightiest first, and of a kind the earliest due."""
    found = Reminder.objects.filter(person=person, ended_at=None).select_related(
        "task__plan", "matter", "notice", "alarm__outlet__region", "event"
    )
    return sorted(found, key=lambda row: (_ORDER[ReminderKind(row.kind)], row.due is None, row.due, row.pk))


def _message(
    person: Person, choice: Choice, rows: list[Reminder], last: datetime | None, now: datetime
) -> Message | None:
    """The message of the day, not saved; None where nothing is new."""
    unread = [row for row in rows if row.read_at is None]
    new = [row for row in unread if last is None or row.opened_at > last]
    if not new:
        return None
    lines = [
        line(
            ReminderKind(row.kind),
            title_of(subject, choice.language),
            row.due,
            _is_demo(row),
            choice.language,
            words_of(row.event, choice.language),
        )
        for row in new[:LINES]
        if (subject := row.task or row.matter or row.notice or row.alarm) is not None
    ]
    counts = Counter(ReminderKind(row.kind) for row in new)
    return Message(
        key=f"{timezone.localdate(now)}/{person.pk}/{choice.channel.value}",
        person=person,
        channel=choice.channel,
        address=choice.address,
        subject=subject_of(counts, choice.language),
        lines=[*lines, *rest_of(len(new) - len(lines), len(rows) - len(new), choice.language)],
        made_at=now,
        outcome=Outcome.WAITING,
        next_at=in_hours(now),
    )


def _is_demo(row: Reminder) -> bool:
    return bool(
        (row.task and row.task.plan and row.task.plan.is_demo)
        or (row.notice and row.notice.is_demo)
        or (row.alarm and row.alarm.outlet.region.is_fictional)
    )


def _put(message: Message) -> bool:
    """Whether the day had no message of that key yet."""
    if Message.objects.filter(key=message.key).exists():
        return False
    Message.objects.bulk_create([message], ignore_conflicts=True)
    return True


def in_hours(now: datetime) -> datetime:
    """The moment itself within the hours, else the next morning at which they begin."""
    here = timezone.localtime(now)
    if FROM <= here.time() < UNTIL:
        return now
    morning = here.date() if here.time() < FROM else here.date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(morning, FROM))
