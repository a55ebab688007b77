"""Entries as they stand: what was read, and the newest decision on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from shuangkong.core.span import Span
from shuangkong.records.past import end_of, known_by
from shuangkong.records.plans.models import ReadingEntry, ReviewDecision
from shuangkong.records.plans.rows import DecisionRow, DoubtRow, EntryKind, EntryRow, Verdict

_ORDER = list(EntryKind)


def entries(plan_id: int, kind: EntryKind | None = None, until: date | None = None) -> tuple[EntryRow, ...]:
    """Entries with their newest decision, by kind and ordinal, as they stood at the end of a day. 2 queries."""
    found = ReadingEntry.objects.filter(plan=plan_id)
    decided = ReviewDecision.objects.filter(known_by(until, "decided_at"), entry__plan=plan_id)
    if kind is not None:
        found, decided = found.filter(kind=kind), decided.filter(entry__kind=kind)
    if until is not None:
        later = ReviewDecision.objects.filter(
            entry=OuterRef("pk"), verdict=Verdict.ADDED, decided_at__gte=end_of(until)
        )
        found = found.exclude(Exists(later))
    return tuple(sorted(stood(found, decided.order_by("pk")), key=lambda row: (_ORDER.index(row.kind), row.ordinal)))


def stood(found: Iterable[ReadingEntry], decided: Iterable[ReviewDecision]) -> tuple[EntryRow, ...]:
    """Entries with the last of the decisions on each."""
    newest = {each.entry_id: decision_row(each) for each in decided}
    return tuple(_entry_row(each, newest.get(each.pk)) for each in found)


def entry(entry_id: int) -> EntryRow | None:
    """One entry as it stands. 2 queries."""
    found = ReadingEntry.objects.filter(pk=entry_id).first()
    if found is None:
        return None
    newest = ReviewDecision.objects.filter(entry=entry_id).order_by("-pk").first()
    return _entry_row(found, decision_row(newest) if newest else None)


def decisions(entry_id: int) -> tuple[DecisionRow, ...]:
    """All decisions on one entry, oldest first."""
    return tuple(map(decision_row, ReviewDecision.objects.filter(entry=entry_id).order_by("pk")))


def plan_decisions(plan_id: int, until: date | None = None) -> tuple[DecisionRow, ...]:
    """All decisions on a plan's entries by the end of a day, newest first: the record of its review. 1 query."""
    found = ReviewDecision.objects.filter(known_by(until, "decided_at"), entry__plan=plan_id)
    return tuple(map(decision_row, found.order_by("-pk")))


def undecided(plan_id: int) -> tuple[EntryRow, ...]:
    """Doubtful entries without a decision. 2 queries."""
    return tuple(each for each in entries(plan_id) if each.is_open)


def decision_row(found: ReviewDecision) -> DecisionRow:
    """One decision as a value."""
    return DecisionRow(
        id=found.pk,
        entry=found.entry_id,
        verdict=Verdict(found.verdict),
        before=found.before,
        after=found.after,
        merged_into=found.merged_into_id,
        reason=found.reason,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
    )


def _entry_row(found: ReadingEntry, decision: DecisionRow | None) -> EntryRow:
    ends = (found.span_start, found.span_end)
    return EntryRow(
        id=found.pk,
        plan=found.plan_id,
        parent=found.parent_id,
        kind=EntryKind(found.kind),
        ordinal=found.ordinal,
        payload=decision.after if decision and decision.after is not None else found.payload,
        read=found.payload,
        span=None if ends[0] is None or ends[1] is None else Span(ends[0], ends[1]),
        confidence=found.confidence,
        doubts=tuple(DoubtRow(**doubt) for doubt in found.doubts),
        decision=decision,
    )
