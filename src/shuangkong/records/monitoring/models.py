"""Columns of the registers of online monitoring: each row holds from a day to a day, both included.

A row is revised or ended, never removed: what it was stands in ``RegisterEvent``. A thing lies at its region.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.monitoring.amount_models import AmountClosing
from shuangkong.records.monitoring.arrival_models import ClockHour, LateData, LateMeter, MarkToTell, RowFault
from shuangkong.records.monitoring.case_models import (
    Alarm,
    AlarmEvent,
    DeviceOrder,
    DeviceOrderEvent,
    Mark,
    Quarantine,
)
from shuangkong.records.monitoring.facility_models import (
    Boiler,
    KeyDischarger,
    KeyDischargerList,
    Publication,
    ServiceRecord,
    SewagePlant,
    TestStation,
)
from shuangkong.records.monitoring.key_models import KeyRenewal
from shuangkong.records.monitoring.manual_models import ManualResult
from shuangkong.records.monitoring.message_models import DeviceMessage
from shuangkong.records.monitoring.meter_models import Meter, MeterClosing, MeterSwap
from shuangkong.records.monitoring.plan_models import MonitoringPlan
from shuangkong.records.monitoring.quality_models import AirDay, PowerPrice, SectionTarget, WaterZone
from shuangkong.records.monitoring.rate_models import RateClosing
from shuangkong.records.monitoring.rural_models import PlantOperation, Settlement, Village, WasteChain
from shuangkong.records.monitoring.waste_models import Dump, DumpInspection, WasteAmount, WasteFacility
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField, TextField

__all__ = [
    "AirDay",
    "Alarm",
    "AlarmEvent",
    "AmountClosing",
    "Boiler",
    "ClockHour",
    "Connection",
    "Device",
    "DeviceMessage",
    "DeviceOrder",
    "DeviceOrderEvent",
    "DeviceUnit",
    "Dump",
    "DumpInspection",
    "FactorDue",
    "KeyDischarger",
    "KeyDischargerList",
    "KeyRenewal",
    "LateData",
    "LateMeter",
    "Limit",
    "ManualResult",
    "Mark",
    "MarkToTell",
    "Meter",
    "MeterClosing",
    "MeterSwap",
    "MonitoringPlan",
    "Outlet",
    "OutletStandard",
    "PlantOperation",
    "Point",
    "PowerPrice",
    "Publication",
    "Quarantine",
    "RateClosing",
    "ReferenceOxygen",
    "RegisterEvent",
    "RowFault",
    "SectionTarget",
    "ServiceRecord",
    "Settlement",
    "SewagePlant",
    "TestStation",
    "Village",
    "WasteAmount",
    "WasteChain",
    "WasteFacility",
    "WaterZone",
]


class Outlet(models.Model):
    """What is watched: an outlet for gas or water, an ambient air station, a river section.

    ``object`` is which of the four objects of coverage it belongs to; ``due_on`` the day by which it has to be
    connected, None where nothing asks for it. ``area_m2`` the section of the stack, ``coefficient`` that of the
    velocity field, ``ambient_kpa`` the air pressure of the place, for hours of which the device tells none;
    ``water_class`` the class that a section is to keep (1 to 6, 6 is worse than V), where ``SectionTarget``
    tells no other of the year, ``section_level`` by whom it is examined (national, provincial, city).
    """

    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = LineField(max_length=10)
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    object = LineField(max_length=16, blank=True)
    industry = LineField(max_length=8, blank=True)
    longitude = ExactDecimalField(null=True)
    latitude = ExactDecimalField(null=True)
    due_on = models.DateField(null=True)
    reference_oxygen_pct = ExactDecimalField(null=True)
    area_m2 = ExactDecimalField(null=True)
    coefficient = ExactDecimalField(null=True)
    ambient_kpa = ExactDecimalField(null=True)
    water_class = models.IntegerField(null=True)
    section_level = LineField(max_length=12, blank=True)
    note = LineField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("region", "enterprise", "code"), name="outlet_once"),
            models.UniqueConstraint(
                fields=("region", "code"), condition=Q(enterprise=None), name="outlet_once_without_enterprise"
            ),
        )


class FactorDue(models.Model):
    """A factor that an outlet has to send; ``is_rated``: it counts in the transmission rates.

    ``low`` to ``high``: its range, in ``unit``; "" is that of the code table.
    ``installed_on``: when what measures it was installed, told of what is not connected yet; None: it was not.
    """

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="factors")
    factor = LineField(max_length=12)
    low = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    unit = LineField(max_length=20, blank=True)
    due_on = models.DateField(null=True)
    installed_on = models.DateField(null=True)
    is_rated = models.BooleanField(default=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("outlet", "factor"), name="factor_due"),)


class Device(models.Model):
    """A data logger, analyser or access end: by which number and habits it is known; secrets are encrypted.

    ``edition`` is that of its protocol, ``system`` its system code, ``check_value`` how it reckons the check value,
    ``encoding`` that of its texts.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    kind = LineField(max_length=10)
    mn = LineField(max_length=32)
    name = LineField(max_length=120)
    maker = LineField(max_length=80, blank=True)
    model = LineField(max_length=80, blank=True)
    serial = LineField(max_length=60, blank=True)
    edition = LineField(max_length=8)
    system = LineField(max_length=2, blank=True)
    check_value = LineField(max_length=10)
    encoding = LineField(max_length=10)
    password = models.BinaryField(null=True)
    key = models.BinaryField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        indexes = (models.Index(fields=("mn",), name="device_mn"),)


