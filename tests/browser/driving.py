"""A real server on loopback with a database of its own, and a real Chromium in front of it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, StorageState

import prepared
from prepared import COUNTY, PASSWORD

__all__ = ["COUNTY", "PASSWORD", "Visit", "served", "visited"]
START_SECONDS = 180


@dataclass
class Visit:
    """A page with what it asked for and complained about."""

    page: Page
    origin: str
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def log_in(self) -> None:
        self.go("/login/")
        self.page.fill("#id_username", "admin")
        self.page.fill("#id_password", PASSWORD)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: "/login/" not in url)


@contextmanager
def served(folder: Path, *wishes: str) -> Iterator[str]:
    """The origin of a server on a free port whose database lies in ``folder``."""
    environment = prepared.environment(prepared.county(folder, *wishes))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    log = (folder / "server.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, *words, "shuangkong.web.site.wsgi:application"], env=environment, stdout=log, stderr=log
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        _wait_for(origin, server, folder / "server.log")
        yield origin
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def _wait_for(origin: str, server: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and server.poll() is None:
        try:
            with urlopen(f"{origin}/health/", timeout=20):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer at {origin}:\n{log.read_text()}")


@contextmanager
def visited(
    browser: Browser, origin: str, width: int = 1280, height: int = 900, state: StorageState | None = None
) -> Iterator[Visit]:
    """A visitor, fresh or with the ``state`` of another; requests to elsewhere and complaints are noted."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", storage_state=state)
    visit = Visit(context.new_page(), origin)
    context.on(
        "request",
        lambda request: request.url.startswith((origin, "data:", "blob:")) or visit.strangers.append(request.url),
    )
    visit.page.on("console", lambda said: said.type in ("error", "warning") and visit.complaints.append(said.text))
    visit.page.on("pageerror", lambda fault: visit.complaints.append(str(fault)))
    yield visit
    context.close()
