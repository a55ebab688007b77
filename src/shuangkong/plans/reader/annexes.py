"""附件: the annexes behind the text: their list, their titles, and what stands under each title."""

from __future__ import annotations

import re

from shuangkong.core.span import Span
from shuangkong.plans.document import Document, Grid
from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reader.numbering import is_annex
from shuangkong.plans.reader.pieces import NUMBER, Grown, from_grid, from_lines, squeezed

_NOTE = re.compile(r"^(?:注|备注|说明)\d*[：:.、]")
_UNIT_LINE = re.compile(r"^[（(]?单位[：:](?P<unit>[^）)]+)[）)]?$")
#: What closes the whole paper behind its last annex: copies and the line of the printing office.
_CLOSING = re.compile(r"^(?:抄送|抄报|主送|分送)[：:]|^.{2,24}(?:办公室|办公厅|秘书处).{0,24}印发?$")
#: The line above the title of an annex.
_MARK_ALONE = re.compile(r"^附[件表]\d{0,2}[：:]?$")
#: Buttons of a web page below its text: 【打印】【关闭】.
_FURNITURE = re.compile(r"^(?:【[^】]*】)+$")
_NO_ROWS = (_NOTE, _UNIT_LINE, _MARK_ALONE, _FURNITURE)


def annex_list(back: list[Paragraph]) -> list[tuple[int, str, Span]]:
    """The list of annexes that closes the text (附件：1.… 2.…)."""
    found: list[tuple[int, str, Span]] = []
    for paragraph in back:
        text = re.sub(r"^附[件表][：:]", "", paragraph.text)
        match = re.match(r"^(\d{1,2})[.、．：](.{4,80})$", text)
        if match and int(match[1]) == len(found) + 1 and not paragraph.tabbed:
            found.append((int(match[1]), match[2], Span(paragraph.start, paragraph.end)))
        elif found and not re.match(r"^\d", text):
            break
    return found


def cut_tables(
    document: Document, plain: str, back: list[Paragraph], listed: list[str]
) -> list[tuple[str, Grown, list[tuple[str, Span]], str | None, Span]]:
    """(title, rows, notes, unit, span) of each table: its own grid first, else tabbed lines, else cells a line."""
    start = back[0].start if back else len(plain)
    grids = [grid for grid in document.grids if grid.span.end > start or _is_table_of_numbers(grid)]
    found = []
    lines = [p for p in back if not _inside(p, grids) and not _CLOSING.match(p.text)]
    anchors = _anchors(lines, listed, grids)
    for title, first, stop in anchors:
        inside = [p for p in lines if first <= p.start < stop]
        own_grids = [grid for grid in grids if first <= grid.span.start < stop]
        notes = [(p.text, Span(p.start, p.end)) for p in inside if _NOTE.match(p.text)]
        unit = next((unit for p in inside for unit in [unit_line(p.text)] if unit), None)
        rest = [
            p for p in inside if not any(line.match(p.text) for line in (_NOTE, _UNIT_LINE, _MARK_ALONE, _FURNITURE))
        ]
        if own_grids:
            for grid in own_grids:
                rows = from_grid(grid)
                below = [row[0] for row in rows if len(row) == 1 and _NOTE.match(row[0].text)]
                own_notes = [*notes, *((piece.text, piece.span) for piece in below)]
                found.append((title, [row for row in rows if row[0] not in below], own_notes, unit, grid.span))
        elif rest:
            rows = from_lines(plain, rest)
            found.append((title, rows, notes, unit, Span(rest[0].start, rest[-1].end)))
    return found


def unit_line(text: str) -> str | None:
    """The unit that a line of its own gives for a whole table (单位：万吨)."""
    found = _UNIT_LINE.match(text)
    return found["unit"] if found else None


def _is_table_of_numbers(grid: Grid) -> bool:
    return sum(bool(NUMBER.match(squeezed(cell.text))) for row in grid.rows for cell in row) >= 3


def _inside(paragraph: Paragraph, grids: list[Grid]) -> bool:
    return any(grid.span.start <= paragraph.start < grid.span.end for grid in grids)


def _anchors(lines: list[Paragraph], listed: list[str], grids: list[Grid]) -> list[tuple[str, int, int]]:
    """(title, where its table may begin, where the next title stands)."""
    titles: list[tuple[str, int, int]] = []  # title, start of the title, end of the title
    names = {re.sub(r"[“”]", "", name) for name in listed}
    seen_list = 0
    for index, paragraph in enumerate(lines):
        text = paragraph.text
        bare = re.sub(r"^附[件表]\d*[：:.]?|^\d+[.、．：]|[“”]", "", text)
        is_entry = bare in names and (
            re.match(r"^(?:附[件表][：:])?\d+[.、．：]", text)
            or (seen_list < len(names) and re.match(r"^附[件表][：:]", text))
        )
        if is_entry:
            seen_list += 1
            continue
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        marked = index > 0 and bool(_MARK_ALONE.match(lines[index - 1].text)) and not paragraph.tabbed
        if bare in names or marked or (not listed and _looks_like_title(text, following, paragraph)):
            # Between two titles stands a table: what looks like one before any number is a head (2030年目标).
            since = titles[-1][2] if titles else paragraph.start
            if marked or bare in names or not titles or _holds_table(since, paragraph.start, lines, grids):
                titles.append((text, paragraph.start, paragraph.end))
    titles = titles or [("", grid.span.start, grid.span.start) for grid in grids] or _after_annex_mark(lines)
    if not titles:
        return []
    ends = [start for _, start, _ in titles[1:]] + [
        max([p.end for p in lines] + [grid.span.end for grid in grids] + [0])
    ]
    return [(title, end, stop) for (title, _, end), stop in zip(titles, ends, strict=True)]


def _holds_table(start: int, stop: int, lines: list[Paragraph], grids: list[Grid]) -> bool:
    return any(start <= grid.span.start < stop for grid in grids) or any(
        start <= p.start < stop and (p.tabbed or NUMBER.match(p.text)) for p in lines
    )


def _looks_like_title(text: str, following: str, paragraph: Paragraph) -> bool:
    return (
        not paragraph.tabbed
        and 6 <= len(text) <= 60
        and bool(re.search(r"(?:表|计划|目标|指标|任务|分解|清单|情况|方案)(?:（[^（）]*）)?$", text))
        and not is_annex(text)
        and not text.endswith("。")
        and not NUMBER.match(following)
    )


def _after_annex_mark(lines: list[Paragraph]) -> list[tuple[str, int, int]]:
    tabbed = next((p for p in lines if p.tabbed), None)
    return [("", tabbed.start, tabbed.start)] if tabbed else []
