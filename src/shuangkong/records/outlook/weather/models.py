"""Columns of the response to heavy-pollution weather. All tables only grow: how an alert stands is replayed."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.notices.models import Notice
from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField, TextField


class WeatherList(models.Model):
    """One version of a place's list of measures (应急减排清单); of a place and year the newest holds.

    ``emitted``: pollutant → tonnes a day of the whole place, as the list's own base has it; ``source`` says whence.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    year = models.IntegerField()
    document = LineField(max_length=120)
    emitted = models.JSONField()
    source = LineField(max_length=200)
    digest = LineField(max_length=64, blank=True)
    is_demo = models.BooleanField()
    is_fictional = models.BooleanField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class WeatherMeasure(models.Model):
    """What one process line of an enterprise does at one level; ``cuts``: pollutant → tonnes a day."""

    list = models.ForeignKey(WeatherList, on_delete=models.PROTECT, related_name="measures")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=120)
    process = LineField(max_length=80)
    level = models.IntegerField()
    action = TextField()
    cuts = models.JSONField()
    verification = LineField(max_length=120)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("list", "enterprise", "process", "level"), name="weather_measure_once"),
        )


class WeatherAlert(models.Model):
    """One response from its start to its end; ``neighbours`` are codes of the regions that its orders are told to."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    neighbours = models.JSONField()
    is_demo = models.BooleanField()
    is_fictional = models.BooleanField()
    at = models.DateTimeField()


class WeatherOrder(models.Model):
    """One order; ``level`` None of an end; ``list`` whose measures it calls for.

    ``notice`` is what enterprises were told, ``joint_notice`` what neighbours were; None where there was nobody to
    tell.
    """

    alert = models.ForeignKey(WeatherAlert, on_delete=models.PROTECT, related_name="orders")
    kind = LineField(max_length=10)
    level = models.IntegerField(null=True)
    starts_at = models.DateTimeField()
    document = LineField(max_length=120)
    ground = TextField()
    signed_by = LineField(max_length=80)
    list = models.ForeignKey(WeatherList, null=True, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+")
    joint_notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+")
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()


class WeatherEmission(models.Model):
    """What one process line of an enterprise emitted on a day, as told for an alert; the newest of a day holds."""

    alert = models.ForeignKey(WeatherAlert, on_delete=models.PROTECT, related_name="emissions")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    process = LineField(max_length=80)
    pollutant = LineField(max_length=10)
    day = models.DateField()
    amount_t = ExactDecimalField()
    source = LineField(max_length=200)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("alert", "day"), name="weather_emission_day"),)
