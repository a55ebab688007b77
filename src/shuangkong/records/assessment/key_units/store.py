"""Rows ⇄ values of the lists of key units. Access is the caller's condition: ``readable``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.past import known_by
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action


@dataclass(frozen=True, slots=True)
class KeyUnitRow:
    """One enterprise in one list, from when until when; ``source`` is the enterprise's source code."""

    id: int
    enterprise: int
    source: str
    name: str
    region: str
    region_name: str
    listing: str
    starts: date
    until: date | None
    document: str
    is_fictional: bool

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day <= self.until)


def key_units(condition: Q, until: date | None = None) -> tuple[KeyUnitRow, ...]:
    """Entries that meet a condition, as known at the end of a day, by list and enterprise. 1 query."""
    found = KeyUnitEntry.objects.select_related("enterprise__region").filter(condition, known_by(until, "at"))
    newest = {(row.listing, row.enterprise_id, row.starts): row for row in found.order_by("pk")}
    return tuple(_row(newest[key]) for key in sorted(newest))


def lists_of(enterprises: Iterable[int], day: date, until: date | None = None) -> dict[int, frozenset[str]]:
    """Number of an enterprise → the lists that it stands in on a day. 1 query."""
    found: dict[int, set[str]] = defaultdict(set)
    for row in key_units(Q(enterprise__in=list(enterprises)), until):
        if row.holds_on(day):
            found[row.enterprise].add(row.listing)
    return {number: frozenset(lists) for number, lists in found.items()}


def readable(acting: Acting) -> Q:
    """The condition that a person may see an entry: of an enterprise at a place that she sees, or her own."""
    return visible(acting, Action.ASSESSMENT_READ, "enterprise__region__path", "enterprise__body")


def _row(row: KeyUnitEntry) -> KeyUnitRow:
    unit = row.enterprise
    return KeyUnitRow(
        id=row.pk,
        enterprise=unit.pk,
        source=source_code(unit.pk),
        name=unit.name,
        region=unit.region_id,
        region_name=unit.region.name,
        listing=row.listing,
        starts=row.starts,
        until=row.until,
        document=row.document,
        is_fictional=unit.region.is_fictional,
    )
