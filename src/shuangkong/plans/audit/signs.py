"""标点与断行: unbalanced quotes and brackets, stray stops, sentences cut by a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuangkong.core.span import Span
from shuangkong.plans.audit.context import Context, Hit, shortened

_CLOSES = {"）": "（", "》": "《", "”": "“", "】": "【", "〕": "〔"}
_SLIPS = re.compile(
    "。[）)]|、[）)。，；]|[，；][，；。、]|。[。，、；]|[（(][，、。；]|。(?=(?:参加|配合|责任|牵头)单位)"
)
_ENDS = re.compile("[。：；！？…”）)》]$")
_STARTS = re.compile("^[（(一二三四五六七八九十\\d“《]|^附件|^注|^[^，。；]{2,7}：")
#: A page breaks few lines; where more are broken the file was wrapped line by line and says nothing.
_MOST_BROKEN = 0.2


def unbalanced(context: Context) -> Iterator[Hit]:
    """引号、括号、书名号不成对, item by item; half-width brackets count as full-width ones."""
    for item in context.reading.items:
        opened: list[tuple[str, int]] = []
        for offset in range(item.span.start, item.span.end):
            sign = context.text[offset].translate({ord("("): "（", ord(")"): "）"})
            if sign in _CLOSES.values():
                opened.append((sign, offset))
            elif sign in _CLOSES:
                if opened and opened[-1][0] == _CLOSES[sign]:
                    opened.pop()
                else:
                    yield _sign_hit(context, item.no, sign, offset)
        for sign, offset in opened:
            yield _sign_hit(context, item.no, sign, offset)


def _sign_hit(context: Context, place: str, sign: str, offset: int) -> Hit:
    around = context.text[max(0, offset - 12) : offset + 12]
    return Hit(place, (Span(offset, offset + 1),), {"sign": sign}, f"「…{shortened(around)}…」")


def punctuation_slip(context: Context) -> Iterator[Hit]:
    """标点错位: 。）, 、）, ，。"""
    for item in context.reading.items:
        for match in _SLIPS.finditer(context.text, item.span.start, item.span.end):
            around = context.text[max(0, match.start() - 10) : match.end() + 6]
            span = Span(match.start(), match.end())
            yield Hit(item.no, (span,), {"found": match.group()}, f"「…{shortened(around)}…」")


def sentence_cut(context: Context) -> Iterator[Hit]:
    """句中断行: a line ends within a sentence and the next goes on."""
    cuts: list[tuple[str, Span]] = []
    ends = 0
    for item in context.reading.items:
        for match in re.finditer(r"[ \t\u3000]*\n\s*", context.text[item.span.start : item.span.end]):
            start, end = item.span.start + match.start(), item.span.start + match.end()
            before, after = (
                context.text[max(item.span.start, start - 12) : start],
                context.text[end : min(item.span.end, end + 12)],
            )
            if not before or not after:
                continue
            ends += 1
            titled = item.title_span.end >= start
            if not titled and not _ENDS.search(before) and not _STARTS.search(after) and _is_word(before[-1], after[0]):
                cuts.append((item.no, Span(start - min(6, len(before)), end + min(6, len(after)))))
    lines = max(1, context.text.count("\n"))
    if cuts and len(cuts) <= max(1.0, _MOST_BROKEN * lines):
        yield Hit(
            place="、".join(dict.fromkeys(no for no, _ in cuts)),
            spans=tuple(span for _, span in cuts),
            facts={"count": str(len(cuts)), "items": "、".join(dict.fromkeys(no for no, _ in cuts))},
            ground="; ".join(f"{no}「{_slashed(span.of(context.text))}」" for no, span in cuts),
        )


def _is_word(before: str, after: str) -> bool:
    return all("\u4e00" <= sign <= "\u9fff" or sign in "、，" for sign in (before, after))


def _slashed(text: str) -> str:
    return re.sub(r"\s*\n\s*", "/", text)
