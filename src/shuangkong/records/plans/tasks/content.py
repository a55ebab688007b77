"""What a file is by its content: not by its name, and not by its first bytes alone. Nothing of it is ever run."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile

#: The part that makes an archive a document of its sort (ECMA-376, GB/T 33190), by the ending of its name.
_PARTS: Mapping[str, tuple[str, ...]] = {
    "docx": ("[Content_Types].xml", "word/document.xml"),
    "xlsx": ("[Content_Types].xml", "xl/workbook.xml"),
    "pptx": ("[Content_Types].xml", "ppt/presentation.xml"),
    "ofd": ("OFD.xml",),
    "zip": (),
}
#: Programmes, as the last part of a name in an archive: macros of documents, and what a computer starts by a click.
_RUN = ("vbaproject.bin", ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".msi", ".lnk")
#: How far from its end a PDF may say that it ends.
_TAIL = 2 * 1024
#: JPEG's markers of a frame: SOF0 to SOF15 but for three that are something else (ITU-T T.81, table B.1).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def medium_by_content(content: bytes, ending: str) -> str | None:
    """``pdf``, ``zip``, ``jpeg`` or ``png`` where the content is what the ending of the name says, else None."""
    for medium, endings, is_one in _SORTS:
        if ending in endings:
            return medium if is_one(content, ending) else None
    return None


def _is_pdf(content: bytes, _ending: str) -> bool:
    return content.startswith(b"%PDF-") and b"%%EOF" in content[-_TAIL:]


def _is_archive(content: bytes, ending: str) -> bool:
    """Whether its directory can be read, has the parts of its sort, and names no programme."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, UnicodeDecodeError, struct.error):
        return False
    return set(_PARTS[ending]) <= set(names) and not any(name.lower().endswith(_RUN) for name in names)


def _is_png(content: bytes, _ending: str) -> bool:
    """Whether it begins with a header that says how large it is, and ends as an image."""
    return (
        content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
        and len(content) > 24  # signature, length, name, width, height
        and 0 not in struct.unpack(">II", content[16:24])
        and b"IEND" in content[-_TAIL:]
    )


def _is_jpeg(content: bytes, _ending: str) -> bool:
    """Whether its segments lead to a frame."""
    at = 2
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    while at + 4 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            return True
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return False


_SORTS: tuple[tuple[str, tuple[str, ...], Callable[[bytes, str], bool]], ...] = (
    ("pdf", ("pdf",), _is_pdf),
    ("zip", tuple(_PARTS), _is_archive),
    ("jpeg", ("jpg", "jpeg"), _is_jpeg),
    ("png", ("png",), _is_png),
)
