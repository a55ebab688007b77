"""污染物、污染源类别、措施类别: what is accounted for, as ``policy/<layer>/emissions`` lists it. All of it is data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shuangkong.core.finding import Finding, Message
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest

FOLDER = "emissions/pollutants"
CLASSES = "national/emissions/source_class.yaml"


@dataclass(frozen=True, slots=True)
class Pollutant:
    """One pollutant.

    Attributes:
        media: water, air or soil.
        monitoring: the code that telemetry gives it; "" where it has none of its own.
        scopes: classes of sources in which it is accounted for.
        total, increment, recognised, reported, reported_total, rate: ids of the indicators that hold its figures.
        project, assigned: those of reductions by key projects, done and assigned; "" where there are none.
    """

    id: str
    name: Message
    media: str
    unit: str
    monitoring: str
    scopes: tuple[str, ...]
    total: str
    increment: str
    recognised: str
    reported: str
    reported_total: str
    rate: str
    project: str = ""
    assigned: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Classes:
    """Id → name of each class of sources, sort of measure, way of knowing (the surest first) and sort of inventory."""

    scopes: Mapping[str, Message]
    measures: Mapping[str, Message]
    evidence: Mapping[str, Message]
    inventories: Mapping[str, Message]
    is_verified: bool = False

    def surest(self, evidence: tuple[str, ...]) -> str:
        """Of several ways of knowing one amount the one that counts. Raises ValueError where one is not known."""
        order = tuple(self.evidence)
        return min(evidence, key=order.index)


def pollutants(folder: PolicyFolder, layer: str) -> dict[str, Pollutant]:
    """Id → pollutant in force in a layer; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    return {key: _pollutant(key, node.as_mapping(folder.require(name))) for key, name in sorted(names.items())}


def classes(folder: PolicyFolder) -> Classes:
    """Raises PolicyRefused where the file cannot be used."""
    record = node.as_mapping(folder.require(CLASSES))
    return Classes(
        scopes=_named(record, "scopes"),
        measures=_named(record, "measures"),
        evidence=_named(record, "evidence"),
        inventories=_named(record, "inventories"),
        is_verified=record.flag("verified", default=False),
    )


def check_pollutants(folder: PolicyFolder) -> Iterator[Finding]:
    """Indicators and classes that are not there: a check of the whole folder."""
    if not folder.has(CLASSES):
        return
    scopes = classes(folder).scopes
    for layer in folder.layers:
        indicators = names_in_force(folder, chain(folder, layer), "indicators")
        for name in folder.names_in(layer, FOLDER):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                for entry in read.node.mapping("indicators").entries.values():
                    if node.as_text(entry) not in indicators:
                        hint = nearness(nearest(node.as_text(entry), indicators))
                        yield refuse("POL-046", entry.place, found=node.as_text(entry), **hint)
                yield from unknown_in(read.node.listing("scopes"), scopes)


def unknown_in(listing: node.Listing, known: Mapping[str, object]) -> Iterator[Finding]:
    """A finding for each text of a list that is none of ``known``."""
    for entry in listing.items:
        if node.as_text(entry) not in known:
            words = "、".join(known)
            yield refuse("POL-018", entry.place, expected=words, expected_en=words, found=node.as_text(entry))


def _pollutant(key: str, record: node.Mapping) -> Pollutant:
    held = record.mapping("indicators")
    return Pollutant(
        id=key,
        name=books.message(record.mapping("name")),
        media=record.text("media"),
        unit=record.text("unit"),
        monitoring=record.text("monitoring"),
        scopes=record.listing("scopes").texts(),
        total=held.text("total"),
        increment=held.text("increment"),
        recognised=held.text("recognised"),
        reported=held.text("reported"),
        reported_total=held.text("reported_total"),
        rate=held.text("rate"),
        project=held.text("project"),
        assigned=held.text("assigned"),
        is_verified=record.flag("verified", default=False),
    )


def _named(record: node.Mapping, key: str) -> Mapping[str, Message]:
    return {item.text("id"): books.message(item.mapping("name")) for item in record.listing(key).mappings()}
