"""更正: what a version changes, and how a change meets versions that came in between. The order must not matter.

A correction is kept as the entries that it changes. Two that change different entries give the same in either order;
two that change one entry otherwise are a conflict, which a person settles: nothing is lost without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shuangkong.reporting.forms.addresses import parse_address


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


type Keys = Mapping[str, tuple[str, ...]]


def rebased_keys(base: Keys, wanted: Keys, now: Keys, entries: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Open table → keys of its rows, as ``rebased`` does it for ``entries``, the addresses that it left.

    Rows that either added stay, those of the version in force first; a row that either took away goes, unless the
    other one wrote something new in it.
    """
    parsed = (parse_address(address) for address in entries if "[" in address)
    filled = {(each.table, each.row) for each in parsed if each is not None}
    found = {
        table: _rows(
            base.get(table, ()), wanted.get(table, ()), now.get(table, ()), {k for t, k in filled if t == table}
        )
        for table in dict.fromkeys((*now, *wanted))
    }
    return {table: rows for table, rows in found.items() if rows}


def _rows(base: tuple[str, ...], wanted: tuple[str, ...], now: tuple[str, ...], filled: set[str]) -> tuple[str, ...]:
    if now == base:
        return wanted
    if wanted == base:
        return now
    gone = {*base} - ({*wanted} & {*now}) - filled
    return tuple(key for key in dict.fromkeys((*now, *wanted)) if key not in gone)
