"""政策文件 → 预警调控方案: the response plans of a layer, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding
from shuangkong.core.source import Source
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Confidence
from shuangkong.outlook.barometer.rule_book import FOLDERS, cited
from shuangkong.outlook.response.duties import Duty, ResponsePlan
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest
from shuangkong.policyfile.values import check_dated_items, starts_of

FOLDER = "outlook/response"


def response_plans(folder: PolicyFolder, layer: str) -> dict[str, ResponsePlan]:
    """Id → plan in force in a layer, by id; raises PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), FOLDER)
    sources = books.sources(folder)
    return {key: _plan(key, node.as_mapping(folder.require(name)), sources) for key, name in sorted(names.items())}


def check_response_plans(folder: PolicyFolder) -> Iterator[Finding]:
    """Rules that are not there, levels given twice, ends before starts: a check of the whole folder."""
    for layer in folder.layers:
        layers = chain(folder, layer)
        known = {key for word in FOLDERS for key in names_in_force(folder, layers, word)}
        for name in folder.names_in(layer, FOLDER):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                yield from check_dated_items((read.node,))
                yield from _check(read.node, known)


def _check(record: node.Mapping, known: set[str]) -> Iterator[Finding]:
    for entry in record.listing("rules").items:
        if node.as_text(entry) not in known:
            hint = nearness(nearest(node.as_text(entry), known))
            yield refuse("POL-050", entry.place, found=node.as_text(entry), **hint)
    seen: set[int] = set()
    for item in record.listing("levels").mappings():
        level = int(item.number("level"))
        if level in seen:
            yield refuse("POL-026", item.place, found=level, first=record.place)
        seen.add(level)


def _plan(key: str, record: node.Mapping, sources: dict[str, Source]) -> ResponsePlan:
    levels = {
        Level(int(item.number("level"))): tuple(_duty(each, sources) for each in item.listing("duties").mappings())
        for item in record.listing("levels").mappings()
    }
    return ResponsePlan(
        id=key,
        name=books.message(record.mapping("name")),
        rules=frozenset(record.listing("rules").texts()),
        validity=Validity(starts_of(record), record.day("until")),
        levels=levels,
    )


def _duty(item: node.Mapping, sources: dict[str, Source]) -> Duty:
    words = cited(sources.get(item.text("source")), item.text("source"), item.text("at"))
    return Duty(
        id=item.text("id"),
        name=books.message(item.mapping("name")),
        executors=item.text("executors"),
        receivers=item.text("receivers"),
        days=int(item.number("days")) if "days" in item else None,
        counts_workdays=item.flag("workdays", default=False),
        evidence=item.text("evidence"),
        clause=Clause(words, item.flag("verified", default=False)),
        confidence=Confidence(item.text("confidence")),
    )
