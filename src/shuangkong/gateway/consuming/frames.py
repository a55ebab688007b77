"""日志里的报文: records of the log → data segments in clear that may be read, the rest kept apart or passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from shuangkong.gateway.consuming.apart import Apart, Sort, Why
from shuangkong.gateway.consuming.device import Device
from shuangkong.gateway.consuming.keeping import DAY_BYTES, Mark
from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.listening.deciphering import opened
from shuangkong.gateway.listening.head import head_of
from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.readings.evidence import Address, Damage, Kind, Record

_FRAME, _NOISE, _KNOWN = int(Kind.FRAME), int(Kind.NOISE), int(Verdict.KNOWN)
#: Bytes of a frame around its data segment.
_FRAMING = 12
#: Four digits of a length → how long the frame is.
_LENGTHS = {b"%04d" % length: length + _FRAMING for length in range(10_000)}
_TIME = b"DataTime="
_TIME_BYTES = len(_TIME)
_OPENS = b"CP="
_HASH_BYTES, _QN_BYTES, _TIME_DIGITS = 12, 20, 14
#: How many heads and days are kept.
_MOST = 100_000
#: Ordinal of the day that receipt times count from.
_EPOCH = 719_163


class SentHead(NamedTuple):
    """What a head says, its request number apart: ``sender`` is device, system, command and packet."""

    mn: str
    password: str
    sender: bytes


@dataclass(slots=True)
class Frames:
    """Frames of a batch that may be read; the lists go together.

    Attributes:
        bodies: data segments in clear.
        records: where each lies.
        devices: of whom.
        marks: what makes each the same as another.
    """

    bodies: list[bytes] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def take(self, others: Frames) -> None:
        """These too."""
        self.bodies += others.bodies
        self.records += others.records
        self.devices += others.devices
        self.marks += others.marks


def frames_of(
    records: Sequence[Record | Damage],
    devices: Mapping[str, Device],
    apart: Apart,
    only: Mapping[str, Address] | None = None,
) -> Frames:
    """The frames of known devices; the others go to ``apart``.

    Args:
        only: devices' numbers and from where on each is read; all other frames are passed over.
    """
    told = Frames()
    add_body, add_record = told.bodies.append, told.records.append
    add_device, add_mark = told.devices.append, told.marks.append
    for record in records:
        if isinstance(record, Damage):
            apart.add(
                Why("", Sort.BROKEN), record,
                f"日志有 {record.length} 字节损坏，其中的报文读不出。请核对磁盘。",
                f"{record.length} bytes of the log are damaged; the frames in them cannot be read. See to the disk.",
            )  # fmt: skip
            continue
        if record.kind != _FRAME:
            if record.kind == _NOISE and only is None and record.payload.strip():
                _keep_noise(apart, record)
            continue
        raw = record.payload
        found = None
        if _LENGTHS.get(raw[2:6]) == len(raw):
            body = raw[6:-6]
        else:
            found = _found(raw)
            body = b"" if found is None else found.body
        opens = body.find(_OPENS)
        head = _head(body, opens)
        mn = head.mn
        if only is not None and (mn not in only or record.address < only[mn]):
            continue
        device = devices.get(mn)
        if device is None:
            _keep_stranger(apart, record, mn)
            continue
        if record.mark != _KNOWN or device.keys:
            # What the listener did not take, or what is enciphered, is judged by the entry of today.
            found = found or _found(raw)
            clear = None if found is None else _clear(found, device)
            if clear is None:
                _keep_check(apart, record, mn, found)
                continue
            body = clear
        if device.password and head.password != device.password:
            apart.add(
                Why(mn, Sort.PASSWORD), record,
                "报文的访问密码与登记的不符。请核对设备的密码，或改正登记。",
                "The password of the frame is not the registered one. See to the device or correct its entry.",
            )  # fmt: skip
            continue
        add_body(body)
        add_record(record)
        add_device(device)
        add_mark(_mark(body, opens, head, record.received))
    return told


def once(frames: Frames, taken: set[int], seen: set[bytes]) -> Frames:
    """The frames whose places are not ``taken`` and whose keys are not ``seen``, each once; then they are seen."""
    keys = {mark.key for mark in frames.marks}
    if not taken and len(keys) == len(frames.marks) and keys.isdisjoint(seen):
        seen |= keys
        return frames
    told = Frames()
    for place, mark in enumerate(frames.marks):
        if place not in taken and mark.key not in seen:
            seen.add(mark.key)
            told.bodies.append(frames.bodies[place])
            told.records.append(frames.records[place])
            told.devices.append(frames.devices[place])
            told.marks.append(mark)
    return told


def _found(raw: bytes) -> Found | None:
    """The frame in the bytes of a record; None where there is none."""
    finder = Finder()
    return next((each for each in (*finder.feed(raw), *finder.rest()) if isinstance(each, Found)), None)


def _clear(found: Found, device: Device) -> bytes | None:
    # The keys come first: one enciphered frame in 256 bears by chance a check value that fits as it stands.
    clear = opened(found, device.keys)
    if clear is not None:
        return clear.body
    return found.body if found.fits(device.variants) else None


def _keep_stranger(apart: Apart, record: Record, mn: str) -> None:
    if mn:
        zh = "设备没有登记，报文原样保留。登记设备后自动读入。"
        en = "The device is not registered; its frames are kept as they came and read once it is."
        apart.add(Why(mn, Sort.DEVICE), record, zh, en)
    else:
        zh, en = "报文没有设备标识 MN，原样保留。", "The frame names no device; it is kept as it came."
        apart.add(Why("", Sort.BROKEN), record, zh, en)


def _keep_noise(apart: Apart, record: Record) -> None:
    zh = f"收到不成报文的内容（半截报文或乱码）{len(record.payload)} 字节，原样保留，没有应答。请核对设备和线路。"
    en = f"{len(record.payload)} bytes that are no frame (half of one, or garbage) are kept as they came, unanswered."
    apart.add(Why("", Sort.BROKEN), record, zh, en)


def _keep_check(apart: Apart, record: Record, mn: str, found: Found | None) -> None:
    fits = found.variant if found is not None else ""
    zh = f"校验码与登记的算法不符，相符的算法：{fits or '没有'}。请核对设备，或在登记中改正算法、密钥。"
    en = f"The check value is not by the registered rule; it fits {fits or 'none'}. See to the device, or its entry."
    apart.add(Why(mn, Sort.CHECK), record, zh, en)


_HEADS: dict[bytes, SentHead] = {}
_made = tuple.__new__


def _head(body: bytes, opens: int) -> SentHead:
    """The head of a data segment whose data area begins at ``opens``; a device's heads differ in the QN alone."""
    start = _QN_BYTES if body[:3] == b"QN=" and body[_QN_BYTES : _QN_BYTES + 1] == b";" else 0
    told = body[start:opens]
    known = _HEADS.get(told)
    if known is None:
        head = head_of(body)
        packet = told.partition(b"PNO=")[2].partition(b";")[0]
        known = SentHead(
            head.mn.decode("utf-8", "replace"),
            # Each other byte is another sign: none is taken for a password's that it is not.
            head.pw.decode("utf-8", "surrogateescape"),
            b"%b;%b;%b;%b;" % (head.mn, head.st, head.cn, packet),
        )
        if len(_HEADS) >= _MOST:
            _HEADS.clear()
        _HEADS[told] = known
    return known


