"""表内公式: what a derived field is computed by, as a formula of a spreadsheet, so that totals follow typing offline.

The system computes every derived field anew when the file comes back; the formula is for the person who fills it in.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.papers.reporting.layout import FIRST_ROW, SheetPlan, cell_name
from shuangkong.policyfile.expression import nodes
from shuangkong.reporting.forms.addresses import ANY, SAME, parse_address
from shuangkong.reporting.forms.model import Derivation, Field

_FUNCTIONS = {"sum": "SUM", "min": "MIN", "max": "MAX", "abs": "ABS"}
#: Letters of a formula, and decimals behind which the arithmetic of a spreadsheet is noise.
_LONGEST, _NOISE = 8_000, 6
_RELATIONS = {"==": "=", "!=": "<>"}


class FormulaWriter:
    """Writes the formulas of one workbook."""

    def __init__(self, sheets: tuple[SheetPlan, ...]) -> None:
        self.sheets: Mapping[str, SheetPlan] = {sheet.table.id: sheet for sheet in sheets}
        self.decimals = {field.address: field.decimals for sheet in sheets for field in sheet.table.fields}

    def formula(self, field: Field, derivation: Derivation, row: int) -> str:
        """``row``: of the sheet, where the field stands. Nothing is shown where nothing that it rests on is told."""
        found = {name: self.reference(address, row, field.table) for name, address in derivation.inputs}
        cells = ",".join(dict.fromkeys(found.values()))
        factors = dict(zip(found, derivation.factors, strict=True))
        body = _Writing({name: _scaled(found[name], factors[name]) for name in found}).number(
            derivation.expression.root
        )
        if derivation.divisor != 1:
            body = f"({body})/{derivation.divisor:f}"
        rounded = f"ROUND({body},{field.decimals})"
        if not self.adds_up(field, derivation):
            rounded = _to_even(body, field.decimals, rounded)
        return f'=IF(COUNT({cells})=0,"",IFERROR({rounded},""))'

    def adds_up(self, field: Field, derivation: Derivation) -> bool:
        """Whether sums alone lead to it, of figures with no more decimals than it has: there is nothing to round."""
        if derivation.divisor != 1 or any(factor != 1 for factor in derivation.factors):
            return False
        inputs = (
            self.decimals.get(address.replace("[]", "[*]"), field.decimals + 1) for _, address in derivation.inputs
        )
        return all(decimals <= field.decimals for decimals in inputs) and _is_sum(derivation.expression.root)

    def reference(self, address: str, row: int, table: str) -> str:
        parsed = parse_address(address)
        if parsed is None:
            raise TypeError(f"{address!r}: expected an address")
        sheet = self.sheets[parsed.table]
        column = sheet.column_of[parsed.column]
        prefix = "" if parsed.table == table else "'" + sheet.name.replace("'", "''") + "'!"
        if parsed.is_open and parsed.row == ANY:
            last = FIRST_ROW + max(sheet.height, 1) - 1
            return f"{prefix}{cell_name(FIRST_ROW, column)}:{cell_name(last, column)}"
        is_same = parsed.is_open and parsed.row == SAME
        return f"{prefix}{cell_name(row if is_same else sheet.row_of[parsed.row], column)}"


def _is_sum(part: nodes.Number | nodes.Truth) -> bool:
    match part:
        case nodes.Name():
            return True
        case nodes.Negative(operand=operand):
            return _is_sum(operand)
        case nodes.Arithmetic(operator=operator, left=left, right=right):
            return operator in "+-" and _is_sum(left) and _is_sum(right)
        case nodes.Combination(function=function, operands=operands):
            return function != "abs" and all(map(_is_sum, operands))
        case _:
            return False


def _to_even(body: str, decimals: int, rounded: str) -> str:
    """A tie goes to the even digit (GB/T 8170), where a spreadsheet goes away from zero; others as they are rounded."""
    scale = 10**decimals
    tie = f"ROUND(MOD(ABS({body})*{scale},2),{_NOISE})=0.5"
    whole = f"IF({tie},{rounded}-SIGN({body})/{scale},{rounded})"
    return whole if len(whole) < _LONGEST else rounded


def _scaled(reference: str, factor: Decimal) -> str:
    body = f"SUM({reference})" if ":" in reference else f"N({reference})"
    return body if factor == 1 else f"{body}*{factor:f}"


class _Writing:
    """One expression as text; every name with what stands for it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def number(self, part: nodes.Number | nodes.Truth) -> str:
        match part:
            case nodes.Literal(value=value):
                return format(value, "f")
            case nodes.Name(id=name):
                return self.names[name]
            case nodes.Negative(operand=operand):
                return f"-({self.number(operand)})"
            case nodes.Arithmetic(operator=operator, left=left, right=right):
                return f"({self.number(left)}){operator}({self.number(right)})"
            case nodes.Combination(function=function, operands=operands):
                return f"{_FUNCTIONS[function]}({','.join(self.number(each) for each in operands)})"
            case nodes.Choice(condition=condition, then=then, otherwise=otherwise):
                return f"IF({self.number(condition)},{self.number(then)},{self.number(otherwise)})"
            case nodes.Comparison(relation=relation, left=left, right=right):
                return f"({self.number(left)}){_RELATIONS.get(relation, relation)}({self.number(right)})"
            case nodes.Connection(connective=connective, operands=operands):
                return f"{connective.upper()}({','.join(self.number(each) for each in operands)})"
            case nodes.Denial(operand=operand):
                return f"NOT({self.number(operand)})"
