"""更正: what a version changes, and how a change meets versions that came in between. The order must not matter.

A correction is kept as the entries that it changes. Two that change different entries give the same in either order;
two that change one entry otherwise are a conflict, which a person settles: nothing is lost without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change[T]:
    """One entry: what stood and what stands; None: there was, or is, no such entry."""

    before: T | None
    after: T | None


type Changes[T] = Mapping[str, Change[T]]


class Conflict(ValueError):
    """Entries that both changed otherwise; ``addresses`` in their order."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        super().__init__(f"changed by both: {', '.join(addresses)}")
        self.addresses = addresses


def changes[T](before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, Change[T]]:
    """Address → change, of what differs, in the order of addresses."""
    every = sorted({*before, *after})
    found = {address: Change(before.get(address), after.get(address)) for address in every}
    return {address: each for address, each in found.items() if each.before != each.after}


def applied[T](content: Mapping[str, T], made: Changes[T]) -> dict[str, T]:
    """The content after the changes. Raises Conflict where an entry is neither as it was nor as it is to be."""
    torn = tuple(
        address for address, each in sorted(made.items()) if content.get(address) not in (each.before, each.after)
    )
    if torn:
        raise Conflict(torn)
    result = dict(content)
    for address, each in made.items():
        if each.after is None:
            result.pop(address, None)
        else:
            result[address] = each.after
    return result


def rebased[T](base: Mapping[str, T], wanted: Mapping[str, T], now: Mapping[str, T]) -> dict[str, T]:
    """``wanted``, made from ``base``, as it is to be where ``now`` stands meanwhile. Raises Conflict."""
    return applied(now, changes(base, wanted))
