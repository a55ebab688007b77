"""Official papers opened again: sheet, faces, head, title, signature, attachments, closing block, page numbers."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Line
from lxml import etree
from written import BASIS, ISSUE, PAPERS, SEAL, member, opened, printed, texts

from shuangkong.papers.official import styles as s
from shuangkong.papers.official.paper import Attachment, Content, Paper, Paragraph, Table, TableColumn
from shuangkong.papers.official.title import title_lines
from shuangkong.papers.official.writing import write_paper

BODY = (
    Paragraph("为了某事，现通知如下："),
    Paragraph("一、总体要求", 1),
    Paragraph("（一）抓好落实。各单位按职责办理。", 2),
    Paragraph("（二）单列的标题", 2),
    Paragraph("1. 第三级标题"),
)
TABLE = Table((TableColumn("序号", 1), TableColumn("任务", 4)), tuple((str(at), f"任务{at}") for at in range(1, 81)))
ATTACHMENTS = (Attachment("任务清单", (TABLE,)), Attachment("单位名单", (Paragraph("甲局"),)))


def paper(**changes: object) -> bytes:
    content = Content("关于做好某项工作的通知", BODY, ATTACHMENTS)
    return write_paper(replace(Paper(ISSUE, BASIS, content), **changes))  # type: ignore[arg-type]


def styled(content: bytes, style: str) -> list[Line]:
    return [each for each in opened(content).paragraphs if each.style and each.style.name == style]


def test_sheet_is_a4_with_the_block_of_the_standard() -> None:
    section = opened(paper()).sections[0]
    found = [
        section.page_width, section.page_height, section.top_margin, section.left_margin,
        section.page_width - section.left_margin - section.right_margin,
        section.page_height - section.top_margin - section.bottom_margin,
    ]  # fmt: skip
    assert [round(each.mm if hasattr(each, "mm") else each / 36_000, 1) for each in found] == [
        210.0, 297.0, 37.0, 28.0, 156.0, 225.0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "face", "points"),
    [
        (s.BODY, "仿宋_GB2312", 16), (s.ADDRESSEE, "仿宋_GB2312", 16), (s.SIGNATURE, "仿宋_GB2312", 16),
        (s.TITLE, "方正小标宋简体", 22), (s.HEADING_1, "黑体", 16), (s.HEADING_2, "楷体_GB2312", 16),
        (s.CLOSING, "仿宋_GB2312", 14), (s.PAGE_NUMBER, "宋体", 14), (s.ATTACHMENT_MARK, "黑体", 16),
    ],
)  # fmt: skip
def test_faces_and_sizes_are_those_of_the_standard(style: str, face: str, points: int) -> None:
    found = opened(paper()).styles[style]
    assert found.font.size.pt == points  # type: ignore[union-attr]
    fonts = found.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
    assert fonts is not None
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")} == {face}


def test_twenty_two_lines_of_twenty_eight_characters_fill_the_block() -> None:
    body = opened(paper()).styles[s.BODY]
    line = body.paragraph_format.line_spacing.pt  # type: ignore[union-attr]
    assert 22 * line <= 225 / 25.4 * 72 < 23 * line
    tightened = int(body.element.find(f"{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
    assert 28 * (16 + tightened) <= 156 / 25.4 * 72 < 29 * (16 + tightened)


def test_fonts_are_named_with_free_ones_to_fall_back_on_and_none_is_embedded() -> None:
    content = paper()
    table = etree.fromstring(member(content, "word/fontTable.xml").encode())
    others = {font.get(qn("w:name")): font.find(qn("w:altName")) for font in table}
    serif, sans = "Noto Serif CJK SC", "Noto Sans CJK SC"
    for face, free in (("仿宋_GB2312", serif), ("黑体", sans), ("方正小标宋简体", serif)):
        assert free in others[face].get(qn("w:val")).split(",")
    members = ZipFile(BytesIO(content)).namelist()
    assert [name for name in members if "font" in name.lower()] == ["word/fontTable.xml"]


def test_head_is_red_and_shrinks_to_the_block_and_the_number_stands_over_the_red_line() -> None:
    content = paper(issue=replace(ISSUE, number="甲节办发〔2031〕7号"))
    head, number = styled(content, s.HEAD)[0], styled(content, s.NUMBER)[0]
    assert head.text == "甲县节能减排办公室文件"
    assert str(opened(content).styles[s.HEAD].font.color.rgb) == "FF0000"  # type: ignore[union-attr]
    assert head.runs[0].font.size is not None
    assert len(head.text) * head.runs[0].font.size.pt <= 156 / 25.4 * 72
    assert (number.text, number.alignment or number.style.paragraph_format.alignment) == (  # type: ignore[union-attr]
        "甲节办发〔2031〕7号", WD_ALIGN_PARAGRAPH.CENTER,
    )  # fmt: skip
    rule = number._p.find(f"{qn('w:pPr')}/{qn('w:pBdr')}/{qn('w:bottom')}")
    assert (rule.get(qn("w:color")), rule.get(qn("w:space"))) == ("FF0000", "11")  # 4 mm are 11.3 pt
    assert "〔" in styled(paper(), s.NUMBER)[0].text, "room for a number that is not given yet"


def test_body_shows_its_levels() -> None:
    content = paper()
    assert [each.text for each in styled(content, s.HEADING_1)] == ["一、总体要求"]
    assert [each.text for each in styled(content, s.HEADING_2)] == ["（二）单列的标题"]
    run_in = next(each for each in styled(content, s.BODY) if each.text.startswith("（一）"))
    assert [(run.text, run.style.name) for run in run_in.runs] == [  # type: ignore[union-attr]
        ("（一）抓好落实。", s.RUN_IN), ("各单位按职责办理。", "Default Paragraph Font"),
    ]  # fmt: skip
    assert texts(opened(content), s.ADDRESSEE) == ["各镇人民政府、县级有关部门："]


@pytest.mark.parametrize(
    ("issuer", "on", "name_right", "day_right"),
    [
        ("甲县人民政府", date(2031, 11, 9), 4.25, 4),  # the day takes 6.5 characters, the name 6
        ("甲县节能减排和应对气候变化工作领导小组办公室", date(2031, 1, 9), 0, 8),  # 22 and 6
    ],
)
def test_name_is_centred_over_the_day_that_stands_four_characters_in(
    issuer: str, on: date, name_right: float, day_right: float
) -> None:
    name, day = styled(paper(issue=replace(ISSUE, issuer=issuer, signed_on=on)), s.SIGNATURE)
    right = [each.paragraph_format.right_indent.pt / 15.75 for each in (name, day)]  # type: ignore[union-attr]
    widths = [sum(0.5 if each.isascii() else 1 for each in line.text) for line in (name, day)]
    centres = [indent + width / 2 for indent, width in zip(right, widths, strict=True)]
    assert centres[0] == pytest.approx(centres[1], abs=0.05)
    assert right == pytest.approx([name_right, day_right], abs=0.05)
    assert day.text == f"{on.year}年{on.month}月{on.day}日"


def test_attachments_are_listed_and_stand_on_pages_of_their_own() -> None:
    content = paper()
    assert texts(opened(content), s.ATTACHED) == ["附件：1. 任务清单", "2. 单位名单"]
    marks = styled(content, s.ATTACHMENT_MARK)
    assert [each.text for each in marks] == ["附件1", "附件2"]
    assert all(each.paragraph_format.page_break_before for each in marks)
    alone = paper(content=Content("通知", BODY, ATTACHMENTS[:1]))
    assert texts(opened(alone), s.ATTACHED) == ["附件：任务清单"]
    assert texts(opened(alone), s.ATTACHMENT_MARK) == ["附件"]


def test_table_fills_the_block_in_smaller_type_and_repeats_its_head() -> None:
    table = opened(paper()).tables[0]
    assert len(table.rows) == 81
    heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True] + [False] * 80
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in table.rows)
    assert sum(int(each.get(qn("w:w"))) for each in table._tbl.iter(qn("w:gridCol"))) == pytest.approx(8_844, abs=3)
    assert table.cell(80, 1).paragraphs[0].style.font.size.pt < 16  # type: ignore[union-attr]


def test_closing_block_is_at_the_foot_with_what_the_paper_rests_on_above_it() -> None:
    document = opened(paper())
    assert texts(document, s.CLOSING) == [
        "抄送：县委办公室，县人大常委会办公室。",
        "甲县节能减排办公室\t2031年11月10日印发",
    ]
    said = "\n".join(texts(document, s.BASIS))
    for part in ("2031年10月31日", "c0ffee123456", "第 128 号", SEAL, "甲县节能减排综合工作方案"):
        assert part in said
    framed = [each for each in document.paragraphs if each._p.find(f"{qn('w:pPr')}/{qn('w:framePr')}") is not None]
    assert {each._p.pPr.find(qn("w:framePr")).get(qn("w:yAlign")) for each in framed} == {"bottom"}  # type: ignore[union-attr]
    rules = [each.paragraph_format.line_spacing.pt for each in framed if not each.text]  # type: ignore[union-attr]
    assert rules == [1.0, 0.7, 1.0]  # 0.35, 0.25, 0.35 mm
    bare = opened(paper(issue=replace(ISSUE, copies=(), printed_by="")))
    assert texts(bare, s.CLOSING) == []
    assert "第 128 号" in "\n".join(texts(bare, s.BASIS))


def test_page_number_stands_at_the_outer_side() -> None:
    document = opened(paper())
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    assert odd.paragraph_format.right_indent.pt == even.paragraph_format.left_indent.pt == 14  # type: ignore[union-attr]
    for paragraph in (odd, even):
        assert "".join(node.text or "" for node in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"


@pytest.mark.parametrize("name", PAPERS)
def test_demo_is_called_demo_on_every_page_and_at_the_end_of_every_paper(name: str) -> None:
    document = opened(PAPERS[name]())
    section = document.sections[0]
    for header in (section.header, section.even_page_header):
        assert "演示数据" in header.paragraphs[0].text
        assert "虚构" in header.paragraphs[0].text
    assert "演示数据" in "\n".join(texts(document, s.BASIS))


def test_paper_of_real_facts_bears_no_label() -> None:
    document = opened(paper(basis=replace(BASIS, is_demo=False, is_fictional=False)))
    assert [each.text for each in document.sections[0].header.paragraphs] == [""]
    assert "演示" not in "\n".join(texts(document))


@pytest.mark.parametrize("name", PAPERS)
def test_same_words_of_the_same_day_are_the_same_bytes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = PAPERS[name]()
    monkeypatch.setattr(time, "time", lambda: 4_000_000_000.0)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2096, 10, 2, 7, 6, 40, 1, 276, 0)))
    assert PAPERS[name]() == first
    members = ZipFile(BytesIO(first)).infolist()
    assert {each.date_time for each in members} == {(1980, 1, 1, 0, 0, 0)}
    names = [each.filename for each in members]
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert opened(first).core_properties.created.date() == date(2031, 11, 9)  # type: ignore[union-attr]


def test_what_no_file_may_hold_is_left_out() -> None:
    content = paper(
        content=Content("通\x0b知", (Paragraph("甲\x00<乙>&丙"), Table(TABLE.columns, (("1", "丁\x1f<戊>"),))))
    )
    assert texts(opened(content), s.TITLE) == ["通知"]
    assert "甲<乙>&丙" in texts(opened(content))
    assert opened(content).tables[0].cell(1, 1).text == "丁<戊>"


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于做好某项工作的通知", ("关于做好某项工作的通知",)),
        ("短标题｜不分行", ("短标题不分行",)),
        ("关于某县十月份节能减排｜重点任务办理情况的通报", ("关于某县十月份节能减排", "重点任务办理情况的通报")),
        ("关于印发《某县节能减排工作方案》和分工表的通知", ("关于印发《某县节能减排", "工作方案》和分工表的通知")),
        ("关于2031年10月份重点任务办理情况的2031年督查情况通报", None),
        (
            "关于印发《甲县2032—2036年节能减排综合工作方案｜责任分工表》的通知",
            ("关于印发《甲县2032—2036年节能减排", "综合工作方案责任分工表》的通知"),
        ),
        (
            "关于印发《甲县2032—2036年节能减排综合工作方案｜责任分工表（县生态环境局承担的任务）》的通知",
            ("关于印发《甲县2032—2036年", "节能减排综合工作方案责任分工表", "（县生态环境局承担的任务）》的通知"),
        ),
        (
            "关于甲县2031年10月节能减排｜重点任务办理情况的督查通报",
            ("关于甲县2031年10月节能减排", "重点任务办理情况的督查通报"),
        ),
        (
            "甲乙丙自治县2032—2036年节能减排综合工作方案｜责任分工表",
            ("甲乙丙自治县2032—2036年", "节能减排综合工作方案责任分工表"),
        ),
    ],
)  # fmt: skip
def test_titles_break_where_words_end(title: str, lines: tuple[str, ...] | None) -> None:
    found = title_lines(title)
    assert "".join(found) == title.replace("｜", "")
    if lines:
        assert found == lines
    assert not [(one, two) for one, two in pairwise(found) if one[-1].isascii() and two[0].isascii()]
    assert all(line[0] not in "》）、。" and line[-1] not in "《（" for line in found)


def test_printed_pages_carry_labels_numbers_and_repeated_heads(tmp_path: Path) -> None:
    pages = [page.replace(" ", "") for page in printed(paper(), tmp_path)]
    assert len(pages) >= 4
    for number, page in enumerate(pages, start=1):
        assert "演示数据" in page
        assert f"—{number}—" in page
    body = [page for page in pages if "任务1" in page or "任务80" in page]
    assert all("序号" in page for page in body)
    assert len(body) >= 2, "eighty rows run over a page"
    assert "印发" in pages[-1]
    places = [pages[-1].index(word) for word in ("甲局", "128", "抄送", "印发", f"—{len(pages)}—")]
    assert places == sorted(places), "the closing block is the foot of the last page"
