"""Mutated messages of meters, energy users and buildings: no crash, no hang, bounded buffers; all are answered.

The inputs are chosen by what they reach (``mutation``). ``SHUANGKONG_FUZZ`` says how many.
"""

from __future__ import annotations

import faulthandler
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pymodbus.exceptions import ModbusException
from pymodbus.framer import FramerSocket
from pymodbus.pdu import DecodePDU, ExceptionResponse, ModbusPDU
from pymodbus.pdu.register_message import ReadHoldingRegistersResponse, ReadInputRegistersResponse

from mutation import Mutations, Reached, say, trials
from shuangkong.protocols import building, dlt645, modbus
from shuangkong.protocols.building import files
from shuangkong.protocols.building.messages import Heartbeat, Report, Sender, Shown, Validation
from shuangkong.protocols.building.packets import Packet, seal, unseal
from shuangkong.protocols.dlt645.registers import REGISTERS
from shuangkong.protocols.nhjc import Item, Profile, read_code
from shuangkong.protocols.nhjc.codes import Scope
from shuangkong.protocols.nhjc.messages import (
    Configuration,
    Every,
    Source,
    Upload,
    answer,
    is_accepted,
    read_configuration,
    read_data,
    write_data,
)
from shuangkong.protocols.nhjc.profile import ENCIPHERED

USUAL = 1_500
NOON = datetime(2026, 3, 4, 12)  # noqa: DTZ001 - messages carry local times
KEY, VECTOR = bytes(range(16)), bytes(16)
SENDER = Sender("1100001001", "01")
#: More than the longest frame, and than what a caller waits for beside it.
METER_BYTES, PACKET_CEILING = 270, 4096


class Counts:
    """What the readers found."""

    def __init__(self) -> None:
        self.found = 0


def meters(counts: Counts) -> Callable[[bytes, int], None]:
    def take(stream: bytes, step: int) -> None:
        finder, found = dlt645.Finder(), []
        for at in range(0, len(stream), step):
            found += finder.feed(stream[at : at + step])
            assert finder.waiting <= METER_BYTES
        for frame in found:
            counts.found += 1
            for edition in dlt645.Edition:
                assert isinstance(dlt645.read(frame, edition), dlt645.Answer | dlt645.Refusal)

    return take


def meter_lines() -> list[bytes]:
    asked = [dlt645.ask("000000000061", name, edition) for edition in dlt645.Edition for name in REGISTERS[edition]]
    shown = [
        dlt645.wrap("000000000061", 0x91, bytes.fromhex(each.identifier)[::-1] + bytes(8))
        for each in REGISTERS[dlt645.Edition.FOUR_BYTES].values()
    ]
    return [*asked[:6], *shown[:6], dlt645.wrap("000000000061", 0xD1, b"\x02")]


def mended_meter(data: bytes) -> bytes:
    return dlt645.wrap("000000000061", data[8] if len(data) > 8 else 0x91, data[10:-2][:200])


def modbus_lines(counts: Counts) -> Callable[[bytes, int], None]:
    """As the collector hears a meter: pymodbus finds and decodes frames, what it gives is read by our registers."""

    def take(stream: bytes, step: int) -> None:
        framer, waiting = FramerSocket(DecodePDU(is_server=False)), b""
        for at in range(0, len(stream), step):
            waiting += stream[at : at + step]
            if len(waiting) > framer.MAX_SIZE:
                waiting = b""
            try:
                while waiting and (found := framer.handleFrame(waiting, 0, 0))[0]:
                    waiting = waiting[found[0] :]
                    if found[1] is not None:
                        heard(found[1])
            except ModbusException:
                # The line is broken off, and the meter asked again over another.
                return

    def heard(pdu: ModbusPDU) -> None:
        counts.found += 1
        if pdu.isError():
            assert str(pdu)
            return
        for span in modbus.spans(STEAM):
            words = modbus.answered(span, pdu.function_code, pdu.registers)
            for each in STEAM if words is not None else ():
                value = modbus.read(each, words or {})
                assert value is None or value.is_finite()

    return take


STEAM = [
    modbus.Register(f"{coded}{order}", 8 * at + 2 * turn, coded, "1", order, Decimal("0.01"), is_input=turn == 1)
    for at, coded in enumerate(modbus.Coded)
    for turn, order in enumerate((modbus.Order.ABCD, modbus.Order.DCBA))
]


def modbus_streams() -> list[bytes]:
    answers = []
    for span in modbus.spans(STEAM):
        kind = ReadInputRegistersResponse if span.is_input else ReadHoldingRegistersResponse
        answers += [kind(registers=[number * 257 % 65_536 for number in range(span.count)]), ExceptionResponse(3, 2)]
    return [_modbus(bytes([each.function_code]) + each.encode()) for each in answers]


def _modbus(pdu: bytes) -> bytes:
    return b"\0\1\0\0" + (len(pdu) + 1).to_bytes(2, "big") + b"\1" + pdu


def mended_modbus(data: bytes) -> bytes:
    """Of the head the right length; of an answer the right count, where there is room."""
    function, words = data[7:8] or b"\3", data[9:250]
    return _modbus(function + bytes([len(words)]) + words)


def upload(counts: Counts, profile: Profile) -> Callable[[bytes, int], None]:
    def take(stream: bytes, _step: int) -> None:
        try:
            said = json.loads(stream)
        except (ValueError, RecursionError):
            return
        counts.found += 1
        told = read_data(said, profile)
        assert isinstance(told, Upload)
        assert isinstance(read_configuration(said), Configuration)
        assert answer(told.wrong)["responseCode"] in ("0", "1")
        is_accepted(said)

    return take


