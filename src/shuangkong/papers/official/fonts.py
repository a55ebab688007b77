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


FONTS = _table()
FANGSONG, KAI, HEI, SONG, TITLE_SONG = (FONTS[use] for use in ("body", "run_in", "heading", "small", "title"))


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
