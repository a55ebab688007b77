"""One data segment read: who sends what about when, and its readings under the present factor codes.

Reading never fails. What is not as the standard has it is told in ``habits``; what cannot be read stays in ``items`` as
it was sent. Codes of the 2005 edition are renamed; their unit is that of their edition, so the reader must convert by
``unit``, not by the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import FLAG, LEVELS, OWN_NAMES, STATS, TEXTS, Codes, Edition, Factor
from shuangkong.protocols.hj212.head import ACK, SentHead, edition_of, integer, judge_head, read_head
from shuangkong.protocols.hj212.text import decode_area, is_clear, split_area
from shuangkong.protocols.hj212.times import parse_time

type Item = tuple[tuple[str, str], ...]
"""What stands between two semicolons of a data area: pairs of name and value; the name is empty where there was no =.
"""

_OPENS, _CLOSES = b"CP=&&", b"&&"
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_DIGITS = 40
_FIELDS = {name.lower(): name for name in (*STATS, *TEXTS, FLAG)}


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure or word of a data area.

    Attributes:
        code: present code of the factor; the sent one where the tables have none.
        sent_code: as sent.
        field: ``Avg``, ``Rtd``, ``Cou``, … in the standard's spelling; see ``codes.STATS`` for its statistic.
        value: the figure; None where it is empty, no number, or stands for "could not be converted".
        flag: data flag of its factor (N normal, …); empty where none was sent.
        unit: that which the code table gives to ``sent_code``; ``-`` without dimension, empty where the device must be
            asked or there is none.
        text: as sent.
    """

    code: str
    sent_code: str
    field: str
    value: Decimal | None
    flag: str
    unit: str
    text: str

    @property
    def stat(self) -> str:
        """Statistic as readings are kept (``avg``, ``zs_avg``, …); empty for words."""
        return STATS.get(self.field, "")


@dataclass(frozen=True, slots=True)
class Message:
    """One data segment. Text is as sent; ``flag``, ``pnum``, ``pno`` are None where absent or unreadable.

    Attributes:
        items: the data area in order; ``cp`` has its pairs one after another.
        period: ``rtd``, ``minute``, ``hour`` or ``day`` where its command carries readings, else empty.
        data_time: DataTime in the field machine's own zone: start of the period, or the instant of a real-time value.
        is_resent: marked as sent again (RF of the 2025 edition).
        content: the data area as received, in clear.
        habits: names from ``habits``, each once.
    """

    edition: Edition
    st: str
    cn: str
    qn: str
    pw: str
    mn: str
    flag: int | None
    pnum: int | None
    pno: int | None
    items: tuple[Item, ...]
    readings: tuple[Reading, ...]
    habits: tuple[str, ...]
    period: str = ""
    data_time: datetime | None = None
    is_resent: bool = False
    content: bytes = field(default=b"", repr=False)

    @property
    def cp(self) -> tuple[tuple[str, str], ...]:
        """Pairs of name and value of the data area, in order."""
        return tuple(pair for item in self.items for pair in item)

    def value(self, name: str) -> str:
        """The first value of a name of the data area, whatever its case; empty where there is none."""
        wanted = name.lower()
        return next((value for each, value in self.cp if each.lower() == wanted), "")

    @property
    def wants_answer(self) -> bool:
        """Whether the sender asks for an answer (bit A)."""
        return self.flag is not None and bool(self.flag & ACK)

    @property
    def is_split(self) -> bool:
        """Whether it is one of several packets."""
        return self.pnum is not None and self.pno is not None and (self.pnum > 1 or self.pno > 1)


def read(body: bytes, codes: Codes) -> Message:
    """Reads one data segment, deciphered where its area was enciphered (see ``sm4``)."""
    seen: dict[str, None] = {}
    at = body.find(_OPENS)
    if at >= 0:
        head_bytes, content = body[:at], body[at + len(_OPENS) :]
        if content.endswith(_CLOSES):
            content = content[: -len(_CLOSES)]
        else:
            seen[habits.CP_OPEN] = None
    else:
        seen[habits.CP_OPEN] = None
        head_bytes, _, content = body.partition(b"CP=")
        content = content.strip(b"&")
    head = read_head(head_bytes, seen)
    return _message(head, content, codes, seen)


def _message(head: SentHead, content: bytes, codes: Codes, seen: dict[str, None]) -> Message:
    values = head.values
    edition, flag = edition_of(values, seen)
    if content and edition is Edition.V2025 and not is_clear(content):
        # No key has opened it: the area is kept, and nothing of it is guessed at.
        seen[habits.ENCIPHERED] = None
        items: tuple[Item, ...] = ()
    else:
        items = _items(content, seen)
    cn, qn = values.get("CN", ""), values.get("QN", "")
    period = judge_head(values, head.order, edition, flag, codes, seen)
    readings = tuple(_readings(items, codes, edition, values.get("ST", ""), seen))
    return Message(
        edition=edition,
        st=values.get("ST", ""),
        cn=cn,
        qn=qn,
        pw=values.get("PW", ""),
        mn=values.get("MN", ""),
        flag=flag,
        pnum=integer(values.get("PNUM", "")),
        pno=integer(values.get("PNO", "")),
        items=items,
        readings=readings,
        data_time=_data_time(items, seen, wanted=bool(period and readings)),
        habits=tuple(seen),
        period=period,
        is_resent=values.get("RF", "") == "1",
        content=content,
    )


