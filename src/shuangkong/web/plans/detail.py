"""One entry for the right-hand side of the review: its doubts, what may be done with it, what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shuangkong.records.plans import store
from shuangkong.records.plans.rows import EntryKind, EntryRow, Verdict
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.entries import FIELDS, Choices, Field, is_correctable, plain, plain_input, summary
from shuangkong.web.plans.marked import state_of
from shuangkong.web.site.words import spoken

#: How many neighbours a merger offers.
NEAR = 30


@dataclass(frozen=True, slots=True)
class Told:
    """A decision that was refused, and everything that was typed with it."""

    refusal: Refused
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Input:
    """A field as the form shows it."""

    field: Field
    value: str
    choices: Choices | None
    is_wrong: bool


def place(entry: EntryRow) -> int:
    """Where an entry stands in the document; -1 where it is not printed."""
    return entry.span.start if entry.span else -1


def inputs(kind: EntryKind, payload: Mapping[str, Any], told: Told | None = None) -> list[Input]:
    """The fields of a kind with what was typed, else what the payload holds."""
    form = told.form if told else {}
    wrong = told.refusal.field if told else ""
    return [
        Input(
            field,
            form.get(field.key, plain_input(payload.get(field.key))),
            field.choices() if field.choices else None,
            field.key == wrong,
        )
        for field in FIELDS[kind]
    ]


def refused(told: Told | None, fields: Iterable[Field]) -> dict[str, Any]:
    """What was refused; ``is_at_field`` says that the form shows it beside the field at fault."""
    shown = {"reason", *(field.key for field in fields)}
    return {
        "refusal": told.refusal if told else None,
        "is_at_field": told is not None and told.refusal.field in shown,
    }


def detail(chosen: EntryRow | None, entries: tuple[EntryRow, ...], told: Told | None = None) -> dict[str, Any]:
    """The context of plans/entry.html."""
    if chosen is None:
        return {"entry": None}
    by_id = {entry.id: entry for entry in entries}
    parent, decision = by_id.get(chosen.parent or 0), chosen.decision
    into = by_id.get(decision.merged_into or 0) if decision else None
    typed = told if told is not None and told.form.get("verdict") == Verdict.CORRECTED else None
    return {
        "entry": chosen,
        "entry_state": state_of(chosen),
        "entry_words": summary(chosen),
        "entry_parent": summary(parent) if parent else "",
        "doubts": [spoken(doubt) for doubt in chosen.doubts],
        "merged_into": into,
        "merged_words": summary(into) if into else "",
        "earlier": len(store.decisions(chosen.id)) - 1 if decision else 0,
        "fields": inputs(chosen.kind, chosen.payload, typed) if is_correctable(chosen) else [],
        "facts": [(field.label, plain(chosen.payload.get(field.key))) for field in FIELDS[chosen.kind]],
        "kin": [(each.id, summary(each)) for each in _near(chosen, entries)],
        "opened": told.form.get("verdict", "") if told else "",
        "typed": told.form if told else {},
        **refused(told, FIELDS[chosen.kind]),
    }


def _near(chosen: EntryRow, entries: tuple[EntryRow, ...]) -> list[EntryRow]:
    """What it may be merged into, the nearest first; a head has one field of each name."""
    if chosen.kind is EntryKind.HEAD_FIELD:
        return []
    kin = [each for each in entries if each.kind is chosen.kind and each.id != chosen.id and not each.is_dropped]
    return sorted(kin, key=lambda each: abs(place(each) - place(chosen)))[:NEAR]
