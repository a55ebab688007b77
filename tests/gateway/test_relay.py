"""Frames that a gateway kept go on to a platform above, by its own listener, each until it is acknowledged."""

from __future__ import annotations

import json
import socket
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from consuming_ground import Asked, Desk, Memory, Registers, StoreAway, consumer
from devices import MN, Line, body, frame, kept, profile, qn_of, server, until
from django.test import Client
from django.urls import reverse
from relay_ground import above, answer_to
from test_uplink_configured import COUNTY, office

from shuangkong.gateway.consuming.consumer import Doors
from shuangkong.gateway.consuming.device import Device as Known
from shuangkong.gateway.consuming.device import Spell
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.relay import sending
from shuangkong.gateway.relay.running import Relay
from shuangkong.protocols.hj212.frame import Found, wrap
from shuangkong.protocols.hj212.sm4 import Key, wrap_enciphered
from shuangkong.readings.evidence import Kind, Log
from shuangkong.readings.evidence.record import pack
from shuangkong.records.monitoring.models import Connection, Device, Outlet, RegisterEvent
from shuangkong.records.monitoring.secrets import sealed
from shuangkong.records.monitoring.uploads import higher
from shuangkong.records.monitoring.uploads.higher_fields import Kind as Above
from shuangkong.records.monitoring.uploads.models import HigherPlatform, ResendOrder
from shuangkong.records.monitoring.uploads.relaying import line_standing, relay_states
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Person
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise

pytestmark = pytest.mark.django_db
BEGUN = datetime(2020, 1, 1, tzinfo=UTC)
NOW = datetime(2024, 5, 21, tzinfo=UTC)
OTHER = "010000A8900016F000169DC1"
CODE = "91990000000000001X"


def device(mn: str = MN, unit: Enterprise | None = None, **more: Any) -> Device:
    """A device of the county that speaks for an outlet of its own."""
    outlet = Outlet.objects.create(
        region_id=COUNTY, kind="gas", code=mn[-6:], name="排口", starts_on=BEGUN.date(), enterprise=unit
    )
    made = Device.objects.create(
        region_id=COUNTY, kind="logger", mn=mn, name="数采仪", edition="auto", check_value="any", encoding="auto",
        password=sealed("123456"), starts_on=BEGUN.date(), **more,
    )  # fmt: skip
    Connection.objects.create(device=made, outlet=outlet, starts_at=BEGUN)
    changed(made)
    return made


def changed(made: Device) -> None:
    RegisterEvent.objects.create(register="devices", row=made.pk, kind="revise", author="x", at=NOW, journal=0)


def minute(at: int, **more: object) -> bytes:
    """A frame of a minute of its own: what bears the same minute and figures is the same frame, sent again."""
    return frame(at, f"DataTime=202405202106{at:02d};a21026-Avg={at}", **more)


def told(port: int, **more: str) -> dict[str, str]:
    return {
        "name": "省平台", "register_url": f"tcp://127.0.0.1:{port}", "edition": "auto", "cipher": "none",
        "per_minute": "600000", "wait_s": "1", "resends": "1",
    } | more  # fmt: skip


def started(port: int, by: Acting, **more: str) -> int:
    number = higher.set_platform(None, COUNTY, told(port, **more), by, "", Above.FRAMES)
    higher.start(number, by, "省里通知接通")
    return number


class Below:
    """The lower gateway's log, written as its listener writes it, and the relay from it."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder, self.number = folder, number
        self.log = Log(folder / "evidence")
        self.relay = self.open()
        self.relay.round(0)

    def open(self) -> Relay:
        return Relay(self.number, self.folder / "uplink", self.folder / "evidence")

    def receive(self, *frames: bytes, mark: int = Verdict.KNOWN, at: datetime = NOW) -> None:
        self.log.write([pack(Kind.FRAME, each, int(at.timestamp() * 1e9), 5, mark) for each in frames])

    def again(self) -> None:
        """The relay dies and begins again."""
        self.relay.close()
        self.relay = self.open()


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "AGAIN_S", 0.0)


def readings(folder: Path, *known: Known) -> list[dict[str, Any]]:
    """What a consumer reads out of a gateway's log, places apart."""
    store, registers = Memory(), Registers({each.mn: each for each in known})
    ours = consumer(folder, Doors(store, registers, Desk(), Asked(), (StoreAway,)), lambda: NOW.timestamp())
    while ours.step():
        pass
    ours.close()
    rows = [{name: value for name, value in row.items() if name not in ("segment", "offset", "received")}
            for row in store.rows()]  # fmt: skip
    return sorted(rows, key=repr)


