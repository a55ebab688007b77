"""政策文件 → 报警的规定: thresholds, impossible combinations, timers; and their worked examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shuangkong.core.fact import State as Lacking
from shuangkong.core.finding import Finding
from shuangkong.monitoring.alarms.exceedance import EpisodeRule
from shuangkong.monitoring.alarms.impossible import Condition, is_impossible
from shuangkong.monitoring.alarms.life import Act, Standing, State
from shuangkong.monitoring.alarms.timers import Timer, due
from shuangkong.monitoring.ground import ROOM, Files, Ground, without_cases
from shuangkong.monitoring.reading import HOUR, Media
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression import Expression, ExpressionRefused, parse
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import nearness, refuse
from shuangkong.policyfile.shape import nearest

ALARMS, IMPOSSIBLE, ESCALATION = "alarms", "impossible", "escalation"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the plain rules compare with, on one day. ``is_verified``: all of it was compared with documents.

    Attributes:
        silent_hours, stuck_hours: least length of an episode; ``section_silent_hours``: of a river section, which does
            not measure every hour.
        jump_multiple, jump_share_pct: how many times, and by which share of the device's range.
        clock_drift: the most that a clock may be off; ``clock_frames``: least frames of an hour that tell of a clock.
        right_hours: hours on the hour in a row that end a stretch of hours off it.
        mean_tolerance_pct, converted_tolerance_pct: of our figure.
        air_oxygen_pct: from which oxygen on a gas is air, and no concentration is converted.
        air_minutes_pct: above which share of its minutes at that oxygen an hour's conversion is doubtful;
            ``is_air_minutes_verified``: whether that was compared with a document, so that it may decide.
    """

    episode: EpisodeRule
    silent_hours: int
    section_silent_hours: int
    stuck_hours: int
    jump_multiple: Decimal
    jump_share_pct: Decimal
    clock_drift: timedelta
    clock_frames: int
    right_hours: int
    mean_tolerance_pct: Decimal
    converted_tolerance_pct: Decimal
    air_oxygen_pct: Decimal
    air_minutes_pct: Decimal
    is_air_minutes_verified: bool
    is_verified: bool


def thresholds(folder: PolicyFolder, layer: str, day: date) -> Thresholds:
    """Raises NotInForce where one is not laid down on the day, PolicyRefused where a file cannot be used."""
    names = names_in_force(folder, chain(folder, layer), f"{ROOM}/{ALARMS}")
    told = {key: books.parameter(folder, name).on(day) for key, name in names.items()}

    def number(key: str) -> Decimal:
        return told[key].number

    return Thresholds(
        episode=EpisodeRule(int(number("open_after")), int(number("close_after"))),
        silent_hours=int(number("silent_hours")),
        section_silent_hours=int(number("section_silent_hours")),
        stuck_hours=int(number("stuck_hours")),
        jump_multiple=number("jump_multiple"),
        jump_share_pct=number("jump_share"),
        clock_drift=timedelta(seconds=int(number("clock_drift_hours") * int(HOUR.total_seconds()))),
        clock_frames=int(number("clock_frames")),
        right_hours=int(number("right_hours")),
        mean_tolerance_pct=number("mean_tolerance"),
        converted_tolerance_pct=number("converted_tolerance"),
        air_oxygen_pct=number("air_oxygen"),
        air_minutes_pct=number("air_minutes"),
        is_air_minutes_verified=told["air_minutes"].is_verified,
        is_verified=all(each.is_verified for each in told.values()),
    )


def conditions(folder: PolicyFolder, layer: str) -> tuple[Condition, ...]:
    """Impossible combinations of all days, by file and in its order; raises PolicyRefused."""
    files, findings = Files(folder, layer, IMPOSSIBLE), list[Finding]()
    found = [
        condition
        for _, record in files.records()
        for item in record.listing("conditions").mappings()
        if (condition := _condition(item, record, files.ground(record), findings)) is not None
    ]
    if findings:
        raise PolicyRefused(tuple(findings))
    return tuple(found)


def _condition(item: node.Mapping, record: node.Mapping, ground: Ground, findings: list[Finding]) -> Condition | None:
    inputs = {name: node.as_mapping(each) for name, each in item.mapping("inputs").entries.items()}
    when = _expression(item, frozenset(inputs), findings)
    if when is None:
        return None
    return Condition(
        id=item.text("id"),
        media=Media(record.text("media")),
        name=books.message(item.mapping("name")),
        inputs={name: each.text("factor") for name, each in inputs.items()},
        names={name: books.message(each.mapping("name")) for name, each in inputs.items()},
        when=when,
        ground=ground,
    )


