"""Place and period: where and when a person is looking.

Both stand in the address, so that a link shows a colleague the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

_PLACE = re.compile(r"[0-9A-Za-z]{2,12}")
_PERIOD = re.compile(r"[0-9]{4}")
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Scope:
    """``place`` is a region code, ``period`` a year; "" where the address does not say."""

    place: str = ""
    period: str = ""

    @property
    def year(self) -> int | None:
        return int(self.period) if self.period else None


def whole(text: str) -> int | None:
    """A whole number from an address or a form: plain decimal digits that a database can hold; None for all else."""
    return int(text) if _WHOLE.fullmatch(text) else None


def scope_of(request: HttpRequest) -> Scope:
    """What the address says; a malformed value counts as unsaid."""
    place, period = request.GET.get("place", ""), request.GET.get("period", "")
    return Scope(
        place if _PLACE.fullmatch(place) else "",
        period if _PERIOD.fullmatch(period) else "",
    )


def link(request: HttpRequest, name: str, *args: object, **query: object) -> str:
    """The address of a page, with the place and period one is looking at kept. ``query`` may override them."""
    scope = scope_of(request)
    pairs: dict[str, object] = {"place": scope.place, "period": scope.period} | query
    words = urlencode({key: value for key, value in pairs.items() if value not in ("", None)})
    return reverse(name, args=args) + (f"?{words}" if words else "")
