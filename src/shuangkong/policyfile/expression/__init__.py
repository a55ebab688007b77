"""表达式: the one-line arithmetic of policy files, parsed once, evaluated a row or a column at a time.

It has ``+ - * /``, comparisons, ``and or not``, ``x if c else y``, ``min max abs sum``, names and decimal literals.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from shuangkong.policyfile.expression.nodes import Comparison, Connection, Denial, Number, Truth
from shuangkong.policyfile.expression.parsing import ExpressionRefused, parsed

__all__ = ["Expression", "ExpressionRefused", "Scales", "parse", "with_scales"]


@dataclass(frozen=True, slots=True)
class Scales:
    """How the numbers of an expression change units: exact factors, as the table of units has them.

    Attributes:
        names: of each name whose unit is a multiple (kgce/kwh): by what its number is multiplied on entering.
        result: by what the outcome is divided, so that it stands in the unit that was asked for.
        unit: what the expression yields before that, in base units (``tce/CNY``).
    """

    names: tuple[tuple[str, Fraction], ...] = ()
    result: Fraction = Fraction(1)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """``text`` as written; ``names`` it uses, in the order of their first use; ``root`` its outermost part."""

    text: str
    names: tuple[str, ...]
    root: Number | Truth
    scales: Scales = Scales()

    @property
    def is_condition(self) -> bool:
        """Whether it is true or false rather than a number."""
        return isinstance(self.root, (Comparison, Connection, Denial))


def parse(text: str) -> Expression:
    """The expression of ``text``; line breaks count as spaces.

    Raises:
        ExpressionRefused: it has anything but the language above, by name of the construct and position.
    """
    found = parsed(text)
    return Expression(found.text, found.names, found.root)


def with_scales(expression: Expression, scales: Scales) -> Expression:
    """The same expression, its units known."""
    return replace(expression, scales=scales)