def _expression(item: node.Mapping, known: frozenset[str], findings: list[Finding]) -> Expression | None:
    place = item.key_places["when"]
    try:
        found = parse(item.text("when"))
    except ExpressionRefused as refused:
        findings.append(refused.finding(place))
        return None
    for name in found.names:
        if name not in known:
            findings.append(refuse("POL-040", place, found=name, **nearness(nearest(name, known))))
    if not found.is_condition:
        words = {"expected": "条件，如 a > b", "expected_en": "a condition such as a > b"}
        findings.append(refuse("POL-018", place, found=found.text, **words))
    return None if findings else found


def timers(folder: PolicyFolder, layer: str) -> tuple[Timer, ...]:
    """The table of all days, in file order."""
    files = Files(folder, layer, ESCALATION)
    return tuple(
        Timer(
            state=State(item.text("state")),
            level=int(item.number("level")),
            to_level=int(item.number("to_level")),
            after_hours=int(item.number("after_hours")) if "after_hours" in item else None,
            clean_hours=int(item.number("clean_hours")) if "clean_hours" in item else None,
            ground=files.ground(record),
        )
        for _, record in files.records()
        for item in record.listing("steps").mappings()
    )


def check_alarms(folder: PolicyFolder) -> Iterator[Finding]:
    """Conditions that do not read, timers that lead nowhere, cases that fail."""
    for layer in folder.layers:
        for word in (IMPOSSIBLE, ESCALATION):
            yield from without_cases(folder, layer, word)
        for name in folder.names_in(layer, f"{ROOM}/{ESCALATION}"):
            read = folder.check(name)
            if isinstance(read.node, node.Mapping) and not read.findings:
                yield from _check_steps(read.node)
        if folder.names_in(layer, f"{ROOM}/{IMPOSSIBLE}"):
            yield from _check_conditions(folder, layer)
        if folder.names_in(layer, f"{ROOM}/{ESCALATION}"):
            yield from _check_timers(folder, layer)


def _check_steps(record: node.Mapping) -> Iterator[Finding]:
    for item in record.listing("steps").mappings():
        if abs(item.number("level") - item.number("to_level")) != 1:
            words = {"expected": "相邻的等级", "expected_en": "a neighbouring level"}
            yield refuse("POL-018", item.key_places["to_level"], found=item.number("to_level"), **words)
        if ("after_hours" in item) == ("clean_hours" in item):
            words = {"expected": "after_hours 和 clean_hours 之一", "expected_en": "one of the two"}
            yield refuse("POL-018", item.place, found="after_hours, clean_hours", **words)


def _cases(folder: PolicyFolder, layer: str, word: str) -> Iterator[node.Mapping]:
    for name in folder.names_in(layer, f"{ROOM}/{word}"):
        cases = name.replace(".yaml", ".cases.yaml")
        read = folder.check(cases) if folder.has(cases) else None
        if read is not None and not read.findings and isinstance(read.node, node.Listing):
            yield from read.node.mappings()


def _check_conditions(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    known = {each.id: each for each in conditions(folder, layer)}
    for case in _cases(folder, layer, IMPOSSIBLE):
        told = {name: _told(entry) for name, entry in case.mapping("facts").entries.items()}
        condition = known.get(case.text("condition"))
        found = "—" if condition is None else str(is_impossible(condition, told)).lower()
        expected = str(case.flag("expect", default=False)).lower()
        if found != expected:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)


def _told(entry: node.Node) -> Told:
    is_text = isinstance(entry, node.Leaf) and isinstance(entry.value, str)
    return Lacking.MISSING if is_text else node.as_number(entry)


def _check_timers(folder: PolicyFolder, layer: str) -> Iterator[Finding]:
    table = timers(folder, layer)
    # A case tells hours alone: any instant at which the rows hold will do.
    begun = datetime.combine(max(timer.ground.validity.starts for timer in table), datetime.min.time(), UTC)
    for case in _cases(folder, layer, ESCALATION):
        level = int(case.number("level"))
        now = Standing(State(case.text("state")), level, begun, begun, begun)
        found = due(now, table, begun + int(case.number("waited_hours")) * HOUR, int(case.number("clean_hours")))
        reached = level if found is None else level + (1 if found.act is Act.ESCALATE else -1)
        if reached != case.number("expect"):
            yield refuse("POL-030", case.place, name=case.text("name"), expected=case.number("expect"), found=reached)
