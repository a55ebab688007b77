"""印发事项: by whom, to whom and when a paper is issued, as typed into its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from shuangkong.papers.official.paper import Issue
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.tasks.framed import day_of

#: What parts names in a list: 、 and the end of a line; a comma stands within the name of no body.
_BETWEEN = re.compile(r"[、，,；;\n]+")

_LATER, BY_LINE = lazy("（可不填，印发时再定）"), lazy("（可不填；用顿号或回行隔开）")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field that a form asks for; ``sort`` is text, date or names."""

    key: str
    label: Any
    sort: str = "text"
    is_needed: bool = False
    hint: Any = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with what was typed, or what is proposed; ``is_wrong`` where the refusal is about it."""

    asked: Asked
    value: str
    is_wrong: bool


def letter_fields(issuer: str) -> tuple[Asked, ...]:
    """What a letter asks for, with what is proposed: it is signed by hand, and has neither addressee nor number."""
    return (Asked("issuer", lazy("发文机关"), is_needed=True, otherwise=issuer),)


def minutes_fields(issuer: str, on: date) -> tuple[Asked, ...]:
    """What minutes ask for: they are addressed to nobody."""
    return (
        *letter_fields(issuer),
        Asked("signed_on", lazy("成文日期"), "date", is_needed=True, otherwise=on.isoformat()),
        Asked("number", lazy("发文字号"), hint=_LATER),
        Asked("copies", lazy("抄送"), "names", hint=BY_LINE),
        Asked("printed_by", lazy("印发机关"), hint=_LATER),
        Asked("printed_on", lazy("印发日期"), "date", hint=_LATER),
    )


def issue_fields(issuer: str, on: date, addressees: str) -> tuple[Asked, ...]:
    """What a paper asks for that is sent to somebody."""
    first, second, third, *rest = minutes_fields(issuer, on)
    return (first, second, third, Asked("addressees", lazy("主送"), "names", hint=BY_LINE, otherwise=addressees), *rest)


def shown(fields: tuple[Asked, ...], form: Mapping[str, str], wrong: str = "") -> list[Shown]:
    """The fields of a page."""
    return [Shown(each, form.get(each.key, each.otherwise), each.key == wrong) for each in fields]


def require_typed(fields: tuple[Asked, ...], form: Mapping[str, str]) -> None:
    """Raises Refused for the first needed field that says nothing."""
    for each in fields:
        if each.is_needed and not form.get(each.key, "").strip():
            raise Refused("PPR-202", "请填写这一项，公文上要印。", "Fill this in: the paper prints it.", each.key)


def issue_of(form: Mapping[str, str], on: date) -> Issue:
    """What the form says. Raises Refused for a day that cannot be read."""
    said = {key: value.strip() for key, value in form.items()}
    return Issue(
        issuer=said.get("issuer", ""),
        signed_on=day_of(said.get("signed_on", ""), "signed_on") or on,
        number=said.get("number", ""),
        addressees=names(said.get("addressees", "")),
        copies=names(said.get("copies", "")),
        printed_by=said.get("printed_by", ""),
        printed_on=day_of(said.get("printed_on", ""), "printed_on"),
    )


def names(text: str) -> tuple[str, ...]:
    """The names of a list."""
    return tuple(filter(None, (each.strip() for each in _BETWEEN.split(text))))
