"""Where the site keeps its rows: an SQLite file, or a PostgreSQL server, as SHUANGKONG_DATABASE says."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

#: One writer at a time, readers never wait (WAL); a write transaction takes its lock at BEGIN, so it waits for its turn
#: and never fails half-way; synchronous=FULL because a decision that was acknowledged must survive a power cut.
_SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-32768; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
    ),
}


def database(told: str, usual: Path) -> dict[str, Any]:
    """Django's settings of a database.

    ``told`` is the path of an SQLite file, ``postgresql://user:password@host:port/name?sslmode=require`` (what stands
    behind the question mark goes to the server's library as it is), or "" for the ``usual`` file.
    """
    if told.startswith(("postgresql://", "postgres://")):
        return _postgresql(told)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": told or usual,
        "CONN_MAX_AGE": None,
        "OPTIONS": _SQLITE_OPTIONS,
    }


def _postgresql(told: str) -> dict[str, Any]:
    """A server's own settings are its operator's: where hundreds sign a second, ``commit_delay`` (some 500 µs)
    lets several commits share one flush, each answered after it. ``synchronous_commit`` stays on, or what was
    acknowledged may be lost. What we ask is short: compiling it would take longer than answering (``jit``). An address
    that says ``options`` of its own says all of them.
    """
    parts = urlsplit(told)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off"} | dict(parse_qsl(parts.query)),
    }
