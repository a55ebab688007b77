"""审批限制: what may not be approved, where, of whom, from when until when, on which ground, and what lifts it.

缓批限批, 区域限批 and 暂停审批 are one object with different acts. A restriction speaks of projects that match every
term of its scope; whatever the project does not tell is not known, and then nothing is decided by guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.trace import Clause


class Approval(StrEnum):
    """The acts by which a project is let through."""

    ENERGY_REVIEW = "energy_review"  # 节能审查
    EIA = "eia"  # 环评审批
    APPROVAL_FILING = "approval_filing"  # 核准、备案
    EQUIPMENT_REGISTRATION = "equipment_registration"  # 特种设备使用登记


class ScopeKind(StrEnum):
    """What a restriction may be about."""

    REGION = "region"  # 地区及其辖区
    PREFECTURE = "prefecture"  # 设区的市
    ZONE = "zone"  # 地图上的区域: 建成区、禁燃区
    PARK = "park"  # 园区
    UNIT = "unit"  # 用能或排污单位
    SECTOR = "sector"  # 行业
    POLLUTANT = "pollutant"  # 新增排放的污染物
    PRODUCT = "product"  # 产品
    FUEL = "fuel"  # 燃料
    EQUIPMENT = "equipment"  # 设备种类, 可带容量界限
    PROJECT_CLASS = "project_class"  # 项目类别: 高耗能、两高、新增产能


class Relation(StrEnum):
    """On which side of its bound a figure is caught."""

    BELOW = "below"  # 以下，不含本数
    AT_MOST = "at_most"  # 以下，含本数
    AT_LEAST = "at_least"  # 以上，含本数


class Firmness(StrEnum):
    """严禁, or 原则上不再: the second leaves room for exceptions, each of which is recorded."""

    FORBIDDEN = "forbidden"
    IN_PRINCIPLE = "in_principle"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure of an equipment (``capacity`` in ``t/h``) and the side of ``bound`` that is caught."""

    figure: str
    relation: Relation
    bound: Decimal
    unit: str

    def catches(self, value: Decimal) -> bool:
        match self.relation:
            case Relation.BELOW:
                return value < self.bound
            case Relation.AT_MOST:
                return value <= self.bound
            case Relation.AT_LEAST:
                return value >= self.bound


