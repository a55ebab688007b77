"""Columns of tasks. What was said of a task is its events (append-only); how it stands is kept beside it for lists."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.models import Plan, ReadingEntry
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.texts import LineField, TextField

#: What the title of a task holds.
TITLE_SIGNS = 300


class Task(models.Model):
    """One thing that somebody owes.

    ``kind`` is see rows.TaskKind; ``entry`` what the reader found it in (measure, target, duty), ``ordinal`` its place
    among those of that kind and entry; ``path`` that of the region; ``first_due`` before any extension; ``period`` of a
    round of a recurring duty; ``subject`` the enterprise that is to rectify, ``enterprise`` its record where it has
    one. The columns from ``state`` on are how it stands after its events; they can be made anew.
    """

    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = LineField(max_length=12)
    entry = models.ForeignKey(ReadingEntry, null=True, on_delete=models.PROTECT, related_name="+")
    ordinal = models.IntegerField(default=0)
    number = LineField(max_length=40, blank=True)
    title = LineField(max_length=TITLE_SIGNS)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="tasks")
    path = PathField(max_length=120, default="/")
    recurrence = LineField(max_length=12, blank=True)
    period = LineField(max_length=10, blank=True)
    deadline_printed = LineField(max_length=40, blank=True)
    first_due = models.DateField(null=True)
    subject = LineField(max_length=120, blank=True)
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="tasks")
    amount = ExactDecimalField(null=True)
    amount_unit = LineField(max_length=60, blank=True)
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    made_by = LineField(max_length=150)
    made_at = models.DateTimeField()
    state = LineField(max_length=10)
    grade = LineField(max_length=12)
    percent = ExactDecimalField(null=True)
    due = models.DateField(null=True)
    heard_on = models.DateField(null=True)
    waits_from = models.DateField(null=True)
    asked_due = models.DateField(null=True)
    before_stop = LineField(max_length=10, blank=True)
    stopped_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    extensions = models.IntegerField(default=0)
    reminders = models.IntegerField(default=0)
    circulars = models.IntegerField(default=0)
    is_listed = models.BooleanField(default=False)
    derived_grade = LineField(max_length=12, blank=True)
    derived_from = LineField(max_length=120, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "kind", "entry", "ordinal", "period"), name="task_once"),
        )
        indexes = (
            # Holds every column by which pages count and choose: a province's tasks are counted without reading them.
            models.Index(
                fields=(
                    "path",
                    "kind",
                    "state",
                    "due",
                    "heard_on",
                    "waits_from",
                    "is_listed",
                    "circulars",
                    "reminders",
                ),
                name="task_place",
            ),
            models.Index(fields=("plan", "parent", "ordinal"), name="task_tree"),
            models.Index(fields=("state", "due"), name="task_due"),
        )


class TaskBody(models.Model):
    """A body's part in a task; ``is_inherited`` where the document names it once for all (以下均需…落实).

    ``starts_on``: since when it has the part; None where it has had it since the task was made. ``ended_on``: since
    when another has it; None while it holds.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="bodies")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="tasks")
    part = LineField(max_length=12)
    ordinal = models.IntegerField()
    is_inherited = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("task", "body", "part"), condition=models.Q(ended_on__isnull=True), name="task_body_once"
            ),
        )


class TaskEvent(models.Model):
    """One thing that happened to a task.

    ``answers`` is the report that a judgement is about, or the request for extension that was granted or declined;
    ``journal`` its row; ``key`` tells a form that was sent twice from two that say the same.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    grade = LineField(max_length=12, blank=True)
    percent = ExactDecimalField(null=True)
    due = models.DateField(null=True)
    text = TextField(blank=True)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
    key = LineField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("task", "key"), condition=~models.Q(key=""), name="task_event_once"),
        )
        indexes = (models.Index(fields=("task", "id"), name="task_event_order"),)


class TaskFile(models.Model):
    """The bytes of evidence, once however often they are handed in."""

    sha256 = LineField(max_length=64, unique=True)
    medium = LineField(max_length=8)
    size_bytes = models.BigIntegerField()
    content = models.BinaryField()


class Evidence(models.Model):
    """A file handed in with a report, under the name it came with."""

    event = models.ForeignKey(TaskEvent, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey(TaskFile, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255)


class Meeting(models.Model):
    """A dispatch meeting (调度会) of a place; what was on it are its items, what was said its minutes."""

    title = LineField(max_length=200)
    on = models.DateField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="meetings")
    path = PathField(max_length=120, db_index=True)
    called_by = LineField(max_length=150)
    called_at = models.DateTimeField()
    journal = models.BigIntegerField()


class MeetingTask(models.Model):
    """A task on the agenda of a meeting, or one that was decided there (``is_decided``)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="meetings")
    ordinal = models.IntegerField()
    is_decided = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meeting", "task"), name="meeting_task_once"),)


class Minutes(models.Model):
    """The minutes of a meeting. Append-only; the newest hold."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    text = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class Matter(models.Model):
    """A major matter (重大情况) that the leading group of the place must acknowledge by a day."""

    title = LineField(max_length=200)
    text = TextField()
    happened_on = models.DateField()
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="matters")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="matters")
    path = PathField(max_length=120, db_index=True)
    acknowledge_by = models.DateField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class Acknowledgement(models.Model):
    """Who took note of a matter, when, and what is to be done about it. Once a matter, never changed."""

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="acknowledgement")
    text = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
