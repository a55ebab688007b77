"""碳达峰碳中和评价考核指标: which of the control and supporting indicators are fulfilled this year?"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.indicators.formula import Role
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.indicators.shown import address
from shuangkong.web.indicators.statistics import Statistic, of_evaluation, statistics
from shuangkong.web.indicators.statistics_table import target_cells
from shuangkong.web.indicators.statistics_words import supplier_word
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken, unit_word


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def evaluation(request: HttpRequest) -> HttpResponse:
    """The table of a year; no grade: that is the assessment's."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "statistics:evaluation")
    scope = scope_of(request)
    today = timezone.localdate()
    year = scope.year or (scope.as_of or today).year
    day = date(year, 12, 31)
    found = statistics(of_evaluation(place.subject, day), place.subject, today, scope.as_of, year)
    is_demo = any(each.latest.is_demo for each in found if each.latest)
    counts = {word: sum(each.is_fulfilled is state for each in found) for word, state in _VERDICTS}
    context = {
        "region": place.region,
        "year": year,
        "count": len(found),
        "is_demo": is_demo,
        "source": _source(found, day),
    } | counts
    tables: dict[str, Table | tuple[Table, ...]] = {
        "evaluation_table": _table(request, place.subject, found, day, is_demo=is_demo)
    }
    return page(request, "indicators/evaluation.html", context, tables)


_VERDICTS: tuple[tuple[str, bool | None], ...] = (("met", True), ("missed", False), ("unknown", None))


def verdict_word(each: Statistic) -> str:
    """The verdict; where there is none, what it wants: a figure, a target, or the figure of the whole year."""
    if each.is_fulfilled is not None:
        return _("达标") if each.is_fulfilled else _("不达标")
    if each.latest is None:
        return _("无数")
    return _("无目标") if each.course is None else _("待全年数")


def role_word(role: Role) -> str:
    words = {Role.CONTROL: _("控制指标"), Role.SUPPORTING: _("支撑指标")}
    return words[role]


def _table(request: HttpRequest, subject: Subject, found: tuple[Statistic, ...], day: date, *, is_demo: bool) -> Table:
    columns = (
        Column("role", _("类别")),
        Column("rank", _("序号"), is_figure=True),
        Column("indicator", _("指标")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("how", _("来路")),
        Column("target", _("目标")),
        Column("standing", _("进展")),
        Column("verdict", _("是否达标")),
        Column("owner", _("提供部门")),
    )
    rows = tuple(_row(request, subject, each, day) for each in found)
    note = _("达标：到这一年按目标应完成的已完成。缺数、没有目标或还没有全年数的不判，不推定。")
    empty = _("这一年没有生效的评价考核指标。")
    return Table("evaluation", _("评价考核指标"), columns, rows, empty, note, is_demo=is_demo)


def _row(request: HttpRequest, subject: Subject, each: Statistic, day: date) -> Row:
    role, latest = each.rule.role_on(day), each.latest
    shown = [text_cell("") for _i in range(4)]
    if latest is not None:
        why = address(request, FactCell(subject, each.rule.id, latest.period))
        shown = [
            Cell(latest.shown, latest.value, why=why, is_doubted=latest.has_doubts),
            text_cell(unit_word(latest.unit)),
            text_cell(latest.maturity),
            text_cell(latest.how),
        ]
    series = link(request, "indicators:series", each.rule.id, str(subject))
    return Row(
        (
            text_cell(role_word(role.role) if role else ""),
            Cell(f"{role.rank}" if role else "", role.rank if role else None),
            text_cell(spoken(Message(each.rule.zh, each.rule.en)), href=series),
            *shown,
            *target_cells(request, each),
            text_cell(verdict_word(each)),
            text_cell(supplier_word(each.rule.owner)),
        )
    )


def _source(found: tuple[Statistic, ...], day: date) -> str:
    """The document that lists the indicators."""
    roles = [role for each in found if (role := each.rule.role_on(day))]
    document = open_rulebook().sources().get(roles[0].source) if roles else None
    return document.title if document else ""
