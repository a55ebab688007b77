"""计分表: a score table as policy lays it down: figures, items, vetoes, grades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.assessment.ladder import Ladder
from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.rounding import Rounding
from shuangkong.core.trace import Clause
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.grid import Grid


class Aspect(StrEnum):
    """What of an indicator a figure is. Reductions are positive where they are good (naming: ``reduction_pct``)."""

    ANNUAL_DUE = "annual_due"
    ANNUAL_DONE = "annual_done"
    CUMULATIVE_DUE = "cumulative_due"  # by the schedule, since the base year
    CUMULATIVE_DONE = "cumulative_done"
    LEVEL_DUE = "level_due"
    LEVEL_DONE = "level_done"
    LEVEL_BEFORE = "level_before"  # of the year before


class Confidence(StrEnum):
    """How sure a rule is that nobody has compared with its document."""

    CONFIRMED = "confirmed"  # read in two or more documents
    SINGLE = "single"  # read in one
    RECALLED = "recalled"  # known, not re-read
    INFERRED = "inferred"  # concluded from results
    GAP = "gap"  # the rows are not at hand: only their marks are known


@dataclass(frozen=True, slots=True)
class FigureRule:
    """A figure that the table takes.

    ``indicator`` and ``aspect``: the system has it from targets and statistics, and nobody types it. Where it
    is ``is_established``, a person establishes it with a document (a case of fraud, a rank in the trade).
    """

    name: Message
    unit: str
    indicator: str = ""
    aspect: Aspect | None = None
    is_established: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a checklist, worth up to ``marks``.

    Attributes:
        evidence: what proves it.
        is_full_if_inapplicable: where it does not apply it is not deducted.
        same_as: ``<table>/<point>`` of another table that asks for the same.
    """

    code: str
    name: Message
    symbol: str
    marks: Decimal
    evidence: str = ""
    is_full_if_inapplicable: bool = False
    same_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item.

    Attributes:
        most, least: the most and fewest marks it can give (a penalty's are 0 and less).
        is_extra: outside the full marks.
        ladder, expression: how it is scored, in words and as arithmetic.
        points: of a checklist; empty where only figures are taken.
        result: what consequences call it when it is not at full marks; empty: nothing.
    """

    code: str
    name: Message
    block: str
    kind: str
    most: Decimal
    least: Decimal
    is_extra: bool
    ladder: Ladder
    whens: tuple[Expression | None, ...]
    expression: Expression
    points: tuple[Point, ...]
    clause: Clause
    confidence: Confidence
    result: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures it takes, points apart."""
        points = {point.symbol for point in self.points}
        return tuple(name for name in self.expression.names if name not in points)

    @property
    def is_manual(self) -> bool:
        """Whether persons give marks in it."""
        return bool(self.points)


@dataclass(frozen=True, slots=True)
class Veto:
    """一票否决: where ``when`` holds, the grade is no better than ``grade`` whatever the score.

    ``result``: what consequences call it; empty: nothing.
    """

    code: str
    name: Message
    when: Expression
    grade: str
    validity: Validity
    clause: Clause
    result: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """While it is in force, a grade is reached where ``when`` holds."""

    when: Expression
    validity: Validity


@dataclass(frozen=True, slots=True)
class Grade:
    """``cuts``: empty for the last grade, which is whatever no better one is; ``result``: what consequences call it."""

    id: str
    name: Message
    cuts: tuple[Cut, ...] = ()
    result: str = ""

    def when_on(self, day: date) -> Expression | None:
        return next((cut.when for cut in self.cuts if cut.validity.holds_on(day)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """A table while it is in force; ``grades`` from the best to the worst; ``full``: marks without extras."""

    id: str
    name: Message
    subjects: tuple[str, ...]
    full: Decimal
    grid: Grid
    blocks: Mapping[str, Message]
    figures: Mapping[str, FigureRule]
    items: tuple[Item, ...]
    vetoes: tuple[Veto, ...]
    grades: tuple[Grade, ...]
    validity: Validity
    clause: Clause
    confidence: Confidence
    source: str
    at: str
    place: str

    @property
    def points(self) -> Iterator[Point]:
        return (point for item in self.items for point in item.points)

    def grade(self, word: str) -> Grade:
        """Raises KeyError."""
        found = next((grade for grade in self.grades if grade.id == word), None)
        if found is None:
            raise KeyError(word)
        return found

    def vetoes_on(self, day: date) -> tuple[Veto, ...]:
        return tuple(veto for veto in self.vetoes if veto.validity.holds_on(day))


#: The name of the sum of marks in the conditions of grades; of how many items of a block are not at full marks.
SCORE = "score"
MISSED = "missed_"
ROUNDINGS = {"half_even": Rounding.HALF_EVEN, "half_up": Rounding.HALF_UP}
