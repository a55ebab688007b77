"""Regions on a sketch map and in the table beside it, in the same colours.

Where no region has an actual figure yet, the map shows what was asked of each: the sizes of the targets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangkong.records.plans.rows import PlanRow
from shuangkong.targets.status import Standing
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table
from shuangkong.web.site.words import WORST_FIRST, figure, indicator_word, rounded_figure, standing_word
from shuangkong.web.targets.course import Course
from shuangkong.web.targets.tables import actual_cell, due_cell, standing_cell

BANDS = 5


@dataclass(frozen=True, slots=True)
class RegionView:
    """``chart`` is None where nobody has put outlines of the region; the table stands alone then."""

    indicator: str
    is_judged: bool
    table: Table
    chart: dict[str, Any] | None


def region_view(request: HttpRequest, plan: PlanRow, found: Sequence[Course]) -> RegionView:
    """``found`` are the courses of one goal for several regions; the whole region's own row is the total."""
    is_judged = any(course.standing is not Standing.NO_DATA for course in found)
    parts = [course for course in found if course.target.subject_code != plan.region]
    whole = [course for course in found if course.target.subject_code == plan.region]
    ordered = sorted(parts, key=_worst_first if is_judged else _largest_first)
    bands = _bands(parts)
    idle = frozenset({"band"}) if is_judged else frozenset({"due", "actual", "level"})
    rows = [Row(_cells(request, course, bands, idle)) for course in ordered]
    rows += [Row(_cells(request, course, bands, idle), is_total=True) for course in whole]
    target = found[0].target
    table = Table(
        id="regions",
        caption=_("各地区：%(indicator)s") % {"indicator": indicator_word(target.indicator, target.indicator_name)},
        columns=tuple(column for column in _columns(target.unit) if column.key not in idle),
        rows=tuple(rows),
    )
    return RegionView(
        indicator_word(target.indicator, target.indicator_name),
        is_judged,
        table,
        _chart(request, plan, parts, bands, is_judged),
    )


def _columns(unit: str) -> tuple[Column, ...]:
    return (
        Column("region", _("地区")),
        Column("target", _("目标值"), unit, is_figure=True),
        Column("band", _("目标分档")),
        Column("due", _("应达到"), unit, is_figure=True),
        Column("actual", _("实际"), unit, is_figure=True),
        Column("level", _("进展")),
    )


def _cells(request: HttpRequest, course: Course, bands: dict[int, str], idle: frozenset[str]) -> tuple[Cell, ...]:
    """The cells of one region, in the order of the columns; ``idle`` columns have nothing to say yet."""
    target = course.target
    href = link(request, "targets:target", target.id)
    number, _dash, words = bands.get(target.id, "").partition(" ")
    cells = {
        "region": Cell(target.subject_name, target.subject_name, href=href),
        "target": Cell(figure(target.value), target.value),
        "band": Cell(words, words or None, band=number),
        "due": due_cell(course),
        "actual": actual_cell(course, f"{href}#why"),
        "level": standing_cell(course.standing),
    }
    return tuple(cell for key, cell in cells.items() if key not in idle)


def _worst_first(course: Course) -> tuple[int, Decimal]:
    gap = course.latest.gap if course.latest else None
    return WORST_FIRST.index(course.standing), Decimal(0) if gap is None else gap


def _largest_first(course: Course) -> Decimal:
    return -course.target.value


def _bands(found: Sequence[Course]) -> dict[int, str]:
    """Target id → "number words": up to five bands of like size, told apart by words as well as by colour."""
    values = sorted({course.target.value for course in found})
    if len(values) < 2:
        return {}
    count = min(BANDS, len(values))
    edges = [values[(len(values) * number) // count] for number in range(count)]
    bands: dict[int, str] = {}
    for course in found:
        number = max(index for index, edge in enumerate(edges) if edge <= course.target.value)
        inside = [
            value for value in values if value >= edges[number] and (number + 1 == count or value < edges[number + 1])
        ]
        low, high = figure(inside[0]), figure(inside[-1])
        bands[course.target.id] = f"{number + 1} {low}" if low == high else f"{number + 1} {low}～{high}"
    return bands


def _chart(
    request: HttpRequest, plan: PlanRow, parts: Sequence[Course], bands: dict[int, str], is_judged: bool
) -> dict[str, Any] | None:
    if plan.region is None or outline_file(plan.region) is None:
        return None
    levels = [standing.value for standing in WORST_FIRST] if is_judged else sorted(set(bands.values()))
    unit = parts[0].target.unit
    words = {level: standing_word(level) if is_judged else level.partition(" ")[2] + unit for level in levels}
    return {
        "unit": unit,
        "outlines": reverse("map", args=(plan.region,)),
        "is_judged": is_judged,
        "order": levels,
        "words": words,
        "regions": [
            {
                "code": course.target.subject_code,
                "title": course.target.subject_name,
                "short": course.target.subject_name.removesuffix("市").removesuffix("县").removesuffix("区"),
                "level": course.standing.value if is_judged else bands.get(course.target.id, ""),
                "words": _sentence(course),
                "href": link(request, "targets:target", course.target.id),
            }
            for course in parts
        ],
    }


def _sentence(course: Course) -> str:
    point = course.latest
    parts = [_("目标 %(value)s%(unit)s") % {"value": figure(course.target.value), "unit": course.target.unit}]
    if point is not None and course.progress is not None:
        reached = rounded_figure(point.reached)
        parts.append(_("实际 %(value)s%(unit)s") % {"value": reached, "unit": course.progress.unit})
    return "，".join([*parts, standing_word(course.standing)])
