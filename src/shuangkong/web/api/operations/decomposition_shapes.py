"""Shapes of what programmes tell and are told about decompositions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from shuangkong.plans.reading import Kind
from shuangkong.targets.decomposition.standing import EventKind, State
from shuangkong.targets.target import Settled
from shuangkong.targets.trajectory import Course
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text, listed


class DecompositionTold(Schema):
    """What is to be shared out: ``target`` of a plan in force, ``share`` received from above, or the rest by hand."""

    target: Number | None = None
    share: Number | None = None
    region: Code | None = None
    indicator: Line = ""
    kind: Annotated[Kind, listed(Kind)] | None = None
    value: FigureTold | None = None
    incentive: FigureTold | None = None
    unit: Line = ""
    base_year: int = 0
    end_year: int = 0
    base: FigureTold | None = None
    base_unit: Line = ""
    ground: Text = ""


class Decomposition(Schema):
    """One decomposition as it stands; ``scenario`` is the one in force."""

    id: int
    region: str
    region_name: str
    plan: int | None
    target: int | None
    share: int | None
    indicator: str
    indicator_name: str
    kind: Annotated[Kind, listed(Kind)]
    op: str
    value: Figure
    incentive: Figure | None
    unit: str
    base: Figure | None
    base_unit: str
    base_year: int
    end_year: int
    ground: str
    opened_by: str
    opened_at: datetime
    state: Annotated[State, listed(State)]
    scenario: int | None
    since: date | None
    recorded: int
    is_demo: bool
    is_fictional: bool


class Decompositions(Schema):
    """The newest first."""

    items: list[Decomposition]


class ReceiverTold(Schema):
    """One receiver; growth as a ratio, ``costs`` pairs of an amount and the price of one unit, at rising prices."""

    kind: Literal["region", "park", "department", "sector", "basin", "unit"] = "region"
    code: Line
    name: Line
    base: FigureTold | None = None
    activity: FigureTold | None = None
    growth: FigureTold | None = None
    denominator: FigureTold | None = None
    benchmark: FigureTold | None = None
    given: FigureTold | None = None
    lock: FigureTold | None = None
    floor: FigureTold | None = None
    ceiling: FigureTold | None = None
    history: list[FigureTold] = Field(default_factory=list)
    criteria: dict[str, FigureTold] = Field(default_factory=dict)
    costs: list[tuple[FigureTold, FigureTold]] = Field(default_factory=list)
    reached: FigureTold | None = None
    years: dict[int, FigureTold] = Field(default_factory=dict)
    is_apart: bool = False


class GroupTold(Schema):
    """What several receivers may come to together (a basin, a sector), in amounts; ``members`` by their codes."""

    name: Line
    members: list[Line]
    floor: FigureTold | None = None
    ceiling: FigureTold | None = None


class ScenarioTold(Schema):
    """A way of sharing out; ``rule`` is the id of a file of targets/decomposition of the policy."""

    name: Line = ""
    rule: Line
    receivers: list[ReceiverTold]
    weights: dict[str, FigureTold] = Field(default_factory=dict)
    spread: FigureTold | None = None
    reserve: FigureTold = "0"
    places: int | None = None
    course: Annotated[Course, listed(Course)] = Course.LINEAR
    start_year: int | None = None
    groups: list[GroupTold] = Field(default_factory=list)
    excluded: list[Line] = Field(default_factory=list)


class DecompositionFinding(Schema):
    """What does not close or must be explained."""

    code: str
    severity: str
    place: str
    zh: str
    en: str


class DecompositionOutcome(Schema):
    """The proof and the fairness of a way."""

    law: str
    reproduced: Figure | None
    wanted: Figure | None
    over: Figure | None
    own: Figure | None
    structure: Figure | None
    reserve: Figure
    is_closed: bool
    is_verified: bool
    gini: float | None
    theil: float | None
    follows: float | None
    least: Figure | None
    most: Figure | None
    cost: Figure | None
    findings: list[DecompositionFinding]


class DecompositionStep(Schema):
    """One step of an explanation."""

    zh: str
    en: str
    formula: str
    inputs: list[tuple[str, Figure]]
    value: Figure | None
    unit: str


class YearlyTarget(Schema):
    """What is due by the end of a year."""

    year: int
    due: Figure


class DecompositionShare(Schema):
    """What a receiver gets, and why; ``id`` None where it is not recorded."""

    id: int | None
    kind: str
    code: str
    name: str
    base: Figure | None
    value: Figure | None
    is_locked: bool
    years: list[YearlyTarget]
    steps: list[DecompositionStep]


class DecompositionScenario(Schema):
    """A way, as computed or as recorded; ``id`` and ``number`` None where it is not recorded."""

    id: int | None
    number: int | None
    name: str
    rule: str
    outcome: DecompositionOutcome
    shares: list[DecompositionShare]


class DecompositionScenarios(Schema):
    """Oldest first."""

    items: list[DecompositionScenario]


class DecompositionEvent(Schema):
    """One thing that happened."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    scenario: int | None
    settled: Annotated[Settled, listed(Settled)] | None
    on: date
    document: str
    text: str
    author: str
    at: datetime
    journal: int


class DecompositionEvents(Schema):
    """Oldest first."""

    items: list[DecompositionEvent]


class DecompositionActTold(Schema):
    """Adopts a scenario, provisionally or not, or withdraws what was adopted."""

    kind: Literal["adopt", "withdraw"]
    scenario: Number | None = None
    is_provisional: bool = False
    document: Line = ""
    on: Day | None = None
    text: Text = ""


class ReceivedTarget(Schema):
    """A target that was assigned from above."""

    decomposition: int
    share: int
    giver: str
    receiver: str
    indicator: str
    value: Figure | None
    unit: str
    end_year: int


class ReceivedTargets(Schema):
    """In the order of the decompositions."""

    items: list[ReceivedTarget]


class PlanAnnex(Schema):
    """What the annexes of a plan imply for one indicator; None where they do not print what is needed."""

    indicator: str
    unit: str
    receivers: int
    base: Figure | None
    apart: Figure | None
    apart_rate: Figure | None
    rate: Figure | None
    undistributed: dict[str, Figure]
    needed: Figure | None
    room: Figure | None
    growth: Figure | None
    findings: list[DecompositionFinding]


class PlanSector(Schema):
    """One row of a table of sectors and departments, and what follows; ``rate`` in %, below zero is a fall."""

    sector: str
    name: str
    unit: str
    target: int
    base: Figure | None
    level: Figure | None
    rate: Figure | None
    difference: Figure | None
    measure: int | None
    leads: list[str]
    findings: list[DecompositionFinding]


class PlanAnnexes(Schema):
    """Indicator by indicator; then what sectors and departments are asked; ``left_out`` stand in no line."""

    items: list[PlanAnnex]
    sectors: list[PlanSector]
    left_out: list[str]
