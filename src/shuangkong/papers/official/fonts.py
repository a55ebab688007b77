"""字体: the faces that official papers are set in, named and never embedded, each with free ones to fall back on."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class Font:
    """A face by name; ``others`` are tried in their order where it is not installed."""

    name: str
    others: tuple[str, ...]
    family: str = "roman"


_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC")

FANGSONG = Font("仿宋_GB2312", ("仿宋", "FangSong", *_SERIF))
KAI = Font("楷体_GB2312", ("楷体", "KaiTi", *_SERIF), "script")
HEI = Font("黑体", ("SimHei", *_SANS), "swiss")
SONG = Font("宋体", ("SimSun", *_SERIF))
TITLE_SONG = Font("方正小标宋简体", ("方正小标宋_GBK", "小标宋", "华文中宋", *_SERIF))
FONTS = (FANGSONG, KAI, HEI, SONG, TITLE_SONG)


def with_fonts(table: bytes) -> bytes:
    """A font table (word/fontTable.xml) in which our faces stand with their alternatives; others stay as they are."""
    root = etree.fromstring(table)
    known = {font.get(f"{{{_W}}}name") for font in root}
    for font in FONTS:
        if font.name not in known:
            entry = etree.SubElement(root, f"{{{_W}}}font", {f"{{{_W}}}name": font.name})
            for tag, value in (("altName", ",".join(font.others)), ("charset", "86"), ("family", font.family)):
                etree.SubElement(entry, f"{{{_W}}}{tag}", {f"{{{_W}}}val": value})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
