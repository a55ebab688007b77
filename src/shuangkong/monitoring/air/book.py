"""政策文件 → 空气质量的规定, and their worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.core.rounding import rounded
from shuangkong.monitoring.air.evaluation import AirRule, Judged, percentile
from shuangkong.monitoring.air.index import AirIndex, SubIndex, air_day
from shuangkong.monitoring.ground import ROOM, Files, without_cases
from shuangkong.policyfile import books, node
from shuangkong.policyfile.books import NATION
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

AIR, INDEX, EVALUATION = "air", "index", "evaluation"


def air_index(folder: PolicyFolder, layer: str) -> AirIndex:
    """Raises PolicyRefused where the file cannot be used."""
    files = Files(folder, layer, AIR)
    record = files.record(INDEX)
    pollutants = {
        item.text("factor"): SubIndex(
            item.text("factor"),
            books.message(item.mapping("name")),
            item.text("mean"),
            item.text("measured_in"),
            _numbers(item, "concentrations"),
        )
        for item in record.listing("pollutants").mappings()
    }
    categories = tuple(
        (_number(item, "most"), books.message(item.mapping("name"))) for item in record.listing("categories").mappings()
    )
    return AirIndex(
        _numbers(record, "index"), Decimal(record.number("good")), pollutants, categories, files.ground(record)
    )


def air_rule(folder: PolicyFolder, layer: str) -> AirRule:
    """Raises PolicyRefused where the file cannot be used."""
    files = Files(folder, layer, AIR)
    record = files.record(EVALUATION)
    pollutants = {
        item.text("factor"): Judged(
            item.text("factor"),
            books.message(item.mapping("name")),
            item.text("mean"),
            item.text("measured_in"),
            _number(item, "yearly"),
            _number(item, "percentile"),
            _number(item, "percentile_limit"),
            int(item.number("places")),
        )
        for item in record.listing("pollutants").mappings()
    }
    return AirRule(
        day_hours=int(record.number("day_hours")),
        window_hours=int(record.number("window_hours")),
        windows=int(record.number("windows")),
        month_days=int(record.number("month_days")),
        short_month_days=int(record.number("short_month_days")),
        year_days=int(record.number("year_days")),
        pollutants=pollutants,
        ground=files.ground(record),
    )


def _number(item: node.Mapping, key: str) -> Decimal | None:
    return Decimal(item.number(key)) if key in item else None


def _numbers(item: node.Mapping, key: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(node.as_number(each)) for each in item.listing(key).items)


def check_air(folder: PolicyFolder) -> Iterator[Finding]:
    """Breakpoints that do not rise or are not as many as indices, cases that fail."""
    if not folder.has(f"{NATION}/{ROOM}/{AIR}/{INDEX}.yaml"):
        return
    for layer in folder.layers:
        yield from without_cases(folder, layer, AIR)
        record = Files(folder, layer, AIR).record(INDEX)
        levels = len(_numbers(record, "index"))
        for item in record.listing("pollutants").mappings():
            steps = _numbers(item, "concentrations")
            if len(steps) > levels or list(steps) != sorted(set(steps)):
                place, words = item.entries["concentrations"].place, "递增，不多于指数的个数"
                english = "rising, at most as many as indices"
                yield refuse("POL-018", place, expected=words, expected_en=english, found=len(steps))
        yield from _check_cases(folder, layer)


def _cases(folder: PolicyFolder, layer: str, key: str) -> Iterator[node.Mapping]:
    name = f"{layer}/{ROOM}/{AIR}/{key}.cases.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is not None and not read.findings and isinstance(read.node, node.Listing):
        yield from read.node.mappings()


def _check_cases(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    index, rule = air_index(folder, layer), air_rule(folder, layer)
    for case in _cases(folder, layer, INDEX):
        means = {key: Decimal(node.as_number(each)) for key, each in case.mapping("facts").entries.items()}
        yield from _compared(case, air_day(index, means).index)
    for case in _cases(folder, layer, EVALUATION):
        judged = rule.pollutants[case.text("factor")]
        found = percentile(_numbers(case, "days"), Decimal(case.number("percentile")))
        yield from _compared(case, None if found is None else rounded(found, judged.places))


def _compared(case: node.Mapping, found: Decimal | None) -> Iterator[Finding]:
    expected = case.number("expect")
    if found != expected:
        yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)
