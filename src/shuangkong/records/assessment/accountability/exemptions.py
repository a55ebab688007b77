"""记录的例外: which projects a place lets through which restrictions, read back on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from shuangkong.core.dated import Validity
from shuangkong.core.restriction import Exemption, Restriction
from shuangkong.records.assessment.accountability.models import ApprovalExemption
from shuangkong.records.assessment.accountability.rows import ExemptionRow
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry


def exemptions(condition: Q, until: date | None = None) -> tuple[ExemptionRow, ...]:
    """Those that meet a condition, as known at the end of a day, the newest first. 2 queries."""
    found = list(ApprovalExemption.objects.filter(condition, known_by(until, "at"), ends=None).order_by("-pk"))
    ended = {
        each.ends_id: each
        for each in ApprovalExemption.objects.filter(known_by(until, "at"), ends__in=[row.pk for row in found])
    }
    return tuple(_row(row, ended.get(row.pk)) for row in found)


def readable(acting: Acting) -> Q:
    """The condition that a person may see an exemption: of a place that she sees."""
    return visible(acting, Action.ASSESSMENT_READ)


def _row(row: ApprovalExemption, end: ApprovalExemption | None) -> ExemptionRow:
    return ExemptionRow(
        id=row.pk,
        region=row.region_id,
        path=row.path,
        restriction=row.restriction,
        project=row.project,
        starts=row.starts,
        until=row.until,
        document=row.document,
        reason=row.reason,
        author=row.author,
        journal=row.journal,
        ended_on=end.starts if end else None,
        ended_by=end.document if end else "",
    )


def with_exemptions(known: Iterable[Restriction], place: str, until: date | None = None) -> tuple[Restriction, ...]:
    """Restrictions with the exemptions that a place and those above it recorded. 3 queries."""
    found: dict[str, list[Exemption]] = {}
    here = {place, *(each.code for each in registry.lineage(place))}
    for row in exemptions(Q(region__in=here), until):
        last = row.last_day
        if last is None or last >= row.starts:
            told = Exemption(row.project, Validity(row.starts, last), row.document, row.reason)
            found.setdefault(row.restriction, []).append(told)
    return tuple(replace(each, exemptions=tuple(found.get(each.id, ()))) for each in known)
