"""A collector between real lines (a serial server's DL/T 645, a Modbus server) and a platform that may refuse."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from shuangkong.cli import main
from shuangkong.gateway.collector.amounts import SKEW, Amount, Shown, amounts, follows
from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import Plan, PlanRefused, read_plan
from shuangkong.gateway.collector.running import collect, make_figures
from shuangkong.protocols.dlt645 import Finder, wrap
from shuangkong.protocols.nhjc import Profile
from shuangkong.protocols.nhjc.messages import Every, answer, read_configuration, read_data

MIDNIGHT = datetime(2026, 3, 2)  # noqa: DTZ001 - a collector keeps local times
KEY = "0123456789abcdeffedcba9876543210"
POWER = "0000000002330010"
SETTINGS = """
keep_days = 200
[unit]
enterprise = "91000000000000000X"
region = "000000"
[[meter]]
name = "总表"
protocol = "dlt645"
address = "000000000161"
host = "127.0.0.1"
port = {dlt645}
[[meter.item]]
name = "forward_active_energy"
code = "00-00-0000-023300-10"
factor = 60
[[meter]]
name = "蒸汽"
protocol = "modbus"
host = "127.0.0.1"
port = {modbus}
[[meter.item]]
name = "steam"
code = "00-00-0000-024000-10"
register = 100
coded = "float32"
unit = "t"
cumulative = true
[[centre]]
name = "省平台"
register_url = "http://127.0.0.1:{centre}/register"
day_time = "00:10:00"
"""


class Centre:
    """A platform on loopback: keeps what it accepted; ``refuses`` says how many messages it still turns away."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, int, str], Decimal] = {}
        self.asked: list[str] = []
        self.configured: list[str] = []
        self.refuses = 0

    def told(self, path: str, said: Any) -> dict[str, str]:
        self.asked.append(path)
        if self.refuses:
            self.refuses -= 1
            return {"responseCode": "1", "responseMessage": "忙"}
        match path:
            case "/register":
                urls = {"loadDicVersionURL": "/version", "centerInfoURL": "/info", "centerDataURL": "/data"}
                at = {name: f"http://127.0.0.1:{self.port}{path}" for name, path in urls.items()}
                return answer(deviceId="d" * 32, secretKey=KEY, **at)
            case "/version":
                return {"regVersion": "1", "dicVersion": "1"}
            case "/info":
                self.configured = [each.name for each in read_configuration(said).items]
                return answer()
        found = read_data(said, Profile("centre", key=bytes.fromhex(KEY)))
        self.items |= {(each.code.plain, int(each.every), str(each.starts)): each.value for each in found.items}
        return answer(found.wrong)

    @contextmanager
    def serving(self) -> Iterator[int]:
        centre = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                body = json.dumps(centre.told(self.path, said)).encode()
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


@contextmanager
def settled(folder: Path, centre: int, dlt645: int = 1, modbus: int = 1) -> Iterator[tuple[Plan, Kept]]:
    path = folder / "collector.toml"
    path.write_text(SETTINGS.format(centre=centre, dlt645=dlt645, modbus=modbus), encoding="utf-8")
    kept = Kept(folder / "kept.db")
    try:
        yield read_plan(path), kept
    finally:
        kept.close()


