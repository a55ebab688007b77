"""入库的门: the installation's readings store, wherever it is now; opened anew when it was away."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from shuangkong.readings.opening import open_client
from shuangkong.readings.store import Store
from shuangkong.readings.wire.client import StoreDown, StoreRefused

#: What passes by itself.
DOWN: tuple[type[Exception], ...] = (StoreDown, StoreRefused)


class StoreDoor:
    """A ``consumer.Store``. An embedded store has another address each time it starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: Store | None = None

    def append(self, table: pa.Table) -> None:
        """Keeps readings. Raises StoreDown, StoreRefused: an unknown part was kept; give them again."""
        if self._store is None:
            self._store = Store(open_client(self._folder))
        try:
            self._store.append(table)
        except StoreDown:
            self._store = None
            raise
