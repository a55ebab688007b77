"""A collector between real lines (a serial server's DL/T 645, a Modbus server) and a platform that may refuse."""

from __future__ import annotations

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep

import pytest
from centre import Centre
from hypothesis import given
from hypothesis import strategies as st
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from shuangkong.cli import main
from shuangkong.gateway.collector import forwarding, running
from shuangkong.gateway.collector.amounts import SKEW, Amount, Shown, amounts, follows
from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import LEAST_KEEP_DAYS, Plan, PlanRefused, read_plan
from shuangkong.gateway.collector.polling import Fetched, fetch
from shuangkong.gateway.collector.running import collect, make_figures
from shuangkong.protocols.dlt645 import Finder, wrap
from shuangkong.protocols.nhjc.messages import Every
from shuangkong.protocols.nhjc.session import Step

MIDNIGHT = datetime(2026, 3, 2)  # noqa: DTZ001 - a collector keeps local times
LATER_BY = timedelta(hours=1)
LATER = MIDNIGHT + LATER_BY
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


class Ticking:
    """A clock that goes on by seven seconds whenever somebody looks."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> datetime:
        self.looks += 1
        return MIDNIGHT + timedelta(seconds=7 * self.looks)


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
            await collect(plan, kept, Ticking(), once=True)
            first = [kept.shown(each, MIDNIGHT, LATER) for each in (POWER, "0000000002400010")]
            silent = kept.silences(MIDNIGHT)
        meter.close()
        await server.shutdown()
        assert [[each.value for each in shown] for shown in first] == [[Decimal("15.60")], [Decimal("12.5")]]
        moments = {each.at for shown in first for each in shown}
        assert moments == {MIDNIGHT + timedelta(seconds=7), MIDNIGHT + timedelta(seconds=14)}, "each as it was read"
        return silent

    assert asyncio.run(play()) == []
    assert centre.asked == ["/register", "/version", "/info"]
    assert centre.configured[:1] == ["总表 forward_active_energy"]


@pytest.mark.parametrize(
    ("pdu", "reason"),
    [
        (b"\3\4\x41\x48\0\0", ""),
        (b"\3\6\x41\x48\0\0\0\1", "3 个字"),
        (b"\3\2\x41\x48", "1 个字"),
        (b"\4\4\x41\x48\0\0", "功能码是 4"),
        (b"\6\0\x64\0\1", "功能码是 6"),
        (b"\x83\2", "100…101"),
        (b"\x2b\x0e", ""),
        (b"\3\4\x7f\xc0\0\0", "没有数"),
    ],
)
def test_an_answer_to_something_else_is_no_value(tmp_path: Path, pdu: bytes, reason: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await reader.readexactly(12)
                writer.write(asked[:4] + (len(pdu) + 1).to_bytes(2, "big") + asked[6:7] + pdu)

    async def play() -> Fetched:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        with settled(tmp_path, 9, modbus=server.sockets[0].getsockname()[1]) as (plan, _kept):
            found = await fetch(plan.meters[1], lambda: MIDNIGHT, 0.1)
        server.close()
        return found

    found = asyncio.run(play())
    is_right = pdu == b"\3\4\x41\x48\0\0"
    assert [each[2] for each in found.values] == ([Decimal("12.5")] if is_right else [])
    assert bool(found.reasons) is not is_right
    assert any(reason in each for each in found.reasons) or is_right


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
            kept.add_shown([(POWER, MIDNIGHT + timedelta(hours=hour), Decimal(100 * hour))])
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


def hours(kept: Kept, count: int = 24) -> None:
    """Hours of a day that are to be sent, 100 each."""
    told = [Amount(Every.REAL_TIME, MIDNIGHT + timedelta(hours=at), Decimal(100), True) for at in range(count)]
    kept.set_figures(POWER, told)


def test_a_figure_that_is_refused_by_itself_holds_up_no_other(tmp_path: Path) -> None:
    centre, bad = Centre(), str(MIDNIGHT + timedelta(hours=3))
    centre.rejects = {bad}
    now = MIDNIGHT + timedelta(days=1)
    with centre.serving() as port, settled(tmp_path, port) as (plan, kept):
        hours(kept)
        session = forward(plan, plan.centres[0], kept, now)
        assert len(centre.items) == 23
        assert (session.refused, session.step) == (0, Step.DATA)
        asked = len(centre.asked)
        forward(plan, plan.centres[0], kept, now + timedelta(minutes=30))
        assert len(centre.asked) == asked, "it waits"
        assert [str(each.amount.starts) for each in kept.owed("省平台", Every.YEAR, 10)] == [bad], "and is still owed"
        centre.rejects = set()
        forward(plan, plan.centres[0], kept, now + timedelta(hours=2))
        assert len(centre.items) == 24
        assert kept.owed("省平台", Every.YEAR, 10) == []


def test_who_is_refused_registers_anew_and_sends_all_with_the_new_key(tmp_path: Path) -> None:
    centre = Centre()
    now = MIDNIGHT + timedelta(days=1)
    with centre.serving() as port, settled(tmp_path, port) as (plan, kept):
        forward(plan, plan.centres[0], kept, now)
        hours(kept)
        centre.key = "ab" * 16
        for _ in range(10):
            now += timedelta(hours=1)
            forward(plan, plan.centres[0], kept, now)
        asked = [each for each in centre.asked if each != "/data"]
        assert asked == ["/register", "/version", "/info"] * 2
        assert len(centre.items) == 24


def test_a_change_of_settings_is_configured_before_the_next_data(tmp_path: Path) -> None:
    centre = Centre()
    now = MIDNIGHT + timedelta(days=1)
    with centre.serving() as port, settled(tmp_path, port) as (plan, kept):
        forward(plan, plan.centres[0], kept, now)
        fewer = replace(plan, meters=plan.meters[:1])
        hours(kept)
        for _ in range(2):
            forward(fewer, plan.centres[0], kept, now)
        assert centre.asked == ["/register", "/version", "/info", "/info", "/data"]
        assert centre.configured == ["总表 forward_active_energy"] * 3


def test_a_centre_that_stalls_holds_up_neither_meters_nor_the_other_centre(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stalled one is waited for much longer than all of this takes."""
    monkeypatch.setattr(forwarding, "PATIENCE", 600)
    monkeypatch.setattr("shuangkong.gateway.collector.polling.fetch.__defaults__", (0.3,))
    monkeypatch.setattr(running, "ROUND", 0.05)
    dead, alive = Centre(), Centre()
    begun = monotonic()
    clock = lambda: MIDNIGHT + timedelta(days=1, seconds=monotonic() - begun)  # noqa: E731

    async def play() -> None:
        meter = await asyncio.start_server(_serve_meter, "127.0.0.1", 0)
        with (
            dead.serving() as port, alive.serving() as other, dead.stalled(),
            settled(tmp_path, port, meter.sockets[0].getsockname()[1]) as (plan, kept),
        ):  # fmt: skip
            hours(kept)
            second = replace(plan.centres[0], name="市平台", register_url=f"http://127.0.0.1:{other}/register")
            both = replace(
                plan, meters=(replace(plan.meters[0], every=1),), centres=(plan.centres[0], second)
            )  # fmt: skip
            work = asyncio.create_task(collect(both, kept, clock))
            async with asyncio.timeout(60):
                while len(kept.shown(POWER, clock() - LATER_BY, clock())) < 2 or len(alive.items) < 24:
                    await asyncio.sleep(0.05)
                work.cancel()
                with suppress(asyncio.CancelledError):
                    await work
            assert dead.asked == ["/register"]
            assert len(kept.owed("省平台", Every.YEAR, 100)) == 24
        meter.close()

    asyncio.run(play())


