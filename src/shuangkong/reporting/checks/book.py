"""检查目录的读法: the families of a layer and what places made stricter → rules; what of them cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import Parameter, Validity
from shuangkong.core.finding import Message, Severity
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Mapping, as_mapping
from shuangkong.policyfile.values import dated_values
from shuangkong.reporting.checks.rule import Limit, Rule, Way

CHECKS = "reporting/checks"
STRICTER = "reporting/stricter"
#: From the gravest on.
WEIGHTS = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Family:
    """A file of checks that belong together."""

    id: str
    name: Message
    rules: tuple[Rule, ...]


def families(folder: PolicyFolder, layer: str) -> tuple[Family, ...]:
    """The catalogue in force in a layer, its rules as strict as the layers on the way make them; by id.

    Raises:
        PolicyRefused: a file cannot be used.
    """
    layers = chain(folder, layer)
    files = names_in_force(folder, layers, CHECKS)
    found = [family(folder, files[key]) for key in sorted(files)]
    for each in reversed(layers):
        found = [_stricter(folder, each, one) for one in found]
    return tuple(found)


def rules(folder: PolicyFolder, layer: str) -> tuple[Rule, ...]:
    """All rules of a layer, by code."""
    return tuple(sorted((rule for each in families(folder, layer) for rule in each.rules), key=lambda rule: rule.code))


def family(folder: PolicyFolder, name: str) -> Family:
    """The family of a file as it stands there."""
    record = as_mapping(folder.require(name))
    layer, key = name.split("/", 1)[0], books.id_of(name)
    read = (rule_of(item, record, key, layer) for item in record.listing("checks").mappings())
    return Family(key, books.message(record.mapping("name")), tuple(read))


def rule_of(item: Mapping, record: Mapping, key: str, layer: str) -> Rule:
    """One check; what it does not say of its own it has of its file."""
    is_verified = item.flag("verified", record.flag("verified", default=False))
    limits = item.mapping("limit").entries if "limit" in item else {}
    code = item.text("code")
    return Rule(
        code=code,
        family=key,
        severity=Severity(item.text("severity")),
        title=books.message(item.mapping("title")),
        message=books.message(item.mapping("message")),
        method=item.text("method"),
        forms=item.listing("forms").texts() or record.listing("forms").texts(),
        table=item.text("table"),
        rows=item.listing("rows").texts(),
        but_rows=item.listing("but_rows").texts(),
        columns=item.listing("columns").texts(),
        names=_texts(item, "names"),
        when=item.text("when"),
        rule=item.text("rule"),
        value=item.text("value"),
        show=_texts(item, "show"),
        options=_texts(item, "options"),
        limits={name: limit_of(f"{code}/{name}", as_mapping(limit)) for name, limit in limits.items()},
        validity=Validity(item.day("from") or record.day("from") or date.min, item.day("until") or record.day("until")),
        source=item.text("source", record.text("source")),
        at=item.text("at", record.text("at")),
        is_verified=is_verified,
        is_suppressible=item.flag("suppressible", item.text("severity") != Severity.MUST_FIX),
        layers=(layer,),
        place=str(item.place),
    )


def limit_of(id: str, record: Mapping) -> Limit:  # noqa: A002 - the word of the field
    way = record.text("stricter")
    return Limit(Parameter(id, record.text("unit"), dated_values(record)), Way(way) if way else None)


def _texts(item: Mapping, key: str) -> dict[str, str]:
    return {name: item.mapping(key).text(name) for name in item.mapping(key).entries} if key in item else {}


def _stricter(folder: PolicyFolder, layer: str, one: Family) -> Family:
    """The family with what a layer says of its checks; what would relax them has no effect (`policy check` tells)."""
    changes = dict(amendments(folder, layer))
    return replace(
        one,
        rules=tuple(amended(rule, changes[rule.code], layer) if rule.code in changes else rule for rule in one.rules),
    )


def amendments(folder: PolicyFolder, layer: str) -> Iterator[tuple[str, Mapping]]:
    """(code, what the layer says of it)."""
    for name in folder.names_in(layer, STRICTER):
        for item in as_mapping(folder.require(name)).listing("checks").mappings():
            yield item.text("code"), item


def amended(rule: Rule, item: Mapping, layer: str) -> Rule:
    """The rule as strict as the item makes it."""
    severity = min(rule.severity, Severity(item.text("severity", rule.severity)), key=WEIGHTS.index)
    limits = dict(rule.limits)
    for name, told in item.mapping("limit").entries.items() if "limit" in item else ():
        own = limit_of(f"{rule.code}/{name}", as_mapping(told))
        if name in limits and not list(laxer(own, limits[name])):
            limits[name] = replace(own, stricter=limits[name].stricter, above=limits[name])
    is_suppressible = rule.is_suppressible and item.flag("suppressible", default=True)
    return replace(
        rule, severity=severity, limits=limits, is_suppressible=is_suppressible, layers=(*rule.layers, layer)
    )


def laxer(own: Limit, upper: Limit | None) -> Iterator[str]:
    """What of a lower layer's limit is laxer than the upper ones: its values, or its unit."""
    if upper is None:
        return
    if own.parameter.unit != upper.parameter.unit:
        yield own.parameter.unit
    for value in own.parameter.values:
        for above in upper.parameter.values:
            if value.validity.overlaps(above.validity) and not _is_as_strict(
                value.number, above.number, upper.stricter
            ):
                yield f"{value.number:f}"
    yield from laxer(own, upper.above)


def _is_as_strict(own: Decimal, upper: Decimal, way: Way | None) -> bool:
    if way is None:
        return own == upper
    return own <= upper if way is Way.LOWER else own >= upper
