"""快速求值: what the row evaluator answers, for many small rows in a short time and without steps.

Decimals lose nothing in sums and products, and the context below refuses any operation that would: then, and only
then, the row evaluator takes over with its fractions. So both give one answer, ties included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.given import LACKS, WRITTEN, Lack, Told
from shuangkong.policyfile.expression.quick_code import Coded, Unsettled, coded
from shuangkong.policyfile.expression.row import evaluate, holds

#: Sixty digits hold the product of three amounts of eighteen; whatever needs more is refused, not rounded.
_LOSSLESS = Context(prec=60, Emin=-9_999, Emax=9_999, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])

_NAMELESS = Message("—", "—")

type _Number = Callable[[Sequence[Told]], Decimal]
type _Truth = Callable[[Sequence[Told]], bool]


class _Lacking(LookupError):
    """There is no figure; says why."""

    def __init__(self, lack: Lack) -> None:
        super().__init__(lack)
        self.lack = lack


def _unanswered(_: Sequence[Told]) -> None:
    return None


def lossless() -> AbstractContextManager[Context]:
    """The arithmetic in which quick expressions are asked: enter it once for as many as there are."""
    return localcontext(_LOSSLESS)


class Quick:
    """One expression made ready; ask within ``lossless()``. Its units are those of what it is told: no scales."""

    def __init__(self, expression: Expression, names: Sequence[str] | None = None) -> None:
        """``names``: the order in which figures will be told; the expression's own where not given."""
        self.expression = expression
        self.names = tuple(names if names is not None else expression.names)
        self._at = {name: at for at, name in enumerate(self.names)}
        self._own = tuple(self._at[name] for name in expression.names)
        self._patterns: dict[tuple[Told | None, ...], Coded | Lack | None] = {}
        root = expression.root
        self._truth: _Truth | None = None
        self._number: _Number | None = None
        if isinstance(root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            self._truth = self._truth_of(root)
        else:
            self._number = self._number_of(root)

    def holds(self, told: Sequence[Told]) -> bool | None:
        """Whether the condition holds; None where what is lacking decides it. TypeError where it is a number."""
        if self._truth is None:
            raise TypeError(f"{self.expression.text!r}: expected a condition")
        try:
            found = self._coded(told)
            if found is None:
                return self._truth(told)
            answer: bool | None = None if isinstance(found, Lack) else found(told)
            return answer
        except _Lacking:
            return None
        except ArithmeticError:
            return holds(self.expression, self._named(told))

    def straight(self, told: Sequence[Told]) -> Callable[[Sequence[Told]], bool | None]:
        """What answers as ``holds`` does for every row that lacks what this one does, in fewer steps.

        It may raise ArithmeticError or LookupError where ``holds`` must be asked. TypeError where it is a number.
        """
        if self._truth is None:
            raise TypeError(f"{self.expression.text!r}: expected a condition")
        found = self._coded(told)
        if found is None:
            return self.holds
        return _unanswered if isinstance(found, Lack) else found

    def plainly(self) -> Callable[[Sequence[Told]], Decimal] | None:
        """What answers as ``number`` does of rows that lack nothing, before it is written; None where there is none.

        It may raise ArithmeticError or LookupError where ``number`` must be asked. TypeError where it is a condition.
        """
        if self._number is None:
            raise TypeError(f"{self.expression.text!r}: expected a number")
        found = self._coded([Decimal(1)] * len(self.names))
        return None if isinstance(found, Lack) else found

    def number(self, told: Sequence[Told]) -> Decimal | Lack:
        """The figure, of 34 digits where it has no end, or why there is none. TypeError where it is a condition."""
        if self._number is None:
            raise TypeError(f"{self.expression.text!r}: expected a number")
        try:
            found = self._coded(told)
            if isinstance(found, Lack):
                return found
            return WRITTEN.plus(self._number(told) if found is None else found(told))
        except _Lacking as lacking:
            return lacking.lack
        except ArithmeticError:
            outcome = evaluate(self.expression, self._named(told), _NAMELESS, "")
            return outcome.lack if outcome.lack is not None else _present(outcome.value)

    def _coded(self, told: Sequence[Told]) -> Coded | Lack | None:
        """The function for rows that lack what this one does, or the lack itself; None: what lacks must be weighed."""
        pattern = tuple([None if (each := told[at]).__class__ is Decimal else each for at in self._own])
        if pattern not in self._patterns:
            self._patterns[pattern] = self._code(pattern)
        return self._patterns[pattern]

    def _code(self, pattern: tuple[Told | None, ...]) -> Coded | Lack | None:
        pairs = zip(self.expression.names, pattern, strict=True)
        lacks = {name: LACKS[each] for name, each in pairs if isinstance(each, State)}
        try:
            return coded(self.expression, self._at, lacks, _divided)
        except Unsettled:
            return None

    def _named(self, told: Sequence[Told]) -> dict[str, Told]:
        return {self.names[at]: told[at] for at in self._own}

    def _number_of(self, part: nodes.Number) -> _Number:
        match part:
            case nodes.Literal(value=value):
                return lambda _: value
            case nodes.Name(id=name):
                return _named(self._at[name])
            case nodes.Negative(operand=operand):
                inner = self._number_of(operand)
                return lambda told: -inner(told)
            case nodes.Arithmetic(operator=operator, left=left, right=right):
                return _arithmetic(operator, self._number_of(left), self._number_of(right))
            case nodes.Combination(function=function, operands=operands):
                return _combination(function, tuple(self._number_of(each) for each in operands))
            case nodes.Choice():
                return self._choice(part)

    def _choice(self, part: nodes.Choice) -> _Number:
        condition = self._truth_of(part.condition)
        then, otherwise = self._number_of(part.then), self._number_of(part.otherwise)
        return lambda told: then(told) if condition(told) else otherwise(told)

    def _truth_of(self, part: nodes.Truth) -> _Truth:
        match part:
            case nodes.Comparison(relation=relation, left=left, right=right):
                return _comparison(relation, self._number_of(left), self._number_of(right))
            case nodes.Connection(connective=connective, operands=operands):
                return _connection(tuple(self._truth_of(each) for each in operands), decisive=connective == "or")
            case nodes.Denial(operand=operand):
                inner = self._truth_of(operand)
                return lambda told: not inner(told)


def _present(value: Decimal | None) -> Decimal:
    if value is None:
        raise TypeError("expected a figure where nothing is lacking")
    return value


def _named(at: int) -> _Number:
    def figure(told: Sequence[Told]) -> Decimal:
        found = told[at]
        if isinstance(found, State):
            raise _Lacking(LACKS[found])
        return found

    return figure


def _both(left: _Number, right: _Number, told: Sequence[Told]) -> _Lacking:
    """Of two operands of which one lacks, the graver lack: it decides whether a sum passes over it."""
    lacks = []
    for side in (left, right):
        try:
            side(told)
        except _Lacking as lacking:
            lacks.append(lacking.lack)
    return _Lacking(max(lacks))


def _divided(over: Decimal, under: Decimal) -> Decimal:
    if not under:
        raise _Lacking(Lack.UNDEFINED)
    return over / under


def _arithmetic(operator: nodes.Operator, left: _Number, right: _Number) -> _Number:
    plain: dict[nodes.Operator, _Number] = {
        "+": lambda told: left(told) + right(told),
        "-": lambda told: left(told) - right(told),
        "*": lambda told: left(told) * right(told),
        "/": lambda told: _divided(left(told), right(told)),
    }
    work = plain[operator]

    def result(told: Sequence[Told]) -> Decimal:
        try:
            return work(told)
        except _Lacking as lacking:
            if lacking.lack is Lack.UNDEFINED:
                raise  # none is graver
            raise _both(left, right, told) from None

    return result


def _combination(function: nodes.Function, operands: tuple[_Number, ...]) -> _Number:
    match function:
        case "abs":
            return lambda told: abs(operands[0](told))
        case "sum":
            return _sum(operands)
        case _:
            choose = max if function == "max" else min
            return lambda told: choose(_all(operands, told))


def _all(operands: tuple[_Number, ...], told: Sequence[Told]) -> list[Decimal]:
    """Every operand; where some lack, the gravest lack."""
    found, lacks = [], []
    for operand in operands:
        try:
            found.append(operand(told))
        except _Lacking as lacking:
            lacks.append(lacking.lack)
    if lacks:
        raise _Lacking(max(lacks))
    return found


def _sum(operands: tuple[_Number, ...]) -> _Number:
    """What does not apply is absent from a sum; if nothing applies, neither does the sum."""

    def total(told: Sequence[Told]) -> Decimal:
        added, is_any, gravest = Decimal(0), False, Lack.NOT_APPLICABLE
        for operand in operands:
            try:
                added += operand(told)
                is_any = True
            except _Lacking as lacking:
                gravest = max(gravest, lacking.lack)
        if gravest is not Lack.NOT_APPLICABLE or not is_any:
            raise _Lacking(gravest)
        return added

    return total


_RELATIONS: dict[nodes.Relation, Callable[[Decimal, Decimal], bool]] = {
    "<": Decimal.__lt__, "<=": Decimal.__le__, ">": Decimal.__gt__, ">=": Decimal.__ge__,
    "==": Decimal.__eq__, "!=": Decimal.__ne__,
}  # fmt: skip


def _comparison(relation: nodes.Relation, left: _Number, right: _Number) -> _Truth:
    compare = _RELATIONS[relation]

    def answer(told: Sequence[Told]) -> bool:
        try:
            return compare(left(told), right(told))
        except _Lacking:
            raise _both(left, right, told) from None

    return answer


def _connection(operands: tuple[_Truth, ...], *, decisive: bool) -> _Truth:
    def answer(told: Sequence[Told]) -> bool:
        lacks = []
        for operand in operands:
            try:
                if operand(told) is decisive:
                    return decisive
            except _Lacking as lacking:
                lacks.append(lacking.lack)
        if lacks:
            raise _Lacking(max(lacks))
        return not decisive

    return answer
