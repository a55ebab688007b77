"""Values of the cascade, as pages and papers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.span import Span
from shuangkong.plans.cascade.alignment import Match
from shuangkong.plans.cascade.decided import Pairing
from shuangkong.plans.cascade.moves import Change
from shuangkong.plans.cascade.strictness import Reason, Verdict
from shuangkong.plans.reading import Nature
from shuangkong.records.plans.rows import MeasureRow, PlanRow
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.targets.rows import TargetRow


class Relation(StrEnum):
    """What a plan is to another."""

    FOLLOWS = "follows"  # 上级方案
    SUPERSEDES = "supersedes"  # 代替
    AMENDS = "amends"  # 调整


class LinkVerdict(StrEnum):
    """What a person decided of a link."""

    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One decision on a link.

    ``plan`` is the plan that follows, replaces or amends; ``other`` the one that is followed, replaced or amended, None
    where only its title and number are known. ``path`` is that of the plan's region.
    """

    id: int
    plan: int
    plan_title: str
    other: int | None
    other_title: str
    relation: Relation
    verdict: LinkVerdict
    title: str
    doc_no: str
    on: date
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    journal: int
    path: str


@dataclass(frozen=True, slots=True)
class LinkProposal:
    """A document that the reader found as a parent, not yet decided on; ``candidates`` are plans that may be it."""

    title: str
    doc_no: str
    span: Span | None
    candidates: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True)
class ForceRow:
    """How a plan stands among others on a day. A superseded plan stays readable; it only binds no longer."""

    superseded_by: LinkRow | None
    amended_by: tuple[LinkRow, ...]

    @property
    def is_in_force(self) -> bool:
        return self.superseded_by is None


@dataclass(frozen=True, slots=True)
class PairRow:
    """One decision on a pair: ``above`` and ``below`` are the entries of the plan above and of the plan."""

    id: int
    above: int
    below: int
    is_target: bool
    verdict: Pairing
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class ComparedTarget:
    """One line of two plans side by side; see plans.cascade.pairing.Line.

    ``difference`` is child less parent, in the child's unit. ``task`` is the gap's task, None where there is none yet.
    ``key`` is the parent's entry, by which a gap is chosen; None where only the child has it. ``awaited`` is the
    entry of the register that waits for this target's value from above, or has it: then it is missing, and no gap.
    ``is_doubtful``: whether a person has still to say that the two are one; ``below`` is the child's entry.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    parent: TargetRow | None
    child: TargetRow | None
    difference: Decimal | None
    is_assigned: bool
    is_gap: bool
    is_by_name: bool
    key: int | None
    task: int | None
    awaited: int | None
    below: int | None
    is_doubtful: bool
    is_decided: bool

    @property
    def is_main(self) -> bool:
        """Whether the parent means it first of all: a main target, a binding one, or one shared out to this region."""
        parent = self.parent
        return parent is not None and (parent.is_headline or parent.nature == Nature.BINDING or self.is_assigned)


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One line of two plans' measures; see plans.cascade.alignment.MeasureLine, and ComparedTarget."""

    match: Match
    score: float
    parent: MeasureRow | None
    child: MeasureRow | None
    is_gap: bool
    key: int | None
    task: int | None
    below: int | None
    is_decided: bool

    @property
    def is_doubtful(self) -> bool:
        return self.match is Match.DOUBTFUL


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """A plan beside the plan it follows. ``versions`` are those compared, child first; ``decisions`` all on pairs."""

    link: LinkRow
    child: PlanRow
    parent: PlanRow
    versions: tuple[int, int]
    targets: tuple[ComparedTarget, ...]
    measures: tuple[ComparedMeasure, ...]
    decisions: tuple[PairRow, ...]

    @property
    def doubts(self) -> tuple[ComparedTarget | ComparedMeasure, ...]:
        """Pairs on which a person has still to decide."""
        return (
            *(each for each in self.targets if each.is_doubtful),
            *(each for each in self.measures if each.is_doubtful),
        )

    @property
    def gaps(self) -> tuple[ComparedTarget | ComparedMeasure, ...]:
        return (*(each for each in self.targets if each.is_gap), *(each for each in self.measures if each.is_gap))


@dataclass(frozen=True, slots=True)
class MovedTarget:
    """One target before and after; ``tasks`` are those of the earlier plan that it touches and that are still open."""

    change: Change
    fields: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...]
    before: TargetRow | None
    after: TargetRow | None
    difference: Decimal | None
    is_by_name: bool
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """What an amendment, a new plan or a new version moves; ``followers`` are links of plans that follow the old."""

    before: PlanRow
    after: PlanRow
    versions: tuple[int, int]
    moves: tuple[MovedTarget, ...]
    followers: tuple[LinkRow, ...]


class EntryKind(StrEnum):
    """What a plan's text leaves open."""

    SUB_PLAN = "sub_plan"  # 须编制的子方案
    AWAITED = "awaited"  # 数值由上级下达的目标
    COOPERATION = "cooperation"  # 配合上级


class EventKind(StrEnum):
    """What became of it."""

    REGISTER = "register"  # 登记
    DECLINE = "decline"  # 不予登记
    WITHDRAW = "withdraw"  # 撤销
    WRITTEN = "written"  # 已编制，与方案关联
    ARRIVED = "arrived"  # 上级数值已下达


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something found in the text and not yet decided on.

    ``item`` is the entry of the measure, ``owner`` the body that leads it, ``due`` a day that the sentence names,
    ``quote`` the sentence.
    """

    kind: EntryKind
    title: str
    giver: str
    item: int
    item_no: str
    item_title: str
    owner: int | None
    owner_name: str
    due: date | None
    span: Span
    quote: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One entry of the register as it stands after its events; ``state`` is the newest event's kind.

    ``value`` is the newest that arrived. ``written`` is the plan that was written. ``ground``, ``document``, ``on``,
    ``author`` and ``journal`` are those of the newest event.
    """

    id: int
    plan: int
    plan_title: str
    kind: EntryKind
    title: str
    giver: str
    item: int | None
    item_no: str
    item_title: str
    path: str
    span: Span | None
    state: EventKind
    owner: int | None
    owner_name: str
    due: date | None
    task: int | None
    written: int | None
    written_title: str
    op: str
    value: Decimal | None
    unit: str
    deadline: str
    base_year: int | None
    ground: str
    document: str
    on: date
    author: str
    at: datetime
    journal: int

    @property
    def is_open(self) -> bool:
        """Whether something is still to come: the plan, or the value."""
        return self.state is EventKind.REGISTER

    def is_late(self, day: date) -> bool:
        return self.is_open and self.due is not None and self.due < day


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event of an entry."""

    id: int
    entry: int
    kind: EventKind
    owner: int | None
    owner_name: str
    due: date | None
    written: int | None
    op: str
    value: Decimal | None
    unit: str
    deadline: str
    on: date
    ground: str
    document: str
    author: str
    at: datetime
    journal: int
