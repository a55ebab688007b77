"""问责规则文件 → 规则: consequences and standing restrictions as policy lays them down, and the cases beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shuangkong.assessment.book import clause_of
from shuangkong.assessment.consequence import (
    ActKind,
    ActRule,
    ConsequenceRule,
    DaysKind,
    GroundKind,
    Suspension,
    TermOf,
)
from shuangkong.core.dated import Parameter, Validity
from shuangkong.core.fact import State
from shuangkong.core.finding import Finding
from shuangkong.core.restriction import (
    Approval,
    Equipment,
    Firmness,
    Ground,
    Project,
    Relation,
    Restriction,
    ScopeKind,
    Term,
    Threshold,
    may_be_approved,
)
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, parse
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import holds
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import starts_of

ROOM, CONSEQUENCES, RESTRICTIONS = "assessment", "assessment/consequences", "assessment/restrictions"
_ENDING = ".cases.yaml"
_OUTCOMES = {True: "follows", False: "does_not", None: "undecided"}


def consequence_rules(folder: PolicyFolder, layer: str) -> tuple[ConsequenceRule, ...]:
    """All rules of a layer and those above it, by id; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), CONSEQUENCES)
    reader = _Reader(folder, layer)
    found = tuple(reader.rule(word, node.as_mapping(folder.require(name))) for word, name in sorted(names.items()))
    if reader.findings:
        raise PolicyRefused(tuple(reader.findings))
    return found


def standing_restrictions(folder: PolicyFolder, layer: str) -> tuple[Restriction, ...]:
    """Bans that documents lay down for everybody, by id."""
    names = names_in_force(folder, chain(folder, layer), RESTRICTIONS)
    return tuple(_standing(word, node.as_mapping(folder.require(name))) for word, name in sorted(names.items()))


def check_consequences(folder: PolicyFolder) -> Iterator[Finding]:
    """All that is wrong with the rules, and the cases that fail: a check of the whole folder."""
    for layer in folder.layers:
        for name in folder.names_in(layer, CONSEQUENCES):
            yield from _checked(folder, layer, name)
        for name in folder.names_in(layer, RESTRICTIONS):
            yield from _checked_restriction(folder, name)


def _checked(folder: PolicyFolder, layer: str, name: str) -> Iterator[Finding]:
    read = folder.check(name)
    if not isinstance(read.node, node.Mapping) or read.findings:
        return
    reader = _Reader(folder, layer)
    rule = reader.rule(books.id_of(name), read.node)
    yield from reader.findings
    for case in _cases(folder, name) if not reader.findings else ():
        if isinstance(case, Finding):
            yield case
            continue
        facts = {key: _told(entry) for key, entry in case.mapping("facts").entries.items()}
        unknown = sorted(set(facts) - set(rule.results))
        if unknown:
            yield refuse("POL-052", case.place, expected=", ".join(rule.results), found=", ".join(unknown))
            continue
        told = {key: facts.get(key, State.MISSING) for key in rule.when.names}
        expected, found = case.text("expect"), _OUTCOMES[holds(rule.when, told)]
        if expected != found:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)


def _checked_restriction(folder: PolicyFolder, name: str) -> Iterator[Finding]:
    read = folder.check(name)
    if not isinstance(read.node, node.Mapping) or read.findings:
        return
    restriction = _standing(books.id_of(name), read.node)
    for case in _cases(folder, name):
        if isinstance(case, Finding):
            yield case
            continue
        day, act = case.day("day") or restriction.validity.starts, Approval(case.text("approval"))
        found = may_be_approved((restriction,), act, _project(case), day).verdict
        if found.value != case.text("expect"):
            yield refuse("POL-030", case.place, name=case.text("name"), expected=case.text("expect"), found=found)


def _cases(folder: PolicyFolder, name: str) -> Iterator[node.Mapping | Finding]:
    beside = name.replace(".yaml", _ENDING)
    if not folder.has(beside):
        yield refuse("POL-034", node.Place(folder.shown(name), 1), found=beside)
        return
    read = folder.check(beside)
    if isinstance(read.node, node.Listing) and not read.findings:
        yield from read.node.mappings()


def _told(entry: node.Node) -> Told:
    if isinstance(entry, node.Leaf) and isinstance(entry.value, str):
        return State(entry.value)
    return node.as_number(entry)


def _project(case: node.Mapping) -> Project:
    """``place`` names what is told of a project; ``none`` says that it falls under nothing of the kind."""
    told = case.mapping("place").entries if "place" in case else {}
    at = {ScopeKind(key): _codes(entry) for key, entry in told.items()}
    devices = tuple(map(_device, case.listing("equipment").mappings()))
    return Project(case.text("name"), at, devices if "equipment" in case else None)


