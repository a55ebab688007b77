"""衔接总览: which plans still have gaps, sub-plans or values open, and which bind no longer?"""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.paths import below
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.rows import EntryKind, RegisterRow
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.cascade.words import plan_labels, signed
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell


@require_GET
@needs(Action.PLAN_COMPARE, shows_past=True)
def plans(request: HttpRequest) -> HttpResponse:
    """Every plan in force or once in force that the person may see beside others."""
    scope, acting = scope_of(request), acting_of(request)
    day = scope.as_of or timezone.localdate()
    rows = store.plans_in_force(seen=seen(request, Action.PLAN_COMPARE), until=scope.as_of)
    condition = visible(acting, Action.PLAN_COMPARE)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
        rows = tuple(row for row in rows if row.region == scope.place)
    entries = [each for each in cascade.registered(condition, scope.as_of) if each.is_open]
    gone, gaps = cascade.superseded(day), {}
    if scope.as_of is None:
        gaps = tasks.counts_by_plan(tasks.readable(acting) & tasks.is_live() & Q(kind=TaskKind.GAP))
    table = _table(request, rows, entries, gone, gaps, day)
    late = sum(each.is_late(day) for each in entries)
    context = {"count": len(rows), "open": len(entries), "late": late, "gaps": sum(gaps.values())}
    return page(request, "cascade/plans.html", context, {"plan_table": table})


def _table(
    request: HttpRequest,
    rows: tuple[PlanRow, ...],
    entries: list[RegisterRow],
    gone: frozenset[int],
    gaps: dict[int, int],
    day: date,
) -> Table:
    kinds = Counter((each.plan, each.kind) for each in entries)
    late = Counter(each.plan for each in entries if each.is_late(day))
    columns = (
        Column("title", _("方案")),
        Column("region", _("地区")),
        Column("force", _("是否执行")),
        Column("gaps", _("未了的差距任务"), is_figure=True),
        Column("late", _("逾期未到"), is_figure=True),
        Column("sub_plans", _("待编制方案"), is_figure=True),
        Column("awaited", _("待下达数值"), is_figure=True),
        Column("cooperation", _("配合事项"), is_figure=True),
        Column("label", _("说明")),
    )

    def cells(row: PlanRow) -> tuple[Cell, ...]:
        stands = signed("✕", _("不再执行")) if row.id in gone else signed("●", _("执行中"))
        opened = link(request, "cascade:open", row.id)
        return (
            Cell(row.title, row.title, href=link(request, "cascade:plan", row.id)),
            text_cell(row.region_name),
            text_cell(stands),
            _count(gaps.get(row.id, 0)),
            _count(late[row.id], opened),
            *(_count(kinds[row.id, kind], opened) for kind in EntryKind),
            text_cell(plan_labels(row)),
        )

    empty = _("还没有已采用的方案。两份有上下级关系的方案都采用后，在这里逐份对照。请先读入、审阅并采用。")
    is_demo = any(row.is_demo for row in rows)
    return Table("plans", _("方案"), columns, tuple(Row(cells(row)) for row in rows), empty, is_demo=is_demo)


def _count(number: int, href: str = "") -> Cell:
    return Cell(str(number), number, href=href if number else "")
