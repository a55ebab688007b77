"""One document through every door gives one reading: .txt turned into .docx, .html and .pdf by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shuangkong.plans.intake import open_document
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.rulebook import open_rulebook

OFFICE = shutil.which("soffice")
#: A table drawn with tabs alone has no columns left in a PDF: those documents prove the other two doors.
TABS_ONLY = {"held-province-13fyp-annex", "held-region-14fyp-tables", "held-zone-13fyp-articles"}
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
SHARED = sorted((Path(__file__).parents[3] / "shared" / "plans").glob("*.txt"))

pytestmark = pytest.mark.skipif(OFFICE is None, reason="no LibreOffice (soffice): the .docx, .html and .pdf doors")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every document in every form."""
    folder = tmp_path_factory.mktemp("forms")
    for form in ("docx", "html", "pdf"):
        command = [str(OFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
        command += ["--infilter=Text (encoded):UTF8", "--convert-to", form, "--outdir", str(folder)]
        subprocess.run([*command, *map(str, CORPUS + SHARED)], check=True, capture_output=True, timeout=240)
    return folder


def _meaning(reading: Reading) -> dict[str, Any]:
    """What the document says, without where it says it."""
    head = reading.head
    return {
        "head": (head.title, head.doc_no, head.issuer, head.issued_on, head.region, head.horizon, head.addressees),
        "items": [(i.no, i.title, [(b.name, b.role) for b in i.bodies], len(i.sentences)) for i in reading.items],
        "targets": [(t.item_no, t.indicator, t.op, t.value, t.unit, t.deadline, t.base_year) for t in reading.targets],
        "tables": [[[cell.text for cell in row.cells] for row in table.rows] for table in reading.tables],
    }


@pytest.mark.parametrize("form", ["docx", "html", "pdf"])
@pytest.mark.parametrize("path", CORPUS + SHARED, ids=lambda path: path.stem)
def test_every_door_gives_the_same_reading(path: Path, form: str, converted: Path) -> None:
    if form == "pdf" and path.stem in TABS_ONLY:
        pytest.skip("tables drawn with tabs alone keep no columns in a PDF")
    lexicon = open_rulebook().lexicon()
    other = converted / f"{path.stem}.{form}"
    plain = read_plan(open_document(path.name, path.read_bytes()), lexicon)
    through = read_plan(open_document(other.name, other.read_bytes()), lexicon)
    for part, expected in _meaning(plain).items():
        assert _meaning(through)[part] == expected, part
