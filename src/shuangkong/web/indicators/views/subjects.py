"""登记和变更: a unit is met, enters or leaves a scope, or becomes another: what shall be recorded?"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, BELOW_DESIGNATED_SIZE
from shuangkong.records.facts.subject_acts import SubjectAct, SubjectTold, record_subject
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of

ACTS: Mapping[SubjectAct, str | Promise] = {
    SubjectAct.REGISTER: lazy("登记单位"),
    SubjectAct.ENTER: lazy("纳入统计范围"),
    SubjectAct.LEAVE: lazy("退出统计范围"),
    SubjectAct.RENAME: lazy("更名"),
    SubjectAct.MERGE: lazy("合并"),
    SubjectAct.SPLIT: lazy("分立"),
    SubjectAct.WITHDRAW: lazy("撤销记错的一项"),
}
SCOPES: Mapping[str, str | Promise] = {
    ABOVE_DESIGNATED_SIZE: lazy("规模以上"),
    BELOW_DESIGNATED_SIZE: lazy("规模以下"),
}

#: What can be withdrawn.
_WRONG = {act: label for act, label in ACTS.items() if act not in (SubjectAct.REGISTER, SubjectAct.WITHDRAW)}


@require_http_methods(["GET", "POST"])
@needs(Action.ACTUAL_LOAD)
def subjects(request: HttpRequest) -> HttpResponse:
    """POST records one act; what is refused is shown beside what was typed."""
    form, refusal = request.POST, None
    if request.method == "POST":
        try:
            record_subject(_told(request), acting_of(request))
            messages.success(request, _("已登记，记入日志。有沿革变化的，核算结果在下次核算时更新。"))
            return redirect(link(request, "indicators:scopes"))
        except Refused as found:
            refusal = at_form(found)
    region = scope_of(request).place or acting_of(request).region
    context = {
        "typed": form, "acts": ACTS.items(), "wrong": _WRONG.items(), "scopes": SCOPES.items(), "refusal": refusal,
        "region": form.get("region") or region,
    }  # fmt: skip
    return page(request, "indicators/subjects.html", context, {}, refused_status(refusal))


def _told(request: HttpRequest) -> SubjectTold:
    form = request.POST
    try:
        act, was = SubjectAct(form.get("what", "")), SubjectAct(form["was"]) if form.get("was") else None
    except ValueError:
        raise Refused("FCT-308", "请写明要登记什么。", "Say what is to be recorded.", "what") from None
    return SubjectTold(
        act, form.get("code", ""), form.get("document", ""), form.get("name", ""), form.get("region", ""),
        day_of(form.get("on", ""), "on"), form.get("other", ""), form.get("scope") or ABOVE_DESIGNATED_SIZE,
        was=was,
    )  # fmt: skip
