"""眉首、主体、版记: the parts of an official paper, set in their order (GB/T 9704—2012, clause 7)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import nsdecls
from docx.shared import Pt, Twips
from docx.text.paragraph import Paragraph as Line

from shuangkong.papers.official import measures as m
from shuangkong.papers.official import styles as s
from shuangkong.papers.official.paper import Attachment, Block, Issue, Paper, Party, Table, attached, day
from shuangkong.papers.official.ruled import add_table, cell_line
from shuangkong.papers.official.setting import (
    append_xml,
    blank_above,
    indent,
    insert_property,
    line,
    red_line,
    sound,
    style_id,
)
from shuangkong.papers.official.title import one_line, title_lines

#: A heading that its paragraph runs on from: up to the first full stop.
_RUN_IN = re.compile(r"^([^。]+。)(?=.)", re.DOTALL)
_DAY = "　　　　年　　月　　日"
_NUMBER_TO_COME = "〔　　　〕　　号"


def red_head(document: Document, issue: Issue) -> None:
    """Clauses 7.2.4, 7.2.5, 7.2.7: the issuer in red, two lines below it the number, the red line under that."""
    _red_name(document, issue.head or f"{issue.issuer}文件")
    red_line(line(document, issue.number or _NUMBER_TO_COME, s.NUMBER))


def minutes_head(document: Document, issue: Issue) -> None:
    """Clause 10.3: the name of the minutes in red, their number, the issuer left and the day right above the line."""
    _red_name(document, issue.head or f"{issue.issuer}会议纪要")
    blank_above(line(document, issue.number or "（第　　期）", s.NUMBER), 1)
    below = line(document, f"{issue.issuer}\t{day(issue.signed_on)}", s.ATTACHED)
    below.paragraph_format.tab_stops.add_tab_stop(Twips(m.BLOCK_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    blank_above(below, 1)
    red_line(below)


def _red_name(document: Document, name: str) -> None:
    paragraph = line(document, "", s.HEAD)
    run = paragraph.add_run(sound(name))
    fitting = m.BLOCK_WIDTH / m.TWIPS_PER_POINT / max(1.0, m.width_of(name))
    if fitting < m.HEAD_LARGEST:
        run.font.size = Pt(int(fitting))


def title(document: Document, text: str, *, lines_above: float) -> None:
    """Clause 7.3.1: the title, broken so that its lines look even."""
    paragraph = line(document, "\n".join(title_lines(text)), s.TITLE)
    blank_above(paragraph, lines_above)
    paragraph.paragraph_format.space_after = Twips(m.LINE)


def addressees(document: Document, names: Iterable[str]) -> None:
    """Clause 7.3.2: whom it is sent to, from the left edge, with a colon at its end."""
    if said := "、".join(names):
        line(document, f"{said}：", s.ADDRESSEE)


def blocks(document: Document, every: Iterable[Block]) -> None:
    """Paragraphs, headings and tables in their order; a line is left above the first of strong words (clause 10.3)."""
    was_strong = False
    for block in every:
        if isinstance(block, Table):
            add_table(document, block)
        elif block.level == 1:
            line(document, block.text, s.HEADING_1)
        elif block.level == 2:
            _second_level(document, block.text)
        else:
            paragraph = line(document, "", s.BODY)
            if block.strong:
                paragraph.add_run(sound(block.strong), s.STRONG)
                blank_above(paragraph, 0 if was_strong else 1)
            was_strong = bool(block.strong)
            paragraph.add_run(sound(block.text))


def hold_to_signature(document: Document) -> None:
    """A signature never stands on a page without words of the body (此页无正文 is not allowed)."""
    document.paragraphs[-1].paragraph_format.keep_with_next = True


def _second_level(document: Document, text: str) -> None:
    """A heading of its own, or one that its paragraph runs on from."""
    run_in = _RUN_IN.match(text)
    if run_in is None:
        line(document, text, s.HEADING_2)
        return
    paragraph = line(document, "", s.BODY)
    paragraph.add_run(sound(run_in.group(1)), s.RUN_IN)
    paragraph.add_run(sound(text[run_in.end() :]))


def list_of_attachments(document: Document, attachments: tuple[Attachment, ...]) -> None:
    """Clause 7.3.4: one line below the body, two characters in, names under one another and without a stop."""
    for at, attachment in enumerate(attachments, start=1):
        number = f"{at}. " if len(attachments) > 1 else ""
        mark = "附件：" if at == 1 else ""
        paragraph = line(document, f"{mark}{number}{one_line(attachment.title)}", s.ATTACHED)
        hanging = m.width_of(mark + number)
        indent(paragraph, left=5 + m.width_of(number), first=-hanging)
        paragraph.paragraph_format.keep_with_next = True
        if at == 1:
            blank_above(paragraph, 1)


def signature(document: Document, issue: Issue) -> None:
    """Clause 7.3.5.1, with a seal: the day four characters from the right edge, the name centred above it."""
    on = day(issue.signed_on)
    over = (m.width_of(on) - m.width_of(issue.issuer)) / 2
    right_of_name = max(0.0, 4 + over)
    name = line(document, issue.issuer, s.SIGNATURE)
    indent(name, right=right_of_name)
    blank_above(name, 2)
    name.paragraph_format.keep_with_next = True
    indent(line(document, on, s.SIGNATURE), right=right_of_name - over)


def parties(document: Document, every: tuple[Party, ...]) -> None:
    """Who signs a responsibility letter, side by side, with room for seals and hands; never torn by a page's end.

    Each line is a row of its own: a long name on one side moves nothing on the other.
    """
    style = style_id(document, s.ATTACHED)
    width = m.BLOCK_WIDTH // len(every)
    said = [[party.name, "（盖章）", f"{party.role or '负责人'}（签字）：{party.person}", "", _DAY] for party in every]
    last = len(said[0]) - 1
    rows = "".join(
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(_signed(lines[at], width, style, is_last=at == last) for lines in said)
        + "</w:tr>"
        for at in range(last + 1)
    )
    line(document, "", s.BODY).paragraph_format.keep_with_next = True
    grid = f'<w:gridCol w:w="{width}"/>' * len(every)
    append_xml(
        document,
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{m.BLOCK_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>",
    )


def _signed(text: str, width: int, style: str, *, is_last: bool) -> str:
    kept = "" if is_last else "<w:keepNext/>"
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell_line(text, style, kept)}</w:tc>'


def attachment_pages(document: Document, attachments: tuple[Attachment, ...]) -> None:
    """Clause 7.3.7: each on a page of its own; the mark on the first line, the title on the third."""
    for mark, attachment in zip(attached(attachments), attachments, strict=True):
        line(document, mark, s.ATTACHMENT_MARK).paragraph_format.page_break_before = True
        line(document, "\n".join(title_lines(attachment.title)), s.ATTACHMENT_TITLE)
        blocks(document, attachment.blocks)


def closing(document: Document, paper: Paper) -> None:
    """Clause 7.4: copies, printing office and day at the foot of the last page; above them what the paper rests on.

    A frame at the bottom of the block holds them; it hangs on the empty line that ends the paper, hence on the last
    page. Rules are lines of their own, so that they are as wide as the block whatever the indents.
    """
    issue = paper.issue
    _hairline(document)
    for said in paper.basis.statement:
        _framed(document, said, s.BASIS)
    entries = [(f"抄送：{'，'.join(issue.copies)}。", 4)] if issue.copies else []
    if issue.printed_by:
        entries.append((f"{issue.printed_by}\t{day(issue.printed_on or issue.signed_on)}印发", 1))
    for at, (text, hanging) in enumerate(entries):
        _rule(document, m.THIN if at else m.THICK)
        _closing_line(document, text, hanging)
    if entries:
        _rule(document, m.THICK)
    _hairline(document)


def _closing_line(document: Document, text: str, hanging: int) -> None:
    """One character of size 4 in from either edge; lines after the first stand under what follows the colon."""
    paragraph = _framed(document, text, s.CLOSING)
    one = int(m.SIZE_4) * m.TWIPS_PER_POINT
    form = paragraph.paragraph_format
    form.left_indent, form.right_indent = Twips(one * hanging), Twips(one)
    form.first_line_indent = Twips(-one * (hanging - 1))
    form.tab_stops.add_tab_stop(Twips(m.BLOCK_WIDTH - one), WD_TAB_ALIGNMENT.RIGHT)


def _framed(document: Document, text: str, style: str) -> Line:
    paragraph = line(document, text, style)
    frame = (
        f'<w:framePr {nsdecls("w")} w:w="{m.BLOCK_WIDTH}" w:wrap="notBeside" w:vAnchor="margin" w:hAnchor="margin"'
        ' w:xAlign="left" w:yAlign="bottom"/>'
    )
    insert_property(paragraph, frame)
    return paragraph


def _rule(document: Document, points: float) -> None:
    """A rule as an empty line, black and as high as the rule is thick: some readers drop a frame that holds borders."""
    paragraph = _framed(document, "", s.BASIS)
    paragraph.paragraph_format.line_spacing = Pt(points)
    insert_property(paragraph, f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="000000"/>')


def _hairline(document: Document) -> None:
    line(document, "", s.BASIS).paragraph_format.line_spacing = Pt(1)
