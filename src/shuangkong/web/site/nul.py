"""No text with a NUL sign comes in: no database keeps one, and what looks for one finds nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from shuangkong.records.texts import NUL
from shuangkong.web.site.views.errors import unkept_sign

#: How JSON writes the sign.
_IN_JSON = b"\\u0000"
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class NoNul:
    """Refuses a request with a NUL sign in its address, among the words of its address, its form or its JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_bad = NUL in request.path or _holds(request.GET) or _sends(request)
        return unkept_sign(request) if is_bad else self.get_response(request)


def _sends(request: HttpRequest) -> bool:
    if request.content_type in _FORMS:
        return request.method == "POST" and (_holds(request.POST) or any(NUL in name for name in _file_names(request)))
    if request.content_type == "application/json":
        return _IN_JSON in request.body and _IN_JSON in request.body.replace(b"\\\\", b"")
    return False


def _holds(words: QueryDict) -> bool:
    return any(NUL in text for key, values in words.lists() for text in (key, *values))


def _file_names(request: HttpRequest) -> list[str]:
    return [file.name or "" for _field, files in request.FILES.lists() for file in files]
