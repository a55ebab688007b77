"""Hours of energy in the XML of a data centre, read as it streams by: no tree is built, whatever somebody sends.

``<Build id="…">`` holds ``<EnergyItemHourResult>`` with F_EnergyItemCode, F_StartHour, F_EndHour, F_HourValue and
F_State (0: does not hold); two public implementations and a third's tables agree on these names. Where they are
written otherwise (F_BuildID in the row, F_Value) they are read too. Not confirmed against the guides (2009).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from shuangkong.protocols.building.messages import Wrong

#: Hours of one upload; wrong rows that are told one by one; longest text of a field, and of a code.
MOST_HOURS, MOST_WRONG, _LONGEST_TEXT, _LONGEST_CODE = 250_000, 100, 200, 24
#: More than any building uses in an hour, and than readings are kept of.
_TOO_LARGE = Decimal(10) ** 12 - 1
_HOUR = timedelta(hours=1)
_FORMAT = "%Y-%m-%d %H:%M:%S"
_ROW, _BUILDINGS = "EnergyItemHourResult", ("Build", "BuildBaseInfo")
_INVALID = "0"


class Unreadable(Exception):
    """Nothing of the file is to be used: where, what was expected, what was found."""

    def __init__(self, at: str, expected: str, found: str) -> None:
        self.wrong = Wrong(at, expected, found)
        super().__init__(f"{at}: {expected}, {found}")


@dataclass(frozen=True, slots=True)
class Hour:
    """Energy of one item of one building in one hour: its start in local time; ``item`` is a code of the guide.

    ``at``: where it stands in the file.
    """

    building: str
    item: str
    starts: datetime
    value: Decimal
    is_valid: bool = True
    at: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Buildings (code, name) and hours that can be used.

    ``wrong``: the first ``MOST_WRONG`` rows and members that cannot, ``wrongs`` how many there are.
    """

    buildings: tuple[tuple[str, str], ...] = ()
    hours: tuple[Hour, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    wrongs: int = 0


@dataclass(slots=True)
class HourReader:
    """Reads files one after the other. Every method raises Unreadable."""

    _buildings: dict[str, str] = field(default_factory=dict)
    _hours: list[Hour] = field(default_factory=list)
    _wrong: list[Wrong] = field(default_factory=list)
    _wrongs: int = 0

    def told(self) -> Hours:
        """What was read by now."""
        return Hours(tuple(self._buildings.items()), tuple(self._hours), tuple(self._wrong), self._wrongs)

    def add_wrong(self, wrong: Wrong) -> None:
        """Something that cannot be used, beside which the rest can."""
        self._wrongs += 1
        if len(self._wrong) < MOST_WRONG:
            self._wrong.append(wrong)

    def read(self, name: str, stream: Iterator[bytes], most: int | None = None) -> int:
        """Reads a file, part by part.

        Args:
            most: bytes that it may hold.

        Returns:
            How many it held.
        """
        size, seen = 0, b""
        target: Any = _Target(name, self)
        parser = etree.XMLParser(target=target, encoding="utf-8", resolve_entities=False, no_network=True)
        try:
            for part in stream:
                size += len(part)
                if most is not None and size > most:
                    raise Unreadable(name, f"展开后至多 opened at most {most} bytes", f"{size} …")
                # Every encoding but UTF-8 is refused, so no declaration of a type or an entity is written otherwise.
                seen = seen[-10:] + part
                if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                    raise Unreadable(name, "无 DTD 和实体的 XML without a DTD or entities", "DTD")
                parser.feed(part)
            parser.close()
        except etree.XMLSyntaxError as fault:
            raise Unreadable(name, "UTF-8 的 XML in UTF-8", (fault.msg or "?")[:80]) from fault
        return size

    def add_building(self, told: dict[str, str], code: str) -> None:
        """A building of a file that tells them."""
        code = told.get("F_BuildID", "") or code
        if code:
            self._buildings[code] = told.get("F_BuildName", "") or self._buildings.get(code, "")

    def add_row(self, told: dict[str, str], building: str, place: str) -> None:
        """An hour."""
        if len(self._hours) >= MOST_HOURS:
            raise Unreadable(place, f"一次至多 at most {MOST_HOURS} 行 rows", f"{MOST_HOURS} …")
        building = told.get("F_BuildID", "") or building
        item, state = told.get("F_EnergyItemCode", ""), told.get("F_State", "")
        starts, ends = _moment(told.get("F_StartHour", "")), _moment(told.get("F_EndHour", ""))
        said = told.get("F_HourValue", "") or told.get("F_Value", "")
        value = _number(said)
        asked = (
            ("Build id", 0 < len(building) <= _LONGEST_CODE, "建筑代码 code of the building", building),
            ("F_EnergyItemCode", 0 < len(item) <= _LONGEST_CODE, "能耗编码 code of the item", item),
            ("F_StartHour", starts is not None and (starts.minute, starts.second) == (0, 0),
             "整点 the start of an hour, yyyy-MM-dd HH:mm:ss", told.get("F_StartHour", "")),
            ("F_EndHour", _is_end(starts, ends, told.get("F_EndHour", "")), "一小时之后 an hour later",
             told.get("F_EndHour", "")),
            ("F_HourValue", value is not None and value >= 0, "不小于零的数 a number not below zero", said),
            ("F_State", state in ("", "0", "1"), "0、1", state),
        )  # fmt: skip
        faults = [Wrong(f"{place}.{name}", words, _shown(found)) for name, is_so, words, found in asked if not is_so]
        if faults or starts is None or value is None:
            self.add_wrong(faults[0])
            return
        self._hours.append(Hour(building, item, starts, value, state != _INVALID, place))


class _Target:
    """What a parser tells of one file."""

    def __init__(self, name: str, reader: HourReader) -> None:
        self._name, self._reader = name, reader
        self._building = ""
        self._rows = 0
        self._row: dict[str, str] | None = None
        self._base: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, tag: str, attributes: Any) -> None:
        self._text = []
        if tag == _ROW:
            self._row = dict(attributes)
        elif tag in _BUILDINGS:
            self._building = str(attributes.get("id") or attributes.get("F_BuildID") or self._building).strip()
            self._base = {}

    def data(self, text: str) -> None:
        if len(self._text) < _LONGEST_TEXT:
            self._text.append(text[:_LONGEST_TEXT])

    def end(self, tag: str) -> None:
        if tag == _ROW and self._row is not None:
            place = f"{self._name} {_ROW}[{self._rows}]".strip()
            self._rows += 1
            row, self._row = self._row, None
            self._reader.add_row(row, self._building, place)
        elif tag in _BUILDINGS:
            self._reader.add_building(self._base, self._building)
            self._base = {}
            self._building = "" if tag == _BUILDINGS[0] else self._building
        elif tag.startswith("F_"):
            (self._base if self._row is None else self._row)[tag[:40]] = "".join(self._text).strip()[:_LONGEST_TEXT]
        self._text = []

    def doctype(self, *_: object) -> None:
        raise Unreadable(self._name, "无 DTD 和实体的 XML without a DTD or entities", "DTD")

    def close(self) -> None:
        return None


def _is_end(starts: datetime | None, ends: datetime | None, said: str) -> bool:
    """Whether an end is not told, or is that of the hour, its last second included or not."""
    return not said or (starts is not None and ends is not None and timedelta(minutes=59) <= ends - starts <= _HOUR)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _FORMAT)  # noqa: DTZ007 - local time of the centre
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and len(text) <= _LONGEST_CODE and value < _TOO_LARGE else None


def _shown(text: str) -> str:
    return text[:40] or "（无 nothing）"
