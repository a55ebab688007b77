"""选格: the cells that a rule speaks of, on which a method that judges cell by cell works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from shuangkong.core.fact import State
from shuangkong.reporting.checks.context import Told
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import blank
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Run
from shuangkong.reporting.forms.first import Prefill
from shuangkong.reporting.forms.model import Field, FieldKind, Form, Span

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """``fixed``: address, field and what a blank is of every cell of fixed tables; ``opened``: fields of open ones.

    ``is_for_figures``: every one of the fixed cells is.

    Rules that speak of the same cells share one of these, and a run reads it once for all of them.
    """

    fixed: tuple[tuple[str, Field, State], ...]
    opened: tuple[Field, ...]
    is_for_figures: bool = False

    def __bool__(self) -> bool:
        return bool(self.fixed or self.opened)

    def told(self, run: Run) -> Iterator[tuple[str, Field, Told]]:
        """Every cell of this return: an open table has the rows that the reporter opened."""
        get = run.sheet.values.get
        for address, field, empty in self.fixed:
            yield address, field, get(address, empty)
        for address, field in self.rows(run):
            yield address, field, get(address, blank(field))

    def rows(self, run: Run) -> Iterator[tuple[str, Field]]:
        """The cells of open tables."""
        for field in self.opened:
            for row in run.sheet.keys.get(field.table, ()):
                yield f"{field.table}[{row}].{field.column}", field

    def filled(self, run: Run) -> list[tuple[str, Field, Decimal | str]]:
        """Those in which something is told, figures as filed."""

        def read() -> list[tuple[str, Field, Decimal | str]]:
            get = run.told.get
            found = [(at, field, told) for at, field, _ in self.fixed if (told := get(at)) is not None]
            return found + [(at, field, told) for at, field in self.rows(run) if (told := get(at)) is not None]

        return run.once((self, "filled"), read)

    def figures(self, run: Run) -> list[tuple[str, Decimal]]:
        """Those in which a figure is told, as filed."""

        def read() -> list[tuple[str, Decimal]]:
            get = run.figures.get
            found = [(at, told) for at, _, _ in self.fixed if (told := get(at)) is not None]
            return found + [(at, told) for at, _ in self.rows(run) if (told := get(at)) is not None]

        return run.once((self, "figures"), read)

    def is_any_told(self, run: Run) -> bool:
        """Whether something is told in one of them."""
        told = run.told
        return any(at in told for at, _, _ in self.fixed) or any(at in told for at, _ in self.rows(run))

    def are_figures(self, run: Run) -> bool:
        """Whether these are cells for figures, of a return in which nothing but finite figures is told."""
        if self.opened or not self.is_for_figures or len(run.figures) < len(run.told):
            return False
        return run.once("finite", lambda: all(map(Decimal.is_finite, run.figures.values())))


def bounds(run: Run) -> tuple[Decimal, Decimal]:
    """The least and the greatest figure of the whole return; zeros where there are none."""

    def read() -> tuple[Decimal, Decimal]:
        found = run.figures.values()
        return (min(found), max(found)) if found else (_ZERO, _ZERO)

    return run.once("bounds", read)


def cells(rule: Rule, law: Law, accepts: Callable[[Field], bool]) -> Cells:
    """Cells in the rule's table, rows and columns that ``accepts`` takes; ``but_columns`` of its options apart."""
    but = frozenset(rule.options.get("but_columns", "").split())
    return _cells(law.form, rule.table, rule.rows, rule.but_rows, rule.columns, but, accepts)


#: Forms of a day times the ways in which rules choose of them.
_MOST_KEPT = 4_096


@lru_cache(maxsize=_MOST_KEPT)
def _cells(
    form: Form,
    table: str,
    rows: tuple[str, ...],
    but_rows: tuple[str, ...],
    columns: tuple[str, ...],
    but: frozenset[str],
    accepts: Callable[[Field], bool],
) -> Cells:
    fixed: list[tuple[str, Field, State]] = []
    opened: list[Field] = []
    for each in form.tables:
        if table and each.id != table:
            continue
        for field in each.fields:
            if (columns and field.column not in columns) or field.column in but or not accepts(field):
                continue
            if each.open is not None:
                opened.append(field)
            elif (not rows or field.row in rows) and field.row not in but_rows:
                fixed.append((field.address, field, blank(field)))
    return Cells(tuple(fixed), tuple(opened), all(field.kind is FieldKind.FIGURE for _, field, _ in fixed))


def is_any(_: Field) -> bool:
    return True


def is_figure(field: Field) -> bool:
    return field.kind is FieldKind.FIGURE


def is_told_figure(field: Field) -> bool:
    """A figure that a person tells: not a total that the form draws itself."""
    return field.kind is FieldKind.FIGURE and field.is_told


def is_amount(field: Field) -> bool:
    """A figure that a person tells anew each period: no coefficient, no amount of a permit."""
    return is_told_figure(field) and field.first(Prefill.COEFFICIENT, Prefill.PERMIT) is None


def is_of_period(field: Field) -> bool:
    """An amount that can be held against that of the period before: no sum since January."""
    return is_amount(field) and field.span is not Span.TO_DATE


def is_to_date(field: Field) -> bool:
    """An amount summed up since January."""
    return is_amount(field) and field.span is Span.TO_DATE
