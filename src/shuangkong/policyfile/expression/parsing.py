"""文字 → 算式: Python's grammar reads the text, and all but arithmetic is refused by the name of its construct."""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.policyfile.expression import nodes
from shuangkong.policyfile.expression.constructs import FUNCTIONS, OPERATORS, RELATIONS, construct
from shuangkong.policyfile.node import Place
from shuangkong.policyfile.refusal import refuse

#: Bounds of one expression: what is larger is several indicators.
LONGEST = 2_000
DEEPEST = 50
#: Digits of a literal, as in policy values.
MOST_DIGITS = 40

_LITERAL = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LITERAL_LIKE = re.compile(r"(?<![A-Za-z0-9_)])[0-9.][A-Za-z0-9_.]*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[A-Za-z_]+")
#: Words of Python that the language has.
_OUR_WORDS = frozenset({"and", "or", "not", "if", "else"})
_FEWEST = {"min": 2, "max": 2, "abs": 1, "sum": 1}
_MOST = {"abs": 1}


class ExpressionRefused(Exception):
    """Text that is no expression: a row of REFUSALS, the position (from 0), and what the message names."""

    def __init__(self, code: str, at: int, **filled: object) -> None:
        super().__init__(f"{code} character {at + 1}: {filled}")
        self.code = code
        self.at = at
        self.filled = filled

    def finding(self, place: Place) -> Finding:
        """The refusal for the expression that stands at ``place``."""
        return refuse(self.code, place, column=self.at + 1, **self.filled)


@dataclass(frozen=True, slots=True)
class Parsed:
    """``text`` with its root and the names it uses, in the order of their first use."""

    text: str
    root: nodes.Number | nodes.Truth
    names: tuple[str, ...]


def parsed(text: str) -> Parsed:
    """The parts of ``text``.

    Raises:
        ExpressionRefused: it is longer or deeper than allowed, or has anything but arithmetic in it.
    """
    line = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    _check_characters(line)
    body = line.strip()
    offset = line.index(body) if body else 0
    tree = _tree(body, offset)
    reader = _Reader(line, offset)
    root = reader.any(tree, 1)
    return Parsed(line, root, tuple(reader.names))


def _check_characters(text: str) -> None:
    if len(text) > LONGEST:
        raise ExpressionRefused("POL-038", LONGEST, found=len(text), limit=f"{LONGEST}")
    for at, letter in enumerate(text):
        if not letter.isascii() or not (letter.isprintable() or letter == "\t"):
            raise ExpressionRefused("POL-036", at, found=letter)
        if letter == "#":
            raise _refused_construct("comment", at)
    for match in _LITERAL_LIKE.finditer(text):
        word = match[0]
        if _LITERAL.fullmatch(word) is None or len(word) > MOST_DIGITS:
            raise _refused_construct("literal", match.start(), word)


def _tree(body: str, offset: int) -> ast.expr:
    try:
        return ast.parse(body, mode="eval").body
    except SyntaxError as error:
        for match in _WORD.finditer(body):
            if keyword.iskeyword(match[0]) and match[0] not in _OUR_WORDS:
                raise _refused_construct("statement", offset + match.start(), match[0]) from error
        at = offset + min(max((error.offset or 1) - 1, 0), len(body))
        raise ExpressionRefused("POL-035", at) from error
    except (MemoryError, RecursionError) as error:  # what Python's own parser says of a deep nest
        raise ExpressionRefused("POL-038", offset, found="?", limit=f"{DEEPEST}") from error


def _refused_construct(name: str, at: int, word: str = "") -> ExpressionRefused:
    return ExpressionRefused("POL-037", at, **construct(name, word))


