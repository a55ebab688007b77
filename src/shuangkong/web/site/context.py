"""What every page is given: the navigation, and the places and periods one can look at."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.site.rooms import BUILT, COMING
from shuangkong.web.site.scope import scope_of


def _places(rows: tuple[PlanRow, ...]) -> list[tuple[str, str]]:
    return sorted({(row.region, row.region_name) for row in rows if row.region is not None})


def _periods(rows: tuple[PlanRow, ...]) -> list[str]:
    years: set[int] = set()
    for row in rows:
        if row.end_year is not None:
            years.update(range(row.start_year or row.end_year, row.end_year + 1))
    return [str(year) for year in sorted(years, reverse=True)]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; one query for a person who is logged in, none for others."""
    context: dict[str, Any] = {"built": BUILT, "coming": COMING, "scope": scope_of(request)}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    rows = plans.plans()
    return context | {"places": _places(rows), "periods": _periods(rows)} | _ways(request)


def _ways(request: HttpRequest) -> dict[str, Any]:
    """Where a change of place or period leads: lists stay as they are, a page about one thing gives way to home.

    ``scope_keep`` are the address's other words, which a change of place drops: they name something of the old place.
    """
    match = request.resolver_match
    if match is None or request.method != "GET":
        return {"scope_path": reverse("home"), "scope_keep": (), "place_leads": ""}
    kept = [(key, value) for key, values in request.GET.lists() for value in values if key not in ("place", "period")]
    return {"scope_path": request.path, "scope_keep": kept, "place_leads": reverse("home") if match.kwargs else ""}
