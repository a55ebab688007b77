"""一个单位的分解目标: how much is asked of it, why so much, what is due each year, and how far is it?"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead, YearDue
from shuangkong.targets.status import Standing
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import op_sign, rounded_figure
from shuangkong.web.targets.decomposition.followed import caught_up, reached, stands
from shuangkong.web.targets.decomposition.found import share_or_404
from shuangkong.web.targets.decomposition.words import LEVELS, SIGNS, STATES, title
from shuangkong.web.targets.tables import standing_cell


@require_GET
@needs(Action.DECOMPOSITION_READ, shows_past=True)
def share(request: HttpRequest, share_id: int) -> HttpResponse:
    head, each = share_or_404(request, share_id)
    acting, now = acting_of(request), head.standing
    is_in_force = now.scenario == each.scenario
    told = reached(request, head, each) if is_in_force else {}
    years = _years(head, each, told, caught_up(head, each, told) if told else {})
    context = {
        "head": head,
        "share": each,
        "title": title(head),
        "op": op_sign(head.op),
        "is_in_force": is_in_force,
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "may_see_whole": may(acting, Action.DECOMPOSITION_READ, head.where),
        "may_letter": is_in_force and may(acting, Action.PAPER_MAKE, head.where),
        "may_share_out": is_in_force and each.path and may(acting, Action.DECOMPOSITION_PREPARE, Where(each.path)),
        "is_verified": all(step.clause is None or step.clause.is_verified for step in each.steps),
    }
    return page(request, "decomposition/share.html", context, {"year_table": years})


def _years(
    head: DecompositionHead, each: AssignedShare, told: Mapping[int, Decimal], anew: Mapping[int, Decimal]
) -> Table:
    """What is due, what was reached where somebody told it, and what the years left must bring from there on."""
    columns = (
        Column("year", _("年份")),
        Column("due", _("应达到"), head.unit, is_figure=True),
        Column("reached", _("实际"), head.unit, is_figure=True),
        Column("level", _("进展")),
        Column("anew", _("从实际接上的路径"), head.unit, is_figure=True),
        Column("formula", _("算式")),
    )
    rows = tuple(Row(_cells(head, due, told.get(due.year), anew.get(due.year))) for due in each.years)
    empty = _("没有年度目标：增量目标要有基数才能折成各年总量，比重、水平目标要有基期水平。")
    return Table("years", _("年度目标"), columns, rows, empty, is_demo=head.is_demo)


def _cells(head: DecompositionHead, due: YearDue, told: Decimal | None, anew: Decimal | None) -> tuple[Cell, ...]:
    return (
        Cell(str(due.year), due.year),
        Cell(rounded_figure(due.due), due.due),
        Cell(rounded_figure(told), told, hint="" if told is not None else _("这一年没有足以计算的实际值")),
        standing_cell(Standing.NO_DATA if told is None else stands(head, due, told)),
        Cell(rounded_figure(anew), anew),
        text_cell(due.formula),
    )
