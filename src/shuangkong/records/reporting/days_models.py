"""Columns of more days for returns: what units ask for, each answered once at most, and windows that were put off."""

from __future__ import annotations

from django.db import models

from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.texts import LineField, TextField


class Petition(models.Model):
    """What a unit asks for on a return (reporting.petitions); of each kind one is open at most.

    ``due``: the day that it wishes for. ``file``: one beside it, with its ``name``. ``answer`` and what follows: how it
    ended, by whom and in which row of the journal; ``event`` the act that granted it.
    """

    owned = models.ForeignKey("reporting.Return", on_delete=models.PROTECT, related_name="petitions")
    kind = LineField(max_length=10)
    state = LineField(max_length=10)
    ground = TextField()
    due = models.DateField(null=True)
    file = models.ForeignKey(TaskFile, null=True, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
    answer = TextField(blank=True)
    answered_by = LineField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_in = models.BigIntegerField(null=True)
    event = models.ForeignKey("reporting.Event", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("owned", "kind"), condition=models.Q(state="open"), name="petition_open_once"
            ),
        )


class PutOff(models.Model):
    """That the last day of a window was put off as a whole, from ``before`` to ``due``. Append-only but for
    ``done_at``: when all its returns had the new day."""

    window = models.ForeignKey("reporting.Window", on_delete=models.PROTECT, related_name="put_off")
    before = models.DateField()
    due = models.DateField()
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
