"""提醒的由头: what there is to tell somebody who acts, from the clocks of tasks, matters and alarms on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import F, Max, Q
from django.utils import timezone

from shuangkong.monitoring.alarms.life import LOWEST
from shuangkong.monitoring.alarms.life import State as AlarmState
from shuangkong.plans.tasks.events import ANSWERING, HELPING, EventKind, State
from shuangkong.plans.tasks.standing import Clock
from shuangkong.records.monitoring.models import Alarm
from shuangkong.records.notices.models import Notice
from shuangkong.records.notices.store import waits_for
from shuangkong.records.paths import below, is_below
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Action, Reach, Role, reach
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Matter, Task, TaskEvent
from shuangkong.records.plans.tasks.thresholds import Escalation, escalation, thresholds


class ReminderKind(StrEnum):
    """What a reminder is about; the order is the order of weight."""

    NOTICE = "notice"  # 通知待签收
    ALARM = "alarm"  # 在线监测报警待说明
    ALARM_CASE = "alarm_case"  # 在线监测报警待办理
    MATTER = "matter"  # 重大情况待签收
    CIRCULATED = "circulated"  # 被通报
    LISTED = "listed"  # 被挂牌督办
    REMINDED = "reminded"  # 被催办
    LATE = "late"  # 逾期
    RETURNED = "returned"  # 被退回
    CIRCULATE = "circulate"  # 建议通报
    REMIND = "remind"  # 建议催办
    JUDGE = "judge"  # 待审核
    ASKED = "asked"  # 申请延期待答复
    DUE_SOON = "due_soon"  # 临近到期
    SILENT = "silent"  # 久无报送
    CONFIRM = "confirm"  # 待确认份额
    ANSWERED = "answered"  # 已有答复


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing to tell. ``stamp`` is what would have to change for it to be told anew; ``event`` what was said."""

    kind: ReminderKind
    number: int
    stamp: str
    due: date | None
    appointment: int
    event: int | None = None

    @property
    def key(self) -> str:
        return f"{self.kind.value}/{self.number}/{self.stamp}"

    @property
    def is_of_matter(self) -> bool:
        return self.kind is ReminderKind.MATTER

    @property
    def is_of_alarm(self) -> bool:
        return self.kind in (ReminderKind.ALARM, ReminderKind.ALARM_CASE)

    @property
    def is_of_task(self) -> bool:
        return not (self.is_of_matter or self.is_of_notice or self.is_of_alarm)

    @property
    def is_of_notice(self) -> bool:
        return self.kind is ReminderKind.NOTICE


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and the paths of the places that have an office of their own on it."""

    on: date
    offices: frozenset[str]


#: What a unit is to explain.
TO_EXPLAIN = Q(state__in=(AlarmState.OPEN, AlarmState.RETURNED))
#: What whoever watches is told of: a limit exceeded or an escalated alarm at once, else what the unit has explained.
_TO_HANDLE = Q(state__in=(AlarmState.EXPLAINED, AlarmState.REVIEWED)) | (
    Q(state__in=(AlarmState.OPEN, AlarmState.RETURNED)) & (Q(rule__startswith="exceed") | Q(level__gt=LOWEST))
)
#: What the office says to a body, until the body says something itself.
_HURRIES = {EventKind.CIRCULATE: ReminderKind.CIRCULATED, EventKind.REMIND: ReminderKind.REMINDED}
_WORDS = (EventKind.REPORT, EventKind.ASK)
#: What the office answers or decides; told as news for so many days.
_ANSWERS = (
    EventKind.ACCEPT, EventKind.EXTEND, EventKind.DECLINE, EventKind.STOP, EventKind.RESUME, EventKind.STATE,
    EventKind.DELIST, EventKind.REDATE, EventKind.SHARE, EventKind.CANCEL,
)  # fmt: skip
NEWS_DAYS = 14
#: A sentence has no clock of its own: its measure is asked about it.
_JUDGING = tuple(role for role in Role if reach(role, Action.TASK_JUDGE) is Reach.BELOW)


def day_of(on: date) -> Day:
    """What holds on a day. 1 query."""
    found = Appointment.objects.filter(role__in=_JUDGING, person__is_active=True).order_by("pk")
    columns = ("person", "role", "body", "region", "starts_on", "ends_on", "region__path")
    newest = {row[:4]: row[4:] for row in found.values_list(*columns)}
    paths = frozenset(path for start, end, path in newest.values() if start <= on and (end is None or on <= end))
    return Day(on, paths)


def grounds(acting: Acting, day: Day) -> Iterator[Ground]:
    """What there is to tell somebody who acts so, the weightiest first. At most 21 queries.

    Whom there may be anything to tell at all is asked in ``whom``, which knows what of this is told to units.
    """
    if acting.appointment is None:
        return
    if acting.bodies and may(acting, Action.NOTICE_ACKNOWLEDGE):
        yield from _notices(acting, acting.appointment)
    if may(acting, Action.MONITORING_EXPLAIN):
        yield from _alarms(ReminderKind.ALARM, TO_EXPLAIN, Action.MONITORING_EXPLAIN, acting, acting.appointment)
    if may(acting, Action.MONITORING_HANDLE):
        yield from _alarms(ReminderKind.ALARM_CASE, _TO_HANDLE, Action.MONITORING_HANDLE, acting, acting.appointment)
    if may(acting, Action.MATTER_ACKNOWLEDGE):
        yield from _matters(acting, acting.appointment, day)
    if acting.bodies and may(acting, Action.TASK_REPORT):
        yield from _owed(acting, acting.appointment, day)
    if may(acting, Action.TASK_JUDGE):
        yield from _supervised(acting, acting.appointment, day)


def _notices(acting: Acting, appointment: int) -> Iterator[Ground]:
    """Notices that the person's own bodies have not acknowledged. 1 query."""
    for number in Notice.objects.filter(waits_for(acting)).order_by("pk").values_list("pk", flat=True):
        yield Ground(ReminderKind.NOTICE, number, "", None, appointment)


