"""地区比较: who is high, who is low? One indicator and period of the parts of a place, on the map and in the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.comparing import Comparison, chosen, comparable, compared
from shuangkong.web.indicators.known import figure_cell
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.place import Place, choose_place, place_asked
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.bands import banded
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, maturity_word, with_unit

#: What a label on the map can do without.
_LAST_WORD = re.compile("(?<=..)(?<!自治)[市县区旗镇乡]$")


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def compare(request: HttpRequest) -> HttpResponse:
    """``indicator`` and ``of`` (a period) in the address; what has most to show where they are not there."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:compare")
    as_of = scope_of(request).as_of
    every = {row.code: row for row in registry.children(place.region.code) if row.ends_on is None}
    readable = Readable(acting_of(request), place.path)
    regions = {code: row for code, row in every.items() if readable.has(Subject(REGION, code))}
    parts = [Subject(REGION, code) for code in sorted(regions)]
    offered = comparable(parts, as_of)
    known_ids = {each: periods for each, periods in offered.items() if each in open_rulebook().indicator_rules()}
    indicator = chosen(request.GET.get("indicator", ""), known_ids)
    found = compared(indicator, _period(request, known_ids[indicator]), parts, as_of) if indicator else None
    return page(
        request,
        "indicators/compare.html",
        {
            "place": place,
            "region": place.region,
            "indicators": [(each, name_of(each)) for each in known_ids],
            "periods": [(str(each), period_word(each)) for each in known_ids.get(indicator, ())],
            "indicator": indicator,
            "name": name_of(indicator) if indicator else "",
            "period": str(found.period) if found else "",
            "instead": _instead(request, found.period) if found else "",
            "day": as_of or timezone.localdate(),
            "is_demo": found is not None and found.seen.is_demo(found.cells),
            "chart": _chart(request, place, found, regions) if found else None,
        },
        {"compare_table": _table(request, found, regions, len(every) - len(regions))},
    )


def _period(request: HttpRequest, offered: tuple[Period, ...]) -> Period:
    """That of the address; else the newest of the year one is looking at; else the newest."""
    asked, year = request.GET.get("of", ""), scope_of(request).year
    of_year = [each for each in offered if each.year == year]
    return next((each for each in offered if str(each) == asked), (of_year or list(offered))[0])


def _instead(request: HttpRequest, shown: Period) -> str:
    """What was asked for and what is shown, where they differ."""
    asked = request.GET.get("of", "") or scope_of(request).period
    if not asked or asked == str(shown):
        return ""
    try:
        wanted = period_word(Period.parse(asked))
    except ValueError:
        wanted = asked[:20]
    return _("%(asked)s没有这项指标可比的数，下面是%(shown)s的。") % {"asked": wanted, "shown": period_word(shown)}


def _bands(found: Comparison) -> dict[str, str]:
    printed = {cell.subject.code: found.seen.printed(cell).value for cell in found.cells}
    return banded({code: value for code, value in printed.items() if value is not None})


def _table(request: HttpRequest, found: Comparison | None, regions: Mapping[str, RegionRow], unnamed: int) -> Table:
    """``unnamed``: how many regions the person may not read."""
    unit = found.seen.unit(found.indicator) if found else ""
    columns = (
        Column("region", _("地区")),
        Column("value", name_of(found.indicator) if found else _("数值"), unit, is_figure=True),
        Column("band", _("分档")),
        Column("maturity", _("数据状态")),
    )
    empty = _("这个地方的下一级还没有录入或算得的数。")
    note = _("另有 %(count)d 个地区不在您可看的范围") % {"count": unnamed} if unnamed else ""
    if found is None:
        return Table("regions", _("各地区"), columns, (), empty, note)
    bands = _bands(found)
    ordered = sorted(found.cells, key=lambda cell: (found.seen.printed(cell).value is None, -_amount(found, cell)))
    rows = tuple(_row(request, found, cell, regions[cell.subject.code], bands) for cell in ordered)
    caption = _("各地区：%(name)s（%(period)s）") % {
        "name": name_of(found.indicator),
        "period": period_word(found.period),
    }
    return Table("regions", caption, columns, rows, empty, note, is_demo=found.seen.is_demo(found.cells))


def _amount(found: Comparison, cell: Cell) -> Decimal:
    return found.seen.printed(cell).value or Decimal(0)


def _row(request: HttpRequest, found: Comparison, cell: Cell, region: RegionRow, bands: Mapping[str, str]) -> Row:
    shown = figure_cell(request, found.seen, cell)
    number, _space, words = bands.get(region.code, "").partition(" ")
    settled = found.seen.maturity(cell) if shown.value is not None else None
    return Row(
        (
            text_cell(region.name, href=link(request, "indicators:figures", place=region.code)),
            shown,
            TableCell(words or MISSING, words or None, band=number),
            text_cell(maturity_word(settled) if settled else ""),
        )
    )


def _told(found: Comparison, cell: Cell, unit: str) -> str:
    value = found.seen.printed(cell).value
    return _("没有数") if value is None else with_unit(figure(value), unit)


def _chart(
    request: HttpRequest, place: Place, found: Comparison, regions: Mapping[str, RegionRow]
) -> dict[str, Any] | None:
    if outline_file(place.region.code) is None:
        return None
    bands, unit = _bands(found), found.seen.unit(found.indicator)
    levels = sorted(set(bands.values()))
    return {
        "unit": unit,
        "outlines": reverse("map", args=(place.region.code,)),
        "is_judged": False,
        "order": levels,
        "words": {level: with_unit(level.partition(" ")[2], unit) for level in levels},
        "regions": [
            {
                "code": cell.subject.code,
                "title": regions[cell.subject.code].name,
                "short": _LAST_WORD.sub("", regions[cell.subject.code].name),
                "level": bands.get(cell.subject.code, ""),
                "words": _told(found, cell, unit),
                "href": link(request, "indicators:figures", place=cell.subject.code),
            }
            for cell in found.cells
        ],
    }
