"""From a reading to the entries that a person reviews: one for every object that the reader found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

from shuangkong.core.span import Span
from shuangkong.plans.reading import AnnexTable, Doubt, Head, Item, Reading, Target, confidence
from shuangkong.plans.reading_json import encode
from shuangkong.records.plans.rows import EntryKind

#: Keys of an item's JSON that its body entries say, or that the entry itself holds.
_NOT_OF_THE_ITEM = frozenset({"bodies", "lead", "participants", "shared"})
_NOT_OF_A_PAYLOAD = frozenset({"doubts", "confidence"})
_NO_HEAD_FIELD = frozenset({"spans", "doubts"})


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """An entry before it has a row. ``parent`` is the place of its item or table in the list of that kind."""

    kind: EntryKind
    ordinal: int
    payload: dict[str, Any]
    span: Span | None
    doubts: tuple[Doubt, ...] = ()
    parent: tuple[EntryKind, int] | None = None

    @property
    def confidence(self) -> float:
        return confidence(self.doubts)


def drafts(reading: Reading) -> tuple[EntryDraft, ...]:
    """Every object of a reading as an entry, parents before children."""
    return (
        *_head_fields(reading.head),
        *(EntryDraft(EntryKind.REMARK, n, {}, None, (doubt,)) for n, doubt in enumerate(reading.doubts)),
        *_plain(EntryKind.CHAPTER, reading.chapters),
        *_plain(EntryKind.ITEM, reading.items),
        *_plain(EntryKind.TABLE, reading.tables),
        *_bodies(reading),
        *_of_items(EntryKind.TARGET, reading.targets, reading.items),
        *_of_items(EntryKind.THRESHOLD, reading.thresholds, reading.items),
        *_of_items(EntryKind.DUTY, reading.duties, reading.items),
        *_annex_targets(reading.annex_targets, reading.tables),
    )


def _payload(value: object) -> dict[str, Any]:
    plain: dict[str, Any] = encode(value)
    unwanted = _NOT_OF_A_PAYLOAD | (_NOT_OF_THE_ITEM if isinstance(value, Item) else frozenset())
    return {key: each for key, each in plain.items() if key not in unwanted}


def _head_fields(head: Head) -> Iterator[EntryDraft]:
    """One entry a field; a doubt ``no_<field>`` goes to its field, any other to the title."""
    names = [field.name for field in fields(Head) if field.name not in _NO_HEAD_FIELD]
    owners = {doubt.code: doubt.code.removeprefix("no_") for doubt in head.doubts}
    for number, name in enumerate(names):
        doubts = tuple(
            doubt for doubt in head.doubts if (owners[doubt.code] if owners[doubt.code] in names else "title") == name
        )
        payload = {"field": name, "value": encode(getattr(head, name))}
        yield EntryDraft(EntryKind.HEAD_FIELD, number, payload, head.spans.get(name), doubts)


def _plain(kind: EntryKind, values: Iterable[Any]) -> Iterator[EntryDraft]:
    for number, value in enumerate(values):
        yield EntryDraft(kind, number, _payload(value), value.span, value.doubts)


def _bodies(reading: Reading) -> Iterator[EntryDraft]:
    owned = [(body, (EntryKind.ITEM, n)) for n, item in enumerate(reading.items) for body in item.bodies]
    standing = [(body, None) for body in reading.standing]
    for number, (body, parent) in enumerate([*owned, *standing]):
        yield EntryDraft(EntryKind.BODY, number, _payload(body), body.span, parent=parent)


def _of_items(kind: EntryKind, values: Iterable[Any], items: tuple[Item, ...]) -> Iterator[EntryDraft]:
    for number, value in enumerate(values):
        place = _item_of(value, items)
        parent = None if place is None else (EntryKind.ITEM, place)
        yield EntryDraft(kind, number, _payload(value), value.span, value.doubts, parent)


def _item_of(value: Any, items: tuple[Item, ...]) -> int | None:
    """The item that a value stands in. Numbers may be printed twice: then its place decides, not its number."""
    numbered = [place for place, item in enumerate(items) if item.no == value.item_no]
    inside = [place for place in numbered if items[place].span.covers(value.span)]
    return next(iter(inside or numbered), None)


def _annex_targets(targets: tuple[Target, ...], tables: tuple[AnnexTable, ...]) -> Iterator[EntryDraft]:
    for number, target in enumerate(targets):
        place = next((n for n, table in enumerate(tables) if table.span.covers(target.value_span)), None)
        parent = None if place is None else (EntryKind.TABLE, place)
        yield EntryDraft(EntryKind.ANNEX_TARGET, number, _payload(target), target.span, target.doubts, parent)
