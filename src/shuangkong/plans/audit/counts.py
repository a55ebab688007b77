"""数词与列举: “十进” has ten, 四类 has four, 三位一体 has three, wherever the list stands: before or behind."""

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

_OF = "大类|大|类|项|种|个一|个|条|方面|进|化|统一|结合|到位|联网"
#: “六大工程”：A、B、C: the list behind its word and a colon. 第三项 is an ordinal, 十四五 no count.
_BEHIND = re.compile(
    rf"(?<![第\d一二三四五六七八九十百千万])(?P<count>{_NUMBER}|\d{{1,2}})(?P<unit>{_OF})"
    r"(?P<noun>[\u4e00-\u9fff]{0,8})”?[\u4e00-\u9fff]{0,6}[：:](?P<list>[^，。；：]*、[^，。；：]*)"
)
#: “十进”活动。… 进机关、进学校: each member of the list begins with the word that is counted, maybe sentences later.
_EACH = re.compile(
    rf"(?P<count>{_NUMBER})(?P<unit>进)”?[^“”、]{{0,40}}?"
    r"(?P<list>进(?:(?!等)[\u4e00-\u9fff]){1,6}(?:、进(?:(?!等)[\u4e00-\u9fff]){1,6}+)++)(?!等)"
)
_IN_BRACKETS = re.compile("（[^（）]*）|《[^《》]*》")
#: One, two … before each point: the points are not parted by 、.
_POINTS = re.compile("一是|一要|首先|第一|[1１][.．、]|①|（一）")


@dataclass(frozen=True, slots=True)
class Counted:
    """A count word with its list; ``least`` and ``most``: its length without and with 和 as a comma."""

    item_no: str
    said: int
    least: int
    most: int
    words: str
    printed: str
    span: Span
    open_list: bool


def counted_lists(context: Context) -> Iterator[Counted]:
    """Every count word that follows its list, or stands before it with a colon."""
    for item in context.reading.items:
        for part in context.bare(item):
            for match in _EACH.finditer(tidy(part.of(context.text))):
                yield from _counted(item.no, match, match["list"], part, open_list=False)
        for sentence in sentences(context, item):
            printed = tidy(sentence.of(context.text))
            for pattern, open_list in ((_QUOTED, False), (_MANY, True), (_UNITY, False)):
                for match in pattern.finditer(printed):
                    yield from _counted(item.no, match, match["list"], sentence, open_list=open_list)
            for match in _BEHIND.finditer(printed):
                if _EACH.search(printed[match.start() :]):
                    continue
                listed = _IN_BRACKETS.sub("", match["list"])
                if not _POINTS.search(listed):
                    bare = re.sub("等[^、]{0,4}$", "", listed)
                    yield from _counted(item.no, match, bare, sentence, open_list=bare != listed)


def _counted(item_no: str, match: re.Match[str], listed: str, sentence: Span, *, open_list: bool) -> Iterator[Counted]:
    said = number_of(match["count"])
    pieces = [piece for piece in listed.split("、") if piece]
    joined = sum(len(re.findall("[和与及]", piece)) for piece in pieces[-1:])
    if said is not None and len(pieces) > 1:
        words = f"{match['count']}{match['unit']}"
        yield Counted(item_no, said, len(pieces), len(pieces) + joined, words, match.group(), sentence, open_list)


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
