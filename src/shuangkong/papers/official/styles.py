"""样式: the named styles of an official paper. An office changes them in its own template (see templates.py)."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from shuangkong.papers.official import measures as m
from shuangkong.papers.official.fonts import FANGSONG, HEI, KAI, SONG, TITLE_SONG, Font

RED = "FF0000"
HEAD, NUMBER, TITLE, ADDRESSEE = "公文发文机关标志", "公文发文字号", "公文标题", "公文主送"
BODY, HEADING_1, HEADING_2 = "公文正文", "公文一级标题", "公文二级标题"
ATTACHED, ATTACHMENT_MARK, ATTACHMENT_TITLE = "公文附件说明", "公文附件标识", "公文附件标题"
SIGNATURE, CLOSING, BASIS, LABEL, PAGE_NUMBER = "公文署名", "公文版记", "公文依据", "公文标记", "公文页码"
TABLE_HEAD, TABLE_TEXT, TABLE_MIDDLE, TABLE_FIGURE = "公文表头", "公文表文", "公文表中", "公文表数"
#: Character styles: a heading that runs into its paragraph, a word to be seen before others.
RUN_IN, STRONG = "公文楷体", "公文黑体"


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style; ``first`` is the indent of its first line in characters, lengths are twips."""

    name: str
    id: str
    font: Font = FANGSONG
    size: float = m.SIZE_3
    align: str = "both"
    first: int = 0
    before: int = 0
    after: int = 0
    line: int = m.LINE
    level: int | None = None
    colour: str = ""
    is_kept: bool = False

    @property
    def xml(self) -> str:
        tightened = f'<w:spacing w:val="{m.TIGHTENED}"/>' if self.size == m.SIZE_3 else ""
        indent = f'<w:ind w:firstLineChars="{self.first * 100}" w:firstLine="{self.first * m.CHARACTER}"/>'
        return (
            f'<w:style {nsdecls("w")} w:type="paragraph" w:customStyle="1" w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>'
            f"{'<w:keepNext/>' if self.is_kept else ''}"
            # Clause 5.2.3 counts 22 lines a page: a paragraph runs on wherever the page ends.
            '<w:widowControl w:val="0"/>'
            f'<w:spacing w:before="{self.before}" w:after="{self.after}" w:line="{self.line}" w:lineRule="exact"/>'
            f'{indent if self.first else ""}<w:jc w:val="{self.align}"/>'
            f"{'' if self.level is None else f'<w:outlineLvl w:val="{self.level}"/>'}"
            f"</w:pPr><w:rPr>{faces(self.font)}"
            f"{f'<w:color w:val="{self.colour}"/>' if self.colour else ''}"
            f"{tightened}{sizes(self.size)}</w:rPr></w:style>"
        )


def faces(font: Font) -> str:
    """One face for all scripts: figures and letters of an official paper stand in the face of the text around them."""
    return "<w:rFonts {}/>".format(
        " ".join(f'w:{script}="{font.name}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    )


def sizes(points: float) -> str:
    """The size of type, which is counted in half points."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


_SMALL_LINE = 320
STYLES = (
    Style(HEAD, "OfficialHead", TITLE_SONG, m.HEAD_LARGEST, "center", before=m.HEAD_BELOW, line=1_100, colour=RED),
    Style(NUMBER, "OfficialNumber", align="center", before=2 * m.LINE),
    Style(TITLE, "OfficialTitle", TITLE_SONG, m.SIZE_2, "center", line=700, is_kept=True),
    Style(ADDRESSEE, "OfficialAddressee", align="left"),
    Style(BODY, "OfficialBody", first=2),
    Style(HEADING_1, "OfficialHeading1", HEI, first=2, level=0, is_kept=True),
    Style(HEADING_2, "OfficialHeading2", KAI, first=2, level=1, is_kept=True),
    Style(ATTACHED, "OfficialAttached", align="left"),
    Style(ATTACHMENT_MARK, "OfficialAttachmentMark", HEI, align="left", is_kept=True),
    Style(ATTACHMENT_TITLE, "OfficialAttachmentTitle", TITLE_SONG, m.SIZE_2, "center", before=m.LINE, after=m.LINE // 2,
          line=700, level=0, is_kept=True),
    Style(SIGNATURE, "OfficialSignature", align="right"),
    Style(CLOSING, "OfficialClosing", size=m.SIZE_4, align="left", line=480),
    Style(BASIS, "OfficialBasis", SONG, m.SIZE_SMALL_5, "left", line=240),
    Style(LABEL, "OfficialLabel", HEI, m.SIZE_5, "center", line=_SMALL_LINE, colour="C00000"),
    Style(PAGE_NUMBER, "OfficialPageNumber", SONG, m.SIZE_4, "left", line=m.PAGE_NUMBER_LINE),
    Style(TABLE_HEAD, "OfficialTableHead", HEI, m.SIZE_5, "center", line=_SMALL_LINE, is_kept=True),
    Style(TABLE_TEXT, "OfficialTableText", size=m.SIZE_5, align="left", line=_SMALL_LINE),
    Style(TABLE_MIDDLE, "OfficialTableMiddle", size=m.SIZE_5, align="center", line=_SMALL_LINE),
    Style(TABLE_FIGURE, "OfficialTableFigure", size=m.SIZE_5, align="right", line=_SMALL_LINE),
)  # fmt: skip
_CHARACTER_STYLES = ((RUN_IN, "OfficialRunIn", KAI), (STRONG, "OfficialStrong", HEI))


def install(document: Document) -> None:
    """Gives a document the styles that it lacks; those it has (an office's own) stay as they are."""
    known = {style.name for style in document.styles}
    for style in STYLES:
        if style.name not in known:
            document.styles.element.append(parse_xml(style.xml))
    for name, identity, font in _CHARACTER_STYLES:
        if name not in known:
            xml = (
                f'<w:style {nsdecls("w")} w:type="character" w:customStyle="1" w:styleId="{identity}">'
                f'<w:name w:val="{name}"/><w:qFormat/><w:rPr>{faces(font)}</w:rPr></w:style>'
            )
            document.styles.element.append(parse_xml(xml))


def strip(document: Document) -> None:
    """Leaves a fresh document nothing but its normal style, set in the face of the body."""
    styles = document.styles.element
    for style in list(styles.style_lst):
        if style.styleId not in ("Normal", "DefaultParagraphFont", "TableNormal", "NoList"):
            styles.remove(style)
    for defaults in styles.xpath("w:docDefaults"):
        styles.remove(defaults)
    defaults = parse_xml(
        f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>{faces(FANGSONG)}{sizes(m.SIZE_3)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    styles.insert(0, defaults)
