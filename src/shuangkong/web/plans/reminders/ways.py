"""Every way in which who asks may act, found once a request."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils import timezone

from shuangkong.records.people.acting import Acting, actings
from shuangkong.web.people.own import person_of


def ways_of(request: HttpRequest) -> tuple[Acting, ...]:
    """3 queries and one a change, the first time."""
    if not hasattr(request, "ways"):
        request.ways = actings(person_of(request), timezone.localdate())  # type: ignore[attr-defined]
    return cast(tuple[Acting, ...], request.ways)  # type: ignore[attr-defined]
