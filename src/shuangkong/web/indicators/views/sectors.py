"""部门统计指标: of each field, what do the departments report, what is aimed at, and what is missing?"""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Subject
from shuangkong.policyfile.kinds_indicators import FIELDS
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.indicators.statistics import of_field, statistics
from shuangkong.web.indicators.statistics_table import statistics_table
from shuangkong.web.indicators.statistics_words import factor_word, field_word
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import figure

_CARBON = "carbon"
_FACTORS = "indicators/carbon_factors"


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def fields(request: HttpRequest) -> HttpResponse:
    """Every field of a place: how many indicators have a figure, and how many lack the last whole year's."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "statistics:fields")
    scope, today = scope_of(request), timezone.localdate()
    rules = [(name, of_field(name, place.subject, scope.as_of or today)) for name in FIELDS]
    whole = [rule for _name, each in rules for rule in each]
    every = statistics(whole, place.subject, today, scope.as_of)
    by_id = {each.rule.id: each for each in every}
    columns = (
        Column("field", _("领域")),
        Column("indicators", _("指标数"), is_figure=True),
        Column("told", _("有数"), is_figure=True),
        Column("late", _("缺上年数"), is_figure=True),
        Column("targets", _("有目标"), is_figure=True),
    )
    rows = []
    for name, its in rules:
        found = [by_id[rule.id] for rule in its]
        told = sum(each.latest is not None for each in found)
        late = sum(each.missing_since is not None for each in found)
        aims = sum(each.course is not None for each in found)
        href = link(request, "statistics:field", name)
        counts = (Cell(f"{count}", count) for count in (len(found), told, late, aims))
        rows.append(Row((text_cell(field_word(name), href=href), *counts)))
    is_demo = any(each.latest.is_demo for each in every if each.latest)
    table = Table("fields", _("各领域"), columns, tuple(rows), is_demo=is_demo)
    context = {"region": place.region, "is_demo": is_demo}
    return page(request, "indicators/fields.html", context, {"fields_table": table})


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def field(request: HttpRequest, field: str) -> HttpResponse:
    """One field of a place."""
    if field not in FIELDS:
        raise Http404
    place = place_asked(request)
    if place is None:
        return choose_place(request, "statistics:fields")
    scope, today = scope_of(request), timezone.localdate()
    day = scope.as_of or today
    found = statistics(of_field(field, place.subject, day), place.subject, today, scope.as_of)
    is_demo = any(each.latest.is_demo for each in found if each.latest)
    context = {
        "region": place.region,
        "field": field_word(field),
        "told": sum(each.latest is not None for each in found),
        "count": len(found),
        "late": sum(each.missing_since is not None for each in found),
        "is_demo": is_demo,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "statistics_table": statistics_table(request, place.subject, found, is_demo=is_demo)
    }
    if field == _CARBON:
        tables["factors_table"] = _factors_table(place.subject, day)
    return page(request, "indicators/field.html", context, tables)


def _factors_table(subject: Subject, day: date) -> Table:
    """Carbon factors in force in a place on a day; where there is none, where to enter it."""
    columns = (
        Column("factor", _("排放因子")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("source", _("来源")),
        Column("state", _("说明")),
    )
    book, rows = open_rulebook(), []
    layer = book.layer_of(subject.code, day)
    for name in ("coal", "oil", "gas", "grid"):
        parameter = book.parameter_over_time(f"{_FACTORS}/{name}", layer)
        try:
            value = parameter.on(day)
        except NotInForce:
            state = _("没有生效的因子：请在 %(file)s 中录入") % {"file": f"policy/<…>/{_FACTORS}/{name}.yaml"}
            rows.append(Row((text_cell(factor_word(name)), *(text_cell("") for _i in range(3)), text_cell(state))))
            continue
        document = book.sources().get(value.source)
        state = "" if value.is_verified else _("尚未与原文核对")
        title = document.title if document else value.source
        number = Cell(figure(value.number), value.number, is_doubted=not value.is_verified)
        rows.append(
            Row((text_cell(factor_word(name)), number, text_cell(parameter.unit), text_cell(title), text_cell(state)))
        )
    note = _("没有因子就没有碳排放量：不猜，不借用。")
    return Table("factors", _("碳排放因子"), columns, tuple(rows), note=note)
