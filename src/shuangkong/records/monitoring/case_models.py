"""Columns of what happens at outlets: orders to devices, alarms as cases, marks on hours, frames nobody sent for.

Orders and alarms carry how they stand; every step of them is a row of its own that only grows.
"""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.texts import LineField, TextField


class DeviceOrder(models.Model):
    """A command for a device: its code, fields as JSON, and how it stands (orders.State)."""

    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="orders")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="orders")
    command = LineField(max_length=4)
    fields = TextField()
    ground = TextField(blank=True)
    is_automatic = models.BooleanField(default=False)
    state = LineField(max_length=10, db_index=True)
    tries = models.IntegerField(default=0)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    answer = TextField(blank=True)
    journal = models.BigIntegerField()


class DeviceOrderEvent(models.Model):
    """A step of an order, as the gateway or a person told it."""

    order = models.ForeignKey(DeviceOrder, on_delete=models.PROTECT, related_name="events")
    state = LineField(max_length=10)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()


class Alarm(models.Model):
    """A thing that a rule found at an outlet: from when to when (measured time), how far, and where the evidence lies.

    ``rule`` is its rule, ``key`` what makes it the same alarm when it is found again; ``state`` see alarms.State.
    ``segment`` and ``offset`` are the address of the frame that raised it in the evidence log. ``instants``: of an
    exceedance the starts of the periods that exceeded, seconds since 1970. ``undone_at``: since when late data or marks
    say that it never was out of order; it is counted nowhere then.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="alarms")
    factor = LineField(max_length=12, blank=True)
    rule = LineField(max_length=24)
    key = LineField(max_length=120, unique=True)
    period = LineField(max_length=8)
    level = models.IntegerField()
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField(null=True)
    peak = ExactDecimalField(null=True)
    limit = ExactDecimalField(null=True)
    unit = LineField(max_length=20, blank=True)
    multiple = ExactDecimalField(null=True)
    text = TextField(blank=True)
    segment = models.BigIntegerField(null=True)
    offset = models.BigIntegerField(null=True)
    state = LineField(max_length=10, db_index=True)
    cause = LineField(max_length=16, blank=True)
    due_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()
    instants = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)


class AlarmEvent(models.Model):
    """A step of the case of an alarm; ``receiver``: to whom it was handed over."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    cause = LineField(max_length=16, blank=True)
    receiver = LineField(max_length=120, blank=True)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField(null=True)


class Mark(models.Model):
    """What hours of an outlet (or one factor of it) are marked as; the end is not included.

    ``origin`` is authority, unit or automatic: the newest of the strongest origin holds. ``withdrawn_at`` ends it.
    One that ``waits`` for the authority's agreement holds for nothing.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="marks")
    factor = LineField(max_length=12, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mark = LineField(max_length=8)
    origin = LineField(max_length=10)
    reason = LineField(max_length=16)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField(null=True)
    waits = models.BooleanField(default=False)
    agreed_by = LineField(max_length=150, blank=True)
    agreed_at = models.DateTimeField(null=True)
    withdrawn_by = LineField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("outlet", "starts_at"), name="mark_hours"),
            models.Index(fields=("outlet",), name="mark_waits", condition=models.Q(waits=True)),
        )


class Quarantine(models.Model):
    """What arrived and could not be taken: of an unknown device, or a value in a unit that cannot be converted.

    One row a device number, sort and factor: when first and last, how often, the newest frame's address.
    """

    mn = LineField(max_length=40)
    sort = LineField(max_length=12)
    factor = LineField(max_length=12, blank=True)
    text = TextField(blank=True)
    address = LineField(max_length=60, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.BigIntegerField()
    segment = models.BigIntegerField(null=True)
    offset = models.BigIntegerField(null=True)
    decision = LineField(max_length=10, blank=True)
    decided_by = LineField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    ground = TextField(blank=True)
    journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("mn", "sort", "factor"), name="quarantine_once"),)
