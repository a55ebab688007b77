"""离任审计表: what became of the resources and targets that an official answered for, from the first day to the last.

It shows figures and judges only what had a target; what nobody told is missing, and what this system does not hold
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Clause, Figure
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

ROOM, WORD = "assessment", "term_sheet"


@dataclass(frozen=True, slots=True)
class TermIndicator:
    """``indicator``: id of it; empty where this system has no data of the resource."""

    indicator: str
    name: Message
    resource: str


@dataclass(frozen=True, slots=True)
class TermForm:
    indicators: tuple[TermIndicator, ...]
    clause: Clause


@dataclass(frozen=True, slots=True)
class Term:
    """The days an official was in office for a region; both included."""

    official: str
    region: Subject
    starts: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.starts:
            raise ValueError(f"term {self.starts}..{self.until}: ends before it starts")

    @property
    def base(self) -> Period:
        """The last whole year before the term: what was found."""
        return Period(self.starts.year - 1)

    @property
    def last(self) -> Period:
        """The last whole year of the term, or the base where it spans none: what was left."""
        is_whole = (self.until.month, self.until.day) == (12, 31)
        return Period(self.until.year if is_whole else max(self.until.year - 1, self.base.year))


@dataclass(frozen=True, slots=True)
class TermRow:
    """One indicator; ``is_met``: by whether the target was, None where there was none or nobody can tell."""

    indicator: TermIndicator
    found: Figure | None
    left: Figure | None
    change: Decimal | None
    is_met: bool | None


def term_form(folder: PolicyFolder, layer: str) -> TermForm:
    """The form of the nearest layer that has one."""
    record = node.as_mapping(folder.require(names_in_force(folder, chain(folder, layer), ROOM)[WORD]))
    indicators = tuple(
        TermIndicator(each.text("indicator"), books.message(each.mapping("name")), each.text("resource"))
        for each in record.listing("indicators").mappings()
    )
    return TermForm(indicators, Clause(books.message(record.mapping("name")), record.flag("verified", default=False)))


def term_sheet(
    form: TermForm, term: Term, figures: Mapping[tuple[str, Period], Figure], met: Mapping[str, bool]
) -> tuple[TermRow, ...]:
    """The rows of the sheet.

    Args:
        figures: (indicator, year) → figure of the region.
        met: indicator → whether its target in the term was met, where one can tell.
    """
    return tuple(_row(each, term, figures, met) for each in form.indicators)


def _row(
    each: TermIndicator, term: Term, figures: Mapping[tuple[str, Period], Figure], met: Mapping[str, bool]
) -> TermRow:
    found, left = figures.get((each.indicator, term.base)), figures.get((each.indicator, term.last))
    change = None
    if found and left and found.value is not None and left.value is not None and found.unit == left.unit:
        change = left.value - found.value
    return TermRow(each, found, left, change, met.get(each.indicator))
