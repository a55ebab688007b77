"""形势: intensity, comparison of regions, gaps, scopes and the situation analysis, as their pages show them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.movements import movements, successions
from shuangkong.records.indicators.moved import Moved
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Figure, Line
from shuangkong.web.indicators.comparing import chosen, comparable, compared
from shuangkong.web.indicators.course import course_of
from shuangkong.web.indicators.known import Known
from shuangkong.web.indicators.lacking import lacking
from shuangkong.web.indicators.place import Place
from shuangkong.web.indicators.situation import periods_of, situation
from shuangkong.web.indicators.situation_advice import next_steps
from shuangkong.web.indicators.situation_lines import tables_of

room = Room(tags=["situation"])


class FigureShown(Schema):
    """A figure as published: ``value`` null where there is none, ``state`` says why; in ``unit``."""

    subject: str
    indicator: str
    period: str
    state: str
    value: Figure | None
    unit: str
    maturity: str


class FiguresShown(Schema):
    """Figures of one question."""

    items: list[FigureShown]


class Missing(Schema):
    """A figure that is missing; ``since``: the last day on which it would have been in time."""

    indicator: str
    subject: str
    name: str
    period: str
    since: date
    is_said: bool
    expected: str


class AllMissing(Schema):
    """The longest missed first."""

    items: list[Missing]


class ScopeMoved(Schema):
    """A subject that entered or left a scope of statistics from a day."""

    subject: str
    name: str
    scope: str
    on: date
    is_leaving: bool
    document: str


class Succeeded(Schema):
    """A subject that became another; ``kind`` is empty for regions."""

    before: str
    after: str
    kind: str
    on: date
    document: str


class Scopes(Schema):
    """The newest first."""

    movements: list[ScopeMoved]
    successions: list[Succeeded]


class MoverShown(Schema):
    """What moved one line, in tce, or tce/CNY; ``count``: of how many parts.

    ``kind``: part, others, merged, sum, gap, whole or outside (units below scale, in no sum). Parts
    that the caller may not read are merged; code and name are empty where a line stands for no one part.
    """

    kind: str
    code: str
    name: str
    count: int
    before: Figure
    now: Figure
    change: Figure
    activity: Figure
    structure: Figure
    efficiency: Figure
    unattributed: Figure


class Estimated(Schema):
    """A past estimate beside the recognised figure, in tce."""

    period: str
    estimate: Figure
    recognised: Figure


class Analysed(Schema):
    """The situation of a place; ``estimate`` of its total in tce, null where it cannot be made."""

    region: str
    period: str
    is_recognised: bool
    estimate: Figure | None
    low: Figure | None
    high: Figure | None
    total: list[MoverShown]
    intensity: list[MoverShown]
    sectors: list[MoverShown]
    units: list[MoverShown]
    path: list[FigureShown]
    track: list[Estimated]
    missing: list[str]
    steps_zh: list[str]
    steps_en: list[str]


@room.reads("/situation/{code}/intensity", Action.ACTUAL_READ, FiguresShown)
def intensity_course(request: HttpRequest, code: Code, year: int | None = None, as_of: Day | None = None) -> Any:
    """强度进展：逐年的强度、变化率、累计下降、进度和余下力度，扣除前后。"""
    place = place_of(request, code)
    course = course_of(place.subject, as_of, year)
    if course is None:
        return {"items": []}
    return {"items": [_told(course.seen, cell) for period in course.periods for cell in course.cells(period)]}


@room.reads("/situation/{code}/comparison", Action.ACTUAL_READ, FiguresShown)
def compare_regions(
    request: HttpRequest,
    code: Code,
    indicator: Line | None = None,
    period: Line | None = None,
    as_of: Day | None = None,
) -> Any:
    """下一级各地区一个指标一个时期的数；不写指标时取最能说明情况的，不写时期时取最近的。"""
    place = place_of(request, code)
    if indicator is not None and indicator not in open_rulebook().indicator_rules():
        raise Http404
    wanted = None if period is None else period_of(period)
    readable = Readable(caller(request), place.path)
    rows = [Subject(REGION, each.code) for each in registry.children(place.region.code) if each.ends_on is None]
    parts = sorted(filter(readable.has, rows))
    if indicator is None or wanted is None:
        told = _compared_first(parts, indicator, wanted, as_of)
        if told is None:
            return {"items": []}
        indicator, wanted = told
    found = compared(indicator, wanted, parts, as_of)
    return {"items": [_told(found.seen, cell) for cell in found.cells]}


@room.reads("/situation/{code}/gaps", Action.ACTUAL_READ, AllMissing)
def missing_figures(request: HttpRequest, code: Code, since: Day | None = None, as_of: Day | None = None) -> Any:
    """缺数：该有而没有录入的数，缺自何日，依据哪条规定；不写 since 时看上年以来到期的。"""
    place = place_of(request, code)
    day = as_of or timezone.localdate()
    first = since or date(day.year - 1, 1, 1)
    readable = Readable(caller(request), place.path)
    found = lacking(place.path, first, day, as_of)
    return {
        "items": [
            {
                "indicator": gap.indicator, "subject": f"{gap.subject.kind}:{gap.subject.code}",
                "name": gap.subject.name, "period": str(gap.period), "since": gap.since, "is_said": gap.is_said,
                "expected": gap.expected.id,
            }
            for gap in found
            if readable.has_row(gap.subject)
        ]
    }  # fmt: skip


@room.reads("/situation/{code}/scopes", Action.ACTUAL_READ, Scopes)
def scope_changes(request: HttpRequest, code: Code, as_of: Day | None = None) -> Any:
    """进出统计范围和更名、合并、分立。"""
    place = place_of(request, code)
    readable = Readable(caller(request), place.path)
    return {
        "movements": [
            {
                "subject": f"{each.subject.kind}:{each.subject.code}", "name": each.subject.name, "scope": each.scope,
                "on": each.on, "is_leaving": each.is_leaving, "document": each.document,
            }
            for each in movements(place.path, as_of)
            if readable.has_row(each.subject)
        ],
        "successions": [
            {
                "before": f"{each.before.kind}:{each.before.code}", "after": f"{each.after.kind}:{each.after.code}",
                "kind": each.kind, "on": each.on, "document": each.document,
            }
            for each in successions(place.path, as_of)
            if readable.has_row(each.before) and readable.has_row(each.after)
        ],
    }  # fmt: skip


@room.reads("/situation/{code}/analysis", Action.ACTUAL_READ, Analysed)
def analyse_situation(request: HttpRequest, code: Code, period: Line | None = None, as_of: Day | None = None) -> Any:
    """节能形势分析：因素分解、总量测算和偏差、年度路径、缺少的数和下一步；不写时期时看最近的。"""
    place = place_of(request, code)
    offered = periods_of(place, as_of)
    wanted = next(iter(offered), None) if period is None else period_of(period)
    if wanted is None or wanted not in offered:
        raise Http404
    found = situation(place, wanted, caller(request), as_of)
    steps = next_steps(found)
    value = found.estimate.value
    return {
        "region": code, "period": str(wanted), "is_recognised": found.is_recognised,
        "estimate": value if isinstance(value, Decimal) else None, "low": found.estimate.low,
        "high": found.estimate.high, **{key: _moved(moved) for key, _sort, moved in tables_of(found)},
        "path": [_told(found.seen, found.cell(each)) for each in found.path],
        "track": [
            {"period": each.past.period, "estimate": each.past.estimate, "recognised": each.past.recognised}
            for each in found.tracked
        ],
        "missing": [f"{cell.indicator} {cell.period}" for cell in found.missing],
        "steps_zh": [each.zh for each in steps], "steps_en": [each.en for each in steps],
    }  # fmt: skip


def place_of(request: HttpRequest, code: str) -> Place:
    """Raises Http404 where there is none, or the caller may not see its figures."""
    region = registry.region(code)
    if region is None:
        raise Http404
    path = registry.paths([code])[code]
    if not may(caller(request), Action.ACTUAL_READ, Where(path)):
        raise Http404
    return Place(region, path)


def period_of(text: str) -> Period:
    """Raises Http404 where it is none."""
    try:
        return Period.parse(text)
    except ValueError as fault:
        raise Http404 from fault


def _compared_first(
    parts: list[Subject], indicator: str | None, period: Period | None, as_of: date | None
) -> tuple[str, Period] | None:
    """What the page shows first, of the indicator or period asked for; None where the parts have no figure of it."""
    rules = open_rulebook().indicator_rules()
    offered = {
        each: periods
        for each, periods in comparable(parts, as_of).items()
        if each in rules and indicator in (None, each) and (period is None or period in periods)
    }
    first = chosen("", offered)
    return (first, period or offered[first][0]) if first else None


def _told(seen: Known, cell: Cell) -> dict[str, Any]:
    printed, settled = seen.printed(cell), seen.maturity(cell)
    return {
        "subject": str(cell.subject), "indicator": cell.indicator, "period": str(cell.period),
        "state": seen.figure(cell).state.value, "value": printed.value, "unit": printed.unit,
        "maturity": settled.value if settled else "",
    }  # fmt: skip


def _moved(moved: Moved) -> list[dict[str, Any]]:
    return [
        {
            "kind": line.kind.value, "code": line.code, "name": moved.names[line.code].zh if line.code else "",
            "count": line.count, "before": line.energy[0], "now": line.energy[1], "change": line.change,
            "activity": line.effects.activity, "structure": line.effects.structure,
            "efficiency": line.effects.efficiency, "unattributed": line.effects.unattributed,
        }
        for line in moved.lines
    ]  # fmt: skip
