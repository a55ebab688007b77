"""英文: the fields of a finding for an English reader. Quotations stay as the document prints them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.promise_name import MOVES, as_printed, capital, moved, within

#: Words of our own in places, facts and grounds; everything else in them is the document's.
_OURS = (
    (re.compile("附件(?=[0-9])"), "Annex "),
    (re.compile("Σ\\(基数×下降率\\)÷Σ基数"), "Σ(base × rate) ÷ Σ base"),
    (re.compile("基数×下降率"), "base × rate"),
    (re.compile("简单平均"), "plain mean"),
    (re.compile("^文首$"), "head of the document"),
    (re.compile("^文中$"), "text"),
    (re.compile("^题名(?=、|$)"), "title"),
    (re.compile("(?<=）)等(?=[0-9]+条)"), " and others, "),
    (re.compile("(?<=[0-9])条$"), " items"),
    (re.compile("与(?=（)"), ", "),
    (re.compile("(?<=[）A-Za-z0-9)%])、|、(?=[（A-Za-z])"), ", "),
)
#: Facts that are the document's own words from end to end.
_QUOTED = frozenset({"quote", "words", "before", "title", "label", "end", "mark"})
_QUOTATION = re.compile("(「[^」]*」)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
#: Base units whose ids are what an English reader writes; 家 or 个 stay as printed.
_WRITTEN = frozenset({"tce", "t", "kwh", "kw", "m3", "m2"})


@cache
def _names(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, str]]:
    """Official indicator names and their English. A name that is only a piece of a longer label is left as printed."""
    english = {indicator.zh: indicator.en for indicator in lexicon.indicators if indicator.en}
    longest_first = "|".join(re.escape(name) for name in sorted(english, key=len, reverse=True))
    piece = "[\u4e00-\u9fff]"
    moves = "|".join(MOVES)
    return re.compile(f"(?<!{piece})(?P<name>{longest_first})(?P<move>{moves})?(?!{piece})"), english


@cache
def _units(lexicon: Lexicon) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A printed unit behind its number: 万吨标准煤 is × 10,000 tce; the longest first."""
    units = sorted((unit for unit in lexicon.units if unit.id in _WRITTEN), key=lambda unit: -len(unit.printed))
    return tuple(
        (
            re.compile(f"(?<=[0-9]){re.escape(unit.printed)}(?![\u4e00-\u9fff/])"),
            f" {unit.id}" if Decimal(unit.factor) == 1 else f" × {Decimal(unit.factor):,f} {unit.id}",
        )
        for unit in units
        if _CHINESE.search(unit.printed)
    )


def fact_in_english(name: str, text: str, lexicon: Lexicon) -> str:
    """One field of a message; an indicator that has no English name is marked as printed."""
    if name in _QUOTED:
        return text
    english = in_english(text, lexicon)
    return as_printed(english) if name == "indicator" and _CHINESE.search(english) else english


def in_english(text: str, lexicon: Lexicon) -> str:
    """A text with our own words, units and the official indicator names in English; 「quotations」 as printed."""
    pieces = _QUOTATION.split(text)
    return "".join(piece if piece.startswith("「") else _translated(piece, lexicon) for piece in pieces)


def _translated(text: str, lexicon: Lexicon) -> str:
    named, english = _names(lexicon)
    if english:
        text = named.sub(lambda found: _said(english[found["name"]], found["move"]), text)
    for written, meant in (*_units(lexicon), *_OURS):
        text = written.sub(meant, text)
    return text


def _said(name: str, move: str | None) -> str:
    return moved(name, move) if move else within(name)


def sentence_start(text: str) -> str:
    """A message with a capital where it begins in lower case."""
    return capital(text)
