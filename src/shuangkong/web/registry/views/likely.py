"""疑似重复: which records are of one enterprise?"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.enterprises.likeness import confirm_distinct, confirm_same, likely_same_enterprises
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.registry.found import enterprise_or_404
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of


@require_http_methods(["GET", "POST"])
@needs(Action.ENTERPRISE_REGISTER)
def likely(request: HttpRequest) -> HttpResponse:
    """POST says that two records are of one enterprise, or of two."""
    acting, form, refusal = acting_of(request), request.POST, None
    if request.method == "POST":
        try:
            _decide(request)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已记录。"))
            return redirect(link(request, "enterprises:likely"))
    condition, place = store.readable(acting, Action.ENTERPRISE_REGISTER), scope_of(request).place
    if place:
        condition &= below(path_of(place) or "/?/", "region__path")
    pairs = likely_same_enterprises(condition)
    numbers = store.identifiers({row.id for pair in pairs for row in (pair.one, pair.other)})
    context = {
        "pairs": [(each, numbers[each.one.id], numbers[each.other.id]) for each in pairs],
        "asked": (form.get("one", ""), form.get("other", "")),
        "typed": form,
        "refusal": refusal,
    }
    return page(request, "enterprises/likely.html", context, status=refused_status(refusal))


def _decide(request: HttpRequest) -> None:
    """Raises Http404, Refused and Forbidden."""
    form, acting = request.POST, acting_of(request)
    one, other = (
        enterprise_or_404(request, form.get(key, ""), Action.ENTERPRISE_REGISTER).id for key in ("one", "other")
    )
    if form.get("what") == "distinct":
        confirm_distinct(one, other, form.get("reason", ""), acting)
    else:
        confirm_same(other, one, form.get("reason", ""), acting)