async def _serve_meter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An electricity meter that does not hear the first question, as meters on a long line."""
    finder, deaf = Finder(), True
    while data := await reader.read(64):
        for frame in finder.feed(data):
            if not deaf:
                told = wrap(frame.address, 0x91, frame.data + bytes.fromhex("26000000"))
                writer.write(b"\xfe\x00" + told[:7])
                await writer.drain()
                writer.write(told[7:])
            deaf = False
    writer.close()


def test_real_lines_are_polled_kept_and_uploaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shuangkong.gateway.collector.polling.fetch.__defaults__", (0.3,))
    centre = Centre()

    async def play() -> list[tuple[str, str, str]]:
        meter = await asyncio.start_server(_serve_meter, "127.0.0.1", 0)
        steam = SimDevice(1, [SimData(100, values=[12.5], datatype=DataType.FLOAT32)])
        server = ModbusTcpServer(steam, address=("127.0.0.1", 0))
        await server.serve_forever(background=True)
        ports = meter.sockets[0].getsockname()[1], server.transport.sockets[0].getsockname()[1]
        with centre.serving() as port, settled(tmp_path, port, *ports) as (plan, kept):
            await collect(plan, kept, lambda: MIDNIGHT, once=True)
            first = [kept.shown(each, MIDNIGHT, MIDNIGHT) for each in (POWER, "0000000002400010")]
            silent = kept.silences(MIDNIGHT)
        meter.close()
        await server.shutdown()
        assert [[each.value for each in shown] for shown in first] == [[Decimal("15.60")], [Decimal("12.5")]]
        return silent

    assert asyncio.run(play()) == []
    assert centre.asked == ["/register", "/version", "/info"]
    assert centre.configured[:1] == ["总表 forward_active_energy"]


def test_a_line_that_is_down_is_told_and_nothing_is_made_up(tmp_path: Path) -> None:
    with settled(tmp_path, 9) as (plan, kept):
        asyncio.run(collect(plan, kept, lambda: MIDNIGHT, once=True))
        assert [each[0] for each in kept.silences(MIDNIGHT)] == ["总表", "蒸汽"]
        assert kept.shown(POWER, MIDNIGHT, MIDNIGHT) == []
        assert kept.session("省平台").reason


def test_figures_are_sent_until_accepted_and_again_when_they_change(tmp_path: Path) -> None:
    centre = Centre()
    with centre.serving() as port, settled(tmp_path, port) as (plan, kept):
        for hour in range(25):
            kept.add_shown(MIDNIGHT + timedelta(hours=hour), [(POWER, Decimal(100 * hour))])
        make_figures(plan, kept, MIDNIGHT + timedelta(days=1))
        early, late = MIDNIGHT + timedelta(days=1), MIDNIGHT + timedelta(days=1, hours=2)
        centre.refuses = 2
        for minutes in range(10):
            forward(plan, plan.centres[0], kept, early + timedelta(minutes=minutes))
        assert len(centre.items) == 24, "hours are sent at once, the day waits for its time"
        forward(plan, plan.centres[0], kept, late)
        assert centre.items[POWER, 1, str(MIDNIGHT)] == 2400
        asked = len(centre.asked)
        forward(plan, plan.centres[0], kept, late)
        assert len(centre.asked) == asked, "nothing is owed, nothing is sent"
        kept.set_figures(POWER, [Amount(Every.DAY, MIDNIGHT, Decimal(2500), True)])
        forward(plan, plan.centres[0], kept, late)
        assert centre.items[POWER, 1, str(MIDNIGHT)] == 2500
        assert len(centre.items) == 25


def test_half_a_year_is_kept_and_what_is_owed_longer(tmp_path: Path) -> None:
    with settled(tmp_path, 9) as (plan, kept):
        kept.add_shown(MIDNIGHT, [(POWER, Decimal(1))])
        kept.set_figures(POWER, [Amount(Every.DAY, MIDNIGHT, Decimal(1), True)])
        forward(plan, plan.centres[0], kept, MIDNIGHT)
        assert kept.forget(MIDNIGHT) == 0
        assert kept.forget(MIDNIGHT + timedelta(days=1)) == 1
        (owed,) = kept.owed("省平台", Every.YEAR, 10)
        kept.set_accepted("省平台", [owed])
        kept.forget(MIDNIGHT + timedelta(days=1))
        assert kept.owed("另一中心", Every.YEAR, 10) == []


@given(st.lists(st.integers(0, 1000), min_size=25, max_size=25))
def test_hours_add_up_to_their_day(steps: list[int]) -> None:
    total, shown = Decimal(0), []
    for hour, step in enumerate(steps):
        total += step
        shown.append(Shown(MIDNIGHT + timedelta(hours=hour), total))
    end = MIDNIGHT + timedelta(days=1)
    hours = amounts(shown, Every.REAL_TIME, MIDNIGHT, end)
    (day,) = amounts(shown, Every.DAY, MIDNIGHT, end)
    assert len(hours) == 24
    assert sum(each.value for each in hours) == day.value == sum(steps[1:])
    assert day.is_valid


def test_what_a_reset_or_a_missing_bound_gives_is_marked() -> None:
    shown = [Shown(MIDNIGHT + timedelta(hours=hour), Decimal(value)) for hour, value in enumerate((5, 9, 2, 4))]
    found = amounts(shown, Every.REAL_TIME, MIDNIGHT, MIDNIGHT + timedelta(hours=3))
    assert [(each.value, each.is_valid) for each in found] == [(4, True), (0, False), (2, True)]
    early = Shown(MIDNIGHT + timedelta(hours=1) - 2 * SKEW, Decimal(7))
    (late,) = amounts([shown[0], early], Every.REAL_TIME, MIDNIGHT, follows(MIDNIGHT, Every.REAL_TIME))
    assert (late.value, late.is_valid) == (2, False)
    assert amounts(shown[:1], Every.REAL_TIME, MIDNIGHT, MIDNIGHT + timedelta(hours=3)) == []


@pytest.mark.parametrize(
    ("was", "now", "where"),
    [
        ("keep_days = 200", "keep_days = 30", "keep_days"),
        ('code = "00-00-0000-023300-10"', 'code = "12"', "meter[0].item[0].code"),
        ('name = "forward_active_energy"', 'name = "x"', "meter[0].item[0].name"),
        ('coded = "float32"', 'coded = "x"', "meter[1].item[0].coded"),
        ("[unit]", "[other]", "unit"),
        ("00-00-0000-024000-10", "00-00-0000-023300-10", "meter.item.code"),
        ("http://", "ftp://", "centre[0].register_url"),
    ],
)
def test_settings_that_cannot_be_used_say_where(
    tmp_path: Path, was: str, now: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "collector.toml"
    path.write_text(SETTINGS.format(centre=9, dlt645=1, modbus=1).replace(was, now), encoding="utf-8")
    with pytest.raises(PlanRefused, match="应为") as refused:
        read_plan(path)
    assert where in refused.value.zh
    assert main(["collect", str(path)]) == 2
    assert where in capsys.readouterr().err
