"""题意: what headings of this genre speak of, by the words that say it (``policy/…/plans/lexicon_measures.yaml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from shuangkong.plans.reader.characters import plain

#: The list of words that any heading may have and that say nothing about its matter; every other list is a theme.
EMPTY = "empty_words"
_NO_LETTER = re.compile(r"[^一-鿿A-Za-z]+")


class HeadingWords:
    """Word lists by name. A longer word hides the shorter ones in it; words of one list mean one thing."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists
        self._theme_of = {word: name for name, words in lists.items() if name != EMPTY for word in words}
        self._themes: dict[str, frozenset[str]] = {}
        self._pairs: dict[str, frozenset[str]] = {}

    def themes(self, heading: str) -> frozenset[str]:
        """Themes of which a heading has a word."""
        if heading not in self._themes:
            found = self._themed.findall(letters(heading))
            self._themes[heading] = frozenset(self._theme_of[word] for word in found)
        return self._themes[heading]

    def pairs(self, heading: str) -> frozenset[str]:
        """Pairs of neighbouring characters in what is left of a heading without its empty words."""
        if heading not in self._pairs:
            pieces = self._empty.split(letters(heading))
            found = {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}
            self._pairs[heading] = frozenset(found or {letter for piece in pieces for letter in piece})
        return self._pairs[heading]

    @cached_property
    def _themed(self) -> re.Pattern[str]:
        return _any_of(self._theme_of)

    @cached_property
    def _empty(self) -> re.Pattern[str]:
        return _any_of(self._lists.get(EMPTY, ()))


def letters(heading: str) -> str:
    """A heading without marks and blanks, traditional characters folded."""
    return _NO_LETTER.sub("", plain(heading))


def _any_of(words: Mapping[str, str] | Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)) or "(?!)")
