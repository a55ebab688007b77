"""The Word door: what is printed, in order; numbers that Word counts; tables; nothing deleted, hidden or doubled."""

from __future__ import annotations

import pytest
from made_files import PLAN, docx, p, tbl, tc, zipped

from shuangkong.plans.document import DocumentRefused, Medium
from shuangkong.plans.intake import open_document


def lines(body: str, **parts: str) -> list[str]:
    return open_document("plan.docx", docx(body, **parts)).text.split("\n")


def test_paragraphs_come_through() -> None:
    document = open_document("plan.txt", docx("".join(map(p, PLAN))))
    assert document.medium is Medium.DOCX
    assert document.text == "\n".join(PLAN)


def test_breaks_tabs_hyphens_and_symbols() -> None:
    run = (
        '<w:r><w:t>甲</w:t><w:tab/><w:t xml:space="preserve"> 乙</w:t><w:br/><w:t>节能\u00ad减</w:t><w:softHyphen/>'
        '<w:t>排PM2</w:t><w:noBreakHyphen/><w:t>5</w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t>500头</w:t></w:r>'
    )
    assert lines(f"<w:p>{run}</w:p>") == ["甲\t 乙", "节能减排PM2-5≥500头"]


def test_revisions_hidden_text_and_field_codes_are_as_printed() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>下降</w:t></w:r></w:ins><w:del><w:r><w:tab/><w:delText>十</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>15%</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>以上</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>。</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>zhù</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>注</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert lines(body) == ["下降15%以上。注"]


def test_text_boxes_content_controls_notes_and_alternate_content() -> None:
    box = f"<w:txbxContent>{p('云政发〔2021〕1号')}</w:txbxContent>"
    twins = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = (
        f"<w:p><w:r>{twins}</w:r></w:p><w:sdt><w:sdtContent>{p('一、目标')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>甲</w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>乙</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:r><w:footnoteReference w:id='2'/></w:r></w:p>" + p("丙")
    )
    notes = f"<w:footnote w:id='2'>{p('注：等价值')}</w:footnote>"
    assert lines(body, footnotes=notes) == ["云政发〔2021〕1号", "一、目标", "甲乙", "注：等价值", "丙"]


def level(at: int, number_format: str, text: str, more: str = "") -> str:
    kind = f"<w:start w:val='1'/><w:numFmt w:val='{number_format}'/>{more}"
    return f"<w:lvl w:ilvl='{at}'>{kind}<w:lvlText w:val='{text}'/></w:lvl>"


def num(at: int, number: int = 1) -> str:
    return f"<w:numPr><w:ilvl w:val='{at}'/><w:numId w:val='{number}'/></w:numPr>"


