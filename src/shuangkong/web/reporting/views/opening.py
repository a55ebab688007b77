"""开报送窗口: which form, for which period, at which place, until when; what came of it."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting.chain import APPROVING
from shuangkong.records.reporting.forms import periods_due
from shuangkong.records.reporting.windows import Opened, open_counted
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken


@require_http_methods(["GET", "POST"])
@needs(Action.WINDOW_OPEN)
def opening(request: HttpRequest) -> HttpResponse:
    """Which form, for which period, until when."""
    acting, refusal, typed = acting_of(request), None, request.POST.dict()
    if request.method == "POST":
        try:
            region = typed.get("region", "").strip() or acting.region
            due = day_of(typed.get("due", ""), "due")
            made = open_counted(typed.get("form", ""), typed.get("period", "").strip(), region, acting, due)
        except Refused as found:
            refusal = at_form(found)
        else:
            if made.nobody is not None:
                messages.warning(request, spoken(made.nobody))
            else:
                messages.success(request, told(made))
            return redirect(link(request, "reporting:window", made.number))
    today = timezone.localdate()
    forms = open_rulebook().forms_on(today, acting.region)
    places = [registry.region(acting.region), *registry.children(acting.region)] if acting.region else []
    context = {
        "forms": [
            (each.id, spoken(each.name), each.number, [str(period) for period in periods_due(each, today, 3)])
            for each in forms
        ],
        "places": [each for each in places if each and each.level in APPROVING], "refusal": refusal, "typed": typed,
        "periods": _offered(forms, today),
    }  # fmt: skip
    return page(request, "reporting/open.html", context, status=refused_status(refusal))


def told(made: Opened) -> str:
    """What came of a window that was opened: how many owe it, what was taken over, who owes it elsewhere."""
    said = _("窗口已开，列出应报 %(n)s 份。") % {"n": made.listed}
    if made.raised:
        said += _("其中 %(n)s 份下级已开窗口，情况照旧，审批接着到本级。") % {"n": made.raised}
    if made.locked:
        said += _("另有 %(n)s 份下级已锁定，只计数；要再审的请下级先解除锁定。") % {"n": made.locked}
    if made.elsewhere:
        said += _("还有 %(n)s 份在上级的窗口里。") % {"n": made.elsewhere}
    return said


def _offered(forms: tuple[Form, ...], today: date) -> list[str]:
    return sorted({str(each) for form in forms for each in periods_due(form, today, 3)}, reverse=True)
