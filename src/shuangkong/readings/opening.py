"""打开读数库: where the store is, from what the installation says of it.

``SHUANGKONG_STORE`` names a cluster's nodes (``http://host:8123``, several separated by commas), ``…_USER`` and
``…_KEY`` as whom it is asked; without it the embedded store is where its process wrote its address.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from shuangkong.readings.tables.shape import DATABASE
from shuangkong.readings.wire.client import Client, StoreDown, addresses_of

STORE, USER, KEY = "SHUANGKONG_STORE", "SHUANGKONG_STORE_USER", "SHUANGKONG_STORE_KEY"
#: Folder of the embedded store, in that of everything an installation writes.
FOLDER = "store"


def is_cluster(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the installation asks a cluster, and needs no store of its own."""
    return bool(addresses_of(environment.get(STORE, "")))


def open_client(folder: Path, environment: Mapping[str, str] = os.environ) -> Client:
    """A client of the installation's store; ``folder``: of the embedded one.

    Raises:
        StoreDown: the embedded store does not run.
    """
    if is_cluster(environment):
        return Client(
            addresses_of(environment[STORE]),
            user=environment.get(USER, "default"),
            key=environment.get(KEY, ""),
            database=DATABASE,
        )
    try:
        address, key = (folder / "address").read_text(), (folder / "key").read_text()
    except FileNotFoundError as fault:
        raise StoreDown(f"the store in {folder} does not run: start it with shuangkong store") from fault
    return Client([address], key=key)
