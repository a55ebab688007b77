"""The four doors on one plan of the corpus, beside what other readers take for its bare text."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from bench.ground import CORPUS, NotMeasured, Row, milliseconds

TITLE = "Doors: a plan with tables as .txt, .html, .docx and .pdf"
NOTE = "Made by LibreOffice. Beside ours, what other readers take for the bare text where they are installed."
PLAN = "held-region-14fyp-tables"


def rows() -> Iterator[Row]:
    from shuangkong.plans.intake import open_document

    if not shutil.which("soffice"):
        raise NotMeasured("no soffice on this machine")
    text = CORPUS / f"{PLAN}.txt"
    with tempfile.TemporaryDirectory() as folder:
        for form, data in _forms(text, Path(folder)).items():
            name = f"{PLAN}.{form}"
            taken = milliseconds(lambda name=name, data=data: open_document(name, data))
            yield Row(f".{form}, {len(data) / 1000:.0f} kB: text and grids", f"{taken:.2f} ms")
            for peer, extract in PEERS.get(form, {}).items():
                if find_spec(peer):
                    yield Row(f".{form}: {peer}, bare text", f"{milliseconds(lambda e=extract, d=data: e(d)):.1f} ms")


def _forms(text: Path, folder: Path) -> dict[str, bytes]:
    from made_files import converted

    made = {form: converted(text, form, folder, infilter="Text (encoded):UTF8") for form in ("html", "docx", "pdf")}
    return {"txt": text.read_bytes()} | made


def _python_docx(data: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _pdfplumber(data: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


#: Measured where they are installed: python-docx (module docx) and pdfplumber are in no lock file.
PEERS: dict[str, dict[str, Callable[[bytes], str]]] = {
    "docx": {"docx": _python_docx},
    "pdf": {"pdfplumber": _pdfplumber},
}
