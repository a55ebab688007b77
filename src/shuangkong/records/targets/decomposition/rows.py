"""Values of decompositions, as pages, papers and programmes see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Finding
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind, Nature, Op
from shuangkong.records.people.access import Where
from shuangkong.targets.decomposition.standing import EventKind, Standing
from shuangkong.targets.decomposition.task import Group, Receiver
from shuangkong.targets.target import Extent, Settled, Target
from shuangkong.targets.trajectory import Course


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A target by hand that is to be shared out; see the columns of Decomposition."""

    region: str
    indicator: str
    kind: Kind
    value: Decimal
    unit: str
    base_year: int
    end_year: int
    ground: str
    base: Decimal | None = None
    base_unit: str = ""
    incentive: Decimal | None = None
    nature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A scenario to be computed.

    Attributes:
        rule: id of a file of the policy (targets/decomposition).
        weights: by criterion, in place of those of the rule; together 1.
        spread: in place of that of the rule.
        reserve: what the place keeps, in the target's unit.
        places: decimals of a share; None: as the policy and the target's own figure have it.
        course: how the years share each promise; ``given_years`` by subject where they are given.
        start_year, reached: where the path begins at actuals: the last year told, and each receiver's figure of it.
        groups: what several receivers may come to together (a basin, a sector).
        excluded: what the target does not speak of, each by its name: nobody's value holds it.
    """

    name: str
    rule: str
    receivers: tuple[Receiver, ...]
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    spread: Decimal | None = None
    reserve: Decimal = Decimal(0)
    places: int | None = None
    course: Course = Course.LINEAR
    start_year: int | None = None
    reached: Mapping[Subject, Decimal] = field(default_factory=dict)
    given_years: Mapping[Subject, Mapping[int, Decimal]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What an adoption or withdrawal says; ``on`` None is today."""

    text: str = ""
    document: str = ""
    on: date | None = None
    is_provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecompositionHead:
    """One decomposition and how it stands; see the columns. ``recorded`` counts its scenarios."""

    id: int
    region: str
    region_name: str
    path: str
    plan: int | None
    plan_title: str
    target: int | None
    share: int | None
    indicator: str
    indicator_name: str
    kind: Kind
    extent: Extent
    op: Op
    value: Decimal
    unit: str
    base: Decimal | None
    base_unit: str
    incentive: Decimal | None
    base_year: int
    end_year: int
    nature: str
    ground: str
    opened_by: str
    opened_at: datetime
    is_demo: bool
    is_fictional: bool
    standing: Standing
    recorded: int

    @property
    def where(self) -> Where:
        return Where(self.path)

    def promise(self, reserve: Decimal = Decimal(0)) -> Target:
        """The target as the algebra takes it."""
        return Target(
            subject=Subject("region", self.region),
            indicator=self.indicator,
            kind=self.kind,
            extent=self.extent,
            value=self.value,
            unit=self.unit,
            op=self.op,
            base_year=self.base_year,
            end_year=self.end_year,
            base=self.base,
            nature=Nature(self.nature) if self.nature in tuple(Nature) else None,
            incentive=self.incentive,
            reserve=reserve,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a scenario as a whole; figures of fairness describe and judge nobody.

    ``is_verified``: whether a person has compared the way with the document that it rests on.
    """

    law: str
    reproduced: Decimal | None
    wanted: Decimal | None
    over: Decimal | None
    own: Decimal | None
    structure: Decimal | None
    reserve: Decimal
    is_closed: bool
    gini: float | None
    theil: float | None
    follows: float | None
    least: Decimal | None
    most: Decimal | None
    cost: Decimal | None
    is_verified: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class YearDue:
    """What is due by the end of a year, and how it was reckoned."""

    year: int
    due: Decimal
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedShare:
    """What one receiver gets in a scenario. ``decomposition`` is where it belongs, ``scenario`` which of its ways."""

    id: int
    decomposition: int
    scenario: int
    subject: Subject
    name: str
    path: str
    value: Decimal | None
    base: Decimal | None
    is_locked: bool
    steps: tuple[Step, ...]
    years: tuple[YearDue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """One scenario as it was recorded; ``wanted`` is what was given."""

    id: int
    decomposition: int
    number: int
    name: str
    rule: str
    wanted: Wanted
    outcome: Outcome
    rulebook: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened."""

    id: int
    kind: EventKind
    scenario: int | None
    settled: Settled | None
    on: date
    document: str
    text: str
    author: str
    at: datetime
    journal: int
