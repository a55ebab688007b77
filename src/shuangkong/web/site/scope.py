"""Place, period and day: where and when a person is looking, and what was known by when.

All stand in the address, so that a link shows a colleague the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from shuangkong.core.horizon import is_near

#: The words of an address that say where and when.
SCOPE = ("place", "period", "as_of")
_PLACE = re.compile(r"[0-9A-Za-z]{2,12}")
_PERIOD = re.compile(r"(?:19|2[0-9])[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Scope:
    """``place`` is a region code, ``period`` a year; "" where the address does not say.

    ``as_of`` is a past day: the page shows what was known at its end; None is now.
    """

    place: str = ""
    period: str = ""
    as_of: date | None = None

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
        _past(request.GET.get("as_of", "")),
    )


def _past(said: str) -> date | None:
    """A day before today; today and later are now."""
    day = near_day(said)
    return day if day is not None and day < timezone.localdate() else None


def near_day(said: str) -> date | None:
    """A day of an address; None where it is none, or so far from any plan that nothing can be reckoned with it."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if is_near(day, timezone.localdate()) else None


def near_month(said: str) -> date | None:
    """The first day of a month of an address (YYYY-MM); None where it is none, or so far off as ``near_day`` says."""
    return near_day(f"{said}-01") if _MONTH.fullmatch(said) else None


def link(request: HttpRequest, name: str, *args: object, **query: object) -> str:
    """The address of a page, with the place, period and day one is looking at kept. ``query`` may override them."""
    scope = scope_of(request)
    pairs: dict[str, object] = {"place": scope.place, "period": scope.period, "as_of": scope.as_of} | query
    words = urlencode({key: value for key, value in pairs.items() if value not in ("", None)})
    return reverse(name, args=args) + (f"?{words}" if words else "")
