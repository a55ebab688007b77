"""同日同文: a .docx packed anew, so that the same words of the same day are the same bytes."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shuangkong.papers.official.fonts import with_fonts

#: The earliest moment that a zip file can tell; the packing itself has no date.
_NO_MOMENT = (1_980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"
_FONT_TABLE = "word/fontTable.xml"


def repacked(content: bytes) -> bytes:
    """The same members in the order of their names (types first), without moments, with our fonts in the table."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as found, ZipFile(target, "w") as packed:
        for name in sorted(found.namelist(), key=lambda name: (name != _FIRST, name)):
            member = ZipInfo(name, _NO_MOMENT)
            member.compress_type = ZIP_DEFLATED
            member.create_system = 0  # what runs this is no part of the paper
            data = found.read(name)
            packed.writestr(member, with_fonts(data) if name == _FONT_TABLE else data, compresslevel=9)
    return target.getvalue()
