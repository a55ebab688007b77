"""交办: which adopted plans have become tasks, who answers for their headline targets, what else is to be done?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.plans.tasks.events import Part
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.acts import where_is
from shuangkong.records.plans.tasks.adding import Wanted, add_all
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.tasks.derived import derive
from shuangkong.web.plans.tasks.framed import at_form, framed, refused_status
from shuangkong.web.plans.tasks.then import is_past
from shuangkong.web.plans.tasks.wanting import CHOICES, Stage, wanted_of
from shuangkong.web.plans.tasks.words import KINDS
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import near
from shuangkong.web.site.words import spoken

#: So many plans stand on one page.
PLANS = 50


@require_http_methods(["GET", "POST"])
@needs(Action.TASK_ASSIGN)
def assign(request: HttpRequest) -> HttpResponse:
    """The plans; POST assigns one, and again after a new adoption: only what is missing is made."""
    acting = acting_of(request)
    if request.method == "POST":
        plan = plan_or_404(request, whole(request.POST.get("plan", "")) or 0, Action.TASK_ASSIGN)
        made = assign_plan(plan.id, acting).made
        derive(plan.id)
        said = ngettext("已交办 %(count)d 项任务。", "已交办 %(count)d 项任务。", made) % {"count": made}
        messages.success(request, said if made else _("没有新的任务要交办。"))
        return redirect(link(request, "tasks:tree", plan.id))
    wanted, place = seen(request, Action.TASK_ASSIGN), scope_of(request).place
    if place:
        wanted &= below(path_of(place) or "/?/", "region__path")
    pages = max(1, -(-store.count_plans_to_assign(wanted) // PLANS))
    page = min(whole(request.GET.get("page", "")) or 1, pages)
    turns = [(number, link(request, "tasks:assign", page=number)) for number in near(page, pages)]
    rows = store.plans_to_assign(wanted, (page - 1) * PLANS, PLANS)
    return framed(request, "tasks/assign.html", {"rows": rows, "page": page, "turns": turns if pages > 1 else ()})


@require_GET
@needs(Action.TASK_ASSIGN, shows_past=True)
def tree(request: HttpRequest, plan_id: int) -> HttpResponse:
    return _tree(request, plan_id)


@require_POST
@needs(Action.TASK_ASSIGN)
def own(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Names the owners of headline targets: every select of the form that says somebody."""
    plan_or_404(request, plan_id, Action.TASK_ASSIGN)
    acting, chosen = acting_of(request), _owners(request.POST)
    try:
        for task_id, body in chosen.items():
            name_owner(task_id, body, acting, request.POST.get("ground", ""))
    except Refused as refusal:
        return _tree(request, plan_id, at_form(refusal))
    messages.success(request, _("已记录归口单位。"))
    return redirect(link(request, "tasks:tree", plan_id))


@require_POST
@needs(Action.TASK_ASSIGN)
def derive_again(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Derives the standing of a plan's tasks anew."""
    plan_or_404(request, plan_id, Action.TASK_ASSIGN)
    count = derive(plan_id)
    said = ngettext("%(count)d 项任务的推算有变化。", "%(count)d 项任务的推算有变化。", count) % {"count": count}
    messages.success(request, said)
    return redirect(link(request, "tasks:tree", plan_id))


@require_http_methods(["GET", "POST"])
@needs(Action.TASK_ASSIGN)
def add(request: HttpRequest) -> HttpResponse:
    """A task beside the plan's own text, with its stages as children."""
    acting, form = acting_of(request), request.POST if request.method == "POST" else request.GET
    parent, plan = _named(request, form)
    place = (parent.region if parent else None) or (plan.region if plan else None) or acting.region
    refusal = None
    if request.method == "POST":
        try:
            first, stages = wanted_of(form, place or None, plan.id if plan else None, parent.id if parent else None)
            made = add_all([first], acting, form.get("ground", ""))[0]
            add_all([_stage(made, each, first) for each in stages], acting, form.get("ground", ""))
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已交办。"))
            return redirect(link(request, "tasks:task", made))
    context = {
        "parent": parent,
        "plan": plan,
        "kinds": [(kind.value, KINDS[kind]) for kind in CHOICES],
        "bodies": [each for each in registry.bodies(place or None) if each.same_as == each.id],
        "typed": form,
        "helping": form.getlist("helping"),
        "refusal": refusal,
        "place": registry.region(place) if place else None,
    }
    return framed(request, "tasks/add.html", context, refused_status(refusal))


def _named(request: HttpRequest, form: Mapping[str, str]) -> tuple[TaskRow | None, PlanRow | None]:
    """The task and the plan that a new one is to belong to. Raises Http404 and Forbidden."""
    if not form.get("parent"):
        return None, plan_or_404(request, whole(form["plan"]) or 0, Action.TASK_ASSIGN) if form.get("plan") else None
    parent = store.task(whole(form["parent"]) or 0)
    where = where_is(parent.id) if parent else None
    if parent is None or where is None:
        raise Http404
    reached(request, where, Action.TASK_READ, Action.TASK_ASSIGN)
    return parent, plan_or_404(request, parent.plan, Action.TASK_ASSIGN) if parent.plan else None


def _stage(parent: int, stage: Stage, first: Wanted) -> Wanted:
    due, title = stage
    return Wanted(
        TaskKind.OTHER,
        _("%(task)s：%(stage)s") % {"task": first.title, "stage": title},
        first.parts,
        parent=parent,
        due=due,
    )


def _tree(request: HttpRequest, plan_id: int, refusal: Refused | None = None) -> HttpResponse:
    plan, past = plan_or_404(request, plan_id, Action.TASK_ASSIGN), is_past(request)
    heads, counts = _now(plan_id) if past is None else _then(plan_id, past)
    context = {
        "plan": plan,
        "kinds": [(KINDS[kind], kind.value, counts[kind]) for kind in TaskKind if counts[kind]],
        "count": sum(counts.values()),
        "heads": [(row, next((part for part in row.parts if part.part is Part.OWNER), None)) for row in heads],
        "bodies": [] if past else [each for each in registry.bodies(plan.region) if each.same_as == each.id],
        "refusal": refusal,
        "ground": request.POST.get("ground", ""),
        "told": f"{refusal.code} {spoken(refusal.message)}" if refusal else "",
    }
    return framed(request, "tasks/tree.html", context, refused_status(refusal))


type _Made = tuple[Sequence[TaskRow], Mapping[str, int]]


def _now(plan_id: int) -> _Made:
    """The headline targets of a plan as tasks, and how many tasks of each kind it has become. 4 queries."""
    counts = store.counts(Q(plan=plan_id), {kind.value: Q(kind=kind) for kind in TaskKind})
    return store.tasks(Q(plan=plan_id, kind=TaskKind.TARGET), ("pk",)), counts


def _then(plan_id: int, past: date) -> _Made:
    """The same as it was at the end of a past day. 6 queries. Raises Refused."""
    rows = stood(Q(plan=plan_id), past)
    return [row for row in rows if row.kind is TaskKind.TARGET], Counter(row.kind.value for row in rows)


def _owners(form: Mapping[str, str]) -> dict[int, int]:
    """Task → body of every field owner-<task> that names a body."""
    said = {whole(key.removeprefix("owner-")): whole(form[key]) for key in form if key.startswith("owner-")}
    return {task: body for task, body in said.items() if task is not None and body is not None}
