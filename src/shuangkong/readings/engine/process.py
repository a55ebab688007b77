"""进程: the store from its start to its end; where it is and by which key, it writes into its own folder.

``address`` and ``key`` (its owner's only) are what a client needs; ``lock`` keeps a second one away.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shuangkong.readings.engine.answers import Server, server_of
from shuangkong.readings.engine.sessions import Sessions

ADDRESS, KEY, LOCK, PORT, DATABASE = "address", "key", "lock", "port", "database"


class StoreTaken(RuntimeError):
    """Another process has this store open."""


#: What runs beside the store, in a thread: is given its address and key, and ends when it is told to.
Beside = Callable[[str, str, threading.Event], None]
#: What statements that go on may take when the store ends, seconds.
END_SECONDS = 3
_LOOK_SECONDS = 0.2


def run(folder: Path, host: str, port: int, told: Callable[[str], None], beside: Beside | None = None) -> None:
    """Serves the store in ``folder`` until SIGTERM or SIGINT; ``told`` hears its address once it answers.

    Raises:
        StoreTaken: one does already.
        OSError: it may not listen there, or the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        sessions = Sessions(folder / DATABASE)
        key = key_of(folder)
        server = _server(sessions, key, host, port, folder / PORT)
        stopping = threading.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: stopping.set())
        answering = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        answering.start()
        address = f"http://{host}:{server.server_address[1]}"
        _write(folder / ADDRESS, address)
        told(address)
        if beside is not None:
            threading.Thread(target=beside, args=(address, key, stopping), daemon=True).start()
        try:
            wait_awake(stopping)
        finally:
            with suppress(FileNotFoundError):
                (folder / ADDRESS).unlink()
            server.shutdown()
            server.server_close()
            sessions.close(END_SECONDS)


def wait_awake(stopping: threading.Event) -> None:
    """Waits for ``stopping`` in the main thread, where it is set by the handler of a signal.

    The system may hand a signal to any thread, and the database has many; Python runs the handler in the main thread
    alone, which another thread's signal does not wake: it looks by itself.
    """
    while not stopping.wait(_LOOK_SECONDS):
        pass


def _server(sessions: Sessions, key: str, host: str, port: int, last: Path) -> Server:
    """Where it listened last, if any port will do: clients find a store that was started again where it was."""
    with suppress(OSError, ValueError):
        if not port:
            return server_of(sessions, key, host, int(last.read_text()))
    server = server_of(sessions, key, host, port)
    _write(last, str(server.server_address[1]))
    return server


def key_of(folder: Path) -> str:
    """The store's key, made at the first start; only its owner may read the file."""
    path = folder / KEY
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text()


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Holds the lock of a store; the system lets go of it however the process ends."""
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise StoreTaken(str(folder)) from fault
        yield
