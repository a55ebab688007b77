"""预测: what will the year and the plan end with, how likely is each target missed, and what if?"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.rounding import rounded
from shuangkong.outlook.forecast.panel import Frequency
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place, choose_place, place_asked
from shuangkong.web.outlook.accounts import committed_of
from shuangkong.web.outlook.chosen import groups_of, newest_plan
from shuangkong.web.outlook.foreseen import End, Outlook, fan, outlooks
from shuangkong.web.outlook.sought import sought
from shuangkong.web.outlook.supposing import Supposed, changes_of, supposed
from shuangkong.web.site.access import needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, indicator_word, rounded_figure, spoken, unit_word
from shuangkong.web.targets.course import courses

#: Fields of the panel, in its order.
FIELDS = (
    "of_amount", "project", "project_amount", "project_released", "project_starts", "late", "late_reduction",
    "late_due", "late_comes", "growth_pct", "growth_points", "elasticity", "factor", "factor_amount", "factor_former",
    "factor_present",
)  # fmt: skip
_PER_CENT = 100
#: Decimals of a forecast in a workbook.
_PLACES = 4
#: No forecast is surer than that, in per cent.
_SURE = 99


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def forecasts(request: HttpRequest) -> HttpResponse:
    place = place_asked(request)
    if place is None:
        return choose_place(request, "outlook:forecast")
    found = outlooks_of(request, place)
    chosen = next((each for each in found if str(each.sought.target.id) == request.GET.get("target")), None)
    chosen = chosen or next((each for each in found if each.plan_end), None)
    told, refusal = {key: request.GET.get(key, "") for key in FIELDS}, ""
    effects: tuple[Supposed, ...] = ()
    try:
        effects = what_if(place, found, told)
    except Refused as refused:
        refusal = f"{refused.code} {spoken(refused.message)}"
    is_demo = any(each.series.is_demo for each in found)
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "is_demo": is_demo,
        "count": len(found),
        "foretold": sum(each.plan_end is not None for each in found),
        "likely": sum(each.plan_end is not None and (each.plan_end.chance or 0) > 1 / 2 for each in found),
        "chosen": chosen,
        "chosen_name": _name(chosen) if chosen else "",
        "chart": _chart(chosen) if chosen else None,
        "told": told,
        "amounts": [(key, name) for key, (name, _unit) in _amounts(found).items()],
        "amount_unit": unit_word(next((unit for _name, unit in _amounts(found).values()), "")),
        "refusal": refusal,
        "explained": [(_name(each.outlook), each.steps) for each in effects if each.steps],
        "committed": [(_name(each), end.year, end.steps) for each in found if (end := each.plan_end) and end.steps],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"forecast_table": _table(request, found, is_demo=is_demo)}
    if effects:
        tables["effects_table"] = _effects(effects)
    return page(request, "outlook/forecast.html", context, tables, status=422 if refusal else 200)


def outlooks_of(request: HttpRequest, place: Place) -> tuple[Outlook, ...]:
    """The place's own targets of its plan in force, with what is foreseen of each."""
    scope, today, book = scope_of(request), timezone.localdate(), open_rulebook()
    day = scope.as_of or today
    year = scope.year or day.year
    plan = newest_plan(place.region.code, year, seen(request, Action.PLAN_READ), scope.as_of)
    if plan is None:
        return ()
    own = [
        target
        for group in groups_of(plan, scope.as_of)
        for target in group
        if (target.subject_kind, target.subject_code) == ("region", place.region.code)
    ]
    rules = book.every_rule(book.layer_of(place.region.code, day))
    found = (sought(each, book, rules) for each in courses(own, None, scope.as_of))
    committed = committed_of(place.region.code, scope.as_of)
    return outlooks(place.subject, [each for each in found if each is not None], scope.as_of, today, committed)


def what_if(place: Place, found: tuple[Outlook, ...], told: dict[str, str]) -> tuple[Supposed, ...]:
    """Nothing where nothing is supposed. Raises Refused where it does not read."""
    book = open_rulebook()
    units = {key: book.units()[unit].factor for key, (_n, unit) in _amounts(found).items() if unit in book.units()}
    known = max((max((period.year for period in each.series.told if period.is_year), default=0) for each in found),
                default=0)  # fmt: skip
    changes = changes_of(told, known, units)
    if not changes:
        return ()
    return tuple(supposed(place.subject, each, changes, told["of_amount"], book) for each in found if each.plan_end)


def _amounts(found: tuple[Outlook, ...]) -> dict[str, tuple[str, str]]:
    """Amounts that are forecast: id → name, and the printed unit that the panel takes them in."""
    rules = open_rulebook().every_rule()
    held = dict.fromkeys(each.sought.amount for each in found if each.plan_end)
    return {key: (spoken(rules[key]), rules[key].display or rules[key].unit) for key in held if key in rules}


def _name(found: Outlook) -> str:
    target = found.sought.target
    return indicator_word(target.indicator, target.indicator_name, target.kind)


