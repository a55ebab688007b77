"""在线监测的用能量: what the meters of units counted in a month, in coal equivalent too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.metering import in_use, newest
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.monitoring.metered_units import CarrierMonth, UnitMonth, unit_months

room = Room(tags=["monitoring"])


class MeteredCarrier(Schema):
    """A carrier: ``amount`` of the hours that are known, in ``unit``; in tce where it is whole, a range as one.

    ``source`` is the document of the coefficient, ``is_verified`` whether that was compared with it.
    """

    carrier: str
    amount: Decimal | None
    unit: str
    completeness_pct: Decimal | None
    is_whole: bool
    is_over: bool
    through: date | None
    low_tce: Decimal | None
    high_tce: Decimal | None
    source: str
    is_verified: bool


class MeteredUnit(Schema):
    """A unit: the sum of the carriers that could be converted; ``is_whole``: all could, and none lacks an hour."""

    id: int
    name: str
    region: str
    carriers: list[MeteredCarrier]
    low_tce: Decimal | None
    high_tce: Decimal | None
    is_whole: bool
    is_verified: bool


class MeteredUnits(Schema):
    """By place and unit."""

    items: list[MeteredUnit]


@room.reads("/monitoring/metered", Action.MONITORING_READ, MeteredUnits)
def list_metered_energy(request: HttpRequest, month: str) -> Any:
    """各用能单位一个月（YYYY-MM）的在线计量用量，逐品种折标准煤（当量值）并合计；区间系数给出上下限，不取平均。"""
    first = _month(month)
    seen = visible(caller(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    meters = in_use(first, ends_of(Span.MONTH, first), seen)
    return {"items": [_unit(each) for each in unit_months(meters, newest(first, [one.pk for one in meters]), first)]}


def _month(told: str) -> date:
    try:
        return date.fromisoformat(f"{told}-01")
    except ValueError:
        raise Refused("MON-229", "月份写成 YYYY-MM。", "Give the month as YYYY-MM.", "month") from None


def _unit(each: UnitMonth) -> dict[str, Any]:
    return {
        "id": each.enterprise.pk, "name": each.enterprise.name, "region": each.enterprise.region_id,
        "carriers": [_carrier(one) for one in each.carriers], "low_tce": each.total.low, "high_tce": each.total.high,
        "is_whole": each.total.is_whole, "is_verified": each.total.is_verified,
    }  # fmt: skip


def _carrier(each: CarrierMonth) -> dict[str, Any]:
    found = each.tce.coefficient
    return {
        "carrier": each.carrier, "amount": each.amount, "unit": each.unit, "completeness_pct": each.share,
        "is_whole": each.is_whole, "is_over": each.is_over, "through": each.through, "low_tce": each.tce.low,
        "high_tce": each.tce.high, "source": found.source if found else "",
        "is_verified": bool(found and found.is_verified),
    }  # fmt: skip
