"""报表集: every form of a layer over time, and what of the whole folder's forms cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from shuangkong.core.finding import Finding
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import refuse
from shuangkong.policyfile.values import check_dated_items
from shuangkong.reporting.forms.drafting import Additions, Lists
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.forms.reading import FormReader

FOLDER = "reporting/forms"
_LISTS = "reporting/lists"
_LAYOUTS = "indicators/tables"
_INDICATORS = "indicators"


@dataclass(frozen=True)
class FormBook:
    """The forms of one layer: id → what it is, stretch of days by stretch, in order."""

    over_time: Mapping[str, tuple[Form, ...]]

    def on(self, day: date) -> tuple[Form, ...]:
        """Forms in force on a day, by id."""
        return tuple(form for forms in self.over_time.values() for form in forms if form.holds_on(day))

    def form(self, id: str, day: date) -> Form | None:  # noqa: A002 - the word of the field
        """The form as it stands on a day; None where it is not in force, or not there."""
        return next((form for form in self.over_time.get(id, ()) if form.holds_on(day)), None)

    def edition(self, id: str, edition: str) -> Form | None:  # noqa: A002 - the word of the field
        """The form of an edition that a draft or a file names; None where there is none."""
        return self._editions.get((id, edition))

    @cached_property
    def _editions(self) -> Mapping[tuple[str, str], Form]:
        return {(form.id, form.edition): form for forms in self.over_time.values() for form in forms}


def form_book(folder: PolicyFolder, layer: str) -> FormBook:
    """The forms in force in ``layer`` on some day, by id.

    Raises:
        PolicyRefused: a file cannot be used.
    """
    reader = _reader(folder, layer)
    found = dict(_read(folder, layer, reader, is_strict=True))
    if reader.findings:
        raise PolicyRefused(tuple(reader.findings))
    return FormBook(found)


def forms_of(folder: PolicyFolder, layer: str) -> Mapping[str, tuple[Form, ...]]:
    """The forms of a layer over time, by id, as far as they read: for checks of the whole folder."""
    return dict(_read(folder, layer, _reader(folder, layer), is_strict=False))


def check_forms(folder: PolicyFolder) -> Iterator[Finding]:
    """What is wrong with the forms of every layer: a check of the whole folder."""
    told: dict[Finding, None] = {}
    for layer in folder.layers:
        if layer in folder.drafts:
            continue
        reader = _reader(folder, layer)
        for _ in _read(folder, layer, reader, is_strict=False):
            pass
        told |= dict.fromkeys(reader.findings)
        for name in folder.names_in(layer, FOLDER):
            record = folder.check(name).node
            if isinstance(record, node.Mapping) and not folder.check(name).findings:
                told |= dict.fromkeys(_check_dates(record))
    yield from told


def _check_dates(record: node.Mapping) -> Iterator[Finding]:
    yield from check_dated_items(record.listing("versions").mappings())
    yield from check_dated_items(record.listing("additions").mappings())


def _read(
    folder: PolicyFolder, layer: str, reader: FormReader, *, is_strict: bool
) -> Iterator[tuple[str, tuple[Form, ...]]]:
    """(id, its forms over time); ``is_strict``: a file that does not read is refused, else passed over."""
    layers = chain(folder, layer)
    for key in sorted(names_in_force(folder, layers, FOLDER)):
        added: list[Additions] = []
        for each in layers:
            name = f"{each}/{FOLDER}/{key}.yaml"
            if not folder.has(name):
                continue
            record = _record(folder, name, is_strict=is_strict)
            if record is None:
                break
            if "versions" in record:
                yield key, reader.forms(key, record, each, tuple(reversed(added)))
                break
            added.append(Additions(each, tuple(record.listing("additions").mappings())))
        else:
            last = f"{added[-1].layer}/{FOLDER}/{key}.yaml"
            reader.findings.append(refuse("POL-071", node.Place(folder.shown(last), 1), found=key))


def _record(folder: PolicyFolder, name: str, *, is_strict: bool) -> node.Mapping | None:
    if is_strict:
        return node.as_mapping(folder.require(name))
    read = folder.check(name)
    return read.node if isinstance(read.node, node.Mapping) and not read.findings else None


def _reader(folder: PolicyFolder, layer: str) -> FormReader:
    layouts = dict(_sound(folder, layer, _LAYOUTS))
    lists = {key: tuple(record.listing("rows").mappings()) for key, record in _sound(folder, layer, _LISTS)}
    indicators = {key: record.text("unit") for key, record in _sound(folder, layer, _INDICATORS)}
    for key, layout in layouts.items():
        for row in layout.listing("rows").mappings():
            for column in layout.listing("columns").mappings():
                indicators[f"{key}.{row.text('id')}.{column.text('id')}"] = column.text("unit")
    return FormReader(books.units(folder), Lists(lists, layouts), indicators)


def _sound(folder: PolicyFolder, layer: str, word: str) -> Iterator[tuple[str, node.Mapping]]:
    """(id, file) of a folder, of the files that read; what is wrong with the others, others report."""
    names = names_in_force(folder, chain(folder, layer), word)
    for key, name in sorted(names.items()):
        read = folder.check(name)
        if isinstance(read.node, node.Mapping) and not read.findings:
            yield key, read.node
