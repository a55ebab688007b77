"""报警及其处置: what rules found, and the case of each: explained by the unit, reviewed, escalated, closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import batched

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.monitoring.alarms.life import (
    HINDRANCES,
    Act,
    Hindrance,
    Standing,
    State,
    Step,
    after,
    hindrance,
    possible,
    standing,
)
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import Alarm, AlarmEvent
from shuangkong.records.people.access import Where, may, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused

_AT_ONCE = 500


class Cause(StrEnum):
    """Why it was, as the unit says; and what the review found in the end."""

    PROCESS = "process"  # 生产工况
    TREATMENT = "treatment"  # 治理设施故障
    DEVICE = "device"  # 监测设备故障
    MAINTENANCE = "maintenance"  # 校准维护
    NETWORK = "network"  # 通讯故障
    STOPPED = "stopped"  # 停产
    OTHER = "other"  # 其他


#: What a person does in a case → the action of the table of access.
NEEDS: Mapping[Act, Action] = {
    Act.EXPLAIN: Action.MONITORING_EXPLAIN,
    Act.RETURN: Action.MONITORING_HANDLE,
    Act.REVIEW: Action.MONITORING_HANDLE,
    Act.CLOSE: Action.MONITORING_HANDLE,
    Act.REOPEN: Action.MONITORING_HANDLE,
    Act.ESCALATE: Action.MONITORING_HANDLE,
    Act.DEESCALATE: Action.MONITORING_HANDLE,
    Act.HAND_OVER: Action.MONITORING_HANDLE,
}


def need(act: Act, where: Where) -> Action:
    """What a step asks for there: what no unit takes part in (an air station) whoever handles it explains too."""
    return Action.MONITORING_HANDLE if act is Act.EXPLAIN and not where.bodies else NEEDS[act]


#: Steps that also choose a cause.
NEED_CAUSE = frozenset({Act.EXPLAIN, Act.REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm and how its case stands."""

    id: int
    key: str
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
    undone_at: datetime | None
    instants: Sequence[int]
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

    act: Act
    cause: str
    text: str
    author: str
    at: datetime
    journal: int | None
    receiver: str = ""


def take_step(number: int, act: Act, by: Acting, text: str, cause: str = "", receiver: str = "") -> None:
    """Records what a person does in a case; ``receiver``: to whom it is handed over. ~8 queries.

    Raises:
        Refused: there is none of that number; it does not stand so that this can be done; nothing is said; it is
            handed over to nobody.
        Forbidden: the person may not.
    """
    with transaction.atomic():
        row = Alarm.objects.select_for_update().filter(pk=number).first()
        found = alarm(number)
        if row is None or found is None or act not in NEEDS:
            raise Refused(
                "MON-171", f"没有第 {number} 号报警，或没有这种办理。", f"There is no alarm {number}, or no such step."
            )
        require(by, need(act, found.where), found.where)
        if act in NEED_CAUSE and cause not in set(Cause):
            raise Refused("MON-174", "请选择原因。", "Choose the cause.", "cause")
        to = receiver.strip() if act is Act.HAND_OVER else ""
        if act is Act.HAND_OVER and not to:
            raise Refused("MON-175", "请写明移交给谁。", "Say to whom it is handed over.", "receiver")
        _stepped(row, Step(act, timezone.now(), text.strip(), by.author))
        row.cause = cause or row.cause
        after_ = {"cause": cause, "state": row.state} | ({"receiver": to} if to else {})
        written = by.act(f"alarm.{act.value}", f"alarm/{number}", ground=text.strip(), after=after_)
        row.save()
        AlarmEvent.objects.create(
            alarm=row, kind=act, cause=cause, receiver=to, text=text.strip(), author=by.author, at=timezone.now(),
            journal=journal.append(replace(written, place=found.where.path)),
        )  # fmt: skip


def first_standing(at: datetime) -> Standing:
    """How the case of an alarm stands that is raised now: for the timers."""
    return after(None, Step(Act.RAISE, at))


