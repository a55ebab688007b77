"""Data segments written: for a simulator, for a relay to a higher platform, and for the gateway's own answers and
orders.

What is written follows its edition; ``read`` of it gives the same items back (a round trip is tested).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.frame import LONGEST
from shuangkong.protocols.hj212.head import ACK, SPLIT
from shuangkong.protocols.hj212.message import Item, Message
from shuangkong.protocols.hj212.text import split_area

INTERACTION = "91"
"""System code of answers (table 5)."""

_TIME = "DataTime"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the data area; an empty ``qn`` is left out, as devices of the first edition do.

    Attributes:
        wants_answer: sets bit A.
        is_flagless: no Flag at all, as the first edition allows.
    """

    qn: str
    st: str
    cn: str
    pw: str
    mn: str
    edition: Edition = Edition.V2017
    wants_answer: bool = False
    is_resent: bool = False
    is_flagless: bool = False


def encode(head: Head, items: Iterable[Item] = (), *, packet: tuple[int, int] | None = None) -> bytes:
    """Returns a data segment.

    Args:
        items: the data area, item by item, pair by pair.
        packet: number of packets and number of this one, when it is split.
    """
    return encode_area(head, format_area(items), packet=packet)


def encode_area(head: Head, area: bytes, *, packet: tuple[int, int] | None = None) -> bytes:
    """Returns a data segment around a data area that is already written (or enciphered)."""
    flag = head.edition.bits + ACK * head.wants_answer + SPLIT * (packet is not None)
    parts = [f"QN={head.qn}"] if head.qn else []
    parts += [f"ST={head.st}", f"CN={head.cn}", f"PW={head.pw}", f"MN={head.mn}"]
    if not head.is_flagless:
        parts.append(f"Flag={flag}")
    if packet is not None:
        parts += [f"PNUM={packet[0]}", f"PNO={packet[1]}"]
    if head.is_resent and head.edition is Edition.V2025:
        parts.append("RF=1")
    return b"%b;CP=&&%b&&" % (";".join(parts).encode(), area)


def format_area(items: Iterable[Item]) -> bytes:
    """Returns a data area in UTF-8."""
    return ";".join(",".join(_pair(name, value) for name, value in item) for item in items).encode()


def _pair(name: str, value: str) -> str:
    return f"{name}={value}" if name else value


def encode_split(head: Head, items: Sequence[Item], qns: Iterator[str], longest: int = LONGEST) -> list[bytes]:
    """Returns the data segments of a message, split between items when one would not hold it.

    Args:
        items: a DataTime that stands first is told in each packet.
        qns: a request number for each packet (C.49: each has its own); taken only when the message is split.
        longest: bytes that a segment may have. An item that does not fit alone gets a longer segment all the same.
    """
    whole = encode(head, items)
    if len(whole) <= longest:
        return [whole]
    leads = bool(items and items[0] and items[0][0][0] == _TIME)
    lead = format_area(items[:1]) if leads else b""
    return _packets(head, lead, [format_area([item]) for item in items[leads:]], qns, longest)


def encode_area_split(head: Head, area: bytes, qns: Iterator[str], longest: int = LONGEST) -> list[bytes]:
    """As ``encode_split``, of a data area that is already written, in UTF-8.

    What stands between two separators stays as it is; the area's DataTime goes first in each packet.
    """
    whole = encode_area(head, area)
    if len(whole) <= longest:
        return [whole]
    pieces = [pair.encode() for item in split_area(area.decode(), ";") for pair in _timed(item) if pair]
    lead = next((each for each in pieces if each.startswith(b"%s=" % _TIME.encode())), b"")
    rest = [each for each in pieces if each is not lead]
    found = _packets(head, lead, rest, qns, longest)
    return found if len(found) > 1 else [whole]


def _timed(item: str) -> list[str]:
    """An item with its DataTime, where it begins with one, apart: some devices write a comma behind it."""
    first, _, others = item.partition(",")
    return [first, others] if first.startswith(f"{_TIME}=") else [item]


def _packets(head: Head, lead: bytes, pieces: Sequence[bytes], qns: Iterator[str], longest: int) -> list[bytes]:
    """``pieces`` in as many segments as they need, each of which begins with ``lead``."""
    room = longest - len(encode_area(head, lead, packet=(9999, 9999))) - 1
    packets: list[list[bytes]] = [[]]
    used = 0
    for piece in pieces:
        size = len(piece) + 1
        if packets[-1] and used + size > room:
            packets.append([])
            used = 0
        packets[-1].append(piece)
        used += size
    heads = [_numbered(head, next(qns)) for _ in packets]
    return [
        encode_area(each, b";".join([lead, *packet] if lead else packet), packet=(len(packets), number))
        for number, (each, packet) in enumerate(zip(heads, packets, strict=True), start=1)
    ]


def _numbered(head: Head, qn: str) -> Head:
    return Head(qn, head.st, head.cn, head.pw, head.mn, head.edition, head.wants_answer, head.is_resent)


def answer(message: Message, cn: str, items: Iterable[Item] = (), *, pw: str | None = None) -> bytes:
    """Returns the answer to ``message``: its request number, the system of interactions, no bit A.

    Args:
        cn: code of the answer (of data, of a notice, of a request, of a result).
        items: ``QnRtn`` or ``ExeRtn``; empty for data and notices.
        pw: another password than the message's own.
    """
    # The answer to a device without Flag carries the plain flag of its edition: it may count on the field.
    head = Head(
        qn=message.qn,
        st=INTERACTION,
        cn=cn,
        pw=message.pw if pw is None else pw,
        mn=message.mn,
        edition=message.edition,
    )
    return encode(head, items)
