"""差异: what one set of rules lays down otherwise than another, provision by provision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.policyfile.provisions import Kind, Provision, in_force

#: What is the same provision on both sides: its kind, id and, where all days are looked at, its first day.
type _Key = tuple[Kind, str, date | None]


class Way(StrEnum):
    """What happened to a provision."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """``before`` is None where it was added, ``after`` where it was removed."""

    way: Way
    before: Provision | None
    after: Provision | None

    @property
    def provision(self) -> Provision:
        """The newer of the two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found


def changes(before: Iterable[Provision], after: Iterable[Provision], on: date | None = None) -> tuple[Change, ...]:
    """By id, then by day. Where a provision is written counts for nothing, only what it says.

    Args:
        on: only what is in force on this day, whatever else the files say of other days.
    """
    old, new = _keyed(before, on), _keyed(after, on)
    found = (_change(old.get(key), new.get(key)) for key in old.keys() | new.keys())
    return tuple(sorted(filter(None, found), key=lambda each: _order(each.provision)))


def _change(before: Provision | None, after: Provision | None) -> Change | None:
    if before is None:
        return Change(Way.ADDED, None, after)
    if after is None:
        return Change(Way.REMOVED, before, None)
    return None if before.content == after.content else Change(Way.CHANGED, before, after)


def _keyed(found: Iterable[Provision], on: date | None) -> Mapping[_Key, Provision]:
    if on is None:
        return {(each.kind, each.id, each.validity.starts): each for each in found}
    return {(each.kind, each.id, None): each for each in in_force(found, on)}


def _order(each: Provision) -> tuple[str, str, date]:
    return each.id, each.kind, each.validity.starts
