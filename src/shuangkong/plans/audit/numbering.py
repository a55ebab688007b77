"""编号: holes, repeats, mixed brackets, lost levels and odd stops in headings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, shortened, tidy
from shuangkong.plans.audit.numerals import number_of
from shuangkong.plans.reading import Item

_HEADING_LINE = re.compile(
    r"^[ \t\u3000]*(?P<no>[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、])"
    r"[ \t\u3000]*(?P<title>[^。；\n]{3,36})(?P<stop>。?)[ \t\u3000]*$",
    re.MULTILINE,
)


#: One level of a number as a form and a value: ("（", 12) for （十二）.
_Step = tuple[str, int]


def _steps(item: Item) -> tuple[_Step, ...]:
    """The levels of an item's number as printed: a series that runs through the chapters has one level only."""
    found = []
    for bracket, digits, bare in re.findall("（([^（）]+)）|([0-9]+)|([一二三四五六七八九十]+)", tidy(item.no)):
        number = number_of(bracket or digits or bare)
        if number is not None:
            found.append(("（" if bracket else "1" if digits else "一", number))
    return tuple(found)


def _series(items: tuple[Item, ...]) -> dict[tuple[_Step, ...], list[tuple[int, Item]]]:
    """For each parent and form its children as printed; one with items below it counts once for each unbroken run.

    The key is the parent's steps and a last step of the children's form with number 0.
    """
    children: dict[tuple[_Step, ...], list[tuple[int, Item]]] = defaultdict(list)
    for item in sorted(items, key=lambda one: one.span.start):
        steps = _steps(item)
        for depth, (form, number) in enumerate(steps):
            run = children[*steps[:depth], (form, 0)]
            deeper = depth + 1 < len(steps)
            if not (run and run[-1][0] == number and deeper):
                run.append((number, item))
    return children


def numbering_hole(context: Context) -> Iterator[Hit]:
    """编号缺号: 二十九 is followed by 三十一. Chapters are counted by their own headings."""
    chapters = [
        (number, chapter)
        for chapter in context.reading.chapters
        if (number := number_of(tidy(chapter.no or ""))) is not None
    ]
    before = 0
    for number, chapter in chapters if len(chapters) == len(context.reading.chapters) else []:
        if number > before + 1:
            yield _hole(f"{chapter.no}、{chapter.title}", chapter.span, before, number)
        before = number
    for key, run in _series(context.reading.items).items():
        if len(key) == 1 and key[0][0] == "一":
            continue
        before = 0
        for number, item in run:
            if number > before + 1:
                yield _hole(item.no, item.title_span, before, number)
            before = number


def _hole(place: str, span: Span, before: int, number: int) -> Hit:
    missing = "、".join(str(each) for each in range(before + 1, number))
    return Hit(
        place=place,
        spans=(span,),
        facts={"expected": str(before + 1), "found": str(number), "missing": missing},
        ground=f"{before} → {number}",
    )


def numbering_repeat(context: Context) -> Iterator[Hit]:
    """编号重复: the same full number twice."""
    for run in _series(context.reading.items).values():
        for number, count in Counter(number for number, _ in run).items():
            items = [item for each, item in run if each == number]
            if count > 1 and len({item.no for item in items}) == 1:
                yield Hit(
                    place=items[1].no,
                    spans=tuple(item.title_span for item in items),
                    facts={"number": items[1].no, "count": str(count)},
                    ground="; ".join(f"{item.no}{shortened(item.title)}" for item in items),
                )


def chapter_without_number(context: Context) -> Iterator[Hit]:
    """章无编号, while other chapters have one."""
    chapters = context.reading.chapters
    if any(chapter.no for chapter in chapters):
        for chapter in chapters:
            if chapter.no is None:
                yield Hit(tidy(chapter.title), (chapter.span,), {"title": tidy(chapter.title)})


def brackets_mixed(context: Context) -> Iterator[Hit]:
    """全半角括号混用 in item numbers."""
    forms: dict[bool, list[Item]] = {True: [], False: []}
    for item in context.reading.items:
        opening = context.document.text[item.span.start : item.span.start + 2].lstrip()[:1]
        if opening in ("(", "（"):
            forms[opening == "("].append(item)
    if forms[True] and forms[False]:
        fewer = min(forms.values(), key=len)
        yield Hit(
            place=f"{fewer[0].no}等{len(fewer)}条" if len(fewer) > 1 else fewer[0].no,
            spans=tuple(item.title_span for item in fewer),
            facts={
                "items": "、".join(item.no for item in fewer),
                "half": str(len(forms[True])),
                "full": str(len(forms[False])),
            },
        )


def heading_stop_differs(context: Context) -> Iterator[Hit]:
    """同级标题句号不一: a heading line whose full stop differs from nearly all its siblings."""
    levels: dict[str, list[re.Match[str]]] = defaultdict(list)
    for match in _HEADING_LINE.finditer(context.text):
        if context.item_at(match.start()) is not None or _before_an_item(context, match.start()):
            levels[re.sub("[一二三四五六七八九十0-9]+", "N", tidy(match["no"]))].append(match)
    for matches in levels.values():
        stopped = [match for match in matches if match["stop"]]
        plain = [match for match in matches if not match["stop"]]
        fewer, more = sorted((stopped, plain), key=len)
        if fewer and len(more) >= 3 * len(fewer):
            yield Hit(
                place="、".join(f"{tidy(match['no'])}{tidy(match['title'])}" for match in fewer),
                spans=tuple(Span(match.start("no"), match.end()) for match in fewer),
                facts={
                    "headings": "、".join(f"{tidy(match['no'])}{tidy(match['title'])}" for match in fewer),
                    "expected": "有句号" if fewer is plain else "无句号",
                    "others": str(len(more)),
                },
            )


def _before_an_item(context: Context, offset: int) -> bool:
    """Whether a line lies in the operative part: after the first chapter, before the last item's end."""
    chapters = context.reading.chapters
    end = max((item.span.end for item in context.reading.items), default=0)
    return bool(chapters) and min(chapter.span.start for chapter in chapters) <= offset < end


def _is_group(steps: tuple[_Step, ...]) -> bool:
    """Whether an item's own level is a bracketed one: （四）, not a chapter."""
    return bool(steps) and steps[-1][0] == "（"


def level_missing(context: Context) -> Iterator[Hit]:
    """层级缺失: groups without the numbered items that most other groups have; chapters of text alone are not asked."""
    steps = {item.no: _steps(item) for item in context.reading.items}
    usual, count = Counter(len(each) for each in steps.values()).most_common(1)[0] if steps else (0, 0)
    if usual < 2 or count * 2 < len(steps):
        return
    short = [item for item in context.reading.items if len(steps[item.no]) < usual and _is_group(steps[item.no])]
    if short:
        yield Hit(
            place="、".join(item.no for item in short),
            spans=tuple(item.title_span for item in short),
            facts={"items": "、".join(item.no for item in short), "usual": str(usual)},
        )
