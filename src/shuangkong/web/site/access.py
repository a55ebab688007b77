"""Who asks: every request acts as somebody, and every view says what it needs. The rules are in records.people.access.

What lies outside a person's reach answers 404, whether it exists or not; what the person may see but not do, 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.dated import NotInForce
from shuangkong.records.people.access import Forbidden, Where, may, require, visible
from shuangkong.records.people.acting import PUBLIC, Acting, acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.views.errors import SAFE, not_laid_down, unfit
from shuangkong.web.site.words import spoken

#: Under which key the session keeps the appointment that a person chose to act under.
CHOSEN = "appointment"
#: Addresses that ask for no action of the table: how one comes in, the sign of life, outlines that everybody knows, and
#: the calendar, which its secret opens.
WITHOUT_ACTION = frozenset(
    {"login", "second", "provider", "provider_back", "logout", "set_language", "health", "map", "calendar"}
    # What access ends of units call: they are known by their number and the unit's credit code.
    | {f"uplink:{step}" for step in ("register", "version", "dictionary", "configure", "data")}
)
_READING = frozenset({"GET", "HEAD"})

type View = Callable[..., HttpResponse]


def acting_of(request: HttpRequest) -> Acting:
    """As whom the request acts; PUBLIC for whoever has not logged in or holds no appointment."""
    if not hasattr(request, "acting"):
        request.acting = _acting(request)  # type: ignore[attr-defined]
    return cast(Acting, request.acting)  # type: ignore[attr-defined]


def _acting(request: HttpRequest) -> Acting:
    user = getattr(request, "user", None)
    if not isinstance(user, Person):
        return PUBLIC
    return acting(user, timezone.localdate(), request.session.get(CHOSEN)) or PUBLIC


def needs(action: Action, *, shows_past: bool = False) -> Callable[[View], View]:
    """A view that only those may open who may do ``action`` somewhere; about one thing it asks ``reached`` itself.

    ``shows_past`` says that it can show what was known on a past day; any other leads to now. Nothing is done in the
    past.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(acting_of(request), action):
                return forbidden(request)
            if scope_of(request).as_of is not None and not (shows_past and request.method in _READING):
                return _now(request)
            return view(request, *args, **kwargs)

        guarded.needs, guarded.shows_past = action, shows_past  # type: ignore[attr-defined]
        return guarded

    return mark


def _now(request: HttpRequest) -> HttpResponse:
    if request.method not in _READING:
        raise Forbidden("PPL-202", "过去的情况只能看，不能改。请回到现在再办。", "The past can only be looked at.")
    messages.info(request, _("这一页只显示现在的情况。"))
    words = request.GET.copy()
    del words["as_of"]
    return redirect(request.path + (f"?{words.urlencode()}" if words else ""))


def reached(request: HttpRequest, where: Where, read: Action, action: Action | None = None) -> None:
    """One thing that an address names. What a person may not read is not there for them: they are told the same as of
    a number that nobody has. What they may read but not do is refused with the reason.

    Raises:
        Http404: the person may not ``read`` there.
        Forbidden: the person may, but not do ``action``.
    """
    if not may(acting_of(request), read, where):
        raise Http404
    if action is not None:
        require(acting_of(request), action, where)


def seen(request: HttpRequest, action: Action, path: str = "region__path") -> Q:
    """The condition on a list that leaves what the person may see; ``path`` names the column of the region's path."""
    return visible(acting_of(request), action, path)


def place_of(request: HttpRequest, action: Action = Action.BODY_READ) -> str:
    """Code of the place that the address says, where the person may do ``action`` there; else of the own, or ""."""
    asked, own = scope_of(request).place, acting_of(request).region
    return asked if asked and may(acting_of(request), action, Where(path_of(asked))) else own


class Refusals:
    """Answers 403 where a store or view says Forbidden; 422 where a page did not tell itself what a store refused.

    And where a page is asked for a time in which no rule is in force that it needs.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Forbidden):
            return forbidden(request, exception)
        if isinstance(exception, NotInForce) and request.method in SAFE:
            return not_laid_down(request, exception)
        return unfit(request, exception) if isinstance(exception, Refused) else None


def forbidden(request: HttpRequest, refusal: Forbidden | None = None) -> HttpResponse:
    """The page that says as what the person acts, and how to act as something else."""
    said = f"{refusal.code} {spoken(refusal.message)}" if refusal else _("您现在的身份没有这项权限。")
    context = {"status": 403, "heading": _("不能这样做"), "advice": said, "is_forbidden": True}
    return render(request, "site/error.html", context, status=403)
