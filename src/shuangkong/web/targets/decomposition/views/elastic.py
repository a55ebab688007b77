"""弹性总量: how much energy may be used each year, by that year's growth and decline of intensity? Keeps nothing: all
that is given stands in the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.period import PLAN_YEARS
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.targets.elastic import Elastic, Given, binding_growth, elastic_years
from shuangkong.web.plans.tasks.framed import number_of, refused_status
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import whole
from shuangkong.web.site.tables import Cell, Column, Row, Table
from shuangkong.web.site.words import rounded_figure, unit_word

_HUNDRED = Decimal(100)
#: 万吨标准煤 is how totals of energy are told.
_UNIT = "万吨标准煤"


@dataclass(frozen=True, slots=True)
class Line:
    """One year as it was typed; "" where nothing was."""

    year: int
    growth: str
    adjusted: str
    decline: str
    excluded: str
    actual: str


@require_GET
@needs(Action.PLAN_READ)
def elastic(request: HttpRequest) -> HttpResponse:
    asked, refusal = request.GET, None
    year = whole(asked.get("base_year", "")) or timezone.localdate().year - 1
    names = ("growth", "adjusted", "decline", "excluded", "actual")
    lines = [Line(each, *(asked.get(f"{name}{each}", "") for name in names)) for each in _years(year)]
    given: list[Given] = []
    found: tuple[Elastic, ...] = ()
    base: Decimal | None = None
    try:
        base = number_of(asked.get("base", ""), "base")
        given = _given(lines)
        found = elastic_years(base, given, _UNIT) if base else ()
    except Refused as told:
        refusal = told
    binding = binding_growth(base, given, found[-1].total.due) if found and base else None
    context = {
        "base": asked.get("base", ""),
        "base_year": year,
        "lines": lines,
        "lacks_base": bool(given) and not base,
        "binding": None if binding is None else binding * _HUNDRED,
        "refusal": refusal,
        "unit": _UNIT,
    }
    status = refused_status(refusal)
    return page(request, "decomposition/elastic.html", context, {"total_table": _table(given, found)}, status=status)


def _years(base_year: int) -> range:
    return range(base_year + 1, base_year + 1 + PLAN_YEARS)


def _given(lines: Sequence[Line]) -> list[Given]:
    """The years as far as growth and decline are told. Raises Refused for what is no number."""
    given: list[Given] = []
    for line in lines:
        growth, decline = _ratio(line.growth, "growth"), _ratio(line.decline, "decline")
        if growth is None or decline is None:
            break
        given.append(
            Given(
                line.year, growth, decline, _ratio(line.adjusted, "adjusted"),
                number_of(line.excluded, "excluded") or Decimal(0), number_of(line.actual, "actual"),
            )
        )  # fmt: skip
    return given


def _ratio(said: str, field: str) -> Decimal | None:
    told = number_of(said, field)
    return None if told is None else told / _HUNDRED


def _table(given: Sequence[Given], found: Sequence[Elastic]) -> Table:
    """Year by year; a column that says nothing of any year is left out."""
    told = [_figures(year, each) for year, each in zip(given, found, strict=False)]
    is_adjusted = any(year.adjusted is not None for year in given)
    asked = {"planned": is_adjusted, "moved": is_adjusted}
    figures = (
        Column("total", _("弹性总量"), is_figure=True),
        Column("planned", _("按原定增速"), is_figure=True),
        Column("moved", _("因增速调整"), is_figure=True),
        Column("actual", _("实际"), is_figure=True),
        Column("room", _("余量（−超出）"), is_figure=True),
        Column("growth", _("计划增速"), "%", is_figure=True),
        Column("decline", _("强度下降率"), "%", is_figure=True),
        Column("excluded", _("不计入的量"), is_figure=True),
    )
    used = [column for column in figures if asked.get(column.key, any(row[column.key] is not None for row in told))]
    columns = (Column("year", _("年份")), *(used or figures[:1]))
    rows = tuple(
        Row(
            (
                Cell(str(each.total.year), each.total.year),
                *(Cell(rounded_figure(row[column.key]), row[column.key]) for column in used),
            )
        )
        for row, each in zip(told, found, strict=True)
    )
    empty = _("填基年总量、各年的计划增速和强度下降率，这里逐年列出可用的总量。")
    caption = _("%(label)s（%(unit)s）") % {"label": _("逐年弹性总量"), "unit": unit_word(_UNIT)}
    return Table("elastic", caption, columns, rows, empty, note=found[0].total.step.formula if found else "")


def _figures(told: Given, each: Elastic) -> dict[str, Decimal | None]:
    """The figures of one year by the keys of their columns."""
    return {
        "total": each.total.due, "planned": each.planned, "moved": each.moved, "actual": told.actual,
        "room": each.room, "growth": told.growth_now * _HUNDRED, "decline": told.decline * _HUNDRED,
        "excluded": told.excluded or None,
    }  # fmt: skip
