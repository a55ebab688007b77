"""一个目标的图和表: its path, what was reached and what is forecast, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shuangkong.plans.reading import Kind
from shuangkong.targets.progress import Point
from shuangkong.web.outlook.foreseen import End
from shuangkong.web.outlook.views.forecast import chance_cell, interval_words
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, rounded_figure, unit_word, with_unit
from shuangkong.web.targets.ahead import Ahead
from shuangkong.web.targets.course import Course
from shuangkong.web.targets.tables import reached_cell, standing_cell, told_cells

#: Kinds whose course moves in a narrow band far from zero: the axis follows it, and the page says so.
LEVELS = frozenset({Kind.LEVEL_FLOOR, Kind.LEVEL_CAP, Kind.SHARE})


def course_chart(own: Course, ahead: Ahead | None) -> dict[str, Any] | None:
    """The course as the chart needs it, with the forecast behind it; numbers rounded for display."""
    if own.progress is None or not own.progress.points:
        return None
    ends = ahead.ends if ahead else {}
    level = next((end.level for end in ends.values() if end.level is not None), None)
    words = {"level": round((level or 0) * 100)}
    return {
        "has_forecast": bool(ends),
        "unit": unit_word(own.progress.unit),
        "target": float(own.target.value),
        "from_zero": Kind(own.target.kind) not in LEVELS,
        "labels": {
            "due": _("进度要求"),
            "reached": _("实际"),
            "forecast": _("预测"),
            "low": _("%(level)s%% 下限") % words,
            "high": _("%(level)s%% 上限") % words,
            "target": _("目标 %(value)s") % {"value": with_unit(figure(own.target.value), own.target.unit)},
        },
        "points": [
            {
                "year": str(point.year),
                "due": _plotted(point.due),
                "reached": _plotted(point.reached),
                **_plotted_end(ends, point),
            }
            for point in own.progress.points
        ],
    }


def _plotted(value: Decimal | None) -> float | None:
    return None if value is None else float(round(value, 2))


def _plotted_end(ends: Mapping[int, End], point: Point) -> dict[str, float | None]:
    """What is forecast of a year; the line begins at what was reached in the year before."""
    end = ends.get(point.year)
    if end is None:
        joins = point.reached if point.year + 1 in ends else None
        return dict.fromkeys(("forecast", "low", "high"), _plotted(joins))
    return {"forecast": _plotted(end.value), "low": _plotted(end.low), "high": _plotted(end.high)}


def course_table(own: Course, ahead: Ahead | None) -> Table:
    progress = own.progress
    unit = progress.unit if progress else own.target.unit
    columns = (
        Column("year", _("年份")),
        Column("due", _("进度要求"), unit, is_figure=True),
        Column("reached", _("实际"), unit, is_figure=True),
        Column("gap", _("好于（−差于）要求"), _("百分点") if unit == "%" else unit, is_figure=True),
        Column("share", _("已完成目标的"), "%", is_figure=True),
        Column("maturity", _("数据状态")),
        Column("known", _("录入日期")),
        Column("level", _("进展")),
        Column("forecast", _("预测"), unit, is_figure=True),
        Column("interval", _("区间"), unit),
        Column("chance", _("完不成的概率"), "%", is_figure=True),
    )
    ends = ahead.ends if ahead else {}
    points = progress.points if progress else ()
    rows = tuple(
        Row(
            (
                Cell(str(point.year), point.year),
                Cell(rounded_figure(point.due), point.due),
                _year_cell(own, point),
                Cell(rounded_figure(point.gap), point.gap),
                Cell(rounded_figure(None if point.share_done is None else point.share_done * 100, 1), point.share_done),
                *told_cells(own.resting_on(point.year)),
                standing_cell(point.standing),
                *_end_cells(ends.get(point.year)),
            )
        )
        for point in points
    )
    empty = _("这个目标没有可以按年计算的进度：方案没有给出基期和期限，或它是一个等级、阶段。")
    return Table("course", _("分年数据"), columns, rows, empty)


def _end_cells(end: End | None) -> tuple[Cell, ...]:
    value = end.value if end else None
    return Cell(rounded_figure(value), value), text_cell(interval_words(end)), chance_cell(end.chance if end else None)


def _year_cell(own: Course, point: Point) -> Cell:
    if point.reached is None:
        return Cell(MISSING, hint=_("这一年没有足以计算的实际值"))
    return reached_cell(own, point, f"#why-{point.year}")
