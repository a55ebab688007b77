"""Evidence is what its name says by its content: directories, headers and ends are read, not first bytes alone."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from zipfile import ZipFile

import pytest

from shuangkong.records.plans.tasks.content import medium_by_content

PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
#: A comment, then a frame of one point.
JPEG = b"\xff\xd8\xff\xfe\x00\x04ab\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xd9"


def archive(*names: str) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as opened:
        for name in names:
            opened.writestr(name, "x")
    return made.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "ending", "medium"),
    [
        (b"%PDF-1.7 x\n%%EOF\n", "pdf", "pdf"),
        (b"%PDF-1", "pdf", None),
        (archive(*WORD), "docx", "zip"),
        (archive(*WORD), "xlsx", None),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx", "zip"),
        (archive(*WORD, "word/vbaProject.bin"), "docx", None),
        (b"PK\x03\x04not a zip", "docx", None),
        (archive("OFD.xml"), "ofd", "zip"),
        (archive("现场照片.jpg"), "zip", "zip"),
        (archive("现场照片.jpg.EXE"), "zip", None),
        (b"PK\x03\x04MZ", "zip", None),
        (PNG, "png", "png"),
        (PNG[:8] + b"<script>", "png", None),
        (PNG[:16] + bytes(8) + PNG[24:], "png", None),
        (JPEG, "jpg", "jpeg"),
        (JPEG[:10] + b"x", "jpg", None),
        (b"\xff\xd8\xff<script>", "jpeg", None),
        (PNG, "jpg", None),
        (b"<svg/>", "svg", None),
    ],
)
def test_a_file_is_taken_for_what_it_is(content: bytes, ending: str, medium: str | None) -> None:
    assert medium_by_content(content, ending) == medium
