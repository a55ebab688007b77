"""报警及其处置: what rules found, and the case of each: explained by the unit, reviewed, escalated, closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import Alarm, AlarmEvent
from shuangkong.records.people.access import Where, may, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_MOST = 2_000
_NO_WORDS = Message("", "")
HIGHEST = 3


class State(StrEnum):
    """How the case of an alarm stands."""

    OPEN = "open"  # 待说明
    EXPLAINED = "explained"  # 待审核
    RETURNED = "returned"  # 退回重新说明
    CLOSED = "closed"  # 已办结


class Kind(StrEnum):
    """A step of a case."""

    RAISE = "raise"  # 报警
    CONTINUE = "continue"  # 持续
    EASE = "ease"  # 恢复
    EXPLAIN = "explain"  # 说明原因
    RETURN = "return"  # 退回
    ESCALATE = "escalate"  # 升级
    DEESCALATE = "deescalate"  # 降级
    CLOSE = "close"  # 办结
    REOPEN = "reopen"  # 重新办理


class Cause(StrEnum):
    """Why it was, as the unit says; and what the review found in the end."""

    PROCESS = "process"  # 生产工况
    TREATMENT = "treatment"  # 治理设施故障
    DEVICE = "device"  # 监测设备故障
    MAINTENANCE = "maintenance"  # 校准维护
    NETWORK = "network"  # 通讯故障
    STOPPED = "stopped"  # 停产
    OTHER = "other"  # 其他


#: Step of a person → the states that it starts from, the state it leaves (None: the same), and who may.
STEPS: Mapping[Kind, tuple[frozenset[State], State | None, Action]] = {
    Kind.EXPLAIN: (frozenset({State.OPEN, State.RETURNED}), State.EXPLAINED, Action.MONITORING_EXPLAIN),
    Kind.RETURN: (frozenset({State.EXPLAINED}), State.RETURNED, Action.MONITORING_HANDLE),
    Kind.ESCALATE: (frozenset({State.OPEN, State.EXPLAINED, State.RETURNED}), None, Action.MONITORING_HANDLE),
    Kind.DEESCALATE: (frozenset({State.OPEN, State.EXPLAINED, State.RETURNED}), None, Action.MONITORING_HANDLE),
    Kind.CLOSE: (frozenset({State.OPEN, State.EXPLAINED, State.RETURNED}), State.CLOSED, Action.MONITORING_HANDLE),
    Kind.REOPEN: (frozenset({State.CLOSED}), State.RETURNED, Action.MONITORING_HANDLE),
}
#: Steps that say why.
NEED_CAUSE = frozenset({Kind.EXPLAIN, Kind.CLOSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What a rule found; ``key`` is the same whenever it finds the same again. Times are those of the measurement.

    ``due_at``: by when it has to be explained; ``segment`` and ``offset``: the frame in the evidence log.
    """

    outlet: int
    rule: str
    key: str
    starts_at: datetime
    factor: str = ""
    period: str = ""
    level: int = 1
    ends_at: datetime | None = None
    peak: Decimal | None = None
    limit: Decimal | None = None
    unit: str = ""
    multiple: Decimal | None = None
    text: Message = _NO_WORDS
    due_at: datetime | None = None
    segment: int | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm and how its case stands."""

    id: int
    outlet: int
    outlet_name: str
    unit_name: str
    region: str
    region_name: str
    factor: str
    rule: str
    period: str
    level: int
    starts_at: datetime
    ends_at: datetime | None
    peak: Decimal | None
    limit: Decimal | None
    unit: str
    multiple: Decimal | None
    text: Message
    segment: int | None
    offset: int | None
    state: State
    cause: str
    due_at: datetime | None
    found_at: datetime
    where: Where
    is_fictional: bool

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED

    def is_late(self, now: datetime) -> bool:
        """Whether the unit should have explained it by now."""
        return self.due_at is not None and self.state in (State.OPEN, State.RETURNED) and self.due_at < now


@dataclass(frozen=True, slots=True)
class AlarmStep:
    """A step of a case."""

    kind: Kind
    cause: str
    text: str
    author: str
    at: datetime
    journal: int | None


def raise_alarms(found: Iterable[Raised], by: str = "rules") -> tuple[int, ...]:
    """Opens what is new and brings what is known up to date: end, peak, level; returns the numbers of the new ones.

    A level that rose is an escalation, one that fell a de-escalation; a case that a person closed stays closed.
    """
    new = []
    for each in found:
        with transaction.atomic():
            row = Alarm.objects.select_for_update().filter(key=each.key).first()
            if row is None:
                new.append(_opened(each, by))
            else:
                _updated(row, each, by)
    return tuple(new)


def take_step(number: int, kind: Kind, by: Acting, text: str, cause: str = "") -> None:
    """Records what a person does in a case. ~8 queries.

    Raises:
        Refused: there is none of that number; it does not stand so that this can be done; nothing is said.
        Forbidden: the person may not.
    """
    if kind not in STEPS:
        raise Refused("MON-170", "没有这种办理。", "There is no such step.", "kind")
    states, left, action = STEPS[kind]
    with transaction.atomic():
        row = Alarm.objects.select_for_update().filter(pk=number).first()
        found = alarm(number)
        if row is None or found is None:
            raise Refused("MON-171", f"没有第 {number} 号报警。", f"There is no alarm {number}.")
        require(by, action, found.where)
        if found.state not in states:
            raise Refused(
                "MON-172", "报警现在不能这样办。请看它办到哪一步。", "The case does not stand so that this can be done."
            )
        if not text.strip():
            raise Refused("MON-173", "请写明情况。", "Say how it is.", "text")
        if kind in NEED_CAUSE and cause not in set(Cause):
            raise Refused("MON-174", "请选择原因。", "Choose the cause.", "cause")
        _move(row, kind, left)
        row.cause = cause or row.cause
        written = by.act(
            f"alarm.{kind.value}", f"alarm/{number}", ground=text.strip(), after={"cause": cause, "state": row.state}
        )
        row.save()
        AlarmEvent.objects.create(
            alarm=row, kind=kind, cause=cause, text=text.strip(), author=by.author, at=timezone.now(),
            journal=journal.append(replace(written, place=found.where.path)),
        )  # fmt: skip


def possible(row: AlarmRow, by: Acting) -> tuple[Kind, ...]:
    """What a person can do in a case as it stands."""
    return tuple(
        kind for kind, (states, _left, action) in STEPS.items()
        if row.state in states and may(by, action, row.where)
        and not (kind is Kind.ESCALATE and row.level >= HIGHEST) and not (kind is Kind.DEESCALATE and row.level <= 1)
    )  # fmt: skip


def readable(by: Acting) -> Q:
    """The condition that a person may see an alarm."""
    return visible(by, Action.MONITORING_READ, "outlet__region__path", "outlet__enterprise__body")


def alarms(condition: Q, most: int = _MOST) -> tuple[AlarmRow, ...]:
    """Those that meet a condition, the newest first. 1 query."""
    related = ("outlet__region", "outlet__enterprise")
    rows = Alarm.objects.select_related(*related).filter(condition).order_by("-starts_at", "-pk")
    return tuple(map(_row, rows[:most]))


def alarm(number: int) -> AlarmRow | None:
    """One; None where there is none. 1 query."""
    return next(iter(alarms(Q(pk=number))), None)


def steps(number: int) -> tuple[AlarmStep, ...]:
    """What happened in a case, the oldest first. 1 query."""
    found = AlarmEvent.objects.filter(alarm=number).order_by("pk")
    return tuple(
        AlarmStep(Kind(each.kind), each.cause, each.text, each.author, each.at, each.journal) for each in found
    )


def _opened(told: Raised, by: str) -> int:
    made = Alarm.objects.create(
        outlet_id=told.outlet, factor=told.factor, rule=told.rule, key=told.key, period=told.period, level=told.level,
        starts_at=told.starts_at, ends_at=told.ends_at, peak=told.peak, limit=told.limit, unit=told.unit,
        multiple=told.multiple, text=_kept(told.text), segment=told.segment, offset=told.offset, state=State.OPEN,
        due_at=told.due_at, found_at=timezone.now(),
    )  # fmt: skip
    AlarmEvent.objects.create(alarm=made, kind=Kind.RAISE, text=told.text.zh, author=by, at=timezone.now())
    return int(made.pk)


def _updated(row: Alarm, told: Raised, by: str) -> None:
    steps_ = []
    if row.ends_at is None and told.ends_at is not None:
        steps_.append(Kind.EASE)
    if told.level != row.level and row.state != State.CLOSED:
        steps_.append(Kind.ESCALATE if told.level > row.level else Kind.DEESCALATE)
        row.level = told.level
    row.ends_at, row.peak, row.multiple, row.text = told.ends_at, told.peak, told.multiple, _kept(told.text)
    row.save()
    for kind in steps_:
        AlarmEvent.objects.create(alarm=row, kind=kind, text=told.text.zh, author=by, at=timezone.now())


def _move(row: Alarm, kind: Kind, left: State | None) -> None:
    if kind is Kind.ESCALATE:
        row.level = min(HIGHEST, row.level + 1)
    if kind is Kind.DEESCALATE:
        row.level = max(1, row.level - 1)
    row.state = left or row.state


def _kept(message: Message) -> str:
    return f"{message.zh}\n{message.en}"


def _row(each: Alarm) -> AlarmRow:
    outlet, enterprise = each.outlet, each.outlet.enterprise
    zh, _break, en = each.text.partition("\n")
    body = enterprise.body_id if enterprise else None
    names = (
        "factor", "rule", "period", "level", "starts_at", "ends_at", "peak", "limit", "unit", "multiple", "segment",
        "offset", "cause", "due_at", "found_at",
    )  # fmt: skip
    return AlarmRow(
        id=each.pk, outlet=outlet.pk, outlet_name=outlet.name, unit_name=enterprise.name if enterprise else "",
        region=outlet.region_id, region_name=outlet.region.name, text=Message(zh, en or zh), state=State(each.state),
        where=Where(outlet.region.path, frozenset({body}) if body is not None else frozenset()),
        is_fictional=outlet.region.is_fictional, **{name: getattr(each, name) for name in names},
    )  # fmt: skip
