"""我的账户: as whom do I act, where am I signed in, and who tried to be me?"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.records.people.acting import actings
from shuangkong.records.people.passwords import change_password
from shuangkong.records.people.second_factor import has_factor
from shuangkong.records.people.sign_ins import sign_ins_of
from shuangkong.records.people.throttling import Limit, forget, take
from shuangkong.records.people.visits import end_visits, visits
from shuangkong.records.refusal import Refused
from shuangkong.web.people import session
from shuangkong.web.people.own import own, person_of
from shuangkong.web.people.sign_in_table import sign_in_table
from shuangkong.web.people.signing import OF_CODE, Throttled, leads_to
from shuangkong.web.people.words import acting_words
from shuangkong.web.site.access import CHOSEN, acting_of
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import whole


@own
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The ways in which the person may act, and which of them it acts in now."""
    person, now = person_of(request), acting_of(request)
    ways = [(each, acting_words(each)) for each in actings(person, timezone.localdate())]
    return page(request, "people/me.html", {"ways": ways, "now": now, "has_factor": has_factor(person)})


@own
@require_POST
def act_as(request: HttpRequest) -> HttpResponse:
    """Chooses the appointment acted under from now on in this browser."""
    chosen = whole(request.POST.get("appointment", ""))
    found = next((e for e in actings(person_of(request), timezone.localdate()) if e.appointment == chosen), None)
    if found is None:
        messages.error(request, _("没有这个身份，或已收回。"))
        return redirect("people:me")
    request.session[CHOSEN] = chosen
    messages.success(request, _("现在的身份：%(who)s。") % {"who": acting_words(found)})
    return redirect(leads_to(request))


@own
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changes the password; every other browser is signed out."""
    person, refusal, said = person_of(request), None, request.POST.get
    if request.method == "POST":
        try:
            limit = Limit("password", str(person.pk), OF_CODE)
            if not take(limit):
                raise Throttled
            change_password(person, said("old", ""), said("new", ""), said("again", ""))
            forget(limit)
        except Refused as refused:
            refusal = refused
        else:
            _keep_only_this(request)
            session.settle(request, session.PASSWORD)
            messages.success(request, _("密码已修改，其他设备已全部退出。"))
            return redirect("people:me")
    context = {"refusal": refusal, "is_owed": session.PASSWORD in request.session.get(session.OWED, ())}
    status = 200 if refusal is None else 429 if isinstance(refusal, Throttled) else 422
    return render(request, "people/password.html", context, status=status)


def _keep_only_this(request: HttpRequest) -> None:
    """Signs the person out everywhere but here, where the session goes on under another key."""
    person = person_of(request)
    end_visits(person)
    update_session_auth_hash(request, person)
    session.begin(request, person)


@own
@require_GET
def my_sign_ins(request: HttpRequest) -> HttpResponse:
    """The browsers one is signed in with, and the newest attempts under one's name."""
    person = person_of(request)
    table = sign_in_table(sign_ins_of(person), with_person=False)
    context = {"visits": visits(person), "this": request.session.session_key}
    return page(request, "people/my_sign_ins.html", context, {"sign_in_table": table})


@own
@require_POST
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """Signs the person out in every other browser."""
    count = end_visits(person_of(request), but=request.session.session_key or "")
    messages.success(request, _("已退出 %(count)d 台其他设备。") % {"count": count})
    return redirect("people:my_sign_ins")
