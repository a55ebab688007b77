"""Columns that every kind of edition has. Both tables only grow: how an edition stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField, TextField


class Edition(models.Model):
    """One edition of what is published of a place and period.

    ``content`` is what it prints, as JSON, frozen when it was prepared from what was known on the day ``as_of``;
    ``corrects`` the published edition whose place it takes; ``journal`` the number of the journal's row about its
    preparation.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    period = LineField(max_length=9)
    edition = models.IntegerField()
    corrects_id: int | None
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    issuer = LineField(max_length=120)
    content = TextField()
    as_of = models.DateField()
    rulebook = LineField(max_length=12)
    is_demo = models.BooleanField()
    is_fictional = models.BooleanField()
    prepared_by = LineField(max_length=150)
    prepared_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        abstract = True


class EditionEvent(models.Model):
    """One thing that happened to an edition; ``number`` is the document number under which it was published.

    The key to the edition is of each kind, named ``events`` from the other side.
    """

    kind = LineField(max_length=10)
    on = models.DateField()
    number = LineField(max_length=80, blank=True)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        abstract = True
