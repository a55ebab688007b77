"""政策文件 → 比率的规定: cut-offs, the daily check, targets of the day, duties of coverage; and their examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from shuangkong.core.dated import DatedValue, Parameter
from shuangkong.core.finding import Finding
from shuangkong.monitoring.ground import ROOM, Files, without_cases
from shuangkong.monitoring.rates.coverage import Duty, Thing, duties_of
from shuangkong.monitoring.rates.transmission import RateRules
from shuangkong.monitoring.reading import Media
from shuangkong.policyfile import books, node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import refuse

RATES, COVERAGE = "rates", "coverage"


class Target(StrEnum):
    """Rates that have targets; the value is the id of the file."""

    EFFECTIVE_TRANSMISSION = "effective_transmission_target"
    SELF_MONITORING = "self_monitoring_target"
    SUPERVISORY_MONITORING = "supervisory_monitoring_target"


def _parameter(folder: PolicyFolder, layer: str, key: str) -> Parameter:
    return books.parameter(folder, names_in_force(folder, chain(folder, layer), f"{ROOM}/{RATES}")[key])


def target(folder: PolicyFolder, layer: str, of: Target, day: date) -> DatedValue:
    """The target in % on a day; raises NotInForce where none is."""
    return _parameter(folder, layer, of.value).on(day)


def rate_rules(folder: PolicyFolder, layer: str, day: date) -> RateRules:
    """Raises NotInForce where one is not laid down on the day."""
    real_time, repair, check, apart = (
        _parameter(folder, layer, key).on(day)
        for key in ("realtime_hours", "repair_days", "check_hours", "section_hours")
    )
    return RateRules(
        real_time_hours=int(real_time.number),
        repair_days=int(repair.number),
        check_hours=int(check.number),
        checked=frozenset(check.bounds),
        is_verified=all(each.is_verified for each in (real_time, repair, check)),
        section_hours=int(apart.number),
        is_section_verified=apart.is_verified,
    )


def duties(folder: PolicyFolder, layer: str) -> tuple[Duty, ...]:
    """Of all days, by file and in file order."""
    files = Files(folder, layer, COVERAGE)
    return tuple(
        Duty(
            thing=Thing(item.text("object")),
            media=Media(item.text("media")) if "media" in item else None,
            industries=item.listing("industries").texts(),
            factors=item.listing("factors").texts(),
            due_on=_day(item, "due"),
            ground=files.ground(item, record),
        )
        for _, record in files.records()
        for item in record.listing("duties").mappings()
    )


def _day(item: node.Mapping, key: str) -> date:
    found = item.day(key)
    if found is None:
        raise TypeError(f"{item.place}: expected a day under {key}")
    return found


def check_rates(folder: PolicyFolder) -> Iterator[Finding]:
    """Duties whose cases fail."""
    for layer in folder.layers:
        yield from without_cases(folder, layer, COVERAGE)
        for name in folder.names_in(layer, f"{ROOM}/{COVERAGE}"):
            cases = name.replace(".yaml", ".cases.yaml")
            read = folder.check(cases) if folder.has(cases) else None
            sound = folder.check(name)
            if read is None or read.findings or sound.findings or not isinstance(read.node, node.Listing):
                continue
            known = duties(folder, layer)
            for case in read.node.mappings():
                yield from _tried(case, known)


def _tried(case: node.Mapping, known: tuple[Duty, ...]) -> Iterator[Finding]:
    day = _day(case, "day")
    media = Media(case.text("media")) if "media" in case else None
    held = duties_of(known, Thing(case.text("object")), media, case.text("industry"), day)
    found = [factor for factor, due in held.items() if factor and due <= day]
    expected = sorted(case.listing("expect").texts())
    if found != expected:
        words = {"expected": ", ".join(expected), "found": ", ".join(found)}
        yield refuse("POL-030", case.place, name=case.text("name"), **words)
