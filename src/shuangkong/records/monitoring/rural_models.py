"""Columns of villages: who takes their waste where, settlements and their sewage, who runs plants in towns."""

from __future__ import annotations

from django.db import models

from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField


class Village(models.Model):
    """An administrative village, in the town or county that it belongs to.

    ``sewage_on``: the day on which its sewage was accepted as treated; None: it was not.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    households = models.IntegerField(null=True)
    people = models.IntegerField(null=True)
    sewage_on = models.DateField(null=True)
    document = LineField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class WasteChain(models.Model):
    """The road of a village's household waste: sorted at home, collected by whom, over which station, treated where."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="chains")
    collector = LineField(max_length=120)
    transfer = models.ForeignKey("monitoring.WasteFacility", null=True, on_delete=models.PROTECT, related_name="+")
    treatment = models.ForeignKey("monitoring.WasteFacility", null=True, on_delete=models.PROTECT, related_name="+")
    is_sorted = models.BooleanField(default=False)
    note = LineField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class Settlement(models.Model):
    """A place where people live close together in a village, and what becomes of their sewage."""

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="settlements")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    households = models.IntegerField(null=True)
    people = models.IntegerField(null=True)
    is_touristic = models.BooleanField(default=False)
    treatment = LineField(max_length=20)
    state = LineField(max_length=12, blank=True)
    plant = models.ForeignKey("monitoring.SewagePlant", null=True, on_delete=models.PROTECT, related_name="settlements")
    note = LineField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class PlantOperation(models.Model):
    """Who runs a sewage plant from when to when, under which contract, and whether it runs."""

    plant = models.ForeignKey("monitoring.SewagePlant", on_delete=models.PROTECT, related_name="operations")
    operator = LineField(max_length=120)
    contract = LineField(max_length=120, blank=True)
    contract_until = models.DateField(null=True)
    funding = LineField(max_length=120, blank=True)
    state = LineField(max_length=12)
    reason = LineField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
