"""政策文件 → 替代规则, and their worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.monitoring.ground import ROOM, Files, without_cases
from shuangkong.monitoring.mark import Mark, Marks
from shuangkong.monitoring.reading import HOUR, Media, Reading
from shuangkong.monitoring.substitution.filling import Series, by_hour, filled
from shuangkong.monitoring.substitution.rule import Band, Method, Quantity
from shuangkong.monitoring.validity.book import marks
from shuangkong.policyfile import node
from shuangkong.policyfile.books import NATION, id_of
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

SUBSTITUTION = "substitution"


def bands(folder: PolicyFolder, layer: str) -> tuple[Band, ...]:
    """Of all days, by file and in file order."""
    files = Files(folder, layer, SUBSTITUTION)
    return tuple(band for _, record in files.records() for band in _bands(files, record))


def _bands(files: Files, record: node.Mapping) -> Iterator[Band]:
    for item in record.listing("bands").mappings():
        yield Band(
            media=Media(record.text("media")),
            quantity=Quantity(item.text("quantity")),
            method=Method(item.text("method")),
            ground=files.ground(item, record),
            factors=item.listing("factors").texts(),
            least_capture_pct=Decimal(item.number("least_capture_pct")) if "least_capture_pct" in item else None,
            below_capture_pct=Decimal(item.number("below_capture_pct")) if "below_capture_pct" in item else None,
            over_hours=int(item.number("over_hours")) if "over_hours" in item else 0,
            most_hours=int(item.number("most_hours")) if "most_hours" in item else None,
            valid_hours=int(item.number("valid_hours")) if "valid_hours" in item else None,
        )


def check_substitution(folder: PolicyFolder) -> Iterator[Finding]:
    """Methods that nobody knows, maxima of no number of hours, cases that fail."""
    for layer in folder.layers:
        yield from without_cases(folder, layer, SUBSTITUTION)
        for name in folder.names_in(layer, f"{ROOM}/{SUBSTITUTION}"):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                faults = tuple(_check_bands(read.node))
                yield from faults
                if not faults and folder.has(f"{NATION}/{ROOM}/marks.yaml"):
                    yield from _check_cases(folder, layer, id_of(name))


def _check_bands(record: node.Mapping) -> Iterator[Finding]:
    known = "、".join(Method)
    for item in record.listing("bands").mappings():
        if item.text("method") not in set(Method):
            place = item.key_places["method"]
            yield refuse("POL-018", place, expected=known, expected_en=known, found=item.text("method"))
        elif (item.text("method") == Method.MAXIMUM_BEFORE) != ("valid_hours" in item):
            yield refuse("POL-004", item.place, key="valid_hours")


def _check_cases(folder: PolicyFolder, layer: str, key: str) -> Iterator[Finding]:
    name = f"{layer}/{ROOM}/{SUBSTITUTION}/{key}.cases.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is None or read.findings or not isinstance(read.node, node.Listing):
        return
    files = Files(folder, layer, SUBSTITUTION)
    record = files.record(key)
    own, known = tuple(_bands(files, record)), marks(folder, NATION)
    for case in read.node.mappings():
        yield from _tried(case, own, known, Media(record.text("media")))


def _tried(case: node.Mapping, own: tuple[Band, ...], known: Marks, media: Media) -> Iterator[Finding]:
    """``repeat``: how often the first hour stands before the others. The last hours that are lost are expected."""
    day = case.day("day")
    assert day is not None
    told = [_told(entry) for entry in case.listing("hours").items]
    told = told[:1] * (int(case.number("repeat")) if "repeat" in case else 0) + told
    lost = next((n for n, each in enumerate(told) if isinstance(each, Mark)), len(told))
    hours = tuple(_reading(day, n - lost, each) for n, each in enumerate(told))
    entry = case.entries["capture_pct"]
    is_text = isinstance(entry, node.Leaf) and isinstance(entry.value, str)
    capture = None if is_text else Decimal(case.number("capture_pct"))
    series = Series(media, case.text("factor"), hours, known, lambda _day: capture)
    found = by_hour(filled(series, own))
    outcome = [_spoken(found[each.at].value, found[each.at].code) for each in hours if each.at in found]
    expected = [_expected(entry) for entry in case.listing("expect").items]
    if outcome != expected:
        words = {"expected": ", ".join(expected), "found": ", ".join(outcome)}
        yield refuse("POL-030", case.place, name=case.text("name"), **words)


def _told(entry: node.Node) -> Decimal | Mark:
    if isinstance(entry, node.Leaf) and isinstance(entry.value, str):
        return Mark(entry.value)
    return Decimal(node.as_number(entry))


def _reading(day: date, offset: int, told: Decimal | Mark) -> Reading:
    """An hour counted from noon of the day on which the gap begins: only the distance matters."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + offset * HOUR
    if isinstance(told, Mark):
        return Reading(at=at, value=None, mark=told)
    return Reading(at=at, value=told)


def _spoken(value: Decimal | None, code: str) -> str:
    return code if value is None else f"{value.normalize():f}"


def _expected(entry: node.Node) -> str:
    if isinstance(entry, node.Leaf) and isinstance(entry.value, str):
        return entry.value
    return f"{node.as_number(entry).normalize():f}"