def join(parts: Sequence[Message], codes: Codes) -> Message:
    """Reads the packets of one message as one; ``parts`` in the order of their numbers, all of one head."""
    first = parts[0]
    areas = [first.content]
    for part in parts[1:]:
        again = b"DataTime=%s" % part.value("DataTime").encode()
        area = part.content
        areas.append(area[len(again) :].lstrip(b";,") if area.startswith(again) else area)
    content = b";".join(area for area in areas if area)
    seen: dict[str, None] = dict.fromkeys(habit for part in parts for habit in part.habits)
    items = _items(content, seen)
    readings = tuple(_readings(items, codes, first.edition, first.st, seen))
    return replace(
        first,
        items=items,
        readings=readings,
        data_time=_data_time(items, seen, wanted=bool(first.period and readings)),
        habits=tuple(seen),
        content=content,
    )


def _items(content: bytes, seen: dict[str, None]) -> tuple[Item, ...]:
    text = decode_area(content, seen)
    found: list[Item] = []
    for part in split_area(text, ";"):
        pairs: list[tuple[str, str]] = []
        for pair in split_area(part, ","):
            name, equals, value = pair.partition("=")
            if equals:
                pairs.append((name.strip(), value.strip()))
                if " " in name or (" " in value and not value.startswith("//")):
                    seen[habits.SPACES] = None
            elif pair.strip():
                pairs.append(("", pair.strip()))
                seen[habits.FIELD_BROKEN] = None
            elif text:
                seen[habits.TRAILING_SEPARATOR] = None
        if pairs:
            found.append(tuple(pairs))
    return tuple(found)


def _data_time(items: tuple[Item, ...], seen: dict[str, None], *, wanted: bool) -> datetime | None:
    sent = next((value for item in items for name, value in item if name == "DataTime"), None)
    if sent is None:
        if wanted:
            seen[habits.TIME_MISSING] = None
        return None
    time = parse_time(sent)
    if time is None:
        seen[habits.TIME_ODD] = None
    elif len(sent) > 14:
        seen[habits.TIME_LONG] = None
    return time


def _readings(
    items: tuple[Item, ...], codes: Codes, edition: Edition, st: str, seen: dict[str, None]
) -> Iterator[Reading]:
    flags = _flags(items, codes, seen)
    told: dict[tuple[str, str], str] = {}
    for item in items:
        for name, text in item:
            sent_code, dash, sent_field = name.rpartition("-")
            if not dash:
                if name == FLAG:
                    seen[habits.FIELD_STRAY] = None
                continue
            known = _FIELDS.get(sent_field.lower())
            if known is None:
                seen[habits.FIELD_UNKNOWN] = None
                continue
            if known != sent_field:
                seen[habits.FIELD_CASE] = None
            if known == FLAG:
                continue
            if told.setdefault((sent_code, known), text) != text:
                seen[habits.FIELD_TWICE] = None
            factor = codes.factor(sent_code, st)
            code, unit = told_of(sent_code, known, factor, seen)
            value = None if known in TEXTS else _number(text, known, seen)
            if value is not None and edition is Edition.V2025 and _is_sentinel(value, known, factor):
                seen[habits.SENTINEL] = None
                value = None
            yield Reading(code, sent_code, known, value, flags.get(sent_code, ""), unit, text)


def _flags(items: tuple[Item, ...], codes: Codes, seen: dict[str, None]) -> dict[str, str]:
    """Flag of each code sent; the first counts."""
    flags: dict[str, str] = {}
    for item in items:
        for at, (name, value) in enumerate(item):
            if name[-5:].lower() == "-flag":
                flags.setdefault(name[:-5], value)
                if value not in codes.flags:
                    seen[habits.FLAG_UNKNOWN] = None
                if at == 0 and len(item) > 1:
                    seen[habits.FIELD_ORDER] = None
    return flags


def told_of(sent_code: str, known: str, factor: Factor | None, seen: dict[str, None]) -> tuple[str, str]:
    """Present code and unit of a field of ``sent_code``, which the tables give as ``factor``; what is odd goes to
    ``seen``.
    """
    if factor is None:
        if known not in OWN_NAMES:
            seen[habits.CODE_UNKNOWN] = None
        return sent_code, "h" if known == "RT" else ""
    unit = factor.unit_of(known)
    if factor.is_old:
        seen[habits.CODE_OLD] = None
    if not unit and (known in LEVELS or known == "Cou"):
        seen[habits.UNIT_DEVICE] = None
    return factor.code, unit


def _is_sentinel(value: Decimal, known: str, factor: Factor | None) -> bool:
    return known.startswith("Zs") and factor is not None and value == factor.ceiling


def _number(text: str, known: str, seen: dict[str, None]) -> Decimal | None:
    if len(text) <= _DIGITS and _NUMBER.fullmatch(text):
        return Decimal(text)
    if not text:
        seen[habits.VALUE_EMPTY] = None
    elif known != "Info":
        seen[habits.VALUE_ODD] = None
    return None
