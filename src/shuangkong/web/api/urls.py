"""Addresses of the interface."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path

from shuangkong.web.api.interface import interface
from shuangkong.web.api.views import described
from shuangkong.web.people.own import OWN

VERSION = "v1"
API = interface()
#: Addresses are tried one after the other: what programmes call by the hundred a second comes first.
_BUSIEST = "/reporting/returns/"


def _doors() -> list[URLPattern]:
    """The interface asks itself who calls: no caller is led to the page for signing in.

    An address may be several actions, one a method: each operation says its own.
    """
    found = []
    for number, each in enumerate(API.urls[0]):
        if isinstance(each, URLPattern) and each.callback is not None and each.name != "api-root":
            view = login_not_required(each.callback)
            view.needs = OWN  # type: ignore[attr-defined]
            found.append(path(f"{VERSION}/{each.pattern}", view, name=f"{VERSION}-{number}"))
    return sorted(found, key=lambda door: _BUSIEST not in str(door.pattern))


app_name = "api"
urlpatterns = [
    path("", described.described, name="described"),
    path(f"{VERSION}/openapi.json", described.openapi, name="openapi"),
    *_doors(),
]
