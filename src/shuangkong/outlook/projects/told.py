"""一个重点工程报了什么: what was said of a key project, event by event; of each thing the newest word holds.

What an event says stands for itself: events of different things may come in any order and leave the same project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.period import Period
from shuangkong.outlook.projects.ledger import Assigned
from shuangkong.outlook.projects.standing import Dispatch, KeyProject, Milestone

_YEAR = 12


class Step(StrEnum):
    """A milestone: what is to happen by a day."""

    START = "start"  # 开工
    FINISH = "finish"  # 建成
    RUN = "run"  # 投运


class Stage(StrEnum):
    """How far a project says that it is in a month."""

    WAITING = "waiting"  # 未开工
    BUILDING = "building"  # 在建
    FINISHED = "finished"  # 已建成
    RUNNING = "running"  # 已投运
    STOPPED = "stopped"  # 停工或停运


class Clearance(StrEnum):
    """How far land, or the approval, is (土地、审批手续)."""

    NONE = "none"  # 未办
    UNDER_WAY = "under_way"  # 办理中
    DONE = "done"  # 已办结
    NOT_NEEDED = "not_needed"  # 不需要


class EventKind(StrEnum):
    """What can happen to a key project."""

    REGISTER = "register"  # 列入
    REVISE = "revise"  # 变更或更正
    ASSIGN = "assign"  # 下达减排任务
    DISPATCH = "dispatch"  # 月度调度
    PROVE = "prove"  # 运行证明
    RETRACT = "retract"  # 撤回一个月的填报
    LINK = "link"  # 挂接减排项目
    RELEASE = "release"  # 解除挂接
    END = "end"  # 结束调度
    WITHDRAW = "withdraw"  # 撤销列入


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a project is.

    Attributes:
        family: id of a family of the policy.
        since: the first month that must be dispatched, as YYYY-MM.
        milestones: Step → last day for it.
        expected: pollutant, or ``energy`` → tonnes (of coal equivalent) of a full year.
        source, outlet, measure: where it reduces, and by which sort of measure; "" where it is no single source.
        task: number of the task of the plan that it answers; None where there is none.
        ppp: the form of public-private partnership (政府和社会资本合作); "" where it is none.
    """

    name: str
    family: str
    since: str
    milestones: dict[str, date]
    expected: dict[str, Decimal]
    source: str = ""
    outlet: str = ""
    measure: str = ""
    task: int | None = None
    investment_cny: Decimal | None = None
    funding: str = ""
    ppp: str = ""
    land: Clearance = Clearance.NONE
    approval: Clearance = Clearance.NONE

    @property
    def place(self) -> tuple[str, str, str] | None:
        """Source, outlet and measure, by which two projects are one; None where it is no single source."""
        return (self.source, self.outlet, self.measure) if self.source else None


@dataclass(frozen=True, slots=True)
class Revision:
    """The fields that are otherwise from now on, and the particulars that hold their new values."""

    changed: tuple[str, ...]
    now: Particulars


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the project has to bring in a year, in tonnes; None: nothing any more.

    ``target`` and ``task`` are numbers of the plan's target or task that it was assigned from.
    """

    pollutant: str
    year: int
    amount_t: Decimal | None
    target: int | None = None
    task: int | None = None


@dataclass(frozen=True, slots=True)
class MonthTold:
    """调度: ``invested_cny`` since the beginning; ``progress_pct`` 形象进度; ``done``: Step → the day it was done."""

    month: str
    stage: Stage
    invested_cny: Decimal | None = None
    progress_pct: Decimal | None = None
    done: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """运行证明: of the hours it was to run those it ran, and of these those within the limits, in per cent."""

    month: str
    running_pct: Decimal
    compliant_pct: Decimal


@dataclass(frozen=True, slots=True)
class Retracted:
    """A month of which nothing is told any more."""

    month: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A reduction of the ledger of emissions that is this project's, or no longer."""

    reduction: int


@dataclass(frozen=True, slots=True)
class Nothing:
    """The event says all."""


