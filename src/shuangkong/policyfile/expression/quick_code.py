"""快速求值的直译: an expression as one Python function, for rows of which it is known what they lack.

The function is put together of the parts of a parsed expression, never of text. What depends on what is lacking is
settled here once for each pattern of lacks; where it cannot be settled without the figures, the caller is told.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.given import Lack

#: (figures in the order of the names) → truth or figure.
type Coded = Callable[[Sequence[Any]], Any]
_TOLD, _DIVIDED = "told", "divided"
_OPERATORS: Mapping[str, type[ast.operator]] = {"+": ast.Add, "-": ast.Sub, "*": ast.Mult}
_RELATIONS: Mapping[str, type[ast.cmpop]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "==": ast.Eq, "!=": ast.NotEq,
}  # fmt: skip


class Unsettled(Exception):
    """What the lacks come to depends on the figures."""


def coded(
    expression: Expression, at: Mapping[str, int], lacks: Mapping[str, Lack], divided: Callable[[Any, Any], Any]
) -> Coded | Lack:
    """The expression as a function, or the lack that it comes to whatever the figures.

    Args:
        at: name → where its figure stands; ``lacks``: those names that have none.
        divided: divides, and raises where the divisor is zero.

    Raises:
        Unsettled: the lacks cannot be settled.
    """
    work = _Coder(at, lacks)
    part = work.root(expression.root)
    if isinstance(part, Lack):
        return part
    arguments = ast.arguments(posonlyargs=[], args=[ast.arg(_TOLD)], kwonlyargs=[], kw_defaults=[], defaults=[])
    whole = ast.fix_missing_locations(ast.Expression(ast.Lambda(arguments, part)))
    names = {**work.constants, _DIVIDED: divided, "min": min, "max": max, "abs": abs, "__builtins__": {}}
    # What is compiled are parts of our own making, with nothing in reach but the three functions above.
    made: Coded = eval(compile(whole, expression.text, "eval"), names)
    return made


class _Coder:
    def __init__(self, at: Mapping[str, int], lacks: Mapping[str, Lack]) -> None:
        self.at, self.lacks = at, lacks
        self.constants: dict[str, Decimal] = {}
        self.divisions = 0

    def root(self, part: nodes.Number | nodes.Truth) -> ast.expr | Lack:
        """The outermost part: of a connection what is known may decide, and else there is no answer."""
        if not isinstance(part, nodes.Connection):
            return self.any(part)
        found = self.operands(part)
        lacks = [each for each in found if isinstance(each, Lack)]
        known = [each for each in found if not isinstance(each, Lack)]
        if not lacks:
            return _joined(part.connective, known)
        if not known:
            return max(lacks)
        nothing, is_or = ast.Constant(None), part.connective == "or"
        answer = _joined(part.connective, known)
        decided, open_ = (ast.Constant(True), nothing) if is_or else (nothing, ast.Constant(False))
        return ast.IfExp(answer, decided, open_)

    def any(self, part: nodes.Number | nodes.Truth) -> ast.expr | Lack:
        if isinstance(part, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            return self.truth(part)
        return self.number(part)

    def truth(self, part: nodes.Truth) -> ast.expr | Lack:
        match part:
            case nodes.Comparison(relation=relation, left=left, right=right):
                sides = self.all((left, right))
                return sides if isinstance(sides, Lack) else ast.Compare(sides[0], [_RELATIONS[relation]()], [sides[1]])
            case nodes.Connection(connective=connective):
                found = self.operands(part)
                known = [each for each in found if not isinstance(each, Lack)]
                if len(known) < len(found):
                    raise Unsettled
                return _joined(connective, known)
            case nodes.Denial(operand=operand):
                inner = self.truth(operand)
                return inner if isinstance(inner, Lack) else ast.UnaryOp(ast.Not(), inner)

    def operands(self, part: nodes.Connection) -> list[ast.expr | Lack]:
        """Those of a connection: if one divides by zero another may still decide, so none may divide."""
        before = self.divisions
        found = [self.truth(operand) for operand in part.operands]
        if self.divisions > before:
            raise Unsettled
        return found

    def number(self, part: nodes.Number) -> ast.expr | Lack:
        match part:
            case nodes.Literal(value=value):
                name = f"c{len(self.constants)}"
                self.constants[name] = value
                return _name(name)
            case nodes.Name(id=name):
                if name in self.lacks:
                    return self.lacks[name]
                return ast.Subscript(_name(_TOLD), ast.Constant(self.at[name]), ast.Load())
            case nodes.Negative(operand=operand):
                inner = self.number(operand)
                return inner if isinstance(inner, Lack) else ast.UnaryOp(ast.USub(), inner)
            case nodes.Arithmetic(operator=operator, left=left, right=right):
                return self.arithmetic(operator, left, right)
            case nodes.Combination(function="sum", operands=operands):
                return self.total(operands)
            case nodes.Combination(function=function, operands=operands):
                sides = self.all(operands)
                return sides if isinstance(sides, Lack) else _called(function, sides)
            case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
                return self.choice(condition, then, otherwise)

    def arithmetic(self, operator: nodes.Operator, left: nodes.Number, right: nodes.Number) -> ast.expr | Lack:
        if operator == "/" and self.lacks:
            raise Unsettled  # a divisor may be zero, which is a graver lack
        self.divisions += operator == "/"
        sides = self.all((left, right))
        if isinstance(sides, Lack):
            return sides
        return _called(_DIVIDED, sides) if operator == "/" else ast.BinOp(sides[0], _OPERATORS[operator](), sides[1])

    def total(self, operands: Sequence[nodes.Number]) -> ast.expr | Lack:
        """What does not apply is absent; if nothing applies, neither does the sum."""
        found = [each for operand in operands if (each := self.number(operand)) is not Lack.NOT_APPLICABLE]
        lacks = [each for each in found if isinstance(each, Lack)]
        if lacks or not found:
            return max(lacks, default=Lack.NOT_APPLICABLE)
        whole, *rest = (each for each in found if not isinstance(each, Lack))
        for each in rest:
            whole = ast.BinOp(whole, ast.Add(), each)
        return whole

    def choice(self, condition: nodes.Truth, then: nodes.Number, otherwise: nodes.Number) -> ast.expr | Lack:
        asked = self.truth(condition)
        if isinstance(asked, Lack):
            return asked
        sides = self.all((then, otherwise))
        if isinstance(sides, Lack):
            raise Unsettled
        return ast.IfExp(asked, sides[0], sides[1])

    def all(self, operands: Sequence[nodes.Number]) -> list[ast.expr] | Lack:
        """Every operand, or the gravest of their lacks."""
        found = [self.number(operand) for operand in operands]
        lacks = [each for each in found if isinstance(each, Lack)]
        return max(lacks) if lacks else [each for each in found if not isinstance(each, Lack)]


def _name(id: str) -> ast.expr:  # noqa: A002 - the word of Python's grammar
    return ast.Name(id, ast.Load())


def _called(function: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(_name(function), arguments, [])


def _joined(connective: nodes.Connective, operands: list[ast.expr]) -> ast.expr:
    if len(operands) == 1:
        return operands[0]
    return ast.BoolOp(ast.Or() if connective == "or" else ast.And(), operands)
