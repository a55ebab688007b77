"""段落: lines of a page rejoined into the paragraphs a person reads, each character knowing where it was printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from shuangkong.core.span import Span
from shuangkong.plans.reader.numbering import is_heading

_TERMINAL = "。！？；：…"
_OPENERS = {"（": "）", "《": "》", "“": "”"}
#: Lines that a page or a web site adds around the document.
_FURNITURE = re.compile(
    r"^(?:第?\d+页.*|[-—–]+\d+[-—–]+|（?\d+）?/\d+|首页.*|当前位置.*|您(?:现在)?的位置.*|打印(?:本页)?.*|关闭(?:窗口|本页)?.*|扫一扫.*|分享(?:到|至).*"
    r"|字号[：\[【].*|浏览(?:次数|量).*|阅读(?:次数|量).*|点击(?:率|数).*|责任编辑.*|来源：.*|信息来源.*|发布(?:时间|日期|机构).*|索引号.*|主题(?:分类|词).*"
    r"|原文(?:地址|链接).*|文章来源.*|版权所有.*|(?:主办|承办)(?:单位|：).*|.*网站标识码.*|.{0,6}ICP备.*|.*公网安备.*|联系我们.*|无障碍.*|收藏本?[页站].*|(?:www\.|https?：?//|[a-z0-9-]+\.(?:com|cn|net|org)).*"
    r"|成文日期.*|有效性.*|相关(?:附件|文档|链接|解读).*|上一篇.*|下一篇.*|返回顶部.*)$",
    re.IGNORECASE,
)

#: The title of a notice, and the line of those it is addressed to: two paragraphs however long the first is.
_TITLE_END = re.compile(r"的?(?:通知|公告|决定|函)$")
_ADDRESSED = re.compile(r"^各[^，。；：]{1,30}(?:[，、][^。；：]+)*[：，、]")
#: A line longer than any paragraph of the genre.
_CROWDED = 300
_INLINE_HEADING = re.compile(
    r"(?<=[。：）])(?=[一二三四五六七八九十]{1,3}、[^，。；：]{2,30}(?:（一）|。|$))|(?=（[一二三四五六七八九十]{1,3}）[^，。；：、（）]{2,30}[。：])|(?<=[。）])(?=\d{1,2}[.][^\d，。；：]{2,30}。)"
)

#: Marks within and between sentences: titles and cells of tables have none.
_PROSE = re.compile("[，；。]")
#: Who answers is named last, with or without a full stop.
_ANSWERS = re.compile(r"负责|责任|牵头|配合|参[加与]|落实|部门")
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
    found: list[_Growing] = []
    for line in printed:
        if found and _continues(found[-1], line, full):
            found[-1].add(line)
        else:
            found.append(_Growing(line))
    return [each.paragraph() for each in found]


class _Growing:
    """A paragraph that further lines may join: what decides on that is kept, the lines are put together once."""

    def __init__(self, line: Paragraph) -> None:
        self.lines: list[Paragraph] = []
        self.tail, self.length, self.tabbed = "", 0, False
        self._open = dict.fromkeys(_OPENERS, 0)
        self.add(line)

    def add(self, line: Paragraph) -> None:
        """Joins a line to the end."""
        self.lines.append(line)
        self.tail = (self.tail + line.text)[-_BRACKET:]
        self.length += len(line.text)
        self.tabbed |= line.tabbed
        for opener, closer in _OPENERS.items():
            self._open[opener] += line.text.count(opener) - line.text.count(closer)

    @property
    def is_closed(self) -> bool:
        """Whether every bracket, title mark and quotation mark opened so far is closed again."""
        return all(count <= 0 for count in self._open.values())

    def paragraph(self) -> Paragraph:
        """The lines as one."""
        if len(self.lines) == 1:
            return self.lines[0]
        starts = list(accumulate((len(line.text) for line in self.lines[:-1]), initial=0))
        return Paragraph(
            "".join(line.text for line in self.lines),
            tuple(chain.from_iterable(line.offsets for line in self.lines)),
            "".join(line.printed for line in self.lines),
            frozenset(
                gap + at for at, line in zip(starts, self.lines, strict=True) for gap in line.gaps if gap or not at
            ),
            self.tabbed,
            tuple(starts[1:]),
        )


def _full_width(printed: Sequence[Paragraph]) -> int:
    """The line length at which this document wraps; where it does not, one that only a cut paragraph reaches."""
    lengths = sorted(len(line.text) for line in printed if not line.tabbed)
    if len(lengths) < 20:
        return 30
    widest = lengths[int(len(lengths) * 0.9)]
    wrapped = sum(1 for n in lengths if abs(n - widest) <= 3) >= len(lengths) * 0.5
    return max(12, widest - 4) if wrapped and widest < 60 else 30


def _continues(before: _Growing, line: Paragraph, full: int) -> bool:
    """Whether ``line`` goes on with the sentence that ``before`` left open."""
    if before.tabbed or line.tabbed or is_heading(line.text):
        return False
    tail, last = before.tail, before.tail[-1]
    if tail.count("（") > tail.count("）"):
        return True
    if _TITLE_END.search(tail) and _ADDRESSED.match(line.text):
        return False
    if last in _TERMINAL or (last == "）" and before.is_closed and not _breaks_off(tail)):
        return False
    if last == "”" and before.is_closed and "。" in tail and before.length < full:
        return False
    if line.text[0] in "，。、；：）”》" or not before.is_closed:
        return True
    if _PROSE.search(tail):
        return True  # a page may end within a sentence, and the text of it in the middle of a line
    return len(before.lines[-1].text) >= (min(full, 12) if last in "，、" else full)


def _breaks_off(tail: str) -> bool:
    """Whether prose that ends with a bracket stands within a sentence: an aside, not the names of those who answer."""
    sentence = tail.rpartition("。")[2]
    return bool(_PROSE.search(tail)) and not sentence.startswith("（") and not _ANSWERS.search(sentence)
