"""数据矛盾: values of one hour that cannot be true together (no flow under load, the oxygen of air with production)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.found import Episode, Kind
from shuangkong.monitoring.alarms.runs import episode, runs
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.reading import Evidence, Media, Reading, Span
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.row import holds


@dataclass(frozen=True, slots=True)
class Condition:
    """One combination.

    Attributes:
        inputs: name in the condition → code of the factor.
        names: name in the condition → what people call it.
    """

    id: str
    media: Media
    name: Message
    inputs: Mapping[str, str]
    names: Mapping[str, Message]
    when: Expression
    ground: Ground


def is_impossible(condition: Condition, told: Mapping[str, Told]) -> bool:
    """Whether the figures of an hour contradict each other; what is missing decides nothing.

    Args:
        told: name in the condition → figure in the factor's canonical unit, or State.MISSING; raises KeyError.
    """
    return holds(condition.when, told) is True


def hours_of(hours: Mapping[str, Iterable[Reading]], condition: Condition, lost: frozenset[str]) -> frozenset[datetime]:
    """The hours in which a condition is in force and holds; arguments as of ``contradictions``."""
    sound = _sound(hours, condition, lost)
    instants: frozenset[datetime] = frozenset().union(*(by.keys() for by in sound.values()))
    return frozenset(
        at
        for at in instants
        if condition.ground.validity.holds_on(at.date())
        and is_impossible(condition, {name: _told(by, at) for name, by in sound.items()})
    )


def contradictions(
    hours: Mapping[str, Iterable[Reading]], condition: Condition, lost: frozenset[str]
) -> Iterator[Episode]:
    """Stretches of hours in which a condition holds at an outlet.

    Args:
        hours: code of factor → hours of that point in order of time.
        lost: letters of marks whose values count for nothing (``Marks.counting(LOST)``); a stop does not excuse: a
            stopped mark with load is what this looks for.
    """
    sound = _sound(hours, condition, lost)
    first = next(iter(condition.inputs))
    instants = sorted(set().union(*(by.keys() for by in sound.values())))
    rows = [Reading(at=at, value=None, evidence=_evidence(sound, at)) for at in instants]

    def belongs(before: Reading | None, now: Reading) -> bool:
        if before is not None and (now.at - before.at).total_seconds() != _HOUR_SECONDS:
            return False
        return is_impossible(condition, {name: _told(by, now.at) for name, by in sound.items()})

    for run, is_over in runs(rows, belongs, 1):
        yield episode(
            Kind.IMPOSSIBLE,
            condition.inputs[first],
            Span.HOUR,
            run,
            _words(condition, sound, run[0].at),
            is_over=is_over,
            rule=condition.id,
        )


def _sound(
    hours: Mapping[str, Iterable[Reading]], condition: Condition, lost: frozenset[str]
) -> dict[str, dict[datetime, Reading]]:
    return {
        name: {each.at: each for each in hours.get(code, ()) if each.value is not None and each.mark.value not in lost}
        for name, code in condition.inputs.items()
    }


def _told(by: Mapping[datetime, Reading], at: datetime) -> Told:
    found = by.get(at)
    return found.value if found is not None and found.value is not None else State.MISSING


def _evidence(sound: Mapping[str, Mapping[datetime, Reading]], at: datetime) -> Evidence | None:
    return next((by[at].evidence for by in sound.values() if at in by and by[at].evidence is not None), None)


def _words(condition: Condition, sound: Mapping[str, Mapping[datetime, Reading]], at: datetime) -> Message:
    told = [(condition.names[name], by[at].value) for name, by in sound.items() if at in by]
    zh = "、".join(f"{name.zh} {value:f}" for name, value in told)
    en = ", ".join(f"{name.en} {value:f}" for name, value in told)
    return Message(f"{condition.name.zh}：{zh}", f"{condition.name.en}: {en}")


_HOUR_SECONDS = 3_600
