"""Plans as they stood at the end of a past day: the version then in force, and its head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import F, Max, OuterRef, Subquery

from shuangkong.records.past import known_by
from shuangkong.records.plans.entries import stood
from shuangkong.records.plans.heads import head_columns
from shuangkong.records.plans.models import Adoption, Plan, PlanFile, ReadingEntry, ReviewDecision
from shuangkong.records.plans.rows import EntryKind, EntryRow, PlanRow, Status
from shuangkong.records.plans.soundness import head_of
from shuangkong.records.registry.names import names_then


def version_at(until: date | None) -> F | Subquery:
    """For a query on rows of a plan: the version in force now, or at the end of a day; no row is of "none yet"."""
    if until is None:
        return F("plan__version")
    adopted = Adoption.objects.filter(known_by(until, "adopted_at"), plan=OuterRef("plan"))
    return Subquery(adopted.order_by("-version").values("version")[:1])


@dataclass(frozen=True, slots=True)
class _Force:
    """The version in force, and the newest decision that it rests on."""

    version: int = 0
    last: int | None = None


def as_of(found: Sequence[Plan], rows: Sequence[PlanRow], until: date) -> tuple[PlanRow, ...]:
    """The rows of plans as they stood; ``found`` are their models. Regions are named as then. 6 queries."""
    ids = [plan.pk for plan in found]
    force = _in_force(ids, until)
    newest = dict(
        ReviewDecision.objects.filter(known_by(until, "decided_at"), entry__plan__in=ids)
        .values("entry__plan")
        .annotate(last=Max("pk"))
        .values_list("entry__plan", "last")
    )
    heads = _heads(ids, force)
    names = names_then(until)
    here = set(PlanFile.objects.filter(known_by(until, "received_at"), plans__in=ids).values_list("pk", flat=True))
    return tuple(
        replace(
            row,
            **head_columns(head_of(heads[row.id])),
            version=force.get(row.id, _Force()).version,
            region_name=names.region(row.region, row.region_name),
            status=_status(force.get(row.id, _Force()), newest.get(row.id)),
            has_text=plan.file_id in here,
        )
        for plan, row in zip(found, rows, strict=True)
    )


def _in_force(ids: Sequence[int], until: date) -> dict[int, _Force]:
    adopted = Adoption.objects.filter(known_by(until, "adopted_at"), plan__in=ids).order_by("version")
    return {each.plan_id: _Force(each.version, each.last_decision_id) for each in adopted}


def _heads(ids: Sequence[int], force: dict[int, _Force]) -> dict[int, list[EntryRow]]:
    """The entries of each head as the version in force took them; as they were read where none was."""
    entries = list(ReadingEntry.objects.filter(plan__in=ids, kind=EntryKind.HEAD_FIELD))
    decided = ReviewDecision.objects.filter(entry__plan__in=ids, entry__kind=EntryKind.HEAD_FIELD).order_by("pk")
    plan_of = {each.pk: each.plan_id for each in entries}
    adopted = [
        each
        for each in decided
        if (last := force.get(plan_of[each.entry_id], _Force()).last) is not None and each.pk <= last
    ]
    heads: dict[int, list[EntryRow]] = defaultdict(list)
    for row in stood(entries, adopted):
        heads[row.plan].append(row)
    return heads


def _status(force: _Force, newest: int | None) -> Status:
    if newest == force.last:
        return Status.ADOPTED if force.version else Status.DRAFT
    return Status.IN_REVIEW
