"""Shapes: which keys a policy file may have and what stands under them. A shape checks; it never converts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Protocol

from shuangkong.core.finding import Finding
from shuangkong.policyfile.node import Leaf, Listing, Mapping, Node
from shuangkong.policyfile.refusal import nearness, refuse


class Shape(Protocol):
    """Anything that can say what is wrong with a node."""

    def check(self, node: Node) -> Iterable[Finding]: ...


#: How like a known word must be to be suggested: one of half its letters is far-fetched.
_LIKENESS = 0.65


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, None where nothing is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=_LIKENESS)
    return close[0] if close else None


def _expected(node: Node, zh: str, en: str) -> Finding:
    match node:
        case Leaf(value=bool() as value):
            found = str(value).lower()
        case Leaf(value=value):
            found = str(value)
        case Listing():
            found = "- …"
        case Mapping():
            found = "…: …"
    return refuse("POL-018", node.place, expected=zh, expected_en=en, found=found)


@dataclass(frozen=True, slots=True)
class Text:
    """Text that is not blank; with ``choices`` one of them, with ``pattern`` (and its words) matching it whole."""

    choices: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    words: tuple[str, str] = ("", "")

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Leaf) or not isinstance(node.value, str) or not node.value.strip():
            yield _expected(node, "文字（编码请加引号）", "text (quote a code)")
        elif self.choices and node.value not in self.choices:
            yield _expected(node, "其一：" + "、".join(self.choices), "one of " + ", ".join(self.choices))
        elif self.pattern and not self.pattern.fullmatch(node.value):
            yield _expected(node, *self.words)


@dataclass(frozen=True, slots=True)
class Number:
    """An integer or a decimal fraction."""

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Leaf) or isinstance(node.value, bool) or not isinstance(node.value, (int, Decimal)):
            yield _expected(node, "数值", "a number")


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer from 0 to ``most``."""

    most: int

    def check(self, node: Node) -> Iterable[Finding]:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= self.most:
            yield _expected(node, f"0 至 {self.most} 的整数", f"an integer from 0 to {self.most}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or text that tells one with its unit or says that there is none; whoever uses it reads the text."""

    def check(self, node: Node) -> Iterable[Finding]:
        return (
            Number().check(node) if isinstance(node, Leaf) and not isinstance(node.value, str) else Text().check(node)
        )


@dataclass(frozen=True, slots=True)
class Day:
    """A day, unquoted: ``2020-12-31``."""

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Leaf) or not isinstance(node.value, date):
            yield _expected(node, "日期（年-月-日，不加引号）", "a day (year-month-day, unquoted)")


@dataclass(frozen=True, slots=True)
class Flag:
    """``true`` or ``false``."""

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Leaf) or not isinstance(node.value, bool):
            yield _expected(node, "true 或 false", "true or false")


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one shape, with at least one item unless it ``may_be_empty``."""

    of: Shape
    may_be_empty: bool = False

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Listing) or not (node.items or self.may_be_empty):
            yield _expected(node, "列表（每行以 - 开头，至少一项）", "a list (lines with -, at least one)")
            return
        for item in node.items:
            yield from self.of.check(item)


@dataclass(frozen=True, slots=True)
class Either:
    """A single value of one shape, or a list of it."""

    of: Shape

    def check(self, node: Node) -> Iterable[Finding]:
        return Many(self.of).check(node) if isinstance(node, Listing) else self.of.check(node)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with a closed set of keys, those in ``required`` always there."""

    of: Table[str, Shape]
    required: frozenset[str] = field(default=frozenset())

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Mapping):
            yield _expected(node, "键: 值", "key: value")
            return
        for key, place in node.key_places.items():
            if key not in self.of:
                hint = nearness(nearest(key, self.of))
                yield refuse("POL-003", place, key=key, known=", ".join(self.of), **hint)
            elif key in node.entries:
                yield from self.of[key].check(node.entries[key])
        for key in self.of:
            if key in self.required and key not in node.key_places:
                yield refuse("POL-004", node.place, key=key)


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping from names that the file itself gives (small words joined by _) to one shape."""

    of: Shape

    def check(self, node: Node) -> Iterable[Finding]:
        if not isinstance(node, Mapping):
            yield _expected(node, "名称: 内容", "name: content")
            return
        for value in node.entries.values():
            yield from self.of.check(value)
