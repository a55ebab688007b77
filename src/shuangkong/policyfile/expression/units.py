"""单位核对: what unit an expression yields, known before any figure is there; what does not fit is refused at load.

Units multiply, divide and cancel as their symbols do (tce/CNY · CNY = tce). Only like units are added or compared. A
multiple (kgce/kwh) enters in base units, by the factor that the table of units prints (1 kgce = 0.001 tce): formulas
never write such factors. Per cent, points and ratios are plain numbers, 0 is of any unit, and a year (``a``) in a unit
is the period itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile.expression import nodes
from shuangkong.policyfile.expression.parsing import ExpressionRefused

#: Kinds of quantity that are plain numbers.
_PLAIN_KINDS = frozenset({"share", "share_change", "coefficient"})
#: Symbols that stand for no quantity of their own: the year that a yearly figure is of.
_SILENT = frozenset({"a"})
#: Multiples of metric units by their prefixes, where the table of units prints none: symbol → (base symbol, factor).
_METRIC = {
    "kg": ("t", Fraction(1, 10**3)),
    "g": ("t", Fraction(1, 10**6)),
    "mg": ("t", Fraction(1, 10**9)),
    "km": ("m", Fraction(10**3)),
    "l": ("m3", Fraction(1, 10**3)),
}
_FACTOR = re.compile(r"([0-9]+)?([A-Za-z][A-Za-z0-9_]*)")
#: A literal that is such a power of ten is a factor between units, which the table of units has.
_SMALLEST_MULTIPLE = 3


class UnknownUnit(ValueError):
    """A unit that cannot be made of symbols."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """``powers``: base symbols with their exponents, sorted, none zero; ``scale``: how many base units it is."""

    powers: tuple[tuple[str, int], ...] = ()
    scale: Fraction = Fraction(1)

    def __mul__(self, other: Dimension) -> Dimension:
        return self._combined(other, 1)

    def __truediv__(self, other: Dimension) -> Dimension:
        return self._combined(other, -1)

    def _combined(self, other: Dimension, sign: int) -> Dimension:
        powers = dict(self.powers)
        for symbol, power in other.powers:
            powers[symbol] = powers.get(symbol, 0) + sign * power
        kept = tuple(sorted((symbol, power) for symbol, power in powers.items() if power))
        return Dimension(kept, self.scale * other.scale**sign)

    def __str__(self) -> str:
        """As unit ids are written (``tce/CNY``, ``kwh/(m2*day)``); 1 where it is a plain number."""
        above = "*".join(symbol for symbol, power in self.powers for _ in range(power))
        below = [symbol for symbol, power in self.powers for _ in range(-power)]
        divisor = f"({'*'.join(below)})" if len(below) > 1 else "".join(below)
        return f"{above or '1'}/{divisor}" if divisor else above or "1"


class UnitTable:
    """Unit id → Dimension, over the printed units of the policy."""

    def __init__(self, printed: Mapping[str, PrintedUnit]) -> None:
        units = {form.unit.id: form.unit for form in printed.values()}
        self._plain = frozenset(unit.id for unit in units.values() if unit.kind in _PLAIN_KINDS)
        self._base = frozenset(id for id in units if _FACTOR.fullmatch(id)) - self._plain  # noqa: A001 - the word
        self._printed = printed
        self._known: dict[str, Dimension] = {}

    def dimension(self, id: str) -> Dimension:  # noqa: A002 - the word of the field
        """Raises UnknownUnit where the id is not made of symbols with ``* /`` and brackets."""
        if id not in self._known:
            self._known[id] = self._parsed(id)
        return self._known[id]

    def _parsed(self, id: str) -> Dimension:  # noqa: A002 - the word of the field
        above, _, below = id.partition("/")
        found = self._product(above.split("*"), id)
        return found / self._product(below.strip("()").split("*"), id) if below else found

    def _product(self, factors: Iterable[str], id: str) -> Dimension:  # noqa: A002 - the word of the field
        product = Dimension()
        for factor in factors:
            match = _FACTOR.fullmatch(factor)
            if match is None:
                raise UnknownUnit(id)
            number, symbol = match.groups()
            product = product * self._symbol(symbol) * Dimension(scale=Fraction(number or 1))
        return product

    def _symbol(self, symbol: str) -> Dimension:
        if symbol in self._plain or symbol in _SILENT:
            return Dimension()
        form = self._printed.get(symbol)
        if symbol in self._base or (form is None and symbol not in _METRIC):
            return Dimension(((symbol, 1),))
        if form is not None and form.unit.id in self._base:
            return Dimension(((form.unit.id, 1),), Fraction(form.factor))
        base, scale = _METRIC.get(symbol, (symbol, Fraction(1)))
        return Dimension(((base, 1),), scale)


def dimension_of(root: nodes.Number, names: Mapping[str, Dimension], text: str) -> Dimension | None:
    """What ``root`` yields in base units; None where it is of any unit (zero alone).

    Raises:
        ExpressionRefused: unlike units are added or compared, or a factor between units is written out.
    """
    return _Checker(names, text).number(root)


class _Checker:
    def __init__(self, names: Mapping[str, Dimension], text: str) -> None:
        self.names = names
        self.text = text

    def number(self, part: nodes.Number) -> Dimension | None:
        match part:
            case nodes.Literal(value=value):
                return None if value == 0 else Dimension()
            case nodes.Name(id=name):
                return Dimension(self.names[name].powers)  # figures enter in base units
            case nodes.Negative(operand=operand):
                return self.number(operand)
            case nodes.Arithmetic(operator="*" | "/"):
                return self.product(part)
            case nodes.Arithmetic(left=left, right=right):
                return self.like((left, right))
            case nodes.Combination(operands=operands):
                return self.like(operands)
            case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
                self.truth(condition)
                return self.like((then, otherwise))

    def product(self, part: nodes.Arithmetic) -> Dimension | None:
        for side in (part.left, part.right):
            if isinstance(side, nodes.Literal) and _is_multiple(side.value):
                raise ExpressionRefused("POL-043", side.piece.starts, found=side.piece.of(self.text))
        left, right = self.number(part.left), self.number(part.right)
        if left is None or right is None:
            return None
        return left * right if part.operator == "*" else left / right

    def like(self, parts: tuple[nodes.Number, ...]) -> Dimension | None:
        """The unit that all of ``parts`` have."""
        found, first = None, parts[0]
        for part in parts:
            unit = self.number(part)
            if found is None:
                found, first = unit, part
            elif unit is not None and unit != found:
                raise ExpressionRefused(
                    "POL-041",
                    part.piece.starts,
                    left=first.piece.of(self.text),
                    left_unit=found,
                    right=part.piece.of(self.text),
                    right_unit=unit,
                )
        return found

    def truth(self, part: nodes.Truth) -> None:
        match part:
            case nodes.Comparison(left=left, right=right):
                self.like((left, right))
            case nodes.Connection(operands=operands):
                for operand in operands:
                    self.truth(operand)
            case nodes.Denial(operand=operand):
                self.truth(operand)


def _is_multiple(value: Decimal) -> bool:
    digits = value.normalize().as_tuple()
    return digits.digits == (1,) and isinstance(digits.exponent, int) and abs(digits.exponent) >= _SMALLEST_MULTIPLE
