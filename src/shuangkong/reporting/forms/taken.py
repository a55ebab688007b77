"""他表带入的检查: fields that are to begin with what another form tells of the same unit, and cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile import node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.reporting.forms.addresses import ANY
from shuangkong.reporting.forms.book import FOLDER, forms_of
from shuangkong.reporting.forms.first import First, taken
from shuangkong.reporting.forms.model import Field, FieldKind, Form
from shuangkong.reporting.forms.spans import meet

type _Forms = Mapping[str, tuple[Form, ...]]


def check_taken(folder: PolicyFolder) -> Iterator[Finding]:
    """Places of other forms that are not there, of other units or kinds, or never of the same months; one a column."""
    told: dict[Finding, None] = {}
    for layer in folder.layers:
        if layer not in folder.drafts:
            told |= dict.fromkeys(_check_layer(folder, layer))
    yield from told


def _check_layer(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    over_time = forms_of(folder, layer)
    for forms in over_time.values():
        for form in forms:
            seen: set[tuple[str, str, str]] = set()
            for field in form.fields.values():
                for first in taken(field.firsts):
                    column = (field.table, field.column, first.place[0])
                    found = None if column in seen else _wrong(form, field, first, over_time, folder, layer)
                    if found is not None:
                        seen.add(column)
                        yield found


def _wrong(
    form: Form, field: Field, first: First, forms: _Forms, folder: PolicyFolder, layer: str
) -> Finding | None:  # fmt: skip
    """Why a field cannot begin with a place of another form, as that stands while this one is in force."""
    id, address = first.place  # noqa: A001 - the word of the field
    place = partial(_place, folder, layer, form, field, first)
    beside = [each for each in forms.get(id, ()) if _overlap(form, each)]
    if not beside:
        known: Mapping[str, object] = forms
        return refuse("POL-067", place(), found=id, **nearness(nearest(id, known)))
    for other in beside:
        source = other.fields.get(address)
        if source is None:
            near = nearness(nearest(address, other.fields))
            return refuse("POL-067", place(), found=first.which, **near)
        why = _unlike(form, field, other, source)
        if why is not None:
            words = {"form": form.id, "address": field.address, "found": first.which}
            return refuse("POL-082", place(), **words, why=why.zh, why_en=why.en)
    return None


def _unlike(form: Form, field: Field, other: Form, source: Field) -> Message | None:
    if form.subject is not other.subject:
        return Message("两张报表的填报对象不同", "the two forms are of other reporters")
    if field.kind is not source.kind or (field.row == ANY) is not (source.row == ANY):
        return Message("两栏一是数值一是文字，或一在开放表", "they are of other kinds, or one is of an open table")
    if field.unit != source.unit:
        return Message(f"单位是 {source.unit}，应为 {field.unit}", f"in {source.unit}, not in {field.unit}")
    if field.kind is FieldKind.FIGURE and not meet(form.every, field.span, other.every, source.span):
        return Message("两栏永远不是同一些月份的数", "the two never cover the same months")
    return None


def _overlap(one: Form, other: Form) -> bool:
    return any(other.holds_on(day) and one.holds_on(day) for day in (one.validity.starts, other.validity.starts))


def _place(folder: PolicyFolder, layer: str, form: Form, field: Field, first: First) -> node.Place:
    """Where it is written, in the lowest layer that does."""
    names = [f"{each}/{FOLDER}/{form.id}.yaml" for each in chain(folder, layer)]
    held = [name for name in names if folder.has(name)]
    for name in held:
        record = folder.check(name).node
        for path, leaf in node.walk(record) if record is not None else ():
            if "returns" in path[-2:] and node.as_text(leaf).replace("{row}", field.row) == first.which:
                return leaf.place
    return node.Place(folder.shown(held[-1]), 1)
