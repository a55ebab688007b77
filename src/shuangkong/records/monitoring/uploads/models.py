"""Columns of what key energy users upload, and of readings that others upload in bulk.

Messages and figures are append-only: a later figure is a new version.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.monitoring.uploads.higher_models import (
    HigherPlatform,
    PassingState,
    RelayStanding,
    RelayState,
    ResendOrder,
)
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.texts import LineField, TextField

__all__ = [
    "AccessEnd",
    "FrozenMonth",
    "HigherPlatform",
    "PassingState",
    "ReadingUpload",
    "RelayStanding",
    "RelayState",
    "ResendOrder",
    "UploadBody",
    "UploadFigure",
    "UploadItem",
]


class AccessEnd(models.Model):
    """The access end of a unit. ``key`` is encrypted.

    ``picked_at``: when it last fetched its number and key; None: never. ``confirmed_at`` None: it has asked, and nobody
    has confirmed it yet; later than ``picked_at``: it may fetch (anew), and what it has goes on meanwhile.
    ``ended_at``: it may upload no more.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="access_ends")
    device = LineField(max_length=32, unique=True)
    region = LineField(max_length=6)
    key = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    asked_from = LineField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = LineField(max_length=150, blank=True)
    picked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("enterprise",), condition=Q(ended_at=None), name="access_end_of_unit"),
        )


class UploadItem(models.Model):
    """One item that an access end says it sends; ``ended_at`` None while its newest configuration names it.

    ``point``: where its readings stand in the store: that of the one meter that measures it, else one of its own.
    """

    access = models.ForeignKey(AccessEnd, on_delete=models.PROTECT, related_name="items")
    code = LineField(max_length=16)
    name = LineField(max_length=120, blank=True)
    low = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    point = models.ForeignKey("monitoring.Point", null=True, on_delete=models.PROTECT, related_name="upload_items")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("access", "code"), name="upload_item_once"),)


class UploadBody(models.Model):
    """A message as it came, compressed: the evidence of every figure in it."""

    access = models.ForeignKey(AccessEnd, on_delete=models.PROTECT, related_name="bodies")
    step = LineField(max_length=10)
    at = models.DateTimeField()
    content = models.BinaryField()
    digest = LineField(max_length=64)
    refused = TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("access", "step", "digest"), name="upload_body_once"),)


class UploadFigure(models.Model):
    """A figure of an hour, day, month or year: ``every`` is the statType, ``starts`` its start. The newest counts.

    ``is_stored``: the readings store has it too, or has no place for such (months and years).
    """

    item = models.ForeignKey(UploadItem, on_delete=models.PROTECT, related_name="figures")
    every = models.IntegerField()
    starts = models.DateTimeField()
    value = ExactDecimalField()
    is_valid = models.BooleanField()
    source = models.IntegerField()
    body = models.ForeignKey(UploadBody, on_delete=models.PROTECT, related_name="figures")
    is_newest = models.BooleanField(default=True)
    is_stored = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("item", "every", "starts"), condition=Q(is_newest=True), name="upload_figure_newest"
            ),
        )
        indexes = (models.Index(fields=("id",), condition=Q(is_stored=False), name="upload_figure_waiting"),)


class FrozenMonth(models.Model):
    """A month (its first day) of an access end whose own figures are read-only; ``opened_at``: it is so no more."""

    access = models.ForeignKey(AccessEnd, on_delete=models.PROTECT, related_name="frozen_months")
    month = models.DateField()
    at = models.DateTimeField()
    author = LineField(max_length=150)
    journal = models.BigIntegerField()
    opened_at = models.DateTimeField(null=True)
    opened_journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("access", "month"), condition=Q(opened_at=None), name="frozen_month_once"
            ),
        )  # fmt: skip


class ReadingUpload(models.Model):
    """One body of readings that was sent; its number is where its readings come from (``readings.trace``).

    ``digest`` names the file that holds the bytes; the same bytes of the same sender are the same upload, ``times``
    sent. ``refused`` why nothing of it was kept.
    """

    author = LineField(max_length=150)
    appointment = models.BigIntegerField()
    place = LineField(max_length=300, blank=True)
    body = models.BigIntegerField(null=True)
    digest = LineField(max_length=64)
    form = LineField(max_length=8)
    size = models.BigIntegerField()
    rows = models.BigIntegerField(default=0)
    kept = models.BigIntegerField(default=0)
    refused = TextField(blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("author", "appointment", "digest"), name="reading_upload_once"),)
