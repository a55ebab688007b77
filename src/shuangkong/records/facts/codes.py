"""Words of facts as the small numbers that rows keep. A number once given is never given to another word.

Where the order of words is one of weight (origin, maturity), that of the numbers is the same: the largest outweighs.
"""

from __future__ import annotations

from enum import StrEnum

from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State


class Numbered[Kind: StrEnum]:
    """A word and its number, both ways."""

    def __init__(self, *words: Kind) -> None:
        self.words = words
        self._numbers = {word: number for number, word in enumerate(words)}

    def number(self, word: Kind) -> int:
        return self._numbers[word]

    def word(self, number: int) -> Kind:
        return self.words[number]


STATES = Numbered(State.VALUE, State.MISSING, State.NOT_APPLICABLE, State.SUPPRESSED)
MEASURES = Numbered(Measure.LEVEL, Measure.YOY_CHANGE_PCT, Measure.CUMULATIVE_CHANGE_PCT, Measure.AMOUNT)
ORIGINS = Numbered(Origin.ESTIMATE, Origin.REPORTED, Origin.RECOGNISED)
MATURITIES = Numbered(Maturity.FLASH, Maturity.PRELIMINARY, Maturity.FINAL, Maturity.AUDITED)
EVIDENCES = Numbered(Evidence.STATISTICAL, Evidence.ADMINISTRATIVE)

#: State of a row that has a figure, and of one that says there is none.
VALUE = STATES.number(State.VALUE)
MISSING = STATES.number(State.MISSING)
