"""弹性总量: the totals of the years by growth and decline, reckoned anew; nothing is recorded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from shuangkong.core.period import PLAN_YEARS
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.targets.elastic import Elastic, Given, binding_growth, elastic_years
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Figure, FigureTold, Line, Number, figure

room = Room(tags=["decompositions"])
_HUNDRED = Decimal(100)


class ElasticYearTold(Schema):
    """One year: growth and decline in %, the rest in the unit of the total. ``adjusted`` is a growth set anew."""

    year: Number
    growth: FigureTold
    decline: FigureTold
    adjusted: FigureTold | None = None
    excluded: FigureTold = "0"
    actual: FigureTold | None = None


class ElasticTold(Schema):
    """``base`` is what counted of the year before the first; ``years`` follow each other."""

    base: FigureTold
    unit: Line = "万吨标准煤"
    years: list[ElasticYearTold] = Field(min_length=1, max_length=PLAN_YEARS)


class ElasticYear(Schema):
    """``planned``: by the growth first planned; ``room``: what the actual leaves (below zero: it is broken)."""

    year: int
    total: Figure
    planned: Figure
    moved: Figure
    room: Figure | None
    formula: str


class ElasticTotals(Schema):
    """``binding_growth``: the yearly growth in % that uses up the last total at the declines given."""

    unit: str
    years: list[ElasticYear]
    binding_growth: Figure | None


@room.does("/elastic-totals", Action.PLAN_READ, ElasticTotals)
def reckon_elastic_totals(request: HttpRequest, told: ElasticTold) -> Any:
    """弹性总量试算：不记录。"""
    base, given = Decimal(told.base), [_given(each) for each in told.years]
    if [each.year for each in given] != list(range(given[0].year, given[0].year + len(given))) or base <= 0:
        zh, en = "基年总量应大于零，各年应首尾相接。", "The base is above zero, and the years follow each other."
        raise Refused("TGT-235", zh, en, "years")
    found = elastic_years(base, given, told.unit)
    binding = binding_growth(base, given, found[-1].total.due)
    return {
        "unit": told.unit,
        "years": [_year(each) for each in found],
        "binding_growth": None if binding is None else binding * _HUNDRED,
    }


def _given(told: ElasticYearTold) -> Given:
    adjusted = figure(told.adjusted)
    return Given(
        told.year, Decimal(told.growth) / _HUNDRED, Decimal(told.decline) / _HUNDRED,
        None if adjusted is None else adjusted / _HUNDRED, Decimal(told.excluded), figure(told.actual),
    )  # fmt: skip


def _year(each: Elastic) -> dict[str, Any]:
    return {
        "year": each.total.year, "total": each.total.due, "planned": each.planned, "moved": each.moved,
        "room": each.room, "formula": each.total.step.formula,
    }  # fmt: skip