def test_from_a_device_through_two_gateways_the_readings_agree(tmp_path: Path) -> None:
    by = office()
    device()
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    upper = [profile(mn="SHENG0001", password="654321")]
    with server(tmp_path / "one") as one, server(tmp_path / "two", upper) as two:
        number = started(two.ports[0], by, token="654321", aliases=f"{MN}=SHENG0001")
        below = Below(tmp_path, number)
        below.log.close()
        below.relay.close()
        relay = Relay(number, tmp_path / "uplink", tmp_path / "one" / "gateway" / "evidence")
        relay.round(0)
        line = Line(one.ports[0])
        line.send(b"".join(frame(each, f"DataTime=202405202106{each:02d};a21026-Avg={each}.5") for each in range(40)))
        line.send(frame(41, "DataTime=20240520210700;i11001-Info=//温度;正常//", CN="3020"))
        line.send(frame(42, CN="9015") + frame(43, "QnRtn=1", CN="9011", Flag=4) + frame(44, MN=OTHER))
        line.answers(43)
        until(lambda: len(kept(tmp_path / "one" / "gateway")) == 44)
        relay.round()
        [state] = relay_states(number)
        assert (state.mn, state.accepted, state.owed, state.aside) == (MN, 41, 0, 0)
    sent = [each.payload for each in kept(tmp_path / "two" / "gateway")]
    assert [qn_of(each) for each in sent] == [*range(40), 41]
    assert sent[3] == wrap(body(3, "DataTime=20240520210603;a21026-Avg=3.5", MN="SHENG0001", PW="654321"))
    known, there = Known(1, MN, spells=(Spell(7, 0),)), Known(1, "SHENG0001", spells=(Spell(7, 0),))
    ours = readings(tmp_path / "one" / "gateway", known)
    assert len(ours) == 40
    assert ours == readings(tmp_path / "two" / "gateway", there)


def long_area(day: str = "20240520210600") -> str:
    """Longer than a segment may be: many factors, and a text that holds separators and signs of three bytes."""
    factors = (f"a21026-Avg={each}.5,a21026-Min={each},a21026-Flag=N" if each == 7 else
               f"a0{each:04d}-Avg={each}.25,a0{each:04d}-Flag=N" for each in range(90))  # fmt: skip
    return f"DataTime={day};" + ";".join([*factors, "i11001-Info=//清洗;管路,完//"])


def logged(folder: Path, *frames: bytes) -> Path:
    """A gateway's folder of its own, with these frames in its log."""
    Log(folder / "evidence").write(
        [pack(Kind.FRAME, each, int(NOW.timestamp() * 1e9), 5, Verdict.KNOWN) for each in frames]
    )
    return folder


def test_what_one_segment_does_not_hold_goes_in_packets_and_is_there_once(tmp_path: Path) -> None:
    by = office()
    device(key=sealed("31" * 16))
    (tmp_path / "two").mkdir()
    long, short = frame(1, long_area()), frame(2, "DataTime=20240520220000;a21026-Avg=1")
    with server(tmp_path / "two", [profile(keys=["31" * 16])]) as two:
        plain = started(two.ports[0], by, edition="v2017")
        below = Below(tmp_path, plain)
        below.receive(long, short)
        below.relay.round()
        assert (relay_states(plain)[0].accepted, relay_states(plain)[0].owed) == (2, 0)
        records = kept(tmp_path / "two" / "gateway")
        packets = [each.payload for each in records[:-1]]
        assert len(packets) > 1
        assert all(len(each) <= len(b"##0000") + 1024 + len(b"1C80\r\n") for each in packets)
        assert [f"PNUM={len(packets)};PNO={each};".encode() in packets[each - 1] for each in range(1, 5)] == [True] * 4
        assert [qn_of(each) for each in packets] == [*range(1, len(packets) + 1)]
        ours, there = Known(1, MN, spells=(Spell(7, 0),), keys=(b"1" * 16,)), tmp_path / "two" / "gateway"
        seen = readings(there, ours)
        assert seen == readings(logged(tmp_path / "one", long, short), ours)
        # Enciphered each packet is by itself, and sent anew it is no more than it was.
        higher.set_platform(plain, COUNTY, told(two.ports[0], edition="v2025", cipher="raw"), by, "加密")
        higher.resend(plain, "", date(2024, 5, 20), by, "换了版本")
        below.relay.round()
        again = kept(there)[len(records) :]
        assert [each.mark for each in again] == [Verdict.KNOWN] * len(records)
        assert all(b"Avg" not in each.payload for each in again)
        assert readings(logged(tmp_path / "three", *(each.payload for each in again)), ours) == seen
        assert readings(there, ours)[1:] == [], "the platform above knows the packets"


