"""The whole policy folder at once: every file reads, everything named exists, no word means two things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from shuangkong.core.finding import Finding
from shuangkong.policyfile.aggregation import check_aggregation
from shuangkong.policyfile.books import UNITS, id_of
from shuangkong.policyfile.cases import check_cases
from shuangkong.policyfile.codelist import check_tree, read_codes
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.glossary import FILE as GLOSSARY
from shuangkong.policyfile.glossary import read_glossary
from shuangkong.policyfile.layers import check_overrides
from shuangkong.policyfile.node import Leaf, Listing, Mapping, Node, Place, as_mapping, walk
from shuangkong.policyfile.places import check_places
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.stricter import check_stricter
from shuangkong.policyfile.values import check_values

#: Files that are named after a document or a place, not by glossary words.
_NAMED_OTHERWISE = ("sources",)


#: A check of the whole folder.
type WholeCheck = Callable[[PolicyFolder], Iterator[Finding]]


def check_whole(folder: PolicyFolder, of_rooms: tuple[WholeCheck, ...] = ()) -> tuple[Finding, ...]:
    """All findings of the folder, by file and line. Empty means that it can be used.

    ``of_rooms``: what rooms above check of the files that they give a meaning to.
    """
    findings = [finding for name in folder.names for finding in folder.check(name).findings]
    for check in (*WHOLE_CHECKS, *of_rooms):
        try:
            findings.extend(check(folder))
        except PolicyRefused as refused:
            findings.extend(refused.findings)
    return tuple(dict.fromkeys(sorted(findings, key=_order)))


def _order(finding: Finding) -> tuple[str, int, str]:
    file, _, line = finding.place.rpartition(":")
    return file, int(line), finding.code


def nodes(folder: PolicyFolder) -> Iterator[tuple[str, Node]]:
    """(name, node) of every file that passes its shape."""
    for name in folder.names:
        read = folder.check(name)
        if read.node is not None and not read.findings:
            yield name, read.node


def mappings_in(node: Node) -> Iterator[Mapping]:
    """Every mapping in a node, outermost first."""
    inner: Iterable[Node] = ()
    if isinstance(node, Mapping):
        yield node
        inner = node.entries.values()
    elif isinstance(node, Listing):
        inner = node.items
    for part in inner:
        yield from mappings_in(part)


def _check_named(folder: PolicyFolder, key: str, known: frozenset[str], code: str) -> Iterator[Finding]:
    """Every text under ``key``, anywhere, is one of ``known``."""
    for name, node in nodes(folder):
        for path, leaf in walk(node):
            if name != GLOSSARY and path[-1:] == (key,) and str(leaf.value) not in known:
                hint = nearness(nearest(str(leaf.value), known))
                yield refuse(code, leaf.place, found=leaf.value, **hint)


def check_sources(folder: PolicyFolder) -> Iterator[Finding]:
    known = frozenset(id_of(name) for layer in folder.layers for name in folder.names_in(layer, "sources"))
    return _check_named(folder, "source", known, "POL-021")


def check_units(folder: PolicyFolder) -> Iterator[Finding]:
    ids = (leaf.value for path, leaf in walk(folder.require(UNITS)) if path[-1] == "id")
    return _check_named(folder, "unit", frozenset(map(str, ids)), "POL-022")


def check_dated(folder: PolicyFolder) -> Iterator[Finding]:
    for _, node in nodes(folder):
        for mapping in mappings_in(node):
            if "values" in mapping:
                yield from check_values(mapping)


def check_code_lists(folder: PolicyFolder) -> Iterator[Finding]:
    for name, node in nodes(folder):
        if isinstance(node, Mapping) and "file" in node and "columns" in node:
            file = f"{name.rsplit('/', 1)[0]}/{node.text('file')}"
            read = read_codes(folder.path(file), folder.shown(file), node)
            yield from (*read.findings, *check_tree(read.rows))


def check_words(folder: PolicyFolder) -> Iterator[Finding]:
    """Ids (file names) and folders below the layers are made of glossary words."""
    glossary = read_glossary(folder)
    for name in folder.names:
        *folders, file = name.split("/")
        words = folders[1:] if folders and folders[0] in folder.layers else folders
        if words[:1] != list(_NAMED_OTHERWISE):
            words = [*words, file.removesuffix(".yaml").removesuffix(".cases")]
        for word in words:
            if glossary.unknown_in(word):
                yield refuse("POL-025", Place(folder.shown(name), 1), found=word)


def check_single_meaning(folder: PolicyFolder) -> Iterator[Finding]:
    """No printed unit, code name, check code, or name of an indicator of one layer stands for two things."""
    groups: dict[str, dict[str, Place]] = {}
    for group, leaf in _meanings(folder):
        seen = groups.setdefault(group, {})
        word = str(leaf.value)
        if word in seen:
            yield refuse("POL-026", leaf.place, found=word, first=seen[word])
        seen.setdefault(word, leaf.place)


def _meanings(folder: PolicyFolder) -> Iterator[tuple[str, Leaf]]:
    """(group, word): words of one group must differ."""
    for name, node in nodes(folder):
        if name == GLOSSARY:
            yield from _code_names(as_mapping(node))
        for path, leaf in walk(node):
            match name.split("/"), path:
                case [layer, "indicators", _], ("name", "zh") | ("aliases", _):
                    yield f"{layer} indicators", leaf
                case ["units.yaml"], (*_, "form"):
                    yield "printed units", leaf
                case ["units.yaml"], ("units", _, "id"):
                    yield "units", leaf
                case [*_, "checks.yaml"], (_, "code"):
                    yield "checks", leaf


def _code_names(glossary: Mapping) -> Iterator[tuple[str, Leaf]]:
    """A room may bear the code name of a word of the field; two words of one section may not share one."""
    for term in glossary.listing("terms").mappings():
        for code in term.listing("codes").items:
            if isinstance(code, Leaf):
                yield f"code names {term.text('section')}", code


def check_layers(folder: PolicyFolder) -> Iterator[Finding]:
    for layer in folder.layers:
        yield from check_overrides(folder, layer)


def check_tripped(folder: PolicyFolder) -> Iterator[Finding]:
    """Every check of a catalogue is tripped by a case in its folder or below."""
    cases = [(name, node) for name, node in nodes(folder) if name.endswith(".cases.yaml")]
    for name, node in nodes(folder):
        if not name.endswith("/checks.yaml") or not isinstance(node, Listing):
            continue
        room = name.removesuffix("checks.yaml")
        tripped = {
            str(leaf.value)
            for other, case in cases
            if other.startswith(room)
            for path, leaf in walk(case)
            if "trips" in path
        }
        for check in node.mappings():
            if check.text("code") not in tripped:
                yield refuse("POL-061", check.place, found=check.text("code"), beside=folder.shown(room))


def check_all_cases(folder: PolicyFolder) -> Iterator[Finding]:
    """Every parameter of a rule and every formula has cases beside it, and every case holds."""
    for name, node in nodes(folder):
        cases = name.replace(".yaml", ".cases.yaml")
        if isinstance(node, Mapping) and ("values" in node or "formulas" in node) and not folder.has(cases):
            yield refuse("POL-034", Place(folder.shown(name), 1), found=cases)
    for name in folder.names:
        if name.endswith(".cases.yaml"):
            yield from check_cases(folder, name)


#: What is checked beyond the shape of each file.
WHOLE_CHECKS: tuple[WholeCheck, ...] = (
    check_sources,
    check_units,
    check_dated,
    check_code_lists,
    check_words,
    check_single_meaning,
    check_layers,
    check_places,
    check_stricter,
    check_aggregation,
    check_all_cases,
    check_tripped,
)
