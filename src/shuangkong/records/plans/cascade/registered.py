"""登记册: entries as they stand, now or at the end of a past day, and what happened to them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from shuangkong.core.span import Span
from shuangkong.records.past import known_by
from shuangkong.records.plans.cascade.models import CascadeEntry, CascadeEvent
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind, EventRow, RegisterRow


def registered(condition: Q, until: date | None = None) -> tuple[RegisterRow, ...]:
    """Entries that meet a condition (on plan, kind, path …), by plan and place, as known at the end of a day.

    2 queries. Access is the caller's condition (``people.access.visible`` on ``path``).
    """
    entries = list(CascadeEntry.objects.select_related("plan", "item").filter(condition).order_by("plan", "kind", "pk"))
    told: dict[int, list[CascadeEvent]] = defaultdict(list)
    for event in _events(Q(entry__in=[each.pk for each in entries]), until):
        told[event.entry_id].append(event)
    return tuple(_row(each, told[each.pk]) for each in entries if told[each.pk])


def register_entry(entry_id: int, until: date | None = None) -> RegisterRow | None:
    """One entry. 2 queries."""
    return next(iter(registered(Q(pk=entry_id), until)), None)


def register_events(entry_id: int, until: date | None = None) -> tuple[EventRow, ...]:
    """What happened to an entry, oldest first. 1 query."""
    return tuple(map(_event_row, _events(Q(entry=entry_id), until)))


def _events(condition: Q, until: date | None) -> list[CascadeEvent]:
    found = CascadeEvent.objects.select_related("owner", "written").filter(known_by(until, "at")).filter(condition)
    return list(found.order_by("pk"))


def _row(entry: CascadeEntry, events: list[CascadeEvent]) -> RegisterRow:
    """Facts as of the newest registration; of values the newest since then."""
    start = max((at for at, each in enumerate(events) if each.kind == EventKind.REGISTER), default=0)
    since, last = events[start:], events[-1]
    written = next((each.written for each in reversed(since) if each.written), None)
    arrived = next((each for each in reversed(since) if each.value is not None), None)
    first = since[0]
    ends = (entry.span_start, entry.span_end)
    payload = entry.item.payload if entry.item else {}
    return RegisterRow(
        id=entry.pk,
        plan=entry.plan_id,
        plan_title=entry.plan.title,
        kind=EntryKind(entry.kind),
        title=entry.title,
        giver=entry.giver,
        item=entry.item_id,
        item_no=payload.get("no", ""),
        item_title=payload.get("title", ""),
        path=entry.path,
        span=None if ends[0] is None or ends[1] is None else Span(ends[0], ends[1]),
        state=EventKind(last.kind),
        owner=first.owner_id,
        owner_name=first.owner.name if first.owner else "",
        due=first.due,
        task=first.task_id,
        written=written.pk if written else None,
        written_title=written.title if written else "",
        op=arrived.op if arrived else "",
        value=arrived.value if arrived else None,
        unit=arrived.unit if arrived else "",
        deadline=arrived.deadline if arrived else "",
        base_year=arrived.base_year if arrived else None,
        ground=last.ground,
        document=last.document,
        on=last.on,
        author=last.author,
        at=last.at,
        journal=last.journal,
    )


def _event_row(found: CascadeEvent) -> EventRow:
    return EventRow(
        id=found.pk,
        entry=found.entry_id,
        kind=EventKind(found.kind),
        owner=found.owner_id,
        owner_name=found.owner.name if found.owner else "",
        due=found.due,
        written=found.written_id,
        op=found.op,
        value=found.value,
        unit=found.unit,
        deadline=found.deadline,
        on=found.on,
        ground=found.ground,
        document=found.document,
        author=found.author,
        at=found.at,
        journal=found.journal,
    )
