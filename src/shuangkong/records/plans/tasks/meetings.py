"""调度会: called with an agenda of tasks, minuted; what it decides becomes tasks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.models import Meeting, MeetingTask, Minutes, Task
from shuangkong.records.plans.tasks.rows import MeetingRow, TaskKind
from shuangkong.records.plans.tasks.store import of_bodies, tasks
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.registry.names import NamesThen, names_then


def call_meeting(title: str, on: date, region: str, agenda: Sequence[int], by: Acting) -> int:
    """Calls a meeting about the tasks of an agenda; returns its number. ~9 queries.

    Raises:
        Refused: no title, no such region, an agenda with a task of elsewhere.
        Forbidden: the person may not hold a meeting there.
    """
    place = Region.objects.filter(pk=region).first()
    if place is None:
        raise Refused("TSK-306", "请指明地区。", "Say at which place.", "region")
    require(by, Action.MEETING_HOLD, Where(place.path))
    if not title.strip():
        raise Refused("TSK-401", "请写明会议名称。", "Name the meeting.", "title")
    known = {row.id for row in tasks(Q(pk__in=agenda) & visible(by, Action.TASK_READ))}
    if known != set(agenda):
        raise Refused("TSK-402", "议题里有看不到的任务。请刷新页面。", "The agenda names an unseen task.", "agenda")
    with transaction.atomic():
        made = Meeting.objects.create(
            title=title.strip(), on=on, region=place, path=place.path, called_by=by.author, called_at=timezone.now(),
            journal=journal.UNWRITTEN,
        )  # fmt: skip
        told = {"title": title, "on": on, "agenda": agenda}
        made.journal = _written(by, "meeting.call", f"meeting/{made.pk}", place.path, "", told)
        made.save(update_fields=["journal"])
        MeetingTask.objects.bulk_create(
            [MeetingTask(meeting=made, task_id=task, ordinal=n) for n, task in enumerate(dict.fromkeys(agenda))]
        )
    return made.pk


def write_minutes(meeting_id: int, text: str, by: Acting) -> None:
    """Writes the minutes, or better ones; the earlier stay. ~6 queries. Raises Refused and Forbidden."""
    held = _held(meeting_id, by)
    if not text.strip():
        raise Refused("TSK-403", "请写明会议纪要。", "Write the minutes.", "text")
    with transaction.atomic():
        number = _written(by, "meeting.minute", f"meeting/{meeting_id}", held.path, text, None)
        Minutes.objects.create(meeting=held, text=text, author=by.author, at=timezone.now(), journal=number)


def decide_item(meeting_id: int, wanted: Wanted, by: Acting) -> int:
    """Makes a task of what a meeting decided (of kind MINUTE, at the meeting's place); returns the task's number.

    Raises:
        Refused, Forbidden: as ``adding.add``; there is no such meeting.
    """
    held = _held(meeting_id, by)
    with transaction.atomic():
        wanted = replace(wanted, kind=TaskKind.MINUTE, region=held.region_id)
        made = add(wanted, by, f"{held.on:%Y-%m-%d} {held.title}")
        MeetingTask.objects.create(meeting=held, task_id=made, ordinal=held.items.count(), is_decided=True)
    return made


def meetings(condition: Q, until: date | None = None) -> tuple[MeetingRow, ...]:
    """Meetings that meet a condition, the newest first, as known at the end of a day. 3 queries, 4 for a past day."""
    found = Meeting.objects.select_related("region").filter(condition, known_by(until, "called_at"))
    told = found.prefetch_related(
        Prefetch("items", MeetingTask.objects.filter(_known_items(until))),
        Prefetch("minutes", Minutes.objects.filter(known_by(until, "at"))),
    )
    names = names_then(until)
    return tuple(_row(each, names) for each in told.order_by("-on", "-pk"))


def _known_items(until: date | None) -> Q:
    """The agenda stands from the call on; what a meeting decided, from when it became a task."""
    return Q() if until is None else Q(is_decided=False) | known_by(until, "task__made_at")


def meeting(meeting_id: int, acting: Acting, until: date | None = None) -> MeetingRow | None:
    """One meeting as known at the end of a day; None where there is none that the person may see. 3 to 5 queries."""
    return next(iter(meetings(Q(pk=meeting_id) & readable(acting), until)), None)


def readable(acting: Acting) -> Q:
    """The condition that a person may see a meeting: a body sees those about its own tasks."""
    return visible(acting, Action.MEETING_READ, body=_about_tasks_of)


def _about_tasks_of(bodies: Iterable[int]) -> Q:
    own = MeetingTask.objects.filter(task__in=Task.objects.filter(of_bodies(bodies)))
    return Q(pk__in=own.values("meeting"))


def _held(meeting_id: int, by: Acting) -> Meeting:
    found = Meeting.objects.filter(pk=meeting_id).first()
    if found is None:
        raise Refused("TSK-404", f"没有编号为 {meeting_id} 的会议。", f"There is no meeting {meeting_id}.")
    require(by, Action.MEETING_HOLD, Where(found.path))
    return found


def _written(by: Acting, act: str, subject: str, place: str, ground: str, after: object) -> int:
    return journal.append(replace(by.act(act, subject, ground=ground, after=after), place=place))


def _row(found: Meeting, names: NamesThen) -> MeetingRow:
    items = sorted(found.items.all(), key=lambda item: item.ordinal)
    texts = sorted(found.minutes.all(), key=lambda each: each.pk)
    return MeetingRow(
        id=found.pk,
        title=found.title,
        on=found.on,
        region=found.region_id,
        region_name=names.region(found.region_id, found.region.name),
        path=found.path,
        called_by=found.called_by,
        journal=found.journal,
        minutes=texts[-1].text if texts else "",
        agenda=tuple(item.task_id for item in items if not item.is_decided),
        decided=tuple(item.task_id for item in items if item.is_decided),
    )