def standing_of(number: int) -> Standing | None:
    """How the case of an alarm stands, replayed from its steps. 1 query."""
    return standings_of([number]).get(number)


def standings_of(numbers: Iterable[int]) -> dict[int, Standing]:
    """How cases stand, by the number of the alarm; what has no steps is left out. 1 query for each 500."""
    told: dict[int, list[Step]] = defaultdict(list)
    for part in batched(sorted(set(numbers)), _AT_ONCE):
        for each in AlarmEvent.objects.filter(alarm__in=part).order_by("pk"):
            told[each.alarm_id].append(Step(Act(each.kind), each.at, each.text or "…", each.author))
    return {number: found for number, own in told.items() if (found := standing(own)) is not None}


def may_take(row: AlarmRow, by: Acting) -> tuple[Act, ...]:
    """What a person can do in a case as it stands. 1 query."""
    now = standing_of(row.id)
    return (
        tuple(act for act in possible(now) if act in NEEDS and may(by, need(act, row.where), row.where)) if now else ()
    )


def readable(by: Acting) -> Q:
    """The condition that a person may see an alarm."""
    return visible(by, Action.MONITORING_READ, "outlet__region__path", "outlet__enterprise__body")


def alarms(condition: Q, most: int | None = None, start: int = 0) -> tuple[AlarmRow, ...]:
    """Those that meet a condition, the newest first; so many at most from the one at ``start``, None: all. 1 query."""
    related = ("outlet__region", "outlet__enterprise")
    rows = Alarm.objects.select_related(*related).filter(condition).order_by("-starts_at", "-pk")
    return tuple(map(_row, rows[start : None if most is None else start + most]))


def open_tally(outlets: Iterable[int]) -> tuple[tuple[int, str, int, int], ...]:
    """Of outlets with open alarms: outlet, rule, how many, how many of these hold on now. 1 query."""
    rows = Alarm.objects.filter(outlet__in=outlets).exclude(state=State.CLOSED).order_by()
    going = Count("pk", filter=Q(ends_at=None))
    return tuple(
        rows.values("outlet", "rule").annotate(n=Count("pk"), going=going).values_list("outlet", "rule", "n", "going")
    )


def alarm(number: int) -> AlarmRow | None:
    """One; None where there is none. 1 query."""
    return next(iter(alarms(Q(pk=number))), None)


def steps(number: int) -> tuple[AlarmStep, ...]:
    """What happened in a case, the oldest first. 1 query."""
    found = AlarmEvent.objects.filter(alarm=number).order_by("pk")
    return tuple(
        AlarmStep(Act(each.kind), each.cause, each.text, each.author, each.at, each.journal, each.receiver)
        for each in found
    )


def _stepped(row: Alarm, step: Step) -> None:
    """Moves the row. Raises Refused, which says what hinders it."""
    now = standing_of(row.pk)
    why = hindrance(now, step)
    if why is not None:
        words = HINDRANCES[why]
        raise Refused("MON-172", f"{words.zh}。", f"{words.en}.", "text" if why is Hindrance.GROUND else "")
    left = after(now, step)
    row.state, row.level = left.state, left.level


def _row(each: Alarm) -> AlarmRow:
    outlet, enterprise = each.outlet, each.outlet.enterprise
    zh, _break, en = each.text.partition("\n")
    body = enterprise.body_id if enterprise else None
    names = (
        "key", "factor", "rule", "period", "level", "starts_at", "ends_at", "peak", "limit", "unit", "multiple",
        "segment", "offset", "cause", "due_at", "found_at", "undone_at",
        "instants",
    )  # fmt: skip
    return AlarmRow(
        id=each.pk, outlet=outlet.pk, outlet_name=outlet.name, unit_name=enterprise.name if enterprise else "",
        region=outlet.region_id, region_name=outlet.region.name, text=Message(zh, en or zh), state=State(each.state),
        where=Where(outlet.region.path, frozenset({body}) if body is not None else frozenset()),
        is_fictional=outlet.region.is_fictional, **{name: getattr(each, name) for name in names},
    )  # fmt: skip
