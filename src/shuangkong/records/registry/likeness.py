"""近似名称: printed names of a region that may mean one body; a person confirms. And what became of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from shuangkong.records.registry.models import Body, BodyChange
from shuangkong.records.registry.store import bodies
from shuangkong.records.registry.tree import Change

#: From this share of common characters on, two names are shown to a person.
ALIKE = 0.8
#: A first character that says the level only, and what stands in brackets.
_ADDED = re.compile(r"^[省市县区州旗盟](?=..)|[（(].*?[)）]|\s")


@dataclass(frozen=True, slots=True)
class Likely:
    """Two names that may mean one body; the longer is the fuller."""

    short: int
    short_name: str
    full: int
    full_name: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One body that became another."""

    before: int
    before_name: str
    after: int
    after_name: str
    kind: Change
    on: date
    document: str
    decided_by: str


def likely_same(region: str | None) -> tuple[Likely, ...]:
    """Pairs of names of a region that look like one body and are not yet said to be one. 2 queries."""
    names = {row.id: row.name for row in bodies(region) if row.same_as == row.id}
    found = []
    for one, other in combinations(sorted(names, key=lambda each: (len(names[each]), each)), 2):
        if _is_alike(names[one], names[other]):
            found.append(Likely(one, names[one], other, names[other]))
    return tuple(found)


def changes(region: str | None) -> tuple[ChangeRow, ...]:
    """What became of the bodies of a region, the newest first. 1 query."""
    found = BodyChange.objects.select_related("before", "after").filter(before__region=region).order_by("-on", "-pk")
    return tuple(
        ChangeRow(
            row.before_id, row.before.name, row.after_id, row.after.name, Change(row.kind), row.on, row.document,
            row.decided_by,
        )
        for row in found
    )  # fmt: skip


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names by body. 1 query."""
    return dict(Body.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def _is_alike(short: str, full: str) -> bool:
    """The same without level and brackets, an abbreviation (发改委 in 发展改革委), or nearly the same characters."""
    one, other = _ADDED.sub("", short), _ADDED.sub("", full)
    if one == other:
        return True
    if len(one) < 3 or len(other) < 3:
        return False
    if one[0] == other[0] and one[-1] == other[-1] and _is_within(one, other):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _is_within(short: str, full: str) -> bool:
    """Whether the characters of one stand in the other in their order."""
    rest = iter(full)
    return all(character in rest for character in short)