class DeviceUnit(models.Model):
    """The unit in which a device sends a factor, where it is not that of the code table; and of what gas it tells.

    ``moisture`` (dry, wet) and ``gas_state`` (standard, duct) by ``monitoring.flue_gas.as_sent``; "" is not told: dry
    at standard state then.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="units")
    factor = LineField(max_length=12)
    unit = LineField(max_length=20)
    moisture = LineField(max_length=8, blank=True)
    gas_state = LineField(max_length=8, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class Connection(models.Model):
    """For which outlet a device speaks, from a moment to a moment (the last not included): a new device, a new row."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="connections")
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="connections")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)


class Point(models.Model):
    """What one series of readings is about, by a small number for good: an outlet's factor, or a meter."""

    outlet = models.ForeignKey(Outlet, null=True, on_delete=models.PROTECT, related_name="points")
    meter = models.ForeignKey(Meter, null=True, on_delete=models.PROTECT, related_name="points")
    factor = LineField(max_length=12, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("outlet", "factor"), condition=~Q(outlet=None), name="point_of_outlet"),
            models.UniqueConstraint(fields=("meter", "factor"), condition=~Q(meter=None), name="point_of_meter"),
        )


class Limit(models.Model):
    """A limit of one outlet beside those of the national standards: local, special, basin, or of its permit.

    ``low`` bounds from below where there is such (pH); ``is_converted``: of the concentration at reference oxygen,
    ``reference_o2_pct``; None: that of the outlet, else of the standard that it tightens.
    """

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="limits")
    factor = LineField(max_length=12)
    sort = LineField(max_length=10)
    period = LineField(max_length=8)
    low = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    unit = LineField(max_length=20)
    is_converted = models.BooleanField(default=False)
    reference_o2_pct = ExactDecimalField(null=True)
    document = LineField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class OutletStandard(models.Model):
    """To which group of sources of a standard an outlet was assigned: ``thermal_power/coal_boiler``."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="standards")
    standard = LineField(max_length=80)
    document = LineField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class ReferenceOxygen(models.Model):
    """To which oxygen an outlet's concentrations are converted in a time; it holds before the outlet's own figure."""

    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="reference_oxygens")
    reference_o2_pct = ExactDecimalField()
    document = LineField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class RegisterEvent(models.Model):
    """One act on a row of a register: what it was before and is after, as JSON. Append-only; secrets are left out."""

    register = LineField(max_length=16)
    row = models.BigIntegerField()
    kind = LineField(max_length=8)
    before = TextField(blank=True)
    after = TextField(blank=True)
    ground = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("register", "row"), name="register_history"),)
