"""From a document to a Reading: outline, bodies, commitments, tables, head, put together."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import bodies as responsibility
from shuangkong.plans.reader import firmness, naming, predicates, tables
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.clauses import sentences
from shuangkong.plans.reader.commitments import read_commitments
from shuangkong.plans.reader.context import Commitments, Words
from shuangkong.plans.reader.division import divided
from shuangkong.plans.reader.flow import Paragraph, paragraphs
from shuangkong.plans.reader.head import read_head
from shuangkong.plans.reader.pieces import annex_list
from shuangkong.plans.reader.structure import Block, Outline, outline, restarts
from shuangkong.plans.reading import (
    AnnexTable,
    Body,
    Chapter,
    Doubt,
    Item,
    Kind,
    Op,
    Reading,
    Row,
    Sentence,
    Strength,
    Target,
)


def read_plan(document: Document, lexicon: Lexicon) -> Reading:
    """Reads a plan document into its structure.

    Every object of the result carries its span in ``document.text``; what is doubtful says why. Never raises on any
    text: what is not there is empty or None.
    """
    folded = plain(document.text)
    cut = outline(paragraphs(folded, document.text))
    body = [paragraph for chapter in cut.chapters for paragraph, _ in _with_headings(chapter)]
    head = read_head(cut.front, body, cut.back, dict(lexicon.plan_starts))
    names = naming.names_of(lexicon)
    words = Words(
        names,
        tuple(unit.printed for unit in lexicon.units),
        dict(lexicon.plan_starts),
        head.horizon,
        head.issued_on.year if head.issued_on else None,
    )
    reader = _Items(cut, words)
    items = tuple(reader.items())
    found = tables.read_tables(document, folded, cut.back, head.region, lambda text: _typed(text, names))
    items = divided(items, found)
    return Reading(
        head=head,
        chapters=tuple(_chapter(chapter) for chapter in cut.chapters),
        items=items,
        targets=tuple(firmness.headline_bound(reader.found.targets, items, (p.text for p in body))),
        thresholds=tuple(reader.found.thresholds),
        duties=tuple(reader.found.duties),
        tables=tuple(found),
        annex_targets=tuple(target for table in found for target in _annex_targets(table, words)),
        standing=tuple(reader.standing),
        annex_list=tuple(annex_list(cut.back)),
        doubts=(
            *(Doubt("document_note", 0.3, note) for note in document.notes),
            *(_unread(span, document.text) for span in reader.found.unread),
        ),
    )


def _with_headings(block: Block) -> Iterator[tuple[Paragraph, int]]:
    yield block.heading, 0
    for paragraph, start in block.own:
        if paragraph is not block.heading:
            yield paragraph, start
    for child in block.children:
        yield from _with_headings(child)


def _chapter(block: Block) -> Chapter:
    doubts = (_LOST_NUMBER,) if block.lost_number else ()
    return Chapter(block.no, block.title, block.heading.span(*block.title_range), doubts)


_LOST_NUMBER = Doubt(
    "lost_number",
    0.3,
    Message(
        "章标题缺少序号，按版式认定，请确认。",
        "The chapter heading has no number; taken from the layout: please confirm.",
    ),
)


def _unread(span: Span, text: str) -> Doubt:
    quoted = span.of(text)
    return Doubt(
        "unread_number",
        0.1,
        Message(
            f"数值“{quoted}”未能归入任何指标，请核对第 {span.start} 字处。",
            f"The number “{quoted}” at character {span.start} was assigned to no indicator.",
        ),
    )


class _Items:
    """Walks the outline once, making items and gathering their commitments."""

    def __init__(self, cut: Outline, words: Words) -> None:
        self.words = words
        self.chapters = cut.chapters
        self.prefixed = restarts(cut.chapters)
        self.paired = responsibility.pairs_labels(
            paragraph.text for chapter in cut.chapters for paragraph, _ in chapter.paragraphs
        )
        self.found = Commitments()
        self.standing: list[Body] = []

    def items(self) -> Iterator[Item]:
        for chapter in self.chapters:
            if not chapter.children:
                yield self._item(chapter, (chapter.no or chapter.title,), chapter)
                continue
            self._read(chapter.own, chapter.no or chapter.title)
            for child in chapter.children:
                yield from self._below(child, chapter)

    def _below(self, block: Block, chapter: Block) -> Iterator[Item]:
        path = (chapter.no or chapter.title, block.no or block.title)
        if block.level == 1 or not block.children:
            yield self._item(block, path, chapter)
            return
        self._read(block.own, self._key(path))
        for child in block.children:
            yield self._item(child, (*path, child.no or child.title), chapter)

    def _key(self, path: tuple[str, ...]) -> str:
        """The printed number, with upper levels in front where numbers begin anew."""
        if len(path) == 1:
            return path[0]
        return "".join(path) if self.prefixed or not path[1].startswith(("（", "第")) else "".join(path[1:])

    def _item(self, block: Block, path: tuple[str, ...], chapter: Block) -> Item:
        key = self._key(path)
        pieces = block.paragraphs
        found, text = self._brackets(pieces)
        self._read_pieces(text, key)
        self.standing += [body for bracket in found for body in bracket[1].standing]
        last = pieces[-1][0] if pieces else block.heading
        first_bracket = found[0] if found else None
        bodies = tuple(responsibility.settled([bracket for _, bracket in found], paired=self.paired))
        return Item(
            no=key,
            path=path,
            title=block.title,
            chapter_no=chapter.no,
            chapter_title=chapter.title,
            bodies=bodies,
            open_ended=any(bracket.open_ended for _, bracket in found),
            sentences=tuple(self._sentences(text)),
            span=Span(block.heading.start, max(last.end, block.heading.end)),
            title_span=block.heading.span(*block.title_range),
            doubts=responsibility.doubts_of(bodies),
            bracket=first_bracket[0].span(first_bracket[1].start, first_bracket[1].end) if first_bracket else None,
        )

    @staticmethod
    def _brackets(
        pieces: list[tuple[Paragraph, int]],
    ) -> tuple[list[tuple[Paragraph, responsibility.Bracket]], list[tuple[Paragraph, int, int]]]:
        """The responsibility brackets of some pieces, and the text that is left around them."""
        found, text = [], []
        for paragraph, start in pieces:
            at = start
            for bracket in responsibility.brackets(paragraph, start):
                found.append((paragraph, bracket))
                if bracket.start > at:
                    text.append((paragraph, at, bracket.start))
                at = bracket.end
            if at < len(paragraph.text):
                text.append((paragraph, at, len(paragraph.text)))
        return found, text

    @staticmethod
    def _sentences(text: list[tuple[Paragraph, int, int]]) -> Iterator[Sentence]:
        ordinal = 0
        for paragraph, start, end in text:
            for left, right in sentences(paragraph.text, start, end):
                if right - left > 3:
                    ordinal += 1
                    yield Sentence(ordinal, paragraph.span(left, right))

    def _read(self, pieces: list[tuple[Paragraph, int]], key: str) -> None:
        self._read_pieces(self._brackets(pieces)[1], key)

    def _read_pieces(self, text: list[tuple[Paragraph, int, int]], key: str) -> None:
        self.found.add(read_commitments(text, key, self.words))


_TABLE_WORDS = re.compile(
    r"^各[省市县区地州盟旗镇（）、]*|^全[国省市区县州]|^\d{4}年|(?:控制)?(?:目标|计划|任务|指标|要求|分解表|情况表?)+$"
)


def _typed(text: str, names: naming.Names) -> tuple[str | None, Kind | None]:
    """Indicator and kind that a column head or a table's title names; (None, None) where it names none."""
    bare = re.sub(r"（[^（）]*）|“[^”]*”|\d{4}年(?:实际值|目标值)?", "", text)
    before = None
    while before != bare:
        before, bare = bare, _TABLE_WORDS.sub("", bare)
    change = re.search(r"(?:降低|下降|减排|削减)(?:比例|幅度|率)?$", bare)
    name = bare[: change.start()] if change else bare
    official = naming.canonical(name, names)
    if not name or (not naming.known(name, names) and official == name and not naming.is_measure(name)):
        return None, None
    if not naming.known(name, names) and official == name and len(name) < 4:
        return None, None
    kind = (
        Kind.REDUCTION_RATE
        if change
        else predicates.kind_of(
            "held_at" if "增量" in name or "总量" in name else "",
            official,
            "",
            Op.LE if "总量" in name or "增量" in name else None,
            False,
        )
    )
    return predicates.named(official, kind, ""), kind


