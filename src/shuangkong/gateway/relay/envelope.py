"""封套: what a device told, written anew as the platform above knows the device.

The data area goes on as the device sent it, under the names that it used (texts of old devices in UTF-8); the head is
ours: number and password that the platform above knows, its edition, an answer wanted. The request number stays the
device's, so that whoever looks for a frame finds it on both sides; one that sent none gets one of the receipt.
What one segment would not hold (HJ 212-2017 6.3.1) goes in packets, the first under the device's request number, each
other under the next (C.49); one that says it is the only packet of its message, too. One of several packets of a
device's own goes as it is: the others bear numbers that it would have to change. What is longer than a segment all the
same, such a packet or a single long item, goes so, and is told (``overlong``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.filing import AHEAD
from shuangkong.gateway.relay.plan import RelayPlan
from shuangkong.protocols.hj212.codes import Codes, Edition
from shuangkong.protocols.hj212.encode import Head, encode_area, encode_area_split
from shuangkong.protocols.hj212.frame import LONGEST, wrap
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.sm4 import Key, covers, wrap_enciphered
from shuangkong.protocols.hj212.text import decode_area
from shuangkong.protocols.hj212.times import format_qn, format_time, parse_qn
from shuangkong.readings.evidence import Record

#: What begins codes of initialisation: times, intervals and keys are between a device and its own platform.
_INITIALISATION = "1"
#: Bytes of a data segment that the four digits of a frame's length can say.
_LENGTH_SAYS = 9_999


class TooLong(ValueError):
    """A data segment is longer than a frame can say; the message is for the operator."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A frame that is to go on, before it is put into its envelope.

    Attributes:
        mn, device: number of the device in frames, and of the register.
        time: fourteen digits of its period, "" for none; with ``cn`` what people know the frame by.
        packet: number of packets and number of this one.
    """

    mn: str
    device: int
    qn: str
    st: str
    cn: str
    pw: str
    edition: Edition
    area: bytes
    time: str = ""
    packet: tuple[int, int] | None = None


def letter_of(
    body: bytes,
    record: Record,
    device: Device,
    outlets: Collection[int],
    codes: Codes,
    zone: ZoneInfo,
    since: float = 0,
) -> Letter | None:
    """What of a frame goes on; None: nothing does. ``since``: seconds since the epoch from which on data go.

    Only what a device uploads goes: no answers to orders of ours, no notices, no settings. What is kept apart for its
    time does not go, nor what the device told while it spoke for none of ``outlets``.
    """
    message = read(body, codes)
    command = codes.commands.get(message.cn)
    if command is None or command.from_field != "upload" or message.cn.startswith(_INITIALISATION):
        return None
    received = record.received / 1e9
    at = received
    if message.data_time is not None:
        at = message.data_time.replace(tzinfo=zone).timestamp()
    elif message.period and not message.is_split:
        return None
    if not since <= at <= received + AHEAD or device.outlet_then(int(at)) not in outlets:
        return None
    packet = (message.pnum, message.pno) if message.pnum is not None and message.pno is not None else None
    return Letter(
        device.mn, device.id, _qn(message, received, zone), message.st, message.cn, message.pw, message.edition,
        _area(message), format_time(message.data_time) if message.data_time else "", packet,
    )  # fmt: skip


def frames_of(letter: Letter, plan: RelayPlan, own_key: bytes, codes: Codes, *, is_resent: bool) -> dict[str, bytes]:
    """Request number → the frame as it goes, in order; more than one where one would be too long.

    Raises:
        TooLong: a data segment is longer than a frame can say.
        ValueError: it has to be enciphered and there is no key.
    """
    edition = plan.edition or letter.edition
    head = Head(
        letter.qn, letter.st, letter.cn, plan.password or letter.pw, plan.aliases.get(letter.mn, letter.mn), edition,
        wants_answer=True, is_resent=is_resent,
    )  # fmt: skip
    bodies = _bodies(head, letter)
    if len(longest := max(bodies, key=len)) > _LENGTH_SAYS:
        raise TooLong(
            f"数据段 {len(longest):,} 字节，不能再拆；报文的长度字段最多说 {_LENGTH_SAYS:,}。请在设备上改。"
            f"A segment of {len(longest):,} bytes that cannot be split; a frame says at most {_LENGTH_SAYS:,}."
        )
    if plan.cipher is not None and covers(letter.cn, codes):
        key = Key(plan.key or own_key)
        frames = [wrap_enciphered(each, key, plan.cipher) for each in bodies]
    else:
        frames = [wrap(each) for each in bodies]
    return dict(zip(_numbers(letter.qn), frames, strict=False))


def _bodies(head: Head, letter: Letter) -> list[bytes]:
    if letter.packet is not None:
        own = encode_area(head, letter.area, packet=letter.packet)
        if len(own) <= LONGEST or letter.packet[0] > 1:
            return [own]
    return encode_area_split(head, letter.area, _numbers(letter.qn))


def overlong(frames: Iterable[bytes]) -> int:
    """Bytes of the longest data segment of these frames where it is longer than the standard allows; 0: none is.

    The length in a frame's head counts: of an enciphered one it is that of the plain text (HJ 212-2025 6.4).
    """
    longest = max((int(each[2:6]) for each in frames), default=0)
    return longest if longest > LONGEST else 0


def _numbers(qn: str) -> Iterator[str]:
    """A request number and those after it, a millisecond apart; at the end of the calendar those before it."""
    first = parse_qn(qn)
    if first is None:
        raise ValueError(f"{qn}: expected a request number of seventeen digits")
    ahead = 1 if first.year < MAXYEAR else -1
    return (format_qn(first + timedelta(milliseconds=ahead * number)) for number in count())


def _qn(message: Message, received: float, zone: ZoneInfo) -> str:
    if parse_qn(message.qn) is not None:
        return message.qn
    return format_qn(datetime.fromtimestamp(received, UTC).astimezone(zone))


def _area(message: Message) -> bytes:
    """In UTF-8, whatever the device's own."""
    return message.content if message.content.isascii() else decode_area(message.content, {}).encode()
