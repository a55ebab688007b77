"""限值区域: areas beside administrative divisions that a limit may hold in alone: a mining zone, the reach of a basin.

Which outlets lie in one somebody registers, by its document, where an outlet's standards are: ``area/mining_special``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache

from shuangkong.core.finding import Finding
from shuangkong.policyfile import node
from shuangkong.policyfile.books import code_rows
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

_LIST, _PREFIX = "limit_areas", "area/"


@cache
def areas(folder: PolicyFolder) -> frozenset[str]:
    """Codes of the areas. Raises PolicyRefused where the list cannot be read."""
    return frozenset(row["code"] for row in code_rows(folder, _LIST))


def assignments(folder: PolicyFolder) -> tuple[str, ...]:
    """As registers name that an outlet lies in an area."""
    return tuple(sorted(f"{_PREFIX}{each}" for each in areas(folder)))


def of_groups(groups: Collection[str]) -> tuple[str, ...]:
    """The areas among what an outlet was assigned to."""
    return tuple(sorted(each.removeprefix(_PREFIX) for each in groups if each.startswith(_PREFIX)))


def check_places(folder: PolicyFolder, record: node.Mapping) -> Iterator[Finding]:
    """Places of a standard or of its group are codes of divisions, or areas of the list."""
    for part in (record, *record.listing("groups").mappings()):
        for place in part.listing("places").texts() if "places" in part else ():
            if not place.isdigit() and place not in areas(folder):
                yield refuse("POL-025", part.place, found=place)
