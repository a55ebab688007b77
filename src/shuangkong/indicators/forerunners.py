"""沿革: of whose told figures that of today's region or unit is made, in periods before it was merged or renamed.

A period before a change is the sum of those that the subject was made of: itself too, unless it began later. Nothing
counts twice: where a successor that did not exist yet was told of anyhow, that is the restated whole, and what its
forerunners told stands beside it; what a forerunner tells after its end is nobody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Aggregation

_YEAR = 12


class Because(StrEnum):
    """Why a period of a series has no figure."""

    UNTOLD = "untold"
    SPLIT = "split"
    NOT_ADDITIVE = "not_additive"
    DURING = "during"


REASONS: Mapping[Because, Message] = {
    Because.UNTOLD: Message("有前身没有报数", "of some that became it nothing was told"),
    Because.SPLIT: Message(
        "前身分给了几家，不知各得多少", "one that became it was split among several; nobody told the shares"
    ),
    Because.NOT_ADDITIVE: Message(
        "该指标不能相加，须用各前身的分子分母重算",
        "the indicator cannot be added: compute it anew from what it is made of",
    ),
    Because.DURING: Message(
        "变更发生在这一时期内，前后身都报了数，不知是否重复",
        "the change falls within the period, and both were told: they may overlap",
    ),
}
#: The step by which a figure is joined.
JOINED = Message("沿革：由它和前身各自报的数相加", "History: the sum of what it and its forerunners told")
TOLD_TWICE = Message(
    "前身和后身都报了这一时期：取后身所报，没有相加",
    "told of it and of those that became it: its own counts, nothing was added",
)


@dataclass(frozen=True, slots=True)
class Became:
    """``before`` became ``after`` on a day; ``is_split``: a part of it did, and nobody told how much."""

    before: Subject
    after: Subject
    on: date
    is_renaming: bool = False
    is_split: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """``parts``: cells whose figures are added; ``because``: why they cannot be; ``beside``: told too, not added."""

    parts: tuple[Cell, ...] = ()
    because: Because | None = None
    beside: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Forerunners:
    """All changes known on a day; ``births``: the first day of those known to have begun on one."""

    changes: tuple[Became, ...] = ()
    births: Mapping[Subject, date] = field(default_factory=dict)

    @cached_property
    def _into(self) -> dict[Subject, tuple[Became, ...]]:
        found: dict[Subject, list[Became]] = {}
        for change in self.changes:
            found.setdefault(change.after, []).append(change)
        return {after: tuple(each) for after, each in found.items()}

    @cached_property
    def _from(self) -> dict[Subject, tuple[Became, ...]]:
        found: dict[Subject, list[Became]] = {}
        for change in self.changes:
            found.setdefault(change.before, []).append(change)
        return {before: tuple(each) for before, each in found.items()}

    @property
    def successors(self) -> Collection[Subject]:
        """Whoever others became."""
        return self._into.keys()

    def of(self, subject: Subject, since: date = date.min) -> tuple[Subject, ...]:
        """Whoever became it, or part of it, after a day; not itself."""
        found, edge = [subject], [subject]
        while edge:
            here = edge.pop()
            fresh = [each.before for each in self._into.get(here, ()) if each.on > since and each.before not in found]
            edge += fresh
            found += fresh
        return tuple(found[1:])

    def after(self, subject: Subject) -> tuple[Subject, ...]:
        """Whatever became of it, and of that."""
        found, edge = [subject], [subject]
        while edge:
            here = edge.pop()
            fresh = [each.after for each in self.changes if each.before == here and each.after not in found]
            edge += fresh
            found += fresh
        return tuple(found[1:])

    def is_unborn(self, subject: Subject, day: date) -> bool:
        """Whether it is known that the subject did not exist on a day: it began later, or by a renaming."""
        later = [each for each in self._into.get(subject, ()) if each.on > day]
        begins_later = self.births.get(subject, date.min) > day
        return begins_later or (bool(later) and all(each.is_renaming for each in later))

    def is_gone(self, subject: Subject, day: date) -> bool:
        """Whether the subject had become another by a day; what was split off it leaves it where it was."""
        return any(not each.is_split for each in self.became(subject, day))

    def became(self, subject: Subject, day: date) -> tuple[Became, ...]:
        """Its own changes into others up to a day."""
        return tuple(each for each in self._from.get(subject, ()) if each.on <= day)

    def joining(self, cell: Cell, way: Aggregation, is_told: Callable[[Cell], bool]) -> Joining | None:
        """How the told figures of a cell are joined; None where its own alone counts, or nothing was told of any.

        Args:
            way: how figures of parts become that of the whole. What cannot be added is passed on by a renaming alone.
            is_told: whether a figure was told of a cell, and not as missing.
        """
        if cell.subject not in self._into or cell.measure is not Measure.LEVEL or cell.period.is_plan:
            return None
        first, last = _first_day(cell.period), cell.period.last_day
        before, since = self.of(cell.subject, last), self.of(cell.subject, first)
        own, told = is_told(cell), tuple(each for each in _cells(cell, since) if is_told(each))
        if not since or not (own or told):
            return None
        if len(since) > len(before):
            return self._during(cell, own, told)
        if own and self.is_unborn(cell.subject, last):
            return Joining((cell,), beside=told) if told else None
        return self._before(cell, way, before, is_told)

    def _during(self, cell: Cell, own: bool, told: tuple[Cell, ...]) -> Joining | None:
        """The change falls within the period: the successor speaks for both where nobody else does."""
        if not told:
            return None
        into = self._into[cell.subject]
        if not own and len(told) == 1 and all(each.is_renaming for each in into):
            return Joining(told)
        return Joining(because=Because.DURING)

    def _before(
        self, cell: Cell, way: Aggregation, before: tuple[Subject, ...], is_told: Callable[[Cell], bool]
    ) -> Joining | None:
        """The change came later: those that it was made of are added."""
        last, inside = cell.period.last_day, {cell.subject, *before}
        later = [each for each in self.changes if each.on > last]
        shared = [each for each in later if each.before in before]
        if any(each.after not in inside or (each.is_split and each.after in inside) for each in shared):
            return Joining(because=Because.SPLIT)
        wanted = [
            each for each in (cell, *_cells(cell, before)) if is_told(each) or not self.is_unborn(each.subject, last)
        ]
        if not all(map(is_told, wanted)):
            return Joining(because=Because.UNTOLD)
        is_passed_on = all(each.is_renaming for each in later if each.after in inside)
        if way is Aggregation.SUM or (is_passed_on and len(wanted) == 1):
            return Joining(tuple(wanted))
        return Joining(tuple(wanted), Because.NOT_ADDITIVE)


def _cells(cell: Cell, subjects: Iterable[Subject]) -> tuple[Cell, ...]:
    return tuple(Cell(each, cell.indicator, cell.period, cell.measure) for each in subjects)


def _first_day(period: Period) -> date:
    return date(period.first_month // _YEAR, period.first_month % _YEAR + 1, 1)