def _device(record: node.Mapping) -> Equipment:
    figures = record.mapping("figures").entries if "figures" in record else {}
    return Equipment(record.text("class"), {key: node.as_number(value) for key, value in figures.items()})


def _codes(entry: node.Node) -> frozenset[str]:
    texts = entry.texts() if isinstance(entry, node.Listing) else (node.as_text(entry),)
    return frozenset(texts) - {"none"}


@dataclass
class _Reader:
    folder: PolicyFolder
    layer: str
    findings: list[Finding] = field(default_factory=list)

    def rule(self, word: str, record: node.Mapping) -> ConsequenceRule:
        name = books.message(record.mapping("name"))
        told = {key: node.as_mapping(entry) for key, entry in record.mapping("results").entries.items()}
        results = {key: books.message(entry) for key, entry in told.items()}
        return ConsequenceRule(
            id=word,
            name=name,
            subjects=record.listing("subjects").texts(),
            ground=GroundKind(record.text("kind")),
            results=results,
            when=self.condition(record, tuple(results)),
            acts=tuple(map(self.act, record.listing("acts").mappings())),
            validity=Validity(starts_of(record), record.day("until")),
            clause=clause_of(record, name),
            source=record.text("source"),
            at=record.text("at"),
            place=str(record.place),
            indicators={key: frozenset(each.listing("indicators").texts()) for key, each in told.items()},
        )

    def condition(self, record: node.Mapping, names: tuple[str, ...]) -> Expression:
        """The condition; what is refused is a finding, and a condition that never holds stands for it."""
        text, place = record.text("when"), record.entries["when"].place
        try:
            found = parse(text)
        except ExpressionRefused as refused:
            self.findings.append(refused.finding(place))
            return parse("0 > 0")
        for name in found.names:
            if name not in names:
                self.findings.append(refuse("POL-040", place, found=name, **nearness(nearest(name, names))))
        if not found.is_condition:
            words = ("条件，如 target_missed == 1", "a condition such as target_missed == 1")
            self.findings.append(refuse("POL-018", place, expected=words[0], expected_en=words[1], found=text))
        return found

    def act(self, record: node.Mapping) -> ActRule:
        kind = ActKind(record.text("kind"))
        if (kind is ActKind.SUSPENSION) != ("scope" in record and "approvals" in record):
            self.findings.append(refuse("POL-004", record.place, key="scope"))
        return ActRule(
            kind=kind,
            object=record.text("object"),
            executors=record.text("executors"),
            evidence=record.text("evidence"),
            is_published=record.flag("publish", default=False),
            term=self.term(record),
            days=DaysKind(record.text("days", DaysKind.DAY)),
            suspension=_suspension(record) if kind is ActKind.SUSPENSION and "scope" in record else None,
        )

    def term(self, record: node.Mapping) -> Parameter | None:
        if "term" not in record:
            return None
        word = record.text("term")
        names = names_in_force(self.folder, chain(self.folder, self.layer), ROOM)
        if word not in names:
            hint = nearness(nearest(word, names))
            self.findings.append(refuse("POL-050", record.entries["term"].place, found=word, **hint))
            return None
        return books.parameter(self.folder, names[word])


def _suspension(record: node.Mapping) -> Suspension:
    return Suspension(
        approvals=frozenset(map(Approval, record.listing("approvals").texts())),
        firmness=Firmness(record.text("firmness", Firmness.FORBIDDEN)),
        scope=tuple(TermOf(_term(each), each.text("of")) for each in record.listing("scope").mappings()),
        exempt=tuple(map(_term, record.listing("exempt").mappings())),
        lifted_when=books.message(record.mapping("lifted")),
        until=record.day("expires"),
    )


def _term(record: node.Mapping) -> Term:
    threshold = _threshold(record.mapping("threshold")) if "threshold" in record else None
    return Term(ScopeKind(record.text("kind")), frozenset(record.listing("codes").texts()), threshold)


def _threshold(record: node.Mapping) -> Threshold:
    relation = next(relation for relation in Relation if relation.value in record)
    return Threshold(record.text("figure"), relation, record.number(relation.value), record.text("unit"))


def _standing(word: str, record: node.Mapping) -> Restriction:
    name = books.message(record.mapping("name"))
    suspension = _suspension(record)
    return Restriction(
        id=word,
        approvals=suspension.approvals,
        scope=tuple(each.term for each in suspension.scope),
        validity=Validity(starts_of(record), record.day("until")),
        ground=Ground(clause_of(record, name), record.text("source"), record.text("at")),
        lifted_when=suspension.lifted_when,
        firmness=suspension.firmness,
        exempt=suspension.exempt,
    )
