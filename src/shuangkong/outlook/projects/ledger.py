"""任务与核定: what was assigned to key projects and what is recognised of them, by project, pollutant and year.

Recognition, months that count and what is carried over are those of indicators.emissions; nothing is counted here that
is not credited there, and no credit twice, whichever projects claim it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.indicators.emissions.account import completion
from shuangkong.indicators.emissions.credit import Credit, by_year
from shuangkong.policyfile.expression.given import exact, written


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a key project has to bring in a year; ``project`` is its number in the register of key projects."""

    project: int
    pollutant: str
    year: int
    amount_t: Decimal


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised of a project for a pollutant: the credit of a reduction, whose number is in it."""

    project: int
    pollutant: str
    credit: Credit


@dataclass(frozen=True, slots=True)
class Line:
    """One project, pollutant and year, in tonnes.

    Attributes:
        assigned_t: None where nothing was assigned.
        counted_t: recognised and counting in the year; carried_t: of it, what a start in the year before carried over.
        completion_pct: None where nothing was assigned.
    """

    project: int
    pollutant: str
    year: int
    assigned_t: Decimal | None
    counted_t: Decimal
    carried_t: Decimal
    completion_pct: Decimal | None

    @property
    def short_t(self) -> Decimal | None:
        """What is missing of the assignment; below zero where there is more."""
        return None if self.assigned_t is None else self.assigned_t - self.counted_t


def lines(assigned: Iterable[Assigned], recognised: Iterable[Recognised], year: int) -> tuple[Line, ...]:
    """All projects that were assigned something for a year or count in it, by project and pollutant.

    Raises:
        ValueError: one assignment, or one credit, stands twice.
    """
    due: dict[tuple[int, str], Decimal] = {}
    for task in (each for each in assigned if each.year == year):
        if (task.project, task.pollutant) in due:
            raise ValueError(f"project {task.project}, {task.pollutant}: assigned twice for {year}")
        due[task.project, task.pollutant] = task.amount_t
    counted: dict[tuple[int, str], Fraction] = {}
    carried: dict[tuple[int, str], Fraction] = {}
    seen: set[int] = set()
    for each in recognised:
        credit, key = each.credit, (each.project, each.pollutant)
        if credit.project in seen:
            raise ValueError(f"reduction {credit.project}: credited twice, the second time to project {each.project}")
        seen.add(credit.project)
        amounts = by_year(credit)
        if year in amounts:
            counted[key] = counted.get(key, Fraction(0)) + exact(amounts[year])
            if year != min(amounts):
                carried[key] = carried.get(key, Fraction(0)) + exact(amounts[year])
    return tuple(_line(key, year, due.get(key), counted, carried) for key in sorted({*due, *counted}))


def totals(found: Iterable[Line]) -> tuple[Line, ...]:
    """Per pollutant and year; the project is 0. What nobody was assigned counts, and is no assignment of zero."""
    sums: dict[tuple[str, int], list[Line]] = {}
    for each in found:
        sums.setdefault((each.pollutant, each.year), []).append(each)
    return tuple(_total(pollutant, year, held) for (pollutant, year), held in sorted(sums.items()))


def _total(pollutant: str, year: int, held: list[Line]) -> Line:
    due = [exact(each.assigned_t) for each in held if each.assigned_t is not None]
    assigned = written(sum(due, Fraction(0))) if due else None
    counted = written(sum((exact(each.counted_t) for each in held), Fraction(0)))
    carried = written(sum((exact(each.carried_t) for each in held), Fraction(0)))
    return Line(0, pollutant, year, assigned, counted, carried, completion(counted, assigned))


def _line(
    key: tuple[int, str],
    year: int,
    assigned: Decimal | None,
    counted: dict[tuple[int, str], Fraction],
    carried: dict[tuple[int, str], Fraction],
) -> Line:
    amount = written(counted.get(key, Fraction(0)))
    done = completion(amount, assigned)
    return Line(*key, year, assigned, amount, written(carried.get(key, Fraction(0))), done)
