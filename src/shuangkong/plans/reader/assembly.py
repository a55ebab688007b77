"""From a document to a Reading: outline, bodies, commitments, tables, head, put together."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.plans.document import Document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import bodies as responsibility
from shuangkong.plans.reader import firmness, measured, naming, tables
from shuangkong.plans.reader.annexes import annex_list
from shuangkong.plans.reader.cell_targets import with_targets
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reader.clauses import sentences
from shuangkong.plans.reader.commitments import read_commitments
from shuangkong.plans.reader.context import Commitments, Words
from shuangkong.plans.reader.division import divided
from shuangkong.plans.reader.flow import Paragraph, paragraphs
from shuangkong.plans.reader.head import read_head
from shuangkong.plans.reader.structure import Block, Outline, outline, restarts
from shuangkong.plans.reading import (
    Body,
    Chapter,
    Doubt,
    Item,
    Reading,
    Sentence,
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
    table_words = measured.table_words(lexicon, head.horizon, head.region)
    read = tables.read_tables(document, folded, cut.back, table_words)
    items = divided(items, read)
    joined = [with_targets(table, table_words) for table in read]
    return Reading(
        head=head,
        chapters=tuple(_chapter(chapter) for chapter in cut.chapters),
        items=items,
        targets=tuple(firmness.headline_bound(reader.found.targets, items, (p.text for p in body))),
        thresholds=tuple(reader.found.thresholds),
        duties=tuple(reader.found.duties),
        tables=tuple(table for table, _ in joined),
        annex_targets=tuple(target for _, found in joined for target in found),
        standing=tuple(reader.standing),
        annex_list=tuple(annex_list(cut.back)),
        baselines=tuple(reader.found.baselines),
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
