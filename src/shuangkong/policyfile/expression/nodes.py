"""算式的部件: what an expression is made of. Numbers and truths are two kinds and never stand for each other."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

type Operator = OneOf["+", "-", "*", "/"]
type Relation = OneOf["<", "<=", ">", ">=", "==", "!="]
type Function = OneOf["min", "max", "abs", "sum"]
type Connective = OneOf["and", "or"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a part stands in the text: characters from ``starts`` (0 is the first) to before ``ends``."""

    starts: int
    ends: int

    def of(self, text: str) -> str:
        return text[self.starts : self.ends]


@dataclass(frozen=True, slots=True)
class Literal:
    value: Decimal
    piece: Piece


@dataclass(frozen=True, slots=True)
class Name:
    id: str
    piece: Piece


@dataclass(frozen=True, slots=True)
class Negative:
    operand: Number
    piece: Piece


@dataclass(frozen=True, slots=True)
class Arithmetic:
    operator: Operator
    left: Number
    right: Number
    piece: Piece


@dataclass(frozen=True, slots=True)
class Combination:
    """min, max, abs or sum of its operands."""

    function: Function
    operands: tuple[Number, ...]
    piece: Piece


@dataclass(frozen=True, slots=True)
class Choice:
    """``then if condition else otherwise``."""

    condition: Truth
    then: Number
    otherwise: Number
    piece: Piece


@dataclass(frozen=True, slots=True)
class Comparison:
    relation: Relation
    left: Number
    right: Number
    piece: Piece


@dataclass(frozen=True, slots=True)
class Connection:
    connective: Connective
    operands: tuple[Truth, ...]
    piece: Piece


@dataclass(frozen=True, slots=True)
class Denial:
    """``not operand``."""

    operand: Truth
    piece: Piece


type Number = Literal | Name | Negative | Arithmetic | Combination | Choice
type Truth = Comparison | Connection | Denial
