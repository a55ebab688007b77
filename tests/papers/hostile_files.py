"""Files that mean harm, made when asked for; nothing large is kept."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _document_xml(path: Path, pieces: list[str]) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("word/document.xml", "w") as member,
    ):
        for piece in pieces:
            member.write(piece.encode())


def huge_text(path: Path) -> None:
    """100 MB of zeros that take no room on disk."""
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)


def long_text(path: Path) -> None:
    path.write_bytes("节能减排\n".encode() * 3_900_000)


def zip_bomb(path: Path) -> None:
    """A gigabyte of zeros in a megabyte."""
    _document_xml(path, ["\0" * 2**24] * 64)


def nested_elements(path: Path) -> None:
    _document_xml(path, [f"<w:document {_W}>", "<w:p>" * 1_000_000])


def many_elements(path: Path) -> None:
    _document_xml(path, [f"<w:document {_W}><w:body>", "<w:p/>" * 900_000, "</w:body></w:document>"])


def billion_laughs(path: Path) -> None:
    names = "abcdefghij"
    entities = [f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise(names)]
    _document_xml(path, ["<!DOCTYPE w [<!ENTITY a 'ha'>", *entities, f"]><w:document {_W}>&j;</w:document>"])


def many_tags(path: Path) -> None:
    path.write_text("<html>" + "<p>节" * 900_000, encoding="utf-8")


def hidden_in_hidden(path: Path) -> None:
    path.write_text("<html>" + "<div hidden>" * 150 + "<p>节能" * 300_000, encoding="utf-8")


def random_bytes(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(1_000_000))


def encrypted_pdf(path: Path) -> None:
    secret = "41" * 32
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 0 /Kids [] >>",
        f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{secret}> /U <{secret}> >>",
    ]
    path.write_bytes(_pdf(objects, f"/Encrypt 3 0 R /ID [<{secret}> <{secret}>]"))


def scanned_pdf(path: Path) -> None:
    drawing = "q 595 0 0 842 0 0 cm /I Do Q"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
        "/Resources << /XObject << /I 5 0 R >> >> >>",
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
        "\nstream\nx\nendstream",
    ]
    path.write_bytes(_pdf(objects, ""))


def pages_without_end(path: Path) -> None:
    """A page tree that contains itself and claims a million pages."""
    path.write_bytes(_pdf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1000000 /Kids [2 0 R] >>"], ""))


def _pdf(objects: list[str], trailer: str) -> bytes:
    out, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")


#: file name → how it is made, and what may answer it; the longest that are just allowed are read.
HOSTILE: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "huge.txt": (huge_text, {"PLN-901"}),
    "long.txt": (long_text, {"PLN-908"}),
    "bomb.docx": (zip_bomb, {"PLN-908"}),
    "nested.docx": (nested_elements, {"PLN-907", "PLN-908"}),
    "many.docx": (many_elements, {"PLN-902"}),
    "laughs.docx": (billion_laughs, {"PLN-909"}),
    "tags.html": (many_tags, {"1799999-characters", "PLN-912"}),
    "hidden.html": (hidden_in_hidden, {"899999-characters", "PLN-912"}),
    "random.txt": (random_bytes, {"PLN-903", "PLN-904"}),
    "random.pdf": (random_bytes, {"PLN-903", "PLN-904"}),
    "locked.pdf": (encrypted_pdf, {"PLN-906"}),
    "scan.pdf": (scanned_pdf, {"PLN-911"}),
    "endless.pdf": (pages_without_end, {"PLN-902", "PLN-907", "PLN-908"}),
}
