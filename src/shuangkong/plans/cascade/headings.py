"""标题相似度: how alike the meanings of two headings are, from the themes and characters they share, 0 to 1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from shuangkong.plans.cascade.themes import HeadingWords, letters

#: How much each sort of likeness counts. The heading itself decides, the chapter above it only helps.
_THEME, _LETTER, _CHAPTER = 0.55, 0.35, 0.1


@dataclass(frozen=True, slots=True)
class Heading:
    """One measure as its heading says it; ``key`` is the caller's own number."""

    key: int
    title: str
    chapter: str = ""


class Likeness:
    """Scores two headings. What few headings have tells more than what many have (inverse document frequency)."""

    def __init__(self, headings: Iterable[Heading], words: HeadingWords) -> None:
        every = list(headings)
        self._words = words
        self._count = len(every)
        self._themes = Counter(theme for each in every for theme in words.themes(each.title))
        self._pairs = Counter(pair for each in every for pair in words.pairs(each.title))

    def score(self, one: Heading, other: Heading) -> float:
        """0 (nothing in common) to 1 (the same heading); two decimals."""
        if letters(one.title) == letters(other.title):
            return 1.0
        themes = [self._words.themes(each.title) for each in (one, other)]
        lettered = self._alike(self._words.pairs(one.title), self._words.pairs(other.title), self._pairs)
        themed = self._alike(themes[0], themes[1], self._themes) if all(themes) else lettered
        chapters = [self._words.themes(each.chapter) for each in (one, other)]
        helped = self._alike(chapters[0], chapters[1], self._themes)
        return round(_THEME * themed + _LETTER * lettered + _CHAPTER * helped, 2)

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
