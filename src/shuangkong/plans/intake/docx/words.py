"""Small words of WordprocessingML (ECMA-376 part 1, transitional names): namespace, values, switches."""

from __future__ import annotations

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF = frozenset({"0", "false", "off", "none"})


def value(element: etree._Element | None) -> str | None:
    """``w:val`` of an element that may be absent."""
    return element.get(W + "val") if element is not None else None


def on(element: etree._Element | None) -> bool:
    """Whether a switch (ST_OnOff) is there and not turned off."""
    return element is not None and element.get(W + "val", "true") not in _OFF
