"""要算提醒的人: for whom reminders may be otherwise than they stand, found for thousands of units at once.

Units are told of notices and of alarms alone, and where both stand as they are told there is nothing to bring in line.
Everybody else is always looked at.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangkong.records.monitoring.models import Alarm
from shuangkong.records.notices.models import NoticeBody
from shuangkong.records.notices.store import WAITS
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.people.roles import Action, Reach, Role, reach
from shuangkong.records.plans.reminders.grounds import TO_EXPLAIN, ReminderKind
from shuangkong.records.plans.reminders.models import ChannelChoice, Reminder
from shuangkong.records.registry.collectives import may_govern

#: What units are told of, as far as it is their own; of what follows no unit is told.
_OWN = (Action.NOTICE_ACKNOWLEDGE, Action.MONITORING_EXPLAIN)
_OTHERS = (Action.MONITORING_HANDLE, Action.MATTER_ACKNOWLEDGE, Action.TASK_REPORT, Action.TASK_JUDGE)
#: Roles in which a person is told what a unit is told, or nothing.
_OF_UNITS = tuple(
    role
    for role in Role
    if all(reach(role, each) is Reach.NONE for each in _OTHERS)
    and all(reach(role, each) in (Reach.NONE, Reach.OWN) for each in _OWN)
)


def whom() -> QuerySet[Person]:
    """Active persons whose reminders or messages may be otherwise than they stand. 1 query."""
    mine = Appointment.objects.filter(person=OuterRef("pk"))
    # Of one body alone, from a day on and without an end: it answers for no other, and nothing changes by itself.
    plain = Q(role__in=_OF_UNITS, body__isnull=False, ends=None, ends_on=None)
    heirs = Q(body__came_from__isnull=False) | may_govern("body__name")
    every = Appointment.objects.filter(plain).exclude(heirs)
    held = Reminder.objects.filter(person=OuterRef("pk"), ended_at=None)
    alarms = Alarm.objects.filter(TO_EXPLAIN, outlet__enterprise__body__appointments__person=OuterRef("pk"))
    wanted = (
        Exists(mine.exclude(pk__in=every.values("pk"))), Exists(alarms), Exists(held.exclude(kind=ReminderKind.NOTICE)),
        Exists(held.exclude(pk__in=_still_waiting().values("pk"))), Exists(_untold()),
        Exists(held) & Exists(ChannelChoice.objects.filter(person=OuterRef("pk"))),
    )  # fmt: skip
    found = Q(pk__in=())
    for each in wanted:
        found |= Q(each)
    return Person.objects.filter(found, is_active=True).order_by("pk")


def _still_waiting() -> QuerySet[Reminder]:
    """Reminders of notices that wait for a body of the person."""
    waits = NoticeBody.objects.filter(
        WAITS, notice=OuterRef("notice"), body__appointments__person=OuterRef("person")
    )  # fmt: skip
    return Reminder.objects.filter(Exists(waits), ended_at=None)


def _untold() -> QuerySet[NoticeBody]:
    """Notices that wait for a body of the person and of which nothing is told."""
    told = Reminder.objects.filter(person=OuterRef(OuterRef("pk")), notice=OuterRef("notice"), ended_at=None)
    return NoticeBody.objects.filter(WAITS, ~Exists(told), body__appointments__person=OuterRef("pk"))
