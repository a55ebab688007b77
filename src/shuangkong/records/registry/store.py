"""Rows ⇄ values of the registry. Signatures first; bodies follow."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.records.registry.rows import AliasRow, BodyRow, RegionRow


def save_regions(rows: Iterable[RegionRow]) -> int:
    """Adds or brings up to date; parents may come in any order. Returns how many."""
    raise NotImplementedError


def region(code: str) -> RegionRow | None: ...
def find_region(name: str, within: str | None = None) -> RegionRow | None:
    """The one region of that full or short name (沈阳 for 沈阳市), below ``within`` where given; None if unknown or ambiguous."""
    raise NotImplementedError


def children(code: str) -> tuple[RegionRow, ...]: ...
def lineage(code: str) -> tuple[RegionRow, ...]:
    """The region and those above it, province first."""
    raise NotImplementedError


def bodies(region: str | None) -> tuple[BodyRow, ...]: ...
def body(body_id: int) -> BodyRow | None: ...
def record_alias(body_id: int, same_as: int | None, reason: str, by: str) -> AliasRow:
    """Decides that a printed name means another body (None withdraws). ValueError where that would make a circle."""
    raise NotImplementedError


def alias_decisions(body_id: int) -> tuple[AliasRow, ...]: ...
