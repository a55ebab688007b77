"""One document through every door gives one text: LibreOffice makes the .docx, .html and .pdf of the same source."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_files import PLAN, converted, docx, p, tbl, tc

from shuangkong.plans.document import Document
from shuangkong.plans.intake import open_document

SHARED = Path("/work/shared/plans")
NAMES = ("liaoning-13fyp", "yongchuan-14fyp", "ziyang-13fyp")
#: Share of the source's paragraphs that come back as whole paragraphs.
WHOLE = {"docx": 0.99, "html": 0.99, "pdf": 0.97}


def paragraphs(text: str) -> list[str]:
    """White space apart: a page shows it as room, not as characters."""
    return [squeezed for line in text.split("\n") if (squeezed := "".join(line.split()))]


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.parametrize("name", NAMES)
def test_a_real_plan_reads_the_same_through_every_door(name: str, form: str, tmp_path: Path) -> None:
    source = SHARED / f"{name}.txt"
    if not source.exists():
        pytest.skip(f"{source} is not on this machine")
    expected = paragraphs(open_document(source.name, source.read_bytes()).text)
    data = converted(source, form, tmp_path, infilter="Text (encoded):UTF8")
    found = paragraphs(open_document(f"{name}.{form}", data).text)
    assert "".join(found) == "".join(expected)
    whole = set(found)
    assert sum(1 for paragraph in expected if paragraph in whole) / len(expected) >= WHOLE[form]


OFFICIAL = (
    "<w:spacing w:line='560' w:lineRule='exact'/><w:ind w:firstLineChars='200' w:firstLine='640'/><w:jc w:val='both'/>"
)
FONT = "Noto Serif CJK SC"
TYPE = f"<w:rFonts w:eastAsia='{FONT}' w:ascii='{FONT}' w:hAnsi='{FONT}'/><w:sz w:val='32'/>"
DOWN, ON, ACROSS = "<w:vMerge w:val='restart'/>", "<w:vMerge/>", "<w:gridSpan w:val='2'/>"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BORDERS = "".join(f"<w:{side} w:val='single' w:sz='4'/>" for side in SIDES)
GRID = "<w:gridCol w:w='2000'/>" * 4
TABLE = tbl(
    [tc("序号", DOWN), tc("乡镇", DOWN), tc("能耗强度（吨标准煤/万元）", ACROSS)],
    [tc("", ON), tc("", ON), tc("2020年"), tc("2025年|目标值")],
    [tc("1"), tc("城关镇"), tc("0.612"), tc("0.523")],
    [tc("2"), tc("东 坪 乡"), tc("0.701"), tc("0.598")],
    [tc("合计", ACROSS), tc("0.643"), tc("0.549")],
).replace(
    "<w:tbl>", f"<w:tbl><w:tblPr><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr><w:tblGrid>{GRID}</w:tblGrid>", 1
)
NUMBER = "<w:fldSimple w:instr='PAGE'><w:r><w:t>1</w:t></w:r></w:fldSimple>"
FOOT = f"<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:t>— </w:t></w:r>{NUMBER}<w:r><w:t> —</w:t></w:r></w:p>"


def official(folder: Path, times: int) -> tuple[Document, Document]:
    """A paper in official form (justified, indented, running head, — 1 — below) as .docx and as the .pdf made of it."""
    body = "".join(p(text, OFFICIAL, TYPE) for text in PLAN * times) + p("附件") + TABLE + p("注：数据为等价值。")
    source = folder / "plan.docx"
    source.write_bytes(docx(body, header=p("云溪县人民政府公报"), footer=FOOT))
    return open_document("plan.docx", source.read_bytes()), open_document("plan.pdf", converted(source, "pdf", folder))


@pytest.mark.parametrize("times", [3, 12])
def test_an_official_paper_reads_the_same_as_word_and_as_pdf(times: int, tmp_path: Path) -> None:
    word, page = official(tmp_path, times)
    assert paragraphs(page.text) == paragraphs(word.text)
    (grid,), (other,) = word.grids, page.grids
    assert [[(cell.text, cell.merged) for cell in row] for row in grid.rows] == [
        [(cell.text, cell.merged) for cell in row] for row in other.rows
    ]
    assert all(cell.span.of(page.text) == cell.text for row in other.rows for cell in row)


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><p>云溪县目标分解表</p>
<table border="1" cellspacing="0"><tr><td rowspan="2">乡镇</td>
<td colspan="2">能耗强度</td><td rowspan="2">备注</td></tr>
<tr><td>2020年</td><td>2025年</td></tr>
<tr><td>城关镇</td><td>0.612</td><td>0.523</td><td rowspan="2">含开发区</td></tr>
<tr><td>东坪乡</td><td>0.701</td><td>0.598</td></tr>{rows}</table><p>（此件公开发布）</p></body></html>"""


def test_a_long_table_is_one_grid_through_every_door(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>企业{at}</td><td>{at}.5</td><td>{at}</td><td></td></tr>" for at in range(60))
    source = tmp_path / "table.html"
    source.write_text(PAGE.format(rows=rows), encoding="utf-8")
    page = open_document(source.name, source.read_bytes())
    data = converted(source, "docx:MS Word 2007 XML", tmp_path, infilter="HTML (StarWriter)")
    word = open_document("table.docx", data)
    paper = open_document("table.pdf", converted(tmp_path / "table.docx", "pdf", tmp_path))
    grids = [[[cell.text for cell in row] for row in grid.rows] for d in (page, word, paper) for grid in d.grids]
    assert len(grids) == 3
    assert len(grids[0]) == 64
    assert grids[0] == grids[1] == grids[2]
    assert grids[0][1] == ["乡镇", "2020年", "2025年", "备注"]
    assert grids[0][3] == ["东坪乡", "0.701", "0.598", "含开发区"]
    assert paragraphs(page.text) == paragraphs(word.text) == paragraphs(paper.text)
