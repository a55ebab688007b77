"""数词与列举: “十进” has ten, 四类 has four, 三位一体 has three."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuangkong.core.span import Span
from shuangkong.plans.audit.clauses import sentences
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.audit.numerals import number_of

_NUMBER = "[一二三四五六七八九十两]{1,3}"
_QUOTED = re.compile(f"“(?P<list>[^“”]+)”等?[“](?P<count>{_NUMBER})(?P<unit>进|化|个一|统一|结合|到位|联网)”")
_MANY = re.compile(
    f"(?P<list>[^，。；：“”（）]*、[^，。；：“”（）]*?)等(?P<count>{_NUMBER}|\\d{{1,2}})(?P<unit>大类|类|项|种|大|个方面|方面)"
)
_UNITY = re.compile(
    f"(?P<list>[^，。；：“”（）]*、[^，。；：“”（）]*?)“?(?P<count>{_NUMBER})(?P<unit>位一体|级联网|级联动)”?"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A count word with the list before it; ``least`` and ``most``: its length without and with 和 as a comma."""

    item_no: str
    said: int
    least: int
    most: int
    words: str
    printed: str
    span: Span
    open_list: bool


def counted_lists(context: Context) -> Iterator[Counted]:
    """Every count word that follows its list."""
    for item in context.reading.items:
        for sentence in sentences(context, item):
            printed = tidy(sentence.of(context.text))
            for pattern, open_list in ((_QUOTED, False), (_MANY, True), (_UNITY, False)):
                for match in pattern.finditer(printed):
                    said = number_of(match["count"])
                    pieces = [piece for piece in match["list"].split("、") if piece]
                    joined = len(re.findall("[和与及]", pieces[-1])) if pieces else 0
                    if said is not None and len(pieces) > 1:
                        words = f"{match['count']}{match['unit']}"
                        least, most = len(pieces), len(pieces) + joined
                        yield Counted(item.no, said, least, most, words, match.group(), sentence, open_list)


def _hit(one: Counted) -> Hit:
    found = str(one.least) if one.least == one.most else f"{one.least}—{one.most}"
    return Hit(
        place=one.item_no,
        spans=(one.span,),
        facts={"words": one.words, "expected": str(one.said), "found": found},
        ground=f"「{shortened(one.printed, 80)}」",
    )


def count_word_wrong(context: Context) -> Iterator[Hit]:
    """数词与列举不符: more are listed than counted, or a closed list is shorter than its word."""
    for one in counted_lists(context):
        if one.least > one.said or (one.most < one.said and not one.open_list):
            yield _hit(one)


def count_word_open(context: Context) -> Iterator[Hit]:
    """列举少于数词: 等六大 after three names; the rest is left to the reader's guess."""
    for one in counted_lists(context):
        if one.open_list and one.most < one.said:
            yield _hit(one)
