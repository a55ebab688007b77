"""发件箱: messages that wait, are being handed over, or came to an end.

A message is claimed before it is handed over and settled after. Whoever dies in between leaves a claim that nobody
settles: after LEASE the message is doubtful. It may have arrived, so it is not sent again, unless the peer itself sends
no key twice; what it told is told again in the next day's message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.reminders.channels import ChannelKind
from shuangkong.records.plans.reminders.letters import Letter, Outcome, Receipt
from shuangkong.records.plans.reminders.models import Message
from shuangkong.records.refusal import Refused

#: Longer than any one delivery takes.
LEASE = timedelta(minutes=10)
#: Minutes before the next attempt, after the first, second, … that failed; after the last one it is given up.
BACK_OFF = (1, 5, 15, 60, 240, 720)
_SAID = 200
_NO_CLAIM = Q(claimed_at=None)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as people see it."""

    key: str
    person: str
    channel: ChannelKind
    subject: str
    lines: tuple[str, ...]
    made_at: datetime
    outcome: Outcome
    attempts: int
    next_at: datetime
    ended_at: datetime | None
    fault: str


def due(channel: ChannelKind, now: datetime, count: int) -> tuple[int, ...]:
    """Numbers of the messages of a channel whose time has come, the oldest first. 1 query."""
    ready = Message.objects.filter(_NO_CLAIM, outcome=Outcome.WAITING, channel=channel, next_at__lte=now)
    return tuple(ready.order_by("next_at", "pk").values_list("pk", flat=True)[:count])


def claim(number: int, now: datetime) -> Letter | None:
    """Takes a message to hand it over; None where somebody else did, or its person may have it no more. 2 queries.

    The claim stands as soon as this returns: never call it inside a transaction that the delivery could undo.
    """
    ready = Message.objects.filter(_NO_CLAIM, pk=number, outcome=Outcome.WAITING, next_at__lte=now)
    if not ready.update(claimed_at=now, attempts=F("attempts") + 1):
        return None
    row = Message.objects.select_related("person").get(pk=number)
    if not row.person.is_active:
        settle(number, Receipt(Outcome.DROPPED, "停用 inactive"), now)
        return None
    link = f"{settings.SITE_ADDRESS}/plans/reminders/" if settings.SITE_ADDRESS else ""
    return Letter(row.key, row.address, row.subject, tuple(row.lines), link)


def settle(number: int, receipt: Receipt, now: datetime) -> None:
    """Writes down what became of an attempt: an end, or when to try again. 2 queries."""
    row = Message.objects.get(pk=number)
    row.claimed_at, said = None, receipt.said[:_SAID]
    outcome = receipt.outcome
    if outcome is Outcome.WAITING and row.attempts > len(BACK_OFF):
        outcome = Outcome.GIVEN_UP
    if outcome is Outcome.WAITING:
        row.next_at = now + timedelta(minutes=BACK_OFF[row.attempts - 1])
    else:
        row.outcome, row.ended_at = outcome, now
    row.receipt, row.fault = (said, row.fault) if outcome is Outcome.DELIVERED else (row.receipt, said)
    row.save(update_fields=["claimed_at", "next_at", "outcome", "ended_at", "receipt", "fault"])


def recover(now: datetime, repeatable: Iterable[ChannelKind]) -> int:
    """Ends the claims of whoever died while handing over; returns how many. 2 queries."""
    left = Message.objects.filter(outcome=Outcome.WAITING, claimed_at__lt=now - LEASE)
    fault = "投递中断，是否送达不明 Broken off while being handed over"
    again = left.filter(channel__in=list(repeatable)).update(claimed_at=None, next_at=now, fault=fault)
    return again + left.update(claimed_at=None, outcome=Outcome.DOUBTFUL, ended_at=now, fault=fault)


def counts() -> Mapping[Outcome, int]:
    """How many messages came to which end. 1 query."""
    found = Message.objects.order_by().values_list("outcome").annotate(Count("pk"))
    return {Outcome(outcome): count for outcome, count in found}


def unsettled(count: int) -> tuple[MessageRow, ...]:
    """Messages that wait or did not arrive for certain, the newest first. 1 query."""
    found = Message.objects.exclude(outcome__in=(Outcome.DELIVERED, Outcome.DROPPED)).select_related("person")
    return tuple(map(_row, found.order_by("-pk")[:count]))


def messages_of(person: int, count: int) -> tuple[MessageRow, ...]:
    """The newest messages to a person. 1 query."""
    found = Message.objects.filter(person=person).select_related("person")
    return tuple(map(_row, found.order_by("-pk")[:count]))


def send_again(key: str, by: Acting, ground: str) -> None:
    """A person decides that a message which did not arrive for certain is sent once more.

    Raises:
        Refused: there is none of that key, it waits or arrived, or no ground is given.
    """
    if not ground.strip():
        raise Refused("RMD-104", "请写明重发的理由。", "Say why it is sent again.", "ground")
    with transaction.atomic():
        row = Message.objects.select_for_update().filter(key=key).first()
        if row is None or row.outcome not in (Outcome.DOUBTFUL, Outcome.GIVEN_UP, Outcome.REFUSED):
            raise Refused("RMD-105", f"没有可以重发的消息 {key}。", f"There is no message {key} to send again.")
        journal.append(by.act("reminders.send_again", f"message/{row.pk}", ground=ground, before={"was": row.outcome}))
        row.outcome, row.ended_at, row.attempts, row.next_at = Outcome.WAITING, None, 0, timezone.now()
        row.save(update_fields=["outcome", "ended_at", "attempts", "next_at"])


def _row(row: Message) -> MessageRow:
    return MessageRow(
        key=row.key,
        person=row.person.get_username(),
        channel=ChannelKind(row.channel),
        subject=row.subject,
        lines=tuple(row.lines),
        made_at=row.made_at,
        outcome=Outcome(row.outcome),
        attempts=row.attempts,
        next_at=row.next_at,
        ended_at=row.ended_at,
        fault=row.fault,
    )
