"""Columns of windows: which the clock opens by itself, and how the returns of each stood day by day."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField


class ByClock(models.Model):
    """Whether the clock opens the windows of a form at a place by itself, once a period is over, from a day on.

    Append-only: of a place and form the newest row holds.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    form = LineField(max_length=60)
    is_on = models.BooleanField(default=True)
    starts_on = models.DateField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("region", "form"), name="by_clock_of_form"),)


class KeptCount(models.Model):
    """A mart: how the returns of a window stood at the end of a day, by place and sector; of the present day so far.

    A day on which nothing was otherwise than on the one before has no rows. Figures as reporting.tally.Tally.
    """

    window = models.ForeignKey("reporting.Window", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    path = PathField(max_length=120)
    sector = LineField(max_length=2, blank=True)
    figures = LineField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("window", "day", "path", "sector"), name="count_once"),)
