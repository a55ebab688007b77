"""A field to choose one of many by name: the first few stand in it, the rest is searched for.

The places of the frame, and the plans and bodies of lists, are chosen here and nowhere else: within what the person
may see, and never all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest

from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import naming
from shuangkong.records.registry.tree import path_of
from shuangkong.web.site.access import acting_of, seen
from shuangkong.web.site.scope import link, scope_of, whole

#: So many names stand in a field; where there are more, it bears a search of its own.
FEW = 50
#: What the search of a field is called in the address: its name with this behind.
SEARCH = "-words"

type Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One field: what can be chosen, what is, and where its search asks ("" where every name stands in it)."""

    name: str
    options: Options
    chosen: str
    words: str
    search: str


def place_choice(request: HttpRequest) -> Choice:
    """Places that have a plan. 1 query."""
    return _choice(request, "place", place_options)


def plan_choice(request: HttpRequest) -> Choice:
    """Plans in force at the place that one looks at. 1 query, 2 with a place."""
    return _choice(request, "plan", plan_options)


def body_choice(request: HttpRequest) -> Choice:
    """Bodies of the place that one looks at, else of one's own. 2 queries."""
    return _choice(request, "body", body_options)


def place_options(request: HttpRequest, words: str, chosen: str, count: int) -> Options:
    return naming.places(seen(request, Action.PLAN_READ, "path"), words, chosen, count)


def plan_options(request: HttpRequest, words: str, chosen: str, count: int) -> Options:
    place = scope_of(request).place
    here = below(path_of(place) or "/?/", "region__path") if place else Q()
    return _said(naming.titles(seen(request, Action.PLAN_READ) & here, words, whole(chosen), count))


def body_options(request: HttpRequest, words: str, chosen: str, count: int) -> Options:
    here, number = scope_of(request).place or acting_of(request).region, whole(chosen)
    known = seen(request, Action.BODY_READ) & (Q(region=here) | Q(pk=number) if here else Q())
    return _said(naming.bodies(known, words, number, count))


def _said(found: tuple[tuple[int, str], ...]) -> Options:
    return tuple((str(number), name) for number, name in found)


def _choice(request: HttpRequest, name: str, options: Callable[[HttpRequest, str, str, int], Options]) -> Choice:
    chosen, words = request.GET.get(name, ""), request.GET.get(name + SEARCH, "").strip()
    found = options(request, words, chosen, FEW + 1)
    is_part = bool(words) or len(found) > FEW
    return Choice(name, found[:FEW], chosen, words, link(request, f"choices:{name}") if is_part else "")
