"""一期晴雨表: the judgements of a place in a period as they are signed and published, kept as text and read back.

What was published is frozen with the steps that led to it; what is known now stands beside it and never in its place.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Clause, Step
from shuangkong.outlook.barometer.basis import Given, figures
from shuangkong.outlook.barometer.judging import Judgement
from shuangkong.outlook.barometer.level import Cause, Level, Move, move
from shuangkong.outlook.barometer.listing import Listing, listing_of

#: Set of figures → what it asks for and what came, by name.
_COMPARED: Mapping[str, tuple[str, str]] = {
    "intensity": ("required", "achieved"),
    "total": ("allowed", "actual"),
    "decline": ("required", "achieved"),
    "level": ("due", "reached"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One subject's level.

    Attributes:
        target: number of the target that is judged; below zero that of a share (of an adopted decomposition) alone.
        is_whole: the place itself, not a part of it.
        required, achieved: what the rule compares, in ``unit``; None: not known.
        last: its level in the period that is compared with; None: none is known.
        share: number of the share in force that it is judged by; None: it is judged by what the plan prints.
        assigned_by: name of the place that shared it out; ``printed``: the plan's own figure where it is another than
            ``promised``, which it is judged by.
    """

    target: int
    subject: Subject
    name: str
    is_whole: bool
    rule: str
    level: Level | None
    cause: Cause | None
    last: Level | None
    required: Decimal | None
    achieved: Decimal | None
    unit: str
    steps: tuple[Step, ...]
    doubts: tuple[Message, ...] = ()
    share: int | None = None
    assigned_by: str = ""
    promised: Decimal | None = None
    printed: Decimal | None = None

    @property
    def listing(self) -> Listing:
        return listing_of(self.subject.kind)

    @property
    def move(self) -> Move:
        return move(self.level, self.last)

    @property
    def is_warned(self) -> bool:
        """Whether it stands at a level that something follows from."""
        return self.level in (Level.RED, Level.YELLOW)


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one promise: ``indicator`` its id, ``name`` as it is printed."""

    indicator: str
    name: str
    lines: tuple[Line, ...]

    @property
    def listing(self) -> Listing:
        """Where it stands; all its lines but that of the place itself are of one list."""
        return next((line.listing for line in self.lines if not line.is_whole), Listing.REGIONS)

    @property
    def counts(self) -> Mapping[Level | None, int]:
        """How many of the place's parts stand at each level; None: at no level."""
        return Counter(line.level for line in self.lines if not line.is_whole)

    def at(self, level: Level | None) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.level is level and not line.is_whole)


@dataclass(frozen=True, slots=True)
class Content:
    """All that an issue says. ``compared_with``: the period whose published levels the moves are counted from."""

    place: str
    period: Period
    parts: tuple[Part, ...]
    compared_with: Period | None = None
    sources: tuple[str, ...] = ()

    @property
    def warned(self) -> tuple[tuple[Part, Line], ...]:
        """All that stand at a level that something follows from, the gravest first."""
        found = [(part, line) for part in self.parts for line in part.lines if line.is_warned]
        return tuple(sorted(found, key=lambda each: (each[1].level or Level.GREEN, each[1].subject)))

    @property
    def levels(self) -> Mapping[tuple[str, Subject], Level]:
        """(indicator, subject) → level, of those that have one."""
        return {
            (part.indicator, line.subject): line.level
            for part in self.parts
            for line in part.lines
            if line.level is not None
        }

    def listed(self, listing: Listing) -> tuple[Part, ...]:
        """The parts of one list."""
        return tuple(part for part in self.parts if part.listing is listing)

    @property
    def differing(self) -> tuple[tuple[Part, Line], ...]:
        """Who is judged by another figure than the plan prints."""
        return tuple((part, line) for part in self.parts for line in part.lines if line.printed is not None)

    def line(self, target: int) -> tuple[Part, Line] | None:
        """That of a target; None where there is none."""
        held = ((part, line) for part in self.parts for line in part.lines if line.target == target)
        return next(held, None)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a set of figures asks for and what came; None where it is not known. ``steps`` show how they came about."""

    required: Decimal | None
    achieved: Decimal | None
    steps: tuple[Step, ...]


def compared(of: str, given: Mapping[str, Given], names: tuple[str, str] | None = None) -> Compared:
    """``names``: of the two figures where they are not those that every rule of the set is printed with."""
    wanted = names or _COMPARED[of]
    found = figures(of, given, wanted)
    required, achieved = (each if isinstance(each := found.told[name], Decimal) else None for name in wanted)
    return Compared(required, achieved, found.steps)


def steps_of(judgement: Judgement) -> tuple[Step, ...]:
    """All steps to a level, those of the figures it compares first."""
    below = (step for _, figure in judgement.figure.inputs for step in figure.steps)
    return (*below, *judgement.figure.steps)


def as_text(content: Content) -> str:
    """As it is kept: JSON, figures as text."""
    told = {
        "place": content.place,
        "period": str(content.period),
        "compared_with": str(content.compared_with) if content.compared_with else "",
        "sources": list(content.sources),
        "parts": [
            {"indicator": part.indicator, "name": part.name, "lines": [_plain(line) for line in part.lines]}
            for part in content.parts
        ],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _plain(line: Line) -> dict[str, Any]:
    return {
        "target": line.target,
        "subject": [line.subject.kind, line.subject.code],
        "name": line.name,
        "is_whole": line.is_whole,
        "rule": line.rule,
        "level": line.level,
        "cause": line.cause,
        "last": line.last,
        "required": _text(line.required),
        "achieved": _text(line.achieved),
        "unit": line.unit,
        "doubts": [[each.zh, each.en] for each in line.doubts],
        "share": line.share,
        "assigned_by": line.assigned_by,
        "promised": _text(line.promised),
        "printed": _text(line.printed),
        "steps": [
            [step.name.zh, step.name.en, step.formula, [[name, _text(value)] for name, value in step.inputs],
             _text(step.value), step.unit,
             [step.clause.words.zh, step.clause.words.en, step.clause.is_verified] if step.clause else None]
            for step in line.steps
        ],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def from_text(text: str) -> Content:
    """The way back."""
    told = json.loads(text)
    parts = tuple(Part(each["indicator"], each["name"], tuple(map(_line, each["lines"]))) for each in told["parts"])
    before = Period.parse(told["compared_with"]) if told["compared_with"] else None
    return Content(told["place"], Period.parse(told["period"]), parts, before, tuple(told["sources"]))


def _line(told: Mapping[str, Any]) -> Line:
    return Line(
        target=told["target"], subject=Subject(*told["subject"]), name=told["name"], is_whole=told["is_whole"],
        rule=told["rule"], level=_level(told["level"]), cause=Cause(told["cause"]) if told["cause"] else None,
        last=_level(told["last"]), required=_value(told["required"]), achieved=_value(told["achieved"]),
        unit=told["unit"], steps=tuple(_step(*each) for each in told["steps"]),
        doubts=tuple(Message(*each) for each in told["doubts"]), share=told.get("share"),
        assigned_by=told.get("assigned_by", ""), promised=_value(told.get("promised")),
        printed=_value(told.get("printed")),
    )  # fmt: skip


def _step(zh: str, en: str, formula: str, inputs: Any, value: str | None, unit: str, clause: Any) -> Step:
    rests_on = Clause(Message(clause[0], clause[1]), clause[2]) if clause else None
    taken = tuple((name, Decimal(each)) for name, each in inputs)
    return Step(Message(zh, en), formula, taken, _value(value), unit, rests_on)


def _level(told: int | None) -> Level | None:
    return None if told is None else Level(told)


def _value(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)
