"""The plans themselves: taking a reading in, and telling which plans there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Head, Reading
from shuangkong.records.plans.drafts import EntryDraft, drafts
from shuangkong.records.plans.models import AuditFinding, Plan, PlanFile, ReadingEntry
from shuangkong.records.plans.rows import EntryKind, Origin, PlanRow, Status
from shuangkong.records.registry import store as registry

_PLAIN_ORIGIN = Origin()


def save_reading(
    file: bytes | None,
    document: Document,
    reading: Reading,
    findings: Sequence[Finding],
    by: str,
    origin: Origin = _PLAIN_ORIGIN,
) -> PlanRow:
    """Stores file, entries and findings as a new draft plan, in one transaction.

    ``file`` None: facts without a document (the document's text is not kept either). The same file given again is
    kept once.
    """
    with transaction.atomic():
        made = Plan.objects.create(
            file=None if file is None else keep_file(file, document, by),
            status=Status.DRAFT,
            is_demo=origin.is_demo,
            is_fictional=origin.is_fictional,
            source_note=origin.source_note,
            read_at=timezone.now(),
            read_by=by,
            **head_columns(reading.head, origin.region),
        )
        _create_entries(made.pk, drafts(reading))
        replace_findings(made.pk, findings)
    return plan_row(Plan.objects.select_related("region").get(pk=made.pk))


def head_columns(head: Head, region_code: str | None = None) -> dict[str, object]:
    """The columns of a plan that its head decides. ``region_code`` is used where it is known better than the words."""
    named = registry.find_region(head.region) if head.region and region_code is None else None
    return {
        "title": head.title or head.notice_title or "",
        "doc_no": head.doc_no or "",
        "issuer": head.issuer or "",
        "issued_on": head.issued_on,
        "region_id": region_code or (named.code if named else None),
        "region_printed": head.region or "",
        "base_year": head.horizon.base_year,
        "start_year": head.horizon.start_year,
        "end_year": head.horizon.end_year,
    }


def keep_file(content: bytes, document: Document, by: str) -> PlanFile:
    """The row of a file; the same bytes are kept once."""
    kept, _ = PlanFile.objects.get_or_create(
        sha256=sha256(content).hexdigest(),
        defaults={
            "name": document.name,
            "medium": document.medium,
            "size_bytes": len(content),
            "content": content,
            "text": document.text,
            "received_at": timezone.now(),
            "received_by": by,
        },
    )
    return kept


def _create_entries(plan_id: int, made: Sequence[EntryDraft]) -> None:
    """Two inserts: those without a parent, then those with one."""
    ids: dict[tuple[EntryKind, int], int] = {}
    for has_parent in (False, True):
        group = [draft for draft in made if (draft.parent is not None) is has_parent]
        rows = ReadingEntry.objects.bulk_create([_entry(plan_id, draft, ids) for draft in group])
        ids |= {(draft.kind, draft.ordinal): row.pk for draft, row in zip(group, rows, strict=True)}


def _entry(plan_id: int, draft: EntryDraft, ids: dict[tuple[EntryKind, int], int]) -> ReadingEntry:
    doubts = [
        {"code": doubt.code, "weight": doubt.weight, "zh": doubt.message.zh, "en": doubt.message.en}
        for doubt in draft.doubts
    ]
    return ReadingEntry(
        plan_id=plan_id,
        parent_id=ids[draft.parent] if draft.parent else None,
        kind=draft.kind,
        ordinal=draft.ordinal,
        payload=draft.payload,
        span_start=draft.span.start if draft.span else None,
        span_end=draft.span.end if draft.span else None,
        confidence=draft.confidence,
        doubts=doubts,
    )


def plans(region: str | None = None, status: Status | None = None) -> tuple[PlanRow, ...]:
    """All plans, newest first; of one region code or one status where given. 1 query."""
    found = Plan.objects.select_related("region").order_by("-issued_on", "-pk")
    if region is not None:
        found = found.filter(region=region)
    if status is not None:
        found = found.filter(status=status)
    return tuple(map(plan_row, found))


def plans_in_force() -> tuple[PlanRow, ...]:
    """Plans adopted at least once, newest first; a correction under review takes none out of force. 1 query."""
    found = Plan.objects.select_related("region").filter(version__gt=0).order_by("-issued_on", "-pk")
    return tuple(map(plan_row, found))


def plan(plan_id: int) -> PlanRow | None:
    """One plan."""
    found = Plan.objects.select_related("region").filter(pk=plan_id).first()
    return plan_row(found) if found else None


def plan_text(plan_id: int) -> str:
    """The document's text, "" for facts without a document."""
    found = PlanFile.objects.filter(plans=plan_id).values_list("text", flat=True).first()
    return found or ""


def plan_file(plan_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of the document, None for facts without one. 1 query."""
    found = PlanFile.objects.filter(plans=plan_id).values_list("name", "content").first()
    return None if found is None else (found[0], bytes(found[1]))


def file_plans(digest: str) -> tuple[PlanRow, ...]:
    """Plans already read from the file of that SHA-256, newest first."""
    found = Plan.objects.select_related("region").filter(file__sha256=digest).order_by("-pk")
    return tuple(map(plan_row, found))


def findings(plan_id: int) -> tuple[Finding, ...]:
    """Findings of the last audit, in its order."""
    return tuple(map(_finding, AuditFinding.objects.filter(plan=plan_id).order_by("ordinal")))


def audited_at(plan_id: int) -> datetime | None:
    """When the findings were found; None where there are none. 1 query."""
    return AuditFinding.objects.filter(plan=plan_id).values_list("audited_at", flat=True).first()


def replace_findings(plan_id: int, found: Sequence[Finding]) -> None:
    """Puts the findings of a new audit in the place of the last."""
    now = timezone.now()
    rows = [
        AuditFinding(
            plan_id=plan_id,
            ordinal=number,
            code=each.code,
            severity=each.severity,
            place=each.place,
            zh=each.message.zh,
            en=each.message.en,
            ground_zh=each.ground.zh if each.ground else "",
            ground_en=each.ground.en if each.ground else "",
            spans=[[span.start, span.end] for span in each.spans],
            audited_at=now,
        )
        for number, each in enumerate(found)
    ]
    with transaction.atomic():
        AuditFinding.objects.filter(plan=plan_id).delete()
        AuditFinding.objects.bulk_create(rows)


def _finding(row: AuditFinding) -> Finding:
    return Finding(
        code=row.code,
        severity=Severity(row.severity),
        place=row.place,
        message=Message(row.zh, row.en),
        ground=Message(row.ground_zh, row.ground_en) if row.ground_zh else None,
        spans=tuple(Span(*ends) for ends in row.spans),
    )


def plan_row(found: Plan) -> PlanRow:
    """One plan as a value."""
    return PlanRow(
        id=found.pk,
        title=found.title,
        doc_no=found.doc_no,
        issuer=found.issuer,
        issued_on=found.issued_on,
        region=found.region_id,
        region_name=found.region.name if found.region else found.region_printed,
        base_year=found.base_year,
        start_year=found.start_year,
        end_year=found.end_year,
        status=Status(found.status),
        version=found.version,
        is_demo=found.is_demo,
        is_fictional=found.is_fictional,
        source_note=found.source_note,
        has_text=found.file_id is not None,
        read_at=found.read_at,
        read_by=found.read_by,
    )
