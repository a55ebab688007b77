"""晴雨表: who stands at red now, what was published before, and what waits to be signed off?"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import Content, Part
from shuangkong.outlook.barometer.level import Level
from shuangkong.records.editions.rows import OPEN, State
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.outlook.barometer import store
from shuangkong.records.outlook.barometer.rows import IssueRow
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.web.indicators.comparing import comparable
from shuangkong.web.indicators.periods import by_time, period_word
from shuangkong.web.indicators.place import Place, choose_place, place_asked
from shuangkong.web.indicators.views.bulletin import STATES
from shuangkong.web.outlook.chosen import EVERYTHING, names_of
from shuangkong.web.outlook.making import Judged, judged
from shuangkong.web.outlook.signals import signals_of, signals_table
from shuangkong.web.outlook.tables import Shown, compared_with, map_of, name_of, tables_of
from shuangkong.web.outlook.words import reason_of, title_of
from shuangkong.web.people.names import person_names
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.targets.course import last_over

#: So much of what an address says is said back.
_MOST_SIGNS = 40


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def barometer(request: HttpRequest) -> HttpResponse:
    place = place_asked(request)
    return choose_place(request, "outlook:barometer") if place is None else shown(request, place)


def shown(request: HttpRequest, place: Place, refusal: str = "") -> HttpResponse:
    """The page; with what was refused of an issue that was to be prepared."""
    scope, acting = scope_of(request), acting_of(request)
    told = request.POST if request.method == "POST" else request.GET
    offered, issues = periods_of(place), store.issues(Q(region=place.region.code), scope.as_of)
    asked, keys = told.get("of", ""), told.getlist("parts")
    period = _period(asked, offered, scope.year, last_over(scope.as_of))
    found: Judged | None = None
    levels: tuple[Shown, ...] = ()
    is_whole = Readable(acting, place.path).is_whole
    if period is not None and is_whole:
        found = judged(place, period, seen(request, Action.PLAN_READ), keys, scope.as_of, issues)
    unknown = _unknown(keys, found) if found else []
    if unknown and found is not None and period is not None and not found.picked:
        found = judged(place, period, seen(request, Action.PLAN_READ), (), scope.as_of, issues)
    rows = [each for each in issues if store.may_read(each, acting)]
    is_demo = found is not None and found.plan.is_demo
    tables: dict[str, Table | tuple[Table, ...]] = {"issues_table": issues_table(request, rows)}
    if found is not None:
        levels = tables_of(request, found.content, is_demo=is_demo)
        tables["part_tables"] = tuple(each.table for each in levels)
    if is_whole:  # a signal may name a part
        raised = signals_of(place, acting, seen(request, Action.PLAN_READ), scope.as_of)
        tables["signals_table"] = signals_table(request, raised, is_demo=is_demo)
    may_prepare = not scope.as_of and may(acting, Action.BAROMETER_PREPARE, place.where)
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "is_demo": is_demo,
        "period": period_word(period) if period else "",
        "of": str(period or ""),
        "periods": [(str(each), period_word(each)) for each in offered],
        "refusal": refusal,
        "period_unknown": asked[:_MOST_SIGNS] if asked and str(period) != asked else "",
        "parts_unknown": _("、").join(unknown)[:_MOST_SIGNS],
        "found": found,
        "is_whole": is_whole,
        "issuer": request.POST.get("issuer", acting.body_name),
        "form": _choices(found) if found and may_prepare else None,
        **(_answer(found.content) if found else {}),
        "charts": charts_of(request, found.content, levels, place.region.code) if found else [],
        "everything": link(request, "outlook:barometer", place=place.region.code, of=period, parts=EVERYTHING),
        "assessment": _assessments(request, period) if may(acting, Action.ASSESSMENT_READ) else "",
    }
    return page(request, "outlook/barometer.html", context, tables, status=422 if refusal else 200)


def periods_of(place: Place) -> tuple[Period, ...]:
    """Periods of which the place or its parts told any figure, the latest first. 4 queries."""
    areas = [Subject(REGION, each.code) for each in registry.children(place.region.code) if each.ends_on is None]
    found = comparable([place.subject, *areas])
    every = {each for periods in found.values() for each in periods if not each.is_plan}
    return tuple(sorted(every, key=by_time, reverse=True))


def _period(asked: str, offered: tuple[Period, ...], year: int | None, over: int) -> Period | None:
    """The period asked for; else the last whole year that was told, not after the year one looks at.

    Where no year is looked at, one that is not over gives way: estimates of it judge nobody.
    """
    held = next((each for each in offered if str(each) == asked), None)
    until = over if year is None else year
    whole = [each for each in offered if each.is_year and (year is None or each.year <= year)]
    return held or next((each for each in whole if each.year <= until), next(iter(whole), None))


def _unknown(keys: list[str], found: Judged) -> list[str]:
    """What the address asks to judge that no promise is."""
    known = {EVERYTHING, *(str(group[0].id) for group in found.groups)}
    return [each for each in keys if each not in known]


def _answer(content: Content) -> dict[str, Any]:
    lines = [line for part in content.parts for line in part.lines]
    return {
        "title": title_of(content.place, content.period),
        "red": sum(line.level is Level.RED for line in lines),
        "yellow": sum(line.level is Level.YELLOW for line in lines),
        "unjudged": sum(line.level is None for line in lines),
        "compared": compared_with(content),
        "explained": explained(content.parts),
    }


def _assessments(request: HttpRequest, period: Period | None) -> str:
    """Where the assessments of the year stand."""
    return link(request, "assessment:list", period=str(period.year)) if period else ""


def charts_of(request: HttpRequest, content: Content, levels: tuple[Shown, ...], place: str) -> list[dict[str, Any]]:
    """The map beside each table, in the order of the tables."""
    return [
        {
            "name": each.table.caption,
            "chart": map_of(request, content, each.part, place) if each.part else None,
            "key": each.key,
        }
        for each in levels
    ]


def explained(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Every line with its steps, for the section that says where a level comes from."""
    return [
        {"line": line, "name": name_of(part), "reason": reason_of(line), "steps": line.steps, "doubts": line.doubts}
        for part in parts
        for line in part.lines
        if line.steps
    ]


