"""Who asks: every request acts as somebody, and every view says what it needs. The rules are in records.people.access."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.acting import PUBLIC, Acting, acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action

#: Under which key the session keeps the appointment that a person chose to act under.
CHOSEN = "appointment"

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


def needs(action: Action) -> Callable[[View], View]:
    """A view that only those may open who may do ``action`` somewhere; about one thing it asks ``require`` itself."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not may(acting_of(request), action):
                return forbidden(request)
            return view(request, *args, **kwargs)

        guarded.needs = action  # type: ignore[attr-defined]
        return guarded

    return mark


class Refusals:
    """Answers 403 where a store or view says Forbidden."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return forbidden(request, exception) if isinstance(exception, Forbidden) else None


def forbidden(request: HttpRequest, refusal: Forbidden | None = None) -> HttpResponse:
    """The page that says as what the person acts, and how to act as something else."""
    context = {"acting": acting_of(request), "refusal": refusal.message if refusal else None}
    return render(request, "site/error.html", context, status=403)
