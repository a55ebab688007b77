"""Columns of plans of monitoring: which results of which outlet are due how often."""

from __future__ import annotations

from django.db import models

from shuangkong.records.texts import LineField


class MonitoringPlan(models.Model):
    """That a factor of an outlet is monitored and its results published so often: the denominator of publication rates.

    ``sort`` is own (self-monitoring) or supervisory, ``frequency`` a word of ``rates.publication.Frequency``.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="plans")
    factor = LineField(max_length=12)
    sort = LineField(max_length=12)
    frequency = LineField(max_length=12)
    document = LineField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("outlet", "factor"), name="monitoring_plan"),)
