"""到期的运维: what was to be done next at which device and by when: of each sort the newest record says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from shuangkong.records.monitoring.models import Device, Outlet, ServiceRecord

#: What is due within so many days is told beforehand.
SOON = timedelta(days=30)


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


def upkeep_due(condition: Q, today: date) -> tuple[Due, ...]:
    """What is overdue or due soon of devices in use, the longest overdue first. 1 query.

    Args:
        condition: on ServiceRecord.
    """
    in_use = Q(device__ends_on=None) | Q(device__ends_on__gte=today)
    rows = ServiceRecord.objects.select_related("device__region", "outlet__region").filter(in_use, condition)
    newest: dict[tuple[int, int, str, str], ServiceRecord] = {}
    for row in rows.order_by("ends_at", "pk"):
        newest[row.device_id, row.outlet_id or 0, row.sort, row.factor] = row
    return tuple(sorted(_due(newest.values(), today), key=lambda each: (each.due_on, each.record)))


def _due(rows: Iterable[ServiceRecord], today: date) -> Iterator[Due]:
    for row in rows:
        # Where the newest record says nothing of the next, nobody knows of one.
        if row.next_on is not None and row.next_on <= today + SOON:
            yield Due(row.pk, row.device, row.outlet, row.sort, row.factor, row.ends_at.date(), row.next_on)
