"""Automatic numbering: the numbers that Word prints but does not write into the paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from shuangkong.plans.intake.docx.numerals import printed
from shuangkong.plans.intake.docx.words import W, on, value

_PLACE = re.compile(r"%([1-9])")
#: After these a number stands tight; after others Word leaves a gap.
_TIGHT = "、）)．。：】》〉"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    gap: str = "tab"


@dataclass(slots=True)
class _List:
    """One w:num: its levels and the count that it shares with the other numbers of the same abstract list."""

    levels: dict[int, _Level]
    counts: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts paragraphs as they pass.

    Args:
        numbering: root of numbering.xml, or None.
        styles: root of styles.xml, or None: a style may number its paragraphs.
    """

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._lists = _lists(numbering) if numbering is not None else {}
        self._styles = _numbered_styles(styles) if styles is not None else {}

    def label(self, paragraph: etree._Element) -> str:
        """The number before this paragraph as printed, with its gap; empty without one. Advances the count."""
        place = self._place(paragraph)
        if place is None or place[0] not in self._lists:
            return ""
        numbered, at = self._lists[place[0]], place[1]
        level = numbered.levels.get(at)
        if level is None:
            return ""
        _advance(numbered, at, level)
        text = _PLACE.sub(lambda match: _count(numbered, int(match[1]) - 1, legal=level.legal), level.text)
        if level.number_format == "bullet" or not text:
            return ""
        return text if level.gap == "nothing" or text[-1] in _TIGHT else text + " "

    def _place(self, paragraph: etree._Element) -> tuple[str, int] | None:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return None
        style = self._styles.get(value(properties.find(W + "pStyle")) or "")
        direct = _num_pr(properties)
        number = (direct and direct[0]) or (style and style[0])
        level = direct[1] if direct and direct[1] is not None else style[1] if style else 0
        return (number, level or 0) if number and number != "0" else None


def _advance(numbered: _List, at: int, level: _Level) -> None:
    if at in numbered.restarts:
        numbered.counts[at] = numbered.restarts.pop(at)
    else:
        numbered.counts[at] = numbered.counts.get(at, level.start - 1) + 1
    for deeper in [other for other in numbered.counts if other > at]:
        restart = numbered.levels.get(deeper, _Level()).restart
        if restart is None or (restart and at < restart):
            del numbered.counts[deeper]


def _count(numbered: _List, at: int, *, legal: bool) -> str:
    level = numbered.levels.get(at, _Level())
    return printed(numbered.counts.get(at, level.start), "decimal" if legal else level.number_format)


def _lists(root: etree._Element) -> dict[str, _List]:
    abstract: dict[str, tuple[dict[int, _Level], dict[int, int], str | None]] = {
        item.get(W + "abstractNumId", ""): (_levels(item), {}, value(item.find(W + "numStyleLink")))
        for item in root.iterchildren(W + "abstractNum")
    }
    by_style = {
        link: item.get(W + "abstractNumId", "")
        for item in root.iterchildren(W + "abstractNum")
        if (link := value(item.find(W + "styleLink")))
    }
    lists: dict[str, _List] = {}
    for number in root.iterchildren(W + "num"):
        levels, counts, link = abstract.get(value(number.find(W + "abstractNumId")) or "", ({}, {}, None))
        if link and link in by_style:
            levels, counts, _ = abstract[by_style[link]]
        one = _List(dict(levels), counts)
        for override in number.iterchildren(W + "lvlOverride"):
            at = _integer(override.get(W + "ilvl"), 0)
            one.levels.update(_levels(override))
            start = override.find(W + "startOverride")
            if start is not None:
                one.restarts[at] = _integer(value(start), 1)
        lists[number.get(W + "numId", "")] = one
    return lists


def _levels(parent: etree._Element) -> dict[int, _Level]:
    return {_integer(level.get(W + "ilvl"), 0): _level(level) for level in parent.iterchildren(W + "lvl")}


def _level(level: etree._Element) -> _Level:
    restart = value(level.find(W + "lvlRestart"))
    return _Level(
        start=_integer(value(level.find(W + "start")), 1),
        number_format=value(level.find(W + "numFmt")) or "decimal",
        text=value(level.find(W + "lvlText")) or "",
        restart=_integer(restart, 0) if restart is not None else None,
        legal=on(level.find(W + "isLgl")),
        gap=value(level.find(W + "suff")) or "tab",
    )


def _num_pr(properties: etree._Element) -> tuple[str | None, int | None] | None:
    numbering = properties.find(W + "numPr")
    if numbering is None:
        return None
    level = value(numbering.find(W + "ilvl"))
    return value(numbering.find(W + "numId")), _integer(level, 0) if level is not None else None


def _numbered_styles(root: etree._Element) -> dict[str, tuple[str | None, int | None]]:
    """Paragraph style id → (numId, level), its ancestors' where it has none of its own."""
    own: dict[str, tuple[str | None, int | None]] = {}
    parents: dict[str, str] = {}
    for style in root.iterchildren(W + "style"):
        name = style.get(W + "styleId", "")
        parents[name] = value(style.find(W + "basedOn")) or ""
        properties = style.find(W + "pPr")
        found = _num_pr(properties) if properties is not None else None
        if found:
            own[name] = found
    resolved: dict[str, tuple[str | None, int | None]] = {}
    for name in parents:
        number: str | None = None
        level: int | None = None
        seen: set[str] = set()
        at = name
        while at and at not in seen:
            seen.add(at)
            if at in own:
                number = number or own[at][0]
                level = level if level is not None else own[at][1]
            at = parents.get(at, "")
        if number:
            resolved[name] = (number, level)
    return resolved


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else otherwise
