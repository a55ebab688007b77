"""用能月结: what meters used in months as it is kept; a version only where something differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import batched
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from shuangkong.monitoring.metering.grid import Origin
from shuangkong.records.monitoring.models import Meter, MeterClosing, MeterSwap, RegisterEvent

_BATCH = 400
_SAME = ("through", "is_over", "amount", "unit", "due_hours", "measured_hours", "estimated_hours", "told_hours",
         "bridged_hours", "open_hours", "content")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One reckoning of a meter and month; columns as ``MeterClosing`` says, ``trace`` becomes its content.

    ``trace``: ``begin`` and ``end`` (a showing: ``at``, ``value``, ``segment``, ``offset``; None where there is none),
    ``events`` (what happened between two showings: ``from``, ``to``, ``before``, ``after``, ``gain``, ``steps``),
    ``gaps`` (silences that are bridged: ``at``, ``hours``, ``amount``), ``multiplier``, ``factor`` (of the unit),
    ``days`` (``day``, ``amount``, ``hours`` by origin) and ``findings`` (code, words).
    """

    meter: int
    month: date
    through: date
    is_over: bool
    amount: Decimal
    unit: str
    hours: Mapping[Origin, int]
    trace: Mapping[str, Any]


def in_use(first: date, last: date, condition: Q | None = None) -> tuple[Meter, ...]:
    """Meters that hold on some day of a span, by place, unit and number. 1 query."""
    held = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    rows = Meter.objects.select_related("enterprise__region").filter(held, condition or Q())
    return tuple(rows.order_by("enterprise__region", "enterprise", "level", "pk"))


def swaps_of(meters: Collection[int], first: datetime, last: datetime) -> tuple[MeterSwap, ...]:
    """What was swapped in a span, in order of time. 1 query."""
    return tuple(MeterSwap.objects.filter(meter__in=meters, at__gt=first, at__lte=last).order_by("at", "pk"))


def keep(closed: Iterable[Closed]) -> int:
    """Keeps what differs from the newest version; returns how many new rows. 3 queries a month and 400 meters."""
    told = tuple(closed)
    now, count = timezone.now(), 0
    for month in sorted({each.month for each in told}):
        for group in batched([each for each in told if each.month == month], _BATCH):
            held = newest(month, [each.meter for each in group])
            same, fresh = [], []
            for each in group:
                columns = _columns(each)
                before = held.get(each.meter)
                if before is not None and all(getattr(before, name) == columns[name] for name in _SAME):
                    same.append(before.pk)
                else:
                    fresh.append(MeterClosing(meter_id=each.meter, month=month, closed_at=now, checked_at=now,
                                              **columns))  # fmt: skip
            MeterClosing.objects.bulk_create(fresh, batch_size=_BATCH)
            MeterClosing.objects.filter(pk__in=same).update(checked_at=now)
            count += len(fresh)
    return count


def _columns(each: Closed) -> dict[str, Any]:
    content = json.dumps(each.trace, ensure_ascii=False, separators=(",", ":"), default=str)
    return {
        "through": each.through, "is_over": each.is_over, "amount": each.amount, "unit": each.unit,
        "due_hours": sum(each.hours.values()), "measured_hours": each.hours[Origin.MEASURED],
        "estimated_hours": each.hours[Origin.ESTIMATED], "told_hours": each.hours[Origin.TOLD],
        "bridged_hours": each.hours[Origin.BRIDGED], "open_hours": each.hours[Origin.OPEN],
        "content": content, "digest": hashlib.sha256(content.encode()).hexdigest(),
    }  # fmt: skip


def newest(month: date, meters: Collection[int]) -> dict[int, MeterClosing]:
    """The version that holds of each meter. 1 query."""
    rows = MeterClosing.objects.filter(month=month, meter__in=meters).order_by("pk")
    return {each.meter_id: each for each in rows}


def versions(meter: int, month: date) -> tuple[MeterClosing, ...]:
    """Every version, the newest first. 1 query."""
    return tuple(MeterClosing.objects.filter(meter=meter, month=month).order_by("-pk"))


def settled(month: date, meters: Collection[int], since: datetime) -> set[int]:
    """Meters whose month was reckoned at ``since`` or later, and whose entries have not changed after. 4 queries."""
    checked = dict(
        MeterClosing.objects.filter(month=month, meter__in=meters).values_list("meter").annotate(last=Max("checked_at"))
    )
    changed: dict[int, datetime] = {}
    rows = RegisterEvent.objects.filter(register__in=("meters", "swaps"), at__gte=since).values_list(
        "register", "row", "at"
    )
    told = list(rows)
    of_swap = dict(
        MeterSwap.objects.filter(pk__in=[row for register, row, _at in told if register == "swaps"]).values_list(
            "pk", "meter"
        )
    )
    for register, row, at in told:
        meter = row if register == "meters" else of_swap.get(row, 0)
        changed[meter] = max(changed.get(meter, at), at)
    return {meter for meter, at in checked.items() if at >= since and changed.get(meter, since) <= at}
