"""责任单位: which bodies are there, and what does one of them lead and take part in?"""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.plans.reading import Role
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import BodyRow
from shuangkong.web.plans.tables import part_table
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table
from shuangkong.web.site.words import role_word
from shuangkong.web.targets.chosen import chosen_plan

#: Stands for whatever is no number: no body has it.
NOBODY = 0


@require_GET
@needs(Action.BODY_READ, shows_past=True)
def bodies(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request)
    adopted = store.plans_in_force(seen=seen(request, Action.PLAN_READ), until=scope.as_of)
    plan = chosen_plan("", adopted, scope)
    found = _of_place(request, scope.place or (plan.region if plan else None))
    parts = store.parts(until=scope.as_of, seen=seen(request, Action.PLAN_READ, "plan__region__path"))
    counts = Counter((part.body, part.role) for part in parts)
    names = {body.id: body.name for body in found}
    roles = [role for role in Role if any(counts[body.id, role] for body in found)]
    moved = any(body.same_as != body.id for body in found)
    columns = (
        Column("name", _("责任单位")),
        *(Column(role.value, role_word(role), is_figure=True) for role in roles),
        *((Column("same", _("即")),) if moved else ()),
    )
    rows = tuple(Row(_cells(request, body, [counts[body.id, role] for role in roles], names, moved)) for body in found)
    empty = _("还没有责任单位。采用一份方案后，方案里写明的单位在这里列出。")
    return page(
        request,
        "plans/bodies.html",
        {"plan": plan},
        {"body_table": Table("bodies", _("责任单位"), columns, rows, empty)},
    )


def _of_place(request: HttpRequest, code: str | None) -> tuple[BodyRow, ...]:
    """The bodies of a place that the person may see; on a past day those that an adopted plan named by then."""
    until = scope_of(request).as_of
    if not may(acting_of(request), Action.BODY_READ, _where(code)):
        return ()
    found = registry.bodies(code, until)
    if until is None:
        return found
    named = store.named_bodies(until)
    return tuple(body for body in found if body.id in named)


def _where(code: str | None) -> Where:
    return Where(registry.paths([code]).get(code, "") if code else registry.WHOLE)


def _cells(
    request: HttpRequest, body: BodyRow, figures: list[int], names: dict[int, str], moved: bool
) -> tuple[Cell, ...]:
    """Name, how often in each role that occurs, and, where any name stands for another, for which."""
    same = names.get(body.same_as, "") if body.same_as != body.id else ""
    return (
        Cell(body.name, body.name, href=link(request, "plans:body", body.id)),
        *(Cell(str(figure), figure) for figure in figures),
        *((Cell(same, same or None),) if moved else ()),
    )


@require_http_methods(["GET", "POST"])
@needs(Action.BODY_READ, shows_past=True)
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    until = scope_of(request).as_of
    row = registry.body(body_id, until)
    if row is None:
        raise Http404
    reached(request, _where(row.region), Action.BODY_READ)
    refusal = None
    if request.method == "POST":
        require(acting_of(request), Action.BODY_CONFIRM, _where(row.region))
        refusal = _record_alias(request, row)
        if refusal is None:
            messages.success(request, _("已记录。"))
            return redirect(link(request, "plans:body", row.id))
    plans = {plan.id: plan for plan in store.plans(seen=seen(request, Action.PLAN_READ), until=until)}
    found = store.parts(None, body_id, until, seen(request, Action.PLAN_READ, "plan__region__path"))
    parts = sorted(found, key=lambda part: list(Role).index(Role(part.role)))
    own = [plans[plan_id] for plan_id in {part.plan for part in parts}]
    others = [other for other in registry.bodies(row.region, until) if other.id != body_id]
    region = registry.region(row.region, until) if row.region else None
    return page(
        request,
        "plans/body.html",
        {
            "body": row,
            "where": _where(row.region),
            "place": region.name if region else next((plan.region_name for plan in own), ""),
            "origin": {
                "is_demo": any(plan.is_demo for plan in own),
                "is_fictional": any(plan.is_fictional for plan in own),
            },
            "counts": [(role, number) for role, number in Counter(Role(part.role) for part in parts).items()],
            "others": others,
            "same": next((other for other in others if other.id == row.same_as), None),
            "aliases": [other for other in others if other.same_as == body_id],
            "decisions": registry.alias_decisions(body_id, until),
            "typed": request.POST,
            "refusal": refusal,
        },
        {"part_table": part_table(request, parts, {id_: plan.title for id_, plan in plans.items()}, _("它的任务"))},
        status=422 if refusal else 200,
    )


def _record_alias(request: HttpRequest, row: BodyRow) -> Refused | None:
    """None once it is recorded, else why not."""
    said = request.POST.get("same_as", "")
    same_as = (whole(said) or NOBODY) if said else None
    try:
        registry.record_alias(row.id, same_as, request.POST.get("reason", "").strip(), acting_of(request))
    except Refused as refusal:
        return refusal
    return None
