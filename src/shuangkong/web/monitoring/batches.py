"""分批: a large place has more factors than one page judges; the address says which batch is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from shuangkong.web.site.scope import whole
from shuangkong.web.site.tables import near

#: Points that one page judges.
MOST = 400
_KEY = "batch"


@dataclass(frozen=True, slots=True)
class Batch[T]:
    """Some of ``count`` things, from number ``first`` to ``last``; ``turns``: (first, last, address, is this one)."""

    some: Sequence[T]
    first: int
    last: int
    count: int
    turns: tuple[tuple[int, int, str, bool], ...]

    @property
    def is_part(self) -> bool:
        return self.count > len(self.some)


def batch_of[T](request: HttpRequest, things: Sequence[T], most: int = MOST) -> Batch[T]:
    """The batch that the address names, the first where it names none that there is."""
    return batch_by(request, len(things), lambda start, end: things[start:end], most)


def batch_by[T](
    request: HttpRequest, count: int, told: Callable[[int, int], Sequence[T]], most: int = MOST
) -> Batch[T]:
    """As ``batch_of``, of things that are asked for from one number on and before another."""
    pages = max(1, -(-count // most))
    asked = whole(request.GET.get(_KEY, "")) or 1
    page = asked if asked <= pages else 1
    start = (page - 1) * most
    some = told(start, start + most)
    turns = tuple(
        (number * most + 1, min(count, (number + 1) * most), _address(request, number + 1), number + 1 == page)
        for number in (each - 1 for each in near(page, pages))
    )
    return Batch(some, start + 1, start + len(some), count, turns)


def _address(request: HttpRequest, page: int) -> str:
    """The same page with another batch; which page of its table was looked at is left behind."""
    query = request.GET.copy()
    for key in [key for key in query if key.endswith("-page") or key == "xlsx"]:
        del query[key]
    query[_KEY] = str(page)
    return f"?{query.urlencode()}"
