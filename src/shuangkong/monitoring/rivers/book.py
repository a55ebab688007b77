"""政策文件 → 地表水类别, and their worked examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.monitoring.ground import ROOM, Files, without_cases
from shuangkong.monitoring.rivers.section import FactorClasses, RiverClasses, Section, section
from shuangkong.policyfile import books, node
from shuangkong.policyfile.books import NATION
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

RIVERS, CLASSES, BASIC = "rivers", "classes", "basic_factors"


def river_classes(folder: PolicyFolder, layer: str) -> RiverClasses:
    """Raises PolicyRefused where the file cannot be used."""
    files = Files(folder, layer, RIVERS)
    record = files.record(CLASSES)
    factors = {
        item.text("factor"): FactorClasses(
            item.text("factor"),
            books.message(item.mapping("name")),
            item.text("measured_in"),
            _numbers(item, "most"),
            _numbers(item, "least"),
        )
        for item in record.listing("factors").mappings()
    }
    names = [books.message(each) for each in record.listing("classes").mappings()]
    worse = books.message(record.mapping("worse"))
    basic = files.record(BASIC)
    return RiverClasses(
        factors,
        frozenset(record.listing("excluded").texts()),
        (*names, worse),
        files.ground(record),
        basic.listing("factors").texts(),
        int(basic.number("month_readings")),
        files.ground(basic),
    )


def _numbers(item: node.Mapping, key: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(node.as_number(each)) for each in item.listing(key).items)


def check_rivers(folder: PolicyFolder) -> Iterator[Finding]:
    """Factors without a limit for each class, limits that do not ease from class to class, cases that fail."""
    if not folder.has(f"{NATION}/{ROOM}/{RIVERS}/{CLASSES}.yaml"):
        return
    for layer in folder.layers:
        yield from without_cases(folder, layer, RIVERS)
        record = Files(folder, layer, RIVERS).record(CLASSES)
        classes = len(record.listing("classes").items)
        for item in record.listing("factors").mappings():
            most, least = _numbers(item, "most"), _numbers(item, "least")
            eases = list(most) == sorted(most) and list(least) == sorted(least, reverse=True)
            if {len(most), len(least)} - {0} != {classes} or not eases:
                words = {"expected": f"{classes} 个逐类放宽的限值", "expected_en": f"{classes} limits, easing"}
                yield refuse("POL-018", item.place, found=f"{len(most)}, {len(least)}", **words)
        yield from _check_cases(folder, layer)


def _check_cases(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    yield from _tried(folder, layer, CLASSES, lambda found: found.quality)
    yield from _tried(folder, layer, BASIC, lambda found: len(found.lacking))


def _tried(folder: PolicyFolder, layer: str, file: str, outcome: Callable[[Section], int | None]) -> Iterator[Finding]:
    name = f"{layer}/{ROOM}/{RIVERS}/{file}.cases.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is None or read.findings or not isinstance(read.node, node.Listing):
        return
    rule = river_classes(folder, layer)
    for case in read.node.mappings():
        means = {key: Decimal(node.as_number(each)) for key, each in case.mapping("facts").entries.items()}
        found = outcome(section(rule, means))
        if found != case.number("expect"):
            yield refuse("POL-030", case.place, name=case.text("name"), expected=case.number("expect"), found=found)
