"""章、条、款: paragraphs sorted into chapters, items and what belongs to them; the key of an item is its full path."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.numbering import Mark, is_annex, mark

_TITLE_END = re.compile(r"[。：！]")
_LONGEST_TITLE = 45
#: A responsibility bracket behind the heading is no part of it.
_TITLE_BRACKET = re.compile(
    r"[（【［\[](?=[^（）【】]{0,200}?(?:牵头|(?:责任|配合|参加|落实)(?:单位|部门)|配合|负责|落实)[^（）【】]{0,200}[）】］\]])"
)
#: How chapters are headed; a document without any chapter number is cut at these.
_USUAL_TITLE = re.compile(
    r"(?:总体|工作)(?:要求|思路|目标)(?:和.{0,8})?|指导思想|基本原则|(?:主要|重点)?(?:目标|任务|举措|措施)|重点(?:工作|工程)|(?:政策|组织|保障)(?:保障|措施|实施|领导)"
)
_BOX = re.compile(r"^专栏\d*[一二三四五六七八九十]*")
_FOOTER = re.compile(r"^(?:抄送|主送|公开方式|（?此件|（?联系人|.{0,20}(?:办公厅|办公室|秘书科)\d{4}年\d+月\d+日印发)")


@dataclass(slots=True)
class Block:
    """A heading with its own text: a chapter, a group, an item or a point, and what stands below it."""

    level: int
    no: str | None
    value: int
    title: str
    heading: Paragraph
    title_range: tuple[int, int]
    own: list[tuple[Paragraph, int]] = field(default_factory=list)  # (paragraph, where its text starts)
    children: list[Block] = field(default_factory=list)
    lost_number: bool = False

    @property
    def paragraphs(self) -> list[tuple[Paragraph, int]]:
        """Own text and that of every block below, in printed order."""
        return self.own + [piece for child in self.children for piece in child.paragraphs]


@dataclass(frozen=True, slots=True)
class Outline:
    """The document cut in three: before the first heading, the blocks, from the annexes on."""

    front: list[Paragraph]
    chapters: list[Block]
    back: list[Paragraph]


def outline(paragraphs: list[Paragraph]) -> Outline:
    """Cuts paragraphs into front, chapters (with groups, items and points) and back."""
    first = _first_heading(paragraphs)
    last = _first_back(paragraphs, first)
    body = paragraphs[first:last]
    marks = [mark(p.text) for p in body]
    titled = _level_three_is_titled(body, marks)
    unnumbered = not any(found and found.level <= 2 for found in marks)
    chapters: list[Block] = []
    stack: list[Block] = []
    box = _Box()
    for index, (paragraph, found) in enumerate(zip(body, marks, strict=True)):
        if box.holds(paragraph.text, found):
            if stack:
                stack[-1].own.append((paragraph, 0))
            continue
        if found is not None and found.level <= 3 and not (found.level == 3 and not titled) and _fits(found, stack):
            block = _block(paragraph, found)
        elif _is_lost_chapter(body, marks, index) or (unnumbered and _USUAL_TITLE.fullmatch(paragraph.text)):
            block = Block(1, None, 0, paragraph.printed, paragraph, (0, len(paragraph.text)), lost_number=True)
        else:
            if stack:
                stack[-1].own.append((paragraph, 0))
            continue
        while stack and stack[-1].level >= block.level:
            stack.pop()
        if stack:
            stack[-1].children.append(block)
        else:
            chapters.append(block)
        stack.append(block)
    return Outline(paragraphs[:first], chapters, paragraphs[last:])


class _Box:
    """专栏: a framed list inside an item; its numbers are points of its own until the outline goes on."""

    def __init__(self) -> None:
        self._next: int | None = None

    def holds(self, text: str, found: Mark | None) -> bool:
        """Whether the paragraph belongs to a box that is open, or opens one."""
        if _BOX.match(text):
            self._next = 1
            return True
        if self._next is None or (found and found.level <= 2):
            self._next = None
            return False
        if found and found.level == 3:
            if found.value != self._next:
                self._next = None
                return False
            self._next += 1
        return True


def restarts(chapters: list[Block]) -> bool:
    """Whether the numbers of the second level begin anew under each chapter, so that the chapter belongs to the key."""
    firsts = [(index, chapter.children[0].value) for index, chapter in enumerate(chapters) if chapter.children]
    starting = [index for index, value in firsts if value == 1]
    # One numbered chapter after chapters of plain text: its series cannot run through the document.
    return len(starting) > 1 or (len(firsts) == 1 and bool(starting) and starting[0] > 0)


def _first_heading(paragraphs: list[Paragraph]) -> int:
    """The first numbered heading that begins the plan itself: not a list of annexes in the covering notice."""
    marks = ((index, mark(paragraph.text)) for index, paragraph in enumerate(paragraphs))
    headings = [(index, found) for index, found in marks if found and found.level <= 2]
    if not headings:
        return _first_without_chapters(paragraphs)
    first, found = next(((index, found) for index, found in headings if found.value == 1), headings[0])
    if first - headings[0][0] > 3:
        # A document that begins in its middle: the count need not start at one.
        first, found = headings[0]
    lost = first > 0 and found.level == 2 and _looks_like_lost_chapter(paragraphs[first - 1].text)
    return first - 1 if lost else first


def _first_without_chapters(paragraphs: list[Paragraph]) -> int:
    """Where a document begins all of whose chapters lost their numbers: at a chapter's usual title, or above its 1."""
    for index, paragraph in enumerate(paragraphs):
        if _USUAL_TITLE.fullmatch(paragraph.text):
            return index
        found = mark(paragraph.text)
        if found and found.level == 3 and found.value == 1:
            return index - 1 if index and _looks_like_lost_chapter(paragraphs[index - 1].text) else index
    return len(paragraphs)


