"""Devices for tests of the gateway: frames, lines that send and take answers, and a gateway in a process of its own."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shuangkong.gateway.listening.config import Config, Listener
from shuangkong.gateway.listening.limits import Limits
from shuangkong.gateway.listening.profile import FileProfiles
from shuangkong.gateway.listening.server import Server, run_server
from shuangkong.protocols.hj212.frame import wrap
from shuangkong.readings.evidence import Evidence, Kind, Record
from shuangkong.readings.evidence.reading import START

MN = "010000A8900016F000169DC0"
PASSWORD = "123456"
PATIENCE = 10.0
READY = re.compile(r":(\d+)\s*$")


def body(qn: int, cp: str = "DataTime=20240520210600;a21026-Avg=1.35,a21026-Flag=N", **more: object) -> bytes:
    """A data segment; ``more`` replaces fields of its head, None leaves one out."""
    head = {"QN": f"{20240520210700000 + qn}", "ST": "31", "CN": "2051", "PW": PASSWORD, "MN": MN, "Flag": 5} | more
    return (";".join(f"{name}={value}" for name, value in head.items() if value is not None) + f";CP=&&{cp}&&").encode()


def frame(qn: int, *words: str, **more: object) -> bytes:
    return wrap(body(qn, *words, **more))


def profile(mn: str = MN, **more: object) -> dict[str, object]:
    return {"mn": mn, "password": PASSWORD, **more}


class Line:
    """One device's connection."""

    def __init__(self, port: int, context: Any = None) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket = plain if context is None else context.wrap_socket(plain, server_hostname="localhost")
        self.taken = b""

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def answer(self) -> bytes:
        """The next frame that the gateway sends; b"" when the line ends."""
        while b"\r\n" not in self.taken:
            try:
                more = self.socket.recv(65_536)
            except ConnectionError:
                return b""
            if not more:
                return b""
            self.taken += more
        told, _, self.taken = self.taken.partition(b"\r\n")
        return told + b"\r\n"

    def answers(self, count: int) -> list[bytes]:
        return [self.answer() for _ in range(count)]

    def is_silent(self, seconds: float = 0.15) -> bool:
        """Whether nothing comes for a while."""
        self.socket.settimeout(seconds)
        try:
            self.taken += self.socket.recv(65_536)
        except TimeoutError:
            return not self.taken
        finally:
            self.socket.settimeout(PATIENCE)
        return False

    def close(self) -> None:
        self.socket.close()


def qn_of(answer: bytes) -> int:
    return int(answer.partition(b"QN=")[2][:17]) - 20240520210700000


def kept(folder: Path, kind: int = Kind.FRAME) -> list[Record]:
    """Records of one kind in a gateway's log."""
    evidence, place, told = Evidence(folder / "evidence"), START, []
    while (batch := evidence.batch(place))[0]:
        told += [each for each in batch[0] if isinstance(each, Record) and each.kind == kind]
        place = batch[1]
    return told


def until(is_so: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Waits until it is so."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


@contextmanager
def gateway(folder: Path, *words: str, before: str = "") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """``shuangkong listen`` in a process of its own, and its port; it is killed at the end if it still runs.

    ``before``: Python that the process runs first.
    """
    code = f"{before}\nimport sys; from shuangkong.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "listen"]
    command += ["--folder", str(folder), *(words or ("--address", "127.0.0.1:0"))]
    if "--profiles" not in words:
        command += ["--profiles", str(folder.parent / "profiles.json")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        ready = READY.search(line)
        assert ready is not None, line
        yield process, int(ready[1])
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def server(
    folder: Path,
    profiles: Sequence[dict[str, object]] = (profile(),),
    *,
    listeners: tuple[Listener, ...] = (Listener("line", "127.0.0.1", 0),),
    desk_of: Any = None,
    source: Any = None,
    **more: Any,
) -> Iterator[Server]:
    """A gateway in a thread of this process; ``source``: of profiles, where they are not of a file; ``more`` are
    limits, or ``answers_unknown``.
    """
    from threading import Event, Thread

    path = folder / "profiles.json"
    path.write_text(json.dumps(list(profiles)), encoding="utf-8")
    is_ready, made, told = Event(), [], []
    answers_unknown = more.pop("answers_unknown", True)
    config = Config(listeners, Limits(**more), answers_unknown)

    def make() -> Server:
        made.append(Server(config, folder / "gateway", source or FileProfiles(path), told.append, desk_of))
        return made[0]

    thread = Thread(target=run_server, args=(make, lambda _: is_ready.set()), daemon=True)
    thread.start()
    assert is_ready.wait(PATIENCE)
    made[0].told = told
    try:
        yield made[0]
    finally:
        made[0].gate.loop.call_soon_threadsafe(made[0].stop)
        thread.join(PATIENCE)
        assert not thread.is_alive()
