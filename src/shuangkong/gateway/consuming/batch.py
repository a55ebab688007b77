"""一批: what was read of the log and is on its way to the store."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from shuangkong.gateway.consuming.apart import Apart
from shuangkong.gateway.consuming.filed import Filed
from shuangkong.gateway.consuming.rows import Rows
from shuangkong.readings.evidence import Address


class Store(Protocol):
    """Where readings go: of what it gets twice it keeps one."""

    def append(self, table: pa.Table) -> object: ...


@dataclass(frozen=True, slots=True)
class Batch:
    """What was read and is being stored.

    Attributes:
        filed, apart: what came of it.
        place: where the log is to be read from once it is stored.
        keys: of its frames that are done with.
        stored: how many readings the store has, once it has them; or its fault.
    """

    filed: Filed
    apart: Apart
    place: Address
    keys: set[bytes]
    stored: Future[int]


def stored_in(store: Store, rows: Rows) -> int:
    """Readings go to the store; how many."""
    table = rows.table()
    rows.parts.clear()
    if table.num_rows:
        store.append(table)
    return int(table.num_rows)
