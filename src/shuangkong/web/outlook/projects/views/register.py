"""列入重点工程: what is the project, whose is it, by when, and what is it to bring?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.outlook.projects import acts
from shuangkong.records.outlook.projects.rows import Registered
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.web.outlook.projects.fields import Field, filled, particulars_fields, particulars_of
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link


@require_http_methods(["GET", "POST"])
@needs(Action.PROJECT_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """The place is the one that the form names, else where the person acts."""
    acting, refusal = acting_of(request), None
    typed = request.POST.dict() or {"since": f"{timezone.localdate():%Y-%m}"}
    code = request.POST.get("region", "").strip() or acting.region
    if request.method == "POST":
        try:
            wanted = Registered(
                code, request.POST.get("owner", ""), particulars_of(typed), request.POST.get("text", ""),
                request.POST.get("document", ""),
            )  # fmt: skip
            made = acts.register(wanted, acting)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已列入重点工程，从首次调度月份起按月调度。"))
            return redirect(link(request, "projects:project", made))
    wrong = refusal.field if refusal else ""
    places = [registry.region(acting.region), *registry.children(acting.region)] if acting.region else []
    beside = (
        Field("region", _("地区"), "select", options=tuple((each.code, each.name) for each in places if each),
              is_needed=True),
        Field("owner", _("责任单位名称，或企业代码"), is_needed=True),
    )  # fmt: skip
    after = (Field("text", _("说明"), "area"), Field("document", _("依据的文件")))
    context = {
        "fields": (*filled(beside, {"region": code, **typed}, wrong), *particulars_fields(code, typed, wrong),
                   *filled(after, typed, wrong)),
        "bodies": registry.bodies(code) if code else (),
        "refusal": refusal,
    }  # fmt: skip
    return page(request, "projects/register.html", context, status=refused_status(refusal))
