"""Columns of what arrivals tell beside the readings: how clocks go, what came late, which marks the store lacks.

They are notes of work to be done or of instruments, not evidence: what they rest on stands in the evidence log.
"""

from __future__ import annotations

from django.db import models

from shuangkong.records.texts import LineField, TextField


class ClockHour(models.Model):
    """How far a device's clock was from ours in one hour of receipt, by frames that it sent as it made them.

    ``gap_s``: the median of (received − told by the device), positive where its clock is behind; ``low_s`` and
    ``high_s`` the quartiles: where they lie apart, frames were late and not the clock. ``segment`` and ``offset``
    are the address of one of the frames.
    """

    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="clock_hours")
    hour = models.DateTimeField(db_index=True)
    count = models.IntegerField()
    gap_s = models.IntegerField()
    low_s = models.IntegerField()
    high_s = models.IntegerField()
    segment = models.BigIntegerField()
    offset = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("device", "hour"), name="clock_hour_once"),)


class LateData(models.Model):
    """Readings of days that were over came for a month of an outlet, or what is said of them changed (marks, states of
    the gas): ``first_at`` to ``last_at``, starts of periods.

    ``arrived_at``: when the newest of them came. Whatever was closed or judged of that month before is done anew;
    ``unjudged_from``: the oldest of them that nobody has judged yet, None where all are.
    """

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="late_data")
    month = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    arrived_at = models.DateTimeField(db_index=True)
    unjudged_from = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("outlet", "month"), name="late_data_once"),)


class LateMeter(models.Model):
    """Showings or hours of days that were over came for a month of a meter; ``arrived_at``: the newest of them."""

    meter = models.ForeignKey("monitoring.Meter", on_delete=models.PROTECT, related_name="late_data")
    month = models.DateField()
    arrived_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("meter", "month"), name="late_meter_once"),)


class MarkToTell(models.Model):
    """Hours of an outlet whose marks have changed and that the readings store has not been told yet."""

    outlet = models.ForeignKey("monitoring.Outlet", on_delete=models.PROTECT, related_name="marks_to_tell")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    at = models.DateTimeField()


class RowFault(models.Model):
    """What a work of the clock could not do for one row (an outlet, a unit, a boiler): the others were done.

    ``work``: see ``row_faults.Work``; ``row`` its number in its table, ``name`` as people know it, ``region`` where it
    lies. ``said``: the fault, for who mends it. Gone once the work was done for that row.
    """

    work = LineField(max_length=20)
    row = models.BigIntegerField()
    name = LineField(max_length=200)
    region = models.ForeignKey("registry.Region", null=True, on_delete=models.CASCADE, related_name="+")
    said = TextField()
    count = models.IntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("work", "row"), name="row_fault_once"),)
