"""隔离: what of the frames cannot be taken, gathered by device, sort and factor; kept raw, told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from shuangkong.readings.evidence import Address, Damage, Record


class Sort(StrEnum):
    """Why it is kept apart; the words of the register."""

    DEVICE = "device"
    PASSWORD = "password"
    UNIT = "unit"
    FACTOR = "factor"
    CHECK = "check"
    CLOCK = "clock"
    BROKEN = "broken"
    UNREADABLE = "unreadable"


#: What may be taken after all once the device's entry is put right: its frames are read again then.
#: What a fault of ours keeps apart is read again when the consumer begins, which a mended one does.
MENDABLE = frozenset({Sort.DEVICE, Sort.UNIT, Sort.FACTOR, Sort.PASSWORD, Sort.CHECK, Sort.UNREADABLE})


class Why(NamedTuple):
    """Of which device, what sort, which factor."""

    mn: str
    sort: Sort
    factor: str = ""


@dataclass(slots=True)
class Kept:
    """How often, the first and the newest address, when (nanoseconds UTC) and by which connection the newest came,
    and what to do, both languages; ``peer`` is filled in by who knows it.
    """

    zh: str
    en: str
    count: int
    first: Address
    last: Address
    at: int
    connection: int = 0
    peer: str = ""


class Desk(Protocol):
    """Where quarantine is shown. May wait for a database."""

    def tell(self, why: Why, kept: Kept) -> None: ...


class Apart:
    """What was kept apart of one batch."""

    def __init__(self) -> None:
        self.found: dict[Why, Kept] = {}

    def add(self, why: Why, record: Record | Damage, zh: str, en: str) -> None:
        """One more of a kind."""
        at, connection = (record.received, record.connection) if isinstance(record, Record) else (0, 0)
        kept = self.found.get(why)
        if kept is None:
            self.found[why] = Kept(zh, en, 1, record.address, record.address, at, connection)
            return
        kept.count += 1
        kept.first = min(kept.first, record.address)
        if record.address > kept.last:
            kept.last, kept.at, kept.connection = record.address, at, connection

    def mendable(self) -> Iterable[tuple[str, Address]]:
        """Devices whose frames may be read again one day, and from where on."""
        for why, kept in self.found.items():
            if why.sort in MENDABLE and why.mn:
                yield why.mn, kept.first
