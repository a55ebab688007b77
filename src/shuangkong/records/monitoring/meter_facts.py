"""用能月结入库: what the main meters of units used in months that are over becomes facts of the units.

A unit's amount of a carrier is what came in and what it made itself, less what it passed on, by the meters of level 1:
those below them measure the same energy again. It is told only when each of them is complete; else it is MISSING. So is
their sum in coal equivalent, which also lacks where a coefficient is a range: nobody averages it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.monitoring.metering.month import added
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.coal_equivalent import MEDIA, Coal
from shuangkong.records.monitoring.metering import in_use, newest
from shuangkong.records.monitoring.models import Meter, MeterClosing
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import open_rulebook

SOURCE = "在线计量小时用量合计 (hourly amounts of online meters)"
#: As which the energy of a unit is told.
ENERGY = "metered_energy"
#: The level at which energy comes into a unit or leaves it; what counts there, by direction.
MAIN, SIGNS = 1, {"in": 1, "own": 1, "out": -1}
_PLACES = 3
_NAMED = 3


def tell(month: date, units: Iterable[int]) -> int:
    """Tells the amounts of some units (numbers of enterprises); returns how many figures are otherwise.

    ~15 queries. The caller has taken care that the month is over.
    """
    meters = in_use(month, ends_of(Span.MONTH, month), Q(enterprise__in=set(units)))
    held = newest(month, [each.pk for each in meters if each.level == MAIN])
    grouped: dict[tuple[int, str], list[Meter]] = defaultdict(list)
    for each in meters:
        if each.carrier in CARRIERS:
            grouped[each.enterprise_id, each.carrier].append(each)
    told = [_sum(carrier, group, held) for (_unit, carrier), group in grouped.items()]
    amounts: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    for (unit, carrier), carried in zip(grouped, told, strict=True):
        amounts[unit][carrier] = carried.value
    firms = {each.enterprise_id: each.enterprise for each in meters}
    told += [_energy(firms[unit], own, month) for unit, own in amounts.items() if not own.keys() <= MEDIA]
    return write(told, month, SOURCE, "monitoring/metering")


def _energy(firm: Enterprise, amounts: Mapping[str, Decimal | None], month: date) -> Told:
    """Its carriers together, at the calorific value."""
    book, day = open_rulebook(), ends_of(Span.MONTH, month)
    found = Coal(book, book.layer_of(firm.region_id, day), day).total(amounts)
    ranges = [each.carrier for each in found.parts if each.coefficient is not None and each.coefficient.is_range]
    lacking = [each for each in found.parts if each.lacking is not None and each.carrier not in MEDIA]
    if found.number is not None:
        zh, en = f"{len(amounts)} 个品种按当量值折算", f"{len(amounts)} carriers at their calorific value"
        if not found.is_verified:
            zh, en = (
                f"{zh}；折标准煤系数尚未与文件核对",
                f"{en}; the coefficients were not compared with their document",
            )
    else:
        named = [*(CARRIERS[each.carrier].name for each in lacking), *(CARRIERS[each].name for each in ranges)]
        zh = f"不能折成一个数：{'、'.join(dict.fromkeys(each.zh for each in named))}缺用量、缺系数或系数是区间"
        en = f"no one number: {', '.join(dict.fromkeys(each.en for each in named))}"
    value = None if found.number is None else rounded(found.number, _PLACES)
    subject = SubjectRow("unit", source_code(firm.pk), firm.name, firm.region_id)
    return Told(ENERGY, subject, value, "tce", f"{zh} ({en})", firm.is_fictional or firm.region.is_fictional)


def signed(meter: Meter, amount: Decimal) -> Decimal:
    """As it counts in the unit's amount."""
    return amount * SIGNS.get(meter.direction or "in", 1)


def lacks(row: MeterClosing | None) -> bool:
    """Whether a month of a meter is not whole."""
    return row is None or bool(row.open_hours) or not row.unit or not row.due_hours


def _sum(carrier: str, meters: Sequence[Meter], held: Mapping[int, MeterClosing]) -> Told:
    held_by, firm = CARRIERS[carrier], meters[0].enterprise
    subject = SubjectRow("unit", source_code(firm.pk), firm.name, firm.region_id)
    is_demo = firm.is_fictional or firm.region.is_fictional
    main = [each for each in meters if each.level == MAIN]
    lacking = [each.name for each in main if lacks(held.get(each.pk))]
    value = None
    if not main:
        note = (
            f"只登记了 {len(meters)} 只次级计量器具，没有进出用能单位的总表"
            f" (only {len(meters)} sub meters, none where energy comes into the unit)"
        )
    elif lacking:
        names = "、".join(lacking[:_NAMED]) + ("……" if len(lacking) > _NAMED else "")
        note = (
            f"{len(main)} 只总表中 {len(lacking)} 只不完整：{names}"
            f" ({len(lacking)} of {len(main)} main meters are incomplete)"
        )
    else:
        rows = [held[each.pk] for each in main]
        value = rounded(added(signed(each, held[each.pk].amount) for each in main), _PLACES)
        hours, bridged = sum(row.due_hours for row in rows), sum(row.bridged_hours for row in rows)
        spread = sum(row.estimated_hours for row in rows)
        note = (
            f"{len(main)} 只总表，{hours} 小时，其中分摊 {spread} 小时、间断合并 {bridged} 小时"
            f" ({spread} of {hours} hours spread, {bridged} known together)"
        )
    return Told(held_by.indicator, subject, value, held_by.unit, note, is_demo)
