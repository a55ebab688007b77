"""A real server on loopback with a database of its own, and a real Chromium in front of it."""

from __future__ import annotations

import os
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

from playwright.sync_api import Browser, Page, StorageState, expect

import prepared
from prepared import COUNTY, PASSWORD

__all__ = [
    "AXE", "COUNTY", "DOCUMENTS", "DROP", "PASSWORD", "RUN_AXE", "SHOTS", "Visit", "adopt", "drop_plan",
    "load_actuals", "review", "served", "settle", "shot", "signed_in", "visited",
]  # fmt: skip
SITES = Path(__file__).parents[1] / "web"
DOCUMENTS = SITES / "documents"
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map((found) =>
  `${found.impact} ${found.id}: ${found.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
DROP = """async ([name, text]) => {
  const box = new DataTransfer(), told = { bubbles: true, cancelable: true };
  box.items.add(new File([text], name, { type: "text/plain" }));
  document.getElementById("upload").dispatchEvent(new DragEvent("drop", { dataTransfer: box, ...told }));
}"""
#: Where the pictures go, for a person who wants to look at them.
SHOTS = os.environ.get("SHUANGKONG_SHOTS", "")
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


def settle(folder: Path, script: str, *wishes: str) -> None:
    """Runs a script of tests/web on a site: who is there, and what they have done."""
    words = [sys.executable, str(SITES / script), PASSWORD, *wishes]
    subprocess.run(words, env=prepared.environment(folder), check=True, timeout=prepared.PATIENCE)


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


@contextmanager
def signed_in(browser: Browser, origin: str, name: str, width: int = 1280) -> Iterator[Visit]:
    """A person at a screen of her own, or at a phone."""
    with visited(browser, origin, width, 900 if width > 400 else 740) as visit:
        visit.go("/login/")
        visit.page.fill("#id_username", name)
        visit.page.fill("#id_password", PASSWORD)
        visit.page.click("main button.primary")
        visit.page.wait_for_url(lambda url: "/login/" not in url)
        yield visit


def shot(visit: Visit, name: str) -> None:
    """A picture of the page, where somebody asked for pictures."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        # To hide the caret a style would be put into the page, which the page does not allow and complains of.
        visit.page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True, caret="initial")


def drop_plan(page: Page) -> None:
    """The county's plan is dropped on the page, and read."""
    page.click("main a:has-text('读入文件')")
    # A click does not wait for the page it leads to, and a drop before its script is heard by nobody.
    page.wait_for_selector("#upload")
    page.wait_for_load_state()
    page.evaluate(DROP, ["county-plan.txt", (DOCUMENTS / "county-plan.txt").read_text(encoding="utf-8")])
    page.wait_for_url("**/review/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("读得对不对？")


def review(page: Page) -> None:
    """One doubt stands open; a click in the text opens the structure, and the doubt is accepted."""
    expect(page.locator("#lines .line.open")).to_have_count(1)
    page.locator("mark", has_text="能源消费增量控制在6万吨标准煤以内").first.click()
    expect(page.locator("#detail h2")).to_contain_text("能源消费增量 ≤ 6万吨标准煤")
    page.click("text=采用……")
    expect(page.get_by_role("button", name="采用这份方案")).to_be_disabled()
    page.click("text=回到审阅")
    page.locator("#lines a").first.click()
    expect(page.locator("#detail .doubts")).to_contain_text("目标以文字表述")
    page.get_by_role("button", name="接受", exact=True).click()
    expect(page.locator("#tally")).to_contain_text("有疑问待决 0")


def adopt(page: Page) -> None:
    """The plan that was reviewed is adopted."""
    page.click("text=采用……")
    expect(page.get_by_text("没有遗留的疑问。")).to_be_visible()
    page.get_by_role("button", name="采用这份方案").click()
    expect(page.locator(".messages")).to_contain_text("已采用第 1 版：6 项任务、11 个目标生效。")
    expect(page.locator(".waiting")).to_contain_text("单位地区生产总值能耗下降率")
    expect(page.locator(".headline")).to_have_count(0)


def load_actuals(page: Page) -> None:
    """Actual values: tried, then loaded."""
    page.click("nav.rooms a:has-text('录入实际值')")
    page.set_input_files("#file", DOCUMENTS / "actuals.csv")
    page.fill("#source", "测试用虚构公报")
    expect(page.get_by_role("button", name="确认录入")).to_be_hidden()
    page.get_by_role("button", name="试算", exact=True).click()
    expect(page.locator("#result")).to_contain_text("新增 3")
    page.get_by_role("button", name="确认录入").click()
    expect(page.locator(".messages")).to_contain_text("已录入 3 个数")
