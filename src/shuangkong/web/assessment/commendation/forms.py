"""What can be done about a commendation now: one form an act, each with what will follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from shuangkong.assessment.commendation import EventKind, Honoured
from shuangkong.records.assessment.commendation.acts import (
    NEED_NUMBER,
    NEED_TEXT,
    acts_allowed,
    awaited_act,
    publicity_days,
)
from shuangkong.records.assessment.commendation.rows import CommendationRow, Said, Wanted
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.commendation.words import EVENTS
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.site.scope import whole

#: The units in which a reward can be told; their factors stand in policy/units.yaml.
UNITS = ("元", "万元")
#: Fields of each act, in their order.
FIELDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.PUBLICISE: ("until", "document"),
    EventKind.OBJECT: ("text",),
    EventKind.DISMISS: ("answers", "text"),
    EventKind.UPHOLD: ("answers", "text"),
    EventKind.APPROVE: ("amount", "document", "text"),
    EventKind.ANNOUNCE: ("number", "on", "text"),
    EventKind.WITHDRAW: ("text",),
    EventKind.REVOKE: ("number", "text"),
}
FOLLOWS = {
    EventKind.PUBLICISE: lazy("公示期满次日起才可批准；公示期间的异议逐条记录、逐条答复。"),
    EventKind.OBJECT: lazy("异议答复之前不能批准。"),
    EventKind.DISMISS: lazy("这条异议了结，理由留在记录里。"),
    EventKind.UPHOLD: lazy("不再表彰，理由留在记录里。"),
    EventKind.APPROVE: lazy("转方案办公室公布；金额有改动的，以批准的为准。"),
    EventKind.ANNOUNCE: lazy("文号和公布日期列入表彰名册，可以出具表彰通报。"),
    EventKind.WITHDRAW: lazy("不再表彰，理由留在记录里。"),
    EventKind.REVOKE: lazy("名册上标为已撤销，原来的记录保留；已发的奖金另行收回。"),
}
LABELS = {
    "until": lazy("公示到哪天为止"),
    "document": lazy("依据的文件"),
    "text": lazy("情况或理由"),
    "answers": lazy("哪条异议"),
    "amount": lazy("批准的奖励金额"),
    "number": lazy("文号"),
    "on": lazy("公布日期"),
}
_NEEDED = frozenset({"until", "answers", "number", "on"})


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, with what was typed or is proposed; ``is_wrong`` where the refusal is about it."""

    key: str
    id: str
    label: Any
    value: str
    is_wrong: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act that may be done now; ``is_open`` where it is waited for, or was refused."""

    kind: EventKind
    label: Any
    follows: Any
    fields: tuple[Field, ...]
    is_open: bool
    refusal: Refused | None


@dataclass(frozen=True, slots=True)
class Told:
    """An act that was refused and what was typed with it."""

    kind: EventKind
    refusal: Refused
    form: Mapping[str, str]


def act_forms(row: CommendationRow, acting: Acting, told: Told | None = None) -> list[ActForm]:
    """The forms of the acts allowed; the one that was refused is open, else that which is waited for."""
    allowed = acts_allowed(row, acting)
    opened = told.kind if told else awaited_act(allowed)
    return [_form(kind, kind is opened, told if told and told.kind is kind else None) for kind in allowed]


def said_of(form: QueryDict) -> Said:
    """What a form of an act says. Raises Refused for what cannot be read."""
    return Said(
        text=form.get("text", ""),
        on=day_of(form.get("on", ""), "on"),
        until=day_of(form.get("until", ""), "until"),
        number=form.get("number", ""),
        document=form.get("document", ""),
        amount_cny=amount_of(form),
        answers=whole(form.get("answers", "")),
    )


def wanted_of(form: QueryDict, place: str) -> Wanted:
    """What the form of a proposal says. Raises Refused for what cannot be read."""
    return Wanted(
        kind=next((each for each in Honoured if each == form.get("kind")), Honoured.UNIT),
        name=form.get("name", ""),
        award=form.get("award", ""),
        merit=form.get("merit", ""),
        region=place,
        honoured_region=form.get("honoured_region") or None,
        honoured_body=whole(form.get("honoured_body", "")),
        honoured_enterprise=form.get("honoured_enterprise", ""),
        workplace=form.get("workplace", ""),
        period=form.get("period", ""),
        plan=whole(form.get("plan", "")),
        measure=whole(form.get("measure", "")),
        ground=form.get("ground", ""),
        funder=whole(form.get("funder", "")),
        amount_cny=amount_of(form),
        document=form.get("document", ""),
    )


def amount_of(form: Mapping[str, str]) -> Decimal | None:
    """The amount in yuan; None where nothing is said. Raises Refused for what is no number or has another unit."""
    amount, unit = number_of(form.get("amount", ""), "amount"), form.get("amount_unit", UNITS[0])
    if amount is None:
        return None
    if unit not in UNITS:
        raise Refused("ASM-212", "金额的单位应为元或万元。", "An amount is in yuan or ten thousand yuan.", "amount")
    return amount * open_rulebook().units()[unit].factor


def _form(kind: EventKind, is_open: bool, told: Told | None) -> ActForm:
    typed = told.form if told else _proposed(kind)
    wrong = told.refusal.field if told else ""
    fields = tuple(
        Field(key, f"{kind.value}-{key}", LABELS[key], typed.get(key, ""), key == wrong, _is_needed(kind, key))
        for key in FIELDS[kind]
    )
    return ActForm(kind, EVENTS[kind], FOLLOWS[kind], fields, is_open, told.refusal if told else None)


def _proposed(kind: EventKind) -> Mapping[str, str]:
    """What stands in a form before anybody types."""
    today = timezone.localdate()
    if kind is EventKind.PUBLICISE:
        return {"until": (today + timedelta(days=publicity_days(today) - 1)).isoformat()}
    return {"on": today.isoformat()}


def _is_needed(kind: EventKind, key: str) -> bool:
    if key == "text":
        return kind in NEED_TEXT
    return key in _NEEDED and (key != "number" or kind in NEED_NUMBER)
