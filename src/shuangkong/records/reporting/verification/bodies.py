"""核查机构名录: bodies that verify and what is known of them, each entry journalled; read as the pure rules ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Finding, Severity
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.verification.giving import is_registered_for, to_be_done
from shuangkong.records.reporting.verification.known import Known, body_of
from shuangkong.records.reporting.verification.models import BodyEvent, VerificationBody
from shuangkong.reporting.verification.bodies import Assignment, Step, check_assignment, step_due
from shuangkong.reporting.verification.standing import Event
from shuangkong.rulebook import open_rulebook

#: What an entry cannot do without.
_NEEDED: Mapping[Known, frozenset[str]] = {
    Known.ACTING: frozenset({"body", "from"}),
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

    @property
    def where(self) -> Where:
        """Where it is read of; it is given to its own people."""
        return Where(self.path, given=partial(is_registered_for, self.id))


def register_body(code: str, name: str, path: str, by: Acting, ground: str) -> int:
    """Enters a body at a place. Raises Refused where it stands there already or lacks a name or ground; Forbidden."""
    require(by, Action.VERIFICATION_COMMISSION, Where(path))
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
        require(by, Action.VERIFICATION_COMMISSION, Where(body.path))
        lacking = sorted(_NEEDED[kind] - {key for key, value in told.items() if value})
        if lacking or not ground.strip():
            names = "、".join(lacking) or "ground"
            raise Refused("RPT-973", f"缺 {names}。请补齐。", f"Lacking: {names}. Fill it in.", names)
        _require_readable(told)
        if kind is Known.ACTING:
            told = _linked(body, told)
        entry = _journal(body, by, f"verification.{kind.value}", dict(told), ground)
        BodyEvent.objects.create(
            body=body, kind=kind.value, on=timezone.localdate(), told=json.dumps(dict(told), ensure_ascii=False),
            ground=ground.strip(), author=by.author, at=timezone.now(), journal=entry,
        )  # fmt: skip


def _linked(body: VerificationBody, told: Mapping[str, str]) -> dict[str, str]:
    """Names the body of people that this one's persons act for, from a day to a day. 3 queries.

    Raises:
        Refused: nobody or more than one is so called, it begins on a day to come (whoever acts till then would be
            shut out from today on), it would end before it begins, or it is another registered body's: a body that is
            suspended would work on under another's name.
    """
    name, start = told["body"].strip(), date.fromisoformat(told["from"])
    end = date.fromisoformat(told["until"]) if told.get("until") else None
    if start > timezone.localdate():
        zh = "起始日还没到。请到那天再登记，登记以前由原来的人员办理。"
        raise Refused("RPT-898", zh, "It begins on a day to come: enter it on that day.", "from")
    if end is not None and end < start:
        raise Refused("RPT-997", "截止日早于起始日。请核对两个日期。", "It would end before it begins.", "until")
    found = list(Body.objects.filter(name=name).order_by("pk")[:2])
    here = list(Body.objects.filter(name=name, region__path=body.path)) if found[1:] else found
    if len(here) != 1:
        zh = f"单位名录里没有唯一一个叫“{name[:40]}”的单位。请先给它的人授权“第三方核查”，再按那里的名称填写。"
        raise Refused("RPT-998", zh, f"Not one body is called “{name[:40]}”: appoint its people first.", "body")
    number = here[0].pk
    overlaps = Q(acts_until=None) | Q(acts_until__gte=start)
    if end is not None:
        overlaps &= Q(acts_from__lte=end)
    other = VerificationBody.objects.exclude(pk=body.pk).filter(overlaps, acts_for=number).first()
    if other is not None:
        zh = f"“{name[:40]}”的人已登记为核查机构“{other.name}”办事。一家单位只能对应一家核查机构。"
        raise Refused("RPT-999", zh, f"Its people act for the registered body “{other.name}” already.", "body")
    body.acts_for_id, body.acts_from, body.acts_until = number, start, end
    body.save(update_fields=["acts_for", "acts_from", "acts_until"])
    return {**told, "body": name, "number": f"{number}"}


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


@dataclass(frozen=True, slots=True)
class ActsFor:
    """The body of people whose persons act for one of the register, from when to when; ``holds``: today."""

    body: int
    name: str
    since: date
    until: date | None
    holds: bool


def acts_for(number: int) -> ActsFor | None:
    """Whose persons act for a body of the register; None where nobody's do yet. 1 query."""
    row = VerificationBody.objects.select_related("acts_for").filter(pk=number).first()
    if row is None or row.acts_for is None or row.acts_from is None:
        return None
    today = timezone.localdate()
    holds = row.acts_from <= today and (row.acts_until is None or today <= row.acts_until)
    return ActsFor(row.acts_for.pk, row.acts_for.name, row.acts_from, row.acts_until, holds)


def registered(condition: Q) -> tuple[BodyRow, ...]:
    """Bodies of the register that meet a condition, by name. 1 query."""
    found = VerificationBody.objects.filter(condition).order_by("name", "pk")
    return tuple(BodyRow(each.pk, each.code, each.name, each.path) for each in found)


def against_assignment(number: int, asked: Assignment) -> tuple[Finding, ...]:
    """What stands against giving a verification to a body. 2 queries. Raises Refused where there is none."""
    checks = {check.code: check for check in open_rulebook().checks("reporting/verification")}
    return check_assignment(body_of(number)[0], asked, checks)


def require_assignable(row: ReturnRow, event: Event, by: Acting) -> None:
    """A case on a return may go to a body. What calls for an explanation passes with the document that has it.

    3 queries. Raises Refused, which says what stands against it, or that the person sees no such body.
    """
    body = VerificationBody.objects.filter(pk=event.body or 0).first()
    if body is None or not may(by, Action.VERIFICATION_COMMISSION, Where(body.path)):
        raise Refused("RPT-976", "请从核查机构名录里选一家机构。", "Choose a body of the register.", "body")
    asked = to_be_done(row.reporter.code, row.reporter.industry, row.period, event.on, event.people)
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


def _journal(body: VerificationBody, by: Acting, act: str, after: dict[str, str], ground: str) -> int:
    written = by.act(act, f"verification_body/{body.pk}", ground=ground.strip(), after=after)
    return journal.append(replace(written, place=body.path))
