"""到期的运维: what was to be done next at which device and by when: of each sort the newest record says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from shuangkong.records.monitoring.messages import BY_DEVICE
from shuangkong.records.monitoring.models import Device, Outlet, ServiceRecord

#: How much one list tells.
MOST = 1_000
#: What a device told of itself says nothing of the next: it neither sets nor meets a duty, unless a person added a day.
_OF_ITSELF = Q(person=BY_DEVICE, next_on=None)


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a device (at an outlet, of a factor) to be done by a day; ``done_on``: when it was done last."""

    record: int
    device: Device
    outlet: Outlet | None
    sort: str
    factor: str
    done_on: date
    due_on: date

    def days(self, today: date) -> int:
        """How many days it is overdue; below zero: how many are left."""
        return (today - self.due_on).days


def upkeep_due(condition: Q, today: date, soon: timedelta) -> tuple[Due, ...]:
    """What is overdue or due soon of devices in use, the longest overdue first, at most ``MOST``. 1 query.

    Where the newest record of a person says nothing of the next, nobody knows of one.

    Args:
        condition: on ServiceRecord.
        soon: what is due within this time is told beforehand.
    """
    in_use = Q(device__ends_on=None) | Q(device__ends_on__gte=today)
    place = Coalesce("outlet_id", 0)
    newer = (
        ServiceRecord.objects.exclude(_OF_ITSELF)
        .alias(place=place)
        .filter(device=OuterRef("device"), place=OuterRef("place"), sort=OuterRef("sort"), factor=OuterRef("factor"))
        .filter(Q(ends_at__gt=OuterRef("ends_at")) | Q(ends_at=OuterRef("ends_at"), pk__gt=OuterRef("pk")))
    )
    due = ServiceRecord.objects.select_related("device__region", "outlet__region").alias(place=place)
    # Several connections of a device may meet the condition.
    rows = due.filter(in_use, condition, ~Exists(newer), next_on__lte=today + soon).distinct()
    return tuple(
        Due(row.pk, row.device, row.outlet, row.sort, row.factor, row.ends_at.date(), row.next_on)
        for row in rows.order_by("next_on", "pk")[:MOST]
        if row.next_on is not None
    )