def test_a_centre_that_answers_byte_by_byte_for_ever_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "LONGEST", 0.2)

    class Dripping(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(4096)
            with suppress(OSError):
                self.request.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                while True:
                    self.request.sendall(b" ")
                    sleep(0.05)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dripping) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with settled(tmp_path, server.server_address[1]) as (plan, kept):
            assert forward(plan, plan.centres[0], kept, MIDNIGHT).reason
        server.shutdown()


def test_half_a_year_without_a_centre_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every day a showing, twenty seconds late, and each twenty days a try; the centre answers again after 220 days."""
    monkeypatch.setattr(forwarding, "PATIENCE", 0.05)
    centre, days = Centre(), 220
    with centre.serving() as port, settled(tmp_path, port) as (plan, kept):
        with centre.stalled():
            for day in range(days + 1):
                now = MIDNIGHT + timedelta(days=day)
                kept.add_shown([(POWER, now + timedelta(seconds=20), Decimal(24 * day))])
                if day % 20 == 0:
                    make_figures(plan, kept, now)
                    assert not forward(plan, plan.centres[0], kept, now).device
                    kept.forget(now - timedelta(days=plan.keep_days), [each.name for each in plan.centres])
        shown = kept.shown(POWER, MIDNIGHT, now + LATER_BY)
        assert (shown[-1].at - shown[0].at).days >= LEAST_KEEP_DAYS
        assert len(shown) < days, "older ones are let go"
        monkeypatch.setattr(forwarding, "PATIENCE", 15)
        forward(plan, plan.centres[0], kept, now + timedelta(hours=12))
        told = {starts: value for (code, every, starts), value in centre.items.items() if every == Every.DAY}
        assert told == {str(MIDNIGHT + timedelta(days=day)): Decimal(24) for day in range(days)}
        kept.forget(now - timedelta(days=plan.keep_days), [each.name for each in plan.centres])
        assert kept.owed("另一中心", Every.DAY, 1000)[0].amount.starts > MIDNIGHT, "what was accepted is let go too"


def test_half_a_year_is_kept_and_what_is_owed_longer(tmp_path: Path) -> None:
    with settled(tmp_path, 9) as (plan, kept):
        kept.add_shown([(POWER, MIDNIGHT, Decimal(1))])
        kept.set_figures(POWER, [Amount(Every.DAY, MIDNIGHT, Decimal(1), True)])
        forward(plan, plan.centres[0], kept, MIDNIGHT)
        assert kept.forget(MIDNIGHT, ["省平台"]) == 0
        assert kept.forget(MIDNIGHT + timedelta(days=1), ["省平台"]) == 1
        (owed,) = kept.owed("省平台", Every.YEAR, 10)
        kept.set_accepted("省平台", [owed])
        kept.forget(MIDNIGHT + timedelta(days=1), ["省平台"])
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
