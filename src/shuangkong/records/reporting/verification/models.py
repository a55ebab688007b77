"""Columns of verification: cases with their events, bodies with what is known of them. All of it only grows."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.reporting.models import Return
from shuangkong.records.texts import LineField, TextField


class VerificationCase(models.Model):
    """A case on one return; ``state`` is replayed from the events and kept for lists, ``path`` that of the return."""

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="cases")
    path = PathField(max_length=120)
    state = LineField(max_length=12)
    changed_on = models.DateField()

    class Meta:
        indexes = (models.Index(fields=("path", "state"), name="verification_place"),)


class CaseEvent(models.Model):
    """One thing that happened to a case (reporting.verification.standing.EventKind). Append-only.

    ``codes`` and ``people`` parted by line breaks; ``body``: whom the case is given to.
    """

    case = models.ForeignKey(VerificationCase, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=12)
    on = models.DateField()
    ground = TextField(blank=True)
    document = LineField(max_length=120, blank=True)
    codes = TextField(blank=True)
    people = TextField(blank=True)
    version = models.IntegerField(null=True)
    body = models.ForeignKey("VerificationBody", null=True, on_delete=models.PROTECT, related_name="+")
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class VerificationBody(models.Model):
    """A body of the register, by its credit code."""

    code = LineField(max_length=18, unique=True)
    name = LineField(max_length=120)
    path = PathField(max_length=120)


class BodyEvent(models.Model):
    """Something known of a body: a qualification, a share, a service, a verification, a re-check, a sanction.

    Append-only. ``kind`` is records.reporting.verification.bodies.Known; ``told`` what is said of it, as JSON.
    """

    body = models.ForeignKey(VerificationBody, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=16)
    on = models.DateField()
    told = TextField()
    ground = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
