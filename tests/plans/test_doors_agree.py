"""One document through every door gives one reading: .txt turned into .docx, .html and .pdf by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shuangkong.plans.intake import open_document
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading import Reading
from shuangkong.rulebook import open_rulebook

sys.path.insert(0, str(Path(__file__).parent / "intake"))
from made_files import PLAN, docx, p, tbl, tc

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
        "groups": [[(row.group, row.is_total) for row in table.rows] for table in reading.tables],
        "annex": [(t.region, t.indicator, t.kind, t.value, t.unit, t.deadline) for t in reading.annex_targets],
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


DOWN, ON = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
TWO, ALL = "<w:gridSpan w:val='2'/>", "<w:gridSpan w:val='5'/>"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BORDERS = "".join(f"<w:{side} w:val='single' w:sz='4'/>" for side in SIDES)
WIDTHS = "<w:gridCol w:w='1800'/>" * 5
RULED = f"<w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>{WIDTHS}</w:tblGrid>"
MERGED = tbl(
    [tc("指标", DOWN), tc("单位", DOWN), tc("2020年实际值", DOWN), tc("2025年", TWO)],
    [tc("", ON), tc("", ON), tc("", ON), tc("目标值"), tc("变化幅度/变化率")],
    [tc("工业：", ALL)],
    [tc("单位工业增加值能耗"), tc("吨标准煤/万元"), tc("1.00"), tc("0.86"), tc("[-14]")],
    [tc("水泥熟料综合能耗"), tc("千克标准煤/吨"), tc("112"), tc("107"), tc("-5")],
    [tc("公共机构：", ALL)],
    [tc("人均综合能耗"), tc("千克标准煤/人"), tc("310"), tc("279"), tc("[-10]")],
).replace("<w:tbl>", f"<w:tbl>{RULED}", 1)


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_merged_heads_and_group_rows_mean_the_same_through_every_door(form: str, tmp_path: Path) -> None:
    """A Word table with a two-tier head and group rows, as an office prints its indicators by industry."""
    source = tmp_path / "plan.docx"
    source.write_bytes(docx("".join(map(p, PLAN)) + p("附件") + p("云溪县主要行业和部门节能指标") + MERGED))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), "--headless", profile, "--convert-to", form, "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    other = tmp_path / f"plan.{form}"
    lexicon = open_rulebook().lexicon()
    word = _meaning(read_plan(open_document(source.name, source.read_bytes()), lexicon))
    through = _meaning(read_plan(open_document(other.name, other.read_bytes()), lexicon))
    for part in ("tables", "groups", "annex"):
        assert through[part] == word[part], part
    assert [group for group, _ in word["groups"][0]] == ["工业"] * 3 + ["公共机构"] * 2
    assert [(name, str(value), unit) for _, name, _, value, unit, _ in word["annex"] if "水泥" in name] == [
        ("水泥熟料综合能耗", "107", "千克标准煤/吨"),
        ("水泥熟料综合能耗减少量", "5", "千克标准煤/吨"),
    ]
