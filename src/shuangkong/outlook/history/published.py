"""公布的表: what was published, cell by cell, with its source and how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Confidence


@dataclass(frozen=True, slots=True)
class Ground:
    """``source``: id of a document; ``at``: the place in it."""

    source: str
    at: str
    confidence: Confidence
    is_verified: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """One table of levels.

    Attributes:
        rule: id of the rule of the barometer that it is of.
        within: the region whose parts it lists; "" for the nation.
        is_complete: whether it places everybody; is_derived: whether it follows from what another table says of moves.
        levels: region code → level.
    """

    id: str
    period: Period
    rule: str
    within: str
    is_complete: bool
    is_derived: bool
    ground: Ground
    levels: Mapping[str, Level]

    def at(self, level: Level) -> tuple[str, ...]:
        """Codes at a level, in their order."""
        return tuple(sorted(code for code, each in self.levels.items() if each is level))


@dataclass(frozen=True, slots=True)
class PublishedChange:
    """What a bulletin says of a region and period: names of columns → figures; an absent one was not published."""

    region: str
    period: Period
    figures: Mapping[str, Decimal]
    ground: Ground


@dataclass(frozen=True, slots=True)
class PublishedPromise:
    """A five-year promise of a region: decline in %, base and increment in 10⁴ tce; absent: not published."""

    region: str
    plan: Period
    figures: Mapping[str, Decimal]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is odd about a published table itself; ``region`` may be empty."""

    table: str
    region: str
    reason: str
    message: Message
    source: str


@dataclass(frozen=True, slots=True)
class History:
    """All that was published."""

    tables: tuple[PublishedTable, ...]
    changes: Mapping[tuple[str, Period], PublishedChange]
    promises: Mapping[tuple[str, Period], PublishedPromise]
    doubts: tuple[Doubt, ...]

    def table(self, id: str) -> PublishedTable:  # noqa: A002 - the word of the field
        """Raises KeyError where there is none."""
        return next((each for each in self.tables if each.id == id), None) or _none(id)

    def promise(self, region: str, period: Period) -> PublishedPromise | None:
        """What a region promised in the plan that a period lies in."""
        held = (each for (code, plan), each in self.promises.items() if code == region and plan.covers(period))
        return next(held, None)


def _none(id: str) -> PublishedTable:  # noqa: A002 - the word of the field
    raise KeyError(id)
