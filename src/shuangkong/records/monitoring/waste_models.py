"""Columns of solid waste: facilities, their licences and tonnes by month; dumps and who looked after them."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField


class WasteFacility(models.Model):
    """Where solid waste is handed on, burnt, buried or treated; ``capacity_t_d`` a day, ``capacity_t_a`` a year.

    ``serves``: from which places it takes waste, in words. ``licensed_until`` None: no end was told.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    sort = LineField(max_length=20)
    capacity_t_d = ExactDecimalField(null=True)
    capacity_t_a = ExactDecimalField(null=True)
    serves = LineField(max_length=200, blank=True)
    licence = LineField(max_length=60, blank=True)
    licensed_until = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class WasteAmount(models.Model):
    """What a facility took in from a place in a month (2024-05), and how much of it was treated, in tonnes."""

    facility = models.ForeignKey(WasteFacility, on_delete=models.PROTECT, related_name="amounts")
    origin = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    period = LineField(max_length=8)
    received_t = ExactDecimalField()
    treated_t = ExactDecimalField()
    note = LineField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("facility", "origin", "period"), name="waste_amount_once_a_month"),
        )


class Dump(models.Model):
    """A dump that nobody licensed, from the day it was found; ``ends_on``: cleared, looked at again, off the list.

    ``due_on``: to be cleared by; ``check_by``: to be looked at again by.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey("monitoring.Village", null=True, on_delete=models.PROTECT, related_name="dumps")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    sort = LineField(max_length=20)
    longitude = ExactDecimalField(null=True)
    latitude = ExactDecimalField(null=True)
    area_m2 = ExactDecimalField(null=True)
    volume_m3 = ExactDecimalField(null=True)
    due_on = models.DateField(null=True)
    cleared_on = models.DateField(null=True)
    check_by = models.DateField(null=True)
    note = LineField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class DumpInspection(models.Model):
    """What somebody who went there saw of a dump."""

    dump = models.ForeignKey(Dump, on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField()
    found = LineField(max_length=20)
    inspector = LineField(max_length=60)
    note = LineField(max_length=300, blank=True)
