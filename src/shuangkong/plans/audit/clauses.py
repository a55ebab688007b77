"""分句: pieces of an item between stops, and the class limits (20蒸吨/时以下燃煤锅炉) printed in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, tidy
from shuangkong.plans.reading import Item

_CLAUSE = re.compile("[^，。；！？\n]+")
_SENTENCE = re.compile("[^。；！？]+")
_LIMIT = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>蒸吨(?:/小?时)?|吨(?:/[^\d，。；及以]{1,4})?|千瓦|万千瓦|头|立方米|平方米|万吨)"
    r"(?:及|\(含\)|（含）)?(?P<side>以上|以下|以内)(?:的)?(?P<object>[\u4e00-\u9fff]{2,10})"
)


def clauses(context: Context, item: Item) -> Iterator[Span]:
    """Clauses of an item outside its bracket, blanks trimmed off."""
    for part in context.bare(item):
        yield from _pieces(context.text, part, _CLAUSE)


def sentences(context: Context, item: Item) -> Iterator[Span]:
    for part in context.bare(item):
        yield from _pieces(context.text, part, _SENTENCE)


def _pieces(text: str, part: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text, part.start, part.end):
        piece = match.group()
        start = match.start() + len(piece) - len(piece.lstrip())
        end = match.end() - (len(piece) - len(piece.rstrip()))
        if start < end:
            yield Span(start, end)


@dataclass(frozen=True, slots=True)
class ClassLimit:
    """A number that cuts a class of things: below or above it something is required or forbidden."""

    item_no: str
    value: Decimal
    unit: str
    below: bool
    thing: str
    clause: Span
    text: str


def class_limits(context: Context) -> Iterator[ClassLimit]:
    """Every class limit. ``unit`` is without 小 (蒸吨/时), ``thing`` the noun up to 的 or six characters."""
    for item in context.reading.items:
        for clause in clauses(context, item):
            printed = clause.of(context.text)
            for match in _LIMIT.finditer(printed):
                yield ClassLimit(
                    item_no=item.no,
                    value=Decimal(match["number"]),
                    unit=tidy(match["unit"]).replace("小时", "时"),
                    below=match["side"] != "以上",
                    thing=re.split("的|实施|项目|进行|完成", match["object"])[0][:6],
                    clause=clause,
                    text=tidy(printed),
                )
