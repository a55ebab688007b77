"""选格: the cells that a rule speaks of, on which a method that judges cell by cell works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.reporting.checks.context import Told
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import blank
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Run
from shuangkong.reporting.forms.model import Field, FieldKind, Prefill, Span


@dataclass(frozen=True, slots=True)
class Cells:
    """``fixed``: address, field and what a blank is of every cell of fixed tables; ``opened``: fields of open ones."""

    fixed: tuple[tuple[str, Field, State], ...]
    opened: tuple[Field, ...]

    def __bool__(self) -> bool:
        return bool(self.fixed or self.opened)

    @property
    def fields(self) -> Iterator[Field]:
        yield from (field for _, field, _ in self.fixed)
        yield from self.opened

    def told(self, run: Run) -> Iterator[tuple[str, Field, Told]]:
        """Every cell of this return: an open table has the rows that the reporter opened."""
        values = run.sheet.values
        for address, field, empty in self.fixed:
            yield address, field, values.get(address, empty)
        for field in self.opened:
            empty = blank(field)
            for row in run.sheet.keys.get(field.table, ()):
                address = f"{field.table}[{row}].{field.column}"
                yield address, field, values.get(address, empty)

    def figures(self, run: Run) -> Iterator[tuple[str, Decimal]]:
        """Those in which a figure is told, as filed."""
        values = run.sheet.values
        for address, _, _ in self.fixed:
            told = values.get(address)
            if isinstance(told, Decimal):
                yield address, told
        if self.opened:
            yield from (
                (address, told) for address, _, told in Cells((), self.opened).told(run) if isinstance(told, Decimal)
            )


def cells(rule: Rule, law: Law, accepts: Callable[[Field], bool] = lambda _: True) -> Cells:
    """Cells in the rule's table, rows and columns that ``accepts`` takes; ``but_columns`` of its options apart."""
    but = frozenset(rule.options.get("but_columns", "").split())
    fixed: list[tuple[str, Field, State]] = []
    opened: list[Field] = []
    for table in law.tables(rule):
        for field in table.fields:
            if (rule.columns and field.column not in rule.columns) or field.column in but or not accepts(field):
                continue
            if table.open is not None:
                opened.append(field)
            elif rule.covers_row(field.row):
                fixed.append((field.address, field, blank(field)))
    return Cells(tuple(fixed), tuple(opened))


def is_figure(field: Field) -> bool:
    return field.kind is FieldKind.FIGURE


def is_told_figure(field: Field) -> bool:
    """A figure that a person tells: not a total that the form draws itself."""
    return field.kind is FieldKind.FIGURE and field.is_told


def is_amount(field: Field) -> bool:
    """A figure that a person tells anew each period: no coefficient, no amount of a permit."""
    return is_told_figure(field) and field.prefill not in (Prefill.COEFFICIENT, Prefill.PERMIT)


def is_of_period(field: Field) -> bool:
    """An amount that can be held against that of the period before: no sum since January."""
    return is_amount(field) and field.span is not Span.TO_DATE


def is_to_date(field: Field) -> bool:
    """An amount summed up since January."""
    return is_amount(field) and field.span is Span.TO_DATE
