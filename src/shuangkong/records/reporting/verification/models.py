"""Columns of verification: cases with their events, bodies with what is known of them. All of it only grows."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting.models import Return
from shuangkong.records.texts import LineField, TextField


class VerificationCase(models.Model):
    """A case on one return; ``state`` and what it is ``given_to``, from when to when, are replayed from the events and
    kept for lists; ``path`` that of the return."""

    owned = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="cases")
    path = PathField(max_length=120)
    state = LineField(max_length=12)
    changed_on = models.DateField()
    given_to = models.ForeignKey("VerificationBody", null=True, on_delete=models.PROTECT, related_name="given")
    given_from = models.DateField(null=True)
    given_until = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("path", "state"), name="verification_place"),)


class CaseEvent(models.Model):
    """One thing that happened to a case (reporting.verification.standing.EventKind). Append-only.

    ``codes`` and ``people`` parted by line breaks; ``body``: whom the case is given to, ``until`` when.
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
    until = models.DateField(null=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class VerificationBody(models.Model):
    """A body of the register, by its credit code. ``acts_for`` the body that its people are appointed for, from when to
    when, as the newest of its events says."""

    code = LineField(max_length=18, unique=True)
    name = LineField(max_length=120)
    path = PathField(max_length=120)
    acts_for = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    acts_from = models.DateField(null=True)
    acts_until = models.DateField(null=True)


class BodyEvent(models.Model):
    """Something known of a body: for whom its people act, a qualification, a share, a service, a verification, a
    re-check, a sanction.

    Append-only. ``kind`` is records.reporting.verification.known.Known; ``told`` what is said of it, as JSON.
    """

    body = models.ForeignKey(VerificationBody, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=16)
    on = models.DateField()
    told = TextField()
    ground = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