def _first_back(paragraphs: list[Paragraph], first: int) -> int:
    headings = 0
    marks = [mark(paragraph.text) for paragraph in paragraphs]
    last = max((index for index, found in enumerate(marks) if found and found.level <= 2), default=first)
    for index in range(first, len(paragraphs)):
        text, found = paragraphs[index].text, marks[index]
        headings += bool(found and found.level <= 2)
        if _FOOTER.match(text) or ((headings >= 3 or index > last) and is_annex(text) and not text.startswith("附则")):
            return index
        if paragraphs[index].tabbed and index > last and not text.endswith(("。", "）")):
            return _table_title(paragraphs, index)
    return len(paragraphs)


def _table_title(paragraphs: list[Paragraph], index: int) -> int:
    """The title line above a table that no 附件 line announces."""
    above = paragraphs[index - 1].text
    return index - 1 if mark(above) is None and len(above) < 60 and above[-1] not in "。；" else index


def _fits(found: Mark, stack: list[Block]) -> bool:
    """Whether a numbered paragraph continues the outline: chapters count up; a stray 一、 in a list does not."""
    if found.level == 1:
        chapters = [block for block in stack if block.level == 1]
        return not chapters or not chapters[0].value or found.value > chapters[0].value or found.value == 1
    return True


def _block(paragraph: Paragraph, found: Mark) -> Block:
    end = _title_end(paragraph, found)
    block = Block(found.level, found.no, found.value, paragraph.printed[found.end : end], paragraph, (found.end, end))
    after = end + 1 if end < len(paragraph.text) and _TITLE_END.match(paragraph.text[end]) else end
    if after < len(paragraph.text):
        block.own.append((paragraph, after))
    return block


def _title_end(paragraph: Paragraph, found: Mark) -> int:
    """Where the heading ends: at the full stop or colon, at a printed gap, or with the paragraph."""
    text = paragraph.text
    stop = _TITLE_END.search(text, found.end)
    end = stop.start() if stop else len(text)
    gaps = [gap for gap in sorted(paragraph.gaps) if found.end + 3 < gap < end]
    joins = [join for join in paragraph.joins if found.end + 3 < join < end]
    if end - found.end > _LONGEST_TITLE or "，" in text[found.end : end]:
        for cut in (*gaps, *joins):
            if cut - found.end <= _LONGEST_TITLE and "，" not in text[found.end : cut]:
                return cut
    bracket = _TITLE_BRACKET.search(text, found.end)
    return bracket.start() if bracket and bracket.start() < end else end


def _level_three_is_titled(body: list[Paragraph], marks: list[Mark | None]) -> bool:
    """Whether 1. 2. 3. are items with headings of their own, or only points inside an item."""
    thirds = [(p, m) for p, m in zip(body, marks, strict=True) if m and m.level == 3]
    if not thirds:
        return False
    with_heading = 0
    for paragraph, found in thirds:
        end = _title_end(paragraph, found)
        title = paragraph.text[found.end : end]
        with_heading += len(title) <= 30 and "，" not in title and "；" not in title and not re.search(r"\d", title)
    return with_heading >= len(thirds) * 0.6


def _looks_like_lost_chapter(text: str) -> bool:
    return (
        4 <= len(text) <= 24
        and not re.search(r"[，。；：！？\d（《、]", text)
        and not re.search(r"(?:方案|规划|计划|通知|意见|政府|办公室|办公厅|委员会)$", text)
    )


def _is_lost_chapter(body: list[Paragraph], marks: list[Mark | None], index: int) -> bool:
    """A short line without a number, between the end of one item and the first line of the next."""
    if marks[index] is not None or index + 1 >= len(body) or body[index].tabbed:
        return False
    following = marks[index + 1]
    before = body[index - 1].text if index else "。"
    opens = following is not None and (following.level == 2 or (following.level == 3 and following.value == 1))
    return opens and before[-1] in "。）；" and _looks_like_lost_chapter(body[index].text)
