"""逐行求值: one row of figures through an expression, exactly, with every step shown.

Arithmetic is on fractions: the language is closed over them, so nothing is lost until the one rounding at the end.
Where a figure is lacking the result is too; ``and`` and ``or`` are decided by what is known (Kleene), ``sum`` passes
over what does not apply, and the branch that is not chosen lacks nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import State
from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.core.trace import Step
from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.given import LACKS, STATES, Lack, Told, exact, written
from shuangkong.policyfile.expression.grid import Grid

#: Divided by zero: the figures are there, and no ratio is.
DIVIDED_BY_ZERO = "IND-001"
_CONVERSION = Message("换算到基本单位", "Conversion to the base unit")
_CHOICE = Message("按条件取值", "Choice by a condition")
_RESULT_UNIT = Message("换算到指标的单位", "Conversion to the indicator's unit")
_ROUNDING = Message("修约", "Rounding")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression yields for one row.

    Attributes:
        value: in the unit asked for, rounded by the rule where there is one, else of 34 digits; None without a figure.
        lack: why there is none.
        steps: the arithmetic, in order.
        zero_divisors: the divisors that were zero, as the formula writes them.
        passed_over: names whose figures do not matter to it, whatever they are: it does not rest on them.
    """

    value: Decimal | None
    lack: Lack | None
    steps: tuple[Step, ...]
    zero_divisors: tuple[str, ...] = ()
    passed_over: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        return State.VALUE if self.lack is None else STATES[self.lack]

    def findings(self, place: str) -> Iterator[Finding]:
        """What a person must look at; ``place`` tells whose figure it is."""
        for divisor in self.zero_divisors:
            message = Message(
                f"分母“{divisor}”为 0，算不出结果，按缺失处理。请核对该数；确无此项活动的请报“不适用”。",
                f"The divisor “{divisor}” is 0, so there is no result: it counts as missing. Check the figure; where"
                " there is no such activity, report “not applicable”.",
            )
            yield Finding(DIVIDED_BY_ZERO, Severity.MUST_EXPLAIN, place, message)


def evaluate(
    expression: Expression,
    told: Mapping[str, Told],
    name: Message,
    unit: str,
    grid: Grid | None = None,
) -> Outcome:
    """The figure that ``expression`` yields.

    Args:
        told: what stands for each name, in the unit of its own file.
        name: what is computed, for the trace; ``unit``: of the result.
        grid: where the result comes to rest; None: as computed.

    Raises:
        KeyError: a name has nothing told.
        TypeError: the expression is a condition.
        ValueError: a figure is not finite.
    """
    row = _Row(expression, told)
    result = row.whole()
    steps = [*row.conversions(), *row.choices]
    value = None if isinstance(result, Lack) else result
    inputs = tuple(row.inputs())
    raw = None if value is None else written(value)
    steps.append(Step(name, expression.text, inputs, raw, expression.scales.unit or unit))
    if value is None:
        lack = result if isinstance(result, Lack) else None
        zero_divisors = tuple(row.zero_divisors) if lack is Lack.UNDEFINED else ()
        return Outcome(None, lack, tuple(steps), zero_divisors)
    if expression.scales.result != 1 and raw is not None:
        value /= expression.scales.result
        text = f"x / {written(expression.scales.result):f}"
        steps.append(Step(_RESULT_UNIT, text, (("x", raw),), written(value), unit))
    if grid is None:
        return Outcome(written(value), None, tuple(steps))
    rounded = grid.rounded(value)
    text = f"round(x / {grid.factor:f}, {grid.places}) * {grid.factor:f}"
    steps.append(Step(_ROUNDING, text, (("x", written(value)),), rounded, unit))
    return Outcome(rounded, None, tuple(steps))


