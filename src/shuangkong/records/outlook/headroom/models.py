"""Columns of the account of headroom. Both tables only grow."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField, TextField


class Commitment(models.Model):
    """What a project that was approved takes of one cap of a place, from the month ``starts`` (YYYY-MM) on.

    ``indicator`` is the amount that the cap is on; ``amount`` and ``released`` are of a full year, in its base unit.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    project = LineField(max_length=120)
    indicator = LineField(max_length=60)
    amount = ExactDecimalField()
    released = ExactDecimalField()
    starts = LineField(max_length=7)
    document = LineField(max_length=120)
    is_demo = models.BooleanField(default=False)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class CommitmentEnd(models.Model):
    """From then on it is no commitment: it runs and is in the actual figures, or was given up (``ground``)."""

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="end")
    ground = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
