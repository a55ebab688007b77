"""Guards of whoever is signed in: for how long, and what must be done before anything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.people.visits import see_visit
from shuangkong.web.people.session import BEGUN, OWED, PAGES, SEEN

type Answer = Callable[[HttpRequest], HttpResponse]
#: How exactly the last use of a session is kept: one write in so long, not one a request.
SEEN_EVERY = timedelta(minutes=1)
#: What stays open to who must do something first, besides the page for it.
_OPEN = frozenset({"logout", "set_language", "health"})


class VisitLimits:
    """Signs out who did nothing for too long, and everybody after the longest time, whatever the browser kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun, seen = request.session.get(BEGUN), request.session.get(SEEN)
        if begun is not None and seen is not None:
            _limit(request, datetime.fromisoformat(begun), datetime.fromisoformat(seen))
        return self.get_response(request)


def _limit(request: HttpRequest, begun: datetime, seen: datetime) -> None:
    now = timezone.now()
    is_idle = seen + timedelta(seconds=settings.IDLE_SECONDS) <= now
    if is_idle or begun + timedelta(seconds=settings.SIGNED_IN_SECONDS) <= now:
        logout(request)
        messages.info(request, _("离开太久或登录时间已满，请重新登录。"))
    elif seen + SEEN_EVERY <= now:
        request.session[SEEN] = now.isoformat()
        see_visit(request.session.session_key or "", now)


class FirstThings:
    """Leads a person to what must be done first: change a temporary password, set up the second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        owed = request.session.get(OWED) or ()
        if not owed or request.resolver_match is None:
            return None
        place = PAGES[owed[0]]
        return None if request.resolver_match.view_name in _OPEN | {place} else redirect(place)
