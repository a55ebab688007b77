"""The tree of regions, as paths; and what became of regions and bodies over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, BodyChange, Region, RegionChange

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


def succeed_region(before: str, after: str, on: date, document: str, by: str) -> None:
    """Records that a region became another on a day.

    Raises:
        Refused: no document is named, a region is unknown, or the two would follow one another in a circle.
    """
    _require(bool(document.strip()), "REG-101", "请写明批准文件。", "Name the document that orders the change.")
    with transaction.atomic():
        known = set(Region.objects.filter(pk__in=(before, after)).values_list("pk", flat=True))
        for code in (before, after):
            _require(code in known, "REG-102", f"没有代码为 {code} 的地区。", f"There is no region {code}.")
        circle = before == after or before in _followers(after, _region_changes(date.max))
        _require(not circle, "REG-103", f"{after} 已是 {before} 的前身。", f"{after} became {before} already.")
        RegionChange.objects.create(
            before_id=before, after_id=after, on=on, document=document, decided_by=by, decided_at=timezone.now()
        )
        act = Act(by, "region.succeed", f"region/{before}", place=path_of(after), document=document)
        journal.append(replace(act, after={"after": after, "on": on}))


def forerunners(code: str, on: date) -> frozenset[str]:
    """Codes of the regions that had become this one by that day, through any number of changes. 1 query."""
    changes = [(after, before) for before, after in _region_changes(on)]
    return _followers(code, changes) - {code}


def _region_changes(on: date) -> list[tuple[str, str]]:
    return list(RegionChange.objects.filter(on__lte=on).values_list("before_id", "after_id"))


def succeed_body(before: int, after: int, kind: Change, on: date, document: str, by: str) -> None:
    """Records that a body was renamed, merged or split into another on a day.

    Raises:
        Refused: as ``succeed_region``.
    """
    _require(bool(document.strip()), "REG-101", "请写明批准文件。", "Name the document that orders the change.")
    with transaction.atomic():
        known = dict(Body.objects.filter(pk__in=(before, after)).values_list("pk", "region__path"))
        for each in (before, after):
            _require(each in known, "REG-104", f"没有编号为 {each} 的单位。", f"There is no body {each}.")
        circle = before == after or before in _followers(after, _body_changes(date.max))
        _require(not circle, "REG-105", "两个单位互为前后身。", "Each would have become the other.")
        BodyChange.objects.create(
            before_id=before, after_id=after, kind=kind, on=on, document=document, decided_by=by,
            decided_at=timezone.now(),
        )  # fmt: skip
        act = Act(by, "body.succeed", f"body/{before}", place=known[after] or "", document=document)
        journal.append(replace(act, after={"after": after, "kind": kind.value, "on": on}))


def heirs(body: int, on: date) -> frozenset[int]:
    """The bodies that answer on that day for what this one owed: itself, or what it became. 1 query."""
    changes = _body_changes(on)
    every = _followers(body, changes)
    return frozenset(each for each in every if each not in {before for before, _ in changes}) or frozenset({body})


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


def _require(holds: bool, code: str, zh: str, en: str) -> None:
    if not holds:
        raise Refused(code, zh, en)
