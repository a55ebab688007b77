"""一个企业: what is it, what was it, by which numbers is it known, and what is to be recorded of it?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.source_code import number_of, source_code
from shuangkong.records.assessment.commendation import store as commendations
from shuangkong.records.paths import is_below
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises import acts, store
from shuangkong.records.registry.enterprises.identifiers import end_identifier, identify
from shuangkong.records.registry.enterprises.likeness import confirm_same
from shuangkong.records.registry.enterprises.rows import EnterpriseRow, System
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.registry.found import enterprise_or_404, particulars_of
from shuangkong.web.registry.words import CHANGED, EVENTS, SUCCESSIONS, SYSTEMS, industry_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole


@require_GET
@needs(Action.ENTERPRISE_READ, shows_past=True)
def one(request: HttpRequest, source: str) -> HttpResponse:
    return _page(request, enterprise_or_404(request, source))


@require_POST
@needs(Action.ENTERPRISE_REGISTER)
def act_on(request: HttpRequest, source: str) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row = enterprise_or_404(request, source, Action.ENTERPRISE_REGISTER)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(source)
    try:
        act(row, request.POST, acting_of(request))
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    messages.success(request, _("已记录。"))
    return redirect(link(request, "enterprises:one", source))


type Form = Mapping[str, str]


def _change(row: EnterpriseRow, form: Form, by: Acting) -> None:
    on = day_of(form.get("on", ""), "on")
    acts.change_enterprise(row.id, particulars_of(form), by, form.get("ground", ""), on, form.get("document", ""))


def _open(row: EnterpriseRow, form: Form, by: Acting) -> None:
    record = acts.close_enterprise if row.is_open else acts.reopen_enterprise
    record(row.id, by, form.get("ground", ""), day_of(form.get("on", ""), "on"), form.get("document", ""))


def _identify(row: EnterpriseRow, form: Form, by: Acting) -> None:
    system = next((each for each in System if each == form.get("system")), System.PERMIT)
    identify(row.id, system, form.get("value", ""), by, form.get("ground", ""))


def _end(row: EnterpriseRow, form: Form, by: Acting) -> None:
    wanted = whole(form.get("identifier", ""))
    if wanted not in {each.id for each in store.identifiers([row.id])[row.id]}:
        raise Http404
    end_identifier(wanted or 0, by, form.get("ground", ""))


def _succeed(row: EnterpriseRow, form: Form, by: Acting) -> None:
    kind = next((each for each in acts.Succession if each == form.get("kind")), acts.Succession.MERGED)
    on = day_of(form.get("on", ""), "on") or timezone.localdate()
    after = number_of(form.get("after", "")) or 0
    acts.succeed_enterprise(row.id, after, kind, on, form.get("document", ""), by)


def _name_reporter(row: EnterpriseRow, form: Form, by: Acting) -> None:
    acts.name_reporter(row.id, by, form.get("ground", ""))


def _separate(row: EnterpriseRow, form: Form, by: Acting) -> None:
    confirm_same(row.id, None, form.get("ground", ""), by)


_ACTS: Mapping[str, Callable[[EnterpriseRow, Form, Acting], None]] = {
    "change": _change,
    "open": _open,
    "identify": _identify,
    "end": _end,
    "succeed": _succeed,
    "reporter": _name_reporter,
    "separate": _separate,
}


def _page(request: HttpRequest, row: EnterpriseRow, refusal: Refused | None = None) -> HttpResponse:
    until, acting = scope_of(request).as_of, acting_of(request)
    is_now = until is None
    may_register = is_now and may(acting, Action.ENTERPRISE_REGISTER, store.where_is(row))
    region = registry.region(row.particulars.region)
    above = registry.region(acting.region) if acting.region else None
    meant = store.enterprise(row.same_as, until) if row.same_as != row.id else None
    context = {
        "row": row,
        "industry": industry_words(row.particulars.industry),
        "meant": meant,
        "former": store.former_names(row.id, until),
        "identifiers": [(SYSTEMS[each.system], each) for each in store.identifiers([row.id], until)[row.id]],
        "events": [
            (
                EVENTS[each.kind],
                [CHANGED[name] for name in each.changed],
                each,
                industry_words(each.particulars.industry),
            )
            for each in reversed(store.history(row.id, until))
        ],
        "successions": [
            (each, source_code(each.before), source_code(each.after), SUCCESSIONS[acts.Succession(each.kind)])
            for each in (store.successions(row.id) if is_now else ())
        ],
        "rectified": tasks.tasks(tasks.readable(acting) & Q(enterprise__in=store.records_of(row.id))) if is_now else (),
        "commended": commendations.commendations(
            commendations.readable(acting) & Q(honoured_enterprise__in=store.records_of(row.id, until)), until
        ),
        "may_propose": is_now and _may_propose(acting, row),
        "may_register": may_register,
        "places": list(dict.fromkeys(filter(None, (region, above, *_below(acting.region, may_register=may_register))))),
        "systems": [(each.value, label) for each, label in SYSTEMS.items()],
        "kinds": [(each.value, label) for each, label in SUCCESSIONS.items()],
        "typed": request.POST,
        "asked": request.POST.get("act", ""),
        "today": timezone.localdate(),
        "refusal": refusal,
    }
    return page(request, "enterprises/one.html", context, status=refused_status(refusal))


def _may_propose(acting: Acting, row: EnterpriseRow) -> bool:
    """Whether the person may propose to commend it, which one does at the place where one acts."""
    is_here = any(is_below(row.path, path) for path in acting.paths)
    return is_here and bool(acting.region) and may(acting, Action.COMMENDATION_PROPOSE)


def _below(code: str, *, may_register: bool) -> tuple[object, ...]:
    """Places to which the form offers to move it."""
    return registry.children(code) if code and may_register else ()
