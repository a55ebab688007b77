"""Columns of the ledger of key projects. All tables only grow: how a project stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.indicators.emissions.models import Reduction
from shuangkong.records.paths import PathField
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.texts import LineField, TextField


class KeyProject(models.Model):
    """A project on the list of a place; whose it is, as a body or an enterprise, and as it was called then."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    owner = LineField(max_length=120)
    registered_by = LineField(max_length=150)
    registered_at = models.DateTimeField()


class KeyProjectEvent(models.Model):
    """One thing that was said of it: ``told`` is the content of the event (outlook.projects.told) as JSON.

    ``reduction`` is the one that it links or releases; ``text`` the reason or what is to be said beside.
    """

    project = models.ForeignKey(KeyProject, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    told = TextField()
    reduction = models.ForeignKey(Reduction, null=True, on_delete=models.PROTECT, related_name="+")
    text = TextField(blank=True)
    document = LineField(max_length=200, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("project", "id"), name="key_project_event_order"),)


class KeyProjectEvidence(models.Model):
    """A file handed in with an event: its content is kept once, whoever hands it in."""

    event = models.ForeignKey(KeyProjectEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(TaskFile, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255)
