"""用能月结: closes months of meters into kept amounts and facts, again and again; only what differs is written.

A month that is over becomes facts of its units. One that runs is kept up to yesterday and shown, but is no fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import batched, groupby
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.rounding import as_printed
from shuangkong.monitoring.findings import UNFIT_METER, finding
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.metering.carriers import CARRIERS, factor_of
from shuangkong.monitoring.metering.events import Event, events, findings
from shuangkong.monitoring.metering.grid import Origin, grid
from shuangkong.monitoring.metering.grid import Span as Hours
from shuangkong.monitoring.metering.month import Factors, MeterMonth, months
from shuangkong.monitoring.meters.columns import Numbers, gained, normalised
from shuangkong.monitoring.meters.counter import HOUR_SECONDS, PLACES, Step
from shuangkong.monitoring.reading import HOURS_A_DAY, Span, ends_of
from shuangkong.records.monitoring.late_meters import reopened_meters
from shuangkong.records.monitoring.meter_facts import tell
from shuangkong.records.monitoring.metering import Closed, in_use, keep, settled
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.monitoring.row_faults import Row, Work
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.closing import Done
from shuangkong.web.monitoring.fencing import Fence
from shuangkong.web.monitoring.metered_hours import Read, read, rules_on
from shuangkong.web.monitoring.reclosing import looked_at
from shuangkong.web.monitoring.views.outlet import midnight

_DAY = timedelta(days=1)
#: Meters that are reckoned at once: their months fit in memory, a showing each minute included.
BATCH = 400
#: Meters' months that one tick closes; the next goes on.
MOST = 4_000
_ONE = Decimal(1)


def close(month: date, condition: Q | None = None) -> Done:
    """Closes a month (its first day) of every meter, or of those of a condition on Meter. Raises StoreDown, …"""
    fence = _fence()
    groups = _groups(in_use(month, ends_of(Span.MONTH, month), condition))
    return _added(_fenced(month, group, fence) for group in groups)


def close_due(most: int = MOST) -> Done:
    """What a clock does: each month once a day, and at once where entries of meters or swaps have changed.

    Older months are closed anew when readings of them come, and by nothing else. About ``most`` meters' months a run:
    those of a unit are closed together. Raises StoreDown, StoreRefused.
    """
    done = Done(0, 0, 0)
    fence = _fence()
    for month, meters in _waiting(timezone.localdate()):
        for group in _groups(sorted(meters, key=lambda each: each.enterprise_id in fence.known)):
            if done.months >= most:
                return done
            done = _added((done, _fenced(month, group, fence)))
    return done


type OfUnit = Sequence[Meter]


def _fence() -> Fence[OfUnit]:
    """Around what is done unit by unit. 1 query."""
    return Fence(Work.METERS, lambda own: own[0].enterprise_id, _row)


def _row(own: OfUnit) -> Row:
    return Row(own[0].enterprise_id, own[0].enterprise.name, own[0].enterprise.region_id)


def _fenced(month: date, meters: Sequence[Meter], fence: Fence[OfUnit]) -> Done:
    """A unit whose meters cannot be closed is kept as a fault, and keeps no other."""
    units = [tuple(own) for _unit, own in groupby(meters, key=lambda each: each.enterprise_id)]
    return _added(fence.done(units, lambda some: _close(month, [each for own in some for each in own])))


def _waiting(today: date) -> Iterator[tuple[date, list[Meter]]]:
    """Months with the meters that are to be reckoned in them, the newest first."""
    month = today
    for month in looked_at(today):
        meters = in_use(month, ends_of(Span.MONTH, month))
        settled_ = settled(month, [each.pk for each in meters], midnight(today))
        yield month, [each for each in meters if each.pk not in settled_]
    for late, numbers in sorted(reopened_meters(month).items(), reverse=True):
        yield late, list(in_use(late, ends_of(Span.MONTH, late), Q(pk__in=numbers)))


def _added(runs: Iterable[Done]) -> Done:
    every = list(runs)
    return Done(*(sum(getattr(each, name) for each in every) for name in ("months", "kept", "told")))


def _groups(meters: Sequence[Meter]) -> Iterator[list[Meter]]:
    """Meters as they are kept at once, those of a unit together."""
    group = list[Meter]()
    for _unit, own in groupby(meters, key=lambda each: each.enterprise_id):
        group += own
        if len(group) >= MOST:
            yield group
            group = []
    if group:
        yield group


@dataclass(frozen=True, slots=True)
class HourSeen:
    """An hour of a meter as it stands now, in its carrier's unit; ``amount`` None where it is not known by itself."""

    at: datetime
    amount: Decimal | None
    origin: Origin


