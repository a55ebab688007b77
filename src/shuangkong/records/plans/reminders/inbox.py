"""我的提醒: what holds and the person may still see; read and unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import get_language

from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.models import Alarm
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.models import Notice
from shuangkong.records.people.acting import Acting, actings
from shuangkong.records.people.models import Person
from shuangkong.records.plans.reminders.grounds import ReminderKind
from shuangkong.records.plans.reminders.models import Reminder
from shuangkong.records.plans.reminders.wording import title_of
from shuangkong.records.plans.tasks import matters, store
from shuangkong.records.plans.tasks.models import Matter, Task

_RELATED = ("task__plan", "matter", "notice", "alarm__outlet__region", "event")


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder; ``task``, ``matter``, ``notice`` or ``alarm`` is what it is about, ``event`` the kind of what was
    said of it, ``text`` its words, ``appointment`` as what the person can act on it."""

    id: int
    kind: ReminderKind
    task: int | None
    matter: int | None
    notice: int | None
    alarm: int | None
    title: str
    text: str
    due: date | None
    opened_at: datetime
    is_read: bool
    appointment: int
    plan_title: str
    is_demo: bool
    is_fictional: bool
    event: EventKind | None = None


def open_to(person: Person, ways: Iterable[Acting] | None = None) -> Q:
    """The condition on reminders: they hold, and the person may see now what they are about, acting as it was told.

    ``ways`` are those in which the person may act today, where they are known. At most 2 queries for each of them.
    """
    found = Q(pk__in=())
    for each in actings(person, timezone.localdate()) if ways is None else ways:
        found |= Q(appointment=each.appointment) & _readable(each)
    return Q(person=person, ended_at=None) & found


def _readable(acting: Acting) -> Q:
    tasks = Task.objects.filter(store.readable(acting))
    told = Q(notice__in=Notice.objects.filter(notices.readable(acting)))
    watched = Q(alarm__in=Alarm.objects.filter(alarms.readable(acting)))
    return Q(task__in=tasks) | Q(matter__in=Matter.objects.filter(matters.readable(acting))) | told | watched


def unread(seen: Q) -> int:
    """How many are unread. 1 query."""
    return Reminder.objects.filter(seen, read_at=None).count()


def counts(seen: Q) -> Mapping[ReminderKind, tuple[int, int]]:
    """Of each kind how many there are, and how many of them are unread. 1 query."""
    found = Reminder.objects.filter(seen).order_by().values_list("kind")
    told = found.annotate(every=Count("pk"), new=Count("pk", filter=Q(read_at=None)))
    return {ReminderKind(kind): (every, new) for kind, every, new in told}


def rows(seen: Q, kind: ReminderKind, first: int, count: int) -> tuple[ReminderRow, ...]:
    """Reminders of a kind, the unread first and among them the earliest due. 1 query."""
    found = Reminder.objects.filter(seen, kind=kind).select_related(*_RELATED)
    ordered = found.order_by(F("read_at").desc(nulls_first=True), "due", "pk")
    return tuple(map(_row, ordered[first : first + count]))


def mark_read(seen: Q, numbers: Iterable[int] | None = None) -> int:
    """Marks reminders read, all of them where no numbers are given; returns how many were unread. 1 query."""
    found = Reminder.objects.filter(seen, read_at=None)
    wanted = found if numbers is None else found.filter(pk__in=list(numbers))
    return Reminder.objects.filter(pk__in=wanted.values("pk")).update(read_at=timezone.now())


def _row(row: Reminder) -> ReminderRow:
    subject = row.task or row.matter or row.notice or row.alarm
    is_invented = bool(row.alarm and row.alarm.outlet.region.is_fictional)
    plan = row.task.plan if row.task else None
    return ReminderRow(
        id=row.pk,
        kind=ReminderKind(row.kind),
        task=row.task_id,
        matter=row.matter_id,
        notice=row.notice_id,
        alarm=row.alarm_id,
        title=title_of(subject, get_language() or "") if subject else "",
        text=row.event.text if row.event else "",
        due=row.due,
        opened_at=row.opened_at,
        is_read=row.read_at is not None,
        appointment=row.appointment_id,
        plan_title=plan.title if plan else "",
        is_demo=bool((plan and plan.is_demo) or (row.notice and row.notice.is_demo)) or is_invented,
        is_fictional=bool((plan and plan.is_fictional) or (row.notice and row.notice.is_fictional)) or is_invented,
        event=EventKind(row.event.kind) if row.event else None,
    )
