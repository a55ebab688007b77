"""核查机构名录: bodies that verify and what is known of them, each entry journalled; read as the pure rules ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.industry import full_code
from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.verification.models import BodyEvent, VerificationBody
from shuangkong.reporting.verification.bodies import (
    Assignment,
    Body,
    Qualification,
    Recheck,
    Service,
    Step,
    check_assignment,
    step_due,
)
from shuangkong.reporting.verification.standing import Event
from shuangkong.rulebook import open_rulebook


class Known(StrEnum):
    """What may be entered of a body, and what is said of it (days as ISO, lists of texts)."""

    QUALIFICATION = "qualification"  # from, until, sectors
    HOLDING = "holding"  # unit
    SERVICE = "service"  # unit, kind, until, person
    VERIFIED = "verified"  # unit, year, value
    RECHECK = "recheck"  # unit, year, value, found, untrue
    SUSPENSION = "suspension"  # from, until
    REMOVAL = "removal"  # from


_NEEDED: Mapping[Known, frozenset[str]] = {
    Known.QUALIFICATION: frozenset({"from"}),
    Known.HOLDING: frozenset({"unit"}),
    Known.SERVICE: frozenset({"unit", "kind", "until"}),
    Known.VERIFIED: frozenset({"unit", "year", "value"}),
    Known.RECHECK: frozenset({"unit", "year", "value"}),
    Known.SUSPENSION: frozenset({"from"}),
    Known.REMOVAL: frozenset({"from"}),
}


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body of the register; ``path``: the place that keeps it."""

    id: int
    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class KnownRow:
    """Something known of a body; ``told`` as _NEEDED names it."""

    kind: Known
    on: date
    told: Mapping[str, str]
    ground: str
    author: str


def register_body(code: str, name: str, path: str, by: Acting, ground: str) -> int:
    """Enters a body at a place. Raises Refused where it stands there already or lacks a name or ground; Forbidden."""
    require(by, Action.RETURN_VERIFY, Where(path))
    if not (code.strip() and name.strip() and ground.strip()):
        raise Refused("RPT-970", "请写明机构的统一社会信用代码、名称和依据。", "Give code, name and ground.", "name")
    with transaction.atomic():
        if VerificationBody.objects.filter(code=code.strip()).exists():
            raise Refused("RPT-971", f"机构 {code} 已在名录。", f"The body {code} is registered already.", "code")
        body = VerificationBody.objects.create(code=code.strip(), name=name.strip(), path=path)
        _journal(body, by, "verification.register", {"code": body.code, "name": body.name}, ground)
    return body.pk


def enter(number: int, kind: Known, told: Mapping[str, str], by: Acting, ground: str) -> None:
    """Enters what is known of a body. Raises Refused where it is not there or something is lacking; Forbidden."""
    with transaction.atomic():
        body = VerificationBody.objects.filter(pk=number).first()
        if body is None:
            raise Refused("RPT-972", f"没有编号为 {number} 的核查机构。", f"There is no body {number}.")
        require(by, Action.RETURN_VERIFY, Where(body.path))
        lacking = sorted(_NEEDED[kind] - {key for key, value in told.items() if value})
        if lacking or not ground.strip():
            names = "、".join(lacking) or "ground"
            raise Refused("RPT-973", f"缺 {names}。请补齐。", f"Lacking: {names}. Fill it in.", names)
        _require_readable(told)
        entry = _journal(body, by, f"verification.{kind.value}", dict(told), ground)
        BodyEvent.objects.create(
            body=body, kind=kind.value, on=timezone.localdate(), told=json.dumps(dict(told), ensure_ascii=False),
            ground=ground.strip(), author=by.author, at=timezone.now(), journal=entry,
        )  # fmt: skip


def _require_readable(told: Mapping[str, str]) -> None:
    """What is kept for good must be read again. Raises Refused, which names what is none."""
    readers: Mapping[str, Callable[[str], object]] = {
        "from": date.fromisoformat, "until": date.fromisoformat, "year": int, "value": Decimal, "found": Decimal,
    }  # fmt: skip
    for key, reads in readers.items():
        try:
            read = reads(told[key]) if told.get(key) else None
        except (ValueError, InvalidOperation):
            read = Decimal("nan")
        if isinstance(read, Decimal) and not read.is_finite():
            found = told[key][:20]
            raise Refused(
                "RPT-974", f"“{found}”读不成 {key}：日期写作 YYYY-MM-DD，年份和数值写数字。",
                f"“{found}” is no {key}: days as YYYY-MM-DD, years and values as figures.", key,
            )  # fmt: skip


