"""算数的那一个: of what was told and what was computed, the figure that counts for each period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.fact import Measure, State
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import Printed, published
from shuangkong.indicators.formula import Indicator
from shuangkong.records.facts.looking import best
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import ComputedRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.shown import origin_word, words_of
from shuangkong.web.site.words import MISSING, figure, maturity_word, state_word


@dataclass(frozen=True, slots=True)
class Counting:
    """``shown`` without its unit, or why there is none; ``how``: told by whom, or computed."""

    indicator: str
    period: Period
    shown: str
    value: Decimal | None
    unit: str
    maturity: str
    how: str
    known_on: date
    has_doubts: bool
    is_demo: bool


def counting(told: Iterable[ObservationRow], computed: Iterable[ComputedRow], laws: Laws) -> tuple[Counting, ...]:
    """By indicator and period, given versions of each oldest first: told ones count before computed ones.

    What was told as missing gives way to what was computed; a result found to be missing to nothing. A computed one is
    printed as the law of its own place says.
    """
    cells: dict[tuple[str, Period], list[ObservationRow]] = defaultdict(list)
    for row in told:
        if row.measure is Measure.LEVEL:
            cells[row.indicator, Period.parse(row.period)].append(row)
    results = {(row.cell.indicator, row.cell.period): row for row in computed}
    found = {key: made for key, rows in cells.items() if (made := _of_told(key, rows)) is not None}
    for key, result in results.items():
        if result.state is not State.MISSING and (key not in found or found[key].shown == MISSING):
            found[key] = _of_computed(result, laws.rule(result.cell))
    return tuple(found[key] for key in sorted(found))


def _of_told(key: tuple[str, Period], rows: list[ObservationRow]) -> Counting | None:
    row = best(rows)
    if row is None:
        return None
    absent = MISSING if row.state is State.MISSING else ""
    return Counting(
        *key,
        shown=figure(row.value) if row.state is State.VALUE else absent or state_word(row.state),
        value=row.value,
        unit=row.unit,
        maturity=maturity_word(row.maturity),
        how=origin_word(row.origin),
        known_on=timezone.localdate(row.recorded_at),
        has_doubts=False,
        is_demo=row.is_demo,
    )


def _of_computed(row: ComputedRow, rule: Indicator | None) -> Counting:
    printed = published(row.value, rule, open_rulebook().units(), rule.unit if rule else "")
    return Counting(
        row.cell.indicator,
        row.cell.period,
        shown=words_of(Printed(printed.value, ""), row.state),
        value=printed.value,
        unit=printed.unit,
        maturity=maturity_word(row.maturity) if row.maturity else "",
        how=_("算得"),
        known_on=timezone.localdate(row.computed_at),
        has_doubts=row.has_doubts,
        is_demo=row.is_demo,
    )
