"""An exceedance from frame to closed case: site, gateway, consumer and store run as they do everywhere.

A device on a socket tells hours over the limit; the duty screen tells of it by itself; the unit explains, the bureau
reviews and closes; the statistics of the unit tell of it.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import pytest
from driving import AXE, RUN_AXE, Visit, settle, shot, signed_in
from playwright.sync_api import Browser, expect

import prepared
from outside import now_outside
from shuangkong.protocols.hj212.frame import wrap

pytestmark = pytest.mark.browser
COMMAND = str(Path(sys.executable).with_name("shuangkong"))
MN, NAME = "88888880000001", "青石热电厂DA001"
ZONE = ZoneInfo("Asia/Shanghai")
#: After this long something hangs; nothing is measured by it.
PATIENCE = 90
#: The screen renews itself every so often, milliseconds with room.
SEEN = 60_000


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(is_so: Callable[[], object], said: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, said.read_text()
        time.sleep(0.1)


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(port: int) -> bool:
    """Whether the site shows a page: the first one takes it longer than any other."""
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/login/", timeout=PATIENCE) as answer:
        return bool(answer.status == 200)
    return False


@contextmanager
def running(folder: Path, port: int, gateway: int) -> Iterator[None]:
    """The site with its parts, in a group of its own as from a terminal; it ends by itself when it is told to."""
    words = ("serve", "--address", f"127.0.0.1:{port}", "--gateway", f"127.0.0.1:{gateway}")
    # The test itself says when the clock ticks: a device would be silent before it has said a word.
    told = {"SHUANGKONG_TICK_SECONDS": "0"}
    said = folder / "said-now.txt"
    with said.open("w") as log:
        process = subprocess.Popen(
            [COMMAND, *words], env=prepared.environment(folder) | told, stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        until(lambda: process.poll() is not None or (listens(port) and listens(gateway)), said)
        until(lambda: process.poll() is not None or "Store:" in said.read_text(), said)
        until(lambda: process.poll() is not None or answers(port), said)
        assert process.poll() is None, said.read_text()
        yield
        os.killpg(process.pid, signal.SIGINT)
        process.wait(PATIENCE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Device:
    """A data logger on a socket: each frame waits for its acknowledgement."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.lines = self.socket.makefile("rb")

    def tell(self, command: int, at: datetime, area: str) -> None:
        """Sends a frame; its request number comes back in the acknowledgement. Orders of the gateway are let be."""
        qn = f"{now_outside(ZONE):%Y%m%d%H%M%S%f}"[:17]
        body = f"QN={qn};ST=31;CN={command};PW=123456;MN={MN};Flag=5;CP=&&DataTime={at:%Y%m%d%H%M%S};{area}&&"
        self.socket.sendall(wrap(body.encode()))
        while "CN=9014" not in (answer := self.lines.readline().decode()):
            assert answer, "the line is closed"
        assert f"QN={qn}" in answer, answer


def hour(at: datetime, dioxide: float) -> str:
    """An hour's means, with the mass and the flow, none like that of the hour before."""
    wave = at.hour % 5 / 10
    flow = 55 + wave
    return (
        f"a21026-Cou={dioxide * flow * 0.0036:.2f},a21026-Min={dioxide - 1:g},a21026-Avg={dioxide:g},"
        f"a21026-Max={dioxide + 1:g},a21026-Flag=N;a00000-Cou={flow * 3600:.0f},a00000-Avg={flow:g},a00000-Flag=N;"
        f"a19001-Avg={6 + wave:g},a19001-Flag=N"
    )


@dataclass(frozen=True)
class Watched:
    """A site that runs, the gateway's port, and the folder."""

    origin: str
    gateway: int
    folder: Path

    def tick(self) -> None:
        """What the clock beside the site does now and then: what came is judged."""
        subprocess.run([COMMAND, "tick"], env=prepared.environment(self.folder), check=True, timeout=PATIENCE)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Watched]:
    folder = prepared.copied(tmp_path_factory.mktemp("watched"), "watched", partial(settle, script="watched_site.py"))
    port, gateway = free_port(), free_port()
    with running(folder, port, gateway):
        yield Watched(f"http://127.0.0.1:{port}", gateway, folder)


def act(visit: Visit, word: str, text: str, cause: str = "") -> None:
    """Takes a step of the case that is open on the page."""
    step = visit.page.locator("details.act").filter(has=visit.page.locator("summary", has_text=re.compile(f"^{word}$")))
    step.locator("summary").click()
    if cause:
        step.locator("select").select_option(label=cause)
    step.locator("textarea").fill(text)
    step.get_by_role("button", name=word).click()
    expect(visit.page.locator(".messages")).to_contain_text(word)


def barriers(visit: Visit) -> list[str]:
    visit.page.wait_for_load_state("networkidle")
    visit.page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = visit.page.evaluate(RUN_AXE)
    return [each for each in found if each.startswith(("critical", "serious"))]


