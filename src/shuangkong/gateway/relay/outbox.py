"""待报: what is to go to one platform above, how far the log was read for it; one small SQLite file.

What one reading of the log gives and the bookmark behind it are written in one transaction: who dies in between reads
that again, and nothing stands here twice. A frame leaves when it is acknowledged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shuangkong.gateway.relay.envelope import Letter
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.readings.evidence import Address

_TABLES = """
CREATE TABLE IF NOT EXISTS pass (id INTEGER PRIMARY KEY, segment INTEGER, offset INTEGER, received INTEGER,
 end_segment INTEGER, end_offset INTEGER, since INTEGER, enterprise INTEGER, mn TEXT, count INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS taken (pass INTEGER, key BLOB, day INTEGER, PRIMARY KEY (pass, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS held (mn TEXT PRIMARY KEY, segment INTEGER, offset INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS owed (id INTEGER PRIMARY KEY AUTOINCREMENT, segment INTEGER, offset INTEGER, mn TEXT,
 device INTEGER, qn TEXT, st TEXT, cn TEXT, pw TEXT, edition TEXT, area BLOB, time TEXT, pnum INTEGER, pno INTEGER,
 sent INTEGER DEFAULT 0, refusals INTEGER DEFAULT 0, due REAL DEFAULT 0, reason TEXT DEFAULT '',
 UNIQUE (segment, offset));
CREATE INDEX IF NOT EXISTS owed_fresh ON owed (id) WHERE refusals = 0;
CREATE INDEX IF NOT EXISTS owed_aside ON owed (due, id) WHERE refusals > 0;
CREATE TABLE IF NOT EXISTS tally (mn TEXT PRIMARY KEY, device INTEGER, accepted INTEGER, at REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS overlong (mn TEXT PRIMARY KEY, count INTEGER, cn TEXT, time TEXT, bytes INTEGER)
 WITHOUT ROWID;
"""
#: The pass that follows the log; orders to send anew have their own numbers, devices read again negative ones.
FOLLOWING = 0
_LETTER = "mn, device, qn, st, cn, pw, edition, area, time, pnum, pno"
_FIRST_WAIT, _LONGEST_WAIT = 3_600.0, 86_400.0


@dataclass(frozen=True, slots=True)
class Pass:
    """One reading through the log.

    Attributes:
        place: how far it has come; ``received``: when the last record before it came, nanoseconds UTC.
        end: where it ends; None: it follows the log.
        since: data from before that second (since the epoch) are passed over.
        enterprise: of that unit only; ``mn``: of that device only.
        count: frames that it brought.
    """

    id: int
    place: Address
    received: int = 0
    end: Address | None = None
    since: int = 0
    enterprise: int | None = None
    mn: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """A frame that waits; ``was_sent``: it went before and nobody acknowledged it."""

    id: int
    letter: Letter
    was_sent: bool


@dataclass(frozen=True, slots=True)
class Overlong:
    """Frames of a device that went longer than the standard allows: how many, and the last (its data segment)."""

    count: int
    cn: str
    time: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A device: how many frames were acknowledged, when last (seconds), how many wait, how many of these were refused
    or never answered, the newest of those (command, time, reason), and what went too long.
    """

    mn: str
    device: int
    accepted: int
    accepted_at: float
    owed: int
    aside: int
    refused: tuple[tuple[str, str, str], ...]
    overlong: Overlong | None = None


class Outbox:
    """The file. One process has it open."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=60)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = NORMAL")
        self._base.executescript(_TABLES)

    def passes(self) -> tuple[Pass, ...]:
        """All that are under way, devices read again first, then the following one, then orders."""
        rows = self._base.execute("SELECT * FROM pass ORDER BY id").fetchall()
        return tuple(
            Pass(number, Address(segment, offset), received, Address(ends, end) if ends is not None else None, since,
                 enterprise, mn, count)
            for number, segment, offset, received, ends, end, since, enterprise, mn, count in rows
        )  # fmt: skip

    def begin(self, made: Pass) -> None:
        """Takes up a pass; one of that number that is under way goes on."""
        self._base.execute("INSERT OR IGNORE INTO pass VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _columns(made))

    def read_again(self, mn: str) -> None:
        """What was kept apart of a device is read again, to where the following pass has come."""
        with self._whole():
            row = self._base.execute("SELECT segment, offset FROM held WHERE mn = ?", (mn,)).fetchone()
            end = self._base.execute("SELECT segment, offset FROM pass WHERE id = ?", (FOLLOWING,)).fetchone()
            if row is not None and end is not None:
                (number,) = self._base.execute("SELECT min(0, coalesce(min(id), 0)) - 1 FROM pass").fetchone()
                self._base.execute("DELETE FROM held WHERE mn = ?", (mn,))
                made = Pass(number, Address(*row), end=Address(*end), mn=mn)
                self._base.execute("INSERT INTO pass VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _columns(made))

    def end_pass(self, number: int) -> None:
        """It is through."""
        with self._whole():
            self._base.execute("DELETE FROM pass WHERE id = ?", (number,))
            if number > FOLLOWING:
                self._base.execute("DELETE FROM taken WHERE pass = ?", (number,))

    def held(self) -> frozenset[str]:
        """Devices of which frames were kept apart that may be taken one day."""
        return frozenset(mn for (mn,) in self._base.execute("SELECT mn FROM held"))

    def take(
        self,
        to: Pass,
        letters: Sequence[tuple[Address, bytes, Letter]],
        held: Mapping[str, Address],
        day: int,
    ) -> int:
        """Puts in what a reading gave, and the bookmark behind it, all or nothing; how many are new.

        Args:
            to: the pass as it stands after the reading.
            letters: where each lies, what makes it the same as another, what goes.
            day: of today, as an ordinal.
        """
        keys, new = max(to.id, FOLLOWING), 0
        with self._whole():
            for place, key, each in letters:
                cursor = self._base.execute("INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", (keys, key, day))
                if cursor.rowcount:
                    pnum, pno = each.packet or (None, None)
                    row = (*place, each.mn, each.device, each.qn, each.st, each.cn, each.pw, each.edition.value,
                           each.area, each.time, pnum, pno)  # fmt: skip
                    marks = ", ".join("?" * len(row))
                    sql = f"INSERT OR IGNORE INTO owed (segment, offset, {_LETTER}) VALUES ({marks})"
                    new += self._base.execute(sql, row).rowcount
            self._base.executemany(
                "INSERT OR IGNORE INTO held VALUES (?, ?, ?)", ((mn, *place) for mn, place in held.items())
            )
            self._base.execute(
                "UPDATE pass SET segment = ?, offset = ?, received = ?, count = count + ? WHERE id = ?",
                (*to.place, to.received, new, to.id),
            )
        return new

    def due(self, now: float, most: int) -> tuple[Owed, ...]:
        """Frames that may go now, the oldest first, those that were refused before last."""
        told = f"SELECT id, sent, {_LETTER} FROM owed WHERE refusals"
        rows = self._base.execute(f"{told} = 0 ORDER BY id LIMIT ?", (most,)).fetchall()
        if len(rows) < most:
            aside = f"{told} > 0 AND due <= ? ORDER BY due, id LIMIT ?"
            rows += self._base.execute(aside, (now, most - len(rows))).fetchall()
        return tuple(Owed(number, _letter(*row), bool(sent)) for number, sent, *row in rows)

    def set_sent(self, owed: Owed, too_long: int = 0) -> None:
        """It goes over the line; ``too_long``: bytes of its data segment where the standard allows fewer."""
        with self._whole():
            self._base.execute("UPDATE owed SET sent = 1 WHERE id = ?", (owed.id,))
            if too_long:
                self._base.execute(
                    "INSERT INTO overlong VALUES (?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + 1,"
                    " cn = excluded.cn, time = excluded.time, bytes = excluded.bytes",
                    (owed.letter.mn, owed.letter.cn, owed.letter.time, too_long),
                )

    def acknowledge(self, number: int, now: float) -> None:
        """The platform above has it."""
        with self._whole():
            row = self._base.execute("DELETE FROM owed WHERE id = ? RETURNING mn, device", (number,)).fetchone()
            if row is not None:
                self._base.execute(
                    "INSERT INTO tally VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET accepted = accepted + 1,"
                    " at = excluded.at, device = excluded.device",
                    (*row, now),
                )

    def put_aside(self, number: int, reason: str, now: float) -> None:
        """The platform above does not take it: it goes again after a while that doubles each time."""
        self._base.execute(
            "UPDATE owed SET refusals = refusals + 1, reason = ?, due = ? + min(? * (1 << min(refusals, 10)), ?)"
            " WHERE id = ?",
            (reason, now, _FIRST_WAIT, _LONGEST_WAIT, number),
        )

    def try_now(self) -> None:
        """What was put aside may go at once: the settings are others."""
        self._base.execute("UPDATE owed SET due = 0 WHERE due > 0")

    def counts(self) -> tuple[int, int]:
        """How many frames wait, and how many of them were put aside."""
        row = self._base.execute("SELECT count(*), coalesce(sum(refusals > 0), 0) FROM owed").fetchone()
        return int(row[0]), int(row[1])

    def standings(self, most: int) -> tuple[Standing, ...]:
        """Every device, with at most so many of the frames that were put aside of it."""
        rows = self._base.execute(
            "SELECT mn, max(device), sum(accepted), max(at), sum(owed), sum(aside) FROM ("
            " SELECT mn, device, accepted, at, 0 AS owed, 0 AS aside FROM tally UNION ALL"
            " SELECT mn, max(device), 0, 0, count(*), sum(refusals > 0) FROM owed GROUP BY mn) GROUP BY mn ORDER BY mn"
        ).fetchall()
        long = {mn: Overlong(*told) for mn, *told in self._base.execute("SELECT * FROM overlong")}
        return tuple(
            Standing(mn, device, accepted, at, owed, aside, self._refused(mn, most) if aside else (), long.get(mn))
            for mn, device, accepted, at, owed, aside in rows
        )

    def _refused(self, mn: str, most: int) -> tuple[tuple[str, str, str], ...]:
        sql = "SELECT cn, time, reason FROM owed WHERE mn = ? AND refusals > 0 ORDER BY id DESC LIMIT ?"
        return tuple(self._base.execute(sql, (mn, most)).fetchall())

    def forget_before(self, day: int) -> None:
        """Forgets which frames were taken before a day (its ordinal)."""
        self._base.execute("DELETE FROM taken WHERE pass = ? AND day < ?", (FOLLOWING, day))

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    def close(self) -> None:
        self._base.close()


def _columns(each: Pass) -> tuple[object, ...]:
    end = each.end or (None, None)
    return (each.id, *each.place, each.received, *end, each.since, each.enterprise, each.mn, each.count)


def _letter(
    mn: str, device: int, qn: str, st: str, cn: str, pw: str, edition: str, area: bytes, time: str,
    pnum: int | None, pno: int | None,
) -> Letter:  # fmt: skip
    packet = (pnum, pno) if pnum is not None and pno is not None else None
    return Letter(mn, device, qn, st, cn, pw, Edition(edition), area, time, packet)