def _alarms(kind: ReminderKind, waiting: Q, action: Action, acting: Acting, appointment: int) -> Iterator[Ground]:
    """Alarms that wait for the person; told again when the case has come further or is graver. 1 query."""
    seen = visible(acting, action, "outlet__region__path", "outlet__enterprise__body")
    found = Alarm.objects.filter(seen & waiting).order_by("due_at", "pk")
    for number, state, level, due in found.values_list("pk", "state", "level", "due_at"):
        day = timezone.localdate(due) if due and kind is ReminderKind.ALARM else None
        yield Ground(kind, number, f"{state}/{level}", day, appointment)


def _matters(acting: Acting, appointment: int, day: Day) -> Iterator[Ground]:
    """Matters to be acknowledged; told again once when that is late."""
    waiting = visible(acting, Action.MATTER_ACKNOWLEDGE) & Q(acknowledgement=None)
    for number, by in (
        Matter.objects.filter(waiting).order_by("acknowledge_by", "pk").values_list("pk", "acknowledge_by")
    ):
        yield Ground(ReminderKind.MATTER, number, "late" if by < day.on else "", by, appointment)


def _owed(acting: Acting, appointment: int, day: Day) -> Iterator[Ground]:
    """What the person's own bodies owe, what they are told of it, and what they are to confirm."""
    days, steps = thresholds(day.on, acting.paths), escalation(day.on, acting.paths)
    owed = store.of_bodies(acting.bodies, ANSWERING)
    owing = owed & store.OWED
    is_with_body = ~Q(state__in=(State.RETURNED, State.REPORTED))
    yield from _told(owed, appointment, day)
    for number, due, _heard in _tasks(owing & store.is_late(day.on) & ~Q(state=State.REPORTED)):
        yield Ground(ReminderKind.LATE, number, f"{due}/{_stage(due, day.on, steps)}", due, appointment)
    yield from _events(ReminderKind.RETURNED, owing & Q(state=State.RETURNED), EventKind.RETURN, appointment)
    soon = owing & store.clock_is(Clock.DUE_SOON, day.on, days) & is_with_body
    for number, due, _heard in _tasks(soon):
        yield Ground(ReminderKind.DUE_SOON, number, str(due), due, appointment)
    silent = owing & store.clock_is(Clock.SILENT, day.on, days) & is_with_body
    for number, due, heard in _tasks(silent):
        times = (day.on - heard).days // max(days.silent, 1) if heard else 0
        yield Ground(ReminderKind.SILENT, number, f"{heard}/{times}", due, appointment)
    if may(acting, Action.TASK_CONFIRM):
        helping = store.of_bodies(acting.bodies, HELPING) & store.OWED
        unconfirmed = helping & store.is_live() & ~store.with_event(EventKind.CONFIRM, acting.bodies)
        for number, due, _heard in _tasks(unconfirmed):
            yield Ground(ReminderKind.CONFIRM, number, "", due, appointment)


