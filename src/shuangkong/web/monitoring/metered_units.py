"""企业的月用能: what the main meters of each unit counted of each carrier in a month, and what that is in tce."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.metering.month import added, completeness_pct
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.coal_equivalent import Coal, CoalTotal, Converted
from shuangkong.records.monitoring.meter_facts import MAIN, lacks, signed
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import open_rulebook

#: Of what lacks an hour no rate is told as 100.
_ALMOST = Decimal("99.99")


@dataclass(frozen=True, slots=True)
class CarrierMonth:
    """A carrier of a unit: ``amount`` of the hours that are known, in ``unit``; ``tce`` of it where it is whole.

    ``meters``: all of the carrier; ``main``: those where it comes in or goes out. ``share``: hours known, %.
    """

    carrier: str
    unit: str
    amount: Decimal | None
    meters: tuple[Meter, ...]
    main: tuple[Meter, ...]
    share: Decimal | None
    is_whole: bool
    is_over: bool
    through: date | None
    tce: Converted


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """A unit with its carriers, and all of them together in coal equivalent."""

    enterprise: Enterprise
    carriers: tuple[CarrierMonth, ...]
    total: CoalTotal


def unit_months(meters: Sequence[Meter], held: Mapping[int, MeterClosing], month: date) -> tuple[UnitMonth, ...]:
    """By place and unit, as ``meters`` are ordered; ``held``: the closings that hold."""
    grouped: dict[int, dict[str, list[Meter]]] = defaultdict(lambda: defaultdict(list))
    for each in meters:
        if each.carrier in CARRIERS:
            grouped[each.enterprise_id][each.carrier].append(each)
    return tuple(_unit(own, held, month) for own in grouped.values())


def main_of(group: Sequence[Meter]) -> list[Meter]:
    return [each for each in group if each.level == MAIN]


def sum_of(group: Sequence[Meter], held: Mapping[int, MeterClosing]) -> Decimal | None:
    """Of the hours that are known; None where none is."""
    known = [signed(each, held[each.pk].amount) for each in group if each.pk in held and held[each.pk].unit]
    return added(known) if known else None


def _unit(own: Mapping[str, Sequence[Meter]], held: Mapping[int, MeterClosing], month: date) -> UnitMonth:
    firm = next(iter(own.values()))[0].enterprise
    book, day = open_rulebook(), ends_of(Span.MONTH, month)
    whole = {carrier: _whole(group, held) for carrier, group in own.items()}
    total = Coal(book, book.layer_of(firm.region_id, day), day).total(whole)
    parts = {each.carrier: each for each in total.parts}
    carriers = tuple(_carrier(carrier, group, held, parts[carrier]) for carrier, group in own.items())
    return UnitMonth(firm, carriers, total)


def _whole(group: Sequence[Meter], held: Mapping[int, MeterClosing]) -> Decimal | None:
    main = main_of(group)
    return None if not main or any(lacks(held.get(each.pk)) for each in main) else sum_of(main, held)


def _carrier(carrier: str, group: Sequence[Meter], held: Mapping[int, MeterClosing], tce: Converted) -> CarrierMonth:
    main = main_of(group)
    rows = [held[each.pk] for each in main if each.pk in held]
    due, open_ = sum(row.due_hours for row in rows), sum(row.open_hours for row in rows)
    share = rounded(completeness_pct(due - open_, due), 2) if due else None
    share = min(share, _ALMOST) if share is not None and open_ else share
    return CarrierMonth(
        carrier, CARRIERS[carrier].unit, sum_of(main, held), tuple(group), tuple(main), share,
        is_whole=_whole(group, held) is not None, is_over=bool(rows) and all(row.is_over for row in rows),
        through=min((row.through for row in rows), default=None), tce=tce,
    )  # fmt: skip
