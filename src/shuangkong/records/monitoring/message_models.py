"""Columns of what devices tell beside readings: samples kept, parts replaced, restarts, checks, logs, states."""

from __future__ import annotations

from django.db import models

from shuangkong.records.texts import LineField, TextField


class DeviceMessage(models.Model):
    """One thing that a device told.

    ``sort`` is a word of ``records.monitoring.messages.SORTS``; ``name`` the field of the protocol, ``text`` what it
    said, ``factor`` of which pollutant ("" of none). ``told_at``: the time that the device gives it, ``received_at``
    when it came. What is told again and again (a state, a heartbeat) is one row a day: ``count`` times, ``last_at``
    the newest. ``key`` keeps what is read twice from being kept twice. ``service``: the record of work it led to.
    ``segment`` and ``offset``: where the first frame of it lies.
    """

    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="messages")
    outlet = models.ForeignKey("monitoring.Outlet", null=True, on_delete=models.PROTECT, related_name="messages")
    sort = LineField(max_length=12)
    factor = LineField(max_length=12, blank=True)
    name = LineField(max_length=32, blank=True)
    text = TextField(blank=True)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField()
    count = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    key = LineField(max_length=160, unique=True)
    service = models.ForeignKey("monitoring.ServiceRecord", null=True, on_delete=models.PROTECT, related_name="+")
    segment = models.BigIntegerField()
    offset = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=("outlet", "last_at"), name="device_message"),
            # By what is forgotten after its days.
            models.Index(fields=("last_at",), name="device_message_age"),
        )
