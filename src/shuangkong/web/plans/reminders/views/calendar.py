"""日历: the secret address that a calendar programme subscribes to, and the feed behind it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangkong.records.plans.reminders.calendar import (
    address_made_at,
    entries,
    make_address,
    person_of,
    revoke_address,
)
from shuangkong.web.people import own as account
from shuangkong.web.plans.reminders.feed import feed_of
from shuangkong.web.site.page import page

CALENDAR = "text/calendar; charset=utf-8"


@account.own
@require_http_methods(["GET", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Whether there is an address; POST makes a new one, which is shown once, or ends it."""
    person, told = account.person_of(request), ""
    if request.method == "POST" and request.POST.get("act") == "revoke":
        if revoke_address(person):
            messages.success(request, _("日历地址已作废。"))
        return redirect("reminders:calendar")
    if request.method == "POST":
        told = _whole(request, reverse("calendar", args=[make_address(person)]))
    context = {"told": told, "made_at": address_made_at(person), "count": len(entries(person))}
    return page(request, "reminders/calendar.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever holds the secret, as far as that person may see now. A secret that opens nothing, or no
    more, is not there."""
    person = person_of(secret)
    if person is None:
        raise Http404
    base = settings.SITE_ADDRESS or _whole(request, "")
    return HttpResponse(feed_of(entries(person), base), content_type=CALENDAR)


def _whole(request: HttpRequest, path: str) -> str:
    """The address as seen from outside."""
    if settings.SITE_ADDRESS:
        return f"{settings.SITE_ADDRESS}{path}"
    return f"{request.scheme}://{request.get_host()}{path}"