def test_an_exceedance_goes_from_frame_to_closed_case(browser: Browser, watched: Watched) -> None:
    device, now = Device(watched.gateway), now_outside(ZONE)
    hours = list(whole_hours(now))
    for at in hours[:-3]:
        device.tell(2061, at, hour(at, 28 + at.hour % 5))
    with signed_in(browser, watched.origin, "bureau", 1440) as bureau:
        bureau.go("/monitoring/")
        expect(bureau.page.locator("#alarms")).to_contain_text("没有报警")
        shot(bureau, "monitoring-1-duty-before")
        bureau.page.evaluate("window.stays = 'the page was not loaded again'")
        bureau.page.locator("[data-chart=duty-map][data-drawn=yes]").wait_for()
        bureau.page.evaluate("window.sketch = document.querySelector('[data-chart=duty-map]')")
        for at, dioxide in zip(hours[-3:-1], (61, 58), strict=True):
            device.tell(2061, at, hour(at, dioxide))
        device.tell(2011, now, "a21026-Rtd=57.5,a21026-Flag=N;a19001-Rtd=6.1,a19001-Flag=N")
        _duty(bureau, watched)
        _evidence(bureau)
        _explained(browser, watched.origin)
        # The pump runs again: the last hour that is over is in order, and an alarm that is over can be closed.
        device.tell(2061, hours[-1], hour(hours[-1], 27))
        device.tell(2011, now_outside(ZONE), "a21026-Rtd=26.5,a21026-Flag=N;a19001-Rtd=6.1,a19001-Flag=N")
        bureau.go("/monitoring/")
        expect(bureau.page.locator("#standings tbody tr")).to_contain_text("26.5", timeout=SEEN)
        watched.tick()
        _settled(bureau)
        bureau.go("/monitoring/alarms/?state=closed")
        expect(bureau.page.locator("#units tbody tr")).to_have_count(1)
        cells = bureau.page.locator("#units tbody tr").locator("td").all_inner_texts()
        assert cells[:5] == ["青石热电厂", "1", "1", "0", "0"], "all, exceedances, open, late"
        shot(bureau, "monitoring-8-statistics")
        assert bureau.complaints == []
        assert bureau.strangers == []


def whole_hours(now: datetime) -> Iterator[datetime]:
    """Since yesterday, when the device came, up to the one that is over."""
    at = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    while at + timedelta(hours=1) <= now:
        yield at
        at += timedelta(hours=1)


def _duty(bureau: Visit, watched: Watched) -> None:
    """What the device says comes to the screen by itself, and so does the alarm, once it was judged."""
    page = bureau.page
    expect(page.locator("#standings tbody tr")).to_contain_text("57.5", timeout=SEEN)
    watched.tick()
    expect(page.locator("#alarms tbody tr")).to_have_count(1, timeout=SEEN)
    expect(page.locator("#alarms tbody tr")).to_contain_text("二氧化硫")
    expect(page.locator("#standings tbody tr")).to_contain_text("超标")
    assert page.evaluate("window.stays") == "the page was not loaded again"
    assert page.evaluate("window.sketch.isConnected"), "the map was drawn once: what changed was laid over it"
    drawn = "echarts.getInstanceByDom(window.sketch).getOption().series.map((each) => [each.name, each.data.length])"
    assert page.evaluate(drawn) == [["超标", 1]]
    shot(bureau, "monitoring-2-duty-alarm")
    assert bureau.complaints == []
    assert barriers(bureau) == []
    # What looks for barriers puts a style into the page, which the page does not allow.
    bureau.complaints.clear()


def _evidence(bureau: Visit) -> None:
    """From the screen to the outlet's curve, its flags, and the frame letter by letter."""
    page = bureau.page
    page.locator("#standings tbody a", has_text=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    page.locator("[data-chart=curve-a21026][data-drawn=yes]").wait_for()
    over = page.locator("#values tbody tr", has_text="61 ▲")
    expect(over).to_have_count(1)
    shot(bureau, "monitoring-3-outlet")
    over.get_by_role("link", name="看报文").click()
    expect(page.locator("#frames tbody tr")).to_have_count(1)
    page.locator("#frames tbody").get_by_role("link", name="看原文").click()
    expect(page.locator("#raw + p code")).to_contain_text("a21026-Avg=61")
    # The bureau sees what the device said, but not by which word it is known.
    expect(page.locator("#raw + p code")).not_to_contain_text("123456")
    shot(bureau, "monitoring-4-frame")


def _explained(browser: Browser, origin: str) -> None:
    """Who caused it is reminded, and explains."""
    with signed_in(browser, origin, "unit", 1440) as unit:
        unit.go("/monitoring/alarms/")
        unit.page.locator("#alarms tbody a").first.click()
        expect(unit.page.locator(".answer")).to_contain_text("待说明")
        act(unit, "说明原因", "脱硫循环泵跳停，已切换备用泵", "治理设施故障")
        expect(unit.page.locator("details.act")).to_have_count(0)
        shot(unit, "monitoring-5-explained")
        assert unit.complaints == []


def _settled(bureau: Visit) -> None:
    """Who watches reviews and closes."""
    bureau.go("/monitoring/alarms/")
    bureau.page.locator("#alarms tbody a").first.click()
    expect(bureau.page.locator("#steps + ol")).to_contain_text("脱硫循环泵跳停")
    expect(bureau.page.locator("#steps + ol")).to_contain_text("恢复正常")
    shot(bureau, "monitoring-6-to-review")
    act(bureau, "审核报警", "属实，备用泵已投运", "治理设施故障")
    act(bureau, "办结报警", "复测达标")
    expect(bureau.page.locator(".answer")).to_contain_text("已办结")
    shot(bureau, "monitoring-7-closed")
