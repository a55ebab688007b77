"""通道设置: by which channels a person wants messages; journalled, the newest word holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.letters import Outcome
from shuangkong.records.plans.reminders.models import ChannelChoice, Message
from shuangkong.records.refusal import Refused

#: Mobile numbers, with or without the country; ids of members of an office messenger.
_FORMS = {
    ChannelKind.SMS: re.compile(r"\+?[0-9]{6,15}"),
    ChannelKind.DINGTALK: re.compile(r"\+?[0-9-]{6,16}"),
    ChannelKind.WECOM: re.compile(r"[0-9A-Za-z_.@-]{1,64}"),
}
_EXPECTED = {
    ChannelKind.EMAIL: ("邮箱地址", "an e-mail address"),
    ChannelKind.SMS: ("手机号", "a mobile number"),
    ChannelKind.DINGTALK: ("钉钉手机号", "the mobile number of the DingTalk account"),
    ChannelKind.WECOM: ("成员账号", "the member id"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for a channel; off and empty until then."""

    channel: ChannelKind
    address: str = ""
    language: str = "zh-hans"
    is_on: bool = False


def offered() -> Mapping[ChannelKind, Setup]:
    """The channels that the operator set up."""
    found: Mapping[ChannelKind, Setup] = settings.CHANNELS
    return found


def choices(person: Person) -> dict[ChannelKind, Choice]:
    """A person's choice for every channel that is offered. 1 query."""
    rows = {row.channel: row for row in ChannelChoice.objects.filter(person=person).order_by("pk")}
    return {kind: _choice(kind, rows.get(kind)) for kind in offered()}


def _choice(kind: ChannelKind, row: ChannelChoice | None) -> Choice:
    return Choice(kind, row.address, row.language, row.is_on) if row else Choice(kind)


def choose(person: Person, wanted: Choice) -> None:
    """Records a choice; the same again does nothing. What waits in a channel that is turned off is not sent.

    Raises:
        Refused: the channel is not offered, or is turned on with an address that it cannot reach.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        before = choices(person).get(wanted.channel)
        if before is None:
            raise Refused(
                "RMD-101", "系统没有开通这个通道，请管理员开通。", "This channel is not set up.", wanted.channel
            )
        if before == wanted:
            return
        if wanted.is_on:
            _require_form(wanted)
        now = timezone.now()
        ChannelChoice.objects.create(
            person=person, channel=wanted.channel, address=wanted.address, language=wanted.language,
            is_on=wanted.is_on, decided_at=now,
        )  # fmt: skip
        waiting = Message.objects.filter(person=person, channel=wanted.channel, outcome=Outcome.WAITING)
        if wanted.is_on:
            waiting.update(address=wanted.address)
        else:
            waiting.filter(claimed_at=None).update(outcome=Outcome.DROPPED, ended_at=now)
        name = person.get_username()
        journal.append(Act(name, "reminders.choose", f"person/{name}", before=_told(before), after=_told(wanted)))


def _require_form(wanted: Choice) -> None:
    kind = wanted.channel
    form = _FORMS.get(kind)
    is_good = bool(form.fullmatch(wanted.address)) if form else _is_mail(wanted.address)
    if not is_good:
        zh, en = _EXPECTED[kind]
        found = wanted.address[:40]
        raise Refused("RMD-102", f"应为{zh}，实为“{found}”。请改正后再保存。", f"Expected {en}, found “{found}”.", kind)


def _is_mail(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _told(choice: Choice) -> dict[str, object]:
    """The address is the person's own: the journal, which others read, has only its first and last signs."""
    address = choice.address
    masked = f"{address[:2]}…{address[-2:]}" if len(address) > 5 else "…" if address else ""
    return {"channel": choice.channel.value, "address": masked, "language": choice.language, "is_on": choice.is_on}
