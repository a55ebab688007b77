"""栏目算式: what a derived field is computed by, its names known to the form and its units right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.finding import Finding
from shuangkong.core.unit import PrintedUnit
from shuangkong.policyfile.expression import Expression, ExpressionRefused, nodes, parse
from shuangkong.policyfile.expression.given import plain
from shuangkong.policyfile.expression.units import Dimension, UnitTable, UnknownUnit, dimension_of
from shuangkong.policyfile.node import Place
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.forms.model import Derivation, Field
from shuangkong.reporting.forms.order import pattern_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A derivation as written: the text, where it stands, and the address that each of its names may stand for."""

    text: str
    place: Place
    addresses: Mapping[str, str]


class Deriver:
    """Makes derivations of what is wanted once all fields of a form are known, gathering findings."""

    def __init__(self, printed: Mapping[str, PrintedUnit]) -> None:
        self.units = UnitTable(printed)
        self.findings: list[Finding] = []

    def derivation(self, field: Field, wanted: Wanted, fields: Mapping[str, Field]) -> Derivation | None:
        """None where it is refused."""
        try:
            expression = parse(wanted.text)
            return self._derivation(field, wanted, fields, expression)
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(wanted.place))
            return None

    def _derivation(
        self, field: Field, wanted: Wanted, fields: Mapping[str, Field], expression: Expression
    ) -> Derivation | None:
        inputs: list[tuple[str, str]] = []
        for name in expression.names:
            address = wanted.addresses.get(name, "")
            if pattern_of(address) not in fields:
                hint = nearness(nearest(name, wanted.addresses))
                self.findings.append(refuse("POL-067", wanted.place, found=address or name, **hint))
                return None
            inputs.append((name, address))
        told = [fields[pattern_of(address)] for _, address in inputs]
        dimensions = {name: self.dimension(each.unit) for (name, _), each in zip(inputs, told, strict=True)}
        if not self._has_unit(field, expression, dimensions, wanted.place):
            return None
        factors = tuple(self._factor(each) for each in told)
        return Derivation(expression, tuple(inputs), factors, self._factor(field))

    def _has_unit(
        self, field: Field, expression: Expression, dimensions: Mapping[str, Dimension], place: Place
    ) -> bool:
        """Whether it yields the unit of the field; what it yields is told where it does not."""
        if isinstance(expression.root, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            expected = {"expected": "一个数", "expected_en": "a number", "found": expression.text}
            self.findings.append(refuse("POL-018", place, **expected))
            return False
        found = dimension_of(expression.root, dimensions, expression.text)
        expected_unit = self.dimension(field.unit)
        if found is None or found.powers == expected_unit.powers:
            return True
        self.findings.append(refuse("POL-042", place, found=found, expected=field.unit or "1"))
        return False

    def dimension(self, unit: str) -> Dimension:
        """Of a unit that the table of units has; a plain number where it is made of no symbols."""
        try:
            return self.units.dimension(unit) if unit else Dimension()
        except UnknownUnit:
            return Dimension(((unit, 1),))

    def _factor(self, field: Field) -> Decimal:
        """Base units (tce of a field in kgce) in one unit as filed."""
        return plain(Fraction(field.factor) * self.dimension(field.unit).scale)
