"""由来: how a figure came about, step by step, so that the one it judges can follow it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Cell, Fact, State
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
        rests_on: what the inputs are kept as, its kind first and then what names it; a page may lead there.
    """

    name: Message
    formula: str
    inputs: tuple[tuple[str, Decimal], ...]
    value: Decimal | None
    unit: str
    clause: Clause | None = None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with all it rests on: a told fact (a leaf), or a computed one with its steps and its inputs.

    Attributes:
        state: of ``value``; a computed figure whose inputs are missing is MISSING, never zero.
        unit: id of a base unit.
        fact: the told version, where it was told.
        steps: how it was computed, in order; empty for a told one.
        inputs: name in the formula and the figure that stood for it.
        doubts: what counts in it and is not verified, or what stands in for something else; shown wherever it is shown.
    """

    cell: Cell
    state: State
    value: Decimal | None
    unit: str
    fact: Fact | None = None
    steps: tuple[Step, ...] = ()
    inputs: tuple[tuple[str, Figure], ...] = ()
    doubts: tuple[Message, ...] = ()
