"""适用的规定: what the engine computes by, taken from the policy and the registers before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.core.dated import DatedValue
from shuangkong.core.fact import Cell
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.source import Source
from shuangkong.core.trace import Clause
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.formula import IN_PER_CENT, Formula, Indicator
from shuangkong.indicators.graph import BaseYears, Subjects

_PER_CENT = "pct"


@dataclass(frozen=True, slots=True)
class Law:
    """The rules of one layer and who is part of whom.

    Attributes:
        parameter: id and day → value in force; raises NotInForce, KeyError.
        subjects: the parts of a whole whose figures add up to its own.
        version: of the rulebook.
    """

    indicators: Mapping[str, Indicator]
    forms: Mapping[str, PrintedUnit]
    parameter: Callable[[str, date], DatedValue]
    sources: Mapping[str, Source]
    base_year: BaseYears
    subjects: Subjects
    version: str = ""

    def formula(self, indicator: str, period: Period) -> Formula | None:
        """The one in force on the last day of the period."""
        rule = self.indicators.get(indicator)
        formulas = rule.formulas if rule else ()
        return next((each for each in formulas if each.validity.holds_on(period.last_day)), None)

    def unit(self, cell: Cell) -> str:
        """The base unit that a figure of the cell is in; "" where no file says."""
        if cell.measure in IN_PER_CENT:
            return _PER_CENT
        rule = self.indicators.get(cell.indicator)
        return rule.unit if rule else ""

    def clause(self, source: str, at: str, is_verified: bool) -> Clause:
        """The document and the place in it, as a person would cite them."""
        document = self.sources.get(source)
        title = document.title if document else source
        number = f"（{document.number}）" if document and document.number else ""
        return Clause(Message(f"《{title}》{number}{at}", f"“{title}”{number} {at}".rstrip()), is_verified)
