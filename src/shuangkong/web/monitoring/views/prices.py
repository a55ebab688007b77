"""电价名单: which enterprises are under which power price, and how did the treatment of the environmental ones run?"""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.monitoring.registers.words import PRICE_GRADES, PRICE_SORTS
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.power_prices import Operation, PriceLine, operations, price_lines
from shuangkong.web.monitoring.views.duty import here
from shuangkong.web.monitoring.views.validity import month_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, spoken


@require_GET
@needs(Action.MONITORING_READ)
def board(request: HttpRequest) -> HttpResponse:
    """The list of a place at a month's end, or today of a month that runs."""
    first, last = month_of(request.GET.get("month", ""))
    seen = visible(acting_of(request), Action.MONITORING_READ, "enterprise__region__path", "enterprise__body")
    lines = price_lines(seen & here(request, "enterprise__region__path"), min(last, timezone.localdate()))
    ran = operations(lines, first, last)
    context = {
        "month": f"{first:%Y-%m}", "count": len(lines), "hours": sum(each.exceeded_hours for each in ran),
        "is_demo": any(each.row.enterprise.region.is_fictional for each in lines),
    }  # fmt: skip
    tables: dict[str, Table | tuple[Table, ...]] = {
        "prices_table": _prices(request, lines), "operations_table": _operations(request, ran)
    }  # fmt: skip
    return page(request, "monitoring/prices.html", context, tables)


def _prices(request: HttpRequest, lines: Sequence[PriceLine]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("region", _("地区")),
        Column("sort", _("电价种类")),
        Column("grade", _("档次")),
        Column("surcharge", _("加价标准"), _("元/kWh"), is_figure=True),
        Column("laid_down", _("规定的标准"), _("元/kWh"), is_figure=True),
        Column("since", _("起始日")),
        Column("document", _("依据")),
    )
    rows = []
    for each in lines:
        row, rule = each.row, each.laid_down
        href = link(request, "monitoring:register_row", "power-prices", row.pk)
        hint = _("低于规定的标准，请核对") if each.is_below else ""
        told = Cell(f"{figure(row.surcharge)}{' ▲' if each.is_below else ''}", row.surcharge, hint=hint)
        rows.append(
            Row(
                (
                    text_cell(row.enterprise.name, href=href),
                    text_cell(row.enterprise.region.name),
                    text_cell(spoken(PRICE_SORTS[row.sort])),
                    text_cell(spoken(PRICE_GRADES[row.grade]) if row.grade else ""),
                    told,
                    Cell(MISSING, None, hint=_("没有登记规定的标准"))
                    if rule is None
                    else Cell(figure(rule.number), rule.number, is_doubted=not rule.is_verified),
                    text_cell(f"{row.starts_on}"),
                    text_cell(row.document),
                )
            )
        )
    empty = _("名单还是空的。可以在登记册里逐行登记或导入表格。")
    is_demo = any(each.row.enterprise.region.is_fictional for each in lines)
    return Table("prices", _("执行的电价"), columns, tuple(rows), empty, is_demo=is_demo)


def _operations(request: HttpRequest, ran: Sequence[Operation]) -> Table:
    columns = (
        Column("unit", _("企业")),
        Column("outlet", _("排放口")),
        Column("hours", _("超限值"), _("小时"), is_figure=True),
        Column("factors", _("超标因子")),
    )
    rows = tuple(
        Row(
            (
                text_cell(each.outlet.enterprise.name if each.outlet.enterprise else ""),
                text_cell(each.outlet.name, href=link(request, "monitoring:outlet", each.outlet.pk)),
                Cell(str(each.exceeded_hours), each.exceeded_hours, is_doubted=not each.is_verified),
                text_cell(_("、").join(map(factor_word, each.factors))),
            )
        )
        for each in ran
    )
    empty = _("没有执行环保电价的企业，或它们没有废气排放口。")
    is_demo = any(each.outlet.region.is_fictional for each in ran)
    return Table("operations", _("环保电价机组的运行"), columns, rows, empty, is_demo=is_demo)
