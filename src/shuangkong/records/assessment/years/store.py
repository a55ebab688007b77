"""Rows ⇄ values of assessments. Access is the caller's condition, or ``may_read`` for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from shuangkong.assessment.year import Event, EventKind, standing
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.records.assessment.years.models import (
    Assessment,
    AssessmentDraw,
    AssessmentEvent,
    AssessmentEvidence,
    AssessmentMark,
)
from shuangkong.records.assessment.years.rows import AssessmentRow, DrawRow, EventRow, EvidenceRow, MarkRow, Side
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.names import NamesThen, names_then


def assessment(assessment_id: int, until: date | None = None) -> AssessmentRow | None:
    """One as known at the end of a day; None where there was none. 2 queries, 3 for a past day."""
    return next(iter(assessments(Q(pk=assessment_id), until)), None)


def assessments(condition: Q, until: date | None = None) -> tuple[AssessmentRow, ...]:
    """Those that meet a condition, as known at the end of a day, newest period first. 2 queries, 3 for a past day."""
    found = list(
        Assessment.objects.select_related("region")
        .filter(condition, known_by(until, "launched_at"))
        .order_by("-period", "duty", "subject_code", "pk")
    )
    told: dict[int, list[Event]] = defaultdict(list)
    for each in _events(Q(assessment__in=[row.pk for row in found]), until):
        told[each.assessment_id].append(_event(each))
    names = names_then(until)
    return tuple(_row(row, told[row.pk], names) for row in found)


def events(assessment_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to one, oldest first, as known at the end of a day. 1 query."""
    return tuple(
        EventRow(
            id=row.pk,
            kind=EventKind(row.kind),
            on=row.on,
            until=row.until,
            score=row.score,
            grade=row.grade,
            version=row.sheet.version if row.sheet else "",
            number=row.number,
            document=row.document,
            answers=row.answers_id,
            text=row.text,
            author=row.author,
            at=row.at,
            journal=row.journal,
        )
        for row in _events(Q(assessment=assessment_id), until)
    )


def marks(condition: Q, until: date | None = None) -> dict[int, tuple[MarkRow, ...]]:
    """Number of an assessment → its entries, oldest first, as known at the end of a day. 2 queries."""
    rows = AssessmentMark.objects.filter(condition, known_by(until, "at")).order_by("pk")
    named = AssessmentEvidence.objects.select_related("file").defer("file__content").order_by("pk")
    found: dict[int, list[MarkRow]] = defaultdict(list)
    for row in rows.prefetch_related(Prefetch("evidence", named)):
        evidence = tuple(map(_evidence, row.evidence.all()))
        found[row.assessment_id].append(
            MarkRow(
                id=row.pk,
                assessment=row.assessment_id,
                side=Side(row.side),
                code=row.code,
                marks=row.marks,
                is_inapplicable=row.is_inapplicable,
                text=row.text,
                evidence=evidence,
                author=row.author,
                at=row.at,
            )
        )
    return {number: tuple(rows) for number, rows in found.items()}


def evidence_file(evidence_id: int) -> tuple[EvidenceRow, bytes, int] | None:
    """A file with its bytes and the number of the assessment; None where there is none. 1 query."""
    found = AssessmentEvidence.objects.select_related("file", "mark").filter(pk=evidence_id).first()
    if found is None or found.file is None:
        return None
    return _evidence(found), bytes(found.file.content), found.mark.assessment_id


def subject_names(codes: Iterable[str]) -> dict[str, str]:
    """Code of an object that was assessed → its name, the newest counts. 1 query."""
    found = Assessment.objects.filter(subject_code__in=list(codes)).order_by("pk")
    return dict(found.values_list("subject_code", "subject_name"))


def contents_of(digests: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    """SHA-256 of a file of evidence → its medium and bytes. 1 query."""
    found = TaskFile.objects.filter(sha256__in=list(digests))
    return {row.sha256: (row.medium, bytes(row.content)) for row in found}


def draws(condition: Q, until: date | None = None) -> tuple[DrawRow, ...]:
    """Draws that meet a condition, the newest first. 1 query."""
    found = AssessmentDraw.objects.filter(condition, known_by(until, "at")).order_by("-pk")
    return tuple(
        DrawRow(
            duty=row.duty,
            period=Period.parse(row.period),
            seed=row.seed,
            among=tuple(row.among.split()),
            drawn=tuple(row.drawn.split()),
            author=row.author,
            at=row.at,
        )
        for row in found
    )


def readable(acting: Acting) -> Q:
    """The condition that a person may see one: of an assessor that she sees, of an assessed place, or of her body."""
    here = visible(acting, Action.ASSESSMENT_READ, body="body")
    return here if not here else here | visible(acting, Action.ASSESSMENT_READ, "subject_path")


def may_read(acting: Acting, row: AssessmentRow) -> bool:
    """Whether a person may see one; as ``readable``."""
    assessed = Where(row.subject_path, row.bodies)
    return may(acting, Action.ASSESSMENT_READ, row.where) or may(acting, Action.ASSESSMENT_READ, assessed)


def _events(condition: Q, until: date | None) -> QuerySet[AssessmentEvent]:
    found = AssessmentEvent.objects.filter(condition, known_by(until, "at"))
    return found.select_related("sheet").defer("sheet__content").order_by("pk")


def _event(row: AssessmentEvent) -> Event:
    return Event(
        id=row.pk,
        kind=EventKind(row.kind),
        on=row.on,
        until=row.until,
        proofs=row.evidence,
        score=row.score,
        grade=row.grade,
        version=row.sheet.version if row.sheet else "",
        number=row.number,
        answers=row.answers_id,
    )


def _evidence(row: AssessmentEvidence) -> EvidenceRow:
    medium, digest = (row.file.medium, row.file.sha256) if row.file else ("", "")
    return EvidenceRow(row.pk, row.title, row.number, medium, digest)


def _row(row: Assessment, told: Iterable[Event], names: NamesThen) -> AssessmentRow:
    happened = list(told)
    return AssessmentRow(
        id=row.pk,
        region=row.region_id,
        region_name=names.region(row.region_id, row.region.name),
        path=row.path,
        duty=row.duty,
        layer=row.layer,
        score_table=row.score_table,
        period=Period.parse(row.period),
        subject=Subject(row.subject_kind, row.subject_code),
        subject_name=row.subject_name,
        subject_path=row.subject_path,
        body=row.body_id,
        decomposition=row.decomposition_id,
        launched_by=row.launched_by,
        launched_at=row.launched_at,
        is_fictional=row.region.is_fictional,
        standing=standing(happened),
        waits_since=happened[-1].on if happened else date.min,
    )
