"""隔离: what of the frames cannot be taken, gathered by device, sort and factor; kept raw, told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from shuangkong.readings.evidence import Address


class Sort(StrEnum):
    """Why it is kept apart; the words of the register."""

    DEVICE = "device"
    PASSWORD = "password"
    UNIT = "unit"
    FACTOR = "factor"
    CHECK = "check"
    CLOCK = "clock"
    BROKEN = "broken"


#: What may be taken after all once the device's entry is put right: its frames are read again then.
MENDABLE = frozenset({Sort.DEVICE, Sort.UNIT, Sort.FACTOR, Sort.PASSWORD, Sort.CHECK})


class Why(NamedTuple):
    """Of which device, what sort, which factor."""

    mn: str
    sort: Sort
    factor: str = ""


@dataclass(slots=True)
class Kept:
    """How often, the newest and the first address, and when (nanoseconds UTC), with what to do, both languages."""

    zh: str
    en: str
    count: int
    first: Address
    last: Address
    at: int
    peer: str = ""


class Desk(Protocol):
    """Where quarantine is shown. May wait for a database."""

    def tell(self, why: Why, kept: Kept) -> None: ...


class Apart:
    """What was kept apart of one batch."""

    def __init__(self) -> None:
        self.found: dict[Why, Kept] = {}

    def add(self, why: Why, address: Address, at: int, zh: str, en: str, peer: str = "", count: int = 1) -> None:
        """One more of a kind."""
        kept = self.found.get(why)
        if kept is None:
            self.found[why] = Kept(zh, en, count, address, address, at, peer)
            return
        kept.count += count
        kept.first, kept.last, kept.at = min(kept.first, address), max(kept.last, address), max(kept.at, at)

    def mendable(self) -> Iterable[tuple[str, Address]]:
        """Devices whose frames may be read again one day, and from where on."""
        for why, kept in self.found.items():
            if why.sort in MENDABLE and why.mn:
                yield why.mn, kept.first
