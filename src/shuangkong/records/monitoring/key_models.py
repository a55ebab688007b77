"""Columns of the renewals of devices' keys (SM4, the 2025 edition). Secrets are encrypted."""

from __future__ import annotations

from django.db import models


class KeyRenewal(models.Model):
    """A key that was made for a device, and the one before it.

    ``order`` is the newest order that tells it to the device. ``confirmed_at`` None: the device may use it already or
    not yet; from then on it is the device's own, and ``before`` opens only what was still under way.
    """

    device = models.ForeignKey("monitoring.Device", on_delete=models.PROTECT, related_name="key_renewals")
    key = models.BinaryField()
    before = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    order = models.ForeignKey("monitoring.DeviceOrder", null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    journal = models.BigIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("device",), condition=models.Q(confirmed_at=None), name="key_renewal_one_at_a_time"
            ),
        )
