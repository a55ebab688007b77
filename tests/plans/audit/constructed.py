"""Readings made by hand for the checks: what they say does not hang on how the reader happens to read a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from shuangkong.core.finding import Finding
from shuangkong.core.span import Span
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.audit.context import Context
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reading import (
    AnnexTable,
    Body,
    Cell,
    Column,
    Head,
    Horizon,
    Item,
    Kind,
    Op,
    Reading,
    Role,
    Row,
    Strength,
    Target,
)
from shuangkong.rulebook import Rulebook

RULES = Rulebook(Path(__file__).parents[3] / "policy")
CATALOGUE = Catalogue.of(RULES.checks("plans"), RULES.lexicon(), date(2026, 1, 1))
NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True)
class Promise:
    """A commitment of the text; the item (一) prints ``words``, in which ``value`` stands."""

    words: str
    value: str
    indicator: str
    kind: Kind
    unit: str = "%"
    op: Op = Op.EQ
    deadline: str | None = "2025"
    base_year: int | None = None
    scope: str | None = None
    denominator: str | None = None
    strength: Strength = Strength.FIRM
    printed: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Sheet:
    """An annex table: ``columns`` as (header, role, unit, kind, year, indicator), ``rows`` as texts with the label."""

    title: str
    columns: Sequence[tuple[str, str, str | None, Kind | None, int | None, str | None]]
    rows: Sequence[Sequence[str]]
    notes: tuple[str, ...] = ()
    total: str = "合计"
    groups: dict[str, str] = field(default_factory=dict)


LABEL = ("地区", "label", None, None, None, None)


@dataclass
class _Page:
    """The text of the document as it grows."""

    text: str = ""

    def print(self, words: str) -> Span:
        start = len(self.text)
        self.text += words
        return Span(start, len(self.text))


def context_of(
    *promises: Promise,
    items: Sequence[tuple[str, str]] = (),
    sheets: Sequence[Sheet] = (),
    issued_on: date | None = None,
    base_year: int | None = 2020,
    end_year: int | None = 2025,
    owned: bool = True,
) -> Context:
    """A plan whose item (一) prints the promises; ``items`` are (title, text) of the items after it."""
    page = _Page()
    read: list[Item] = []
    targets: list[Target] = []
    if promises:
        start = page.print("（一）主要目标。").start
        for promise in promises:
            targets.append(_target(page.print(f"{promise.words}。"), promise))
        read.append(_item(page, "（一）", "主要目标", start, owned=owned))
    for title, words in items:
        no = f"（{NUMERALS[len(read)]}）"
        start = page.print(f"{no}{title}。{words}").start
        read.append(_item(page, no, title, start, owned=True))
    tables = tuple(_table(page, no, sheet) for no, sheet in enumerate(sheets, 1))
    horizon = Horizon(base_year, base_year + 1 if base_year else None, end_year)
    head = Head("云川市节能减排综合工作方案", None, None, issued_on, None, horizon, (), (), (), (), None)
    reading = Reading(head, (), tuple(read), tuple(targets), (), (), tables, (), ())
    return Context(reading, Document("made.txt", Medium.TXT, page.text), CATALOGUE)


def found(context: Context, *codes: str) -> list[Finding]:
    """The findings of a made plan with these codes."""
    return [one for one in audit(context.reading, context.document, CATALOGUE) if one.code in codes]


def codes(context: Context) -> set[str]:
    return {one.code for one in audit(context.reading, context.document, CATALOGUE)}


def _item(page: _Page, no: str, title: str, start: int, *, owned: bool) -> Item:
    bracket = page.print("（市发展改革委负责）\n")
    bodies = (Body("市发展改革委", Role.LEAD, bracket),) if owned else ()
    span = Span(start, bracket.end)
    title_span = Span(start + len(no), start + len(no) + len(title))
    return Item(no, (no,), title, None, None, bodies, False, (), span, title_span, bracket)


def _target(span: Span, promise: Promise) -> Target:
    at = span.start + promise.words.index(promise.value)
    return Target(
        item_no="（一）",
        indicator=promise.indicator,
        indicator_printed=promise.printed or promise.indicator,
        kind=promise.kind,
        op=promise.op,
        value=Decimal(promise.value),
        unit=promise.unit,
        base_year=promise.base_year,
        deadline=promise.deadline,
        scope=promise.scope,
        denominator=promise.denominator,
        strength=promise.strength,
        nature=None,
        span=span,
        value_span=Span(at, at + len(promise.value)),
        region=promise.region,
    )


def _cell(page: _Page, text: str) -> Cell:
    span = page.print(text)
    page.print("\t")
    digits = text.strip("[]≤≥左右")
    number = digits.replace("−", "-").lstrip("+")
    return Cell(text, Decimal(number) if any(map(str.isdigit, number)) else None, text.startswith("["), span)


def _table(page: _Page, no: int, sheet: Sheet) -> AnnexTable:
    start = page.print(f"附件{no}\n{sheet.title}\n").start
    columns = tuple(
        Column(header, unit, role, indicator, kind, year) for header, role, unit, kind, year, indicator in sheet.columns
    )
    rows = []
    for label, *texts in sheet.rows:
        begin = page.print(f"{label}\t").start
        cells = tuple(_cell(page, text) for text in texts)
        end = page.print("\n").end
        rows.append(Row(label, cells, sheet.groups.get(label), label == sheet.total, Span(begin, end)))
    notes = tuple((note, page.print(f"{note}\n")) for note in sheet.notes)
    return AnnexTable(no, sheet.title, columns, tuple(rows), notes, Span(start, len(page.text)))
