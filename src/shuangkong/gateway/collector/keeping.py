"""What a collector keeps, in one file: every showing, every figure made of it, what each centre has accepted.

What is still owed to a centre is a question, not a list: figures it has not accepted as they stand now. So nothing
waits in a queue that could be lost, and a figure that changes is owed again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from shuangkong.gateway.collector.amounts import Amount, Shown
from shuangkong.protocols.nhjc.messages import FORMAT, Every, Source
from shuangkong.protocols.nhjc.session import Session, Step

_TABLES = """
CREATE TABLE IF NOT EXISTS shown (
  code TEXT NOT NULL, at TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (code, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS silence (
  meter TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (meter, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS figure (
  code TEXT NOT NULL, every INTEGER NOT NULL, starts TEXT NOT NULL, value TEXT NOT NULL, valid INTEGER NOT NULL,
  source INTEGER NOT NULL DEFAULT 4, PRIMARY KEY (code, every, starts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accepted (
  centre TEXT NOT NULL, code TEXT NOT NULL, every INTEGER NOT NULL, starts TEXT NOT NULL, value TEXT NOT NULL,
  valid INTEGER NOT NULL, PRIMARY KEY (centre, code, every, starts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aside (
  centre TEXT NOT NULL, code TEXT NOT NULL, every INTEGER NOT NULL, starts TEXT NOT NULL, value TEXT NOT NULL,
  valid INTEGER NOT NULL, tries INTEGER NOT NULL, until TEXT NOT NULL,
  PRIMARY KEY (centre, code, every, starts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (centre TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bookmark (name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
"""
_SET_FIGURE = """
INSERT INTO figure (code, every, starts, value, valid, source) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, valid = excluded.valid, source = excluded.source
WHERE value <> excluded.value OR valid <> excluded.valid
"""
_OWED = """
SELECT figure.code, figure.every, figure.starts, figure.value, figure.valid, figure.source FROM figure
LEFT JOIN accepted ON accepted.centre = ? AND accepted.code = figure.code AND accepted.every = figure.every
  AND accepted.starts = figure.starts
LEFT JOIN aside ON aside.centre = ? AND aside.code = figure.code AND aside.every = figure.every
  AND aside.starts = figure.starts AND aside.value = figure.value AND aside.valid = figure.valid AND aside.until > ?
WHERE aside.until IS NULL
  AND (accepted.value IS NULL OR accepted.value <> figure.value OR accepted.valid <> figure.valid)
  AND figure.every <= ? ORDER BY figure.starts, figure.every, figure.code LIMIT ?
"""
_COUNTS = """
SELECT SUM(accepted.value IS NOT NULL AND accepted.value = figure.value AND accepted.valid = figure.valid),
  SUM(accepted.value IS NULL OR accepted.value <> figure.value OR accepted.valid <> figure.valid),
  SUM((accepted.value IS NULL OR accepted.value <> figure.value OR accepted.valid <> figure.valid)
    AND aside.until IS NOT NULL)
FROM figure
LEFT JOIN accepted ON accepted.centre = ? AND accepted.code = figure.code AND accepted.every = figure.every
  AND accepted.starts = figure.starts
LEFT JOIN aside ON aside.centre = ? AND aside.code = figure.code AND aside.every = figure.every
  AND aside.starts = figure.starts AND aside.value = figure.value AND aside.valid = figure.valid
"""
_REFUSED = """
SELECT figure.code, figure.every, figure.starts, figure.value, figure.valid, figure.source FROM figure
JOIN aside USING (code, every, starts)
LEFT JOIN accepted ON accepted.centre = aside.centre AND accepted.code = figure.code AND accepted.every = figure.every
  AND accepted.starts = figure.starts AND accepted.value = figure.value AND accepted.valid = figure.valid
WHERE aside.centre = ? AND aside.value = figure.value AND aside.valid = figure.valid AND accepted.value IS NULL
ORDER BY figure.starts DESC, figure.code LIMIT ?
"""
_SET_ASIDE = """
INSERT INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value,
  valid = excluded.valid, tries = excluded.tries, until = excluded.until
"""
_FORGET = """
DELETE FROM figure WHERE starts < ? AND NOT EXISTS (
  SELECT 1 FROM json_each(?) AS named WHERE NOT EXISTS (
    SELECT 1 FROM accepted WHERE accepted.centre = named.value AND accepted.code = figure.code
    AND accepted.every = figure.every AND accepted.starts = figure.starts AND accepted.value = figure.value
    AND accepted.valid = figure.valid))
"""
#: How long a figure that a centre refuses by itself waits: doubled each time, from and up to.
FIRST_ASIDE, LONGEST_ASIDE = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """A figure that a centre has not accepted as it stands; ``source``: where it was got."""

    code: str
    amount: Amount
    source: Source = Source.METER


class Kept:
    """The file of a collector. Each call is one transaction, on the disk when it returns.

    One thread uses one of these; others open the same file for themselves.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_TABLES)
        if "source" not in {row[1] for row in self._base.execute("PRAGMA table_info(figure)")}:
            # A file of before sources were kept: all it holds is of meters.
            self._base.execute("ALTER TABLE figure ADD COLUMN source INTEGER NOT NULL DEFAULT 4")

    def close(self) -> None:
        """Lets go of the file."""
        self._base.close()

    def add_shown(self, values: Iterable[tuple[str, datetime, Decimal]]) -> None:
        """Keeps what meters showed: (code, when it was read, value)."""
        rows = [(code, at.strftime(FORMAT), f"{value:f}") for code, at, value in values]
        self._write("INSERT OR REPLACE INTO shown VALUES (?, ?, ?)", rows)

    def add_silence(self, meter: str, at: datetime, reason: str) -> None:
        """Keeps that a meter gave nothing, and why."""
        self._write("INSERT OR REPLACE INTO silence VALUES (?, ?, ?)", [(meter, at.strftime(FORMAT), reason)])

    def silences(self, since: datetime) -> list[tuple[str, str, str]]:
        """(meter, moment, reason) of what was not shown since."""
        return self._base.execute(
            "SELECT meter, at, reason FROM silence WHERE at >= ? ORDER BY at, meter", (since.strftime(FORMAT),)
        ).fetchall()

    def shown(self, code: str, first: datetime, last: datetime) -> list[Shown]:
        """What was shown under a code between two moments, both included, in order."""
        rows = self._base.execute(
            "SELECT at, value FROM shown WHERE code = ? AND at BETWEEN ? AND ? ORDER BY at",
            (code, first.strftime(FORMAT), last.strftime(FORMAT)),
        )
        return [Shown(_moment(at), Decimal(value)) for at, value in rows]

    def set_figures(self, code: str, amounts: Sequence[Amount]) -> None:
        """Keeps the figures of periods, each in place of what stood there; one that stands is not written again."""
        self.set_told([Owed(code, each) for each in amounts])

    def set_told(self, told: Iterable[Owed]) -> None:
        """Keeps figures of several items, as ``set_figures``; the last of two of one period counts."""
        rows = [
            (each.code, int(each.amount.every), each.amount.starts.strftime(FORMAT), f"{each.amount.value:f}",
             each.amount.is_valid, int(each.source))
            for each in told
        ]  # fmt: skip
        self._write(_SET_FIGURE, rows)

    def source(self, code: str, every: Every) -> Source | None:
        """Where the newest figure of an item's periods was got; None where no such figure is kept."""
        row = self._base.execute(
            "SELECT source FROM figure WHERE code = ? AND every = ? ORDER BY starts DESC LIMIT 1", (code, int(every))
        ).fetchone()
        return Source(row[0]) if row else None

    def owed_codes(self, centre: str) -> set[str]:
        """Items of which the centre has not accepted something, set aside or not."""
        rows = self._base.execute(
            f"SELECT DISTINCT code FROM ({_OWED})", (centre, centre, "9", int(Every.YEAR), -1)
        ).fetchall()
        return {code for (code,) in rows}

    def bookmark(self, name: str) -> int:
        """How far something was read into this file; 0: nothing yet."""
        row = self._base.execute("SELECT at FROM bookmark WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else 0

    def set_bookmark(self, name: str, at: int) -> None:
        """Keeps how far something was read: to be told after what was read is kept."""
        self._write("INSERT OR REPLACE INTO bookmark VALUES (?, ?)", [(name, at)])

    def forget_bookmarks(self) -> None:
        """Has everything read into this file anew."""
        self._base.execute("DELETE FROM bookmark")

    def owed(self, centre: str, at_most: Every, limit: int, now: datetime | None = None) -> list[Owed]:
        """The oldest figures that the centre has not accepted, of periods up to ``at_most``.

        Args:
            now: those that are set aside at this moment are left out; None leaves out none.
        """
        moment = now.strftime(FORMAT) if now is not None else "9"
        rows = self._base.execute(_OWED, (centre, centre, moment, int(at_most), limit))
        return [
            Owed(code, Amount(Every(every), _moment(starts), Decimal(value), bool(valid)), Source(source))
            for code, every, starts, value, valid, source in rows
        ]

    def set_accepted(self, centre: str, owed: Sequence[Owed]) -> None:
        """Keeps that the centre has these figures."""
        rows = [
            (centre, each.code, int(each.amount.every), each.amount.starts.strftime(FORMAT),
             f"{each.amount.value:f}", each.amount.is_valid)
            for each in owed
        ]  # fmt: skip
        self._write("INSERT OR REPLACE INTO accepted VALUES (?, ?, ?, ?, ?, ?)", rows)

    def set_aside(self, centre: str, owed: Owed, now: datetime) -> None:
        """Keeps that the centre refuses a figure by itself: it is asked again later, and holds up no other."""
        key = (centre, owed.code, int(owed.amount.every), owed.amount.starts.strftime(FORMAT))
        where = "WHERE centre = ? AND code = ? AND every = ? AND starts = ?"
        row = self._base.execute(f"SELECT tries FROM aside {where}", key).fetchone()
        tries = row[0] if row else 0
        until = now + min(FIRST_ASIDE * 2 ** min(tries, 16), LONGEST_ASIDE)
        value = (f"{owed.amount.value:f}", owed.amount.is_valid)
        self._write(_SET_ASIDE, [(*key, *value, tries + 1, until.strftime(FORMAT))])

    def counts(self, centre: str) -> tuple[int, int, int]:
        """Of the figures kept: how many the centre has as they stand, has not, and refuses one by one (of those)."""
        row = self._base.execute(_COUNTS, (centre, centre)).fetchone()
        return row[0] or 0, row[1] or 0, row[2] or 0

    def refused(self, centre: str, most: int) -> list[Owed]:
        """Figures that the centre refuses one by one, the newest first."""
        rows = self._base.execute(_REFUSED, (centre, most))
        return [
            Owed(code, Amount(Every(every), _moment(starts), Decimal(value), bool(valid)), Source(source))
            for code, every, starts, value, valid, source in rows
        ]

    def owe_again(self, centre: str, since: datetime) -> int:
        """Has figures of periods since a moment sent to the centre again, at once; returns how many it had."""
        text = since.strftime(FORMAT)
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("DELETE FROM aside WHERE centre = ? AND starts >= ?", (centre, text))
            count = cursor.execute("DELETE FROM accepted WHERE centre = ? AND starts >= ?", (centre, text)).rowcount
            cursor.execute("COMMIT")
        self.set_session(centre, replace(self.session(centre), not_before=None))
        return count

    def session(self, centre: str) -> Session:
        """Where the talk with a centre stands."""
        row = self._base.execute("SELECT told FROM session WHERE centre = ?", (centre,)).fetchone()
        if row is None:
            return Session()
        told = json.loads(row[0])
        told["step"] = Step(told["step"])
        told["addresses"] = tuple((name, value) for name, value in told["addresses"])
        told["not_before"] = _moment(told["not_before"]) if told["not_before"] else None
        return Session(**told)

    def set_session(self, centre: str, session: Session) -> None:
        """Keeps where the talk with a centre stands."""
        until = session.not_before.strftime(FORMAT) if session.not_before else None
        told = json.dumps(asdict(session) | {"not_before": until})
        self._write("INSERT OR REPLACE INTO session VALUES (?, ?)", [(centre, told)])

    def forget(self, before: datetime, centres: Iterable[str]) -> int:
        """Drops showings and figures of periods before the day, save what one of these centres has still to accept.

        Returns:
            How many showings were dropped.
        """
        text, named = before.strftime(FORMAT), json.dumps(sorted(set(centres)))
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            dropped = cursor.execute("DELETE FROM shown WHERE at < ?", (text,)).rowcount
            cursor.execute("DELETE FROM silence WHERE at < ?", (text,))
            # A figure stays until every centre has it as it stands.
            cursor.execute(_FORGET, (text, named))
            for name in ("accepted", "aside"):
                cursor.execute(
                    f"DELETE FROM {name} WHERE starts < ? AND NOT EXISTS (SELECT 1 FROM figure WHERE {name}.code = "
                    f"figure.code AND {name}.every = figure.every AND {name}.starts = figure.starts)",
                    (text,),
                )
            cursor.execute("COMMIT")
        return dropped

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany(statement, rows)
            cursor.execute("COMMIT")


def _moment(text: str) -> datetime:
    return datetime.strptime(text, FORMAT)  # noqa: DTZ007 - local time, as everything that a collector keeps
