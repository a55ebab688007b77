"""记住的事: how far the log was read, which frames were taken, what is to be read again; one small SQLite file.

All of a batch is written in one transaction after the store has its readings: who dies in between reads the batch
again, and the store keeps one of what it gets twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from shuangkong.readings.evidence import Address
from shuangkong.readings.evidence.reading import START

_TABLES = """
CREATE TABLE IF NOT EXISTS bookmark (id INTEGER PRIMARY KEY CHECK (id = 1), segment INTEGER, offset INTEGER);
CREATE TABLE IF NOT EXISTS taken (key BLOB PRIMARY KEY, day INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS newest (sender BLOB PRIMARY KEY, time BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (mn TEXT PRIMARY KEY, segment INTEGER, offset INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS covered (mn TEXT, command TEXT, step INTEGER, spans TEXT, PRIMARY KEY (mn, command))
 WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked (mn TEXT, command TEXT, first INTEGER, tries INTEGER, at REAL,
 PRIMARY KEY (mn, command, first)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ran (outlet INTEGER, hour INTEGER, devices TEXT, PRIMARY KEY (outlet, hour)) WITHOUT ROWID;
CREATE TEMP TABLE batch (place INTEGER PRIMARY KEY, key BLOB);
"""
#: Bytes of a key that are the day of its period: keys of one day lie together.
DAY_BYTES = 4
#: Keys that one statement takes.
_AT_ONCE = 200


class Mark(NamedTuple):
    """What makes a frame the same as another.

    Attributes:
        key: of device, system, command, packet and content, with the day of its period before it.
        sender: device, system, command and packet.
        time: fourteen digits of its period; b"" where it has none.
    """

    key: bytes
    sender: bytes
    time: bytes


@lru_cache(maxsize=8)
def _taking(count: int, day: int) -> str:
    return f"INSERT OR IGNORE INTO taken VALUES {', '.join([f'(?, {int(day)})'] * count)}"


class Keeping:
    """The file. One consumer has it open.

    What is newer than all that its sender ever sent was not taken before: only the rest is looked up.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.execute("PRAGMA cache_size = -65536")
        self._base.executescript(_TABLES)
        self._newest: dict[bytes, bytes] = dict(self._base.execute("SELECT * FROM newest"))

    def bookmark(self) -> Address:
        """How far the log was read."""
        row = self._base.execute("SELECT segment, offset FROM bookmark").fetchone()
        return Address(*row) if row else START

    def taken(self, marks: Sequence[Mark]) -> set[int]:
        """Places in ``marks`` of those that were taken before."""
        newest = self._newest.get
        old = [
            (place, key) for place, (key, sender, time) in enumerate(marks) if not time or time <= newest(sender, b"")
        ]
        if not old:
            return set()
        self._base.execute("BEGIN")
        try:
            self._base.executemany("INSERT INTO batch VALUES (?, ?)", old)
            rows = self._base.execute("SELECT place FROM batch JOIN taken USING (key)").fetchall()
        finally:
            self._base.execute("ROLLBACK")
        return {place for (place,) in rows}

    def commit(
        self,
        bookmark: Address | None,
        marks: Sequence[Mark],
        day: int,
        held: Iterable[tuple[str, Address]],
        covered: Mapping[tuple[str, str], tuple[int, list[tuple[int, int]]]],
    ) -> None:
        """Writes what came of a batch, all of it or nothing; ``day`` is that of today, as an ordinal."""
        newer = self._newer(marks)
        # In the order of the table: neighbours go to one page.
        keys = sorted([key for key, _, _ in marks])
        self._base.execute("BEGIN IMMEDIATE")
        try:
            self._take(keys, day)
            self._base.executemany("INSERT OR REPLACE INTO newest VALUES (?, ?)", newer.items())
            self._base.executemany("INSERT OR IGNORE INTO held VALUES (?, ?, ?)", ((mn, *at) for mn, at in held))
            self._base.executemany(
                "INSERT OR REPLACE INTO covered VALUES (?, ?, ?, ?)",
                ((mn, command, step, json.dumps(spans)) for (mn, command), (step, spans) in covered.items()),
            )
            if bookmark is not None:
                self._base.execute("INSERT OR REPLACE INTO bookmark VALUES (1, ?, ?)", bookmark)
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")
        self._newest.update(newer)

    def _take(self, keys: list[bytes], day: int) -> None:
        """Many to a statement: one for each key costs twice as much."""
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            self._base.execute(_taking(len(some), day), some)

    def _newer(self, marks: Sequence[Mark]) -> dict[bytes, bytes]:
        """Senders that sent something newer than ever, and its time."""
        newer: dict[bytes, bytes] = {}
        known = self._newest.get
        for _, sender, time in marks:
            if time > (newer.get(sender) or known(sender, b"")):
                newer[sender] = time
        return newer

    def forget_before(self, day: int) -> None:
        """Forgets which frames were taken before a day (its ordinal)."""
        self._base.execute("DELETE FROM taken WHERE day < ?", (day,))

    def held(self) -> dict[str, Address]:
        """Devices of which something was kept apart that may be taken one day, and from where on to read then."""
        return {mn: Address(segment, offset) for mn, segment, offset in self._base.execute("SELECT * FROM held")}

    def release(self, devices: Iterable[str], held: Mapping[str, Address], bookmark: Address | None) -> None:
        """What was kept apart of devices has been read again; ``held`` is what still is, all at once or nothing.

        Args:
            bookmark: where the log is to be read from then; None: from where it was.
        """
        self._base.execute("BEGIN IMMEDIATE")
        try:
            self._base.executemany("DELETE FROM held WHERE mn = ?", ((mn,) for mn in devices))
            self._base.executemany(
                "INSERT OR IGNORE INTO held VALUES (?, ?, ?)", ((mn, *at) for mn, at in held.items())
            )
            if bookmark is not None:
                self._base.execute("INSERT OR REPLACE INTO bookmark VALUES (1, ?, ?)", bookmark)
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def covered(self) -> dict[tuple[str, str], tuple[int, list[tuple[int, int]]]]:
        """(device, command) → length of its periods in seconds, and which have come (first and last of each run)."""
        rows = self._base.execute("SELECT * FROM covered").fetchall()
        return {
            (mn, command): (step, [(first, last) for first, last in json.loads(spans)])
            for mn, command, step, spans in rows
        }

    def asked(self, mn: str, command: str, first: int, last: int) -> dict[int, tuple[int, float]]:
        """How often each period of a gap was asked for, and when last (seconds since the epoch); none: never."""
        rows = self._base.execute(
            "SELECT first, tries, at FROM asked WHERE mn = ? AND command = ? AND first BETWEEN ? AND ?",
            (mn, command, first, last),
        )
        return {number: (tries, at) for number, tries, at in rows}

    def ask(self, mn: str, command: str, first: int, last: int, at: float) -> None:
        """The periods of a gap are asked for once more, all or none."""
        self._base.execute("BEGIN")
        try:
            self._base.executemany(
                "INSERT INTO asked VALUES (?, ?, ?, 1, ?)"
                " ON CONFLICT DO UPDATE SET tries = tries + 1, at = excluded.at",
                ((mn, command, number, at) for number in range(first, last + 1)),
            )
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def forget_asked(self, before: float) -> None:
        """Forgets what was last asked for before a moment."""
        self._base.execute("DELETE FROM asked WHERE at < ?", (before,))

    def ran(self, outlet: int, hour: int) -> frozenset[str]:
        """See ``running.RanNotes``."""
        row = self._base.execute("SELECT devices FROM ran WHERE outlet = ? AND hour = ?", (outlet, hour)).fetchone()
        return frozenset(json.loads(row[0])) if row else frozenset()

    def keep_ran(self, outlet: int, hour: int, devices: AbstractSet[str]) -> None:
        """See ``running.RanNotes``."""
        told = json.dumps(sorted(devices))
        self._base.execute("INSERT OR REPLACE INTO ran VALUES (?, ?, ?)", (outlet, hour, told))

    def forget_ran(self, before: int) -> None:
        """Forgets what ran in hours before one."""
        self._base.execute("DELETE FROM ran WHERE hour < ?", (before,))

    def close(self) -> None:
        self._base.close()
