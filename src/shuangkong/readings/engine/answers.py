"""应答: the embedded store's HTTP, in the shape of ClickHouse's: ``/ping``, statements as ``query`` or as the body.

A statement in ``query`` takes the body for its rows. Faults are texts that begin with ``Code:``; 403 where the key is
wrong, 404 for an unknown path, 500 for what the database refuses. Settings of clusters are taken and mean nothing here.
"""

from __future__ import annotations

import hmac
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from shuangkong.readings.engine.sessions import Sessions, StatementRefused

#: A body longer than this is refused: an insert is cut into smaller ones by who sends it.
LONGEST_BODY = 1 << 30
#: An idle connection is closed after so many seconds.
IDLE_SECONDS = 900


class Answers(BaseHTTPRequestHandler):
    """One connection; it asks for one thing after the other."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    sessions: ClassVar[Sessions]
    key: ClassVar[str]

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        """Nothing: who asks is one of us, and says what went wrong."""

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > LONGEST_BODY:
            self.close_connection = True
            return self._tell(400, b"Code: 36. DB::Exception: expected a Content-Length of at most 1 GiB\n")
        body = self.rfile.read(int(length))
        if parts.path == "/ping":
            return self._tell(200, b"Ok.\n")
        if parts.path != "/":
            return self._tell(404, b"Code: 36. DB::Exception: there is / and /ping\n")
        if not hmac.compare_digest(self.headers.get("X-ClickHouse-Key", "").encode(), self.key.encode()):
            return self._tell(403, b"Code: 516. DB::Exception: the key is not that of this store\n")
        statement = parse_qs(parts.query).get("query", [""])[0]
        if not statement:
            statement, body = body.decode(errors="replace"), b""
        try:
            return self._tell(200, self.sessions.answer(statement, body))
        except StatementRefused as refused:
            return self._tell(500, f"{refused}\n".encode())

    def _tell(self, status: int, told: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)


class Server(ThreadingHTTPServer):
    """A thread a connection; those that idle do not hold up its end."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A peer that went away in the middle of its question needs no answer."""


def server_of(sessions: Sessions, key: str, host: str, port: int) -> Server:
    """Listens at once; ``port`` 0 takes a free one."""
    return Server((host, port), type("AnswersOfStore", (Answers,), {"sessions": sessions, "key": key}))
