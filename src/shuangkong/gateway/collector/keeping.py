"""What a collector keeps, in one file: every showing, every figure made of it, what each centre has accepted.

What is still owed to a centre is a question, not a list: figures it has not accepted as they stand now. So nothing
waits in a queue that could be lost, and a figure that changes is owed again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from shuangkong.gateway.collector.amounts import Amount, Shown
from shuangkong.protocols.nhjc.messages import FORMAT, Every
from shuangkong.protocols.nhjc.session import Session, Step

_TABLES = """
CREATE TABLE IF NOT EXISTS shown (
  code TEXT NOT NULL, at TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (code, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS silence (
  meter TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (meter, at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS figure (
  code TEXT NOT NULL, every INTEGER NOT NULL, starts TEXT NOT NULL, value TEXT NOT NULL, valid INTEGER NOT NULL,
  PRIMARY KEY (code, every, starts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS accepted (
  centre TEXT NOT NULL, code TEXT NOT NULL, every INTEGER NOT NULL, starts TEXT NOT NULL, value TEXT NOT NULL,
  valid INTEGER NOT NULL, PRIMARY KEY (centre, code, every, starts)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (centre TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID;
"""
_SET_FIGURE = """
INSERT INTO figure VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, valid = excluded.valid
WHERE value <> excluded.value OR valid <> excluded.valid
"""
_OWED = """
SELECT figure.code, figure.every, figure.starts, figure.value, figure.valid FROM figure
LEFT JOIN accepted ON accepted.centre = ? AND accepted.code = figure.code AND accepted.every = figure.every
  AND accepted.starts = figure.starts
WHERE (accepted.value IS NULL OR accepted.value <> figure.value OR accepted.valid <> figure.valid)
  AND figure.every <= ? ORDER BY figure.starts, figure.every, figure.code LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A figure that a centre has not accepted as it stands."""

    code: str
    amount: Amount


class Kept:
    """The file of a collector. One process writes it; each call is one transaction, on the disk when it returns."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.executescript(_TABLES)

    def close(self) -> None:
        """Lets go of the file."""
        self._base.close()

    def add_shown(self, at: datetime, values: Iterable[tuple[str, Decimal]]) -> None:
        """Keeps what meters showed at a moment: (code, value)."""
        rows = [(code, at.strftime(FORMAT), f"{value:f}") for code, value in values]
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
        rows = [
            (code, int(each.every), each.starts.strftime(FORMAT), f"{each.value:f}", each.is_valid) for each in amounts
        ]
        self._write(_SET_FIGURE, rows)

    def owed(self, centre: str, at_most: Every, limit: int) -> list[Owed]:
        """The oldest figures that the centre has not accepted, of periods up to ``at_most``."""
        rows = self._base.execute(_OWED, (centre, int(at_most), limit))
        return [
            Owed(code, Amount(Every(every), _moment(starts), Decimal(value), bool(valid)))
            for code, every, starts, value, valid in rows
        ]

    def set_accepted(self, centre: str, owed: Sequence[Owed]) -> None:
        """Keeps that the centre has these figures."""
        rows = [
            (centre, each.code, int(each.amount.every), each.amount.starts.strftime(FORMAT),
             f"{each.amount.value:f}", each.amount.is_valid)
            for each in owed
        ]  # fmt: skip
        self._write("INSERT OR REPLACE INTO accepted VALUES (?, ?, ?, ?, ?, ?)", rows)

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

    def forget(self, before: datetime) -> int:
        """Drops showings and figures of periods before the day, save what a centre still has to accept.

        Returns:
            How many showings were dropped.
        """
        text = before.strftime(FORMAT)
        centres = self._base.execute("SELECT count(*) FROM session").fetchone()[0]
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            dropped = cursor.execute("DELETE FROM shown WHERE at < ?", (text,)).rowcount
            cursor.execute("DELETE FROM silence WHERE at < ?", (text,))
            # A figure stays until every centre that the collector talks to has it as it stands.
            cursor.execute(
                "DELETE FROM figure WHERE starts < ? AND (SELECT count(*) FROM accepted WHERE "
                "accepted.code = figure.code AND accepted.every = figure.every AND accepted.starts = figure.starts "
                "AND accepted.value = figure.value AND accepted.valid = figure.valid) >= ?",
                (text, centres),
            )
            cursor.execute(
                "DELETE FROM accepted WHERE starts < ? AND NOT EXISTS (SELECT 1 FROM figure WHERE "
                "accepted.code = figure.code AND accepted.every = figure.every AND accepted.starts = figure.starts)",
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
