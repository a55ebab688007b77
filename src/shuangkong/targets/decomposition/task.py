"""分解任务: a target and its receivers: regions, towns, parks, departments, sectors, basins, users, dischargers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.core.fact import Subject
from shuangkong.targets.target import Target


@dataclass(frozen=True, slots=True)
class CostSteps:
    """What reductions cost: (amount, cost of one unit), each dearer than the one before."""

    steps: tuple[tuple[Decimal, Decimal], ...]

    def __post_init__(self) -> None:
        costs = [cost for _, cost in self.steps]
        if costs != sorted(costs) or any(amount <= 0 for amount, _ in self.steps):
            raise ValueError(f"steps {self.steps}: expected amounts above zero at rising costs")


@dataclass(frozen=True, slots=True)
class CostCurve:
    """What reductions cost: the next unit after x costs ``linear + rising·x``; ``rising`` above zero."""

    linear: Decimal
    rising: Decimal

    def __post_init__(self) -> None:
        if self.rising <= 0:
            raise ValueError(f"rising {self.rising}: expected above zero; a flat cost is one of CostSteps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """One line of a decomposition. Any Subject may be one. None: not known, never zero.

    Attributes:
        base: energy or emission of the base year, in the unit of the target's amounts.
        activity: value added (GDP) of the base year at constant prices.
        growth: growth of the activity from the base year to the end, a ratio.
        denominator: of a share or level, in the year that it is judged by.
        history: what it had or did in past years, in one unit for all receivers.
        criteria: figures by the name of a criterion of the policy.
        benchmark: the intensity that it is held against, in base unit by activity unit.
        cost: of reductions, in the unit of the target's amounts.
        given: the value decided by hand.
        lock: fixed before anything is shared out; ``floor``, ``ceiling``: what the value must keep within.
        is_apart: a line of its own (单列): counted in the whole and under no other receiver; it is locked.
    """

    subject: Subject
    name: str
    base: Decimal | None = None
    activity: Decimal | None = None
    growth: Decimal | None = None
    denominator: Decimal | None = None
    history: tuple[Decimal, ...] = ()
    criteria: Mapping[str, Decimal] = field(default_factory=dict)
    benchmark: Decimal | None = None
    cost: CostSteps | CostCurve | None = None
    given: Decimal | None = None
    lock: Decimal | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    is_apart: bool = False

    def __post_init__(self) -> None:
        if self.is_apart and self.lock is None:
            raise ValueError(f"{self.name}: a line apart is given a value (lock)")
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError(f"{self.name}: floor {self.floor} above ceiling {self.ceiling}")

    @property
    def lowest(self) -> Decimal | None:
        return self.floor if self.lock is None else self.lock

    @property
    def highest(self) -> Decimal | None:
        return self.ceiling if self.lock is None else self.lock


@dataclass(frozen=True, slots=True)
class Group:
    """What several receivers may come to together (a basin, a sector), in the target's amounts."""

    name: str
    members: frozenset[Subject]
    floor: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be shared out, and among whom. ``groups`` are kept by the methods that minimise a cost."""

    target: Target
    receivers: tuple[Receiver, ...]
    groups: tuple[Group, ...] = ()

    def __post_init__(self) -> None:
        subjects = [each.subject for each in self.receivers]
        if not subjects or len(set(subjects)) < len(subjects):
            raise ValueError(f"{len(subjects)} receivers: expected some, each once")

    def lacking(self, names: tuple[str, ...]) -> Iterator[tuple[Receiver, str]]:
        """Receivers, and which of the figures that are needed they lack."""
        return ((each, name) for each in self.receivers for name in names if getattr(each, name) is None)
