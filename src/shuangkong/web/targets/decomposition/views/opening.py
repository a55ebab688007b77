"""开始分解: which target of which plan is to be shared out?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.plans.reading import Kind
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition.opening import extent_of, open_by_hand, open_of_share, open_of_target
from shuangkong.records.targets.decomposition.rows import Asked
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.law import LAWS
from shuangkong.web.plans.tasks.framed import at_form, number_of, refused_status
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.choosing import plan_choice
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.words import figure, indicator_word, kind_word, op_sign, with_unit
from shuangkong.web.targets.chosen import chosen_plan

#: Kinds that a target by hand may be.
_BY_HAND = (
    Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.SHARE, Kind.COUNT,
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Action.DECOMPOSITION_PREPARE)
def opening(request: HttpRequest) -> HttpResponse:
    """A target of a plan, a share received, or a target by hand."""
    acting, refusal = acting_of(request), None
    if request.method == "POST":
        try:
            made = _open(request)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已开始分解。选办法、填数据，试算会随时更新。"))
            return redirect(link(request, "decomposition:workbench", made))
    adopted = plans.plans_in_force(seen=seen(request, Action.DECOMPOSITION_PREPARE))
    typed = request.POST if request.method == "POST" else request.GET
    plan = chosen_plan(typed.get("plan", ""), adopted, scope_of(request), acting.region)
    context = {
        "plan": plan,
        "plan_field": plan_choice(request),
        "targets": _offered(plan) if plan and may(acting, Action.DECOMPOSITION_PREPARE, plan.where) else [],
        "kinds": [(kind.value, kind_word(kind)) for kind in _BY_HAND],
        "typed": typed,
        "refusal": refusal,
    }
    return page(request, "decomposition/open.html", context, status=refused_status(refusal))


def _open(request: HttpRequest) -> int:
    form, acting = request.POST, acting_of(request)
    ground = form.get("ground", "")
    if form.get("share"):
        return open_of_share(whole(form["share"]) or 0, acting, ground)
    if form.get("target"):
        return open_of_target(whole(form["target"]) or 0, acting, ground)
    value = number_of(form.get("value", ""), "value")
    if value is None:
        raise Refused("TGT-217", "请选方案里的目标，或填目标值。", "Choose a target, or give its value.", "target")
    asked = Asked(
        region=acting.region, indicator=_indicator(form.get("indicator", "")),
        kind=next((each for each in _BY_HAND if each == form.get("kind")), Kind.CAP_TOTAL), value=value,
        unit=form.get("unit", "").strip(), base_year=whole(form.get("base_year", "")) or 0,
        end_year=whole(form.get("end_year", "")) or 0, ground=ground, base=number_of(form.get("base", ""), "base"),
        base_unit=form.get("base_unit", "").strip(), incentive=number_of(form.get("incentive", ""), "incentive"),
    )  # fmt: skip
    return open_by_hand(asked, acting)


def _indicator(said: str) -> str:
    """The id of an indicator by any name that is printed for it; an unknown one as it was typed."""
    names = open_rulebook().indicators()
    plain = said.strip()
    found = (key for key, each in names.items() if plain in (key, each.zh, *each.aliases))
    return next(found, plain)


def _offered(plan: PlanRow) -> list[tuple[int, str, str]]:
    """Id, name and promise of the plan's own targets that can be shared out, headlines first. 1 query."""
    home = plan.region or plan.region_name
    rows = [row for row in targets.targets(plan.id) if row.subject_code == home]
    fit = [row for row in rows if (Kind(row.kind), extent_of(row.indicator, Kind(row.kind), row.unit)) in LAWS]
    return [
        (
            row.id,
            indicator_word(row.indicator, row.indicator_name, row.kind),
            f"{op_sign(row.op)} {with_unit(figure(row.value), row.unit)}",
        )
        for row in sorted(fit, key=lambda row: not row.is_headline)
    ]
