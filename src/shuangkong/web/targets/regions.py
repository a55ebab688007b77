"""Regions on a sketch map and in the table beside it, in the same colours.

Where no region has an actual figure yet, the map shows what was asked of each: the sizes of the targets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangkong.records.plans.rows import PlanRow
from shuangkong.targets.progress import Point
from shuangkong.web.site.bands import banded
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import (
    MISSING,
    WORST_FIRST,
    figure,
    indicator_word,
    op_sign,
    rounded_figure,
    standing_word,
    with_unit,
)
from shuangkong.web.targets.course import Course
from shuangkong.web.targets.sentences import year_words
from shuangkong.web.targets.shared import home_code, when_and_how
from shuangkong.web.targets.tables import actual_cell, due_cell, standing_cell, told_cells

#: Columns that have nothing to say before there is a figure.
_JUDGED = frozenset({"due", "actual", "period", "maturity", "known", "level"})
#: What a label on the map can do without; 自治县 keeps its name whole.
_LAST_WORD = re.compile("(?<=..)(?<!自治)[市县区旗镇乡]$")


@dataclass(frozen=True, slots=True)
class RegionView:
    """``chart`` is None where nobody has put outlines of the region; the table stands alone then."""

    indicator: str
    is_judged: bool
    table: Table
    chart: dict[str, Any] | None


def region_view(request: HttpRequest, plan: PlanRow, found: Sequence[Course]) -> RegionView:
    """``found`` are the courses of one goal for several regions; the whole region's own row is the total.

    All are judged at one year: a region that did not report it has no data, whatever it reported before.
    """
    home = home_code(plan)
    year = common_year([course for course in found if course.target.subject_code != home])
    is_judged = year is not None
    judged = [course if year is None else course.judged_at(year) for course in found]
    last = {course.target.id: course.latest for course in found}
    parts = [course for course in judged if course.target.subject_code != home]
    whole = [course for course in judged if course.target.subject_code == home]
    ordered = sorted(parts, key=_worst_first if is_judged else _largest_first)
    bands = banded({course.target.id: course.target.value for course in parts})
    idle = frozenset({"band"}) if is_judged else _JUDGED
    rows = [Row(_cells(request, course, last[course.target.id], bands, idle)) for course in ordered]
    rows += [Row(_cells(request, course, last[course.target.id], bands, idle), is_total=True) for course in whole]
    target = found[0].target
    indicator = indicator_word(target.indicator, target.indicator_name, target.kind)
    table = Table(
        id="regions",
        caption=" · ".join([_("各地区：%(indicator)s") % {"indicator": indicator}, *when_and_how(target)]),
        columns=tuple(column for column in _columns(target.unit) if column.key not in idle),
        rows=tuple(rows),
        note=_("都按 %(year)s 年比较：这是半数以上地区有数的最近一年") % {"year": year} if is_judged else "",
    )
    return RegionView(indicator, is_judged, table, _chart(request, plan, parts, bands, is_judged))


def common_year(found: Sequence[Course]) -> int | None:
    """The newest year that at least half of those who told anything have a figure of; None where nobody has any."""
    years = Counter(
        point.year
        for course in found
        for point in (course.progress.points if course.progress else ())
        if point.reached is not None
    )
    most = max(years.values(), default=0)
    return max((year for year, count in years.items() if 2 * count >= most), default=None)


def _columns(unit: str) -> tuple[Column, ...]:
    return (
        Column("region", _("地区")),
        Column("level", _("进展")),
        Column("op", _("关系")),
        Column("target", _("目标值"), unit, is_figure=True),
        Column("band", _("目标分档")),
        Column("due", _("应达到"), unit, is_figure=True),
        Column("actual", _("实际"), unit, is_figure=True),
        Column("period", _("数据年份")),
        Column("maturity", _("数据状态")),
        Column("known", _("录入日期")),
    )


def _cells(
    request: HttpRequest, course: Course, last: Point | None, bands: dict[int, str], idle: frozenset[str]
) -> tuple[Cell, ...]:
    """The cells of one region, in the order of the columns; ``idle`` columns have nothing to say yet.

    ``last`` is the last year that the region reported, whichever it was.
    """
    target = course.target
    href = link(request, "targets:target", target.id)
    number, _dash, words = bands.get(target.id, "").partition(" ")
    maturity, known = told_cells(course.newest if course.latest else None)
    cells = {
        "region": Cell(target.subject_name, target.subject_name, href=href),
        "level": standing_cell(course.standing),
        "op": Cell(op_sign(target.op), op_sign(target.op)),
        "target": Cell(figure(target.value), target.value, why=f"{href}#definition"),
        "band": Cell(words, words or None, band=number),
        "due": due_cell(course),
        "actual": _late_cell(last) if course.latest is None and last else actual_cell(course, f"{href}#why"),
        "period": text_cell(str(course.latest.year) if course.latest else ""),
        "maturity": maturity,
        "known": known,
    }
    return tuple(cell for key, cell in cells.items() if key not in idle)


def _late_cell(last: Point) -> Cell:
    words = {"year": last.year, "value": rounded_figure(last.reached)}
    return Cell(MISSING, hint=_("没有报这一年的数；最近一次是 %(year)s 年：%(value)s") % words)


def _worst_first(course: Course) -> tuple[int, Decimal]:
    gap = course.latest.gap if course.latest else None
    return WORST_FIRST.index(course.standing), Decimal(0) if gap is None else gap


def _largest_first(course: Course) -> Decimal:
    return -course.target.value


def _chart(
    request: HttpRequest, plan: PlanRow, parts: Sequence[Course], bands: dict[int, str], is_judged: bool
) -> dict[str, Any] | None:
    if plan.region is None or outline_file(plan.region) is None:
        return None
    levels = [standing.value for standing in WORST_FIRST] if is_judged else sorted(set(bands.values()))
    unit = parts[0].target.unit
    words = {level: standing_word(level) if is_judged else with_unit(level.partition(" ")[2], unit) for level in levels}
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
                "short": _LAST_WORD.sub("", course.target.subject_name),
                "level": course.standing.value if is_judged else bands.get(course.target.id, ""),
                "words": _sentence(course),
                "href": link(request, "targets:target", course.target.id),
            }
            for course in parts
        ],
    }


def _sentence(course: Course) -> str:
    target = course.target
    parts = [_("目标 %(value)s") % {"value": with_unit(figure(target.value), target.unit)}]
    return _("，").join([*parts, *filter(None, [year_words(course)]), standing_word(course.standing)])