def _choices(found: Judged) -> list[tuple[str, str, bool]]:
    picked = {str(group[0].id) for group in found.picked}
    return [(key, name, key in picked) for key, name in names_of(found.groups)]


def issues_table(request: HttpRequest, rows: list[IssueRow]) -> Table:
    columns = (
        Column("issue", _("晴雨表")),
        Column("edition", _("版次"), is_figure=True),
        Column("state", _("状态")),
        Column("number", _("文号")),
        Column("red", _("一级"), is_figure=True),
        Column("yellow", _("二级"), is_figure=True),
        Column("as_of", _("数据截至")),
        Column("prepared", _("起草")),
        Column("on", _("公布日期")),
    )
    named = person_names([each.prepared_by for each in rows])
    made = tuple(_issue_row(request, each, named.get(each.prepared_by, each.prepared_by)) for each in rows)
    waiting = sum(each.state in OPEN for each in rows)
    note = _("等着批准或公布 %(count)s 期") % {"count": waiting} if waiting else ""
    empty = _("还没有晴雨表。起草后在这里列出，批准、公布后冻结；以后更正出新的一版。")
    return Table("issues", _("历次晴雨表"), columns, made, empty, note, is_demo=any(each.is_demo for each in rows))


def _issue_row(request: HttpRequest, row: IssueRow, author: str) -> Row:
    levels = [line.level for part in row.content.parts for line in part.lines]
    red, yellow = levels.count(Level.RED), levels.count(Level.YELLOW)
    done = row.published if row.state is State.PUBLISHED else None
    return Row(
        (
            text_cell(title_of(row.region_name, row.content.period), href=link(request, "outlook:issue", row.id)),
            Cell(str(row.edition), row.edition),
            text_cell(str(STATES[row.state])),
            text_cell(done.number if done else ""),
            Cell(str(red), red),
            Cell(str(yellow), yellow),
            Cell(row.as_of.isoformat(), row.as_of),
            text_cell(author),
            Cell(done.on.isoformat(), done.on) if done else Cell("—"),
        )
    )