@dataclass(frozen=True, slots=True)
class Equipment:
    """One device of a project: its class and its figures, in the units of the thresholds that ask for them."""

    sort: str
    figures: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Project:
    """What is to be approved.

    Attributes:
        at: kind of scope → codes that it falls under (its county, city and province; the zones it lies in; the
            pollutants that it adds). An empty set: none, surely. A kind that is absent: nobody has told.
        equipment: its devices; None: nobody has told.
    """

    id: str
    at: Mapping[ScopeKind, frozenset[str]]
    equipment: tuple[Equipment, ...] | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One condition of a scope: the project falls under one of ``codes``; devices also on the side of ``threshold``."""

    kind: ScopeKind
    codes: frozenset[str]
    threshold: Threshold | None = None

    def matches(self, project: Project) -> bool | None:
        """None where the project does not tell."""
        if self.kind is ScopeKind.EQUIPMENT:
            return self._matches_equipment(project.equipment)
        told = project.at.get(self.kind)
        return None if told is None else not self.codes.isdisjoint(told)

    def _matches_equipment(self, equipment: tuple[Equipment, ...] | None) -> bool | None:
        if equipment is None:
            return None
        answers = [self._catches(each) for each in equipment if each.sort in self.codes]
        return True if True in answers else None if None in answers else False

    def _catches(self, device: Equipment) -> bool | None:
        if self.threshold is None:
            return True
        figure = device.figures.get(self.threshold.figure)
        return None if figure is None else self.threshold.catches(figure)


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a restriction rests: the clause, the document and the place in it; ``occasion``: the result, if one."""

    clause: Clause
    source: str
    at: str = ""
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """One project let through all the same: by which document, from which day, until when."""

    project: str
    validity: Validity
    document: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lifting:
    """What ended a restriction: ``on`` is the first free day."""

    on: date
    document: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One restriction.

    Attributes:
        approvals: which acts it stops.
        scope: a project is caught that matches all terms; never empty.
        validity: first and last day; no last day: until it is lifted.
        exempt: terms of which one alone lets a project through (major projects of the nation's planning).
        exemptions: projects let through one by one, each with its document.
        lifted_when: what lifts it; ``lifting``: what did.
    """

    id: str
    approvals: frozenset[Approval]
    scope: tuple[Term, ...]
    validity: Validity
    ground: Ground
    lifted_when: Message
    firmness: Firmness = Firmness.FORBIDDEN
    exempt: tuple[Term, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    lifting: Lifting | None = None

    def __post_init__(self) -> None:
        if not self.scope or not self.approvals:
            raise ValueError(f"{self.id}: a restriction of everything, or of no act; expected a term and an act")

    def holds_on(self, day: date) -> bool:
        return self.validity.holds_on(day) and (self.lifting is None or day < self.lifting.on)

    def catches(self, project: Project) -> bool | None:
        """Whether the project is within its scope and not exempt as a class; None where the project does not tell."""
        inside = _all(term.matches(project) for term in self.scope)
        spared = _any(term.matches(project) for term in self.exempt)
        return _all((inside, None if spared is None else not spared))

    def lets_through(self, project: Project, day: date) -> Exemption | None:
        """The exemption of this project that holds on a day."""
        found = (each for each in self.exemptions if each.project == project.id and each.validity.holds_on(day))
        return next(found, None)

    def untold(self, project: Project) -> tuple[ScopeKind, ...]:
        """What the project would have to tell, for it to be decided."""
        terms = (*self.scope, *self.exempt)
        return tuple(dict.fromkeys(term.kind for term in terms if term.matches(project) is None))


def _all(answers: Iterable[bool | None]) -> bool | None:
    told = list(answers)
    return False if False in told else None if None in told else True


def _any(answers: Iterable[bool | None]) -> bool | None:
    told = list(answers)
    return True if True in told else None if None in told else False


class Verdict(StrEnum):
    """The answer; the order is the order of weight, the gravest first."""

    MAY_NOT = "may_not"
    UNDECIDED = "undecided"  # what the project does not tell decides it
    EXCEPTIONAL = "exceptional"  # only by a recorded exception: 原则上不再
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Hit:
    """What one restriction says to the project; ``untold``: what must be told first; ``by``: what let it through."""

    restriction: Restriction
    verdict: Verdict
    untold: tuple[ScopeKind, ...] = ()
    by: Exemption | None = None

    @property
    def clause(self) -> Clause:
        return self.restriction.ground.clause


@dataclass(frozen=True, slots=True)
class Answer:
    """``hits``: the restrictions that have a say, the gravest first; none where nothing stands in the way."""

    verdict: Verdict
    hits: tuple[Hit, ...]


def may_be_approved(restrictions: Iterable[Restriction], act: Approval, project: Project, day: date) -> Answer:
    """Whether ``act`` may be done for ``project`` on ``day``, and under which clauses it may not.

    Restrictions on different grounds stand side by side: one that is lifted leaves the others as they are.
    """
    found = (_hit(each, project, day) for each in restrictions if act in each.approvals and each.holds_on(day))
    order = list(Verdict)
    hits = tuple(sorted((hit for hit in found if hit is not None), key=lambda hit: order.index(hit.verdict)))
    return Answer(hits[0].verdict if hits else Verdict.MAY, hits)


def _hit(restriction: Restriction, project: Project, day: date) -> Hit | None:
    caught = restriction.catches(project)
    if caught is False:
        return None
    exemption = restriction.lets_through(project, day)
    if exemption is not None:
        return Hit(restriction, Verdict.MAY, by=exemption)
    if caught is None:
        return Hit(restriction, Verdict.UNDECIDED, restriction.untold(project))
    is_firm = restriction.firmness is Firmness.FORBIDDEN
    return Hit(restriction, Verdict.MAY_NOT if is_firm else Verdict.EXCEPTIONAL)


def lifted(restriction: Restriction, lifting: Lifting) -> Restriction:
    """The restriction with its end; raises ValueError where it was lifted before, or ends before it starts."""
    if restriction.lifting is not None:
        raise ValueError(f"{restriction.id}: lifted on {restriction.lifting.on} already")
    if lifting.on < restriction.validity.starts:
        raise ValueError(f"{restriction.id}: lifted on {lifting.on}, before it starts on {restriction.validity.starts}")
    return replace(restriction, lifting=lifting)
