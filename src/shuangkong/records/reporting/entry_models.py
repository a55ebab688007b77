"""Columns of the file of a unit beside its returns: undertakings, advice of audits, reviews, certificates, evaluations.

Events only grow; the columns of an entry's standing are replayed from them and kept beside them for lists.
"""

from __future__ import annotations

from django.db import models

from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.texts import LineField, TextField


class FileEntry(models.Model):
    """Something on the file of a unit (reporting.entry_kinds); ``told`` what was said of it, as JSON.

    ``reminded``: the occasion that its unit was told of last.
    """

    reporter = models.ForeignKey("reporting.Reporter", on_delete=models.PROTECT, related_name="file_entries")
    kind = LineField(max_length=12)
    state = LineField(max_length=10)
    due = models.DateField(null=True)
    told = TextField()
    changed_at = models.DateTimeField()
    reminded = LineField(max_length=40, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("kind", "state", "due"), name="file_entry_standing"),)


class FileEntryEvent(models.Model):
    """What happened to it (reporting.entry_life); ``told`` as JSON. Append-only."""

    entry = models.ForeignKey(FileEntry, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    told = TextField()
    ground = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class FileEntryPaper(models.Model):
    """A paper attached with an event. Append-only."""

    event = models.ForeignKey(FileEntryEvent, on_delete=models.PROTECT, related_name="papers")
    file = models.ForeignKey(TaskFile, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255)
