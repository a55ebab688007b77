"""A consumer for tests: invented registers, a store that remembers or a real one, an evidence log that tests write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

import pyarrow as pa
from devices import MN, PASSWORD

from shuangkong.gateway.consuming.apart import Kept, Why
from shuangkong.gateway.consuming.consumer import Consumer, Doors
from shuangkong.gateway.consuming.device import Device, Spell
from shuangkong.gateway.consuming.filing import Filing
from shuangkong.gateway.consuming.plan import Planner
from shuangkong.gateway.consuming.supplement import Supplement
from shuangkong.gateway.consuming.told import DeviceTold
from shuangkong.gateway.consuming.units import Units
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.monitoring.molar_mass import molar_masses
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.readings.evidence import Kind, Log
from shuangkong.readings.evidence.log import SEGMENT_LIMIT
from shuangkong.readings.evidence.record import pack
from shuangkong.rulebook import open_rulebook

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2024, 5, 21)
OUTLET = 7
DEVICE = Device(1, MN, spells=(Spell(OUTLET, 0),), password=PASSWORD)


class StoreAway(Exception):
    """The store of a test does not answer."""


def point_of(outlet: int, factor: str) -> int:
    """The point of an outlet's factor in tests."""
    return crc32(f"{outlet}/{factor}".encode()) & 0x7FFFFFFF


@dataclass
class Memory:
    """A store that remembers all it was given; ``is_away``: it does not answer; ``left``: so often it still does."""

    tables: list[pa.Table] = field(default_factory=list)
    is_away: bool = False
    left: int | None = None

    def append(self, table: pa.Table) -> None:
        if self.is_away or self.left == 0:
            raise StoreAway("away")
        if self.left is not None:
            self.left -= 1
        self.tables.append(table)

    def rows(self) -> list[dict[str, Any]]:
        """In the order of their frames; those of one frame in its order."""
        told = [row for table in self.tables for row in table.to_pylist()]
        return sorted(told, key=lambda row: (row["segment"], row["offset"]))


@dataclass
class Registers:
    """Devices that a test has registered."""

    held: dict[str, Device] = field(default_factory=lambda: {MN: DEVICE})
    version: int = 0

    def stamp(self) -> object:
        return self.version

    def devices(self) -> Mapping[str, Device]:
        return dict(self.held)

    def points(self, wanted: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        return {each: point_of(*each) for each in wanted}

    def register(self, device: Device) -> None:
        self.held[device.mn] = device
        self.version += 1


@dataclass
class Desk:
    """What was kept apart."""

    told: list[tuple[Why, Kept]] = field(default_factory=list)

    def tell(self, why: Why, kept: Kept) -> None:
        self.told.append((why, kept))

    def sorts(self) -> dict[tuple[str, str, str], int]:
        counts: dict[tuple[str, str, str], int] = {}
        for why, kept in self.told:
            key = (why.mn, why.sort.value, why.factor)
            counts[key] = counts.get(key, 0) + kept.count
        return counts


@dataclass
class Asked:
    """What was asked of devices."""

    told: list[tuple[int, str, datetime, datetime]] = field(default_factory=list)

    def ask(self, device: int, command: str, first: datetime, last: datetime) -> None:
        self.told.append((device, command, first, last))


@dataclass
class Heard:
    """What devices told beside readings, by its key."""

    told: dict[str, list[DeviceTold]] = field(default_factory=dict)

    def keep(self, told: Iterable[DeviceTold]) -> None:
        for each in told:
            self.told.setdefault(each.key, []).append(each)

    def said(self) -> list[tuple[str, str, str, str, int]]:
        """(sort, factor, name, text, how often) of each."""
        return [(own[0].sort.value, own[0].factor, own[0].name, own[0].text, sum(each.count for each in own))
                for own in self.told.values()]  # fmt: skip


class Ground:
    """A log, doors, and the consumer between them; its clock stands where a test puts it."""

    def __init__(self, folder: Path, limit: int = SEGMENT_LIMIT) -> None:
        self.folder = folder
        self.log = Log(folder / "evidence", limit, lambda: int(self.now * 1e9))
        self.store, self.registers, self.desk, self.orders = Memory(), Registers(), Desk(), Asked()
        self.messages = Heard()
        self.now = datetime(2024, 5, 21, tzinfo=ZONE).timestamp()
        self.consumer = self.open()

    def open(self) -> Consumer:
        doors = Doors(self.store, self.registers, self.desk, self.orders, (StoreAway,), messages=self.messages)
        return consumer(self.folder, doors, lambda: self.now)

    def again(self) -> None:
        """The consumer dies and begins again."""
        self.consumer.close()
        self.consumer = self.open()

    def receive(self, *frames: bytes, mark: int = Verdict.KNOWN) -> list[int]:
        """Frames come; the offsets of their records."""
        told = []
        for frame in frames:
            end = self.log.write([pack(Kind.FRAME, frame, int(self.now * 1e9), 5, mark)])
            told.append(end.offset - len(frame) - 28)
        return told

    def read(self) -> None:
        """Reads all there is; every look at the registers is due."""
        self.now += 3
        while self.consumer.step():
            self.now += 3


def consumer(folder: Path, doors: Doors, clock: Callable[[], float]) -> Consumer:
    rulebook = open_rulebook()
    codes = hj212_codes(rulebook.folder)
    units = Units(rulebook.units(), codes, molar_masses(rulebook.folder, DAY))
    planner = Planner(codes, units, doors.registers)
    return Consumer(
        folder,
        Filing(codes, planner, ZONE),
        lambda keeping: Supplement(keeping, codes, ZONE, rulebook.monitoring().supplement(DAY)),
        doors,
        clock,
        remember_days=40,
        keep_days=10_000,
    )