def hours_of(meter: Meter, month: date) -> tuple[HourSeen, ...]:
    """The due hours of a month, up to yesterday where it runs. 2 queries and two questions to the store.

    Raises StoreDown, StoreRefused.
    """
    through = min(ends_of(Span.MONTH, month), timezone.localdate() - _DAY)
    if through < month:
        return ()
    book = open_rulebook()
    rules, fits = rules_on(through, book), _factors(meter, factor_of(meter.carrier, meter.unit, book.units()))
    held = read((meter,), midnight(month), midnight(through + _DAY), book.monitoring(), rules)
    span = Hours(int(midnight(month).timestamp()), ((through - month).days + 1) * HOURS_A_DAY,
                 *_due((meter,), month, through))  # fmt: skip
    found = grid(normalised(held.shown, held.swaps, held.meters, rules), held.told, span)
    one = fits or Factors(_ONE, _ONE)
    made = []
    for place, origin in enumerate(found.origin[0].tolist()):
        if origin == Origin.NOT_DUE:
            continue
        counted, told = (Decimal(int(column[0, place])).scaleb(-PLACES) for column in (found.counted, found.told))
        amount = None if origin in (Origin.OPEN, Origin.BRIDGED) else counted * one.counted + told * one.told
        made.append(HourSeen(_local(span.first + place * HOUR_SECONDS), amount, Origin(origin)))
    return tuple(made)


def reckoned(meters: Sequence[Meter], month: date) -> tuple[Closed, ...]:
    """The months of some meters as they stand now; none where no day of the month is over.

    2 queries and two questions to the store a batch of meters. Raises StoreDown, StoreRefused.
    """
    through = min(ends_of(Span.MONTH, month), timezone.localdate() - _DAY)
    if through < month:
        return ()
    return tuple(each for group in batched(meters, BATCH) for each in _batch(group, month, through))


def _close(month: date, meters: Sequence[Meter]) -> Done:
    closed = reckoned(meters, month)
    over = {each.meter for each in closed if each.is_over}
    with transaction.atomic():
        kept = keep(closed)
        units = {each.enterprise_id for each in meters if each.pk in over}
        told = tell(month, units) if units else 0
    return Done(len(meters), kept, told)


def _batch(meters: Sequence[Meter], month: date, through: date) -> Iterator[Closed]:
    book = open_rulebook()
    law, rules, units = book.monitoring(), rules_on(through, book), book.units()
    start, end = midnight(month), midnight(through + _DAY)
    held = read(meters, start, end, law, rules)
    first = int(start.timestamp())
    due = _due(meters, month, through)
    span = Hours(first, ((through - month).days + 1) * HOURS_A_DAY, *due)
    factors = [_factors(each, factor_of(each.carrier, each.unit, units)) for each in meters]
    hours = normalised(held.shown, held.swaps, held.meters, rules)
    found = months(grid(hours, held.told, span), [each or Factors(_ONE, _ONE) for each in factors], month)
    happened: dict[int, tuple[Event, ...]] = {}
    if len(held.shown.meter):
        happened = events(held.shown, *gained(held.shown, held.swaps, held.meters, rules), due)
    is_over = through == ends_of(Span.MONTH, month)
    for place, each in enumerate(meters):
        own, told = found[place], happened.get(place, ())
        fits = factors[place]
        yield Closed(
            meter=each.pk, month=month, through=through, is_over=is_over,
            amount=as_printed(own.amount) if fits else Decimal(0), unit=CARRIERS[each.carrier].unit if fits else "",
            hours=own.hours, trace=_trace(each, own, told, held, place, due, fits, law),
        )  # fmt: skip


