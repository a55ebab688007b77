"""Columns of closed amounts: what an outlet emitted in a month, as it was reckoned; a new reckoning is a new row."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.texts import LineField, TextField


class AmountClosing(models.Model):
    """One version of the kilograms of one outlet, factor and month; the newest holds. Never changed but ``checked_at``.

    ``kg`` is of the hours that are known; ``open_hours`` of ``due_hours`` are not. ``through`` is the last day in it:
    the month's last, or yesterday's of a month that runs. ``content`` is the trace as JSON: see ``amounts.Trace``;
    ``digest`` that of kilograms and origin of every hour. ``checked_at``: when it was last found to hold.
    ``is_doubted``: hours stand on a rule that was not compared with its document. ``computed_hours``: of the measured
    ones those whose flow was reckoned from the velocity.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="closings")
    factor = LineField(max_length=12)
    month = models.DateField()
    through = models.DateField()
    is_over = models.BooleanField()
    kg = ExactDecimalField()
    due_hours = models.IntegerField()
    measured_hours = models.IntegerField()
    substituted_hours = models.IntegerField()
    stopped_hours = models.IntegerField()
    by_hand_hours = models.IntegerField()
    open_hours = models.IntegerField()
    days = models.IntegerField()
    valid_days = models.IntegerField()
    capture_pct = ExactDecimalField(null=True)
    is_doubted = models.BooleanField()
    computed_hours = models.IntegerField(default=0)
    content = TextField()
    digest = LineField(max_length=64)
    closed_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("outlet", "month", "factor"), name="amount_of_outlet"),
            models.Index(fields=("month", "outlet"), name="amount_of_month"),
        )
