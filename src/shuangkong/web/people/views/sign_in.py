"""登录: user name and password, the second factor, and the identity provider."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.records.people.persons import person_of_identity
from shuangkong.records.people.sign_ins import Means, Outcome, record_sign_in
from shuangkong.records.refusal import Refused
from shuangkong.web.people import provider
from shuangkong.web.people.signing import Throttled, admit, by_code, by_password, half_signed_in, leads_to
from shuangkong.web.people.whence import whence_of

#: Under which key the session keeps what an attempt at the identity provider must bring back.
ATTEMPT, LEADS = "attempt", "leads"


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The one page that everybody may see."""
    if request.user.is_authenticated:
        return redirect(leads_to(request))
    refusal = None
    if request.method == "POST":
        try:
            person = by_password(request, request.POST.get("username", ""), request.POST.get("password", ""))
            return admit(request, person, Means.PASSWORD, leads_to(request))
        except Refused as refused:
            refusal = refused
    return _page(request, refusal)


def _page(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "refusal": refusal,
        "typed": request.POST.get("username", ""),
        "next": leads_to(request),
        "provider": (settings.OIDC_LABEL or _("政务统一身份认证")) if provider.is_there() else "",
    }
    status = 200 if refusal is None else 429 if isinstance(refusal, Throttled) else 403
    return render(request, "people/sign_in.html", context, status=status)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The code, for who has shown the password."""
    person = half_signed_in(request)
    if person is None:
        return redirect("login")
    refusal = None
    if request.method == "POST":
        try:
            return by_code(request, person, request.POST.get("code", ""))
        except Throttled as refused:
            return _page(request, refused)
        except Refused as refused:
            refusal = refused
    return render(request, "people/second.html", {"refusal": refusal}, status=403 if refusal else 200)


@login_not_required
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Off to the identity provider."""
    if not provider.is_there():
        return redirect("login")
    attempt = provider.new_attempt()
    try:
        place = provider.address(attempt, _back(request))
    except provider.ProviderFault as fault:
        return _refused(request, fault)
    request.session[ATTEMPT] = asdict(attempt) | {LEADS: leads_to(request)}
    return redirect(place)


@login_not_required
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider, with who it says one is; each attempt comes back once."""
    kept = request.session.pop(ATTEMPT, None)
    if kept is None or not provider.is_there():
        return redirect("login")
    leads = kept.pop(LEADS)
    try:
        value = provider.identity(provider.Attempt(**kept), request.GET.dict(), _back(request))
    except provider.ProviderFault as fault:
        return _refused(request, fault)
    person = person_of_identity(settings.OIDC_ISSUER, value)
    if person is None or not person.is_active:
        outcome = Outcome.NO_IDENTITY if person is None else Outcome.INACTIVE
        record_sign_in(person, Means.PROVIDER, outcome, whence_of(request))
        return _page(request, _stranger(value))
    return admit(request, person, Means.PROVIDER, leads)


def _stranger(value: str) -> Refused:
    return Refused(
        "PPL-172",
        f"统一身份认证认得您（{value}），但这个身份还没有与本站的人员对应，或已停用。请把这个编号告诉管理员。",
        f"The identity provider knows you ({value}), but no active person here bears that identity. Tell it to the"
        " administrator.",
    )


def _refused(request: HttpRequest, fault: provider.ProviderFault) -> HttpResponse:
    record_sign_in(None, Means.PROVIDER, Outcome.PROVIDER_FAULT, whence_of(request))
    return _page(request, fault)


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("provider_back"))
