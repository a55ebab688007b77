"""认定的对应: the decisions of persons on which entries of two plans answer each other, and which of them hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from shuangkong.plans.cascade.decided import Decided, Pairing
from shuangkong.records.past import known_by
from shuangkong.records.plans.cascade.models import PairDecision
from shuangkong.records.plans.cascade.rows import PairRow
from shuangkong.records.plans.rows import EntryKind

#: Entries that are targets.
TARGETS = frozenset({EntryKind.TARGET, EntryKind.ANNEX_TARGET})


def pair_decisions(plan_id: int, parent_id: int, until: date | None = None) -> tuple[PairRow, ...]:
    """Every decision on pairs of a plan and one above it by the end of a day, oldest first. 1 query."""
    found = PairDecision.objects.filter(known_by(until, "decided_at"), plan=plan_id, above__plan=parent_id)
    return tuple(map(_row, found.select_related("above").order_by("pk")))


def standing_pairs(decisions: Iterable[PairRow]) -> dict[tuple[int, int], PairRow]:
    """Pair of entries → the decision on it that holds. Decisions come oldest first."""
    held_pairs: dict[tuple[int, int], PairRow] = {}
    for row in decisions:
        if row.verdict is Pairing.PAIRED and row.is_target:
            _give_way(held_pairs, row)
        held_pairs[row.above, row.below] = row
    return {pair: row for pair, row in held_pairs.items() if row.verdict is not Pairing.OPEN}


def _give_way(known: dict[tuple[int, int], PairRow], row: PairRow) -> None:
    """A target answers one target: earlier pairs of either of the two are undone."""
    for (above, below), other in list(known.items()):
        if other.verdict is Pairing.PAIRED and (above == row.above or below == row.below):
            del known[above, below]


def decided(rows: Mapping[tuple[int, int], PairRow], above: Mapping[int, int], below: Mapping[int, int]) -> Decided:
    """The decisions that hold, by the keys of a comparison.

    ``above`` and ``below`` are entry → key of what is compared; a pair of which one side is not compared is left out.
    """
    keyed = [
        (row.verdict, (above[pair[0]], below[pair[1]]))
        for pair, row in rows.items()
        if pair[0] in above and pair[1] in below
    ]
    paired, apart = (
        frozenset(pair for said, pair in keyed if said is verdict) for verdict in (Pairing.PAIRED, Pairing.APART)
    )
    return Decided(paired, apart)


def _row(found: PairDecision) -> PairRow:
    return PairRow(
        id=found.pk,
        above=found.above_id,
        below=found.below_id,
        is_target=found.above.kind in TARGETS,
        verdict=Pairing(found.verdict),
        ground=found.ground,
        document=found.document,
        decided_by=found.decided_by,
        decided_at=found.decided_at,
        journal=found.journal,
    )
