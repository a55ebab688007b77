"""在线计量用量: what a unit's main meters counted between two days, for returns that begin with it; and its ledger.

Reads what is kept of closed months alone, never the store.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.finding import Message
from shuangkong.core.rounding import as_printed, rounded
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.metering.grid import Origin
from shuangkong.monitoring.metering.month import added, completeness_pct
from shuangkong.monitoring.reading import HOURS_A_DAY, Span, ends_of, starts_of
from shuangkong.records.monitoring.meter_facts import MAIN, signed
from shuangkong.records.monitoring.metering import in_use
from shuangkong.records.monitoring.models import Meter, MeterClosing

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MeterPart:
    """What one main meter counted; ``amount`` of the hours that are known, None where none is.

    ``direction``: ``in`` and ``own`` add, ``out`` subtracts. ``months``: the closings that it rests on.
    """

    meter: int
    name: str
    item: str
    direction: str
    amount: Decimal | None
    due_hours: int
    open_hours: int
    months: tuple[str, ...]
    is_running: bool


@dataclass(frozen=True, slots=True)
class Metered:
    """What a unit used of a carrier, in the base unit; only where ``is_complete`` is ``amount`` the whole.

    ``through``: the last day that is in it; before the first day asked for where none is. ``ground``: one line to cite.
    """

    carrier: str
    amount: Decimal | None
    unit: str
    completeness_pct: Decimal
    is_complete: bool
    through: date
    parts: tuple[MeterPart, ...]
    findings: tuple[Message, ...]
    ground: Message


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One meter as the ledger of metering instruments has it; ``number``: in the ledger, else serial, else item."""

    number: str
    name: str
    model: str
    accuracy: str
    carrier: str
    level: int
    place: str
    calibrated_on: date | None
    calibrated_until: date | None
    is_connected: bool


def metered(unit: int, first: date, last: date, carriers: Collection[str] | None = None) -> dict[str, Metered]:
    """Carrier → what a unit's main meters counted from ``first`` to ``last``, both included. 2 queries.

    Carriers that the unit has no meter of in the span are not in it: that is not zero. One with sub meters only is in
    it without an amount. Days to come count as due: a span that runs is incomplete. Sub meters never count.

    Args:
        unit: number of an enterprise.
        carriers: ids of ``metering.carriers``; None: all.
    """
    by_carrier: dict[str, list[Meter]] = defaultdict(list)
    for each in in_use(first, last, Q(enterprise=unit)):
        if each.carrier in CARRIERS and (carriers is None or each.carrier in carriers):
            by_carrier[each.carrier].append(each)
    main = [each.pk for group in by_carrier.values() for each in group if each.level == MAIN]
    rows = MeterClosing.objects.filter(
        meter__in=main, month__gte=starts_of(Span.MONTH, first), month__lte=last
    ).order_by("pk")
    held: dict[int, dict[date, MeterClosing]] = defaultdict(dict)
    for row in rows:
        held[row.meter_id][row.month] = row
    return {
        carrier: _metered(carrier, group, [_part(each, held[each.pk], first, last) for each in group
                                           if each.level == MAIN], first, last)
        for carrier, group in by_carrier.items()
    }  # fmt: skip


def metering_ledger(unit: int, day: date) -> tuple[LedgerRow, ...]:
    """The meters of a unit in use on a day, for the form of that name. 1 query."""
    return tuple(
        LedgerRow(
            each.ledger or each.serial or each.item, each.name, each.model, each.accuracy, each.carrier, each.level,
            each.place, each.calibrated_on, each.calibrated_until, each.device_id is not None,
        )
        for each in in_use(day, day, Q(enterprise=unit))
    )  # fmt: skip


def _part(meter: Meter, held: dict[date, MeterClosing], first: date, last: date) -> tuple[MeterPart, date]:
    """What a meter counted, and the last day that is in it."""
    begin = max(first, meter.starts_on)
    end = last if meter.ends_on is None else min(last, meter.ends_on)
    due = ((end - begin).days + 1) * HOURS_A_DAY
    amounts, known, months, through = list[Decimal](), 0, list[str](), first - _DAY
    is_running = False
    for month, row in sorted(held.items()):
        months.append(f"{month:%Y-%m}")
        is_running |= not row.is_over
        through = max(through, min(row.through, last))
        if not row.unit:
            continue
        if begin <= max(month, meter.starts_on) and ends_of(Span.MONTH, month) <= last:
            amounts.append(row.amount)
            known += row.due_hours - row.open_hours
            continue
        for amount, hours in _days(row, begin, end):
            amounts.append(amount)
            known += hours
    whole = added(amounts) if known else None
    part = MeterPart(meter.pk, meter.name, meter.item, meter.direction or "in", whole, due, due - known,
                     tuple(months), is_running)  # fmt: skip
    return part, through


def _days(row: MeterClosing, begin: date, end: date) -> list[tuple[Decimal, int]]:
    """Amount and known hours of the days of a month that lie in a span, and of the silences that do whole."""
    trace, found = json.loads(row.content), []
    for each in trace["days"]:
        if begin <= date.fromisoformat(each["day"]) <= end:
            known = sum(each["hours"].get(origin.name.lower(), 0) for origin in _PLACED)
            found.append((Decimal(each["amount"]), known))
    for gap in trace["gaps"]:
        if begin <= date.fromisoformat(gap["first"]) and date.fromisoformat(gap["last"]) <= end:
            found.append((Decimal(gap["amount"]), gap["hours"]))
    return found


#: Hours that have a day.
_PLACED = (Origin.MEASURED, Origin.ESTIMATED, Origin.TOLD)


def _metered(
    carrier: str, meters: Sequence[Meter], told: Sequence[tuple[MeterPart, date]], first: date, last: date
) -> Metered:
    parts = tuple(part for part, _through in told)
    through = min((day for _part, day in told), default=first - _DAY)
    by = {each.pk: each for each in meters}
    known = [signed(by[each.meter], each.amount) for each in parts if each.amount is not None]
    due, open_ = sum(each.due_hours for each in parts), sum(each.open_hours for each in parts)
    is_complete = bool(parts) and not open_ and len(known) == len(parts)
    # Rounded down: what lacks an hour is never told as 100.
    pct = Decimal(100) if is_complete else min(rounded(completeness_pct(due - open_, due), 2), Decimal("99.99"))
    findings = []
    if not parts:
        name = CARRIERS[carrier].name
        findings.append(Message(f"{name.zh}只登记了次级计量器具，没有总表", f"{name.en}: sub meters only, no main one"))
    for each in parts:
        if each.open_hours:
            zh = f"{each.name}：{each.due_hours} 小时中 {each.open_hours} 小时不知道"
            findings.append(Message(zh, f"{each.name}: {each.open_hours} of {each.due_hours} hours are not known"))
    span = f"{first} — {last}"
    ground = Message(
        f"{span} 在线计量，总表 {len(parts)} 只，完整率 {as_printed(pct)}%",
        f"{span} online meters, {len(parts)} main, {as_printed(pct)} % complete",
    )
    amount = added(known) if known else None
    return Metered(carrier, amount, CARRIERS[carrier].unit, pct, is_complete, through, parts, tuple(findings), ground)
