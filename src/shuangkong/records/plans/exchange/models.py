"""Columns of loads: which file was taken in, and which of its rows made what. Append-only."""

from __future__ import annotations

from django.db import models

from shuangkong.records.texts import LineField


class Load(models.Model):
    """One load. ``sort`` is what its rows are (rows.Sort); ``journal`` its row of the journal."""

    sort = LineField(max_length=12)
    name = LineField(max_length=200)
    sha256 = LineField(max_length=64)
    rows_new = models.IntegerField()
    rows_same = models.IntegerField()
    rows_refused = models.IntegerField()
    loaded_by = LineField(max_length=150)
    loaded_at = models.DateTimeField()
    journal = models.BigIntegerField()


class LoadRow(models.Model):
    """A row that was taken in, so that it is never taken in twice.

    ``key`` is a digest of what tells it from others: its own number where it bears one, else all that it says;
    ``content`` one of all that it says; ``made`` the number of the task, event, body or appointment.
    """

    load = models.ForeignKey(Load, on_delete=models.PROTECT, related_name="rows")
    key = LineField(max_length=64, unique=True)
    content = LineField(max_length=64)
    made = models.BigIntegerField()
