"""认定的减排量: the reductions that were linked to key projects and recognised, and those that no project has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from shuangkong.outlook.projects.comparison import Counted
from shuangkong.outlook.projects.ledger import Recognised
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.store import reductions
from shuangkong.records.outlook.projects.rows import KeyProjectRow


def linked(rows: Iterable[KeyProjectRow], until: date | None = None) -> Mapping[int, ReductionRow]:
    """Number → reduction that is some project's own, as known at the end of a day. 2 queries, 3 for a past day."""
    numbers = sorted({number for row in rows for number in row.held.reductions})
    return {each.id: each for each in reductions(Q(pk__in=numbers), until)}


def recognised(row: KeyProjectRow, known: Mapping[int, ReductionRow]) -> tuple[Recognised, ...]:
    """What counts of the reductions of a project: what is not recognised, or was reversed, does not."""
    own = (known[number] for number in sorted(row.held.reductions) if number in known)
    return tuple(
        Recognised(row.id, each.pollutant, each.credit(amount))
        for each in own
        if (amount := each.standing.counts_t) is not None
    )


def counted(row: KeyProjectRow, known: Mapping[int, ReductionRow], pollutant: str) -> Counted:
    """What a project counts with for a pollutant; one that was withdrawn expects nothing and was assigned nothing."""
    if not row.held.is_live:
        return Counted(row.id, None, (), ())
    expected = row.held.particulars.expected.get(pollutant)
    return Counted(row.id, expected, row.held.assignments(row.id), recognised(row, known))


def unlinked(condition: Q, rows: Iterable[KeyProjectRow], until: date | None = None) -> tuple[ReductionRow, ...]:
    """Reductions reported as those of a key project that none of the projects has. 2 queries, 3 for a past day."""
    own = {number for row in rows for number in row.held.reductions}
    return tuple(each for each in reductions(condition & Q(is_key=True), until) if each.id not in own)
