"""拉动因素的表: what moved a region, its sectors and its units, line by line; and what of it is to be verified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shuangkong.core.fact import Cell, Fact
from shuangkong.core.finding import Message
from shuangkong.indicators.situation import Line, LineKind


@dataclass(frozen=True, slots=True)
class Turned:
    """A unit that told figures and became others by the end of the later period; its figures stand in theirs."""

    name: str
    after: tuple[str, ...]
    is_renaming: bool

    @property
    def said(self) -> Message:
        zh, en = "、".join(self.after), ", ".join(self.after)
        if self.is_renaming:
            return Message(f"{self.name}更名为{zh}", f"{self.name} was renamed {en}")
        return Message(f"{self.name}并入{zh}", f"{self.name} was merged into {en}")


@dataclass(frozen=True, slots=True)
class Doubts:
    """Which figures of a table were computed by rules that nobody has compared with their documents.

    Attributes:
        energy: by code of the line, "" for the whole: whether that before and that now was.
        is_activity: some value added was.
        rules: those rules, in words.
    """

    energy: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)
    is_activity: bool = False
    rules: tuple[Message, ...] = ()

    @property
    def is_any(self) -> bool:
        return self.is_activity or any(before or now for before, now in self.energy.values())

    def of_factors(self, line: Line) -> bool:
        """Of what is laid to the factors: it is reckoned from all lines; what is laid to none, from its own energy."""
        return self.is_any if line.is_attributed else any(self.of(line))

    def of(self, line: Line) -> tuple[bool, bool]:
        """Of the energy of a line, before and now; what was put together of several lines is as doubtful as any."""
        own = self.energy.get(line.code) if line.kind in (LineKind.PART, LineKind.WHOLE) else None
        if own is not None:
            return own
        return any(before for before, _ in self.energy.values()), any(now for _, now in self.energy.values())


@dataclass(frozen=True, slots=True)
class Moved:
    """A whole taken apart.

    Attributes:
        names: of its parts, by code.
        left_out: names of parts without figures of both periods; ``unnamed``: how many more that may not be named.
        became: those of the parts that have become others since: nothing of theirs is missing.
        cells: energy and activity of the later period by code of the line, "" for the whole: where they are explained.
    """

    lines: tuple[Line, ...] = ()
    names: Mapping[str, Message] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    unnamed: int = 0
    became: tuple[Turned, ...] = ()
    cells: Mapping[str, tuple[Cell, Cell | None]] = field(default_factory=dict)
    doubts: Doubts = field(default_factory=Doubts)


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved large industry by sector, the units, and the region: its total and its intensity by branch.

    ``facts``: what it rests on that the person may read.
    """

    sectors: Moved
    units: Moved
    total: Moved
    intensity: Moved
    facts: tuple[Fact, ...]
    is_demo: bool

    @property
    def unverified(self) -> tuple[Message, ...]:
        """The rules below what is shown that nobody has compared with their documents, each once, in words."""
        shown = (each for each in (self.total, self.intensity, self.sectors, self.units) if each.lines)
        return tuple(dict.fromkeys(rule for each in shown for rule in each.doubts.rules))