def _table(request: HttpRequest, found: tuple[Outlook, ...], *, is_demo: bool) -> Table:
    columns = (
        Column("target", _("目标")),
        Column("unit", _("单位")),
        Column("told", _("已有数据")),
        Column("year", _("年份")),
        Column("year_value", _("年末预测"), is_figure=True),
        Column("year_due", _("年末应达到"), is_figure=True),
        Column("year_chance", _("年末完不成的概率"), "%", is_figure=True),
        Column("plan_value", _("期末预测"), is_figure=True),
        Column("interval", _("区间")),
        Column("plan_due", _("期末目标"), is_figure=True),
        Column("plan_chance", _("期末完不成的概率"), "%", is_figure=True),
        Column("note", _("说明")),
    )
    rows = tuple(Row(_cells(request, each)) for each in found)
    empty = _("这个地区没有可以预测的目标：先采用方案，再录入各期的数。")
    note = _("概率来自历次预测的误差；按产出计的目标，产出按预测的计")
    return Table("forecast", _("各目标的年末、期末预测"), columns, rows, empty, note, is_demo=is_demo)


def _cells(request: HttpRequest, found: Outlook) -> tuple[Cell, ...]:
    target, end, plan = found.sought.target, found.year_end, found.plan_end
    words = {"count": found.series.points, "frequency": frequency_word(found.series.frequency)}
    return (
        Cell(_name(found), _name(found), href=link(request, "outlook:forecast", target=target.id)),
        text_cell(unit_word(target.unit)),
        text_cell(_("%(count)s 期（%(frequency)s）") % words),
        text_cell(str(end.year) if end else ""),
        _figure(end.value if end else None),
        _figure(end.due if end else None),
        _chance(end),
        _figure(plan.value if plan else None),
        text_cell(interval_words(plan)),
        _figure(target.value),
        _chance(plan),
        text_cell("" if plan else spoken(found.series.reason)),
    )


def frequency_word(frequency: Frequency) -> str:
    words = {Frequency.YEARLY: _("年度"), Frequency.QUARTERLY: _("季度"), Frequency.MONTHLY: _("月度")}
    return words[frequency]


def interval_words(end: End | None) -> str:
    """The interval of the widest level that errors are enough for."""
    if end is None or end.low is None or end.high is None or end.level is None:
        return ""
    words = {"low": rounded_figure(end.low), "high": rounded_figure(end.high), "level": round(end.level * _PER_CENT)}
    return _("%(low)s—%(high)s（%(level)s%%）") % words


def _figure(value: Decimal | None) -> Cell:
    return Cell(rounded_figure(value), None if value is None else rounded(value, _PLACES))


def _chance(end: End | None) -> Cell:
    return chance_cell(end.chance if end else None)


def chance_cell(chance: float | None) -> Cell:
    if chance is None:
        return Cell(MISSING)
    value = round(Decimal(repr(chance)) * _PER_CENT)
    shown = f">{_SURE}" if value > _SURE else "<1" if value < 1 else str(value)
    return Cell(shown, value)


def _chart(found: Outlook) -> dict[str, Any] | None:
    """The fan: what was told, the forecast, and its edges; in the printed unit of the amount."""
    drawn, rule = fan(found.series, found.committed), open_rulebook().every_rule().get(found.sought.amount)
    if drawn is None:
        return None
    unit = (rule.display or rule.unit) if rule else ""
    form = open_rulebook().units().get(unit)
    factor = float(form.factor) if form else 1.0
    series: list[dict[str, Any]] = [
        {"name": _("实际"), "values": _scaled(drawn.told, factor)},
        {"name": _("预测"), "values": _scaled(drawn.ahead, factor), "is_dashed": True},
    ]
    for level, low, high in drawn.edges:
        words = {"level": round(level * _PER_CENT)}
        series.append({"name": _("%(level)s%% 下限") % words, "values": _scaled(low, factor), "is_dashed": True})
        series.append({"name": _("%(level)s%% 上限") % words, "values": _scaled(high, factor), "is_dashed": True})
    return {"unit": unit_word(unit), "from_zero": False, "categories": list(drawn.labels), "series": series}


def _scaled(values: tuple[float | None, ...], factor: float) -> list[float | None]:
    return [None if each is None else round(each / factor, 2) for each in values]


def _effects(found: tuple[Supposed, ...]) -> Table:
    columns = (
        Column("target", _("目标")),
        Column("unit", _("单位")),
        Column("before", _("原预测"), is_figure=True),
        Column("after", _("假如之后"), is_figure=True),
        Column("due", _("期末目标"), is_figure=True),
        Column("chance_before", _("原完不成的概率"), "%", is_figure=True),
        Column("chance_after", _("假如之后完不成的概率"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(_name(each.outlook)),
                text_cell(unit_word(each.outlook.sought.target.unit)),
                _figure(each.before),
                _figure(each.after),
                _figure(each.outlook.sought.target.value),
                chance_cell(each.chance_before),
                chance_cell(each.chance_after),
            )
        )
        for each in found
    )
    return Table("effects", _("对各目标的影响"), columns, rows)