def _annex_targets(table: AnnexTable, words: Words) -> Iterator[Target]:
    """The cells of target-like columns, one target each: region from the row, indicator from the column or the row."""
    for row in table.rows:
        for cell, column in zip(row.cells, table.columns, strict=False):
            if cell.value is None or column.role not in ("change", "increment", "amount", "target"):
                continue
            by_row = column.indicator is None
            rated = cell.bracketed or (column.role == "change" and "[" not in column.header and not by_row)
            name = naming.canonical(re.sub(r"（[^（）]*）", "", row.label), words.names) if by_row else column.indicator
            kind = column.kind or (Kind.REDUCTION_RATE if rated and cell.value < 0 else Kind.LEVEL_FLOOR)
            yield Target(
                item_no=f"附件{table.no}",
                indicator=str(name),
                indicator_printed=row.label if by_row else column.header,
                kind=kind,
                op=Op.LE if kind in (Kind.CAP_TOTAL, Kind.CAP_INCREMENT) else Op.EQ,
                value=abs(cell.value) if kind is Kind.REDUCTION_RATE else cell.value,
                unit="%"
                if cell.bracketed
                else _row_unit(table, row) or column.unit or ("%" if column.role == "change" else ""),
                base_year=words.horizon.base_year if kind is Kind.REDUCTION_RATE else None,
                deadline=str(column.year or words.horizon.end_year or "") or None,
                scope=row.group,
                denominator=None,
                strength=Strength.FIRM,
                nature=None,
                span=row.span,
                value_span=cell.span,
                region=None if by_row else row.label,
                inherited=frozenset() if column.year else frozenset({"deadline"}),
            )


def _row_unit(table: AnnexTable, row: Row) -> str | None:
    for cell, column in zip(row.cells, table.columns, strict=False):
        if column.role == "unit":
            return cell.text
    return None
