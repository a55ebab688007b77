"""What every check is given: the reading, the document, the catalogue, and where things stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from shuangkong.core.span import Span
from shuangkong.plans.audit.catalogue import Catalogue
from shuangkong.plans.audit.rounded import Rounded
from shuangkong.plans.document import Document
from shuangkong.plans.reader.characters import plain
from shuangkong.plans.reading import Item, Reading, Target

_DONE = re.compile("期间[^，。；]*累计|已经?[下降完达实]")
_WIDTHS = str.maketrans({"(": "（", ")": "）", "<": "（", ">": "）", "％": "%"})
_PAST = re.compile("现状|形势|回顾|成效|背景|基础和|主要进展")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a check found, before its catalogue row gives it words.

    Attributes:
        place: as Finding.place.
        spans: as Finding.spans.
        facts: the fields of the row's message.
        ground: the arithmetic or the quotations, in signs and the document's own words: the same for every reader.
    """

    place: str
    spans: tuple[Span, ...]
    facts: dict[str, str] = field(default_factory=dict)
    ground: str = ""


@dataclass(frozen=True)
class Context:
    """A reading with its document; no ``slots`` because the sorted places are computed once and kept."""

    reading: Reading
    document: Document
    catalogue: Catalogue

    @cached_property
    def text(self) -> str:
        """The document with widths and traditional characters folded one for one: spans hold in both."""
        return plain(self.document.text)

    @cached_property
    def commitments(self) -> tuple[Target, ...]:
        """The targets of the text without what is reported as done (现状与形势, “十二五”期间累计下降)."""
        past = {
            item.no for item in self.reading.items if _PAST.search(plain(f"{item.title}{item.chapter_title or ''}"))
        }
        return tuple(
            target
            for target in self.reading.targets
            if target.item_no not in past and not _DONE.search(target.span.of(self.text))
        )

    @cached_property
    def _starts(self) -> tuple[tuple[int, ...], tuple[Item, ...]]:
        items = tuple(sorted(self.reading.items, key=lambda item: item.span.start))
        return tuple(item.span.start for item in items), items

    @cached_property
    def _units(self) -> dict[str, tuple[str, Decimal]]:
        return {tidy(unit.printed): (unit.id, Decimal(unit.factor)) for unit in self.catalogue.lexicon.units}

    def item_at(self, offset: int) -> Item | None:
        """The item whose text holds the offset."""
        starts, items = self._starts
        index = bisect_right(starts, offset) - 1
        return items[index] if index >= 0 and offset < items[index].span.end else None

    def place_at(self, span: Span) -> str:
        """Where a span stands, in words: an item's number, a table, or the head of the document."""
        if item := self.item_at(span.start):
            return item.no
        for table in self.reading.tables:
            if table.span.start <= span.start < table.span.end:
                return f"附件{table.no}"
        starts, _ = self._starts
        return "文首" if not starts or span.start < starts[0] else "文中"

    def item_text(self, item: Item) -> str:
        return item.span.of(self.text)

    def bare(self, item: Item) -> Iterator[Span]:
        """The spans of an item outside its responsibility bracket."""
        if item.bracket is None:
            yield item.span
            return
        yield Span(item.span.start, max(item.span.start, item.bracket.start))
        yield Span(min(item.bracket.end, item.span.end), item.span.end)

    def unit_of(self, printed: str) -> tuple[str, Decimal] | None:
        """Base unit id and factor of a printed unit; None where the lexicon does not know it."""
        return self._units.get(tidy(printed))

    def in_base(self, value: Decimal, unit: str | None) -> Rounded | None:
        """A printed number in its base unit with the range of its rounding; None for an unknown unit."""
        known = self.unit_of(unit) if unit else None
        return Rounded.printed(value) * Rounded.exact(known[1]) if known else None

    def same_measure(self, one: str | None, other: str | None) -> bool:
        """Whether two printed units measure the same and can be added or compared; unknown ones cannot."""
        left, right = (self.unit_of(unit) if unit else None for unit in (one, other))
        return left is not None and right is not None and left[0] == right[0]

    def official(self, indicator_id: str) -> str:
        """The official Chinese name of an indicator of the lexicon by its id."""
        return self.catalogue.indicator(indicator_id).zh

    def limit(self, name: str) -> Decimal:
        """A number of the catalogue by its name."""
        return self.catalogue.limit(name)


def tidy(text: str) -> str:
    """A label without blanks, half-width brackets and quotes: 沈 阳 is 沈阳."""
    return "".join(text.split()).translate(_WIDTHS)


def shortened(text: str, limit: int = 48) -> str:
    """A quotation short enough for a message; blanks and line ends of the print are dropped."""
    joined = "".join(text.split())
    return joined if len(joined) <= limit else f"{joined[: limit - 1]}…"
