"""句与分句: text cut at the marks that stand outside brackets, titles and quotations."""

from __future__ import annotations

from collections.abc import Iterator

_OPENING, _CLOSING = "（《“<", "）》”>"


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences of ``text[start:end]``, cut at 。 and ；; the mark belongs to its sentence."""
    yield from _cut(text, start, end, "。；", keep=True)


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Clauses of ``text[start:end]``, cut at commas and stops, without the mark."""
    yield from _cut(text, start, end, "，；。：！,", keep=False)


def enclosed(text: str, start: int, at: int) -> bool:
    """Whether ``at`` stands inside brackets, a title or a quotation that opened at or after ``start``."""
    before = text[start:at]
    return any(before.count(a) > before.count(b) for a, b in ("（）", "《》", "“”"))


def _cut(text: str, start: int, end: int, marks: str, *, keep: bool) -> Iterator[tuple[int, int]]:
    depth, left = 0, start
    for at in range(start, end):
        char = text[at]
        if char in _OPENING and not _is_bound(text, at):
            depth += 1
        elif char in _CLOSING and depth:
            depth -= 1
        elif char in marks and depth == 0 and not _in_number(text, at):
            if at > left:
                yield left, at + keep
            left = at + 1
    if end > left:
        yield left, end


def _is_bound(text: str, at: int) -> bool:
    """<9%: a sign before a number opens no title."""
    return text[at] == "<" and text[at + 1 : at + 2].isdigit()


def _in_number(text: str, at: int) -> bool:
    return text[at] == "," and text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit()
