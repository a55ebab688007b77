"""在线监测的排查和名单: industries by compliance, power prices with what policy lays down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.monitoring.compliance import industry_lines
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.power_prices import price_lines

room = Room(tags=["monitoring"])


class IndustrySurvey(Schema):
    """A division of industries (code empty: none is registered); ``steady`` of ``judged`` did not exceed."""

    code: str
    name: str
    units: int
    outlets: int
    connected: int
    limited: int
    exceeded: int
    open: int
    judged: int
    steady: int


class IndustrySurveys(Schema):
    """By code."""

    items: list[IndustrySurvey]


class PriceOfPower(Schema):
    """What an enterprise is under today, CNY/kWh; ``laid_down`` by policy, None: nothing is."""

    id: int
    enterprise: int
    name: str
    region: str
    sort: str
    grade: str
    surcharge: Decimal
    laid_down: Decimal | None
    is_verified: bool | None
    document: str
    starts_on: date
    ends_on: date | None


class PricesOfPower(Schema):
    """By place and unit."""

    items: list[PriceOfPower]


@room.reads("/monitoring/compliance", Action.MONITORING_READ, IndustrySurveys)
def list_industry_compliance(request: HttpRequest, year: int | None = None) -> Any:
    """分行业达标排查：排放口、已联网、有限值可判、今年超过标、没有办结的；year 默认今年。"""
    told = year if year is not None and date.min.year <= year <= date.max.year else timezone.localdate().year
    names = ("code", "name", "units", "outlets", "connected", "limited", "exceeded", "open")
    found = outlets(readable(caller(request)), date(told, 1, 1), date(told, 12, 31))
    lines = industry_lines(found, told)
    return {
        "items": [
            {name: getattr(each, name) for name in names} | {"judged": each.steady.whole, "steady": each.steady.part}
            for each in lines
        ]
    }


@room.reads("/monitoring/power-prices", Action.MONITORING_READ, PricesOfPower)
def list_power_prices(request: HttpRequest) -> Any:
    """今天执行差别、惩罚性、阶梯和环保电价的企业，和规定的加价标准对照。"""
    seen = visible(caller(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    names = ("sort", "grade", "surcharge", "document", "starts_on", "ends_on")
    return {
        "items": [
            {
                "id": each.row.pk, "enterprise": each.row.enterprise_id, "name": each.row.enterprise.name,
                "region": each.row.enterprise.region_id,
                "laid_down": each.laid_down.number if each.laid_down else None,
                "is_verified": each.laid_down.is_verified if each.laid_down else None,
            }
            | {name: getattr(each.row, name) for name in names}
            for each in price_lines(seen, timezone.localdate())
        ]
    }  # fmt: skip