def _mark(body: bytes, opens: int, head: SentHead, received: int) -> Mark:
    """Day of the period, and a digest of what makes the frame what it is: a resend has another QN, and may have RF."""
    sender, area = head.sender, body[opens:]
    begins = area.find(_TIME)
    time = area[begins + _TIME_BYTES : begins + _TIME_BYTES + _TIME_DIGITS] if begins >= 0 else b""
    day = _DAYS.get(time)
    if day is None:
        time = time if time.isdigit() and len(time) == _TIME_DIGITS else b""
        day = _day(time, received)
    # Not by its own constructor: that is half of what a frame costs here.
    return _made(Mark, (day + blake2b(sender + area, digest_size=_HASH_BYTES).digest(), sender, time))


#: Fourteen digits of a time that was there before → the first bytes of a key.
_DAYS: dict[bytes, bytes] = {}


def _day(time: bytes, received: int) -> bytes:
    """The first bytes of a key: the day of a time of fourteen digits; where it is none, that of the receipt."""
    try:
        day = date(int(time[:4]), int(time[4:6]), int(time[6:8])).toordinal().to_bytes(DAY_BYTES)
    except ValueError:
        return (_EPOCH + received // 86_400_000_000_000).to_bytes(DAY_BYTES)
    if len(_DAYS) >= _MOST:
        _DAYS.clear()
    _DAYS[time] = day
    return day
