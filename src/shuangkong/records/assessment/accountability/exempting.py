"""例外: one project let through a restriction all the same, by a document; recorded, and ended by another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.restriction import Firmness, Restriction
from shuangkong.records.assessment.accountability.exemptions import exemptions
from shuangkong.records.assessment.accountability.models import ApprovalExemption
from shuangkong.records.assessment.accountability.restricting import is_laid_down, without_exemptions
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry


@dataclass(frozen=True, slots=True)
class WantedExemption:
    """An exemption to be recorded: for ``region`` and all below it.

    ``restriction`` is the id of the restriction, ``until`` None: while that holds.
    """

    region: str
    restriction: str
    project: str
    document: str
    reason: str
    starts: date
    until: date | None = None


def leaves_room(restriction: Restriction) -> bool:
    """Whether exceptions can be made: of what is forbidden 原则上, and of suspensions, which an authority laid down."""
    return restriction.firmness is Firmness.IN_PRINCIPLE or is_laid_down(restriction)


def exempt(wanted: WantedExemption, by: Acting) -> int:
    """Records an exemption and returns its number. ~8 queries.

    Raises:
        Refused: ASM-521 no such place, or no such restriction in force there; ASM-522 it leaves no room for exceptions;
            ASM-523 no project, document or reason; ASM-524 a first day to come, or a last day before it; ASM-525 the
            project is exempt already.
        Forbidden: the person approves nothing there.
    """
    with transaction.atomic():
        region = registry.region(wanted.region)
        path = registry.paths([wanted.region])[wanted.region] if region else ""
        require(by, Action.ASSESSMENT_APPROVE, Where(path))
        known = {each.id: each for each in without_exemptions(wanted.region, wanted.starts)} if region else {}
        found = known.get(wanted.restriction)
        if found is None or not found.holds_on(wanted.starts):
            zh = "这个地方今天没有这条限制。请重新查询后再记录。"
            raise Refused("ASM-521", zh, "No such restriction in force there: ask again.", "restriction")
        _require_sound(wanted, found)
        told = {
            "restriction": wanted.restriction, "project": wanted.project.strip(), "starts": wanted.starts,
            "until": wanted.until,
        }  # fmt: skip
        act = by.act(
            "exemption.record", f"region/{wanted.region}", ground=wanted.reason.strip(),
            document=wanted.document.strip(), after=told,
        )  # fmt: skip
        made = ApprovalExemption.objects.create(
            region_id=wanted.region, path=path, restriction=wanted.restriction, project=wanted.project.strip(),
            starts=wanted.starts, until=wanted.until, document=wanted.document.strip(), reason=wanted.reason.strip(),
            author=by.author, at=timezone.now(), journal=journal.append(replace(act, place=path)),
        )  # fmt: skip
    return made.pk


def _require_sound(wanted: WantedExemption, found: Restriction) -> None:
    today, project = timezone.localdate(), wanted.project.strip()
    same = Q(region=wanted.region, restriction=wanted.restriction, project=project)
    is_exempt = any(each.holds_on(wanted.starts) for each in exemptions(same))
    for holds, number, zh, en, key in (
        (leaves_room(found), 522, "这条规定是严禁，没有例外；要放行只能先修改规定。",
         "It is forbidden without exception: the rule itself would have to change.", "restriction"),
        (project, 523, "请写明项目名称。", "Name the project.", "project"),
        (wanted.document.strip(), 523, "请写明批准例外的文件。", "Name the document.", "document"),
        (wanted.reason.strip(), 523, "请写明例外的理由。", "Give the reason.", "reason"),
        (wanted.starts <= today, 524, "起始日期不能晚于今天。", "The first day lies in the future.", "starts"),
        (wanted.until is None or wanted.until >= wanted.starts, 524, "最后一天不能早于起始日期。",
         "The last day lies before the first.", "until"),
        (not is_exempt, 525, "这个项目已经有例外。", "The project is exempt already.", "project"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, key)


def end_exemption(number: int, by: Acting, document: str, reason: str) -> None:
    """Ends one from today on. ~5 queries.

    Raises:
        Refused: ASM-526 there is none of that number, or it is ended; ASM-523 no document or reason.
        Forbidden: the person approves nothing there.
    """
    with transaction.atomic():
        held = ApprovalExemption.objects.select_for_update(of=("self",)).filter(pk=number, ends=None).first()
        row = next(iter(exemptions(Q(pk=number))), None)
        if held is None or row is None or row.ended_on is not None:
            raise Refused("ASM-526", "没有这项例外，或已经取消。", "No such exemption, or it is ended.")
        require(by, Action.ASSESSMENT_APPROVE, Where(row.path))
        for said, zh, en, key in (
            (document, "请写明取消例外的文件。", "Name the document.", "document"),
            (reason, "请写明取消的理由。", "Give the reason.", "reason"),
        ):
            if not said.strip():
                raise Refused("ASM-523", zh, en, key)
        act = by.act(
            "exemption.end", f"region/{row.region}", ground=reason.strip(), document=document.strip(),
            before={"restriction": row.restriction, "project": row.project},
        )  # fmt: skip
        ApprovalExemption.objects.create(
            region_id=row.region, path=row.path, restriction=row.restriction, project=row.project,
            starts=timezone.localdate(), document=document.strip(), reason=reason.strip(), ends=held,
            author=by.author, at=timezone.now(), journal=journal.append(replace(act, place=row.path)),
        )  # fmt: skip


def may_exempt(by: Acting, path: str) -> bool:
    """Whether a person decides on exceptions at a place."""
    return may(by, Action.ASSESSMENT_APPROVE, Where(path))
