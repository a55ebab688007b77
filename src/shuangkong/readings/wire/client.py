"""问答: statements to a store over HTTP, in the shape of ClickHouse; the embedded store speaks the same.

One connection a thread, kept open. Several addresses are nodes of one cluster: they are tried in order.
"""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

from shuangkong.readings.wire import native

#: What one statement may take, seconds; a roll-up of a nation's month is the longest.
PATIENCE = 600
#: An insert is acknowledged when every shard has it; what makes it come once is the version, not the block's sum.
ALWAYS = {"insert_distributed_sync": "1", "insert_deduplicate": "0"}
_OK = 200
#: Codes of what one node cannot do now and another may: its peers or its keeper are away, or it has just begun.
_ELSEWHERE = frozenset({32, 209, 210, 225, 242, 279, 319, 999})
_CODE = re.compile(r"Code: (\d+)")


class StoreDown(ConnectionError):
    """No address answers. What was asked may be asked again: nothing that was acknowledged is lost."""


class StoreRefused(RuntimeError):
    """The store answers that it cannot do what was asked; with its own words."""


class Client:
    """Asks one store.

    Args:
        addresses: ``http://host:port`` of the store, or of several nodes of it.
        user, key: as whom; the embedded store asks for its key only.
        database: where the tables are.
    """

    def __init__(self, addresses: Sequence[str], *, user: str = "default", key: str = "", database: str = "") -> None:
        if not addresses:
            raise ValueError("a store without an address")
        self.addresses = tuple(address.rstrip("/") for address in addresses)
        self.database = database
        self._who = {"user": user, "key": key}
        self._headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": key}
        self._of_thread = threading.local()

    def do(self, statement: str) -> None:
        """A statement without an answer."""
        self._ask(statement, b"")

    def table(self, statement: str) -> dict[str, native.Column]:
        """The answer's columns; none at all where it has no rows."""
        return native.read(self._ask(f"{statement} FORMAT Native", b""))

    def rows(self, statement: str) -> list[tuple[str, ...]]:
        """A small answer as texts."""
        told = self._ask(f"{statement} FORMAT TabSeparated", b"").decode()
        return [tuple(line.split("\t")) for line in told.splitlines()]

    def insert(self, table: str, types: Mapping[str, str], columns: Mapping[str, native.Column]) -> None:
        """One block of rows; done when this returns, all of it."""
        body = b"".join(native.write(types, columns))
        self._ask(f"INSERT INTO {table} ({', '.join(types)}) FORMAT Native", body)

    def is_up(self) -> bool:
        """Whether an address answers."""
        try:
            self.rows("SELECT 1")
        except StoreDown:
            return False
        return True

    def pinned(self) -> Client:
        """One node only, the first that answers: for questions of several statements that must be asked of the same."""
        for address in self.addresses:
            node = Client([address], database=self.database, **self._who)
            if node.is_up():
                return node
        raise StoreDown(f"the store does not answer at {', '.join(self.addresses)}")

    def anywhere(self) -> Client:
        """The same store, without its database: for who makes that."""
        return Client(self.addresses, **self._who)

    def close(self) -> None:
        """Ends this thread's connection."""
        for connection in vars(self._of_thread).pop("connections", {}).values():
            connection.close()

    def _ask(self, statement: str, body: bytes) -> bytes:
        asked = {"query": statement, **ALWAYS}
        if self.database:
            asked["database"] = self.database
        fault: Exception | None = None
        for address in self.addresses:
            # A connection that was kept may have been closed meanwhile: once more with a new one.
            for _ in range(2):
                try:
                    return self._post(address, asked, body)
                except StoreRefused as refused:
                    found = _CODE.match(str(refused))
                    if found is None or int(found[1]) not in _ELSEWHERE:
                        raise
                    fault = refused
                    break
                except (OSError, http.client.HTTPException) as lost:
                    fault = lost
                    self._forget(address)
                    if isinstance(lost, ConnectionRefusedError):
                        break
        raise StoreDown(f"the store cannot be asked at {', '.join(self.addresses)}: {fault}") from fault

    def _post(self, address: str, asked: Mapping[str, str], body: bytes) -> bytes:
        connection = self._connection(address)
        # Statements are long, and a body that is one is never data: they go where there is room.
        path = f"/?{urlencode(asked)}" if body else f"/?{urlencode({**asked, 'query': ''})}"
        connection.request("POST", path, body or asked["query"].encode(), self._headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != _OK:
            raise StoreRefused(told.decode(errors="replace")[:2_000].strip())
        return told

    def _connection(self, address: str) -> http.client.HTTPConnection:
        kept: dict[str, http.client.HTTPConnection] = self._of_thread.__dict__.setdefault("connections", {})
        if address not in kept:
            parts = urlsplit(address)
            make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
            kept[address] = make(parts.hostname or "", parts.port, timeout=PATIENCE)
        return kept[address]

    def _forget(self, address: str) -> None:
        connections: dict[str, http.client.HTTPConnection] = self._of_thread.__dict__.get("connections", {})
        with suppress(KeyError):
            connections.pop(address).close()


def addresses_of(text: str) -> tuple[str, ...]:
    """Addresses as a setting names them, separated by commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def joined(words: Iterable[object]) -> str:
    """For lists in statements: numbers only, nothing that a person typed."""
    return ", ".join(map(str, words))
