"""Pages of one's own account: open to whoever is signed in, whatever the role, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from shuangkong.records.people.models import Person

#: What such views bear in place of an action.
OWN = "own"

type View = Callable[..., HttpResponse]


def own(view: View) -> View:
    """Marks a view that needs no role: it shows and changes only what is the person's own."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    guarded.needs = OWN  # type: ignore[attr-defined]
    return guarded


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; LoginRequiredMiddleware lets nobody else come here."""
    return cast(Person, request.user)