def _told(owed: Q, appointment: int, day: Day) -> Iterator[Ground]:
    """What the office said to a body: what hurries it until it says something, what is decided as news. 4 queries."""
    for event, kind in _HURRIES.items():
        yield from _events(kind, owed & store.is_live() & ~Q(state=State.REPORTED), event, appointment, _WORDS)
    yield from _events(ReminderKind.LISTED, owed & store.is_live() & Q(is_listed=True), EventKind.LIST, appointment)
    recent = TaskEvent.objects.filter(kind__in=_ANSWERS, on__gt=day.on - timedelta(days=NEWS_DAYS), on__lte=day.on)
    newest = recent.filter(task__in=Task.objects.filter(owed)).order_by().values_list("task", "task__due")
    for number, due, last in newest.annotate(last=Max("pk")).order_by("last"):
        yield Ground(ReminderKind.ANSWERED, number, str(last), due, appointment, last)


def _stage(due: date | None, on: date, steps: Escalation) -> int:
    """A late task is told on the first day, and again when it may be reminded of and circulated."""
    days = (on - due).days if due else 0
    return (days > steps.remind) + (days > steps.circulate)


def _supervised(acting: Acting, appointment: int, day: Day) -> Iterator[Ground]:
    """What an office is to judge, and whom it might remind or circulate: at its place, and below as far as no other
    office is nearer. What has been reported waits for the office itself: nobody is hurried for it."""
    here = visible(acting, Action.TASK_JUDGE) & store.OWED & ~_nearer(acting, day)
    steps, on = escalation(day.on, acting.paths), day.on
    late = here & store.is_late(on) & ~Q(state=State.REPORTED)
    remind_from, circulate_from = on - timedelta(days=steps.remind), on - timedelta(days=steps.circulate)
    if may(acting, Action.TASK_ESCALATE):
        for number, due, _heard in _tasks(late & Q(due__lt=circulate_from, reminders__gt=0, circulars=0)):
            yield Ground(ReminderKind.CIRCULATE, number, str(due), due, appointment)
        for number, due, _heard in _tasks(late & Q(due__lt=remind_from, reminders=0)):
            yield Ground(ReminderKind.REMIND, number, str(due), due, appointment)
    yield from _events(ReminderKind.JUDGE, here & Q(state=State.REPORTED), EventKind.REPORT, appointment)
    if may(acting, Action.TASK_EXTEND):
        yield from _events(ReminderKind.ASKED, here & Q(asked_due__isnull=False), EventKind.ASK, appointment)


def _nearer(acting: Acting, day: Day) -> Q:
    """The condition that an office below the person's own answers for it."""
    found = Q(pk__in=())
    for path in sorted(day.offices):
        if any(path != own and is_below(path, own) for own in acting.paths) and path not in acting.paths:
            found |= below(path)
    return found


def _tasks(condition: Q) -> Iterable[tuple[int, date | None, date | None]]:
    """Number, due day and last word of each task, the earliest first. 1 query."""
    return (
        Task.objects.filter(condition)
        .order_by(F("due").asc(nulls_last=True), "pk")
        .values_list("pk", "due", "heard_on")
    )


def _events(
    kind: ReminderKind, condition: Q, event: EventKind, appointment: int, until: Iterable[EventKind] = ()
) -> Iterator[Ground]:
    """Tasks in which something was said, told once for each time that it was said, until one of others is said after
    it. 1 query."""
    said = Max("events__pk", filter=Q(events__kind=event))
    found = Task.objects.filter(condition).annotate(said=said).filter(said__isnull=False).order_by("said")
    if until:
        after = Max("events__pk", filter=Q(events__kind__in=list(until)))
        found = found.annotate(after=after).filter(Q(after__isnull=True) | Q(after__lt=F("said")))
    for number, due, last in found.values_list("pk", "due", "said"):
        yield Ground(kind, number, str(last), due, appointment, last)
