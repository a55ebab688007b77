"""两步验证: setting up a generator of codes, and the recovery codes."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from qrcode.image.svg import SvgPathImage

from shuangkong.records.people.models import Person
from shuangkong.records.people.second_factor import (
    address_for,
    has_factor,
    is_right,
    new_recovery_codes,
    new_secret,
    recovery_codes_left,
    set_up,
    spelled,
)
from shuangkong.records.people.throttling import Limit, forget, take
from shuangkong.records.refusal import Refused
from shuangkong.web.people import session
from shuangkong.web.people.own import own, person_of
from shuangkong.web.people.signing import OF_CODE, Throttled

#: Under which keys the session keeps the secret until a code made with it was shown, and that it takes another's place.
SECRET, REPLACES = "secret", "replaces"


@own
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Shows the secret and waits for a code made with it; who has a factor sees how it stands."""
    person = person_of(request)
    if has_factor(person) and not request.session.get(REPLACES):
        return render(request, "people/factor.html", {"left": recovery_codes_left(person)})
    secret = bytes.fromhex(request.session.setdefault(SECRET, new_secret().hex()))
    refusal = None
    if request.method == "POST":
        try:
            codes = set_up(person, secret, request.POST.get("code", ""))
        except Refused as refused:
            refusal = refused
        else:
            del request.session[SECRET]
            request.session.pop(REPLACES, None)
            session.settle(request, session.FACTOR)
            return render(request, "people/recovery_codes.html", {"codes": codes})
    context = {
        "refusal": refusal,
        "picture": _picture(address_for(secret, person)),
        "spelled": spelled(secret),
        "is_owed": session.FACTOR in request.session.get(session.OWED, ()),
    }
    return render(request, "people/factor_new.html", context, status=422 if refusal else 200)


@own
@sensitive_post_parameters("code")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Other recovery codes, or another generator, for who shows a code: whoever finds the browser open gets neither."""
    person = person_of(request)
    try:
        _require_code(person, request.POST.get("code", ""))
    except Refused as refused:
        context = {"left": recovery_codes_left(person), "refusal": refused}
        return render(request, "people/factor.html", context, status=422)
    if request.POST.get("act") == "replace":
        request.session[REPLACES] = True
        return redirect("people:factor")
    messages.success(request, _("新的恢复码已生成，旧的作废。"))
    return render(request, "people/recovery_codes.html", {"codes": new_recovery_codes(person)})


def _require_code(person: Person, code: str) -> None:
    limit = Limit("code", str(person.pk), OF_CODE)
    if not take(limit):
        raise Throttled
    if not is_right(person, code):
        raise Refused("PPL-164", "验证码不对或已用过。", "The code is wrong or was used.", "code")
    forget(limit)


def _picture(address: str) -> str:
    """The address as a QR code: an SVG in a data: address."""
    drawn = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, box_size=12).save(drawn)
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
