"""紧急通知: a message of its own, at once and at any hour; it does not wait for the message of the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shuangkong.records.notices.models import Notice
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.choices import Choice, choices
from shuangkong.records.plans.reminders.digest import URGENT
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.letters import Outcome
from shuangkong.records.plans.reminders.models import Message
from shuangkong.records.plans.reminders.wording import ADVICE, line, said, subject_of, title_of


def tell_at_once(person: Person, numbers: Iterable[int], now: datetime) -> int:
    """Puts the urgent ones of some notices into the outbox, one message a notice and channel; returns how many are new.

    Call it in the transaction that makes the reminders. 4 queries where there is one, else 1 at most.
    """
    wanted = list(numbers)
    found = list(Notice.objects.filter(pk__in=wanted, is_urgent=True).order_by("pk")) if wanted else []
    ways = [each for each in choices(person).values() if each.is_on] if found else []
    made = [_message(person, each, way, now) for each in found for way in ways]
    known = set(Message.objects.filter(key__in=[each.key for each in made]).values_list("key", flat=True))
    fresh = [each for each in made if each.key not in known]
    Message.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _message(person: Person, notice: Notice, choice: Choice, now: datetime) -> Message:
    told = line(ReminderKind.NOTICE, title_of(notice), None, notice.is_demo, choice.language)
    return Message(
        key=f"{URGENT}{notice.pk}/{person.pk}/{choice.channel.value}",
        person=person,
        channel=choice.channel,
        address=choice.address,
        subject=subject_of({ReminderKind.NOTICE: 1}, choice.language),
        lines=[told, *notice.text.splitlines(), said(ADVICE[ReminderKind.NOTICE], choice.language)],
        made_at=now,
        outcome=Outcome.WAITING,
        next_at=now,
    )
