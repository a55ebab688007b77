"""标题相似度: how alike the meanings of two headings are, from the themes and characters they share, 0 to 1."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from shuangkong.plans.cascade.themes import EMPTY_WORDS, THEMES
from shuangkong.plans.reader.characters import plain

#: How much each sort of likeness counts. The heading itself decides, the chapter above it only helps.
_THEME, _LETTER, _CHAPTER = 0.55, 0.35, 0.1
_NO_LETTER = re.compile(r"[^一-鿿A-Za-z]+")
_EMPTY = re.compile("|".join(sorted(EMPTY_WORDS, key=len, reverse=True)))
_WORDS = {word: theme for theme, words in THEMES.items() for word in words}
_THEMED = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Heading:
    """One measure as its heading says it; ``key`` is the caller's own number."""

    key: int
    title: str
    chapter: str = ""


@lru_cache(maxsize=4096)
def themes(title: str) -> frozenset[str]:
    """Themes whose words stand in a heading."""
    return frozenset(_WORDS[word] for word in _THEMED.findall(_letters(title)))


@lru_cache(maxsize=4096)
def pairs(title: str) -> frozenset[str]:
    """Pairs of neighbouring characters in what is left of a heading without its empty words."""
    pieces = _EMPTY.split(_letters(title))
    found = {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}
    return frozenset(found or {letter for piece in pieces for letter in piece})


def _letters(title: str) -> str:
    return _NO_LETTER.sub("", plain(title))


class Likeness:
    """Scores two headings. What few headings have tells more than what many have (inverse document frequency)."""

    def __init__(self, headings: Iterable[Heading]) -> None:
        every = list(headings)
        self._count = len(every)
        self._themes = Counter(theme for each in every for theme in themes(each.title))
        self._pairs = Counter(pair for each in every for pair in pairs(each.title))

    def score(self, one: Heading, other: Heading) -> float:
        """0 (nothing in common) to 1 (the same heading); two decimals."""
        if _letters(one.title) == _letters(other.title):
            return 1.0
        themed = self._alike(themes(one.title), themes(other.title), self._themes)
        lettered = self._alike(pairs(one.title), pairs(other.title), self._pairs)
        chapters = self._alike(themes(one.chapter), themes(other.chapter), self._themes)
        if not themes(one.title) or not themes(other.title):
            themed = lettered
        return round(_THEME * themed + _LETTER * lettered + _CHAPTER * chapters, 2)

    def _alike(self, one: frozenset[str], other: frozenset[str], counts: Counter[str]) -> float:
        """Cosine of the two sets, each member weighing as much as it is rare."""
        shared = sum(self._weight(each, counts) for each in one & other)
        norms = [sum(self._weight(each, counts) for each in members) for members in (one, other)]
        return shared / sqrt(norms[0] * norms[1]) if all(norms) else 0.0

    def _weight(self, member: str, counts: Counter[str]) -> float:
        return 1 + log((self._count + 1) / (counts[member] + 1))


def scores(likeness: Likeness, rows: Sequence[Heading], columns: Sequence[Heading]) -> list[list[float]]:
    """The table of scores of every row with every column."""
    return [[likeness.score(row, column) for column in columns] for row in rows]
