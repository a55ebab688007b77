"""表彰名册: who was commended, who is proposed, and what waits for me?"""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.assessment.commendation import store
from shuangkong.records.assessment.commendation.acts import acts_allowed, awaited_act
from shuangkong.records.assessment.commendation.rows import CommendationRow
from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.web.assessment.commendation.words import EVENTS, KINDS, SIGNS, STATES, labels, yuan
from shuangkong.web.plans.tasks.words import day_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


@require_GET
@needs(Action.COMMENDATION_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    condition = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    rows = store.commendations(condition, scope.as_of)
    counts = Counter(row.standing.state for row in rows)
    waiting = [(row, awaited_act(acts_allowed(row, acting))) for row in rows] if scope.as_of is None else []
    context = {
        "counts": [(STATES[state], SIGNS[state], counts[state]) for state in STATES if counts[state]],
        "objections": sum(len(row.standing.open) for row in rows),
        "waiting": [
            (row, KINDS[row.kind], STATES[row.standing.state], EVENTS[kind])
            for row, kind in waiting
            if kind is not None
        ],
        "may_propose": may(acting, Action.COMMENDATION_PROPOSE) and bool(acting.region),
    }
    return page(request, "commendation/list.html", context, {"commendation_table": _table(request, rows)})


def _table(request: HttpRequest, rows: tuple[CommendationRow, ...]) -> Table:
    columns = (
        Column("name", _("表彰对象")),
        Column("kind", _("类别")),
        Column("award", _("表彰名称")),
        Column("state", _("办到哪一步")),
        Column("label", _("说明")),
        Column("number", _("文号")),
        Column("announced", _("公布日期")),
        Column("amount", _("奖励金额"), "元", is_figure=True),
        Column("funder", _("出资单位")),
        Column("clause", _("依据条款")),
        Column("period", _("年度")),
        Column("shown_until", _("公示到")),
        Column("proposer", _("提出单位")),
        Column("region", _("表彰地区")),
    )
    made = tuple(Row(_cells(request, row)) for row in rows)
    empty = _("还没有表彰。牵头考核的单位提出后，经公示、批准、公布，逐项列在这里。")
    is_demo = any(row.is_demo for row in rows)
    return Table("commendations", _("表彰名册"), columns, made, empty, is_demo=is_demo)


def _cells(request: HttpRequest, row: CommendationRow) -> tuple[Cell, ...]:
    now = row.standing
    return (
        Cell(row.name, row.name, href=link(request, "commendation:one", row.id)),
        text_cell(str(KINDS[row.kind])),
        text_cell(row.award),
        text_cell(f"{SIGNS[now.state]} {STATES[now.state]}"),
        text_cell(labels(row)),
        text_cell(now.number),
        Cell(day_words(now.announced_on), now.announced_on),
        Cell(yuan(now.amount_cny), now.amount_cny, hint="" if now.amount_cny is not None else _("没有奖金")),
        text_cell(row.funder_name),
        text_cell(row.clause or row.ground),
        text_cell(row.period),
        Cell(day_words(now.shown_until), now.shown_until),
        text_cell(row.proposer_name),
        text_cell(row.region_name),
    )