class _Reader:
    """Turns Python's tree into ours, gathering names."""

    def __init__(self, text: str, offset: int) -> None:
        self.text = text
        self.offset = offset
        self.names: dict[str, None] = {}

    def piece(self, tree: ast.expr) -> nodes.Piece:
        """The text is ASCII, so that Python's byte offsets are characters."""
        ends = tree.end_col_offset if tree.end_col_offset is not None else tree.col_offset
        return nodes.Piece(self.offset + tree.col_offset, self.offset + ends)

    def any(self, tree: ast.expr, depth: int) -> nodes.Number | nodes.Truth:
        """One part, of whichever kind it is."""
        piece = self.piece(tree)
        if depth > DEEPEST:
            raise ExpressionRefused("POL-038", piece.starts, found=f"> {DEEPEST}", limit=f"{DEEPEST}")
        match tree:
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self._truth(tree, piece, depth)
            case _:
                return self._number(tree, piece, depth)

    def number(self, tree: ast.expr, depth: int) -> nodes.Number:
        part = self.any(tree, depth)
        if isinstance(part, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            raise ExpressionRefused(
                "POL-039", part.piece.starts, expected="数值", expected_en="a number", found=part.piece.of(self.text)
            )
        return part

    def truth(self, tree: ast.expr, depth: int) -> nodes.Truth:
        part = self.any(tree, depth)
        if not isinstance(part, (nodes.Comparison, nodes.Connection, nodes.Denial)):
            raise ExpressionRefused(
                "POL-039",
                part.piece.starts,
                expected="条件（如 a > 0）",
                expected_en="a condition (such as a > 0)",
                found=part.piece.of(self.text),
            )
        return part

    def _truth(self, tree: ast.expr, piece: nodes.Piece, depth: int) -> nodes.Truth:
        deeper = depth + 1
        match tree:
            case ast.Compare(ops=[one], comparators=[right]):
                if type(one) not in RELATIONS:
                    raise _refused_construct(type(one).__name__, piece.starts)
                relation = RELATIONS[type(one)]
                return nodes.Comparison(relation, self.number(tree.left, deeper), self.number(right, deeper), piece)
            case ast.BoolOp(op=op, values=values):
                operands = tuple(self.truth(value, deeper) for value in values)
                return nodes.Connection("and" if isinstance(op, ast.And) else "or", operands, piece)
            case ast.UnaryOp(operand=operand):
                return nodes.Denial(self.truth(operand, deeper), piece)
            case _:
                raise _refused_construct("chained", piece.starts)

    def _number(self, tree: ast.expr, piece: nodes.Piece, depth: int) -> nodes.Number:
        deeper = depth + 1
        match tree:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return nodes.Literal(Decimal(piece.of(self.text)), piece)
            case ast.Name(id=word):
                return self._name(word, piece)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return nodes.Negative(self.number(operand, deeper), piece)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return nodes.Arithmetic(
                    OPERATORS[type(op)], self.number(left, deeper), self.number(right, deeper), piece
                )
            case ast.IfExp(test=test, body=body, orelse=orelse):
                then = self.number(body, deeper)  # names are gathered in the order of the text
                return nodes.Choice(self.truth(test, deeper), then, self.number(orelse, deeper), piece)
            case ast.Call(func=ast.Name(id=word), args=args, keywords=[]) if word in FUNCTIONS:
                return self._combination(word, args, piece, deeper)
            case _:
                raise _refused_construct(_construct_of(tree), piece.starts, piece.of(self.text))

    def _name(self, word: str, piece: nodes.Piece) -> nodes.Name:
        if _NAME.fullmatch(word) is None or word in FUNCTIONS:
            raise _refused_construct("name", piece.starts, word)
        self.names.setdefault(word)
        return nodes.Name(word, piece)

    def _combination(self, word: str, args: list[ast.expr], piece: nodes.Piece, depth: int) -> nodes.Number:
        if not _FEWEST[word] <= len(args) <= _MOST.get(word, LONGEST):
            raise _refused_construct("arguments", piece.starts, word)
        return nodes.Combination(FUNCTIONS[word], tuple(self.number(arg, depth) for arg in args), piece)


def _construct_of(tree: ast.expr) -> str:
    """Under which name CONSTRUCTS knows a part of Python's grammar."""
    match tree:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op):
            return type(op).__name__
        case ast.Constant(value=str() | bytes()):
            return "text"
        case ast.Constant():
            return "constant"
        case ast.Call(func=ast.Name(id=word)) if word in FUNCTIONS:
            return "arguments"
        case _:
            return type(tree).__name__