def holds(expression: Expression, told: Mapping[str, Told]) -> bool | None:
    """Whether a condition holds; None where what is lacking decides it. Raises as evaluate does."""
    if isinstance(expression.root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
        found = _Row(expression, told).truth(expression.root)
        return None if isinstance(found, Lack) else found
    raise TypeError(f"{expression.text!r}: expected a condition")


def unrounded(expression: Expression, told: Mapping[str, Fraction | Lack]) -> Fraction | Lack:
    """The exact result over exact inputs, in the unit asked for, without steps; raises as evaluate does."""
    result = _Row(expression, told).whole()
    return result if isinstance(result, Lack) else result / expression.scales.result


class _Row:
    """One evaluation, which remembers the choices it made and the divisors that were zero."""

    def __init__(self, expression: Expression, told: Mapping[str, Told] | Mapping[str, Fraction | Lack]) -> None:
        self.expression = expression
        self.scales = dict(expression.scales.names)
        self.told = told
        self.figures = {name: self._entered(name) for name in expression.names}
        self.choices: list[Step] = []
        self.zero_divisors: dict[str, None] = {}

    def _entered(self, name: str) -> Fraction | Lack:
        told = self.told[name]
        match told:
            case Decimal():
                return exact(told) * self.scales.get(name, 1)
            case Fraction():
                return told * self.scales.get(name, 1)
            case State():
                return LACKS[told]
            case Lack():
                return told

    def conversions(self) -> Iterator[Step]:
        for name, factor in self.scales.items():
            told, figure = self.told[name], self.figures[name]
            if isinstance(told, Decimal) and isinstance(figure, Fraction):
                yield Step(_CONVERSION, f"{name} * {written(factor):f}", ((name, told),), written(figure), "")

    def inputs(self) -> Iterator[tuple[str, Decimal]]:
        """Symbol and value as they are computed with."""
        for name, figure in self.figures.items():
            told = self.told[name]
            if isinstance(figure, Fraction) and isinstance(told, Decimal):
                yield name, written(figure) if name in self.scales else told

    def whole(self) -> Fraction | Lack:
        root = self.expression.root
        if isinstance(root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            raise TypeError(f"{self.expression.text!r}: expected a number, found a condition")
        return self.number(root)

    def number(self, part: nodes.Number) -> Fraction | Lack:
        match part:
            case nodes.Literal(value=value):
                return Fraction(value)
            case nodes.Name(id=name):
                return self.figures[name]
            case nodes.Negative(operand=operand):
                found = self.number(operand)
                return found if isinstance(found, Lack) else -found
            case nodes.Arithmetic():
                return self.arithmetic(part)
            case nodes.Combination(function=function, operands=operands):
                return _combined(function, tuple(self.number(operand) for operand in operands))
            case nodes.Choice():
                return self.choice(part)

    def arithmetic(self, part: nodes.Arithmetic) -> Fraction | Lack:
        left, right = self.number(part.left), self.number(part.right)
        if isinstance(left, Lack) or isinstance(right, Lack):
            return _greatest((left, right))
        match part.operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                if right == 0:
                    self.zero_divisors.setdefault(part.right.piece.of(self.expression.text))
                    return Lack.UNDEFINED
                return left / right

    def choice(self, part: nodes.Choice) -> Fraction | Lack:
        is_so = self.truth(part.condition)
        if isinstance(is_so, Lack):
            return is_so
        chosen = part.then if is_so else part.otherwise
        found = self.number(chosen)
        text = self.expression.text
        formula = f"{part.condition.piece.of(text)} → {'是 yes' if is_so else '否 no'}: {chosen.piece.of(text)}"
        value = None if isinstance(found, Lack) else written(found)
        self.choices.append(Step(_CHOICE, formula, (), value, ""))
        return found

    def truth(self, part: nodes.Truth) -> bool | Lack:
        match part:
            case nodes.Comparison(relation=relation, left=left, right=right):
                first, second = self.number(left), self.number(right)
                if isinstance(first, Lack) or isinstance(second, Lack):
                    return _greatest((first, second))
                return _compared(relation, first, second)
            case nodes.Connection(connective=connective, operands=operands):
                found = tuple(self.truth(operand) for operand in operands)
                decisive = connective == "or"
                if any(one is decisive for one in found):
                    return decisive
                lacks = [one for one in found if isinstance(one, Lack)]
                return max(lacks) if lacks else not decisive
            case nodes.Denial(operand=operand):
                is_so = self.truth(operand)
                return is_so if isinstance(is_so, Lack) else not is_so


def _greatest(parts: tuple[Fraction | Lack, ...]) -> Lack:
    return max(part for part in parts if isinstance(part, Lack))


def _combined(function: nodes.Function, parts: tuple[Fraction | Lack, ...]) -> Fraction | Lack:
    if function == "sum":
        # A sum says by its name that what does not apply is absent from it; if nothing applies, neither does the sum.
        parts = tuple(part for part in parts if part is not Lack.NOT_APPLICABLE) or (Lack.NOT_APPLICABLE,)
    figures = [part for part in parts if isinstance(part, Fraction)]
    if len(figures) != len(parts):
        return _greatest(parts)
    match function:
        case "min":
            return min(figures)
        case "max":
            return max(figures)
        case "abs":
            return abs(figures[0])
        case "sum":
            return sum(figures, Fraction(0))


def _compared(relation: nodes.Relation, first: Fraction, second: Fraction) -> bool:
    match relation:
        case "<":
            return first < second
        case "<=":
            return first <= second
        case ">":
            return first > second
        case ">=":
            return first >= second
        case "==":
            return first == second
        case "!=":
            return first != second
