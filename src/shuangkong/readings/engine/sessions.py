"""会话: the embedded database, opened once a process; as many statements at a time as it has sessions."""

from __future__ import annotations

import queue
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shuangkong.readings.tables.embedded import statements

#: Statements that go on at a time; each uses every core by itself.
SESSIONS = 4
#: How long a statement waits for its turn, seconds, before it is refused.
TURN = 120
_INSERT = re.compile(r"\s*(INSERT\s+INTO\s+.+?)\s+FORMAT\s+(\w+)\s*$", re.IGNORECASE | re.DOTALL)
_FORMAT = re.compile(r"\s+FORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)


class StatementRefused(RuntimeError):
    """The database refuses a statement, in its own words."""


class Sessions:
    """The database in ``folder``, with its tables.

    The library that it is in is loaded here and nowhere else: it is large, and who has it open must not fork.
    """

    def __init__(self, folder: Path, count: int = SESSIONS) -> None:
        from chdb import session

        opened: Any = session.Session
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()
        self._all: list[Any] = [opened(str(folder)) for _ in range(count)]
        for each in self._all:
            self._free.put(each)
        for statement in statements():
            self.answer(statement)

    def answer(self, statement: str, body: bytes = b"") -> bytes:
        """What the database answers; with a body it is the rows of an insert.

        Raises:
            StatementRefused: it does not do it.
        """
        with self._session() as session:
            try:
                if body:
                    return self._insert(session, statement, body)
                found = _FORMAT.search(statement)
                asked = statement[: found.start()] if found else statement
                told: bytes = session.query(asked, found[1] if found else "TabSeparated").bytes()
                return told or b""
            except (RuntimeError, ValueError) as fault:
                raise StatementRefused(str(fault)) from fault

    @staticmethod
    def _insert(session: Any, statement: str, body: bytes) -> bytes:
        found = _INSERT.match(statement)
        if found is None:
            raise StatementRefused("Code: 62. DB::Exception: rows for a statement that is no INSERT … FORMAT …")
        inserting = session.send_insert(found[1], found[2])
        try:
            inserting.append(body)
            inserting.finish()
        finally:
            inserting.close()
        return b""

    @contextmanager
    def _session(self) -> Iterator[Any]:
        try:
            session = self._free.get(timeout=TURN)
        except queue.Empty:
            raise StatementRefused("Code: 202. DB::Exception: too many statements at a time") from None
        try:
            yield session
        finally:
            self._free.put(session)

    def close(self, seconds: float) -> None:
        """Closes the database; what goes on after so many seconds is left: nobody was told that it was done."""
        until = time.monotonic() + seconds
        with suppress(queue.Empty):
            for _ in self._all:
                self._free.get(timeout=max(0.0, until - time.monotonic())).close()
