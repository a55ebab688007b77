"""用能设备: machines that should have gone by a day, are of no grade, or wait for their retrofit."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from shuangkong.records.monitoring.equipment.models import Machine

#: Grade of what lies below every grade of its standard.
BELOW = "below"
_MOST = 5_000


def machines_to_go(condition: Q, day: date) -> tuple[Machine, ...]:
    """Machines in use on a day that are to be removed, by then or later, the oldest duty first. 1 query.

    What is below every grade is among them where nobody has said by when.
    """
    held = Q(ends_on=None) | Q(ends_on__gte=day)
    wanted = Q(remove_by__isnull=False) | Q(grade=BELOW)
    rows = Machine.objects.select_related("enterprise__region").filter(condition, held, wanted, starts_on__lte=day)
    return tuple(rows.order_by("remove_by", "enterprise__name", "code", "pk")[:_MOST])
