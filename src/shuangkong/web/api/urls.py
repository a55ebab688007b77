"""Addresses of the interface."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from shuangkong.web.api.interface import interface
from shuangkong.web.api.views import described

VERSION = "v1"
API = interface()


def _own_doors() -> list[URLPattern]:
    """The interface asks itself who calls: no caller is led to the page for signing in."""
    every = [each for each in API.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    return [
        path(f"{VERSION}/{each.pattern}", login_not_required(each.callback), name=f"{VERSION}-{number}")
        for number, each in enumerate(every)
        if each.callback is not None
    ]


app_name = "api"
urlpatterns = [
    path("", described.described, name="described"),
    path(f"{VERSION}/openapi.json", described.openapi, name="openapi"),
    *_own_doors(),
]
