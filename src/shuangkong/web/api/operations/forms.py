"""报表目录: the forms in force in a place on a day, and of one of them what the interface takes, as JSON Schema."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema

from shuangkong.records.people.roles import Action
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.schema import schema
from shuangkong.rulebook import open_rulebook
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Day, Line

room = Room(tags=["reporting"])


class FormsAsked(Schema):
    """``place``: code of a region, empty: the nation; ``id``: of one form, which then comes with its schema."""

    day: Day | None = None
    place: Line = ""
    id: Line = ""


class FormTold(Schema):
    """``edition``: which version with which local additions; ``days``: after the period's end within which it is due.

    ``takes``: JSON Schema of a return, null in a list of several.
    """

    id: str
    edition: str
    number: str
    name_zh: str
    name_en: str
    kind: str
    subject: str
    every: str
    days: int
    scopes: list[str]
    levels: list[str]
    layers: list[str]
    source: str
    is_verified: bool
    takes: dict[str, Any] | None


class FormsTold(Schema):
    """By id."""

    rulebook: str
    items: list[FormTold]


@room.reads("/reporting/forms", Action.RETURN_READ, FormsTold)
def list_forms(request: HttpRequest, wanted: Query[FormsAsked]) -> Any:
    """某地某日使用的报表：版本、周期、期限、填报范围；指明一张的，给出接口接收的栏目、单位、小数位、可选值。"""
    book = open_rulebook()
    forms = book.forms_on(wanted.day or timezone.localdate(), wanted.place)
    return {
        "rulebook": book.version,
        "items": [_form(form, whole=bool(wanted.id)) for form in forms if not wanted.id or form.id == wanted.id],
    }


def _form(form: Form, *, whole: bool) -> dict[str, Any]:
    return {
        "id": form.id, "edition": form.edition, "number": form.number, "name_zh": form.name.zh,
        "name_en": form.name.en, "kind": form.kind.value, "subject": form.subject.value, "every": form.every.value,
        "days": form.days, "scopes": list(form.scopes), "levels": list(form.levels), "layers": list(form.layers),
        "source": form.source, "is_verified": form.is_verified, "takes": schema(form) if whole else None,
    }  # fmt: skip
