"""缺哪些数: of a place and all below it, what its own rules ask for and nobody told, nor can be computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.expected import Expected
from shuangkong.records.facts.gaps import Gap, gaps
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import results
from shuangkong.records.indicators.territory import Territory
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.known import known

#: More gaps than this are not tried one by one: what was computed of them stands in the results.
_MOST_TRIED = 500


def lacking(place: str, since: date, day: date, as_of: date | None = None) -> tuple[Gap, ...]:
    """What was missed on ``day`` of periods that end from ``since`` on; of each subject by the law of its own place.

    Args:
        place: the path of a region; subjects in it and below it are asked of.

    Queries of records.facts.gaps for each rule, and those of ``known``.
    """
    laws = Laws(Territory())
    layers: dict[Expected, set[str]] = defaultdict(set)
    for layer in laws.layers:
        for each in open_rulebook().expected_facts(layer):
            layers[each].add(layer)

    def asks(expected: Expected, subject: SubjectRow, period: Period) -> bool:
        return laws.layer_of(Subject(subject.kind, subject.code), period) in layers[expected]

    found = gaps(tuple(layers), place, since, day, as_of, asks)
    made = _computed(found, laws, as_of)
    return tuple(gap for gap in found if _cell(gap) not in made)


def _cell(gap: Gap) -> Cell:
    return Cell(Subject(gap.subject.kind, gap.subject.code), gap.indicator, gap.period)


def _computed(found: Sequence[Gap], laws: Laws, as_of: date | None) -> frozenset[Cell]:
    """Cells that nobody told but that can be computed: nothing is missing there. Of very many, those that were."""
    cells = {cell for cell in map(_cell, found) if (rule := laws.rule(cell)) is not None and rule.formulas}
    if len(cells) <= _MOST_TRIED:
        seen = known(cells, as_of, laws.territory)
        return frozenset(cell for cell in cells if seen.figure(cell).state is not State.MISSING)
    rows = results({cell.indicator for cell in cells}, {cell.subject for cell in cells}, as_of)
    return frozenset(cell for cell, row in rows.items() if row.state is not State.MISSING)
