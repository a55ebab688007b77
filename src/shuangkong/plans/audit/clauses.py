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
    r"(?:及|\(含\)|（含）)?(?P<side>以上|以下|以内)(?:的)?(?P<object>[\u4e00-\u9fff]{0,12})"
)
#: Things that plans part by size; what stands before one (燃煤锅炉) tells which of them.
_THING = (
    "锅炉|炉窑|窑炉|高炉|转炉|电炉|焦炉|矿热炉|机组|养殖场|养殖小区|处理厂|处理设施|"
    "加油站|储油库|企业|用能单位|项目|建筑"
)
_NAMED = re.compile(rf"^[\u4e00-\u9fff]{{0,6}}?(?P<noun>{_THING})")
_NAMED_BEFORE = re.compile(rf"[\u4e00-\u9fff]{{0,2}}(?P<noun>{_THING})[（(：:]?$")
#: Where an unknown thing ends and what is done to it begins.
_DONE_TO_IT = re.compile("的|实施|项目|进行|完成|达到|全部|全面|一律|配套|建设|予以|纳入|给予|实行|开展|应|须")


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
    """A number that cuts a class of things: below or above it something is required or forbidden.

    ``thing`` is as printed (燃煤锅炉), ``noun`` what it is (锅炉), ``unit`` without 小 (蒸吨/时).
    """

    item_no: str
    value: Decimal
    unit: str
    below: bool
    thing: str
    noun: str
    clause: Span
    text: str

    def may_be(self, other: ClassLimit) -> bool:
        """Whether both may cut one class: 锅炉 holds 燃煤锅炉, 燃煤锅炉 and 燃气锅炉 are two."""
        return self.thing.endswith(other.thing) or other.thing.endswith(self.thing)


def class_limits(context: Context) -> Iterator[ClassLimit]:
    """Every class limit whose thing is printed behind it or just before its number."""
    for item in context.reading.items:
        for clause in clauses(context, item):
            printed = clause.of(context.text)
            for match in _LIMIT.finditer(printed):
                thing, noun = _thing(printed[: match.start()], match["object"])
                if thing:
                    yield ClassLimit(
                        item_no=item.no,
                        value=Decimal(match["number"]),
                        unit=tidy(match["unit"]).replace("小时", "时"),
                        below=match["side"] != "以上",
                        thing=thing,
                        noun=noun,
                        clause=clause,
                        text=tidy(printed),
                    )


def _thing(before: str, behind: str) -> tuple[str, str]:
    """(thing, noun) of a limit: a known noun behind it or before it, else what is printed up to the next verb."""
    if match := _NAMED.search(behind):
        return match.group(), match["noun"]
    if match := _NAMED_BEFORE.search(before):
        return match["noun"], match["noun"]
    thing = _DONE_TO_IT.split(behind)[0][:6]
    return (thing, thing[-2:]) if len(thing) > 1 else ("", "")
