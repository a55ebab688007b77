"""能不能批: may this be approved here today, and if not, under which clause?"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.restriction import Answer, Approval, Verdict, may_be_approved
from shuangkong.records.assessment.accountability.exempting import (
    WantedExemption,
    end_exemption,
    exempt,
    leaves_room,
)
from shuangkong.records.assessment.accountability.exemptions import exemptions, readable
from shuangkong.records.assessment.accountability.restricting import restrictions
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.accountability.asking import asked_of, project_of
from shuangkong.web.assessment.accountability.exemption_table import exemption_table
from shuangkong.web.assessment.accountability.words import APPROVALS, SCOPES, VERDICTS
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link

#: What an exception can be made of.
STOPPED = (Verdict.MAY_NOT, Verdict.EXCEPTIONAL)


@require_GET
@needs(Action.ASSESSMENT_READ)
def approval(request: HttpRequest) -> HttpResponse:
    """Every kind of scope that some restriction speaks of can be told; what is not ticked is not known."""
    return _page(request)


@require_POST
@needs(Action.ASSESSMENT_APPROVE)
def exempting(request: HttpRequest) -> HttpResponse:
    """Records that one project is let through a restriction all the same."""
    form, acting, today = request.POST, acting_of(request), timezone.localdate()
    try:
        wanted = WantedExemption(
            region=acting.region, restriction=form.get("restriction", ""), project=form.get("project", ""),
            document=form.get("document", ""), reason=form.get("reason", ""), starts=today,
            until=day_of(form.get("until", ""), "until"),
        )  # fmt: skip
        exempt(wanted, acting)
    except Refused as refusal:
        return _page(request, at_form(refusal))
    messages.success(request, _("已记录例外：%(project)s。") % {"project": wanted.project})
    return redirect(link(request, "accountability:approval"))


@require_POST
@needs(Action.ASSESSMENT_APPROVE)
def ending(request: HttpRequest, exemption_id: int) -> HttpResponse:
    """Ends an exemption from today on."""
    form = request.POST
    if not exemptions(readable(acting_of(request)) & Q(pk=exemption_id)):
        raise Http404(exemption_id)
    try:
        end_exemption(exemption_id, acting_of(request), form.get("document", ""), form.get("reason", ""))
    except Refused as refusal:
        return _page(request, at_form(refusal))
    messages.success(request, _("已取消例外，从今天起照常限制。"))
    return redirect(link(request, "accountability:approval"))


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    form, today, acting = request.GET, timezone.localdate(), acting_of(request)
    code = form.get("at") or acting.region
    region = registry.region(code) if code else None
    act = next((each for each in Approval if each == form.get("act")), None)
    known = restrictions(region.code, today) if region else ()
    context: dict[str, Any] = {
        "place": region,
        "places": _places(acting, region),
        "acts": [(each.value, label) for each, label in APPROVALS.items()],
        "act": act,
        "asked": asked_of(known, form),
        "typed": form,
        "told": request.POST,
        "answer": None,
        "refusal": refusal,
    }
    if region is not None and act is not None:
        within = frozenset(each.code for each in registry.lineage(region.code)) | {region.code}
        try:
            found = may_be_approved(known, act, project_of(form, within), today)
        except Refused as wrong:
            context["refusal"] = at_form(wrong)
        else:
            context |= _answered(found, may_exempt=_may_exempt(acting))
    recorded = exemptions(readable(acting))
    if _may_exempt(acting):
        context["ending"] = [row for row in recorded if row.ended_on is None and row.region == acting.region]
    table, status = exemption_table(recorded, known), refused_status(context["refusal"])
    return page(request, "accountability/approval.html", context, {"exemption_table": table}, status=status)


def _places(acting: Acting, asked: RegionRow | None) -> list[tuple[str, str]]:
    """The own place and those right below it, with the one that was asked for: what is chosen from. 2 queries."""
    own = registry.region(acting.region) if acting.region else None
    rows = [own, *registry.children(own.code)] if own else []
    found = {row.code: row.name for row in (*rows, asked) if row is not None and row.ends_on is None}
    return list(found.items()) if own else []


def _may_exempt(acting: Acting) -> bool:
    return bool(acting.region) and may(acting, Action.ASSESSMENT_APPROVE, Where(path_of(acting.region)))


def _answered(found: Answer, *, may_exempt: bool) -> dict[str, Any]:
    sources = open_rulebook().sources()
    hits = [
        (
            hit, VERDICTS[hit.verdict], [SCOPES[kind] for kind in hit.untold],
            sources.get(hit.restriction.ground.source),
            may_exempt and hit.verdict in STOPPED and leaves_room(hit.restriction),
        )
        for hit in found.hits
    ]  # fmt: skip
    return {"answer": VERDICTS[found.verdict], "hits": hits}
