"""Columns of closed transmission rates: what was due, came and holds of a factor of an outlet in a month."""

from __future__ import annotations

from django.db import models

from shuangkong.records.texts import LineField


class RateClosing(models.Model):
    """One version of the hours of one outlet, factor and month; the newest holds.

    ``through`` is the last day in it. A month that is over is never changed but for ``checked_at``, what differs is a
    new row; of a month that runs the row is kept up to date. ``now_`` is by what had come in time, without by what has
    come; ``late`` hours came after the time for supplements. ``rules``: digest of what they were reckoned by.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="rate_closings")
    factor = LineField(max_length=12)
    month = models.DateField()
    through = models.DateField()
    is_over = models.BooleanField()
    hours = models.IntegerField()
    stopped = models.IntegerField()
    now_excused = models.IntegerField()
    now_received = models.IntegerField()
    now_valid = models.IntegerField()
    excused = models.IntegerField()
    received = models.IntegerField()
    valid = models.IntegerField()
    late = models.IntegerField()
    rules = LineField(max_length=64)
    closed_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("outlet", "month", "factor"), name="rate_of_outlet"),
            models.Index(fields=("month", "outlet"), name="rate_of_month"),
        )
