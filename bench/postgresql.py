"""A PostgreSQL server of one's own: started in a folder of its own, stopped and forgotten at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Where Debian lays the server's programmes, which are not on the path.
_DEBIAN = Path("/usr/lib/postgresql")
#: A server does not run as root: whom it runs as then, the first who is there.
_KEEPERS = ("postgres", "nobody")


class NoServer(Exception):
    """This machine has no PostgreSQL, or it does not start; says why."""


def programmes() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``, the newest version first. Raises NoServer."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    found = next(iter(versions), None) or shutil.which("initdb")
    if found is None:
        raise NoServer("no PostgreSQL server here (Debian package postgresql)")
    return Path(found).resolve().parent


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The address of an empty database, as SHUANGKONG_DATABASE takes it. ``options`` as ``fsync=off``.

    Raises:
        NoServer: there is none here, or it does not start.
    """
    bin_, keeper, folder = programmes(), _keeper(), Path(tempfile.mkdtemp(prefix="pg-"))
    data, port = folder / "data", _free_port()
    if keeper:
        shutil.chown(folder, keeper)
    settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}
    told = [f"-c {name}={value}" for name, value in settings.items()] + [f"-c {each}" for each in options]
    try:
        _run(keeper, bin_ / "initdb", "-D", data, "-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        _run(keeper, bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", " ".join(told), "start")
        try:
            yield f"postgresql://site@127.0.0.1:{port}/postgres"
        finally:
            _run(keeper, bin_ / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keeper() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {line.split(":")[0] for line in Path("/etc/passwd").read_text("utf-8").splitlines()}
    found = next((name for name in _KEEPERS if name in names), None)
    if found is None:
        raise NoServer(f"root may not run PostgreSQL, and there is none of {', '.join(_KEEPERS)}")
    return found


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _run(keeper: str | None, *words: object) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    told = subprocess.run(
        list(map(str, words)), user=keeper, group=None, extra_groups=[] if keeper else None, env=environment, cwd="/",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        raise NoServer(f"{Path(str(words[0])).name} failed: {told.stdout[-500:]}")
