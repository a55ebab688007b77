"""两期的数: figures of two periods of whoever is compared, money of both at the same prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.engine.leaves import is_doubted, unverified
from shuangkong.indicators.prices import at_prices
from shuangkong.indicators.situation import Pair
from shuangkong.records.indicators.moved import Doubts


def comparable_cells(law: Law, subject: Subject, indicator: str, before: Period, now: Period) -> tuple[Cell, Cell]:
    """The figures of two periods, money of both at the prices of the later one."""
    base, earlier = law.base_year(now.year), law.base_year(before.year)
    rule = law.indicators.get(indicator)
    is_linked = rule is not None and rule.is_at_constant_prices and base != earlier
    first = at_prices(indicator, base) if is_linked and base is not None else indicator
    return Cell(subject, first, before), Cell(subject, indicator, now)


#: Whose line it is, and what tells its energy and its activity.
type Taken = tuple[Subject, str, str | None]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Figures of the two periods."""

    engine: Engine
    now: Period
    before: Period

    def cells(self, subject: Subject, indicator: str) -> tuple[Cell, Cell]:
        """Before and now."""
        return comparable_cells(self.engine.law, subject, indicator, self.before, self.now)

    def figures(self, subject: Subject, indicator: str) -> tuple[Figure, Figure]:
        before, now = self.cells(subject, indicator)
        return self.engine.figure(before), self.engine.figure(now)

    def of(self, subject: Subject, indicator: str) -> Pair | None:
        """None where either is not known: absent is not zero."""
        before, now = (each.value for each in self.figures(subject, indicator))
        return None if before is None or now is None else (before, now)

    def is_told(self, subject: Subject, indicator: str) -> bool:
        return any(each.value is not None for each in self.figures(subject, indicator))

    def doubts(self, taken: Mapping[str, Taken]) -> Doubts:
        """Of a table; ``taken``: by code of the line, "" for the whole, what its figures are."""
        energy = {code: self.figures(subject, used) for code, (subject, used, _) in taken.items()}
        made = [each for subject, _, added in taken.values() if added for each in self.figures(subject, added)]
        every = [each for pair in energy.values() for each in pair] + made
        return Doubts(
            {code: (is_doubted(before), is_doubted(now)) for code, (before, now) in energy.items()},
            any(map(is_doubted, made)),
            tuple(dict.fromkeys(rule for each in every if is_doubted(each) for rule in unverified(each))),
        )
