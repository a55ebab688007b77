"""登记企业: what is it called, by which code, where, on what ground?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.core.source_code import source_code
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.registry.found import particulars_of
from shuangkong.web.site.access import acting_of, needs, place_of
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link


@require_http_methods(["GET", "POST"])
@needs(Action.ENTERPRISE_REGISTER)
def new(request: HttpRequest) -> HttpResponse:
    """The store asks whether the person may there."""
    acting, form, refusal = acting_of(request), request.POST, None
    if request.method == "POST":
        try:
            on = day_of(form.get("on", ""), "on")
            ground, document = form.get("ground", "").strip(), form.get("document", "").strip()
            made = register_enterprise(particulars_of(form), acting, ground, on, document)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已登记，源代码 %(source)s。") % {"source": source_code(made)})
            return redirect(link(request, "enterprises:one", source_code(made)))
    code = place_of(request)
    here = registry.region(code) if code else None
    context = {
        "places": [here, *registry.children(code)] if here else [],
        "typed": form,
        "today": timezone.localdate(),
        "refusal": refusal,
    }
    return page(request, "enterprises/new.html", context, status=refused_status(refusal))
