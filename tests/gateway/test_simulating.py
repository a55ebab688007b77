"""Simulated stations on sockets: acknowledged once, sent again when not, obedient, back after a broken line."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from shuangkong.cli import main
from shuangkong.gateway.listening.profile import FileProfiles
from shuangkong.gateway.simulated import uploading
from shuangkong.gateway.simulated.counts import Counts
from shuangkong.gateway.simulated.line import Address, Line
from shuangkong.gateway.simulated.pacing import history
from shuangkong.gateway.simulated.running import Play, run_cast, station_clock
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.counter import hourly_kwh
from shuangkong.monitoring.simulated.site import Kind, Site
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212.encode import Head, answer, encode
from shuangkong.protocols.hj212.exchanges import answer_word
from shuangkong.protocols.hj212.frame import Finder, Found, wrap
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.nhjc import session
from shuangkong.protocols.nhjc.messages import answer as answer_of
from shuangkong.protocols.nhjc.messages import read_data
from shuangkong.protocols.nhjc.profile import Profile
from shuangkong.rulebook import open_rulebook

CODES = hj212_codes(open_rulebook().folder)
DAY = date(2026, 3, 5)
HOURS = ("hour_data", "day_data")


type Answers = Callable[[Host, Message], bool]
type Work = Callable[[Address], Coroutine[None, None, Counts]]


class Host:
    """An upper computer: answers what asks for it unless ``answers`` says no; ``orders`` go out to who connects."""

    def __init__(
        self, answers: Callable[[Host, Message], bool] = lambda *_: True, orders: tuple[bytes, ...] = ()
    ) -> None:
        self.heard: list[Message] = []
        self.hangs_up_after: int | None = None
        self.connections = 0
        self._answers, self._orders = answers, orders

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        for order in self._orders:
            writer.write(order)
        finder = Finder()
        try:
            while data := await reader.read(65536):
                for found in finder.feed(data):
                    assert isinstance(found, Found)
                    message = read(found.body, CODES)
                    self.heard.append(message)
                    word = answer_word(message, CODES)
                    if word and self._answers(self, message):
                        writer.write(wrap(answer(message, CODES.cn(word))))
                    if self.hangs_up_after == len(self.heard):
                        return
        finally:
            writer.close()

    def of(self, word: str) -> list[Message]:
        return [each for each in self.heard if each.cn == CODES.cn(word)]


def played(host: Host, work: Work, seconds: float = 60) -> Counts:
    async def whole() -> Counts:
        server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await asyncio.wait_for(work(Address("127.0.0.1", port)), seconds)

    return asyncio.run(whole())


def one_line(site: Site, words: tuple[str, ...], timeout: tuple[int, int] = (1, 3)) -> Work:
    async def work(address: Address) -> Counts:
        counts, station = Counts(), Station(site, CODES)
        station.settings.timeout = timeout
        line = Line(station, CODES, counts, station_clock, window=4)
        await line.run(address, history(station, DAY, DAY, words))
        assert line.waiting == 0
        return counts

    return work


SITE = cast(7, gas=1, water=0, meters=0, is_plain=True, troubled_share=0)[0]


def test_history_of_a_cast_is_acknowledged_whole() -> None:
    sites = cast(3, gas=6, water=4, meters=2, is_plain=True, troubled_share=0)
    host, said = Host(), []
    counts = played(
        host, lambda to: run_cast(sites, CODES, to, Play(DAY, DAY, is_live=False, words=HOURS, report_s=0), said.append)
    )
    assert (counts.sent, counts.acknowledged, counts.given_up) == (250, 250, 0)
    outlets = {site.mn for site in sites if site.kind is not Kind.METER}
    assert Counter(each.mn for each in host.of("hour_data")) == dict.fromkeys(outlets, 24)
    assert Counter(each.mn for each in host.of("day_data")) == dict.fromkeys(outlets, 1)
    assert "250" in said[-1]


def test_no_more_wait_than_the_window_allows() -> None:
    """While nothing is answered, only so many go out."""
    host = Host(answers=lambda host, _: len(host.heard) >= 4)
    counts = played(host, one_line(SITE, ("hour_data",)))
    first = [each.qn for each in host.heard[:4]]
    assert len(set(first)) == 4
    assert counts.resent >= 3, "the three that were not answered go out once more"
    assert Counter(each.qn for each in host.heard).most_common(1)[0][1] >= 2
    assert counts.acknowledged == 24


def test_what_is_never_answered_is_given_up() -> None:
    host = Host(answers=lambda _, message: message.data_time is not None and message.data_time.hour != 3)
    counts = played(host, one_line(SITE, ("hour_data",), timeout=(1, 1)))
    assert (counts.acknowledged, counts.given_up) == (23, 1)
    assert counts.resent >= 1


def test_a_broken_line_is_made_anew_and_nothing_is_lost() -> None:
    host = Host()
    host.hangs_up_after = 10
    counts = played(host, one_line(SITE, HOURS))
    assert host.connections == 2
    assert counts.lost == 1
    assert len({each.data_time for each in host.of("hour_data")}) == 24
    assert counts.given_up == 0


def test_orders_are_obeyed_on_the_line() -> None:
    def order(word: str, **told: str) -> bytes:
        head = Head("20260305120000000", SITE.st, CODES.cn(word), SITE.password, SITE.mn, wants_answer=True)
        return wrap(encode(head, [((name, value),) for name, value in told.items()]))

    times = {"BeginTime": "20260301000000", "EndTime": "20260301050000"}
    host = Host(orders=(order("field_time"), order("hour_data", **times)))
    counts = played(host, one_line(SITE, ("day_data",)))
    assert counts.obeyed == 2
    assert [each.value("QnRtn") for each in host.of("request_answer")] == ["1", "1"]
    assert [each.value("ExeRtn") for each in host.of("execution_result")] == ["1", "1"]
    assert len(host.of("field_time")[0].value("SystemTime")) == 14
    assert [each.data_time.hour for each in host.of("hour_data") if each.data_time] == list(range(6))


def test_open_loop_does_not_wait() -> None:
    host, said = Host(answers=lambda *_: False), []
    play = Play(DAY, DAY, is_live=False, words=("minute_data",), rate=200, seconds=1.5, report_s=0)
    counts = played(host, lambda to: run_cast([SITE], CODES, to, play, said.append))
    assert counts.acknowledged == 0
    assert 20 <= counts.sent <= 144


def test_live_sends_what_is_due_and_ends_in_time() -> None:
    site = cast(7, gas=1, water=0, meters=0, is_plain=True, troubled_share=0)[0]
    station = Station(site, CODES)
    station.settings.realtime_s = 2
    host = Host()

    async def work(address: Address) -> Counts:
        from shuangkong.gateway.simulated.pacing import live

        counts = Counts()
        line = Line(station, CODES, counts, station_clock)
        running = asyncio.ensure_future(line.run(address, live(station, station_clock, ("realtime_data",))))
        await asyncio.sleep(5)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return counts

    counts = played(host, work)
    assert 1 <= counts.acknowledged <= 4
    assert host.of("realtime_data")[0].readings


def test_profiles_that_are_written_are_those_that_the_gateway_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "profiles.json"
    assert main(["simulate", "--gas", "40", "--water", "20", "--meters", "3", "--profiles", str(path)]) == 0
    assert "63" in capsys.readouterr().out
    book = FileProfiles(path).load()
    sites = cast(212, gas=40, water=20, meters=3)
    assert set(book) == {site.mn.encode() for site in sites}
    for site in sites:
        assert site.variant in book[site.mn.encode()].variants
        assert book[site.mn.encode()].keys == ((site.key,) if site.key else ())
    assert json.loads(path.read_text("utf-8"))[0]["edition"]


class Centre(BaseHTTPRequestHandler):
    """A centre that refuses the first message of each step, and keeps the figures that it accepted."""

    said: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        before = sum(path == self.path for path, _ in self.said)
        self.said.append((self.path, said))
        if before == 0:
            told = answer_of(["wait"])
        else:
            here = f"http://127.0.0.1:{self.server.server_address[1]}"
            more = {"loadDicVersionURL": "/v", "centerInfoURL": "/c", "centerDataURL": "/d"}
            told = answer_of(deviceId="E1", dicVersion="1", **{name: here + path for name, path in more.items()})
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_meters_upload_until_they_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "FIRST_WAIT", timedelta())
    monkeypatch.setattr(uploading, "PAUSE_S", 0.01)
    monkeypatch.setattr(Centre, "said", [])
    meters = cast(11, gas=0, water=0, meters=3)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Centre)
    Thread(target=server.serve_forever, daemon=True).start()
    counts = Counts()
    (unit,) = uploading.units(meters, [("91999901MA00T00138", "999901003")])
    play = Play(DAY, DAY + timedelta(days=1), is_live=False)
    url = f"http://127.0.0.1:{server.server_address[1]}/register"
    asyncio.run(asyncio.wait_for(uploading.upload(unit, url, Profile("any"), play, counts), 60))
    server.shutdown()
    server.server_close()
    messages = [said for path, said in Centre.said if path == "/d"]
    assert len(messages) == 3, "the first day, refused and accepted, and the second"
    assert messages[0]["data"]
    first = ["/register"] * 2 + ["/v"] * 2 + ["/c"] * 2 + ["/d"]
    # Refused three times since it was registered, it begins anew.
    assert [path for path, _ in Centre.said] == [*first, "/register", "/v", "/c", "/d", "/d"]
    found = [each for said in messages[1:] for each in read_data(said, Profile("any")).items]
    for place, meter in enumerate(unit.meters):
        own = [each for each in found if each.code == uploading.item_code(place)]
        days = [(DAY, hourly_kwh(meter, DAY)), (DAY + timedelta(days=1), hourly_kwh(meter, DAY + timedelta(days=1)))]
        expected = [
            (datetime.combine(day, time(hour)), Decimal(str(used))) for day, hours in days for hour, used in hours
        ]
        assert [(each.starts, each.value) for each in own] == expected
    assert counts.resent == 4
    assert counts.acknowledged == 8


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (["--words", "hours"], "SIM-001"),
        (["--history", "2026-03-05", "2026-03-01"], "SIM-002"),
        (["--address", "nowhere"], "SIM-003"),
        (["--roster", "files", "--owner", "甲厂"], "SIM-004"),
        (["--roster", "files"], "SIM-005"),
        (["--centre", "http://127.0.0.1:9/register", "--unit", "91999901MA00T00138"], "SIM-006"),
    ],
)
def test_wrong_use_is_told(wrong: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *wrong]) == 2
    assert code in capsys.readouterr().err
