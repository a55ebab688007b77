"""适用规定: the law on a day in a place: values, formulas and tables in force, with their ground and their layer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from shuangkong.policyfile.provision_words import cited, first_day
from shuangkong.policyfile.provisions import Kind, Provision, Refused, in_force, overridden, provisions, refused
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Day, Line

room = Room(tags=["rules"])

_MOST_ITEMS = 1_000
_USUAL_ITEMS = 100


class LawAsked(Schema):
    """``place``: code of a region, empty: the nation; ``id``: of one rule, or the folder that rules stand in.

    ``day``: null: today.
    """

    day: Day | None = None
    place: Line = ""
    id: Line = ""
    after: int = Field(0, ge=0, lt=2**31)
    limit: int = Field(_USUAL_ITEMS, ge=1, le=_MOST_ITEMS)


class Replaced(Schema):
    """What a layer above would lay down under the same id."""

    layer: str
    text: str
    unit: str
    file: str


class WithoutEffect(Replaced):
    """What a nearer layer wrote and what has no effect, as it relaxes this; ``code`` and messages say why."""

    code: str
    message_zh: str
    message_en: str


class Rule(Schema):
    """One thing in force. ``is_verified``: whether a person has compared it with the document."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    layer: str
    text: str
    unit: str
    inputs: list[str]
    starts: date | None
    until: date | None
    source: str
    ground_zh: str
    ground_en: str
    is_verified: bool
    file: str
    replaces: list[Replaced]
    refused: list[WithoutEffect]


class LawTold(Schema):
    """By id; ``layer``: the nearest with rules of its own there; ``next`` goes back as ``after``, null at the end."""

    layer: str
    rulebook: str
    items: list[Rule]
    next: int | None


@room.reads("/rules", Action.PLAN_READ, LawTold)
def rules_in_force(request: HttpRequest, wanted: Query[LawAsked]) -> Any:
    """某地某日适用的规定：规定值、公式、统计表、应报清单，各出自哪一层、哪个文件、哪一条，是否已与原文核对。"""
    book = open_rulebook()
    day = wanted.day or timezone.localdate()
    layer = book.layer_of(wanted.place, day)
    every = (each for each in in_force(provisions(book.folder, layer), day) if _is_meant(each, wanted.id))
    found = tuple(every)[wanted.after : wanted.after + wanted.limit + 1]
    shown = found[: wanted.limit]
    lax = tuple(each for each in refused(book.folder, layer) if each.provision.validity.holds_on(day))
    return {
        "layer": layer,
        "rulebook": book.version,
        "items": [_rule(book, each, day, lax) for each in shown],
        "next": wanted.after + len(shown) if len(found) > len(shown) else None,
    }


def _is_meant(each: Provision, id: str) -> bool:  # noqa: A002 - the word of the field
    if each.kind is Kind.INDICATOR:
        return each.id == id
    return not id or each.id == id or each.id.startswith(f"{id}/")


def _rule(book: Rulebook, each: Provision, day: date, lax: Iterable[Refused]) -> dict[str, Any]:
    ground = cited(each, book.sources())
    return {
        "id": each.id, "kind": each.kind.value, "name_zh": each.name.zh, "name_en": each.name.en,
        "layer": each.layer, "text": each.text, "unit": each.unit, "inputs": list(each.inputs),
        "starts": first_day(each), "until": each.validity.until, "source": each.source,
        "ground_zh": ground.zh, "ground_en": ground.en, "is_verified": each.is_verified, "file": each.place,
        "replaces": [
            _written(other) for other in overridden(book.folder, each, day)
        ],
        "refused": [
            {**_written(other.provision), "code": other.finding.code, "message_zh": other.finding.message.zh,
             "message_en": other.finding.message.en}
            for other in lax if other.provision.id == each.id
        ],
    }  # fmt: skip


def _written(other: Provision) -> dict[str, str]:
    return {"layer": other.layer, "text": other.text, "unit": other.unit, "file": other.place}
