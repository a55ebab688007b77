"""Columns of facts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField


class Load(models.Model):
    """One file of actual values that was taken in."""

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    source = models.TextField()
    rows_new = models.IntegerField()
    rows_changed = models.IntegerField()
    rows_same = models.IntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)


class Observation(models.Model):
    """One told figure, or the statement that there is none. Append-only:

    a correction is a newer row that ``supersedes``.

    ``state`` keeps missing, not_applicable and suppressed apart; zero is a value. ``period`` is 2020, 2020-H1,
    2020-Q3 or 2020-07.
    """

    indicator = models.CharField(max_length=160)
    subject_kind = models.CharField(max_length=8)
    subject_code = models.CharField(max_length=120)
    subject_name = models.CharField(max_length=120)
    period = models.CharField(max_length=10)
    measure = models.CharField(max_length=24)
    state = models.CharField(max_length=14)
    value = ExactDecimalField(null=True)
    unit = models.CharField(max_length=60)
    maturity = models.CharField(max_length=12)
    source = models.TextField()
    note = models.TextField(blank=True)
    load = models.ForeignKey(Load, null=True, on_delete=models.PROTECT, related_name="observations")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    is_demo = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        indexes = (
            models.Index(fields=("indicator", "subject_kind", "subject_code", "period"), name="observation_cell"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="value", value__isnull=False) | (~Q(state="value") & Q(value__isnull=True)),
                name="value_only_where_told",
            ),
        )
