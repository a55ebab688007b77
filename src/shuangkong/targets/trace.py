"""由来: how a figure came about, step by step, so that the one it judges can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from shuangkong.core.finding import Message


@dataclass(frozen=True, slots=True)
class Clause:
    """The rule that was applied, in words; ``is_verified``: a person has compared it with the document's own text."""

    words: Message
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One formula with its inputs and result.

    Attributes:
        name: what was computed.
        formula: as a person would write it (``D = 1 − Π(1 + r)``).
        inputs: symbol and value, in the order of the formula.
        value: the result at full precision; None where the inputs do not allow one.
        unit: of the result.
        clause: the rule that was applied; None where it is arithmetic alone.
    """

    name: Message
    formula: str
    inputs: tuple[tuple[str, Decimal], ...]
    value: Decimal | None
    unit: str
    clause: Clause | None = None


def rounded(value: Decimal, places: int) -> Decimal:
    """修约: half to even (GB/T 8170), to ``places`` decimals."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


def as_printed(value: Decimal) -> Decimal:
    """The same number without the zeros that arithmetic leaves behind (−0.4100 → −0.41, 1E+1 → 10)."""
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