NUMBERING = (
    "<w:abstractNum w:abstractNumId='0'>"
    + level(0, "chineseCountingThousand", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.", "<w:suff w:val='nothing'/>")
    + level(3, "decimalEnclosedCircle", "%4")
    + level(4, "decimal", "%1.%5", "<w:isLgl/>")
    + level(5, "bullet", "●")
    + "</w:abstractNum><w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='0'/>"
    "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>"
)


def test_automatic_numbers_are_printed_and_restart_below() -> None:
    body = (
        p("总则", num(0)) + p("甲", num(1)) + p("乙", num(1)) + p("子", num(2)) + p("丑", num(2)) + p("圈", num(3))
        + p("目标", num(0)) + p("丙", num(1)) + p("寅", num(2)) + p("点", num(5)) + p("legal", num(4)) + p("", num(0))
        + p("五起", num(0, 2)) + p("续", num(0, 1)) + p("无", num(0, 0))
    )  # fmt: skip
    assert lines(body, numbering=NUMBERING) == [
        "一、总则", "（一）甲", "（二）乙", "1.子", "2.丑", "① 圈",
        "二、目标", "（一）丙", "1.寅", "点", "2.1 legal", "",
        "五、五起", "六、续", "无",
    ]  # fmt: skip


def test_a_style_may_number_and_its_children_inherit() -> None:
    styles = (
        f"<w:style w:styleId='H'><w:pPr>{num(1)}</w:pPr></w:style>"
        "<w:style w:styleId='H2'><w:basedOn w:val='H'/></w:style>"
        "<w:style w:styleId='L'><w:basedOn w:val='L'/></w:style>"
    )
    body = "".join(p(str(at), "<w:pStyle w:val='H2'/>") for at in range(12)) + p("x", "<w:pStyle w:val='L'/>")
    printed = lines(body, numbering=NUMBERING, styles=styles)
    assert printed[0] == "（一）0"
    assert printed[9:] == ["（十）9", "（十一）10", "（十二）11", "x"]


def test_a_two_tier_head_with_merges_is_a_grid() -> None:
    down, on = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    across = "<w:gridSpan w:val='2'/>"
    table = tbl(
        [tc("序号", down), tc("乡镇", down), tc("强度|目标", across)],
        [tc("", on), tc("", on), tc("2020年"), tc("2025年| CO|2")],
        [tc("1"), tc("城关镇"), tc("0.612"), tc("0.523")],
        [tc("合计", across), tc("0.6"), tc("0.5")],
    )
    document = open_document("plan.docx", docx(p("前") + table + p("后")))
    assert document.text.split("\n") == [
        "前",
        "序号\t乡镇\t强度目标",
        "2020年\t2025年CO 2",
        "1\t城关镇\t0.612\t0.523",
        "合计\t0.6\t0.5",
        "后",
    ]
    (grid,) = document.grids
    assert {len(row) for row in grid.rows} == {4}
    assert [cell.text for cell in grid.rows[1]] == ["序号", "乡镇", "2020年", "2025年CO 2"]
    assert [cell.merged for cell in grid.rows[1]] == [True, True, False, False]
    assert grid.rows[1][0].span == grid.rows[0][0].span
    assert all(cell.span.of(document.text) == cell.text for row in grid.rows for cell in row)
    assert grid.span.of(document.text) == "\n".join(document.text.split("\n")[1:-1])


def test_numbers_count_inside_cells_deleted_rows_go_and_a_frame_is_no_table() -> None:
    numbered = f"<w:tc>{p('甲', num(2))}</w:tc>"
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{tc('删')}{tc('删')}</w:tr>"
    table = tbl([numbered, tc("1")], [numbered, tc("2")]).replace("</w:tbl>", gone + "</w:tbl>")
    document = open_document("plan.docx", docx(table + tbl([tc("红头|文件")]), numbering=NUMBERING))
    assert document.text.split("\n") == ["1.甲\t1", "2.甲\t2", "红头", "文件"]
    assert len(document.grids) == 1


def _document_xml(inner: str) -> bytes:
    return zipped({"word/document.xml": inner})


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            _document_xml(
                f"{_LAUGHS}]><w:document {_W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
            ),
            "PLN-909",
        ),
        (_document_xml("<!DOCTYPE w SYSTEM 'file:///etc/passwd'><w/>"), "PLN-909"),
        (_document_xml("<p>" * 1_000_000), "PLN-908"),
        (_document_xml(f"<w:document {_W}>" + "<w:sdt>" * 220 + "</w:sdt>" * 220 + "</w:document>"), "PLN-908"),
        (_document_xml(f"<w:document {_W}>" + "<w:p/>" * 1_000_001 + "</w:document>"), "PLN-908"),
        (zipped({"word/document.xml": "\0" * (65 * 1024 * 1024)}), "PLN-908"),
        (zipped({f"{at}": "" for at in range(2_001)}), "PLN-908"),
        (zipped({"a.txt": "x"}), "PLN-910"),
        (zipped({"xl/workbook.xml": "<x/>"}), "PLN-903"),
        (zipped({"OFD.xml": "<x/>"}), "PLN-903"),
        (_document_xml("<w:document"), "PLN-907"),
        (docx(""), "PLN-902"),
    ],
    ids=[
        "laughs",
        "external",
        "nested-open",
        "nested",
        "many",
        "bomb",
        "members",
        "other",
        "xlsx",
        "ofd",
        "broken",
        "blank",
    ],
)
def test_hostile_packages_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        open_document("plan.docx", data)
    assert refusal.value.code == code


def test_a_member_that_lies_about_its_size_is_read_no_further_than_it_says() -> None:
    data = bytearray(zipped({"word/document.xml": " " * 10_000_000}))
    size = (10_000_000).to_bytes(4, "little")
    assert data.count(size) == 2
    with pytest.raises(DocumentRefused) as refusal:
        open_document("plan.docx", bytes(data.replace(size, (100).to_bytes(4, "little"))))
    assert refusal.value.code == "PLN-907"


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = docx("".join(map(p, PLAN)) * 50)
    for twentieth in range(1, 20):
        with pytest.raises(DocumentRefused) as refusal:
            open_document("plan.docx", data[: len(data) * twentieth // 20])
        assert refusal.value.code == "PLN-907"
