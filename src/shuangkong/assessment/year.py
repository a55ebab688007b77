"""考核年度: what can happen to the assessment of one subject, from its launch to the archive, and how it stands.

Self-check with evidence by a set day, desk review, on-site check of those that were drawn, proposal, objection and
reply, approval, announcement with its document number, archive. What was announced is corrected by another document,
never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message


class State(StrEnum):
    """How far it has come."""

    PLANNED = "planned"  # 未启动
    LAUNCHED = "launched"  # 自查中
    SUBMITTED = "submitted"  # 待书面审核
    REVIEWED = "reviewed"  # 已书面审核
    ON_SITE = "on_site"  # 现场核查中
    CHECKED = "checked"  # 核查完毕
    PROPOSED = "proposed"  # 结果已提出
    APPROVED = "approved"  # 已批准
    ANNOUNCED = "announced"  # 已公布
    ARCHIVED = "archived"  # 已归档
    CANCELLED = "cancelled"  # 已取消


class EventKind(StrEnum):
    """What can happen."""

    LAUNCH = "launch"  # 启动
    SUBMIT = "submit"  # 报送自查报告
    RETURN = "return"  # 退回补正
    REVIEW = "review"  # 书面审核
    DRAW = "draw"  # 抽中现场核查
    PASS_OVER = "pass_over"  # 未抽中
    CHECK = "check"  # 现场核查完毕
    PROPOSE = "propose"  # 提出结果
    OBJECT = "object"  # 提出异议
    DISMISS = "dismiss"  # 异议不成立
    UPHOLD = "uphold"  # 异议成立，重新评分
    APPROVE = "approve"  # 批准
    ANNOUNCE = "announce"  # 公布
    CORRECT = "correct"  # 更正公布
    ARCHIVE = "archive"  # 归档
    CANCEL = "cancel"  # 取消


STATE_WORDS: Mapping[State, Message] = {
    State.PLANNED: Message("未启动", "planned"),
    State.LAUNCHED: Message("自查中", "self-check"),
    State.SUBMITTED: Message("待书面审核", "waits for desk review"),
    State.REVIEWED: Message("已书面审核", "reviewed at the desk"),
    State.ON_SITE: Message("现场核查中", "on-site check"),
    State.CHECKED: Message("核查完毕", "checked"),
    State.PROPOSED: Message("结果已提出", "result proposed"),
    State.APPROVED: Message("已批准", "approved"),
    State.ANNOUNCED: Message("已公布", "announced"),
    State.ARCHIVED: Message("已归档", "archived"),
    State.CANCELLED: Message("已取消", "cancelled"),
}
EVENT_WORDS: Mapping[EventKind, Message] = {
    EventKind.LAUNCH: Message("启动", "launch"),
    EventKind.SUBMIT: Message("报送自查报告", "submit the self-check"),
    EventKind.RETURN: Message("退回补正", "return it"),
    EventKind.REVIEW: Message("书面审核", "review at the desk"),
    EventKind.DRAW: Message("抽中现场核查", "draw for an on-site check"),
    EventKind.PASS_OVER: Message("未抽中", "pass over"),
    EventKind.CHECK: Message("现场核查完毕", "finish the on-site check"),
    EventKind.PROPOSE: Message("提出结果", "propose the result"),
    EventKind.OBJECT: Message("提出异议", "object"),
    EventKind.DISMISS: Message("异议不成立", "dismiss an objection"),
    EventKind.UPHOLD: Message("异议成立，重新评分", "uphold it: score anew"),
    EventKind.APPROVE: Message("批准", "approve"),
    EventKind.ANNOUNCE: Message("公布", "announce"),
    EventKind.CORRECT: Message("更正公布", "announce a correction"),
    EventKind.ARCHIVE: Message("归档", "archive"),
    EventKind.CANCEL: Message("取消", "cancel"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        id: its number, by which an objection is answered.
        until: of a launch the last day of the self-check; of a proposal the last day for objections.
        proofs: of a self-check how many pieces of evidence came with it.
        score, grade: of a proposal and of what follows it; ``version`` identifies the stored sheet they stand on.
        number: of the announcing or correcting document.
        answers: number of the objection that is dismissed or upheld.
    """

    id: int
    kind: EventKind
    on: date
    until: date | None = None
    proofs: int = 0
    score: Decimal | None = None
    grade: str = ""
    version: str = ""
    number: str = ""
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands.

    Attributes:
        self_check_by, submitted_on: the set day and the day it came; ``is_late``: it came after that, or not yet.
        objections_until: last day for objections; ``open``: numbers of those nobody has answered.
        score, grade, version: as proposed, later as announced.
        numbers: of the announcing document and of its corrections, in order.
    """

    state: State = State.PLANNED
    self_check_by: date | None = None
    submitted_on: date | None = None
    was_drawn: bool = False
    objections_until: date | None = None
    objections: int = 0
    open: frozenset[int] = frozenset()
    score: Decimal | None = None
    grade: str = ""
    version: str = ""
    announced_on: date | None = None
    numbers: tuple[str, ...] = ()

    def is_late(self, on: date) -> bool:
        if self.self_check_by is None or self.state is State.CANCELLED:
            return False
        return (self.submitted_on or on) > self.self_check_by


class Hindrance(StrEnum):
    """Why something cannot happen now."""

    STATE = "state"  # the state does not allow it
    NO_DAY = "no_day"  # a launch without the last day of the self-check, a proposal without that of objections
    NO_EVIDENCE = "no_evidence"  # a self-check without a piece of evidence
    NO_GRADE = "no_grade"  # a proposal without a grade, or without the sheet that it stands on
    TOO_LATE = "too_late"  # the days for objections are over
    NOT_OPEN = "not_open"  # there is no such objection that waits for an answer
    UNANSWERED = "unanswered"  # an objection waits for its answer
    STILL_OPEN = "still_open"  # the days for objections are not over
    NO_NUMBER = "no_number"  # an announcement without the number of its document


class CannotHappen(ValueError):
    """An event that cannot happen, and why."""

    def __init__(self, state: State, kind: EventKind, why: Hindrance) -> None:
        super().__init__(f"{kind.value} cannot happen to an assessment that is {state.value}: {why.value}")
        self.state, self.kind, self.why = state, kind, why


_BEFORE_APPROVAL = (
    State.PLANNED, State.LAUNCHED, State.SUBMITTED, State.REVIEWED, State.ON_SITE, State.CHECKED, State.PROPOSED,
)  # fmt: skip

#: (kind, states it may happen in, state it leads to)
_ROWS: tuple[tuple[EventKind, tuple[State, ...], State], ...] = (
    (EventKind.LAUNCH, (State.PLANNED,), State.LAUNCHED),
    (EventKind.SUBMIT, (State.LAUNCHED,), State.SUBMITTED),
    (EventKind.RETURN, (State.SUBMITTED,), State.LAUNCHED),
    (EventKind.REVIEW, (State.SUBMITTED,), State.REVIEWED),
    (EventKind.DRAW, (State.REVIEWED,), State.ON_SITE),
    (EventKind.PASS_OVER, (State.REVIEWED,), State.CHECKED),
    (EventKind.CHECK, (State.ON_SITE,), State.CHECKED),
    (EventKind.PROPOSE, (State.CHECKED,), State.PROPOSED),
    (EventKind.OBJECT, (State.PROPOSED,), State.PROPOSED),
    (EventKind.DISMISS, (State.PROPOSED,), State.PROPOSED),
    (EventKind.UPHOLD, (State.PROPOSED,), State.CHECKED),
    (EventKind.APPROVE, (State.PROPOSED,), State.APPROVED),
    (EventKind.ANNOUNCE, (State.APPROVED,), State.ANNOUNCED),
    (EventKind.CORRECT, (State.ANNOUNCED,), State.ANNOUNCED),
    (EventKind.CORRECT, (State.ARCHIVED,), State.ARCHIVED),
    (EventKind.ARCHIVE, (State.ANNOUNCED,), State.ARCHIVED),
    (EventKind.CANCEL, _BEFORE_APPROVAL, State.CANCELLED),
)

#: State and kind → state after; a pair that is not there may not happen.
TRANSITIONS: Mapping[tuple[State, EventKind], State] = {
    (before, kind): after for kind, states, after in _ROWS for before in states
}


def standing(events: Iterable[Event]) -> Standing:
    """Replays events in their order; those up to a day give the standing of that day. Raises CannotHappen."""
    now = Standing()
    for event in events:
        now = after(now, event)
    return now


def hindrance(now: Standing, event: Event) -> Hindrance | None:
    """Why an event cannot happen; None where it can. A late self-check can: it is late, and the standing says so."""
    if (now.state, event.kind) not in TRANSITIONS:
        return Hindrance.STATE
    return next((why for why, is_so in _hindrances(now, event) if is_so), None)


def _hindrances(now: Standing, event: Event) -> Iterator[tuple[Hindrance, bool]]:
    kind, until = event.kind, now.objections_until
    yield Hindrance.NO_DAY, kind in (EventKind.LAUNCH, EventKind.PROPOSE) and event.until is None
    yield Hindrance.NO_EVIDENCE, kind is EventKind.SUBMIT and event.proofs < 1
    graded = (EventKind.PROPOSE, EventKind.CORRECT)
    yield Hindrance.NO_GRADE, kind in graded and not (event.grade and event.version)
    yield Hindrance.TOO_LATE, kind is EventKind.OBJECT and until is not None and event.on > until
    answered = (EventKind.DISMISS, EventKind.UPHOLD)
    yield Hindrance.NOT_OPEN, kind in answered and event.answers not in now.open
    yield Hindrance.UNANSWERED, kind is EventKind.APPROVE and bool(now.open)
    yield Hindrance.STILL_OPEN, kind is EventKind.APPROVE and (until is None or event.on <= until)
    yield Hindrance.NO_NUMBER, kind in (EventKind.ANNOUNCE, EventKind.CORRECT) and not event.number


def after(now: Standing, event: Event) -> Standing:
    """One step of ``standing``."""
    why = hindrance(now, event)
    if why is not None:
        raise CannotHappen(now.state, event.kind, why)
    now = replace(now, state=TRANSITIONS[now.state, event.kind])
    match event.kind:
        case EventKind.LAUNCH:
            return replace(now, self_check_by=event.until)
        case EventKind.SUBMIT:
            return replace(now, submitted_on=event.on)
        case EventKind.RETURN:
            return replace(now, submitted_on=None, self_check_by=event.until or now.self_check_by)
        case EventKind.DRAW:
            return replace(now, was_drawn=True)
        case EventKind.PROPOSE:
            return replace(
                now, score=event.score, grade=event.grade, version=event.version, objections_until=event.until
            )
        case EventKind.OBJECT:
            return replace(now, objections=now.objections + 1, open=now.open | {event.id})
        case EventKind.DISMISS:
            return replace(now, open=now.open - {event.answers or 0})
        case EventKind.UPHOLD:
            return replace(now, open=frozenset(), score=None, grade="", version="", objections_until=None)
        case EventKind.ANNOUNCE:
            return replace(now, announced_on=event.on, numbers=(event.number,))
        case EventKind.CORRECT:
            return replace(
                now,
                score=event.score,
                grade=event.grade,
                version=event.version,
                numbers=(*now.numbers, event.number),
            )
        case _:
            return now


def diagram() -> str:
    """The table as a Mermaid state diagram, Chinese first: docs are drawn from the table."""
    ends = {State.ARCHIVED, State.CANCELLED}
    lines = ["stateDiagram-v2"]
    lines += [f'  state "{STATE_WORDS[state].zh} {STATE_WORDS[state].en}" as {state.value}' for state in State]
    lines.append(f"  [*] --> {State.PLANNED.value}")
    lines += [
        f"  {before.value} --> {behind.value}: {EVENT_WORDS[kind].zh} {EVENT_WORDS[kind].en}"
        for (before, kind), behind in TRANSITIONS.items()
    ]
    lines += [f"  {state.value} --> [*]" for state in State if state in ends]
    return "\n".join(lines) + "\n"
