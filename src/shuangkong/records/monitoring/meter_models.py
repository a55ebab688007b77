"""Columns of meters: the register, what was swapped, and what each used in a month as it was closed."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.texts import LineField, TextField


class Meter(models.Model):
    """A meter of energy or water; ``item`` is the 16-digit item code without dashes.

    ``carrier`` is an id of ``metering.carriers``; ``level`` 1 stands where energy comes into the unit or leaves it, 2
    and 3 below it: only level 1 counts, by its ``direction``. ``code``: under which code its device's messages tell
    its counter, "" where they do not. ``scale`` is the figure at which its counter begins again, ``multiplier`` that of
    its transformers; ``low`` and ``high`` bound what an hour can bring, in its unit.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey("monitoring.Device", null=True, on_delete=models.PROTECT, related_name="meters")
    item = LineField(max_length=20)
    code = LineField(max_length=12, blank=True, default="")
    name = LineField(max_length=120)
    serial = LineField(max_length=60, blank=True)
    ledger = LineField(max_length=60, blank=True, default="")
    model = LineField(max_length=80, blank=True, default="")
    accuracy = LineField(max_length=20, blank=True, default="")
    place = LineField(max_length=120, blank=True, default="")
    carrier = LineField(max_length=40)
    unit = LineField(max_length=20)
    level = models.IntegerField()
    direction = LineField(max_length=8, default="in")
    scale = ExactDecimalField(null=True)
    multiplier = ExactDecimalField(null=True)
    low = ExactDecimalField(null=True)
    high = ExactDecimalField(null=True)
    calibrated_on = models.DateField(null=True)
    calibrated_until = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class MeterSwap(models.Model):
    """A meter that was taken out: its last figure, and the first of the one in its place."""

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="swaps")
    at = models.DateTimeField()
    last = ExactDecimalField()
    first = ExactDecimalField()
    serial = LineField(max_length=60, blank=True)
    note = LineField(max_length=300, blank=True)


class MeterClosing(models.Model):
    """One version of what a meter used in a month; the newest holds. Never changed but ``checked_at``.

    ``amount`` is of the hours that are known, in ``unit`` (id of a base unit; "" where the meter's own cannot become
    it: nothing is known then). ``through`` is the last day in it: the month's last, or yesterday's of a month that
    runs. ``content`` is the trace as JSON: see ``metering.Closed``; ``digest`` its. ``checked_at``: when it was last
    found to hold.
    """

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="closings")
    month = models.DateField()
    through = models.DateField()
    is_over = models.BooleanField()
    amount = ExactDecimalField()
    unit = LineField(max_length=20, blank=True)
    due_hours = models.IntegerField()
    measured_hours = models.IntegerField()
    estimated_hours = models.IntegerField()
    told_hours = models.IntegerField()
    bridged_hours = models.IntegerField()
    open_hours = models.IntegerField()
    content = TextField()
    digest = LineField(max_length=64)
    closed_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=("meter", "month"), name="closing_of_meter"),
            models.Index(fields=("month", "meter"), name="closing_of_meters_month"),
        )
