"""The plans themselves: taking a reading in, and telling which plans there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Q, QuerySet, Subquery
from django.utils import timezone

from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.reading import Reading
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Forbidden, Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import EVERY, held, path_of, write
from shuangkong.records.plans.drafts import EntryDraft, drafts
from shuangkong.records.plans.earlier import as_of
from shuangkong.records.plans.heads import head_columns, region_columns
from shuangkong.records.plans.models import Audit, AuditFinding, Plan, PlanFile, ReadingEntry
from shuangkong.records.plans.rows import EntryKind, Origin, PlanRow, Status

_PLAIN_ORIGIN = Origin()


def save_reading(
    file: bytes | None,
    document: Document,
    reading: Reading,
    findings: Sequence[Finding],
    by: Acting,
    origin: Origin = _PLAIN_ORIGIN,
) -> PlanRow:
    """Stores file, entries and findings as a new draft plan, in one transaction.

    ``file`` None: facts without a document (the document's text is not kept either). The same file given again is
    kept once. A document whose region nobody knows is one of the place that reads it in.

    Raises:
        Forbidden: the document's region is not one that the person may read plans in for.
    """
    with transaction.atomic():
        made = Plan(
            file=None if file is None else keep_file(file, document, by.author),
            status=Status.DRAFT,
            is_demo=origin.is_demo,
            is_fictional=origin.is_fictional,
            source_note=origin.source_note,
            read_at=timezone.now(),
            read_by=by.author,
            **head_columns(reading.head),
            **region_columns(reading.head, origin.region),
        )
        if by.region and not made.region_id:
            made.region_id = by.region
        _require_within(made, by)
        made.save()
        drafted = drafts(reading)
        _create_entries(made.pk, drafted)
        audit = _save_audit(made, findings, by)
        said = {"title": made.title, "doc_no": made.doc_no, "entries": len(drafted), "findings": len(audit)}
        write(made, by, "plan.upload", document="" if made.file is None else made.file.sha256, after=said)
    return plan_row(made)


def _require_within(made: Plan, by: Acting) -> None:
    if may(by, Action.PLAN_UPLOAD, Where(path_of(made))):
        return
    place = made.region.name if made.region else made.region_printed
    raise Forbidden(
        "PLN-972",
        f"这是“{place or '未知地区'}”的方案，不在您可以读入的地区（{by.region_name or '无'}）。请换一份，或切换身份。",
        f"This is a plan of {place or 'an unknown place'}, outside {by.region_name or 'your places'}: switch.",
    )


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


def plans(
    region: str | None = None, status: Status | None = None, *, seen: Q = EVERY, until: date | None = None
) -> tuple[PlanRow, ...]:
    """All plans, newest first; of one region code or one status where given. 1 query, 7 as of a day.

    ``seen`` is a condition on the region (``region__path``); ``until`` tells them as they stood at the end of a day.
    """
    found = _all().filter(seen).order_by("-issued_on", "-pk")
    if region is not None:
        found = found.filter(region=region)
    return tuple(row for row in _told(found, until) if status is None or row.status is status)


def plans_in_force(*, seen: Q = EVERY, until: date | None = None) -> tuple[PlanRow, ...]:
    """Plans adopted at least once, newest first; a correction under review takes none out of force. 1 query, or 7."""
    found = _all().filter(seen, version__gt=0).order_by("-issued_on", "-pk")
    return tuple(row for row in _told(found, until) if row.version)


def plan(plan_id: int, until: date | None = None) -> PlanRow | None:
    """One plan; None where there is none, or was none yet. 1 query, 7 as of a day."""
    return next(iter(_told(_all().filter(pk=plan_id), until)), None)


def _all() -> QuerySet[Plan]:
    return Plan.objects.select_related("region")


def _told(found: QuerySet[Plan], until: date | None) -> tuple[PlanRow, ...]:
    every = list(found.filter(known_by(until, "read_at")))
    rows = tuple(map(plan_row, every))
    return rows if until is None or not rows else as_of(every, rows, until)


def plan_text(plan_id: int, until: date | None = None) -> str:
    """The document's text, "" for facts without a document, or one that came after the end of a day. 1 query."""
    found = PlanFile.objects.filter(known_by(until, "received_at"), plans=plan_id)
    return found.values_list("text", flat=True).first() or ""


def plan_file(plan_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of the document, None for facts without one. 1 query."""
    found = PlanFile.objects.filter(plans=plan_id).values_list("name", "content").first()
    return None if found is None else (found[0], bytes(found[1]))


def file_plans(digest: str, seen: Q = EVERY) -> tuple[PlanRow, ...]:
    """Plans already read from the file of that SHA-256, newest first."""
    return tuple(map(plan_row, _all().filter(seen, file__sha256=digest).order_by("-pk")))


def findings(plan_id: int, until: date | None = None) -> tuple[Finding, ...]:
    """Findings of the last audit (by the end of a day), in its order. 1 query."""
    newest = _audits(plan_id, until).values("pk")[:1]
    return tuple(map(_finding, AuditFinding.objects.filter(audit=Subquery(newest)).order_by("ordinal")))


def audited_at(plan_id: int, until: date | None = None) -> datetime | None:
    """When the last audit was; None where there was none. 1 query."""
    return _audits(plan_id, until).values_list("audited_at", flat=True).first()


def _audits(plan_id: int, until: date | None) -> QuerySet[Audit]:
    return Audit.objects.filter(known_by(until, "audited_at"), plan=plan_id).order_by("-pk")


def record_audit(plan_id: int, found: Sequence[Finding], by: Acting) -> None:
    """Keeps the findings of a new audit; from now on they are told, the last ones stay for past days.

    Raises:
        Refused: there is no such plan.
        Forbidden: the person may not audit it.
    """
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        before = len(findings(plan_id))
        _save_audit(plan, found, by)
        write(plan, by, "plan.audit", before={"findings": before}, after={"findings": len(found)})


def _save_audit(plan: Plan, found: Sequence[Finding], by: Acting) -> list[AuditFinding]:
    audit = Audit.objects.create(plan=plan, audited_at=timezone.now(), audited_by=by.author)
    return AuditFinding.objects.bulk_create(
        AuditFinding(
            audit=audit,
            ordinal=number,
            code=each.code,
            severity=each.severity,
            place=each.place,
            zh=each.message.zh,
            en=each.message.en,
            ground_zh=each.ground.zh if each.ground else "",
            ground_en=each.ground.en if each.ground else "",
            spans=[[span.start, span.end] for span in each.spans],
        )
        for number, each in enumerate(found)
    )


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
        path=path_of(found),
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
