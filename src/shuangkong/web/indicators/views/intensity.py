"""强度进展: how far has intensity fallen, before and after exclusions, and what is left to do?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import State, Subject
from shuangkong.core.period import Period
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.course import (
    ASSESSED,
    ASSESSED_DECLINE,
    BRIEFLY,
    CHANGES,
    DECLINE,
    DUE,
    EFFORT,
    INTENSITY,
    PROGRESS,
    Course,
    course_of,
)
from shuangkong.web.indicators.known import figure_cell
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.indicators.shown import words_of
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell


@dataclass(frozen=True, slots=True)
class Said:
    """One figure of the sentence above: what it is, and how much."""

    name: str
    words: str


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def intensity(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:intensity")
    scope = scope_of(request)
    course = _opening(place.subject, scope.as_of, scope.year)
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "last": period_word(course.last) if course else "",
        "day": scope.as_of or timezone.localdate(),
        "is_demo": course is not None and course.is_demo,
        "said": _said(course) if course else (),
        "chart": _chart(course) if course else None,
        "rulebook": course.seen.law.version if course else "",
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "level_table": _level_table(request, course),
        "progress_table": _progress_table(request, course),
        "exclusion_table": _exclusion_table(course),
    }
    return page(request, "indicators/intensity.html", context, tables)


def _opening(subject: Subject, as_of: date | None, year: int | None) -> Course | None:
    """The course asked for. Where no year is and the newest plan has but months to show, that of the plan before."""
    newest = course_of(subject, as_of, year)
    if year is None and newest is not None and len(newest.years) == 1 and not newest.last.is_year:
        return course_of(subject, as_of, newest.base) or newest
    return newest


def _said(course: Course) -> tuple[Said, ...]:
    wanted = (DECLINE, ASSESSED_DECLINE, DUE, PROGRESS, EFFORT)
    every = [course.cell(indicator, course.last) for indicator in wanted]
    cells = [cell for cell in every if course.seen.figure(cell).state is not State.NOT_APPLICABLE]
    return tuple(
        Said(str(BRIEFLY[cell.indicator]), words_of(course.seen.printed(cell), course.seen.figure(cell).state))
        for cell in cells
    )


def _chart(course: Course) -> dict[str, Any]:
    """The decline since the base year against the path, in per cent."""

    def values(indicator: str) -> list[float | None]:
        found = (course.seen.printed(course.cell(indicator, period)).value for period in course.years)
        return [None if value is None else float(value) for value in found]

    return {
        "unit": "%",
        "from_zero": True,
        "categories": [period_word(period) for period in course.years],
        "series": [
            {"name": _("应累计下降"), "values": values(DUE), "is_dashed": True},
            {"name": _("扣除前累计下降"), "values": values(DECLINE)},
            {"name": _("扣除后累计下降"), "values": values(ASSESSED_DECLINE)},
        ],
    }


def _rows(
    request: HttpRequest, course: Course, periods: Sequence[Period], columns: Sequence[tuple[str, bool]]
) -> tuple[Row, ...]:
    def cell(period: Period, indicator: str, is_kept: bool) -> TableCell:
        return figure_cell(request, course.seen, course.cell(indicator, period), is_kept=is_kept)

    return tuple(
        Row(
            (
                TableCell(period_word(period), str(period)),
                *(cell(period, indicator, is_kept) for indicator, is_kept in columns),
            )
        )
        for period in periods
    )


def _level_table(request: HttpRequest, course: Course | None) -> Table:
    unit = course.seen.unit(INTENSITY) if course else ""
    columns = (
        Column("period", _("时期")),
        Column("kept", _("单位GDP能耗，留四位"), unit, is_figure=True),
        Column("published", _("印发两位"), unit, is_figure=True),
        Column("assessed_kept", _("扣除后，留四位"), unit, is_figure=True),
        Column("assessed", _("扣除后印发两位"), unit, is_figure=True),
        *(Column(indicator, name_of(indicator), "%", is_figure=True) for indicator in CHANGES),
    )
    wanted = (
        (INTENSITY, True), (INTENSITY, False), (ASSESSED, True), (ASSESSED, False),
        *((indicator, False) for indicator in CHANGES),
    )  # fmt: skip
    rows = _rows(request, course, course.periods, wanted) if course else ()
    empty = _("录入能源消费总量和可比价地区生产总值后，这里列出强度、同比和扣除前后的对照。")
    note = _("强度先留四位再算变化率，公布两位；扣除按各期末日有效的规定")
    is_demo = course is not None and course.is_demo
    return Table("levels", _("强度和同比：扣除前后"), columns, rows, empty, note, is_demo)


def _progress_table(request: HttpRequest, course: Course | None) -> Table:
    columns = (
        Column("period", _("时期")),
        Column("decline", _("累计下降（扣除前）"), "%", is_figure=True),
        Column("assessed", _("累计下降（扣除后）"), "%", is_figure=True),
        Column("due", _("应累计下降"), "%", is_figure=True),
        Column("progress", _("完成进度（对数法）"), "%", is_figure=True),
        Column("effort", _("余下每年应下降"), "%", is_figure=True),
    )
    wanted = tuple((indicator, False) for indicator in (DECLINE, ASSESSED_DECLINE, DUE, PROGRESS, EFFORT))
    rows = _rows(request, course, course.years, wanted) if course else ()
    note = _("年内用年初至今的同比代表全年，不按时序折算")
    empty = _("有了逐年的变化率和五年目标，这里列出累计下降、进度和余下的力度。")
    is_demo = course is not None and course.is_demo
    return Table("progress", _("累计下降和五年进度"), columns, rows, empty, note, is_demo)


def _exclusion_table(course: Course | None) -> Table:
    columns = (
        Column("what", _("项目")),
        Column("moves", _("使强度降低"), course.seen.unit(ASSESSED) if course else "", is_figure=True),
    )
    lines = course.exclusions() if course else ()
    rows = tuple(Row((text_cell(name_of(each.indicator)), TableCell(each.shown, each.value))) for each in lines)
    empty = _("这一期没有生效的扣除项，或扣除项的数还没有录入。")
    caption = _("%(period)s 扣除了什么") % {"period": period_word(course.last) if course else ""}
    return Table("exclusions", caption.strip(), columns, rows, empty, is_demo=course is not None and course.is_demo)
