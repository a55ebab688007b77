"""依据: when a rule of the monitoring policy holds, what it rests on, how sure that is; and how files are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.core.source import Source
from shuangkong.core.trace import Clause
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import refuse
from shuangkong.policyfile.values import check_dated_items, starts_of

_HAN = re.compile(r"[\u4e00-\u9fff]")
#: Parts of documents, as places in them name them.
_PARTS = {"附录": "annex", "表": "table", "图": "figure"}
#: The folder of the room below each layer.
ROOM = "monitoring"


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a rule rests.

    Attributes:
        clause: the document and the place in it; not verified: it is shown so and never decides silently.
        source: id of the document; ``confidence`` as the file says it; ``place``: file and line.
    """

    validity: Validity
    clause: Clause
    source: str
    confidence: str
    place: str

    @property
    def is_verified(self) -> bool:
        return self.clause.is_verified


class Files:
    """The files of one folder of the room, as a layer and those above it have them."""

    def __init__(self, folder: PolicyFolder, layer: str, word: str) -> None:
        self.folder = folder
        self.names = dict(sorted(names_in_force(folder, chain(folder, layer), f"{ROOM}/{word}".rstrip("/")).items()))
        self.sources: dict[str, Source] = books.sources(folder)

    def records(self) -> Iterator[tuple[str, node.Mapping]]:
        """(id, content) of each file by id; raises PolicyRefused."""
        for key, name in self.names.items():
            found = self.folder.require(name)
            if isinstance(found, node.Mapping):
                yield key, found

    def record(self, key: str) -> node.Mapping:
        return node.as_mapping(self.folder.require(self.names[key]))

    def ground(self, item: node.Mapping, whole: node.Mapping | None = None) -> Ground:
        """Of an item with ``from``, ``source`` …; what it does not say, the whole file says."""
        outer = whole if whole is not None else item
        source = item.text("source") or outer.text("source")
        starts, until = starts_of(item if "from" in item else outer), item.day("until") or outer.day("until")
        verified = item.flag("verified", outer.flag("verified", default=False))
        return Ground(
            Validity(starts, until if until is None or until >= starts else starts),
            Clause(cited(self.sources.get(source), source, item.text("at") or outer.text("at")), verified),
            source,
            item.text("confidence") or outer.text("confidence"),
            str(item.place),
        )


def cited(source: Source | None, key: str, at: str) -> Message:
    """A document with its number and the place in it; the id of one that is not registered."""
    if source is None:
        return Message(f"{key}{at}", f"{key} {at}".rstrip())
    number = f"（{source.number}）" if source.number else ""
    english = f" ({source.number})" if source.number else ""
    title = f"“{source.english}”{english}" if source.english else f"“{source.title}”{number}"
    return Message(f"《{source.title}》{number}{at}", f"{title} {_place(at)}".rstrip())


def _place(at: str) -> str:
    """A place in a document as English pages say it; "" where it is Chinese words and no number of a part."""
    told = at
    for zh, en in _PARTS.items():
        told = told.replace(zh, f"{en} ")
    told = " ".join(told.split())
    return "" if _HAN.search(told) else told


def on[T](dated: Iterable[tuple[Ground, T]], day: date) -> T | None:
    """What is in force on a day; None where nothing is."""
    return next((each for ground, each in dated if ground.validity.holds_on(day)), None)


def without_cases(folder: PolicyFolder, layer: str, word: str) -> Iterator[Finding]:
    """Rule files of a folder that have no worked examples beside them."""
    for name in folder.names_in(layer, f"{ROOM}/{word}"):
        cases = name.replace(".yaml", ".cases.yaml")
        if not folder.has(cases):
            yield refuse("POL-034", node.Place(folder.shown(name), 1), found=cases)


def overlapping(items: Iterable[node.Mapping], *keys: str) -> Iterator[Finding]:
    """Dated items that agree in all of ``keys`` and overlap in time."""
    groups: dict[tuple[str, ...], list[node.Mapping]] = {}
    for item in items:
        groups.setdefault(tuple(item.text(key) for key in keys), []).append(item)
    for group in groups.values():
        yield from check_dated_items(group)
