"""Columns of facts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.texts import LineField, TextField


class Load(models.Model):
    """One file of actual values that was taken in."""

    name = LineField(max_length=255)
    sha256 = LineField(max_length=64)
    source = TextField()
    rows_new = models.IntegerField()
    rows_changed = models.IntegerField()
    rows_same = models.IntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = LineField(max_length=150)


class Observation(models.Model):
    """One told figure, or the statement that there is none. Append-only:

    a correction is a newer row that ``supersedes``.

    ``state`` keeps missing, not_applicable and suppressed apart; zero is a value. ``period`` is 2020, 2020-H1,
    2020-Q3 or 2020-07.
    """

    indicator = LineField(max_length=160)
    subject_kind = LineField(max_length=8)
    subject_code = LineField(max_length=120)
    subject_name = LineField(max_length=120)
    period = LineField(max_length=10)
    measure = LineField(max_length=24)
    state = LineField(max_length=14)
    value = ExactDecimalField(null=True)
    unit = LineField(max_length=60)
    maturity = LineField(max_length=12)
    source = TextField()
    note = TextField(blank=True)
    load = models.ForeignKey(Load, null=True, on_delete=models.PROTECT, related_name="observations")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    is_demo = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = LineField(max_length=150)

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
