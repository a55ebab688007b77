"""字体: the faces of official papers (fonts.csv), named and never embedded, each with free ones to fall back on."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class Font:
    """A face by name; ``others`` are tried in their order where it is not installed."""

    name: str
    family: str
    others: tuple[str, ...]


def _table() -> dict[str, Font]:
    with Path(__file__).with_name("fonts.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {row["use"]: Font(row["name"], row["family"], tuple(row["others"].split(";"))) for row in rows}


#: What stands above the aliases, for whoever opens the file.
_CONF_HEAD = """<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<!-- 公文字体的替代：没有装公文字体的 Linux 电脑用。放进 ~/.config/fontconfig/conf.d/ 即可。由 fonts.csv 生成。
     Free faces for official papers, for computers without the official ones. Made from fonts.csv. -->
"""
_BOLD = '<edit name="weight" mode="assign"><const>bold</const></edit>'
FONTS = _table()
FANGSONG, KAI, HEI, SONG, TITLE_SONG = (FONTS[use] for use in ("body", "run_in", "heading", "small", "title"))


def fontconfig() -> str:
    """What makes a Linux office program fall back as we do (fonts.conf): it heeds no alternatives of a font table.

    A face stands before its free one, so that it is used where it is installed. The free face of the title is bold: it
    would else look like the text.
    """
    aliases = "".join(
        f'<match target="pattern"><test name="family" qual="any"><string>{font.name}</string></test>'
        f'<edit name="family" mode="append" binding="same"><string>{_free(font)}</string></edit>'
        f"{_BOLD if font is TITLE_SONG else ''}</match>\n"
        for font in FONTS.values()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_CONF_HEAD}<fontconfig>\n{aliases}</fontconfig>\n'


def _free(font: Font) -> str:
    return next(name for name in font.others if name.startswith("Noto"))


def with_fonts(table: bytes) -> bytes:
    """A font table (word/fontTable.xml) in which our faces stand with their alternatives; others stay as they are."""
    root = etree.fromstring(table)
    known = {font.get(f"{{{_W}}}name") for font in root}
    for font in FONTS.values():
        if font.name not in known:
            entry = etree.SubElement(root, f"{{{_W}}}font", {f"{{{_W}}}name": font.name})
            for tag, value in (("altName", ",".join(font.others)), ("charset", "86"), ("family", font.family)):
                etree.SubElement(entry, f"{{{_W}}}{tag}", {f"{{{_W}}}val": value})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
