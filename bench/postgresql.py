"""A PostgreSQL server of one's own: started in a folder of its own, stopped and forgotten at the end."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: Where Debian lays the server's programmes, which are not on the path.
_DEBIAN = Path("/usr/lib/postgresql")
#: A server does not run as root: whom it runs as then, the first who is there.
_KEEPERS = ("postgres", "nobody")
#: Seconds until a server has come, or gone, on a machine that does much else.
_PATIENCE = 300


class NoServer(Exception):
    """This machine has no PostgreSQL, or it does not start; says why."""


def programmes() -> Path:
    """The folder of ``initdb`` and ``pg_ctl``, the newest version first. Raises NoServer."""
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    found = next(iter(versions), None) or shutil.which("initdb")
    if found is None:
        raise NoServer("no PostgreSQL server here (Debian package postgresql)")
    return Path(found).resolve().parent


class Cluster:
    """A server in a folder of its own, empty at first. Raises NoServer wherever it does not start."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.bin, self.keeper, self.data, self.log = programmes(), _keeper(), folder / "data", folder / "log"
        port = _free_port()
        self.address = f"postgresql://site@127.0.0.1:{port}/postgres"
        if self.keeper:
            shutil.chown(folder, self.keeper)
        settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder)}
        told = [f"-c {name}={value}" for name, value in settings.items()] + [f"-c {each}" for each in options]
        self.told = " ".join(told)
        words = ("-U", "site", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
        _run(self.keeper, self.bin / "initdb", "-D", self.data, *words)

    def start(self) -> None:
        _run(
            self.keeper,
            self.bin / "pg_ctl",
            "-D",
            self.data,
            "-w",
            "-t",
            _PATIENCE,
            "-l",
            self.log,
            "-o",
            self.told,
            "start",
        )

    def stop(self) -> None:
        if (self.data / "postmaster.pid").is_file():
            _run(self.keeper, self.bin / "pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def runs(self) -> bool:
        """Whether it does, and has not fallen by itself."""
        with suppress(OSError, ValueError, IndexError):
            return _runs(int((self.data / "postmaster.pid").read_text("ascii").split()[0]))
        return False

    def kill(self) -> None:
        """Ends it and all that it started as if by a power cut, and waits until they are gone."""
        first = int((self.data / "postmaster.pid").read_text("ascii").split()[0])
        every = [first, *_children(first)]
        for each in every:
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        until = time.monotonic() + _PATIENCE
        while any(_runs(each) for each in every) and time.monotonic() < until:
            time.sleep(0.02)
        # What says that it runs names a process that is gone, but that nobody may have buried yet.
        for each in (self.data / "postmaster.pid", *self.data.parent.glob(".s.PGSQL.*")):
            each.unlink(missing_ok=True)


@contextmanager
def server(*options: str) -> Iterator[str]:
    """The address of an empty database, as SHUANGKONG_DATABASE takes it. ``options`` as ``fsync=off``.

    Raises:
        NoServer: there is none here, or it does not start.
    """
    with cluster(*options) as held:
        yield held.address


@contextmanager
def cluster(*options: str, within: Path | None = None) -> Iterator[Cluster]:
    """The same as something that can be killed and started again; in a new folder ``within`` another."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=within))
    try:
        held = Cluster(folder, *options)
        held.start()
        try:
            yield held
        finally:
            held.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _stat(process: int | str) -> list[str]:
    """State, parent and so on; nothing of one that is gone."""
    with suppress(OSError):
        return (Path("/proc") / str(process) / "stat").read_text("utf-8").rpartition(")")[2].split()
    return []


def _runs(process: int) -> bool:
    """One that has ended and that nobody has buried does not run."""
    return _stat(process)[:1] not in ([], ["Z"])


def _children(parent: int) -> list[int]:
    names = [folder.name for folder in Path("/proc").glob("[0-9]*")]
    return [int(name) for name in names if _stat(name)[1:2] == [str(parent)]]


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
