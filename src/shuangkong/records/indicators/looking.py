"""查结果: computed figures as they stood on any day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import starmap

from django.db.models import QuerySet

from shuangkong.core.fact import Cell, Maturity, State, Subject
from shuangkong.records.facts.codes import MATURITIES, STATES
from shuangkong.records.facts.dictionary import subjects as numbers_of_subjects
from shuangkong.records.facts.dictionary import words
from shuangkong.records.facts.models import Word
from shuangkong.records.facts.periods import period_of
from shuangkong.records.indicators.models import Computation, ComputedFigure
from shuangkong.records.past import known_by
from shuangkong.rulebook import open_rulebook

_COLUMNS = (
    "subject__kind", "subject__code", "indicator__text", "first_month", "months", "state", "value", "maturity",
    "has_doubts", "is_demo", "computation__rulebook", "computation__computed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ComputedRow:
    """The result of a cell that nobody told, in the indicator's base unit.

    Attributes:
        maturity: of the least settled fact below it; None where nothing was told below it.
        rulebook, computed_at: by which rules and when it was found to be so.
    """

    cell: Cell
    state: State
    value: Decimal | None
    maturity: Maturity | None
    has_doubts: bool
    is_demo: bool
    rulebook: str
    computed_at: datetime

    @property
    def content(self) -> tuple[State, Decimal | None, Maturity | None, bool, bool]:
        """What another result must say to be the same."""
        return self.state, self.value, self.maturity, self.has_doubts, self.is_demo


@dataclass(frozen=True, slots=True)
class LatestComputation:
    """When results were last brought up to date, by which rules, and how many there were to look at.

    ``has_new_rules``: results of today do not follow today's rules yet.
    """

    rulebook: str
    computed_at: datetime
    is_whole: bool
    cells: int
    changed: int
    has_new_rules: bool


def latest(as_of: date | None = None) -> LatestComputation | None:
    """The last computation by the end of a day that came to its end. 1 query."""
    ended = Computation.objects.filter(known_by(as_of, "computed_at"), finished_at__isnull=False)
    found = ended.order_by("pk").last()
    if found is None:
        return None
    has_new_rules = as_of is None and found.rulebook != open_rulebook().version
    return LatestComputation(
        found.rulebook, found.computed_at, found.is_whole, found.cells, found.changed, has_new_rules
    )


def results(indicators: Iterable[str], about: Iterable[Subject], as_of: date | None = None) -> dict[Cell, ComputedRow]:
    """The result that stood at the end of a day of each cell of these indicators and subjects. 3 queries or more."""
    wanted = set(about)
    numbers = numbers_of_subjects((each.kind, each.code) for each in wanted)
    found = ComputedFigure.objects.filter(
        known_by(as_of, "computation__computed_at"),
        indicator__in=words(Word.INDICATOR, indicators).values(),
        subject__in=numbers.values(),
    )
    return standing(found)


def standing(found: QuerySet[ComputedFigure]) -> dict[Cell, ComputedRow]:
    """The newest of each cell. 1 query."""
    return {row.cell: row for row in starmap(_row, found.order_by("pk").values_list(*_COLUMNS))}


def vintages(indicator: str, subject: Subject, as_of: date | None = None) -> tuple[ComputedRow, ...]:
    """Every result that there has been, oldest first. 1 query."""
    found = ComputedFigure.objects.filter(
        known_by(as_of, "computation__computed_at"),
        indicator__kind=Word.INDICATOR,
        indicator__text=indicator,
        subject__kind=subject.kind,
        subject__code=subject.code,
    )
    return tuple(starmap(_row, found.order_by("pk").values_list(*_COLUMNS)))


def _row(
    kind: str, code: str, indicator: str, first_month: int, months: int, state: int, value: Decimal | None,
    maturity: int | None, has_doubts: bool, is_demo: bool, rulebook: str, computed_at: datetime,
) -> ComputedRow:  # fmt: skip
    return ComputedRow(
        Cell(Subject(kind, code), indicator, period_of(first_month, months)),
        STATES.word(state),
        value,
        None if maturity is None else MATURITIES.word(maturity),
        has_doubts,
        is_demo,
        rulebook,
        computed_at,
    )
