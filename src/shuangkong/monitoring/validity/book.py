"""政策文件 → 标记和有效性的规定, and their worked examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.monitoring.ground import ROOM, Files, overlapping, without_cases
from shuangkong.monitoring.mark import Counts, Mark, Marks, Meaning, RollUp
from shuangkong.monitoring.reading import Media, Span
from shuangkong.monitoring.validity.marking import MarkingRule, MarkReason, is_judged
from shuangkong.monitoring.validity.rule import MediaRules, Of, ValidityRule, ValidityRules, media_rules
from shuangkong.monitoring.validity.verdict import judged, tally
from shuangkong.policyfile import books, node
from shuangkong.policyfile.books import NATION
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

VALIDITY, MARKING, MARKS = "validity", "marking", "marks"


def marks(folder: PolicyFolder, layer: str) -> Marks:
    """Raises PolicyRefused where the file cannot be used, or leaves a mark out."""
    files = Files(folder, layer, "")
    record = files.record(MARKS)
    meanings = {
        Mark(item.text("mark")): Meaning(
            Mark(item.text("mark")),
            books.message(item.mapping("name")),
            Counts(item.text("counts")),
            item.flag("judged", default=False),
        )
        for item in record.listing("marks").mappings()
    }
    sent = {item.text("flag"): Mark(item.text("mark")) for item in record.listing("sent").mappings()}
    roll_up = {
        item.text("media"): RollUp(
            Decimal(item.number("least_share_pct")), Mark(item.text("otherwise")) if "otherwise" in item else None
        )
        for item in record.listing("roll_up").mappings()
    }
    services = {
        item.text("service"): (Mark(item.text("mark")), item.text("reason"))
        for item in record.listing("services").mappings()
    }
    causes = {Mark(item.text("mark")): item.text("reason") for item in record.listing("causes").mappings()}
    return Marks(meanings, sent, roll_up, files.ground(record).clause, services, causes)


def marking_rules(folder: PolicyFolder, layer: str) -> tuple[MarkingRule, ...]:
    """Of all days, by id."""
    files = Files(folder, layer, MARKING)
    return tuple(_marking_rule(files, key, record) for key, record in files.records())


def _marking_rule(files: Files, key: str, record: node.Mapping) -> MarkingRule:
    reasons = {
        item.text("id"): MarkReason(item.text("id"), books.message(item.mapping("name")), Mark(item.text("mark")))
        for item in record.listing("reasons").mappings()
    }
    return MarkingRule(
        id=key,
        name=books.message(record.mapping("name")),
        industries=record.listing("industries").texts(),
        reasons=reasons,
        excuses=record.flag("excuses", default=False),
        ground=files.ground(record),
    )


def validity_rules(folder: PolicyFolder, layer: str) -> MediaRules:
    """By medium, of all days."""
    files = Files(folder, layer, VALIDITY)
    return media_rules(
        (Media(record.text("media")), _validity_rule(files, item, record))
        for _, record in files.records()
        for item in record.listing("rules").mappings()
    )


def _validity_rule(files: Files, item: node.Mapping, record: node.Mapping) -> ValidityRule:
    return ValidityRule(
        span=Span(item.text("span")),
        of=Of(item.text("of")),
        least=int(item.number("least")) if "least" in item else None,
        least_share_pct=Decimal(item.number("least_share_pct")) if "least_share_pct" in item else None,
        ground=files.ground(item, record),
    )


def check_validity(folder: PolicyFolder) -> Iterator[Finding]:
    """Two rules of a span on one day, one that asks for neither number nor share, cases that fail."""
    for layer in folder.layers:
        yield from without_cases(folder, layer, VALIDITY)
        yield from without_cases(folder, layer, MARKING)
        for name in folder.names_in(layer, f"{ROOM}/{VALIDITY}"):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                items = tuple(read.node.listing("rules").mappings())
                yield from overlapping(items, "span")
                for item in items:
                    if ("least" in item) == ("least_share_pct" in item):
                        words = {"expected": "least 和 least_share_pct 之一", "expected_en": "one of the two"}
                        yield refuse("POL-018", item.place, found="least, least_share_pct", **words)
    yield from _check_marks(folder)
    yield from _check_cases(folder)


def _check_marks(folder: PolicyFolder) -> Iterator[Finding]:
    name = f"{NATION}/{ROOM}/{MARKS}.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is None or read.findings or not isinstance(read.node, node.Mapping):
        return
    told = [item.text("mark") for item in read.node.listing("marks").mappings()]
    for mark in Mark:
        if told.count(mark.value) != 1:
            words = {"expected": f"标记 {mark.value} 恰好一次", "expected_en": f"mark {mark.value} once"}
            yield refuse("POL-018", read.node.key_places["marks"], found=told.count(mark.value), **words)


def _check_cases(folder: PolicyFolder) -> Iterator[Finding]:
    if not folder.has(f"{NATION}/{ROOM}/{MARKS}.yaml"):
        return
    known = marks(folder, NATION)
    for layer in folder.layers:
        rules = validity_rules(folder, layer)
        for key, record in Files(folder, layer, VALIDITY).records():
            for case in _cases(folder, layer, VALIDITY, key):
                yield from _tried(case, known, rules[Media(record.text("media"))])
        for rule in marking_rules(folder, layer):
            for case in _cases(folder, layer, MARKING, rule.id):
                yield from _marked(case, known, rule)


def _cases(folder: PolicyFolder, layer: str, word: str, key: str) -> Iterator[node.Mapping]:
    name = f"{layer}/{ROOM}/{word}/{key}.cases.yaml"
    read = folder.check(name) if folder.has(name) else None
    if read is not None and not read.findings and isinstance(read.node, node.Listing):
        yield from read.node.mappings()


def _tried(case: node.Mapping, known: Marks, rules: ValidityRules) -> Iterator[Finding]:
    day, span = case.day("day"), Span(case.text("span"))
    counts: Mapping[Mark, int] = {
        Mark(key): int(node.as_number(count)) for key, count in case.mapping("counts").entries.items()
    }
    assert day is not None
    try:
        found = judged(span, day, tally(counts, int(case.number("due")), known), rules.on(span, day))
        outcome = str(found.why) if found.why is not None else "valid"
    except ValueError as wrong:
        outcome = str(wrong)
    if outcome != case.text("expect"):
        yield refuse("POL-030", case.place, name=case.text("name"), expected=case.text("expect"), found=outcome)


def _marked(case: node.Mapping, known: Marks, rule: MarkingRule) -> Iterator[Finding]:
    day = case.day("day")
    assert day is not None
    rules = (rule,) if rule.covers(case.text("industry"), day) else ()
    found = is_judged(Mark(case.text("mark")), known.judged, rules, is_ruled=case.flag("ruled", default=False))
    expected = case.flag("expect", default=False)
    if found != expected:
        words = {"expected": str(expected).lower(), "found": str(found).lower()}
        yield refuse("POL-030", case.place, name=case.text("name"), **words)
