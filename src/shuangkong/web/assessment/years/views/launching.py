"""启动考核: whom do we assess by which table, and until when do they check themselves?"""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.core.period import Period
from shuangkong.records.assessment.years.days import SELF_CHECK, last_day
from shuangkong.records.assessment.years.launching import (
    REGION,
    UNIT,
    duties_at,
    duties_over,
    launch,
    organisations_of,
    regions_of,
    units_of,
)
from shuangkong.records.assessment.years.rows import Wanted
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.records.targets.decomposition import store as decompositions
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.years.words import SUBJECTS
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.words import spoken
from shuangkong.web.targets.decomposition.words import title

#: Years back that the form offers.
_YEARS = 6


@require_http_methods(["GET", "POST"])
@needs(Action.ASSESSMENT_CONDUCT)
def launching(request: HttpRequest) -> HttpResponse:
    """The place is where the person acts. Year and duty are chosen first: objects can then be chosen from."""
    acting, refusal = acting_of(request), None
    region = registry.region(acting.region) if acting.region else None
    typed = request.POST if request.method == "POST" else request.GET
    today = timezone.localdate()
    period = Period(whole(typed.get("year", "")) or today.year - 1)
    if request.method == "POST":
        try:
            wanted = Wanted(
                region=acting.region, duty=typed.get("duty", ""), period=period,
                until=day_of(typed.get("until", ""), "until") or today,
                subjects=tuple(request.POST.getlist("subjects")),
                decomposition=whole(typed.get("decomposition", "")), document=typed.get("document", ""),
            )  # fmt: skip
            made = launch(wanted, acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已启动：%(count)d 个考核对象，等他们自查。") % {"count": len(made)})
            return redirect(link(request, "assessment:list"))
    context = {
        "place": region,
        "years": [today.year - back for back in range(1, _YEARS + 1)],
        "period": period.year,
        "until": _proposed_until(region, today),
        "typed": typed,
        "chosen": request.POST.getlist("subjects"),
        "refusal": refusal,
        **(_offered(region, period, typed.get("duty", "")) if region else {"duties": [], "upward": []}),
    }
    return page(request, "assessment/launch.html", context, status=refused_status(refusal))


def _proposed_until(region: RegionRow | None, today: date) -> str:
    """The last day of the self-check that the form proposes; the assessor may change it."""
    layer = open_rulebook().layer_of(region.code if region else "", today)
    return last_day(SELF_CHECK, today, layer).isoformat()


def _offered(region: RegionRow, period: Period, chosen: str) -> dict[str, object]:
    """The duties of the place in the year, those that superiors have over it, and of the chosen one its table, objects
    and possible targets.
    """
    duties, upward = duties_at(region, period), duties_over(region, period)
    duty = next((each for each in (*duties, *upward) if each.id == chosen), None)
    found: dict[str, object] = {
        "duties": [(each.id, spoken(each.name)) for each in duties],
        "upward": [(each.id, spoken(each.name)) for each in upward],
        "duty": None,
    }
    if duty is None:
        return found
    path = path_of(region.code)
    if duty in upward:
        objects = [(region.code, region.name)]
    elif duty.subjects == UNIT:
        objects = [(each.source, each.name) for each in units_of(duty, region, period)]
    elif duty.subjects == REGION:
        objects = [(each.code, each.name) for each in regions_of(duty, region)]
    else:
        objects = [(each.code, each.name) for each in organisations_of(duty, region)]
    heads = decompositions.decompositions(below(path))
    law = open_rulebook().assessment(open_rulebook().layer_of(region.code, period.last_day))
    return found | {
        "duty": duty,
        "duty_name": spoken(duty.name),
        "table": spoken(law.tables[duty.table].name),
        "sort": SUBJECTS.get(duty.subjects, duty.subjects),
        "objects": objects,
        "is_upward": duty in upward,
        "is_of_units": duty.subjects == UNIT,
        "decompositions": [(each.id, title(each)) for each in heads if each.path == path and each.standing.scenario],
    }
