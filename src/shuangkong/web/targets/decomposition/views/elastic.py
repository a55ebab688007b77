"""弹性总量: how much energy may be used each year, by that year's growth and decline of intensity? Keeps nothing: all
that is given stands in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.period import PLAN_YEARS
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.targets.trajectory import Season, Yearly, elastic_total, implied_growth
from shuangkong.web.plans.tasks.framed import number_of, refused_status
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import rounded_figure

_HUNDRED = Decimal(100)
#: 万吨标准煤 is how totals of energy are told.
_UNIT = "万吨标准煤"


@dataclass(frozen=True, slots=True)
class Line:
    """One year as it was typed; "" where nothing was."""

    year: int
    growth: str
    decline: str
    excluded: str
    actual: str


@require_GET
@needs(Action.PLAN_READ)
def elastic(request: HttpRequest) -> HttpResponse:
    asked, refusal = request.GET, None
    year = whole(asked.get("base_year", "")) or timezone.localdate().year - 1
    names = ("growth", "decline", "excluded", "actual")
    lines = [Line(each, *(asked.get(f"{name}{each}", "") for name in names)) for each in _years(year)]
    found: list[Yearly] = []
    try:
        base = number_of(asked.get("base", ""), "base")
        found = _totals(base, lines) if base else []
    except Refused as told:
        base, refusal = None, told
    context = {
        "base": asked.get("base", ""),
        "base_year": year,
        "lines": lines,
        "binding": _binding(base, found, lines) if found and base else None,
        "refusal": refusal,
        "unit": _UNIT,
    }
    status = refused_status(refusal)
    return page(request, "decomposition/elastic.html", context, {"total_table": _table(found, lines)}, status=status)


def _years(base_year: int) -> range:
    return range(base_year + 1, base_year + 1 + PLAN_YEARS)


def _totals(base: Decimal, lines: list[Line]) -> list[Yearly]:
    """Year after year as far as growth and decline are given; where an actual is told the next year begins at it."""
    found: list[Yearly] = []
    level = base
    for line in lines:
        growth, decline = number_of(line.growth, "growth"), number_of(line.decline, "decline")
        if growth is None or decline is None:
            break
        excluded = number_of(line.excluded, "excluded") or Decimal(0)
        season = Season(line.year, growth / _HUNDRED, decline / _HUNDRED)
        [total] = elastic_total(level, [season], _UNIT, {line.year: excluded})
        found.append(total)
        told = number_of(line.actual, "actual")
        level = total.due - excluded if told is None else told - excluded
    return found


def _binding(base: Decimal, found: list[Yearly], lines: list[Line]) -> Decimal | None:
    """The yearly growth that uses up the last total at the declines given; per cent."""
    left = Decimal(1)
    for line in lines[: len(found)]:
        left *= 1 - Decimal(line.decline.removesuffix("%")) / _HUNDRED
    decline, total = 1 - left, found[-1].due
    return implied_growth(base, total, decline, len(found)) * _HUNDRED if decline < 1 and total > 0 else None


def _table(found: list[Yearly], lines: list[Line]) -> Table:
    columns = (
        Column("year", _("年份")),
        Column("total", _("弹性总量"), _UNIT, is_figure=True),
        Column("actual", _("实际"), _UNIT, is_figure=True),
        Column("growth", _("计划增速"), "%", is_figure=True),
        Column("decline", _("强度下降率"), "%", is_figure=True),
        Column("excluded", _("不计入的量"), _UNIT, is_figure=True),
        Column("formula", _("算式")),
    )
    rows = tuple(
        Row(
            (
                Cell(str(each.year), each.year),
                Cell(rounded_figure(each.due), each.due),
                *(_typed(said) for said in (line.actual, line.growth, line.decline, line.excluded)),
                text_cell(each.step.formula),
            )
        )
        for each, line in zip(found, lines, strict=False)
    )
    empty = _("填基年总量、各年的计划增速和强度下降率，这里逐年列出可用的总量。")
    return Table("elastic", _("逐年弹性总量"), columns, rows, empty)


def _typed(said: str) -> Cell:
    value = number_of(said, "")
    return Cell(rounded_figure(value), value)
