"""A platform above for tests of the relay: a real socket that answers as a test says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from shuangkong.protocols.hj212.frame import Finder, Found, wrap


@contextmanager
def above(answering: Any) -> Iterator[tuple[int, list[Found]]]:
    """A platform above that answers as told: takes a frame, gives bytes, or None to hang up; its port, what came."""
    came: list[Found] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _peer = listening.accept()
            except OSError:
                return
            finder = Finder()
            # Who is killed resets its line.
            with line, suppress(ConnectionError):
                while data := line.recv(65_536):
                    if not _answer(line, [each for each in finder.feed(data) if isinstance(each, Found)]):
                        # What was answered before arrives: a line closed over unread bytes would be reset.
                        _hang_up(line)
                        break

    def _hang_up(line: socket.socket) -> None:
        """Ends the line so that what was answered still arrives, whatever is under way to us."""
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass

    def _answer(line: socket.socket, frames: list[Found]) -> bool:
        for each in frames:
            came.append(each)
            said = answering(each)
            if said is None:
                return False
            line.sendall(said)
        return True

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], came
    finally:
        # Wakes it where it waits.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def answer_to(found: Found, cn: str = "9014", said: str = "") -> bytes:
    words = dict(each.split("=", 1) for each in found.body.split(b";CP=")[0].decode().split(";"))
    return wrap(f"QN={words['QN']};ST=91;CN={cn};PW=x;MN={words['MN']};Flag=4;CP=&&{said}&&".encode())
