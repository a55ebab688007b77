"""Columns of what is told of places and units beside their readings: days of air stations, zones of waters, prices."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField


class AirDay(models.Model):
    """A day of an air station as it was published: µg/m³, ``co`` in mg/m³; None: nothing was told of it.

    Means of the day, of ozone (``o3``) the greatest eight hours. Where a value is here, it goes before the mean of the
    station's own hours.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="air_days")
    day = models.DateField()
    pm25 = ExactDecimalField(null=True)
    pm10 = ExactDecimalField(null=True)
    so2 = ExactDecimalField(null=True)
    no2 = ExactDecimalField(null=True)
    co = ExactDecimalField(null=True)
    o3 = ExactDecimalField(null=True)
    document = LineField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("outlet", "day"), name="air_day_once"),)


class SectionTarget(models.Model):
    """The class that a river section is to keep in a year (1 to 6, 6 is worse than V), and by which document."""

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="section_targets")
    year = models.IntegerField()
    water_class = models.IntegerField()
    document = LineField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("outlet", "year"), name="section_target_once"),)


class WaterZone(models.Model):
    """A zone of water ecology: what its water is for, which class it is to keep, which section tells of it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="water_zones")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    water = LineField(max_length=80)
    function = LineField(max_length=120)
    water_class = models.IntegerField(null=True)
    document = LineField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class PowerPrice(models.Model):
    """That an enterprise pays (or, of the environmental price, is paid) so much a kWh beside the plain price.

    ``sort`` is differential, punitive, tiered or environmental, ``grade`` its class; ``surcharge`` in CNY/kWh.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    sort = LineField(max_length=16)
    grade = LineField(max_length=16, blank=True)
    surcharge = ExactDecimalField()
    document = LineField(max_length=200)
    note = LineField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
