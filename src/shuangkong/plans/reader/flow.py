"""段落: lines of a page rejoined into the paragraphs a person reads, each character knowing where it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shuangkong.core.span import Span
from shuangkong.plans.reader.numbering import is_heading

_TERMINAL = "。！？；：…"
_OPENERS = {"（": "）", "《": "》", "“": "”"}
#: Lines that a page or a web site adds around the document.
_FURNITURE = re.compile(
    r"^(?:第?\d+页.*|[-—–]+\d+[-—–]+|（?\d+）?/\d+|首页.*|当前位置.*|您(?:现在)?的位置.*|打印(?:本页)?.*|关闭(?:窗口|本页)?.*|扫一扫.*|分享(?:到|至).*"
    r"|字号[：\[【].*|浏览(?:次数|量).*|阅读(?:次数|量).*|点击(?:率|数).*|责任编辑.*|来源：.*|信息来源.*|发布(?:时间|日期|机构).*|索引号.*|主题(?:分类|词).*"
    r"|原文(?:地址|链接).*|文章来源.*|版权所有.*|主办单位.*|承办单位.*|网站标识码.*|.{0,6}ICP备.*|.*公网安备.*|联系我们.*|无障碍.*|收藏本?[页站].*|(?:www\.|https?：?//|[a-z0-9-]+\.(?:com|cn|net|org)).*"
    r"|成文日期.*|有效性.*|相关(?:附件|文档|链接|解读).*|上一篇.*|下一篇.*|返回顶部.*)$",
    re.IGNORECASE,
)

#: A line longer than any paragraph of the genre.
_CROWDED = 300
_INLINE_HEADING = re.compile(
    r"(?<=[。：）])(?=[一二三四五六七八九十]{1,3}、[^，。；：]{2,30}(?:（一）|。|$))|(?=（[一二三四五六七八九十]{1,3}）[^，。；：、（）]{2,30}[。：])|(?<=[。）])(?=\d{1,2}[.][^\d，。；：]{2,30}。)"
)

#: No responsibility bracket is longer.
_BRACKET = 300
#: An article never stands inside another: 第十一条开展宣传。
_INLINE_ARTICLE = re.compile(r"(?<=。)(?=第[一二三四五六七八九十百]{1,4}条[^，。；：]{2,20}[。：])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: folded ``text`` without white space; ``offsets[i]`` is where ``text[i]`` stands in the document.

    ``printed`` is the same, character for character, as the document has it: names are given as printed. ``gaps`` are
    the positions before which white space was printed, ``tabbed`` says that the source line holds tabs, ``joins`` are
    positions at which two printed lines were put together.
    """

    text: str
    offsets: tuple[int, ...]
    printed: str
    gaps: frozenset[int] = frozenset()
    tabbed: bool = False
    joins: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The document span of ``text[start:end]``; of the start alone where the piece is empty."""
        if start >= end:
            at = self.offsets[min(start, len(self.offsets) - 1)]
            return Span(at, at)
        return Span(self.offsets[start], self.offsets[end - 1] + 1)

    @property
    def start(self) -> int:
        return self.offsets[0]

    @property
    def end(self) -> int:
        return self.offsets[-1] + 1


def lines(plain: str, source: str) -> Iterator[Paragraph]:
    """The printed lines that hold anything but furniture, white space squeezed out; a crowded line is cut."""
    at = 0
    for line in plain.split("\n"):
        text: list[str] = []
        offsets: list[int] = []
        gaps: set[int] = set()
        for i, char in enumerate(line, at):
            if char in " \t":
                gaps.add(len(text))
            else:
                text.append(char)
                offsets.append(i)
        at += len(line) + 1
        squeezed = "".join(text)
        if text and not _FURNITURE.match(squeezed):
            printed = "".join(source[i] for i in offsets)
            yield from _uncrowded(Paragraph(squeezed, tuple(offsets), printed, frozenset(gaps), "\t" in line))


def _uncrowded(line: Paragraph) -> Iterator[Paragraph]:
    """A page that lost its line breaks is cut again at its headings; any other line is left as it is."""
    cuts = [match.start() for match in _INLINE_HEADING.finditer(line.text)] if len(line.text) > _CROWDED else []
    if len(cuts) < 2:
        cuts = [match.start() for match in _INLINE_ARTICLE.finditer(line.text)]
    if not cuts:
        yield line
        return
    for start, end in pairwise([0, *(cut for cut in cuts if cut), len(line.text)]):
        gaps = frozenset(gap - start for gap in line.gaps if start <= gap < end)
        yield Paragraph(line.text[start:end], line.offsets[start:end], line.printed[start:end], gaps, line.tabbed)


def paragraphs(plain: str, source: str) -> list[Paragraph]:
    """Lines rejoined where a page break or a fixed line width cut a sentence; furniture dropped."""
    printed = list(lines(plain, source))
    full = _full_width(printed)
    joined: list[Paragraph] = []
    for line in printed:
        if joined and _continues(joined[-1], line, full):
            joined[-1] = _join(joined[-1], line)
        else:
            joined.append(line)
    return joined


def _full_width(printed: Sequence[Paragraph]) -> int:
    """The line length at which this document wraps; where it does not, one that only a cut paragraph reaches."""
    lengths = sorted(len(line.text) for line in printed if not line.tabbed)
    if len(lengths) < 20:
        return 30
    widest = lengths[int(len(lengths) * 0.9)]
    wrapped = sum(1 for n in lengths if abs(n - widest) <= 3) >= len(lengths) * 0.5
    return max(12, widest - 4) if wrapped and widest < 60 else 30


def _continues(before: Paragraph, line: Paragraph, full: int) -> bool:
    """Whether ``line`` goes on with the sentence that ``before`` left open."""
    if before.tabbed or line.tabbed or is_heading(line.text):
        return False
    text, last = before.text, before.text[-1]
    if "（" in text[-_BRACKET:] and text[-_BRACKET:].count("（") > text[-_BRACKET:].count("）"):
        return True
    if last in _TERMINAL or (last == "）" and _closed(text)):
        return False
    if last == "”" and _closed(text) and "。" in text[-_BRACKET:] and len(text) < full:
        return False
    if line.text[0] in "，。、；：）”》" or not _closed(text):
        return True
    last_line = len(text) - (before.joins[-1] if before.joins else 0)
    return last_line >= (min(full, 12) if last in "，、" else full)


def _closed(text: str) -> bool:
    """Whether every bracket, title mark and quotation mark opened in ``text`` is closed again."""
    return all(text.count(opener) <= text.count(closer) for opener, closer in _OPENERS.items())


def _join(before: Paragraph, line: Paragraph) -> Paragraph:
    at = len(before.text)
    return Paragraph(
        before.text + line.text,
        before.offsets + line.offsets,
        before.printed + line.printed,
        before.gaps | {gap + at for gap in line.gaps if gap},
        before.tabbed or line.tabbed,
        (*before.joins, at),
    )
