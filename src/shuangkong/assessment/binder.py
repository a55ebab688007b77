"""自查报告: the self-check towards a superior, in the order of the superior's items, with its evidence and its gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.assessment.answers import Answers, Judged, Proof
from shuangkong.assessment.sheet import ItemScore, Sheet
from shuangkong.assessment.table import ScoreTable
from shuangkong.core.finding import Message


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: an item, or below it one of its points.

    Attributes:
        number: evidence of the line is bound under it, such as ``4.2``.
        marks: as self-assessed, None where it is not scored yet; ``full``: what it is worth.
        because: why, in words; of a point empty.
        proofs: bound in this order.
        wanted: what evidence the table asks for.
        is_gap: a point without evidence, or an item without its figures.
    """

    number: str
    name: Message
    full: Decimal
    marks: Decimal | None
    because: Message | None
    proofs: tuple[Proof, ...]
    wanted: str
    is_gap: bool


def report(sheet: Sheet) -> tuple[Line, ...]:
    """The lines in the order of the sheet's table: a sheet on the superior's table has the superior's order."""
    return tuple(line for score in sheet.scores for line in _lines(score))


def _lines(score: ItemScore) -> Iterator[Line]:
    item = score.item
    yield Line(item.code, item.name, item.most, score.marks, score.because, (), "", score.marks is None)
    for point in item.points:
        given = score.judged.get(point.code)
        proofs = given.proofs if given else ()
        marks = given.marks if given and proofs else None
        yield Line(point.code, point.name, point.marks, marks, None, proofs, point.evidence, not proofs)


def carried_over(answers: Answers, own: ScoreTable, superior: ScoreTable) -> Answers:
    """What was answered on our own table, as far as the superior's points say that they ask for the same.

    Marks are carried as a share of what the point is worth; evidence goes along; figures bear the same names.
    """
    worth = {f"{own.id}/{point.code}": point for point in own.points}
    judged: dict[str, Judged] = _shared(answers.judged, superior)
    for point in superior.points:
        source = worth.get(point.same_as)
        given = answers.judged.get(source.code) if source else None
        if source is not None and given is not None:
            marks = None if given.marks is None else given.marks / source.marks * point.marks
            judged[point.code] = Judged(marks, given.proofs, given.by, given.on, given.is_inapplicable)
    return Answers(_shared(answers.figures, superior), judged)


def _shared[Value](figures: Mapping[str, Value], table: ScoreTable) -> dict[str, Value]:
    return {name: figure for name, figure in figures.items() if name in table.figures}