def test_the_only_packet_of_its_message_is_split_where_it_is_too_long(tmp_path: Path) -> None:
    by = office()
    device()
    (tmp_path / "two").mkdir()
    said = [wrap(each[6:-6].replace(b"Flag=5;", b"Flag=7;PNUM=1;PNO=1;")) for each in
            (frame(1, long_area()), frame(40, "DataTime=20240520220000;a21026-Avg=1"))]  # fmt: skip
    with server(tmp_path / "two") as two:
        number = started(two.ports[0], by)
        below = Below(tmp_path, number)
        below.receive(*said)
        below.relay.round()
        assert (relay_states(number)[0].accepted, relay_states(number)[0].refused) == (2, "")
    sent = [each.payload for each in kept(tmp_path / "two" / "gateway")]
    assert all(len(each) <= len(b"##0000") + 1024 + len(b"1C80\r\n") for each in sent)
    assert [f"PNUM={len(sent) - 1};PNO={at};".encode() in each for at, each in enumerate(sent[:-1], 1)] == (
        [True] * (len(sent) - 1)
    )
    assert b"PNUM=1;PNO=1;" in sent[-1], "what fits stays as the device says"
    ours = Known(1, MN, spells=(Spell(7, 0),))
    assert readings(tmp_path / "two" / "gateway", ours) == readings(logged(tmp_path / "one", *said), ours) != []


def test_what_cannot_be_split_goes_and_is_shown_or_is_put_aside_with_its_reason(tmp_path: Path) -> None:
    by = office()
    device()
    own = wrap(frame(1, long_area())[6:-6].replace(b"Flag=5;", b"Flag=7;PNUM=2;PNO=1;"))
    item = frame(2, f"DataTime=20240520220000;i11001-Info=//{'清' * 400}//", CN="3020")
    text = b"DataTime=20240520230000;i11001-Info=//" + "清".encode("gbk") * 3950 + b"//"
    huge = wrap(body(3, "", CN="3020").replace(b"&&&&", b"&&" + text + b"&&"))
    with above(answer_to) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        below.receive(own, item, huge)
        below.relay.round()
        below.again()
        below.relay.round()
        [state] = relay_states(number)
    assert (state.accepted, state.aside) == (2, 1)
    refused, long = json.loads(state.refused)
    assert (refused["time"], "9,999" in refused["reason"]) == ("20240520230000", True)
    assert [each.body for each in came] == [own[6:-6], item[6:-6]], "as they are"
    assert (long["count"], long["cn"], long["bytes"]) == (2, "3020", len(item[6:-6]))
    client = Client()
    client.force_login(Person.objects.get(username="office"))
    page = client.get(reverse("uploads:platform", args=[number])).content.decode()
    assert "超长转发的报文" in page
    assert str(len(item[6:-6])) in page


def test_of_packets_one_without_answer_sends_all_again_and_then_it_counts_once(tmp_path: Path) -> None:
    by = office()
    device()
    deaf = [True]

    def answering(found: Found) -> bytes:
        is_unheard = b"PNO=2;" in found.body and bool(deaf) and deaf.pop()
        return b"" if is_unheard else answer_to(found)

    with above(answering) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        below.receive(frame(1, long_area()))
        below.relay.round()
        whole = sum(b"PNO=1;" in each.body for each in came)
    assert whole == 2
    assert len({each.body for each in came}) * 2 == len(came), "of the second edition sent again is the same"
    assert (relay_states(number)[0].accepted, relay_states(number)[0].owed) == (1, 0)


