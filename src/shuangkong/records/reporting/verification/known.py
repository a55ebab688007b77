"""已知的核查机构: what was entered of bodies that verify, read as the pure rules ask for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db.models import Q

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.verification.models import BodyEvent, VerificationBody
from shuangkong.reporting.verification.bodies import Body, Qualification, Recheck, Service


class Known(StrEnum):
    """What may be entered of a body, and what is said of it (days as ISO, lists of texts)."""

    ACTING = "acting"  # body, from, until
    QUALIFICATION = "qualification"  # from, until, sectors
    HOLDING = "holding"  # unit
    SERVICE = "service"  # unit, kind, until, person
    VERIFIED = "verified"  # unit, year, value
    RECHECK = "recheck"  # unit, year, value, found, untrue
    SUSPENSION = "suspension"  # from, until
    REMOVAL = "removal"  # from


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Something known of a body; ``told`` as Known names it."""

    kind: Known
    on: date
    told: Mapping[str, str]
    ground: str
    author: str


def known_of(number: int) -> tuple[KnownRow, ...]:
    """What is known of a body, the newest first. 1 query."""
    return tuple(
        KnownRow(Known(each.kind), each.on, json.loads(each.told), each.ground, each.author)
        for each in BodyEvent.objects.filter(body=number).order_by("-pk")
    )


def body_of(number: int, before: int | None = None) -> tuple[Body, tuple[Recheck, ...]]:
    """A body as the rules see it, and the second looks at its work; by what was entered ``before`` a row of the journal
    alone where that is given. 2 queries.

    Raises:
        Refused: there is no such body.
    """
    row = VerificationBody.objects.filter(pk=number).first()
    if row is None:
        raise Refused("RPT-972", f"没有编号为 {number} 的核查机构。", f"There is no body {number}.")
    told: dict[Known, list[dict[str, str]]] = {kind: [] for kind in Known}
    entered = Q() if before is None else Q(journal__lt=before)
    for kind, text in BodyEvent.objects.filter(entered, body=row).order_by("pk").values_list("kind", "told"):
        told[Known(kind)].append(json.loads(text))
    verified: dict[str, tuple[int, ...]] = {}
    for each in told[Known.VERIFIED]:
        verified[each["unit"]] = (*verified.get(each["unit"], ()), int(each["year"]))
    suspended = [*told[Known.SUSPENSION], *told[Known.REMOVAL]]
    body = Body(
        id=row.code,
        name=Message(row.name, row.name),
        qualifications=tuple(
            Qualification(_validity(each), tuple(each.get("sectors", "").split())) for each in told[Known.QUALIFICATION]
        ),
        holdings=frozenset(each["unit"] for each in told[Known.HOLDING]),
        services=tuple(
            Service(each["kind"], each["unit"], date.fromisoformat(each["until"]), each.get("person", ""))
            for each in told[Known.SERVICE]
        ),
        verified=verified,
        suspended=tuple(map(_validity, suspended)),
    )
    return body, tuple(map(_recheck, told[Known.RECHECK]))


def _validity(told: Mapping[str, str]) -> Validity:
    until = told.get("until", "")
    return Validity(date.fromisoformat(told["from"]), date.fromisoformat(until) if until else None)


def _recheck(told: Mapping[str, str]) -> Recheck:
    found = told.get("found", "")
    return Recheck(
        told["unit"], int(told["year"]), date(int(told["year"]), 12, 31), Decimal(told["value"]),
        Decimal(found) if found else None, is_untrue=told.get("untrue") == "yes",
    )  # fmt: skip