type Content = Particulars | Revision | Assignment | MonthTold | Proof | Retracted | Linked | Nothing
#: What each event says.
CONTENTS: Mapping[EventKind, type] = {
    EventKind.REGISTER: Particulars,
    EventKind.REVISE: Revision,
    EventKind.ASSIGN: Assignment,
    EventKind.DISPATCH: MonthTold,
    EventKind.PROVE: Proof,
    EventKind.RETRACT: Retracted,
    EventKind.LINK: Linked,
    EventKind.RELEASE: Linked,
    EventKind.END: Nothing,
    EventKind.WITHDRAW: Nothing,
}
#: What may still happen once the dispatch has ended; once it is withdrawn nothing may.
AFTER_END = frozenset({EventKind.REVISE, EventKind.ASSIGN, EventKind.LINK, EventKind.RELEASE, EventKind.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, on a day."""

    kind: EventKind
    on: date
    content: Content


@dataclass(frozen=True, slots=True)
class Held:
    """A project as all that was said of it leaves it.

    Attributes:
        assigned: by pollutant and year.
        months, proofs: by month.
        reductions: numbers of the reductions that are its own.
        ended_on: since when it is not dispatched any more; withdrawn_on: since when it is no key project.
    """

    particulars: Particulars
    assigned: Mapping[tuple[str, int], Assignment]
    months: Mapping[str, MonthTold]
    proofs: Mapping[str, Proof]
    reductions: frozenset[int]
    ended_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def is_live(self) -> bool:
        """Whether it counts as a key project."""
        return self.withdrawn_on is None

    @property
    def is_dispatched(self) -> bool:
        """Whether its months must be told."""
        return self.is_live and self.ended_on is None

    @property
    def done(self) -> Mapping[Step, date]:
        """The day on which each milestone was done, as the latest month that speaks of it has it."""
        return {Step(step): day for _, told in sorted(self.months.items()) for step, day in told.done.items()}

    @property
    def latest(self) -> MonthTold | None:
        """What the latest month told."""
        return self.months[max(self.months)] if self.months else None

    def may(self, kind: EventKind) -> bool:
        """Whether it can happen now."""
        if kind is EventKind.REGISTER or not self.is_live:
            return False
        return self.ended_on is None or kind in AFTER_END

    def assignments(self, project: int) -> tuple[Assigned, ...]:
        """What it was assigned, for the ledger."""
        found = (each for _, each in sorted(self.assigned.items()))
        return tuple(Assigned(project, each.pollutant, each.year, each.amount_t) for each in found if each.amount_t)

    def followed(self, project: int) -> KeyProject:
        """The project as the clock of the dispatch sees it: a month is told by its report or by its proof."""
        done, due = self.done, self.particulars.milestones
        return KeyProject(
            id=str(project),
            since=Period.parse(self.particulars.since),
            milestones=tuple(Milestone(step.value, due[step], done.get(step)) for step in Step if step in due),
            dispatches=tuple(self._month(each) for each in sorted({*self.months, *self.proofs})),
            runs_since=_whole_month(done[Step.RUN]) if Step.RUN in done else None,
        )

    def _month(self, month: str) -> Dispatch:
        proof = self.proofs.get(month)
        told = (proof.running_pct, proof.compliant_pct) if proof else (None, None)
        return Dispatch(Period.parse(month), *told)


def held(events: Iterable[Event]) -> Held | None:
    """Replays events in their order, the first a registration; None where there is none."""
    now: Held | None = None
    for event in events:
        if isinstance(event.content, Particulars):
            now = Held(event.content, {}, {}, {}, frozenset())
        elif now is not None:
            now = _after(now, event)
    return now


def _after(now: Held, event: Event) -> Held:
    match event.content:
        case Revision(changed, told):
            return replace(now, particulars=replace(now.particulars, **{each: getattr(told, each) for each in changed}))
        case Assignment() as told:
            return replace(now, assigned={**now.assigned, (told.pollutant, told.year): told})
        case MonthTold() as told:
            return replace(now, months={**now.months, told.month: told})
        case Proof() as told:
            return replace(now, proofs={**now.proofs, told.month: told})
        case Retracted(month):
            months = {key: each for key, each in now.months.items() if key != month}
            return replace(now, months=months, proofs={k: each for k, each in now.proofs.items() if k != month})
        case Linked(reduction):
            others = now.reductions - {reduction}
            return replace(now, reductions=others | {reduction} if event.kind is EventKind.LINK else others)
        case _ if event.kind is EventKind.END:
            return replace(now, ended_on=event.on)
        case _:
            return replace(now, withdrawn_on=event.on, reductions=frozenset())


def _whole_month(day: date) -> Period:
    """The first month that lies wholly on or after a day."""
    number = day.year * _YEAR + day.month - 1 + (day.day > 1)
    return Period(number // _YEAR, f"{number % _YEAR + 1:02d}")
