"""Columns of platforms above the site: how one is reached, what was asked about it, how each unit stands with it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField, TextField


class HigherPlatform(models.Model):
    """A platform that figures of units below ``region`` are passed on to, as long as ``is_on``.

    ``auth`` and ``valid`` are words of ``protocols.nhjc.profile``; ``token`` is encrypted. ``ca`` is PEM text of the
    authority that its certificate must fit, "" for those that the machine knows. ``day_time`` ("HH:MM:SS") is when
    figures of days and longer go, unless the platform tells another. ``units``: credit codes parted by spaces, "" all.

    ``kind``: what goes, a word of ``higher_fields.Kind``. Where frames of devices go (hj212), ``register_url`` is
    ``tcp://host:port`` or ``tls://host:port``, ``token`` the access password that the platform knows the devices by
    (None: each device's own); ``edition`` of what is sent ("auto": the device's), ``cipher`` how enciphered data areas
    stand on the wire ("none": in clear), ``key`` (encrypted) for them (None: the device's own), ``aliases`` lines
    "own number=number above", ``per_minute`` frames at most, ``wait_s`` seconds for an answer, ``resends`` how often a
    frame goes again.
    """

    kind = LineField(max_length=8, default="nhjc")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=80)
    register_url = LineField(max_length=300)
    auth = LineField(max_length=8, default="none")
    token = models.BinaryField(null=True)
    ca = TextField(blank=True, default="")
    valid = LineField(max_length=16)
    is_dashed = models.BooleanField(default=True)
    day_time = LineField(max_length=8)
    units = TextField(blank=True, default="")
    with_fictional = models.BooleanField(default=False)
    keep_days = models.IntegerField()
    edition = LineField(max_length=8, default="auto")
    cipher = LineField(max_length=8, default="none")
    key = models.BinaryField(null=True)
    aliases = TextField(blank=True, default="")
    per_minute = models.IntegerField(default=0)
    wait_s = models.IntegerField(default=0)
    resends = models.IntegerField(default=0)
    is_on = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("region", "name"), condition=Q(ended_at=None), name="higher_platform_once"),
        )


class ResendOrder(models.Model):
    """That figures of periods since a day go again, of a unit or (None) of all; ``done_at`` None: not yet taken up."""

    platform = models.ForeignKey(HigherPlatform, on_delete=models.PROTECT, related_name="orders")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    figures = models.IntegerField(default=0)


class PassingState(models.Model):
    """How a unit stands with a platform, as last seen: figures accepted, owed, refused one by one.

    ``step`` is a word of ``protocols.nhjc.session``; ``next_at``: not before; ``reason``: what the platform said to the
    last try that failed. ``refused``: the newest of the refused, as JSON (code, every, starts, value).
    """

    platform = models.ForeignKey(HigherPlatform, on_delete=models.PROTECT, related_name="states")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    step = LineField(max_length=10)
    accepted = models.IntegerField()
    owed = models.IntegerField()
    aside = models.IntegerField()
    reason = TextField(blank=True, default="")
    refused = TextField(blank=True, default="")
    next_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "enterprise"), name="passing_state_once"),)


class RelayState(models.Model):
    """How frames of a device stand with a platform above: acknowledged, waiting, put aside among these.

    ``mn``: its number, as it sends it. ``refused``: as JSON the newest of those put aside (cn, time, reason), and where
    frames went longer than the standard allows how many, and the last (count, cn, time, bytes).
    """

    platform = models.ForeignKey(HigherPlatform, on_delete=models.PROTECT, related_name="relay_states")
    mn = LineField(max_length=40)
    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="+")
    accepted = models.IntegerField()
    owed = models.IntegerField()
    aside = models.IntegerField()
    refused = TextField(blank=True, default="")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "mn"), name="relay_state_once"),)


class RelayStanding(models.Model):
    """How the line to a platform above stands; ``reason``: why it does not, "" where it does.

    ``read_at``: when the newest frame came that was read for it; ``behind``: bytes of the log that are still to be
    read. ``seen_at``: when this was last told.
    """

    platform = models.OneToOneField(HigherPlatform, on_delete=models.PROTECT, related_name="relay_standing")
    is_connected = models.BooleanField()
    reason = TextField(blank=True, default="")
    read_at = models.DateTimeField(null=True)
    behind = models.BigIntegerField()
    seen_at = models.DateTimeField()
