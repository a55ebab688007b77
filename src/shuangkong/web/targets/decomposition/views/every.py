"""目标分解: which targets were shared out, how far is each, and what was assigned to us?"""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import deadline_word, figure, op_sign, unit_word
from shuangkong.web.targets.decomposition.words import LEVELS, SIGNS, STATES, labels, title


@require_GET
@needs(Action.DECOMPOSITION_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    scope, acting = scope_of(request), acting_of(request)
    condition = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    heads = store.decompositions(condition, scope.as_of)
    got = store.received(acting, scope.as_of)
    counts = Counter(head.standing.state for head in heads)
    context = {
        "counts": [(STATES[state], SIGNS[state], LEVELS[state], counts[state]) for state in STATES if counts[state]],
        "may_open": may(acting, Action.DECOMPOSITION_PREPARE),
        "received": got,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"head_table": _heads(request, heads)}
    if got:
        tables["received_table"] = _received(request, got)
    return page(request, "decomposition/list.html", context, tables)


def _heads(request: HttpRequest, heads: tuple[DecompositionHead, ...]) -> Table:
    columns = (
        Column("target", _("目标")),
        Column("state", _("办到哪一步")),
        Column("op", _("关系")),
        Column("value", _("目标值"), is_figure=True),
        Column("unit", _("单位")),
        Column("deadline", _("期限")),
        Column("region", _("分解地区")),
        Column("scenarios", _("方案数"), is_figure=True),
        Column("since", _("采用日期")),
        Column("plan", _("来自")),
        Column("label", _("说明")),
    )
    rows = tuple(Row(_cells(request, head)) for head in heads)
    empty = _(
        "还没有分解。从方案的一个目标开始：选目标，选承担单位和办法，比较几个方案，采用一个，再给各单位出责任书。"
    )
    return Table("decompositions", _("分解的目标"), columns, rows, empty, is_demo=any(head.is_demo for head in heads))


def _cells(request: HttpRequest, head: DecompositionHead) -> tuple[Cell, ...]:
    now = head.standing
    name = title(head)
    return (
        Cell(name, name, href=link(request, "decomposition:one", head.id)),
        text_cell(f"{SIGNS[now.state]} {STATES[now.state]}"),
        text_cell(op_sign(head.op)),
        Cell(figure(head.value), head.value),
        text_cell(unit_word(head.unit)),
        text_cell(deadline_word(head.end_year)),
        text_cell(head.region_name),
        Cell(str(head.recorded), head.recorded),
        Cell(now.since.isoformat(), now.since) if now.since and now.scenario else text_cell(""),
        text_cell(head.plan_title or head.ground),
        text_cell(labels(head)),
    )


def _received(request: HttpRequest, got: tuple[tuple[DecompositionHead, AssignedShare], ...]) -> Table:
    columns = (
        Column("receiver", _("承担单位")),
        Column("target", _("目标")),
        Column("op", _("关系")),
        Column("value", _("目标值"), is_figure=True),
        Column("unit", _("单位")),
        Column("deadline", _("期限")),
        Column("state", _("下达情况")),
        Column("giver", _("由谁下达")),
    )
    rows = tuple(
        Row(
            (
                Cell(each.name, each.name, href=link(request, "decomposition:share", each.id)),
                text_cell(title(head)),
                text_cell(op_sign(head.op)),
                Cell(figure(each.value), each.value),
                text_cell(unit_word(head.unit)),
                text_cell(deadline_word(head.end_year)),
                text_cell(f"{SIGNS[head.standing.state]} {STATES[head.standing.state]}"),
                text_cell(head.region_name),
            )
        )
        for head, each in got
    )
    return Table("received", _("下达给我们的目标"), columns, rows, is_demo=any(head.is_demo for head, _each in got))