def uploads(profile: Profile) -> list[bytes]:
    code = read_code("00-00-0000-023300-10")
    assert code is not None
    items = [Item(code, Decimal("12.5"), every, NOON, Source.METER, Scope.PLANT, True) for every in Every]
    data = write_data("0" * 32, "91990000000000001X", items, profile, NOON)
    configuration = {"deviceId": "0" * 32, "enterpriseCode": "91990000000000001X", "collectItemConfig": [
        {"dataCode": code.dashed, "name": "电", "dataValueMax": "10", "dataValueMin": "0"},
        {"processCode": "00", "processUnitCode": "00", "equipmentCode": "0000", "energyClassCode": "02",
         "energyTypeCode": "3300", "dataUsageCode": "10"},
    ]}  # fmt: skip
    return [json.dumps(each, ensure_ascii=False).encode() for each in (data, configuration)]


def buildings(counts: Counts) -> Callable[[bytes, int], None]:
    def take(stream: bytes, step: int) -> None:
        finder, found = building.Finder(ceiling=PACKET_CEILING), []
        for at in range(0, len(stream), step):
            found += finder.feed(stream[at : at + step])
            assert finder.waiting <= PACKET_CEILING + step + 64
        for packet in found:
            counts.found += 1
            building.read(packet.body)
            opened = unseal(packet.body, KEY, VECTOR)
            building.read(opened or b"")
        building.read(stream)
        assert files.read_zip(stream) is not None
        assert files.read_xml(stream) is not None

    return take


def building_streams() -> list[bytes]:
    shown = tuple(Shown(str(number), "1", "01A", Decimal("1.5")) for number in range(3))
    messages = [
        building.write(each)
        for each in (
            Report(SENDER, "7", NOON, shown), Heartbeat(SENDER, "notify"), Validation(SENDER, "request"),
        )
    ]  # fmt: skip
    packets = [building.wrap(Packet(7, each)) for each in messages]
    packets.append(building.wrap(Packet(8, seal(messages[0], KEY, VECTOR) or b"")))
    return [*messages, *packets, ENERGY, _zip(messages[0]), _zip(ENERGY)]


ENERGY = b"""<root><data><Build id="110000A001"><EnergyItemHourResult><F_EnergyItemCode>01000</F_EnergyItemCode>
<F_StartHour>2026-03-04 12:00:00</F_StartHour><F_EndHour>2026-03-04 13:00:00</F_EndHour><F_HourValue>3.25</F_HourValue>
<F_State>1</F_State></EnergyItemHourResult></Build></data></root>"""


def mended_packet(data: bytes) -> bytes:
    return building.wrap(Packet(7, data[-3000:]))


def _zip(content: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as box:
        box.writestr("11000020260304Energy.xml", content)
    return out.getvalue()


PLAIN = Profile("p")
SEALED = replace(PLAIN, enciphered=ENCIPHERED, key=KEY)
XML = (
    b"<root>",
    b"</root>",
    b"<common>",
    b"<data>",
    b"<meter id='1'>",
    b"<function ",
    b"<!DOCTYPE r>",
    b"&a;",
    b"<?",
    b"]]>",
)
JSON = (b'"', b"[", b"]", b"{", b"}", b"null", b"true", b'"data"', b'"dataCode"', b"\\u0000", b"1e400", b"00-00-")


type Made = tuple[list[bytes], Callable[[bytes, int], None], tuple[bytes, ...], Callable[[bytes], bytes] | None, str]
_READERS: dict[str, Callable[[Counts], Made]] = {
    "dlt645": lambda counts: (
        meter_lines(),
        meters(counts),
        (b"\x68", b"\x16", b"\xfe" * 4, b"\x91\x08"),
        mended_meter,
        "dlt645",
    ),
    "modbus": lambda counts: (
        modbus_streams(),
        modbus_lines(counts),
        (b"\0\1\0\0\0", b"\3", b"\4", b"\x83\2", b"\x7f\x80\0\0", b"\x7f\xc0\0\0", b"\xff" * 4),
        mended_modbus,
        "modbus",
    ),
    "nhjc": lambda counts: (uploads(PLAIN), upload(counts, PLAIN), JSON, None, "nhjc"),
    "nhjc_sealed": lambda counts: (uploads(SEALED), upload(counts, SEALED), JSON, None, "nhjc"),
    "building": lambda counts: (building_streams(), buildings(counts), XML, mended_packet, "building"),
}


@pytest.mark.tried
@pytest.mark.parametrize("name", sorted(_READERS))
def test_mutated_messages(name: str) -> None:
    count, counts = trials(USUAL), Counts()
    corpus, take, tokens, mended, package = _READERS[name](counts)
    chance = random.Random() if count > 100_000 else random.Random(645)
    mutations = Mutations(corpus, chance, tokens, mended)
    with Reached(f"protocols/{package}") as reached:
        for number, stream in enumerate(mutations.streams(count, reached)):
            if number % 1_000 == 0:
                # A hang is told with where it hangs; nothing here takes a second.
                faulthandler.dump_traceback_later(120, exit=True)
            take(stream, chance.choice((1 << 20, 64, 7)))
            if number % 100_000 == 99_999:
                say(f"{name}: {number + 1:,} inputs, {counts.found:,} messages, {reached.found} places")
        faulthandler.cancel_dump_traceback_later()
    say(f"{name}: {count:,} mutated inputs, {counts.found:,} messages found, {len(mutations.corpus)} kept")
    assert len(mutations.corpus) > len(corpus), "nothing new was ever reached"
    assert counts.found > count // 20, "hardly a message got past the finder"
