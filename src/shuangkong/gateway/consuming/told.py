"""设备消息: what a device tells beside readings: samples kept, instruments replaced, restarts, checks, logs, states.

Each is an event; what is told again and again (a state) is one a day for each thing that is said, counted. A heartbeat
says nothing and has no time: the consumer takes one a day of a device.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.times import local_time
from shuangkong.gateway.consuming.words import plain
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.protocols.hj212.message import Message
from shuangkong.readings.evidence import Record

_INFO, _SN = "-Info", "-SN"
_SECOND, _DAY = 1_000_000_000, 86_400
_LONGEST, _FACTOR, _NAME = 1 << 11, 12, 32
#: Bytes by which what is told again is known from what is told otherwise.
_DIGEST = 16
#: How often what is told again and again is passed on, seconds.
TELL_SECONDS = 60.0
#: Fields of a check against a standard sample, as the protocol spells them.
_CHECKED = ("SampleRd", "StandardValue", "ResultType")
#: Words of a command whose area holds settings: which of its names.
_SETTINGS = {"sampling_period": ("CstartTime", "Ctime"), "sample_out_time": ("Stime",)}
#: Second digit of the code of a field information.
_KINDS = {"1": "log", "2": "state", "3": "parameter"}


class Sort(StrEnum):
    """What is told; words of the register of messages."""

    SAMPLE = "sample"
    SERIAL = "serial"
    RESTART = "restart"
    CHECK = "check"
    LOG = "log"
    STATE = "state"
    PARAMETER = "parameter"
    HEARTBEAT = "heartbeat"


#: What is told again and again.
REPEATED = frozenset({Sort.STATE, Sort.PARAMETER, Sort.HEARTBEAT})


@dataclass(frozen=True, slots=True)
class DeviceTold:
    """One thing that a device told.

    Attributes:
        device, outlet: numbers; None: it spoke for none then.
        name: of the field as the protocol has it; ``text`` what it says.
        at: the time that the device gives it, ``received``: when it came; seconds since the epoch.
        key: the same for what is read twice, and within a day of the offices for what is told again.
        count: so often.
        mn: the device's number.
    """

    device: int
    outlet: int | None
    sort: Sort
    factor: str
    name: str
    text: str
    at: int
    received: int
    key: str
    segment: int
    offset: int
    count: int = 1
    mn: str = ""


class MessageDesk(Protocol):
    """Where it is kept. May wait for a database; what bears a key that is known is kept once."""

    def keep(self, told: Iterable[DeviceTold]) -> None: ...


class Reader:
    """Finds in single messages what they tell beside readings."""

    def __init__(self, codes: Codes, zone: ZoneInfo) -> None:
        self._zone = zone
        words = ("keep_sample", "instrument_id", "logger_start", "standard_check", "field_information", "heartbeat",
                 *_SETTINGS)  # fmt: skip
        self._words = {codes.cn(word): word for word in words}

    def read(self, message: Message, device: Device, at: int | None, record: Record) -> list[DeviceTold]:
        """What one message tells, in its order; nothing of commands that carry readings.

        Args:
            at: its time, seconds since the epoch, one that can be; None: it has none that can be used.
        """
        word = self._words.get(message.cn)
        if word is None:
            return []
        received = record.received // _SECOND
        then = received if at is None else at
        outlet, address = device.outlet_then(then), record.address
        made = []
        for place, (sort, factor, name, text) in enumerate(_parts(word, message)):
            # Within a day the same said again is the same; else each is of its own frame.
            key = f"{address.segment}/{address.offset}/{place}"
            if sort in REPEATED:
                key = f"{device.mn}/{sort}/{local_time(then, self._zone):%Y%m%d}/{_digest(factor, name, text)}"
            made.append(
                DeviceTold(device.id, outlet, sort, plain(factor, _FACTOR), plain(name, _NAME), plain(text, _LONGEST),
                           then, received, key, address.segment, address.offset, mn=device.mn)
            )  # fmt: skip
        return made


def _digest(*said: str) -> str:
    """Of all that was said, however long: two texts that differ are two."""
    return blake2b("\0".join(said).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()


def _parts(word: str, message: Message) -> Iterator[tuple[Sort, str, str, str]]:
    """(sort, factor, name, text) of each thing that a message tells."""
    factor = message.value("PolId")
    match word:
        case "heartbeat":
            yield Sort.HEARTBEAT, "", "", ""
        case "keep_sample":
            yield Sort.SAMPLE, "", "VaseNo", message.value("VaseNo")
        case "logger_start":
            yield Sort.RESTART, "", "RestartTime", message.value("RestartTime")
        case "instrument_id":
            for name, text in message.cp:
                if name.endswith(_SN):
                    yield Sort.SERIAL, name.removesuffix(_SN), "SN", text
        case "standard_check":
            yield from _checks(message)
        case "field_information":
            for name, text in message.cp:
                sort = _KINDS.get(name[2:3]) if name.endswith(_INFO) and name[:1] in "iI" else None
                if sort is not None:
                    yield Sort(sort), factor, name.removesuffix(_INFO).lower(), text
        case _:
            for name in _SETTINGS[word]:
                if text := message.value(name):
                    yield Sort.PARAMETER, factor, name, text


def _checks(message: Message) -> Iterator[tuple[Sort, str, str, str]]:
    """A check against a standard sample: of each factor what was found, what it should be, and its result."""
    by: dict[str, list[str]] = {}
    for name, text in message.cp:
        factor, dash, field = name.rpartition("-")
        if dash and field in _CHECKED:
            by.setdefault(factor, []).append(f"{field}={text}")
    for factor, said in by.items():
        yield Sort.CHECK, factor, "", ";".join(said)


def _counted(each: DeviceTold, before: DeviceTold | None) -> DeviceTold:
    return replace(each, count=each.count + before.count) if before else each


class Unkept(NamedTuple):
    """What the desk could not keep, and why: a fault of ours."""

    told: DeviceTold
    fault: Exception


class Messages:
    """Passes on what devices tell: events at once, what is told again and again once in a while.

    Args:
        down: faults of the desk that pass; by any other one thing is kept apart and holds up no other.
    """

    def __init__(self, desk: MessageDesk | None, down: tuple[type[Exception], ...]) -> None:
        self._desk, self._down = desk, down
        self._known: dict[str, int] = {}
        self._again: dict[str, DeviceTold] = {}
        self._told = 0.0

    def hear(self, told: Iterable[DeviceTold]) -> list[Unkept]:
        """What a batch told; what of it could not be kept. Raises ``down``: then the batch is begun again."""
        if self._desk is None:
            return []
        fresh: dict[str, DeviceTold] = {}
        again: dict[str, DeviceTold] = {}
        for each in told:
            (again if each.key in self._known or each.key in fresh else fresh)[each.key] = _counted(
                each, again.get(each.key) or self._again.get(each.key) if each.sort in REPEATED else None
            )
        unkept = self._keep(self._desk, list(fresh.values()))
        for lost in unkept:
            del fresh[lost.told.key]
            again.pop(lost.told.key, None)
        self._known |= {each.key: each.received // _DAY for each in fresh.values() if each.sort in REPEATED}
        self._again |= {key: each for key, each in again.items() if each.sort in REPEATED}
        return unkept

    def _keep(self, desk: MessageDesk, told: Sequence[DeviceTold]) -> list[Unkept]:
        """All at once; where that brings about a fault that is no door's, one by one."""
        if not told:
            return []
        try:
            desk.keep(told)
        except self._down:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it stays with what brought it about
            if len(told) == 1:
                return [Unkept(told[0], fault)]
            traceback.print_exception(fault)
            return [lost for each in told for lost in self._keep(desk, [each])]
        return []

    def see_to(self, now: float, *, is_last: bool = False) -> None:
        """Passes on what was told again, where it is time or the last time; forgets days that are over."""
        if self._desk is None or not (is_last or now - self._told >= TELL_SECONDS):
            return
        self._told = now
        # What is lost of it is a count: it was kept when it was told first.
        self._keep(self._desk, list(self._again.values()))
        self._again.clear()
        before = int(now) // _DAY - 1
        self._known = {key: day for key, day in self._known.items() if day >= before}
