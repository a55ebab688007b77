"""逐行条件的直判: rows whose figures all stand in the return are judged at once; every other goes the long way.

Which way a row goes changes nothing but the time: whatever is not in order is judged and told by the long way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.quick import Quick
from shuangkong.reporting.checks.asking import Asked, Getter
from shuangkong.reporting.checks.reference import Reference, Whence
from shuangkong.reporting.checks.run import Run
from shuangkong.reporting.forms.model import FieldKind, Form

#: Address → figure in base units; of these those of one row.
type Figures = Mapping[str, Decimal]
type Reader = Callable[[Figures], tuple[Decimal, ...]]
type Truth = Callable[[Sequence[Told]], bool | None]
#: Forms of all layers and editions that a process meets in a day.
_MOST_KEPT = 512
_ONE = Decimal(1)
_STEADY = frozenset({Whence.PERIOD, Whence.UNIT})


@dataclass(frozen=True, slots=True)
class Straight[Row]:
    """A condition over rows, in their order; those with None have a name that is no fixed cell of the return.

    ``applies`` (None: always) and ``holds`` take the figures of a row's cells, then the steady ones, then the limits.
    """

    form: Form
    rows: tuple[tuple[Reader | None, Row], ...]
    steady: tuple[Getter, ...]
    limits: tuple[Decimal, ...]
    applies: Truth | None
    holds: Truth

    def left(self, run: Run, code: str) -> list[Row]:
        """The rows that are not settled here. One that is in order is judged and passed, one not meant is judged."""
        figures = run.once((self.form, "base"), lambda: _in_base_units(self.form, run.figures))
        steady = [get(run, "") for get in self.steady]
        tail = tuple(each for each in steady if isinstance(each, Decimal)) + self.limits
        is_known = len(tail) == len(steady) + len(self.limits)
        applies, holds, found = self.applies, self.holds, []
        is_judged = is_passed = False
        for reader, row in self.rows:
            if reader is not None and is_known:
                try:
                    told = reader(figures) + tail
                    is_meant = True if applies is None else applies(told)
                    if is_meant is False:
                        is_judged = True
                        continue
                    if is_meant and holds(told):
                        is_passed = True
                        continue
                except (ArithmeticError, LookupError):
                    pass  # a figure is lacking, or takes more digits than are kept: the long way knows
            found.append(row)
        if is_judged or is_passed:
            run.judged.add(code)
        if is_passed:
            run.passed.add(code)
        return found


def straight[Row](
    form: Form,
    names: Mapping[str, Reference],
    limits: Mapping[str, Decimal],
    conditions: tuple[Expression | None, Expression],
    rows: Iterable[tuple[Row, Sequence[Asked]]],
) -> Straight[Row] | None:
    """None where no row can be judged so.

    Args:
        conditions: when it applies (None: always), and what must hold.
        rows: each with what the names stand for in it, in their order; nothing of one that goes the long way.
    """
    own = [at for at, each in enumerate(names.values()) if not is_steady(each)]
    steady = [at for at, each in enumerate(names.values()) if is_steady(each)]
    held = list(rows)
    readers = [(_reader([asked[at] for at in own if asked]), row) for row, asked in held]
    first = next((asked for (reader, _), (_, asked) in zip(readers, held, strict=True) if reader is not None), None)
    if first is None:
        return None
    told = list(names)
    order = [*(told[at] for at in own), *(told[at] for at in steady), *limits]
    when, must = (None if each is None else Quick(each, order).straight([_ONE] * len(order)) for each in conditions)
    if must is None:
        return None
    getters = tuple(first[at].get for at in steady)
    return Straight(form, tuple(readers), getters, tuple(limits.values()), when, must)


def is_steady(reference: Reference) -> bool:
    """Whether it means the same in every row and comes of no return."""
    return reference.whence in _STEADY and not reference.needs_row


def _reader(asked: Sequence[Asked]) -> Reader | None:
    """What takes the figures of fixed cells of the return; None where one is none. Raises KeyError where one lacks."""
    addresses = [each.plain[0] for each in asked if each.plain is not None]
    if not addresses or len(addresses) < len(asked):
        return None
    if len(addresses) == 1:
        address = addresses[0]
        return lambda figures: (figures[address],)
    reader: Reader = itemgetter(*addresses)
    return reader


def _in_base_units(form: Form, figures: Figures) -> Figures:
    """Figures as filed → in base units, of the cells of fixed rows."""
    found = dict(figures)
    for at, factor in _factors(form):
        if at in figures:
            found[at] = figures[at] * factor
    return found


@lru_cache(maxsize=_MOST_KEPT)
def _factors(form: Form) -> tuple[tuple[str, Decimal], ...]:
    """Address and factor of figures in fixed rows whose printed unit is no base unit."""
    fields = form.fixed.items()
    return tuple((at, each.factor) for at, each in fields if each.kind is FieldKind.FIGURE and each.factor != 1)


def needed(condition: Expression) -> frozenset[str]:
    """Names without whose figures there is no answer, whatever the others are."""
    root = condition.root
    while isinstance(root, nodes.Denial):
        root = root.operand
    return frozenset(_needed(root.left) | _needed(root.right)) if isinstance(root, nodes.Comparison) else frozenset()


def _needed(part: nodes.Number) -> set[str]:
    match part:
        case nodes.Name(id=name):
            return {name}
        case nodes.Negative(operand=operand):
            return _needed(operand)
        case nodes.Arithmetic(left=left, right=right):
            return _needed(left) | _needed(right)
        case nodes.Combination(function=function, operands=operands) if function != "sum":
            return set().union(*map(_needed, operands))
        case _:  # a sum passes over what does not apply, a choice may take the other side
            return set()
