"""What can be done about an assessment now: one form an act, each with what will follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from shuangkong.assessment.year import EventKind
from shuangkong.records.assessment.years.acts import AWAITED, NEED_NUMBER, NEED_TEXT, acts_allowed
from shuangkong.records.assessment.years.days import OBJECTION, last_day
from shuangkong.records.assessment.years.rows import AssessmentRow, Given, Said
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.web.assessment.years.words import EVENTS, FOLLOWS
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.site.scope import whole

#: Fields of each act, in their order.
FIELDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.SUBMIT: ("text",),
    EventKind.RETURN: ("until", "text"),
    EventKind.REVIEW: ("document", "text"),
    EventKind.CHECK: ("document", "text"),
    EventKind.PROPOSE: ("until", "document"),
    EventKind.OBJECT: ("text",),
    EventKind.DISMISS: ("answers", "text"),
    EventKind.UPHOLD: ("answers", "text"),
    EventKind.APPROVE: ("document", "text"),
    EventKind.ANNOUNCE: ("number", "on"),
    EventKind.CORRECT: ("number", "text"),
    EventKind.ARCHIVE: ("text",),
    EventKind.CANCEL: ("text",),
}
LABELS = {
    "until": lazy("最后一天"),
    "document": lazy("依据的文件"),
    "text": lazy("情况或理由"),
    "answers": lazy("哪条异议"),
    "number": lazy("文号"),
    "on": lazy("公布日期"),
}


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
    """What was refused (``kind`` None: a mark) and what was typed with it."""

    kind: EventKind | None
    refusal: Refused
    form: Mapping[str, str]


def act_forms(row: AssessmentRow, acting: Acting, told: Told | None = None) -> list[ActForm]:
    """The forms of the acts allowed; the one that was refused is open, else that which is waited for."""
    opened = told.kind if told else AWAITED.get(row.standing.state)
    return [
        _form(row, kind, kind is opened, told if told and told.kind is kind else None)
        for kind in acts_allowed(row, acting)
    ]


def said_of(form: QueryDict) -> Said:
    """What a form of an act says. Raises Refused for what cannot be read."""
    return Said(
        text=form.get("text", ""),
        on=day_of(form.get("on", ""), "on"),
        until=day_of(form.get("until", ""), "until"),
        number=form.get("number", ""),
        document=form.get("document", ""),
        answers=whole(form.get("answers", "")),
    )


def given_of(request: HttpRequest) -> Given:
    """What a form of a mark says. Raises Refused for what cannot be read."""
    form, file = request.POST, request.FILES.get("file")
    return Given(
        code=form.get("code", ""),
        marks=number_of(form.get("marks", ""), form.get("code", "")),
        is_inapplicable="inapplicable" in form,
        title=form.get("title", ""),
        number=form.get("number", ""),
        file=Handed(file.name or "", file.read()) if file else None,
        text=form.get("text", ""),
    )


def _form(row: AssessmentRow, kind: EventKind, is_open: bool, told: Told | None) -> ActForm:
    typed = told.form if told else _proposed(row, kind)
    wrong = told.refusal.field if told else ""
    fields = tuple(
        Field(key, f"{kind.value}-{key}", LABELS[key], typed.get(key, ""), key == wrong, _is_needed(kind, key))
        for key in FIELDS[kind]
    )
    return ActForm(kind, EVENTS[kind], FOLLOWS[kind], fields, is_open, told.refusal if told else None)


def _proposed(row: AssessmentRow, kind: EventKind) -> Mapping[str, str]:
    """What stands in a form before anybody types; the assessor may change it."""
    today = timezone.localdate()
    until = last_day(OBJECTION, today, row.layer).isoformat() if kind is EventKind.PROPOSE else ""
    return {"on": today.isoformat(), "until": until}


def _is_needed(kind: EventKind, key: str) -> bool:
    match key:
        case "text":
            return kind in NEED_TEXT
        case "number":
            return kind in NEED_NUMBER
        case "until":
            return kind is EventKind.PROPOSE
    return key in ("answers", "on")
