"""Files that data centres of buildings send on: which ZIP holds what, and the hours of energy in it (2009 guides).

``<centre><day>Build.xml`` tells the buildings, ``<centre><day>Energy.xml`` their hours; six digits of the centre, eight
of the day. A ZIP from outside is read within bounds: names, number and size of its members are asked before a byte
of them is opened, and no more is opened than all of them together may hold.

A file that cannot be read whole is ``broken``: nothing of it is to be used. A row of one that can, but says what cannot
be, is ``wrong``, and the others stay good.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from lzma import LZMAError
from zipfile import BadZipFile, ZipFile

from shuangkong.protocols.building.hours import HourReader, Hours, Unreadable
from shuangkong.protocols.building.messages import Wrong

#: How a ZIP shows that it is damaged, or made to harm.
_BROKEN = (
    BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, LZMAError, struct.error,
)  # fmt: skip
#: Members of a ZIP; bytes of its list of them; bytes of all of them together after opening.
MOST_MEMBERS, LONGEST_LIST, LONGEST_OPENED = 20, 1 << 16, 128 << 20
_NAMED = re.compile(r"(?P<centre>\d{6})(?P<day>\d{8})(?P<kind>Build|Energy)\.xml", re.ASCII)
#: The end of a ZIP: a mark, where the count of members and the length of their list stand after it, and its longest.
_END, _END_FIELDS, _LONGEST_END = b"PK\x05\x06", struct.Struct("<10xHL"), 22 + (1 << 16)
_WIDEST, _PART = 60, 1 << 20


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file told.

    Attributes:
        centre: six digits, from the names in a ZIP; "" of a file without a name.
        told: buildings and hours.
        broken: why nothing of it is to be used; empty where it could be read whole.
    """

    centre: str
    told: Hours
    broken: tuple[Wrong, ...] = ()


def read_zip(data: bytes) -> Sent:
    """The buildings and hours of a ZIP. Never raises for what came."""
    reader = HourReader()
    try:
        listed = _listed(data)
        if listed is not None:
            return Sent("", Hours(), (listed,))
        with ZipFile(BytesIO(data)) as box:
            centre = _read_members(box, reader)
    except Unreadable as fault:
        return Sent("", Hours(), (fault.wrong,))
    except _BROKEN as fault:
        return Sent("", Hours(), (Wrong("$", "ZIP", str(fault)[:_WIDEST] or "?"),))
    return Sent(centre, reader.told())


def read_xml(data: bytes) -> Sent:
    """The buildings and hours of one file as it is, without a ZIP around it. Never raises for what came."""
    reader = HourReader()
    try:
        if len(data) > LONGEST_OPENED:
            raise Unreadable("$", f"至多 at most {LONGEST_OPENED} bytes", str(len(data)))
        reader.read("", (data[at : at + _PART] for at in range(0, len(data), _PART)))
    except Unreadable as fault:
        return Sent("", Hours(), (fault.wrong,))
    return Sent("", reader.told())


def _listed(data: bytes) -> Wrong | None:
    """What is wrong with the list of members, seen before it is read: one of a million names would fill the memory."""
    tail = data[-_LONGEST_END:]
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < len(_END) + _END_FIELDS.size:
        return Wrong("$", "ZIP", "没有目录 no list of members")
    members, length = _END_FIELDS.unpack_from(tail, at)
    if members > MOST_MEMBERS:
        return Wrong("$", f"至多 at most {MOST_MEMBERS} 个文件 members", str(members))
    if length > LONGEST_LIST:
        return Wrong("$", f"目录至多 a list of at most {LONGEST_LIST} bytes", str(length))
    return None


def _read_members(box: ZipFile, reader: HourReader) -> str:
    """Returns the centre."""
    members = [each for each in box.infolist() if not each.is_dir()]
    whole = sum(each.file_size for each in members)
    if len(members) > MOST_MEMBERS:
        raise Unreadable("$", f"至多 at most {MOST_MEMBERS} 个文件 members", str(len(members)))
    if whole > LONGEST_OPENED:
        raise Unreadable("$", f"展开后至多 opened at most {LONGEST_OPENED} bytes", str(whole))
    centre, left = "", LONGEST_OPENED
    for member in members:
        named = _NAMED.fullmatch(member.filename.rsplit("/", 1)[-1])
        if named is None:
            expected = "<6位中心 centre><8位日期 day>Build.xml 或 or …Energy.xml"
            reader.add_wrong(Wrong(member.filename[:_WIDEST], expected, "别的文件 another file"))
            continue
        centre = centre or named["centre"]
        if named["centre"] != centre:
            raise Unreadable(member.filename, f"同一中心 the same centre {centre}", named["centre"])
        with box.open(member) as stream:
            # What the list says of a size need not be so: what comes out is counted.
            left -= reader.read(member.filename, iter(lambda: stream.read(_PART), b""), left)
    return centre
