"""与目标比: what key projects of a place bring in the years of a plan, against its target for them (重点工程减排量)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.indicators.emissions.account import completion
from shuangkong.outlook.projects.ledger import Assigned, Recognised, lines
from shuangkong.policyfile.expression.given import exact, written


@dataclass(frozen=True, slots=True)
class Due:
    """A target: what projects of a place have to bring of a pollutant in the years of its plan, in tonnes."""

    target: int
    pollutant: str
    place: str
    name: str
    amount_t: Decimal
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one project of the place counts with; ``expected_t`` of a full year, None where it expects nothing of it."""

    project: int
    expected_t: Decimal | None
    assigned: tuple[Assigned, ...]
    recognised: tuple[Recognised, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Sums of the projects of a place, in tonnes, beside the target.

    Attributes:
        projects: how many expect, were assigned or bring something of the pollutant.
        short_t: what recognised tonnes lack of the target; uncovered_t: what even all that is expected would lack,
            each project counting with what is recognised of it where that is more. Neither is below zero.
    """

    due: Due
    projects: int
    expected_t: Decimal
    assigned_t: Decimal
    counted_t: Decimal
    completion_pct: Decimal | None
    short_t: Decimal
    uncovered_t: Decimal


def compared(due: Due, projects: Sequence[Counted]) -> Compared:
    """Raises ValueError where one reduction stands under two projects, or one assignment twice."""
    assigned = [task for each in projects for task in each.assigned if task.pollutant == due.pollutant]
    recognised = [told for each in projects for told in each.recognised if told.pollutant == due.pollutant]
    found = [line for year in due.years for line in lines(assigned, recognised, year)]
    counted: dict[int, Fraction] = {}
    for line in found:
        counted[line.project] = counted.get(line.project, Fraction(0)) + exact(line.counted_t)
    expected = {each.project: exact(each.expected_t) for each in projects if each.expected_t is not None}
    brought = _sum(counted.values())
    hoped = _sum(max(counted.get(key, Fraction(0)), expected.get(key, Fraction(0))) for key in {*counted, *expected})
    wanted = exact(due.amount_t)
    return Compared(
        due=due,
        projects=len({*counted, *expected}),
        expected_t=written(_sum(expected.values())),
        assigned_t=written(_sum(exact(line.assigned_t) for line in found if line.assigned_t is not None)),
        counted_t=written(brought),
        completion_pct=completion(written(brought), due.amount_t),
        short_t=written(max(Fraction(0), wanted - brought)),
        uncovered_t=written(max(Fraction(0), wanted - hoped)),
    )


def _sum(amounts: Iterable[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))
