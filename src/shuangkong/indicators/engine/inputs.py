"""公式的输入: the cells that stand for the names of a formula, and how each is told apart where several do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.law import Law
from shuangkong.indicators.formula import Formula, Input, Shift, Span
from shuangkong.indicators.graph import own_subject, periods_of


def cells_of_input(taken: Input, cell: Cell, law: Law) -> tuple[Cell, ...]:
    """The cells that stand for one name of a formula when ``cell`` is computed; none where none is known."""
    subjects: Iterable[Subject]
    match taken.span:
        case Span.SAME | Span.SECTOR:
            own = own_subject(taken, cell.subject)
            subjects = () if own is None else (own,)
        case Span.CHILDREN:
            subjects = law.subjects.parts(cell.subject)
        case Span.WHOLE:
            whole = law.subjects.whole(cell.subject)
            subjects = () if whole is None else (whole,)
    periods = periods_of(taken, cell.period, law.base_year)
    return tuple(Cell(subject, taken.indicator, period, taken.measure) for subject in subjects for period in periods)


def is_series(taken: Input) -> bool:
    """Whether several figures stand for one name."""
    return taken.shift is Shift.SINCE_BASE or taken.span is Span.CHILDREN


def by_name(formula: Formula, inputs: Mapping[str, tuple[Figure, ...]]) -> tuple[tuple[str, Figure], ...]:
    """Name in the formula and figure; those of a series with what tells them apart."""
    return tuple(
        (
            f"{name}[{told_apart(figure.cell, formula.inputs[name])}]" if is_series(formula.inputs[name]) else name,
            figure,
        )
        for name, figures in inputs.items()
        for figure in figures
    )


def told_apart(cell: Cell, taken: Input) -> str:
    """The part, the period, or both."""
    part = [cell.subject.code] if taken.span is Span.CHILDREN else []
    return " ".join([*part, str(cell.period)] if taken.shift is Shift.SINCE_BASE or not part else part)
