"""What every page is given: the navigation, and the places and periods one can look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils import timezone

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import naming
from shuangkong.web.people import own
from shuangkong.web.site.access import acting_of, seen
from shuangkong.web.site.choosing import SEARCH, place_choice
from shuangkong.web.site.rooms import BUILT, COMING, OWN, SYSTEM, Room
from shuangkong.web.site.scope import SCOPE, scope_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame. Places and periods are asked for by the page that shows them, with one query each: parts of
    pages, downloads and persons who are not logged in ask for none."""
    context: dict[str, Any] = {"coming": COMING, "scope": scope_of(request), "acting": acting_of(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    told = {"place_choice": partial(place_choice, request), "years_offered": partial(_periods, request)}
    return context | told | {"built": _open_to(request)} | _ways(request) | _day(request)


def _periods(request: HttpRequest) -> list[str]:
    return [str(year) for year in naming.years(seen(request, Action.PLAN_READ))]


def _open_to(request: HttpRequest) -> list[Room]:
    """The rooms with the pages that the person may open."""
    acting = acting_of(request)
    rooms = (
        replace(room, entries=tuple(entry for entry in room.entries if _may_open(acting, entry.name)))
        for room in (*BUILT, SYSTEM, OWN)
    )
    return [room for room in rooms if room.entries]


def _may_open(acting: Acting, name: str) -> bool:
    needed = _needs(name)
    return needed is None or may(acting, needed)


@cache
def _needs(name: str) -> Action | None:
    """What the page of that name needs; None for one's own, which everybody has who is signed in."""
    needed = resolve(reverse(name)).func.needs  # type: ignore[attr-defined]
    return None if needed == own.OWN else Action(needed)


def _day(request: HttpRequest) -> dict[str, Any]:
    """Whether the page can be asked for as of a past day, the last of these, and the address's words for now."""
    match = request.resolver_match
    shows_past = match is not None and getattr(match.func, "shows_past", False)
    words = request.GET.copy()
    words.pop("as_of", None)
    yesterday = timezone.localdate() - timedelta(days=1)
    return {"shows_past": shows_past, "yesterday": yesterday, "now_words": words.urlencode()}


def _ways(request: HttpRequest) -> dict[str, Any]:
    """Where a change of place or period leads: lists stay as they are, a page about one thing gives way to home.

    ``scope_keep`` are the address's other words, which a change of place drops: they name something of the old place.
    """
    match = request.resolver_match
    if match is None or request.method != "GET":
        return {"scope_path": reverse("home"), "scope_keep": (), "place_leads": ""}
    own = {*SCOPE, f"place{SEARCH}"}
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key not in own]
    return {"scope_path": request.path, "scope_keep": kept, "place_leads": reverse("home") if match.kwargs else ""}
