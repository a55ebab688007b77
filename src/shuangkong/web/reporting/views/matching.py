"""重点企业匹配: how much did the largest energy users change, and do their figures agree with one another?"""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.period import Period
from shuangkong.records.people.roles import Action, Reach, reach
from shuangkong.records.reporting.competence import decided_by
from shuangkong.records.reporting.matching import MOST, Matched, difference_pct, matched, periods
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.views.structure import intensive_industries
from shuangkong.web.reporting.words import period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, unit_word

_ENERGY, _OUTPUT, _ELECTRICITY = "吨标准煤", "万元", "万千瓦时"


@require_GET
@needs(Action.VERIFICATION_READ)
def matching(request: HttpRequest) -> HttpResponse:
    """The largest users of the newest period, or of the one that the address names. ~18 queries.

    What stands beside a return is of other returns, meters, suppliers and years: nothing for who reads what was given.
    """
    acting = acting_of(request)
    is_given = reach(acting.role, Action.VERIFICATION_READ) is Reach.GIVEN
    among = decided_by(acting, Action.VERIFICATION_READ)
    known = () if is_given else periods(among)
    asked = next((each for each in known if str(each) == request.GET.get("of", "")), known[0] if known else None)
    found = matched(among, asked) if asked else ()
    context = {
        "count": len(found), "is_cut": len(found) == MOST, "period": period_word(str(asked)) if asked else "",
        "intensive": sum(_is_intensive(each, asked) for each in found) if asked else 0,
        "periods": [(period_word(str(each)), link(request, "reporting:matching", of=str(each)), each == asked)
                    for each in known],
    }  # fmt: skip
    return page(
        request,
        "reporting/matching.html",
        context,
        {"matching_table": _table(request, found, asked, is_given=is_given)},
    )


def _is_intensive(each: Matched, period: Period) -> bool:
    return each.row.reporter.industry.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(intensive_industries(period))


def _table(request: HttpRequest, found: tuple[Matched, ...], period: Period | None, *, is_given: bool) -> Table:
    energy, output, electricity = (unit_word(each) for each in (_ENERGY, _OUTPUT, _ELECTRICITY))
    columns = (
        Column("unit", _("填报单位")), Column("region", _("地区")), Column("industry", _("行业")),
        Column("kind", _("类别")), Column("energy", _("综合能源消费量"), energy, is_figure=True),
        Column("energy_pct", _("同比"), "%", is_figure=True),
        Column("output", _("总产值"), output, is_figure=True),
        Column("output_pct", _("产值同比"), "%", is_figure=True),
        Column("intensity_pct", _("单位产值能耗同比"), "%", is_figure=True),
        Column("electricity", _("用电量"), electricity, is_figure=True),
        Column("electricity_pct", _("用电同比"), "%", is_figure=True),
        Column("metered_pct", _("用电比计量表"), "%", is_figure=True),
        Column("sold_pct", _("用电比售电"), "%", is_figure=True),
        Column("score", _("疑点分"), is_figure=True),
    )  # fmt: skip
    rows = tuple(_row(request, each, period) for each in found) if period else ()
    nothing = _("还没有已接收的能源购进、消费与库存表。单位的报表接收后，用能大户在这里按用能量排列。")
    return Table(
        "matching", _("用能大户"), columns, rows, is_demo=any(each.row.is_demo for each in found),
        empty=_("匹配要用单位的其他报表和往年数据，只给主管核查的部门看。") if is_given else nothing,
    )  # fmt: skip


def _row(request: HttpRequest, each: Matched, period: Period) -> Row:
    reporter, told = each.row.reporter, each.electricity.now
    return Row(
        (
            text_cell(reporter.name, href=link(request, "reporting:return", each.row.id)),
            text_cell(reporter.region_name), text_cell(reporter.industry or MISSING),
            text_cell(_("六大高耗能行业") if _is_intensive(each, period) else ""),
            _amount(each.energy.now, _ENERGY), _pct(each.energy.change_pct),
            _amount(each.output.now, _OUTPUT), _pct(each.output.change_pct), _pct(each.intensity_pct),
            _amount(told, _ELECTRICITY), _pct(each.electricity.change_pct),
            _pct(difference_pct(told, each.metered)), _pct(difference_pct(told, each.sold)),
            Cell(MISSING) if each.score is None else Cell(str(each.score), each.score),
        )
    )  # fmt: skip


def _amount(figure: Decimal | None, printed: str) -> Cell:
    if figure is None:
        return Cell(MISSING, hint=_("没有报来，或还没有接收"))
    told = figure / open_rulebook().units()[printed].factor
    return Cell(rounded_figure(told), told)


def _pct(figure: Decimal | None) -> Cell:
    return Cell(MISSING, hint=_("缺一方的数，不能比")) if figure is None else Cell(rounded_figure(figure, 1), figure)