def _due(meters: Sequence[Meter], month: date, through: date) -> tuple[Numbers, Numbers]:
    """From when until when each is due, in seconds: while its entry holds."""
    first = [max(month, each.starts_on) for each in meters]
    last = [through if each.ends_on is None else min(through, each.ends_on) for each in meters]
    return (
        np.array([int(midnight(day).timestamp()) for day in first], dtype=np.int64),
        np.array([int(midnight(day + _DAY).timestamp()) for day in last], dtype=np.int64),
    )


def _factors(meter: Meter, factor: Decimal | None) -> Factors | None:
    """By what showings and told hours become amounts; None where the unit cannot become the carrier's."""
    return None if factor is None else Factors((meter.multiplier or _ONE) * factor, factor)


def _trace(
    meter: Meter, month: MeterMonth, told: Iterable[Event], held: Read, place: int, due: tuple[Numbers, Numbers],
    factors: Factors | None, law: MonitoringLaw,
) -> dict[str, Any]:  # fmt: skip
    told = tuple(told)
    zone = timezone.get_current_timezone()
    if factors is None:
        carrier = CARRIERS[meter.carrier].name if meter.carrier in CARRIERS else None
        words = {"name": meter.name, "carrier": carrier.zh if carrier else meter.carrier, "measure": meter.unit}
        english = {"carrier_en": carrier.en} if carrier else {}
        found = [finding(law.checks, UNFIT_METER, meter.name, **words, **english)]
    else:
        unit = CARRIERS[meter.carrier].unit
        found = list(findings(law.checks, meter.name, month, unit, told, zone))
    begin, end = _bounds(held, place, int(due[0][place]), int(due[1][place]))
    return {
        "begin": begin, "end": end,
        "multiplier": f"{meter.multiplier or _ONE:f}", "factor": f"{factors.told:f}" if factors else None,
        "events": [_event(each) for each in told],
        "gaps": [_gap(each.starts, each.hours, each.amount) for each in month.gaps],
        "days": [
            {"day": each.day.isoformat(), "amount": f"{as_printed(each.amount):f}",
             "hours": {origin.name.lower(): count for origin, count in each.hours.items() if count}}
            for each in month.days
        ],
        "findings": [[each.code, each.message.zh, each.message.en] for each in found],
    }  # fmt: skip


def _bounds(held: Read, place: int, first: int, last: int) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The showings that stand at the bounds of what is due: at them or nearest before and behind, else within."""
    low, high = np.searchsorted(held.shown.meter, [place, place + 1]).tolist()
    if low == high:
        return None, None
    at = held.shown.at[low:high]
    begin = max(int(np.searchsorted(at, first, side="right")) - 1, 0)
    end = min(int(np.searchsorted(at, last)), len(at) - 1)
    return _showing(held, low + begin), _showing(held, low + end)


def _showing(held: Read, at: int) -> dict[str, Any]:
    value = Decimal(int(held.shown.value[at])).scaleb(-PLACES)
    return {
        "at": _moment(int(held.shown.at[at])), "value": f"{as_printed(value):f}",
        "segment": int(held.places.segment[at]), "offset": int(held.places.offset[at]),
    }  # fmt: skip


def _event(each: Event) -> dict[str, Any]:
    return {
        "from": _moment(each.starts), "to": _moment(each.ends), "before": f"{as_printed(each.before):f}",
        "after": f"{as_printed(each.after):f}", "gain": f"{as_printed(each.gain):f}",
        "steps": [step.name.lower() for step in Step if step and step & each.steps and step.name],
    }  # fmt: skip


def _gap(starts: int, hours: int, amount: Decimal) -> dict[str, Any]:
    first = _local(starts)
    last = first + timedelta(hours=hours) - timedelta(seconds=1)
    return {
        "at": first.isoformat(), "hours": hours, "amount": f"{as_printed(amount):f}",
        "first": first.date().isoformat(), "last": last.date().isoformat(),
    }  # fmt: skip


def _moment(seconds: int) -> str:
    return _local(seconds).isoformat()


def _local(seconds: int) -> datetime:
    return timezone.localtime(datetime.fromtimestamp(seconds, UTC))