def test_a_platform_that_is_away_gets_all_when_it_is_back_and_nothing_twice(tmp_path: Path) -> None:
    by = office()
    device()
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    number = started(port, by)
    below = Below(tmp_path, number)
    below.receive(*(minute(each) for each in range(3)))
    below.relay.round()
    standing = line_standing(number)
    assert standing is not None
    assert (standing.is_connected, "refused" in standing.reason, relay_states(number)[0].owed) == (False, True, 3)
    below.again()
    with above(answer_to) as (there, came):
        higher.set_platform(number, COUNTY, told(there), by, "改了端口")
        below.relay.round()
        # The log is followed, a resend of the device is the same frame.
        below.receive(minute(2), minute(1), minute(3))
        below.again()
        below.relay.round()
    assert [qn_of(each.body) for each in came] == [0, 1, 2, 3]
    assert relay_states(number)[0].accepted == 4


def test_what_was_not_acknowledged_when_the_line_broke_goes_again_with_its_own_number(tmp_path: Path) -> None:
    by = office()
    device()
    cut = [False, False, True]

    def answering(found: Found) -> bytes | None:
        return None if cut and cut.pop(0) else answer_to(found)

    with above(answering) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        below.receive(*(minute(each) for each in range(5)))
        below.relay.round()
        assert relay_states(number)[0].owed == 3
        below.again()
        below.relay.round()
    numbers = [qn_of(each.body) for each in came]
    assert (numbers[:3], sorted(set(numbers))) == ([0, 1, 2], [0, 1, 2, 3, 4])
    assert numbers[3:] == [2, 3, 4]
    assert relay_states(number)[0].accepted == 5


def test_who_dies_between_taking_and_sending_sends_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by = office()
    device()
    with above(answer_to) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        whole = below.relay.outbox.take
        below.receive(*(minute(each) for each in range(5)))

        def die(*words: Any) -> int:
            whole(*words)
            raise KeyboardInterrupt

        monkeypatch.setattr(below.relay.outbox, "take", die)
        with pytest.raises(KeyboardInterrupt):
            below.relay.round()
        below.again()
        acknowledge = below.relay.outbox.acknowledge

        def die_after(number: int, now: float) -> None:
            acknowledge(number, now)
            raise KeyboardInterrupt

        monkeypatch.setattr(below.relay.outbox, "acknowledge", die_after)
        with pytest.raises(KeyboardInterrupt):
            below.relay.round()
        until(lambda: len(came) == 5)
        first = len(came)
        below.again()
        below.relay.round()
    assert qn_of(came[0].body) == 0
    assert [qn_of(each.body) for each in came[first:]] == [1, 2, 3, 4], "the acknowledged one does not go again"
    assert relay_states(number)[0].accepted == 5


def test_a_refused_frame_is_put_aside_with_its_reason_and_holds_up_no_other(tmp_path: Path) -> None:
    by = office()
    device()
    refuses = [True]

    def answering(found: Found) -> bytes:
        is_bad = refuses[0] and found.body.endswith(b"Avg=1&&")
        return answer_to(found, "9011", "QnRtn=4") if is_bad else answer_to(found)

    with above(answering) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        below.receive(*(minute(each) for each in range(4)))
        below.relay.round()
        [state] = relay_states(number)
        assert (state.accepted, state.owed, state.aside) == (3, 1, 1)
        [refused] = json.loads(state.refused)
        assert (refused["cn"], refused["time"]) == ("2051", "20240520210601")
        assert refused["reason"].startswith("QnRtn=4 设备标识错误")
        below.relay.round()
        assert len(came) == 4, "not again at once"
        refuses[0] = False
        higher.set_platform(number, COUNTY, told(port, aliases=f"{MN}={OTHER}"), by, "对方另给了标识")
        below.relay.round()
    assert f"MN={OTHER};".encode() in came[-1].body
    assert (relay_states(number)[0].accepted, relay_states(number)[0].aside) == (4, 0)


def test_where_nothing_is_answered_it_goes_so_often_and_the_page_says_why(tmp_path: Path) -> None:
    by = office()
    device()
    with above(lambda _: b"") as (port, came):
        number = started(port, by)
        HigherPlatform.objects.update(wait_s=0)
        below = Below(tmp_path, number)
        below.receive(frame(1))
        below.relay.round()
        assert [qn_of(each.body) for each in came] == [1, 1]
    standing = line_standing(number)
    assert standing is not None
    assert "没有应答" in standing.reason
    assert relay_states(number)[0].owed == 1


