"""审批链: which regions approve a return, the lowest first: from the unit up to the place that opened the window."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.records.paths import SEPARATOR
from shuangkong.records.registry.models import Region

#: Levels that approve. A town has no office of its own for it.
APPROVING = ("province", "city", "county")


class Chains:
    """Chains up to the place of one window. 1 query for all units."""

    def __init__(self, top: str, paths: Iterable[str]) -> None:
        self._top = top
        codes = {code for path in paths for code in _codes(path)}
        self._levels = dict(Region.objects.filter(pk__in=sorted(codes)).values_list("pk", "level"))

    def of(self, path: str) -> tuple[str, ...]:
        """Codes, the lowest first; the place that opened the window always ends it."""
        top = _codes(self._top)
        line = [code for code in _codes(path) if code not in top[:-1]]
        fit = [code for code in line if self._levels.get(code) in APPROVING or code in top]
        return tuple(reversed(fit))


def _codes(path: str) -> list[str]:
    return [code for code in path.split(SEPARATOR) if code]