def registered(condition: Q) -> tuple[BodyRow, ...]:
    """Bodies of the register that meet a condition, by name. 1 query."""
    found = VerificationBody.objects.filter(condition).order_by("name", "pk")
    return tuple(BodyRow(each.pk, each.code, each.name, each.path) for each in found)


def known_of(number: int) -> tuple[KnownRow, ...]:
    """What is known of a body, the newest first. 1 query."""
    return tuple(
        KnownRow(Known(each.kind), each.on, json.loads(each.told), each.ground, each.author)
        for each in BodyEvent.objects.filter(body=number).order_by("-pk")
    )


def body_of(number: int) -> tuple[Body, tuple[Recheck, ...]]:
    """A body as the rules see it, and the second looks at its work. 2 queries.

    Raises:
        Refused: there is no such body.
    """
    row = VerificationBody.objects.filter(pk=number).first()
    if row is None:
        raise Refused("RPT-972", f"没有编号为 {number} 的核查机构。", f"There is no body {number}.")
    told: dict[Known, list[dict[str, str]]] = {kind: [] for kind in Known}
    for kind, text in BodyEvent.objects.filter(body=row).order_by("pk").values_list("kind", "told"):
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


def against_assignment(number: int, asked: Assignment) -> tuple[Finding, ...]:
    """What stands against giving a verification to a body. 2 queries. Raises Refused where there is none."""
    checks = {check.code: check for check in open_rulebook().checks("reporting/verification")}
    return check_assignment(body_of(number)[0], asked, checks)


def require_assignable(row: ReturnRow, event: Event, by: Acting) -> None:
    """A case on a return may go to a body. What calls for an explanation passes with the document that has it.

    3 queries. Raises Refused, which says what stands against it, or that the person sees no such body.
    """
    body = VerificationBody.objects.filter(pk=event.body or 0).first()
    if body is None or not may(by, Action.VERIFICATION_READ, Where(body.path)):
        raise Refused("RPT-976", "请从核查机构名录里选一家机构。", "Choose a body of the register.", "body")
    known = open_rulebook().industries()
    industry = known.get(row.reporter.industry)
    code = full_code(industry, known) if industry is not None else row.reporter.industry
    asked = Assignment(row.reporter.code, code, Period.parse(row.period).year, event.on, event.people)
    found = [
        each
        for each in against_assignment(body.pk, asked)
        if each.severity is Severity.MUST_FIX or not event.document.strip()
    ]
    if found:
        zh, en = (" ".join(f"{each.code} {words}" for each, words in zip(found, said, strict=True))
                  for said in ([each.message.zh for each in found], [each.message.en for each in found]))  # fmt: skip
        zh += "须说明的，请在依据的文件里写明说明文书。"
        raise Refused("RPT-977", zh, f"{en} What calls for an explanation needs a document that has it.", "body")


def sanction_due(number: int, day: date) -> Step | None:
    """What its second looks call for. 2 queries. Raises Refused where there is no such body."""
    checks = {check.code: check for check in open_rulebook().checks("reporting/verification")}
    return step_due(body_of(number)[1], checks, day)


def _validity(told: Mapping[str, str]) -> Validity:
    until = told.get("until", "")
    return Validity(date.fromisoformat(told["from"]), date.fromisoformat(until) if until else None)


def _recheck(told: Mapping[str, str]) -> Recheck:
    found = told.get("found", "")
    return Recheck(
        told["unit"], int(told["year"]), date(int(told["year"]), 12, 31), Decimal(told["value"]),
        Decimal(found) if found else None, is_untrue=told.get("untrue") == "yes",
    )  # fmt: skip


def _journal(body: VerificationBody, by: Acting, act: str, after: dict[str, str], ground: str) -> int:
    written = by.act(act, f"verification_body/{body.pk}", ground=ground.strip(), after=after)
    return journal.append(replace(written, place=body.path))
