"""What a person adds because the reader missed it: from a few told fields to a whole payload with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shuangkong.core.span import Span
from shuangkong.records.plans.rows import EntryKind, EntryRow
from shuangkong.records.refusal import Refused

#: What can be added: the rest (head, chapters, tables) is read anew or corrected.
ADDABLE = (EntryKind.TARGET, EntryKind.DUTY, EntryKind.BODY, EntryKind.ITEM, EntryKind.THRESHOLD)
_UNTOLD: dict[EntryKind, dict[str, Any]] = {
    EntryKind.TARGET: {"region": None, "in_words": False, "base_value": None, "inherited": []},
    EntryKind.THRESHOLD: {},
    EntryKind.DUTY: {},
    EntryKind.BODY: {},
    EntryKind.ITEM: {"open_ended": False, "sentences": [], "bracket": None},
}


def place_of(quote: str, text: str, item: EntryRow | None) -> Span:
    """Where the quoted words stand: inside the item if they do, else their first place in the document.

    Without a text the item's own place is all that is known.

    Raises:
        Refused: PLN-968, the document has no such words.
    """
    words = quote.strip()
    within = item.span if item is not None and item.span is not None else None
    if not text:
        return within or Span(0, 0)
    start = text.find(words, within.start, within.end) if within is not None and words else -1
    start = text.find(words) if start < 0 and words else start
    if start < 0:
        raise Refused(
            "PLN-968",
            f"原文里找不到“{words[:40]}”。请从左边的原文里复制那一句，一字不差。",
            f"The document has no “{words[:40]}”. Copy the words from the document, letter by letter.",
            "quote",
        )
    return Span(start, start + len(words))


def payload_of(
    kind: EntryKind, told: Mapping[str, Any], item: EntryRow | None, span: Span, text: str
) -> dict[str, Any]:
    """The payload of a new entry of ``kind``; ``told`` are the fields that a person may correct."""
    place = [span.start, span.end]
    payload = _UNTOLD[kind] | dict(told) | {"span": place}
    match kind:
        case EntryKind.TARGET | EntryKind.THRESHOLD:
            payload["value_span"] = _value_place(str(told["value"]), span, text)
        case EntryKind.ITEM:
            payload |= {"path": [told["no"]], "title_span": place}
            payload |= {key: item.payload[key] if item else None for key in ("chapter_no", "chapter_title")}
    if kind is EntryKind.TARGET:
        payload["indicator_printed"] = told["indicator"]
    if kind not in (EntryKind.BODY, EntryKind.ITEM):
        payload["item_no"] = item.payload["no"] if item else ""
    return payload


def _value_place(value: str, span: Span, text: str) -> list[int]:
    start = text.find(value, span.start, span.end)
    return [span.start, span.end] if start < 0 else [start, start + len(value)]
