"""Columns of responses to warnings. All tables only grow: how one stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.outlook.barometer.models import BarometerIssue
from shuangkong.records.paths import PathField
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField, TextField


class Response(models.Model):
    """A warning that somebody answers, at the place that warned.

    ``issue`` is the barometer that raised it, ``target`` the number of the target judged there; subject, indicator and
    rule as they were printed.
    """

    issue = models.ForeignKey(BarometerIssue, on_delete=models.PROTECT, related_name="responses")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    target = models.BigIntegerField()
    subject_kind = LineField(max_length=20)
    subject_code = LineField(max_length=40)
    subject_name = LineField(max_length=120)
    indicator = LineField(max_length=80)
    indicator_name = LineField(max_length=120)
    rule = LineField(max_length=60)


class ResponseEvent(models.Model):
    """One thing that happened; ``level`` 1 or 2 where it went to another level."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    level = models.IntegerField(null=True)
    ground = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("response", "id"), name="response_event_order"),)


class ResponseTask(models.Model):
    """A duty of the response plan that was handed out as a task, when an event started it."""

    event = models.ForeignKey(ResponseEvent, on_delete=models.PROTECT, related_name="tasks")
    duty = LineField(max_length=60)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="+")