def test_what_is_kept_apart_does_not_go_until_the_register_is_mended(tmp_path: Path) -> None:
    by = office()
    made = device()
    with above(answer_to) as (port, came):
        number = started(port, by)
        below = Below(tmp_path, number)
        below.receive(minute(1, PW="000000"), mark=Verdict.PASSWORD)
        below.receive(frame(2, "DataTime=20240620000000;a21026-Avg=1"))
        below.receive(minute(3, MN=OTHER), mark=Verdict.UNKNOWN)
        below.receive(wrap(body(4))[:-6] + b"1111\r\n", mark=Verdict.CHECK)
        below.receive(minute(5))
        below.relay.round()
        assert [qn_of(each.body) for each in came] == [5]
        device(OTHER)
        Device.objects.filter(pk=made.pk).update(password=sealed("000000"))
        changed(made)
        below.relay.round()
        below.relay.round()
    assert sorted(qn_of(each.body) for each in came) == [1, 3, 5]


def test_only_devices_of_the_units_that_are_named_and_of_the_place(tmp_path: Path) -> None:
    by = office()
    unit = Enterprise.objects.create(name="一厂", region_id=COUNTY, credit_code=CODE)
    device()
    device(OTHER, unit)
    with above(answer_to) as (port, came):
        number = started(port, by, units=CODE)
        below = Below(tmp_path, number)
        below.receive(frame(1), frame(2, MN=OTHER))
        below.relay.round()
        assert [qn_of(each.body) for each in came] == [2]
        higher.stop(number, by, "检修")
        below.receive(frame(3, "DataTime=20240520220000;a21026-Avg=1", MN=OTHER))
        assert below.relay.round() is False
        higher.start(number, by, "修好了")
        below.again()
        below.relay.round()
        assert [qn_of(each.body) for each in came] == [2, 3]
        higher.set_platform(number, COUNTY, told(port), by, "全报")
        order = higher.resend(number, "", date(2024, 5, 20), by, "省平台丢了数")
        below.relay.round()
        assert sorted(qn_of(each.body) for each in came[2:]) == [1, 2, 3]
        assert (ResendOrder.objects.get(pk=order).figures, below.relay.round()) == (3, True)
        assert len(came) == 5


def test_enciphered_as_the_edition_of_2025_asks(tmp_path: Path) -> None:
    by = office()
    device(key=sealed("31" * 16))
    secret = b"0123456789abcdef"
    (tmp_path / "two").mkdir()
    with server(tmp_path / "two", [profile(keys=[secret.hex()])]) as two:
        number = started(two.ports[0], by, edition="v2025", cipher="raw", key=secret.decode())
        below = Below(tmp_path, number)
        below.receive(wrap_enciphered(body(1, Flag=9), Key(b"1" * 16)))
        below.receive(frame(2, "DataTime=20240520220000;a21026-Avg=1"))
        below.relay.round()
        assert relay_states(number)[0].accepted == 2
    records = kept(tmp_path / "two" / "gateway")
    assert [each.mark for each in records] == [Verdict.KNOWN] * 2
    assert records[0].payload == wrap_enciphered(body(1, Flag=9), Key(secret))
    assert secret not in bytes(HigherPlatform.objects.get().key or b"")


def test_orders_from_above_are_refused_and_its_rate_is_kept(tmp_path: Path) -> None:
    by = office()
    device()
    asked = wrap(f"QN=20240520210700999;ST=31;CN=2061;PW=123456;MN={MN};Flag=5;CP=&&&&".encode())
    with above(lambda found: b"" if b"CN=9011" in found.body else answer_to(found) + asked) as (port, came):
        number = started(port, by, per_minute="600")
        below = Below(tmp_path, number)
        below.receive(*(minute(each) for each in range(4)))
        begun = datetime.now(UTC)
        below.relay.round()
        # Ten a second: the second of four may go at once, as what a busy machine was late with.
        assert datetime.now(UTC) - begun > timedelta(seconds=0.19)
        until(lambda: any(b"CN=9011" in each.body and b"QnRtn=2" in each.body for each in came))
    assert relay_states(number)[0].accepted == 4


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("register_url", "https://x"), ("register_url", "tcp://x"), ("register_url", "tcp://x:1/y"),
        ("edition", "v2005"), ("cipher", "raw"), ("key", "short"), ("aliases", "one"), ("per_minute", "0"),
        ("wait_s", "100"), ("resends", "x"), ("token", "a;b"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused_at_their_field(field: str, text: str) -> None:
    with pytest.raises(Refused) as caught:
        higher.set_platform(None, COUNTY, told(9, **{field: text}), office(), "", Above.FRAMES)
    assert (caught.value.code, caught.value.field) == ("MON-284", field)
