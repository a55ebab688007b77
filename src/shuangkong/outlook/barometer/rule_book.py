"""政策文件 → 判定规定: the rules of a layer with their conditions, or all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.core.source import Source
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.basis import SETS
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Band, Confidence, Rule, Span, Version
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, parse
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import check_dated_items, starts_of

#: Where rules stand: what is judged by figures, and the triggers that plans name.
BAROMETER = "outlook/barometer"
TRIGGERS = "outlook/triggers"
FOLDERS = (BAROMETER, TRIGGERS)


def rules(folder: PolicyFolder, layer: str, word: str = BAROMETER) -> dict[str, Rule]:
    """Id → rule in force in a layer, by id.

    Raises:
        PolicyRefused: a file cannot be used.
    """
    names = names_in_force(folder, chain(folder, layer), word)
    read = _Reader(folder)
    found = {key: read.rule(key, node.as_mapping(folder.require(name))) for key, name in sorted(names.items())}
    if read.findings:
        raise PolicyRefused(tuple(read.findings))
    return found


def check_rules(folder: PolicyFolder) -> Iterator[Finding]:
    """Sets that are not there, conditions that do not read, two versions on one day: a check of the whole folder."""
    read = _Reader(folder)
    for layer in folder.layers:
        for word in FOLDERS:
            for name in folder.names_in(layer, word):
                found = folder.check(name)
                if isinstance(found.node, node.Mapping) and not found.findings:
                    read.rule(books.id_of(name), found.node)
    yield from read.findings


@dataclass
class _Reader:
    """Reads files that pass their shape, gathering findings; a condition that is refused is left out."""

    folder: PolicyFolder
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sources = books.sources(self.folder)

    def rule(self, key: str, record: node.Mapping) -> Rule:
        of, items = record.text("figures"), tuple(record.listing("rules").mappings())
        if of not in SETS:
            words = "、".join(SETS)
            place = record.key_places["figures"]
            self.findings.append(refuse("POL-018", place, expected=words, expected_en=words, found=of))
        for regions in dict.fromkeys(_regions(item) for item in items):
            self.findings.extend(check_dated_items(item for item in items if _regions(item) == regions))
        versions = tuple(self.version(of, item) for item in items)
        indicators = frozenset(record.listing("indicators").texts())
        return Rule(key, books.message(record.mapping("name")), of, versions, indicators)

    def version(self, of: str, item: node.Mapping) -> Version:
        limits = _limits(item)
        starts, until = starts_of(item), item.day("until")
        known = frozenset(SETS.get(of, ())) | frozenset(limits)
        return Version(
            validity=Validity(starts, until if until is None or until >= starts else starts),
            bands=tuple(self.band(band, known) for band in item.listing("levels").mappings()),
            clause=self.clause(item),
            source=item.text("source"),
            confidence=Confidence(item.text("confidence")),
            limits=limits,
            regions=_regions(item),
            spans=frozenset(map(Span, item.listing("periods").texts())),
            place=str(item.place),
        )

    def band(self, item: node.Mapping, known: frozenset[str]) -> Band:
        return Band(Level(int(item.number("level"))), self.condition(item, known) if "when" in item else None)

    def condition(self, item: node.Mapping, known: frozenset[str]) -> Expression | None:
        place = item.key_places["when"]
        try:
            found = parse(item.text("when"))
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(place))
            return None
        for name in found.names:
            if name not in known:
                hint = nearness(nearest(name, known))
                self.findings.append(refuse("POL-040", place, found=name, **hint))
        if not found.is_condition:
            condition = ("条件，如 a > b", "a condition such as a > b")
            expected = dict(zip(("expected", "expected_en"), condition, strict=True))
            self.findings.append(refuse("POL-018", place, found=found.text, **expected))
            return None
        return found

    def clause(self, item: node.Mapping) -> Clause:
        source = self.sources.get(item.text("source"))
        return Clause(cited(source, item.text("source"), item.text("at")), item.flag("verified", default=False))


def cited(source: Source | None, key: str, at: str) -> Message:
    """A document with its number and the place in it; the id of one that is not registered."""
    if source is None:
        return Message(f"{key}{at}", f"{key} {at}".rstrip())
    number = f"（{source.number}）" if source.number else ""
    return Message(f"《{source.title}》{number}{at}", f"“{source.title}”{number} {at}".rstrip())


def _regions(item: node.Mapping) -> frozenset[str]:
    return frozenset(item.listing("regions").texts())


def _limits(item: node.Mapping) -> dict[str, Decimal]:
    if "limit" not in item:
        return {}
    return {name: node.as_mapping(each).number("value") for name, each in item.mapping("limit").entries.items()}
