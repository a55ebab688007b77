"""Columns of what was found by hand where no device told it."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.texts import LineField


class ManualResult(models.Model):
    """What manual or comparison monitoring found of a factor of an outlet, from an hour to an hour (not included).

    Either ``concentration`` (gas: mg/m³, dry at standard state; water: mg/L) with ``flow_m3_h`` for the hours of which
    no flow was measured, or ``kg_per_hour``. ``is_withdrawn``: it was entered wrongly and fills nothing. ``is_own``:
    the unit itself entered it, else an authority did.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="manual_results")
    factor = LineField(max_length=12)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    concentration = ExactDecimalField(null=True)
    flow_m3_h = ExactDecimalField(null=True)
    kg_per_hour = ExactDecimalField(null=True)
    laboratory = LineField(max_length=120)
    document = LineField(max_length=200)
    note = LineField(max_length=300, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    is_own = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("outlet", "starts_at"), name="manual_result"),)
