"""政策文件 → 排放限值, and their worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.finding import Finding, Message
from shuangkong.monitoring.ground import ROOM, Files, without_cases
from shuangkong.monitoring.limits.areas import check_places
from shuangkong.monitoring.limits.choice import chosen
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit, Rank
from shuangkong.monitoring.reading import Span
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

LIMITS = "limits"


def limits(folder: PolicyFolder, layer: str) -> tuple[Limit, ...]:
    """Of all days, by standard and in file order."""
    files = Files(folder, layer, LIMITS)
    return tuple(limit for key, record in files.records() for limit in _limits(files, key, record))


def _limits(files: Files, key: str, record: node.Mapping) -> Iterator[Limit]:
    whole = books.message(record.mapping("name"))
    for group in record.listing("groups").mappings():
        name = books.message(group.mapping("name"))
        said = Message(f"{whole.zh}（{name.zh}）", f"{whole.en} ({name.en})")
        reference = group.number("reference_o2_pct") if "reference_o2_pct" in group else None
        for item in group.listing("limits").mappings():
            # What a limit does not say its group says, what that does not the whole standard.
            ground = files.ground(_merged(item, group), record)
            basis = Basis(item.text("basis"))
            yield Limit(
                factor=item.text("factor"),
                span=Span(item.text("span")),
                most=Decimal(item.number("most")) if "most" in item else None,
                least=Decimal(item.number("least")) if "least" in item else None,
                unit=item.text("measured_in"),
                basis=basis,
                rank=Rank(record.text("rank")),
                standard=key,
                group=group.text("id"),
                name=said,
                ground=ground,
                reference_o2_pct=reference if basis is Basis.CONVERTED else None,
                industries=(group if "industries" in group else record).listing("industries").texts(),
                places=(group if "places" in group else record).listing("places").texts(),
            )


def _merged(item: node.Mapping, group: node.Mapping) -> node.Mapping:
    """A limit with what its group says of days and grounds."""
    keys = ("from", "until", "source", "at", "confidence", "verified")
    entries = {key: group.entries[key] for key in keys if key in group} | item.entries
    return node.Mapping(item.place, entries, group.key_places | item.key_places)


def check_limits(folder: PolicyFolder) -> Iterator[Finding]:
    """Limits that bound nothing, converted ones without reference oxygen, two of one kind, cases that fail."""
    for layer in folder.layers:
        yield from without_cases(folder, layer, LIMITS)
        for name in folder.names_in(layer, f"{ROOM}/{LIMITS}"):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                yield from _check_standard(read.node)
                yield from check_places(folder, read.node)
                yield from _check_cases(folder, layer, books.id_of(name))


def _check_standard(record: node.Mapping) -> Iterator[Finding]:
    ids: set[str] = set()
    for group in record.listing("groups").mappings():
        if group.text("id") in ids:
            yield refuse("POL-026", group.place, found=group.text("id"), first=record.place)
        ids.add(group.text("id"))
        seen: set[tuple[str, ...]] = set()
        for item in group.listing("limits").mappings():
            key = tuple(item.text(each) for each in ("factor", "span", "basis"))
            if key in seen:
                yield refuse("POL-026", item.place, found=" ".join(key), first=group.place)
            seen.add(key)
            if "most" not in item and "least" not in item:
                yield refuse("POL-004", item.place, key="most")
            if item.text("basis") == Basis.CONVERTED and "reference_o2_pct" not in group:
                yield refuse("POL-004", group.place, key="reference_o2_pct")


def _check_cases(folder: PolicyFolder, layer: str, key: str) -> Iterator[Finding]:
    name = f"{layer}/{ROOM}/{LIMITS}/{key}.cases.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is None or read.findings or not isinstance(read.node, node.Listing):
        return
    own = tuple(each for each in limits(folder, layer) if each.standard == key)
    for case in read.node.mappings():
        yield from _tried(case, own, key)


def _tried(case: node.Mapping, own: tuple[Limit, ...], key: str) -> Iterator[Finding]:
    day = case.day("day")
    assert day is not None
    # Whom and where it holds is not what a case of a value asks: it is given what the group itself names.
    group = case.text("group")
    named = next((each for each in own if each.group == group), None)
    industry = named.industries[0] if named and named.industries else ""
    places = named.places if named else ()
    discharge = Discharge(industry, places, frozenset({f"{key}/{group}"}))
    found = chosen(own, case.text("factor"), Span(case.text("span")), discharge, day)
    told = [limit.most if limit.most is not None else limit.least for each in found.values() for limit in each.limits]
    entry = case.entries["expect"]
    is_text = isinstance(entry, node.Leaf) and isinstance(entry.value, str)
    expected = case.text("expect") if is_text else f"{case.number('expect'):f}"
    outcome = f"{told[0]:f}" if told and told[0] is not None else "none"
    if outcome != expected:
        yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=outcome)
