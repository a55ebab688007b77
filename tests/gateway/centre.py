"""A platform on loopback that takes what access ends upload, refuses, or stalls."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shuangkong.protocols.nhjc import Profile
from shuangkong.protocols.nhjc.messages import answer, read_configuration, read_data

KEY = "0123456789abcdeffedcba9876543210"


class Centre:
    """A platform on loopback: keeps what it accepted; ``refuses`` says how many messages it still turns away."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, int, str], Decimal] = {}
        self.asked: list[str] = []
        self.configured: list[str] = []
        self.sources: set[int] = set()
        self.refuses = 0
        self.key = KEY
        self.rejects: set[str] = set()
        #: Figures in messages that were accepted, each time they came.
        self.came = 0
        self.stalls = threading.Event()
        self.goes_on = threading.Event()

    def told(self, path: str, said: Any) -> dict[str, str]:
        self.asked.append(path)
        if self.stalls.is_set():
            self.goes_on.wait(30)
        if self.refuses:
            self.refuses -= 1
            return {"responseCode": "1", "responseMessage": "忙"}
        match path:
            case "/register":
                urls = {"loadDicVersionURL": "/version", "centerInfoURL": "/info", "centerDataURL": "/data"}
                at = {name: f"http://127.0.0.1:{self.port}{path}" for name, path in urls.items()}
                return answer(deviceId="d" * 32, secretKey=self.key, **at)
            case "/version":
                return {"regVersion": "1", "dicVersion": "1"}
            case "/info":
                self.configured = [each.name for each in read_configuration(said).items]
                return answer()
        found = read_data(said, Profile("centre", key=bytes.fromhex(self.key)))
        if found.wrong or self.rejects & {str(each.starts) for each in found.items}:
            return {"responseCode": "1", "responseMessage": "解密失败"}
        self.came += len(found.items)
        self.sources |= {int(each.source) for each in found.items}
        self.items |= {(each.code.plain, int(each.every), str(each.starts)): each.value for each in found.items}
        return answer(found.wrong)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Takes what is sent and says nothing."""
        self.goes_on.clear()
        self.stalls.set()
        try:
            yield
        finally:
            self.stalls.clear()
            self.goes_on.set()

    @contextmanager
    def serving(self) -> Iterator[int]:
        centre = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                body = json.dumps(centre.told(self.path, said)).encode()
                with suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self.port
        finally:
            server.shutdown()
            server.server_close()
