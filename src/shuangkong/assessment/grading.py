"""定级: from marks and vetoes to a grade, between the best and the worst case that what is missing leaves open.

Missing is not zero: an item without marks may still give all or none of them. A grade is decided where both cases
agree; otherwise every grade between them is possible, and the sheet says so.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from shuangkong.assessment.table import MISSED, SCORE, ScoreTable
from shuangkong.policyfile.expression import Expression, parse


def grade_text(table: ScoreTable, day: date) -> str:
    """The grades as one expression that yields the place of the grade, 0 for the best.

    Raises:
        ValueError: no cut of a grade but the last is in force on the day.
    """
    parts = []
    for place, grade in enumerate(table.grades[:-1]):
        when = grade.when_on(day)
        if when is None:
            raise ValueError(f"{table.place}: grade {grade.id} has no cut on {day}")
        parts.append(f"{place} if {when.text}")
    return " else ".join([*parts, str(len(table.grades) - 1)])


def truth_text(condition: Expression) -> str:
    """A condition as a number, 1 or 0, so that both evaluators take it."""
    return f"1 if {condition.text} else 0"


@cache
def parsed(text: str) -> Expression:
    """Made of expressions that were read before: it parses."""
    return parse(text)


def missed_name(block: str) -> str:
    """What conditions call the number of items of a block that are not at full marks."""
    return MISSED + block


def grade_names(table: ScoreTable) -> frozenset[str]:
    """What the conditions of grades may name beside figures."""
    return frozenset({SCORE, *map(missed_name, table.blocks)})


def place_of(table: ScoreTable, grade: str) -> int:
    return next(place for place, each in enumerate(table.grades) if each.id == grade)
