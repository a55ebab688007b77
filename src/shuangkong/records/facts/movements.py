"""进出和沿革: who entered or left a scope of statistics in a place, and which units became which, as known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shuangkong.records.facts.models import ScopeMembership, Subject, SubjectChange
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.standing import standing
from shuangkong.records.past import known_by
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region, RegionChange


@dataclass(frozen=True, slots=True)
class Movement:
    """A subject that entered a scope ``on`` a day, or (``is_leaving``) belonged to it no more from that day."""

    subject: SubjectRow
    scope: str
    on: date
    is_leaving: bool
    document: str


@dataclass(frozen=True, slots=True)
class Became:
    """A subject that became another; ``kind`` as records.registry.tree.Change, "" for regions."""

    before: SubjectRow
    after: SubjectRow
    kind: str
    on: date
    document: str


def movements(place: str, as_of: date | None = None) -> tuple[Movement, ...]:
    """Of subjects in a place and below it, the newest first. 1 query."""
    inside = Region.objects.filter(below(place)).values("code")
    found = ScopeMembership.objects.filter(standing("membership", as_of), subject__region__in=inside)
    stays = {(row.subject_id, row.scope, row.starts_on): row for row in found.select_related("subject").order_by("pk")}
    moved: list[Movement] = []
    for row in stays.values():
        subject = _subject(row.subject)
        moved.append(Movement(subject, row.scope, row.starts_on, False, row.document))
        if row.ends_on is not None:
            moved.append(Movement(subject, row.scope, row.ends_on + timedelta(days=1), True, row.document))
    return tuple(sorted(moved, key=lambda each: (each.on, each.subject.key), reverse=True))


def successions(place: str, as_of: date | None = None) -> tuple[Became, ...]:
    """Of units and institutions in a place and below it, and of its regions, the newest first. 2 queries."""
    inside = Region.objects.filter(below(place)).values("code")
    units = SubjectChange.objects.filter(standing("change", as_of), after__region__in=inside)
    regions = RegionChange.objects.filter(known_by(as_of, "decided_at"), after__in=inside)
    found = [
        Became(_subject(row.before), _subject(row.after), row.kind, row.on, row.document)
        for row in units.select_related("before", "after")
    ]
    found += [
        Became(_region(row.before), _region(row.after), "", row.on, row.document)
        for row in regions.select_related("before", "after")
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.after.key), reverse=True))


def _subject(found: Subject) -> SubjectRow:
    return SubjectRow(found.kind, found.code, found.name, found.region)


def _region(found: Region) -> SubjectRow:
    return SubjectRow("region", found.pk, found.name, found.pk)
