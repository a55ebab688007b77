"""The tree of regions, as paths; and what became of regions and bodies over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from shuangkong.records.paths import SEPARATOR
from shuangkong.records.registry.models import BodyChange, Region, RegionChange

_BATCH = 500


class Change(StrEnum):
    """What became of a body."""

    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"


def mend_paths() -> int:
    """Brings every path in line with the parents; returns how many changed. 1 query and 1 per 500 changed."""
    rows = {row.code: row for row in Region.objects.only("code", "parent_id", "path")}
    paths: dict[str, str] = {}
    moved = [row for row in rows.values() if row.path != _path(row.code, rows, paths)]
    for row in moved:
        row.path = paths[row.code]
    Region.objects.bulk_update(moved, ["path"], batch_size=_BATCH)
    return len(moved)


def _path(code: str, rows: Mapping[str, Region], known: dict[str, str]) -> str:
    if code not in known:
        parent = rows[code].parent_id
        above = _path(parent, rows, known) if parent is not None else SEPARATOR
        known[code] = f"{above}{code}{SEPARATOR}"
    return known[code]


def path_of(code: str) -> str:
    """The path of a region; "" where there is none of that code."""
    return Region.objects.filter(pk=code).values_list("path", flat=True).first() or ""


def forerunners(code: str, on: date) -> frozenset[str]:
    """Codes of the regions that had become this one by that day, through any number of changes. 1 query."""
    changes = [(after, before) for before, after in _region_changes(on)]
    return _followers(code, changes) - {code}


def successors(code: str, on: date) -> frozenset[str]:
    """Codes of the regions that this one had become by that day, itself included. 1 query."""
    return _followers(code, _region_changes(on))


def _region_changes(on: date) -> list[tuple[str, str]]:
    return list(RegionChange.objects.filter(on__lte=on).values_list("before_id", "after_id"))


def heirs(body: int, on: date) -> frozenset[int]:
    """The bodies that answer on that day for what this one owed: itself, or what it became. 1 query."""
    changes = _body_changes(on)
    every = _followers(body, changes)
    return frozenset(each for each in every if each not in {before for before, _ in changes}) or frozenset({body})


def sole_heirs(on: date) -> dict[int, int]:
    """Body that became another by a day → the one that answers for it then, where it is one alone. 1 query."""
    changes = _body_changes(on)
    gone = {before for before, _ in changes}
    ends = {each: _followers(each, changes) - gone for each in gone}
    return {each: next(iter(found)) for each, found in ends.items() if len(found) == 1}


def with_heirs(bodies: Iterable[int], on: date) -> frozenset[int]:
    """The bodies and whatever they became by that day. 1 query."""
    changes = _body_changes(on)
    return frozenset(each for body in bodies for each in _followers(body, changes))


def bodies_answered_for(body: int, on: date) -> frozenset[int]:
    """The body and all that had become it by that day: whose duties it now answers for. 1 query."""
    return _followers(body, [(after, before) for before, after in _body_changes(on)])


def _body_changes(on: date) -> list[tuple[int, int]]:
    return list(BodyChange.objects.filter(on__lte=on).values_list("before_id", "after_id"))


def _followers[T](start: T, steps: list[tuple[T, T]]) -> frozenset[T]:
    """Everything reached from ``start`` by steps, itself included."""
    reached, edge = {start}, [start]
    while edge:
        here = edge.pop()
        for before, after in steps:
            if before == here and after not in reached:
                reached.add(after)
                edge.append(after)
    return frozenset(reached)
