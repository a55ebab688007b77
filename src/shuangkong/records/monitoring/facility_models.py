"""Columns of facilities and of what is told of units: boilers, sewage plants, test stations, services, yearly lists."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField


class Boiler(models.Model):
    """A boiler or a kiln; ``capacity`` in t/h of steam for boilers, t/d of product for kilns."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="boilers")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    sort = LineField(max_length=10)
    capacity = ExactDecimalField()
    fuel = LineField(max_length=40)
    certificate = LineField(max_length=60, blank=True)
    is_shared = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class SewagePlant(models.Model):
    """A sewage plant; ``grade`` the grade of its standard that it keeps; ``inlet``: where influent is measured."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="sewage_plants")
    inlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="fed_plants")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    capacity_m3_d = ExactDecimalField()
    process = LineField(max_length=80, blank=True)
    grade = LineField(max_length=20, blank=True)
    sludge = LineField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class TestStation(models.Model):
    """A station that tests vehicles; ``is_shared``: its data reach the platform."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    lanes = models.IntegerField()
    certificate = LineField(max_length=60, blank=True)
    certified_until = models.DateField(null=True)
    is_shared = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class ServiceRecord(models.Model):
    """What was done at a device: calibration, maintenance, repair, comparison, standard check."""

    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="services")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="services")
    sort = LineField(max_length=12)
    factor = LineField(max_length=12, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_passed = models.BooleanField(null=True)
    result = LineField(max_length=300, blank=True)
    company = LineField(max_length=120, blank=True)
    person = LineField(max_length=60)
    next_on = models.DateField(null=True)


class KeyDischarger(models.Model):
    """An enterprise on a year's list of key dischargers of a place, and for which media (parted by spaces)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    year = models.IntegerField()
    media = LineField(max_length=60)
    reason = LineField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("region", "enterprise", "year"), name="key_discharger_once_a_year"),
        )


class KeyDischargerList(models.Model):
    """That a year's list of a place was published: on which day, by which document, with how many units."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    year = models.IntegerField()
    published_on = models.DateField()
    document = LineField(max_length=200)
    count = models.IntegerField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class Publication(models.Model):
    """How many results were due and were published of a unit in a month or quarter: self-monitoring or supervisory."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    sort = LineField(max_length=12)
    period = LineField(max_length=8)
    due = models.IntegerField()
    published = models.IntegerField()
    note = LineField(max_length=300, blank=True)
