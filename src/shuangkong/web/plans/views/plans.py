"""方案目录: which plans are there, and where does each stand?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import PlanRow, Status
from shuangkong.web.site.access import needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, status_word


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def plans(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    rows = store.plans(scope.place or None, seen=seen(request, Action.PLAN_READ), until=scope.as_of)
    table = Table(
        "plans",
        _("方案目录"),
        (
            Column("title", _("方案")),
            Column("no", _("文号")),
            Column("region", _("地区")),
            Column("years", _("期间")),
            Column("issued", _("印发日期")),
            Column("status", _("状态")),
            Column("label", _("说明")),
        ),
        tuple(_row(request, row) for row in rows),
        _("还没有方案。请到“读入文件”，把方案文件拖到页面上；读成结构后在这里列出。"),
    )
    return page(request, "plans/plans.html", {}, {"plan_table": table})


def _row(request: HttpRequest, row: PlanRow) -> Row:
    place = "plans:plan" if row.status is Status.ADOPTED else "plans:review"
    years = f"{row.start_year or ''}—{row.end_year}" if row.end_year else ""
    labels = [label for label, holds in ((_("演示数据"), row.is_demo), (_("虚构"), row.is_fictional)) if holds]
    return Row(
        (
            Cell(row.title, row.title, href=link(request, place, row.id)),
            text_cell(row.doc_no),
            text_cell(row.region_name),
            text_cell(years),
            Cell(row.issued_on.isoformat() if row.issued_on else MISSING, row.issued_on),
            text_cell(status_word(row.status)),
            text_cell("、".join(labels)),
        )
    )
