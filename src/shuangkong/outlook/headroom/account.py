"""一本账: cap or path − actual − approved and not yet running − reserve, year by year, with its trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.emissions.account import left
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.policyfile.expression.given import Told, exact, written
from shuangkong.targets.progress import Point

_ROOM = Message("余量", "Headroom")
_COMMITTED = Message("已批未投新增", "Approved and not yet running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One cap of one subject.

    Attributes:
        unit: of all its amounts.
        caps: year → the cap, or what the path allows; a year that is not there has none.
        actual: the level of the year ``actual_year``, the last one known.
        reserve: what is kept back, in the same unit; not below zero.

    Raises:
        ValueError: a reserve below zero, or one project twice.
    """

    subject: Subject
    indicator: str
    unit: str
    caps: Mapping[int, Told]
    actual: Told
    actual_year: int
    commitments: tuple[Commitment, ...] = ()
    reserve: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.reserve < 0:
            raise ValueError(f"{self.indicator}: reserve {self.reserve}: expected zero or more")
        projects = [each.project for each in self.commitments]
        twice = sorted({each for each in projects if projects.count(each) > 1})
        if twice:
            raise ValueError(f"{self.indicator}: {', '.join(twice)} stands twice; expected each project once")

    @property
    def years(self) -> tuple[int, ...]:
        """The years that have a cap, after the one whose level is known."""
        return tuple(sorted(year for year in self.caps if year > self.actual_year))

    def with_project(self, project: Commitment) -> Account:
        """The account once a project is approved; raises ValueError where it is in it already."""
        return replace(self, commitments=(*self.commitments, project))


@dataclass(frozen=True, slots=True)
class Room:
    """``exact``: what is left, below zero where the cap is passed; None where a figure is missing."""

    year: int
    exact: Fraction | None
    figure: Figure

    @property
    def value(self) -> Decimal | None:
        return self.figure.value


def room(account: Account, year: int) -> Room:
    """What is left in a year. Without a cap or an actual figure there is none: neither is taken as zero."""
    cap = account.caps.get(year, State.MISSING)
    added = sum((each.added(year, account.actual_year) for each in account.commitments), Fraction(0))
    committed = Step(
        _COMMITTED,
        "Σ (全年量 − 腾出量) × (当年运行份额 − 已含份额)",
        tuple((each.project, written(each.added(year, account.actual_year))) for each in account.commitments),
        written(added),
        account.unit,
    )
    exact_room = None
    if isinstance(cap, Decimal) and isinstance(account.actual, Decimal):
        exact_room = exact(cap) - exact(account.actual) - added - exact(account.reserve)
    value = None if exact_room is None else written(exact_room)
    terms = (("上限", cap), (f"{account.actual_year} 年实际", account.actual), ("已批未投", written(added)),
             ("预留", account.reserve))  # fmt: skip
    shown = tuple((name, each) for name, each in terms if isinstance(each, Decimal))
    step = Step(_ROOM, "上限 − 实际 − 已批未投 − 预留", shown, value, account.unit)
    state = State.MISSING if value is None else State.VALUE
    cell = Cell(account.subject, account.indicator, Period(year))
    return Room(year, exact_room, Figure(cell, state, value, account.unit, steps=(committed, step)))


def caps_of_path(points: Iterable[Point]) -> Mapping[int, Told]:
    """Year → what is due on a target's path, of a target whose figures are levels (a cap on a total)."""
    return {point.year: State.MISSING if point.due is None else point.due for point in points}


def caps_of_decline(base: Told, points: Iterable[Point]) -> Mapping[int, Told]:
    """Year → what a base may still be after the decline due by then, of a target that is a decline in %."""
    return {
        point.year: left(base, point.due) if isinstance(base, Decimal) and point.due is not None else State.MISSING
        for point in points
    }
