"""达标排查: industry by industry, how many outlets can be judged, which exceeded this year, and which put it right?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.share import together
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.compliance import IndustryLine, industry_lines
from shuangkong.web.monitoring.live import outlets, readable
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """The industries of a place in a year."""
    year = scope_of(request).year or timezone.localdate().year
    seen = readable(acting_of(request)) & here(request, "region__path")
    found = outlets(seen, date(year, 1, 1), date(year, 12, 31))
    lines = industry_lines(found, year)
    is_demo = any(each.region.is_fictional for each in found)
    context = {
        "year": year, "is_demo": is_demo, "steady": together(each.steady for each in lines),
        "outlets": sum(each.outlets for each in lines), "exceeded": sum(each.exceeded for each in lines),
        "open": sum(each.open for each in lines),
    }  # fmt: skip
    return page(request, "monitoring/compliance.html", context, {"industries_table": _table(lines, is_demo=is_demo)})


def _table(lines: Sequence[IndustryLine], *, is_demo: bool) -> Table:
    columns = (
        Column("industry", _("行业大类")),
        Column("units", _("企业"), _("家"), is_figure=True),
        Column("outlets", _("排放口"), _("个"), is_figure=True),
        Column("connected", _("已联网"), _("个"), is_figure=True),
        Column("limited", _("有限值可判"), _("个"), is_figure=True),
        Column("exceeded", _("今年超过标"), _("个"), is_figure=True),
        Column("open", _("还没有办结"), _("个"), is_figure=True),
        Column("steady", _("没有超过标的占可判定的"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(f"{each.code} {each.name}".strip() or _("没有登记行业")),
                *(
                    Cell(str(number), number)
                    for number in (each.units, each.outlets, each.connected, each.limited, each.exceeded, each.open)
                ),
                Cell(MISSING, None, hint=_("没有可判定的"))
                if each.steady.pct is None
                else Cell(rounded_figure(each.steady.pct), rounded(each.steady.pct, 2), hint=str(each.steady)),
            )
        )
        for each in lines
    )
    return Table("industries", _("分行业达标情况"), columns, rows, _("没有登记排放口。"), is_demo=is_demo)
