"""The text of one paragraph as printed: runs, breaks, tabs, symbols; not what is deleted, hidden or a field's code."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from shuangkong.plans.intake.docx.words import MC, M, W, on
from shuangkong.plans.intake.markup import tags

#: Deleted or moved away, codes, phonetic guides, properties: not printed in this place.
_UNPRINTED = tags(
    "del moveFrom delText instrText delInstrText rt pPr rPr sdtPr sdtEndPr smartTagPr customXmlPr "
    "fldChar annotationRef footnoteRef endnoteRef commentReference",
    W,
)
_FIXED = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}
_TEXTS = frozenset({W + "t", M + "t"})
_TEXT_BOX = W + "txbxContent"
#: Adobe Symbol encoding of the signs that targets use; Word writes them as private-use characters.
_SYMBOLS = {
    0x2B: "+",
    0x2D: "−",
    0xA3: "≤",
    0xB0: "°",
    0xB1: "±",
    0xB3: "≥",
    0xB4: "×",
    0xB8: "÷",
    0xBB: "≈",
    0x25: "%",
}
_PRIVATE = 0xF000


@dataclass(slots=True)
class Printed:
    """What a paragraph prints, and what hangs on it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


def printed_of(paragraph: etree._Element) -> Printed:
    """Text, text boxes (w:txbxContent elements) and notes (part, id) of a paragraph, each in order."""
    found = Printed()
    _walk(paragraph, found)
    return found


def _walk(element: etree._Element, found: Printed) -> None:
    for child in element:
        tag = child.tag
        if tag in _UNPRINTED or not isinstance(tag, str):
            continue
        if tag in _TEXTS:
            found.pieces.append(child.text or "")
        elif tag in _FIXED:
            found.pieces.append(_FIXED[tag])
        elif tag == W + "br":
            found.pieces.append("\n")
        elif tag == W + "sym":
            found.pieces.append(_symbol(child))
        elif tag == W + "r" and _is_hidden(child):
            continue
        elif tag == _TEXT_BOX:
            found.boxes.append(child)
        elif tag in {W + "footnoteReference", W + "endnoteReference"}:
            found.notes.append(("footnotes" if "foot" in tag else "endnotes", child.get(W + "id", "")))
        elif tag == MC + "AlternateContent":
            _walk(alternative(child), found)
        else:
            _walk(child, found)


def alternative(element: etree._Element) -> etree._Element:
    """One of the twins of mc:AlternateContent: the choice, which is what a current office prints."""
    choice = element.find(MC + "Choice")
    fallback = element.find(MC + "Fallback")
    if choice is not None and (fallback is None or choice.find(f".//{W}t") is not None):
        return choice
    return fallback if fallback is not None else element


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(W + "rPr")
    return properties is not None and on(properties.find(W + "vanish"))


def _symbol(element: etree._Element) -> str:
    code = element.get(W + "char", "")
    if not code or len(code) > 6 or any(digit not in "0123456789abcdefABCDEF" for digit in code):
        return ""
    number = int(code, 16)
    if number >= _PRIVATE and number - _PRIVATE <= 0xFF:
        return _SYMBOLS.get(number - _PRIVATE, "□")
    return chr(number) if 0x20 <= number < 0xD800 else ""
