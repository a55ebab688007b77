"""What a field offers while somebody types: the first names that bear the words. Answers options, no page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.web.site.access import needs
from shuangkong.web.site.choosing import FEW, SEARCH, Options, body_options, place_options, plan_options


@require_GET
@needs(Action.PLAN_READ)
def places(request: HttpRequest) -> HttpResponse:
    return _options(request, "place", place_options)


@require_GET
@needs(Action.PLAN_READ)
def plans(request: HttpRequest) -> HttpResponse:
    return _options(request, "plan", plan_options)


@require_GET
@needs(Action.BODY_READ)
def bodies(request: HttpRequest) -> HttpResponse:
    return _options(request, "body", body_options)


def _options(request: HttpRequest, name: str, options: Callable[[HttpRequest, str, str, int], Options]) -> HttpResponse:
    words = request.GET.get(name + SEARCH, "").strip()
    return render(request, "site/options.html", {"options": options(request, words, "", FEW), "words": words})
