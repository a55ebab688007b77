"""部门统计: newest figures of a field with their targets, the evaluation's indicators, figures without exclusions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Schema

from shuangkong.core.fact import State, Subject
from shuangkong.indicators.excluding import Statement
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.roles import Action
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Figure
from shuangkong.web.indicators.excluded import statements
from shuangkong.web.indicators.statistics import Statistic, of_evaluation, of_field, statistics

room = Room(tags=["statistics"])

_FIRST_YEAR, _LAST_YEAR = 1_900, 2_999
Year = Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)]
FieldName = Literal[
    "energy", "carbon", "water", "sewage", "waste", "circular", "agriculture", "buildings", "transport",
    "public_institutions", "solvents", "economy", "industry",
]  # fmt: skip


class StatisticShown(Schema):
    """One indicator; ``value`` in ``unit``, null where there is none. ``standing``: see targets."""

    indicator: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    supplier: str
    period: str
    value: Figure | None
    unit: str
    target: int | None
    standing: str
    missing_since: int | None
    is_demo: bool


class StatisticsShown(Schema):
    """Those with a definition first."""

    items: list[StatisticShown]


class EvaluatedShown(StatisticShown):
    """``verdict``: met, missed or unknown."""

    role: str
    rank: int
    verdict: str


class EvaluationShown(Schema):
    """Control indicators, then supporting ones, in the order of the document; no grade."""

    year: int
    items: list[EvaluatedShown]


class ExclusionShown(Schema):
    """``moves``: how much more the figure would be without it; ``state`` says why there is none."""

    indicator: str
    moves: Figure | None
    state: str


class StatementShown(Schema):
    """An assessed figure before and after exclusions, in base units. ``in_force``: a rule holds for the year.

    ``is_exempt``: whether the incentive target frees from it; null where no rule says so or a figure lacks.
    """

    indicator: str
    unit: str
    in_force: bool
    before: Figure | None
    after: Figure | None
    exclusions: list[ExclusionShown]
    is_exempt: bool | None
    is_verified: bool
    is_demo: bool


class StatementsShown(Schema):
    """The total, then the intensity."""

    year: int
    items: list[StatementShown]


@room.reads("/statistics", Action.ACTUAL_READ, StatisticsShown)
def sector_statistics(request: HttpRequest, region: Code, field: FieldName, as_of: Day | None = None) -> Any:
    """一个领域的部门统计指标：最近的数、目标、提供部门、缺自哪年。"""
    subject = _subject(request, region)
    found = statistics(of_field(field, subject, as_of or timezone.localdate()), subject, timezone.localdate(), as_of)
    return {"items": [_shown(each) for each in found]}


@room.reads("/evaluation", Action.ACTUAL_READ, EvaluationShown)
def evaluation(request: HttpRequest, region: Code, year: Year, as_of: Day | None = None) -> Any:
    """一年的评价考核指标，各是否达标。"""
    day = date(year, 12, 31)
    subject = _subject(request, region)
    found = statistics(of_evaluation(subject, day), subject, timezone.localdate(), as_of, year)
    items = []
    for each in found:
        role = each.rule.role_on(day)
        verdict = {True: "met", False: "missed", None: "unknown"}[each.is_fulfilled]
        said = {"role": role.role.value if role else "", "rank": role.rank if role else 0, "verdict": verdict}
        items.append(_shown(each) | said)
    return {"year": year, "items": items}


@room.reads("/exclusions", Action.ACTUAL_READ, StatementsShown)
def exclusions(request: HttpRequest, region: Code, year: Year, as_of: Day | None = None) -> Any:
    """考核口径的数，不计入之前和之后，每一项改变多少。"""
    found = statements(_subject(request, region), year, as_of)
    return {"year": year, "items": [_statement(each) for each in found]}


def _subject(request: HttpRequest, region: str) -> Subject:
    reached_place(request, region, Action.ACTUAL_READ, Action.ACTUAL_READ)
    return Subject(REGION, region)


def _shown(each: Statistic) -> dict[str, Any]:
    rule, latest = each.rule, each.latest
    return {
        "indicator": rule.id,
        "zh": rule.zh,
        "en": rule.en,
        "definition_zh": rule.definition.zh if rule.definition else "",
        "definition_en": rule.definition.en if rule.definition else "",
        "supplier": rule.owner,
        "period": str(latest.period) if latest else "",
        "value": latest.value if latest else None,
        "unit": latest.unit if latest else rule.display,
        "target": each.course.target.id if each.course else None,
        "standing": each.course.standing.value if each.course else "",
        "missing_since": each.missing_since,
        "is_demo": bool(latest and latest.is_demo),
    }


def _statement(each: Statement) -> dict[str, Any]:
    sides = each.sides
    excluded = [
        {"indicator": one.indicator, "moves": _value(one.moves), "state": _state(one.moves)} for one in sides.exclusions
    ] if sides else []  # fmt: skip
    return {
        "indicator": each.rule.id,
        "unit": each.rule.unit,
        "in_force": sides is not None,
        "before": _value(sides.before) if sides else None,
        "after": _value(sides.after) if sides else None,
        "exclusions": excluded,
        "is_exempt": each.is_exempt,
        "is_verified": each.is_verified,
        "is_demo": each.is_demo,
    }


def _value(told: Told) -> Any:
    return None if isinstance(told, State) else told


def _state(told: Told) -> str:
    return told.value if isinstance(told, State) else State.VALUE.value
