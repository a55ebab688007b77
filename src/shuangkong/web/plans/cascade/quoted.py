"""原文: the line of a document around a place in it."""

from __future__ import annotations

from shuangkong.core.span import Span


def line_around(text: str, span: Span) -> str:
    """The whole line or lines that a span stands in."""
    stop = text.find("\n", span.end)
    return text[text.rfind("\n", 0, span.start) + 1 : stop if stop >= 0 else None].strip()
