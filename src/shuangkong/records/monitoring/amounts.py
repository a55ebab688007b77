"""排放量月结: the kilograms of outlets by factor and month as they are kept; a version only where something differs."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from shuangkong.monitoring.reading import Media
from shuangkong.monitoring.wire_codes import is_measured
from shuangkong.records.monitoring.models import AmountClosing, FactorDue, LateData, Mark, Point

#: Kilograms are kept to a microgram.
_QUANTUM = Decimal("1e-9")
#: What was told to have come may still be coming, and be rolled up: so long after it a closing is done once more.
SETTLING = timedelta(minutes=3)
_SAME = (
    "through", "is_over", "kg", "due_hours", "measured_hours", "substituted_hours", "stopped_hours", "by_hand_hours",
    "open_hours", "days", "valid_days", "capture_pct", "is_doubted", "computed_hours", "content",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """One reckoning of an outlet, factor and month; columns as ``AmountClosing`` says, ``trace`` becomes its content.

    ``trace``: ``steps`` (name, formula, value, unit, rule), ``findings`` (code, words), ``doubts``, ``flow`` (the
    arithmetic of an hour whose flow was reckoned), ``days`` and ``runs``: consecutive hours of one origin and rule,
    with the kilograms of each where they stand in for something.
    """

    outlet: int
    factor: str
    month: date
    through: date
    is_over: bool
    kg: Decimal
    due_hours: int
    measured_hours: int
    substituted_hours: int
    stopped_hours: int
    by_hand_hours: int
    open_hours: int
    days: int
    valid_days: int
    capture_pct: Decimal | None
    is_doubted: bool
    computed_hours: int = 0
    trace: Mapping[str, Any]


def owed(first: date, last: date, condition: Q | None = None) -> tuple[Point, ...]:
    """Points of outlets for gas and water that are in use in a span, of the factors due where any is registered, else
    of all that is measured.

    By place, unit and outlet. What flows into a sewage plant is no discharge, and has no amounts. 2 queries.
    """
    in_use = Q(outlet__starts_on__lte=last) & (Q(outlet__ends_on=None) | Q(outlet__ends_on__gte=first))
    rows = Point.objects.select_related("outlet__region", "outlet__enterprise").filter(
        in_use, condition or Q(), outlet__kind__in=[each.value for each in Media], outlet__fed_plants=None
    )
    points = tuple(rows.order_by("outlet__region", "outlet__enterprise", "outlet", "factor"))
    due: dict[int, set[str]] = defaultdict(set)
    registered = set()
    for each in FactorDue.objects.filter(outlet__in={row.outlet_id for row in points}):
        registered.add(each.outlet_id)
        if each.starts_on <= last and (each.ends_on is None or each.ends_on >= first):
            due[each.outlet_id].add(each.factor)
    return tuple(
        row
        for row in points
        if (row.factor in due[row.outlet_id] if row.outlet_id in registered else is_measured(row.factor))
    )


def keep(closed: Iterable[Closed]) -> tuple[int, ...]:
    """Keeps what differs from the newest version; returns the numbers of new rows. 1 query, and 1 a row."""
    told = tuple(closed)
    now, made = timezone.now(), []
    for month in sorted({each.month for each in told}):
        own = [each for each in told if each.month == month]
        held = newest(month, Q(outlet__in={each.outlet for each in own}))
        same = []
        for each in own:
            columns = _columns(each)
            before = held.get((each.outlet, each.factor))
            if before is not None and all(getattr(before, name) == columns[name] for name in _SAME):
                same.append(before.pk)
                continue
            row = AmountClosing(outlet_id=each.outlet, factor=each.factor, month=month, closed_at=now, checked_at=now,
                                **columns)  # fmt: skip
            row.save(force_insert=True)
            made.append(row.pk)
        AmountClosing.objects.filter(pk__in=same).update(checked_at=now)
    return tuple(made)


def _columns(each: Closed) -> dict[str, Any]:
    content = json.dumps(each.trace, ensure_ascii=False, separators=(",", ":"), default=str)
    return {
        "through": each.through, "is_over": each.is_over, "kg": each.kg.quantize(_QUANTUM),
        "due_hours": each.due_hours, "measured_hours": each.measured_hours,
        "substituted_hours": each.substituted_hours, "stopped_hours": each.stopped_hours,
        "by_hand_hours": each.by_hand_hours, "open_hours": each.open_hours, "days": each.days,
        "valid_days": each.valid_days, "is_doubted": each.is_doubted, "computed_hours": each.computed_hours,
        "capture_pct": None if each.capture_pct is None else each.capture_pct.quantize(_QUANTUM),
        "content": content, "digest": hashlib.sha256(content.encode()).hexdigest(),
    }  # fmt: skip


def newest(month: date, condition: Q | None = None) -> dict[tuple[int, str], AmountClosing]:
    """The version that holds of each outlet and factor. 1 query."""
    rows = AmountClosing.objects.filter(condition or Q(), month=month).order_by("pk")
    return {(each.outlet_id, each.factor): each for each in rows}


def versions(outlet: int, factor: str, month: date) -> tuple[AmountClosing, ...]:
    """Every version, the newest first. 1 query."""
    return tuple(AmountClosing.objects.filter(outlet=outlet, factor=factor, month=month).order_by("-pk"))


def marks_changed(rows: QuerySet[Mark]) -> Iterator[tuple[int, datetime]]:
    """Outlet and when it was last that a mark of it was made, agreed to or withdrawn, a pair a mark. 1 query."""
    for outlet, *times in rows.values_list("outlet", "at", "agreed_at", "withdrawn_at"):
        yield outlet, max(each for each in times if each is not None)


def settled(month: date, outlets: Iterable[int], since: datetime) -> set[int]:
    """Outlets whose month was reckoned at ``since`` or later, and whose marks and readings have not changed after.

    3 queries.
    """
    numbers = set(outlets)
    checked: dict[int, datetime] = {}
    for outlet, at in AmountClosing.objects.filter(month=month, outlet__in=numbers).values_list("outlet", "checked_at"):
        checked[outlet] = max(checked.get(outlet, at), at)
    changed: dict[int, datetime] = {}
    lately = Q(at__gte=since) | Q(agreed_at__gte=since) | Q(withdrawn_at__gte=since)
    for outlet, at in marks_changed(Mark.objects.filter(lately, outlet__in=numbers)):
        changed[outlet] = max(changed.get(outlet, at), at)
    for outlet, at in LateData.objects.filter(month=month, outlet__in=numbers).values_list("outlet", "arrived_at"):
        changed[outlet] = max(changed.get(outlet, at + SETTLING), at + SETTLING)
    return {outlet for outlet, at in checked.items() if at >= since and changed.get(outlet, since) <= at}


def reopened(before: date) -> dict[date, set[int]]:
    """Months before one of which readings came after they were closed, or that were never closed: month → outlets.

    2 queries.
    """
    late = {
        (outlet, month): at
        for outlet, month, at in LateData.objects.filter(month__lt=before).values_list("outlet", "month", "arrived_at")
    }
    newest_check = AmountClosing.objects.filter(month__lt=before, outlet__in={outlet for outlet, _ in late})
    checked = {
        (outlet, month): at
        for outlet, month, at in newest_check.values_list("outlet", "month").annotate(at=Max("checked_at"))
    }
    found: dict[date, set[int]] = defaultdict(set)
    for (outlet, month), at in late.items():
        done = checked.get((outlet, month))
        if done is None or done < at + SETTLING:
            found[month].add(outlet)
    return dict(found)
