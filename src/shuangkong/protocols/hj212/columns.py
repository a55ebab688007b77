"""Many data segments read at once into columns: what a consumer of the evidence log uses.

A device sends the same shape again and again: the same names in the same order with other figures. A shape seen twice
is kept as one pattern that takes the figures out of a segment in one step; whatever does not fit a kept shape exactly
– a missing figure, an odd number, a packet of a split message, an answer – is read by ``message.read`` instead.

Contract::

    reader = BulkReader(codes)              # one per consumer; keeps shapes between calls, bounded
    bulk = reader.read(bodies)              # data segments, deciphered where they were enciphered
    for block in bulk.blocks:               # frames of one shape
        block.shape.columns                 # k columns: code, sent_code, field, stat, unit, flag
        block.frames                        # (n,) int64: place of each frame in ``bodies``
        block.senders                       # n senders: mn, st, cn, edition, period, habits of the head
        block.at                            # (n,) datetime64[s], DataTime in the field machine's own zone
        block.values                        # (n, k) float64; NaN: "could not be converted" (2025 edition)
    for frame, message in bulk.rest:        # everything else, as ``message.read`` gives it
        ...

Every body is in exactly one block row or in ``rest``. A block holds the same readings as ``message.read`` of its
bodies, in the same order: same code, field, flag and unit, and ``float`` of the same value. Look points and unit
factors up once per (sender, shape), not per value: both are kept objects, equal by identity while the reader lives.
Habits of a row are those of its sender and its shape; whether QN is a time is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import FLAG, STATS, Codes, Edition
from shuangkong.protocols.hj212.gathering import Gathered, floats, times
from shuangkong.protocols.hj212.message import Message, read

_SENDERS, _SHAPES, _SEEN = 65_536, 4_096, 65_536
#: One of the forms that ``message.read`` takes, written so that it is found without turning back: half of the time.
_FIGURE = rb"([-+\d]\d{0,14}+\.?+\d{0,15}+(?<=\d))"
_FIGURES = re.compile(rb"=[+-]?\d{1,15}(?:\.\d{1,15})?(?=[;,&])")
_PAIR = re.compile(rb"([A-Za-z0-9]{1,24})-([A-Za-z]{1,12})=([A-Z0])")
_OPENS, _LEAD, _CLOSES = b"CP=&&", b"CP=&&DataTime=", b"&&"
_QN, _QN_BYTES, _SEPARATOR = b"QN=", 20, ord(";")

type Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of a shape; see ``message.Reading``."""

    code: str
    sent_code: str
    field: str
    stat: str
    unit: str
    flag: str


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Names and flags of a data area, and the pattern that takes its time and figures out."""

    columns: tuple[Column, ...]
    habits: tuple[str, ...]
    pattern: re.Pattern[bytes] = field(repr=False)
    lines: re.Pattern[bytes] = field(repr=False)
    """The same for many data areas, a line each."""
    ceilings: tuple[tuple[int, float], ...] = ()
    """Columns whose value stands for "could not be converted" when it is this one."""


@dataclass(slots=True, eq=False)
class Sender:
    """The head of a data segment, request number apart: one device and command."""

    mn: str
    st: str
    cn: str
    edition: Edition
    flag: int | None
    period: str
    is_resent: bool
    habits: tuple[str, ...]
    last: Shape | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Frames of one shape: n rows, k columns."""

    shape: Shape
    frames: npt.NDArray[np.int64]
    senders: Sequence[Sender]
    at: npt.NDArray[np.datetime64]
    values: Floats


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of the bodies of one call."""

    blocks: tuple[Block, ...]
    rest: tuple[tuple[int, Message], ...]


class BulkReader:
    """Reads data segments in bulk; keeps what it learned of senders and shapes, at most some ten thousand of each."""

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._flags = frozenset(flag.encode() for flag in codes.flags)
        self._senders: dict[bytes, Sender] = {}
        self._shapes: dict[tuple[bytes, str, Edition], Shape | None] = {}
        self._seen: set[int] = set()

    def read(self, bodies: Sequence[bytes]) -> Bulk:
        """Reads ``bodies``; see the contract above."""
        gathered: dict[Shape, Gathered[Sender]] = {}
        odd: list[tuple[int, bytes]] = []
        known = self._senders.get
        for at, body in enumerate(bodies):
            opens = body.find(_OPENS)
            sender = known(_sender_key(body, opens))
            shape = sender.last if sender is not None else None
            if sender is None or shape is None:
                learned = self._learn(body, opens)
                if learned is None:
                    odd.append((at, body))
                    continue
                sender, shape, _ = learned
            rows = gathered.get(shape)
            if rows is None:
                rows = gathered[shape] = Gathered()
            rows.frames.append(at)
            rows.senders.append(sender)
            rows.areas.append(body[opens:])
        others = [each for shape, rows in gathered.items() for each in rows.match(shape.pattern, shape.lines)]
        for at in others:
            # Not of the shape that its sender had last.
            body = bodies[at]
            learned = self._learn(body, body.find(_OPENS))
            if learned is None:
                odd.append((at, body))
                continue
            sender, shape, found = learned
            gathered.setdefault(shape, Gathered()).add(at, sender, found.groups())
        blocks = tuple(_block(shape, rows, bodies, odd) for shape, rows in gathered.items() if rows.frames)
        rest = tuple((at, read(body, self._codes)) for at, body in sorted(odd))
        return Bulk(tuple(block for block in blocks if len(block.frames)), rest)

    def _learn(self, body: bytes, opens: int) -> tuple[Sender, Shape, re.Match[bytes]] | None:
        """Finds or makes the sender and shape of a body that its sender's last shape does not fit; None: read it
        singly.
        """
        key = _sender_key(body, opens)
        if not key:
            return None
        sender = self._senders.get(key) or self._sender(key, body[:opens])
        if sender is None or not sender.period:
            return None
        kind = (_FIGURES.sub(b"=0", body[opens:]), sender.st, sender.edition)
        if kind not in self._shapes:
            if hash(kind) not in self._seen:
                # What was sent once may never come again: a pattern costs as much as reading some fifty bodies.
                if len(self._seen) >= _SEEN:
                    self._seen.clear()
                self._seen.add(hash(kind))
                return None
            if len(self._shapes) >= _SHAPES:
                self._shapes.clear()
            self._shapes[kind] = self._shape(kind[0], body, sender)
        shape = self._shapes[kind]
        found = shape.pattern.fullmatch(body, opens) if shape is not None else None
        if shape is None or found is None:
            return None
        sender.last = shape
        return sender, shape, found

    def _sender(self, key: bytes, head: bytes) -> Sender | None:
        message = read(head + _OPENS + _CLOSES, self._codes)
        if len(self._senders) >= _SENDERS:
            self._senders.clear()
        sender = self._senders[key] = Sender(
            mn=message.mn,
            st=message.st,
            cn=message.cn,
            edition=message.edition,
            flag=message.flag,
            # Packets of a split message are put together first, see ``packets``.
            period=message.period if message.pnum is None and message.pno is None else "",
            is_resent=message.is_resent,
            habits=tuple(habit for habit in message.habits if habit != habits.QN_ODD),
        )
        return sender

    def _shape(self, skeleton: bytes, body: bytes, sender: Sender) -> Shape | None:
        """The shape of ``skeleton``, of which ``body`` is an example; None where it is not plain."""
        pattern = self._pattern(skeleton)
        if pattern is None:
            return None
        message = read(body, self._codes)
        if pattern.groups != len(message.readings) + 1:
            return None
        lines = re.compile(rb"(?m)^" + pattern.pattern + rb"\n")
        columns = tuple(
            Column(each.code, each.sent_code, each.field, each.stat, each.unit, each.flag) for each in message.readings
        )
        factors = [self._codes.factor(column.sent_code, sender.st) for column in columns]
        may_stand_in = sender.edition is Edition.V2025
        ceilings = tuple(
            (at, float(factor.ceiling))
            for at, (column, factor) in enumerate(zip(columns, factors, strict=True))
            if may_stand_in and column.field.startswith("Zs") and factor is not None and factor.ceiling is not None
        )
        own = {*sender.habits, habits.QN_ODD, habits.TIME_ODD, habits.SENTINEL}
        return Shape(columns, tuple(habit for habit in message.habits if habit not in own), pattern, lines, ceilings)

    def _pattern(self, skeleton: bytes) -> re.Pattern[bytes] | None:
        lead = _LEAD + b"0;"
        if not (skeleton.startswith(lead) and skeleton.endswith(_CLOSES)):
            return None
        told: set[bytes] = set()
        items = []
        for item in skeleton[len(lead) : -len(_CLOSES)].split(b";"):
            pairs = []
            for pair in item.split(b","):
                found = _PAIR.fullmatch(pair)
                if found is None or found[1] + b"-" + found[2] in told:
                    return None
                name, value = found[2].decode(), found[3]
                is_flag = name == FLAG and value in self._flags
                if not (is_flag or (name in STATS and value == b"0")):
                    return None
                told.add(found[1] + b"-" + found[2])
                pairs.append(re.escape(pair) if is_flag else re.escape(pair[:-1]) + _FIGURE)
            items.append(b",".join(pairs))
        return re.compile(re.escape(_LEAD) + rb"(\d{14});" + b";".join(items) + _CLOSES)


def _sender_key(body: bytes, opens: int) -> bytes:
    """The head without its request number; empty where the body is none of a plain kind."""
    if opens <= 0:
        return b""
    if body.startswith(_QN):
        if opens > _QN_BYTES and body[_QN_BYTES] == _SEPARATOR and body[3:_QN_BYTES].isdigit():
            return body[_QN_BYTES:opens]
        return b""
    return body[:opens]


def _block(shape: Shape, rows: Gathered[Sender], bodies: Sequence[bytes], odd: list[tuple[int, bytes]]) -> Block:
    """The rows of ``shape``; those whose time is no time go to ``odd``."""
    count, width = len(rows.frames), len(shape.columns) + 1
    flat = floats(list(chain.from_iterable(rows.figures))).reshape(count, width)
    at, is_time = times(flat[:, 0].astype(np.int64))
    frames, values, senders = np.array(rows.frames, np.int64), flat[:, 1:], rows.senders
    if not is_time.all():
        odd.extend((rows.frames[row], bodies[rows.frames[row]]) for row in np.flatnonzero(~is_time))
        frames, values, at = frames[is_time], values[is_time], at[is_time]
        senders = [sender for sender, is_good in zip(senders, is_time, strict=True) if is_good]
    for column, ceiling in shape.ceilings:
        values[values[:, column] == ceiling, column] = np.nan
    return Block(shape, frames, senders, at, values)
