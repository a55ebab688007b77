"""责任单位: which bodies are there, and what does one of them lead and take part in?"""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.plans.reading import Role
from shuangkong.records.plans import store
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import BodyRow
from shuangkong.web.plans.tables import part_table
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table
from shuangkong.web.site.words import role_word
from shuangkong.web.targets.chosen import chosen_plan


@require_GET
def bodies(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    plan = chosen_plan("", store.plans_in_force(), scope)
    found = registry.bodies(scope.place or (plan.region if plan else None))
    counts = Counter((part.body, part.role) for part in store.parts())
    names = {body.id: body.name for body in found}
    columns = (
        Column("name", _("责任单位")),
        *(Column(role.value, role_word(role), is_figure=True) for role in Role),
        Column("same", _("即")),
    )
    rows = tuple(_body_row(request, body, counts, names) for body in found)
    empty = _("还没有责任单位。采用一份方案后，方案里写明的单位在这里列出。")
    return page(
        request,
        "plans/bodies.html",
        {"plan": plan},
        {"body_table": Table("bodies", _("责任单位"), columns, rows, empty)},
    )


def _body_row(request: HttpRequest, body: BodyRow, counts: Counter[tuple[int, str]], names: dict[int, str]) -> Row:
    same = names.get(body.same_as, "") if body.same_as != body.id else ""
    figures = (counts[body.id, role] for role in Role)
    return Row(
        (
            Cell(body.name, body.name, href=link(request, "plans:body", body.id)),
            *(Cell(str(figure), figure) for figure in figures),
            Cell(same, same or None),
        )
    )


@require_http_methods(["GET", "POST"])
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    row = registry.body(body_id)
    if row is None:
        raise Http404(body_id)
    if request.method == "POST":
        return _record_alias(request, row)
    titles = {plan.id: plan.title for plan in store.plans()}
    parts = sorted(store.parts(body_id=body_id), key=lambda part: list(Role).index(Role(part.role)))
    others = [other for other in registry.bodies(row.region) if other.id != body_id]
    return page(
        request,
        "plans/body.html",
        {
            "body": row,
            "counts": [(role, number) for role, number in Counter(Role(part.role) for part in parts).items()],
            "others": others,
            "same": next((other for other in others if other.id == row.same_as), None),
            "aliases": [other for other in others if other.same_as == body_id],
            "decisions": registry.alias_decisions(body_id),
        },
        {"part_table": part_table(request, parts, titles, _("它的任务"))},
    )


def _record_alias(request: HttpRequest, row: BodyRow) -> HttpResponse:
    same_as, reason = request.POST.get("same_as", ""), request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("请写明理由：为什么这两个名称是同一个单位。"))
        return redirect(link(request, "plans:body", row.id))
    try:
        same = int(same_as) if same_as.isdecimal() else None
        registry.record_alias(row.id, same, reason, request.user.get_username())
    except ValueError as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已记录。"))
    return redirect(link(request, "plans:body", row.id))
