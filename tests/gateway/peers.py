"""Peers of the messenger on this machine: an HTTP server and an SMTP server that record what they get."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request as it came in."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    content: Any


@dataclass
class HttpPeer:
    """Answers with each (status, body) in turn, then with the last; status 0 hangs up without a word."""

    answers: list[tuple[int, str]]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def http_peer(*answers: tuple[int, str]) -> Iterator[HttpPeer]:
    peer = HttpPeer(list(answers) or [(200, '{"errcode": 0, "errmsg": "ok"}')])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.asked.append(Asked(parts.path, parse_qs(parts.query), headers, json.loads(body)))
            status, text = peer.answers.pop(0) if len(peer.answers) > 1 else peer.answers[0]
            if status:
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        peer.port = port
        yield peer


@dataclass
class SmtpPeer:
    """Says ``replies`` (command word → reply) where they are given; a reply of "" hangs up."""

    replies: dict[str, str]
    port: int = 0
    mails: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


_USUAL = {"DATA": "354 go on", "END": "250 taken", "QUIT": "221 bye", "HELLO": "220 here"}


@contextmanager
def smtp_peer(**replies: str) -> Iterator[SmtpPeer]:
    """An SMTP server as far as one letter needs it (RFC 5321); END is the reply to the letter itself."""
    peer = SmtpPeer(replies)

    class Handler(StreamRequestHandler):
        def say(self, word: str) -> bool:
            reply = peer.replies.get(word, _USUAL.get(word, "250 fine"))
            if reply:
                self.wfile.write(f"{reply}\r\n".encode())
            return bool(reply)

        def handle(self) -> None:
            alive = self.say("HELLO")
            while alive and (said := self.rfile.readline().decode().strip()):
                word = said.partition(" ")[0].upper()
                if word == "RCPT":
                    peer.to.append(said)
                alive = self.say(word) and word != "QUIT"
                if word == "DATA" and alive:
                    peer.mails.append(self.letter())
                    alive = self.say("END")

        def letter(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            return b"".join(lines)

    with _serving(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        peer.port = port
        yield peer


@contextmanager
def _serving(server: ThreadingTCPServer) -> Iterator[int]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield cast(int, server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
