"""统计范围: the scopes that units are counted in (规上, 规下), and which of them exclude one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Listing, as_mapping
from shuangkong.policyfile.node import Mapping as Record
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest

_FOLDER = "facts/scopes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One scope; ``excludes``: ids of those that nobody belongs to who belongs to it at the same time; ``registers``:
    published lists whose units report as its members do, beside those that were entered one by one."""

    id: str
    name: Message
    excludes: frozenset[str] = frozenset()
    registers: tuple[str, ...] = ()
    source: str
    at: str = ""
    is_verified: bool = False

    def is_apart_from(self, other: Scope) -> bool:
        """Whether nobody belongs to both at a time, whichever of the two files says so; nobody is in one twice."""
        return self.id == other.id or other.id in self.excludes or self.id in other.excludes


def scopes(folder: PolicyFolder, layer: str) -> dict[str, Scope]:
    """Id → scope in force in a layer, ``policy/<layer>/facts/scopes/<id>.yaml``, by id.

    Raises:
        PolicyRefused: a file cannot be used.
    """
    names = names_in_force(folder, chain(folder, layer), _FOLDER)
    return {word: _scope(word, as_mapping(folder.require(names[word]))) for word in sorted(names)}


def _scope(word: str, record: Record) -> Scope:
    return Scope(
        id=word,
        name=books.message(record.mapping("name")),
        excludes=frozenset(record.listing("excludes").texts()),
        registers=record.listing("registers").texts(),
        source=record.text("source"),
        at=record.text("at"),
        is_verified=record.flag("verified", default=False),
    )


def check_scopes(folder: PolicyFolder) -> Iterator[Finding]:
    """Scopes that a file names and no file lays down: one that excludes another, one whose units must tell."""
    for layer in folder.layers:
        known = names_in_force(folder, chain(folder, layer), _FOLDER)
        for name in (*folder.names_in(layer, _FOLDER), *folder.names_in(layer, "facts")):
            record = folder.check(name).node
            if isinstance(record, Record):
                yield from _unknown(record, known)


def _unknown(record: Record, known: Mapping[str, str]) -> Iterator[Finding]:
    for key in ("scope", "excludes"):
        if key in record:
            entry = record.entries[key]
            for found in entry.texts() if isinstance(entry, Listing) else (record.text(key),):
                if found not in known:
                    yield refuse("POL-065", record.key_places[key], found=found, **nearness(nearest(found, known)))
