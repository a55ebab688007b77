"""Files that data centres of buildings send on: which ZIP holds what, and the hours of energy in it (2009 guides).

``<centre><day>Build.xml`` tells the buildings, ``<centre><day>Energy.xml`` their hours; six digits of the centre, eight
of the day. A ZIP from outside is read within bounds: names, number and size of its members are asked before a byte
of them is opened.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from shuangkong.protocols.building.messages import Wrong

#: How a ZIP shows that it is damaged, or made to harm.
_BROKEN = (
    BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, LZMAError, struct.error,
)  # fmt: skip
#: Members of a ZIP; bytes of one after opening.
MOST_MEMBERS, LONGEST_MEMBER = 20, 256 << 20
_NAMED = re.compile(r"(?P<centre>\d{6})(?P<day>\d{8})(?P<kind>Build|Energy)\.xml")
_HOUR = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Hour:
    """Energy of one item of one building in one hour: its start in local time; ``item`` is a code of the guide."""

    building: str
    item: str
    starts: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file told."""

    centre: str
    buildings: tuple[tuple[str, str], ...]
    hours: tuple[Hour, ...]
    wrong: tuple[Wrong, ...]


def read_zip(data: bytes) -> Sent:
    """The buildings (code, name) and hours of a ZIP. Never raises for what came."""
    try:
        with ZipFile(BytesIO(data)) as box:
            return _read_members(box)
    except _BROKEN as fault:
        return Sent("", (), (), (Wrong("$", "ZIP", str(fault)[:60] or "?"),))


def _read_members(box: ZipFile) -> Sent:
    wrong: list[Wrong] = []
    members = box.infolist()
    if len(members) > MOST_MEMBERS:
        return Sent("", (), (), (Wrong("$", f"至多 at most {MOST_MEMBERS}", str(len(members))),))
    centre, buildings, hours = "", [], []
    for member in members:
        named = _NAMED.fullmatch(member.filename.rsplit("/", 1)[-1])
        if named is None:
            if not member.is_dir():
                expected = "<6位中心><8位日期>Build.xml 或 or Energy.xml"
                wrong.append(Wrong(member.filename[:60], expected, member.filename[:60]))
            continue
        if member.file_size > LONGEST_MEMBER:
            wrong.append(Wrong(member.filename, f"至多 at most {LONGEST_MEMBER} bytes", str(member.file_size)))
            continue
        with box.open(member) as stream:
            content = stream.read(LONGEST_MEMBER + 1)
        centre = centre or named["centre"]
        root = _root(content, member.filename, wrong)
        if root is None:
            continue
        if named["kind"] == "Build":
            buildings += [(_value(each, "F_BuildID"), _value(each, "F_BuildName")) for each in root.iter("Build")]
        else:
            hours += _hours(root, member.filename, wrong)
    return Sent(centre, tuple(buildings), tuple(hours), tuple(wrong))


def _root(content: bytes, name: str, wrong: list[Wrong]) -> Any:
    try:
        root: Any = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError as fault:
        wrong.append(Wrong(name, "XML", (fault.msg or "?")[:60]))
        return None
    if root.getroottree().docinfo.doctype:
        wrong.append(Wrong(name, "无 DTD 的 XML without a DTD", "DTD"))
        return None
    return root


def _hours(root: Any, name: str, wrong: list[Wrong]) -> list[Hour]:
    out = []
    for at, each in enumerate(root.iter("EnergyItemHourResult")):
        place = f"{name} EnergyItemHourResult[{at}]"
        building, item = _value(each, "F_BuildID"), _value(each, "F_EnergyItemCode")
        starts, value = _moment(_value(each, "F_StartHour")), _number(_value(each, "F_Value"))
        if building and item and starts is not None and value is not None:
            out.append(Hour(building, item, starts, value))
            continue
        found = "、".join(f"{key}={_value(each, key) or '—'}"[:40] for key in ("F_BuildID", "F_StartHour", "F_Value"))
        wrong.append(Wrong(place, "F_BuildID、F_EnergyItemCode、F_StartHour yyyy-MM-dd HH:mm:ss、F_Value", found))
    return out


def _value(element: Any, name: str) -> str:
    return (element.findtext(name) or element.get(name) or "").strip()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _HOUR)  # noqa: DTZ007 - local time of the centre
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 40 else None
