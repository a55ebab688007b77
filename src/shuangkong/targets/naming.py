"""Which indicator of the policy files a printed name means, and in which unit two targets can be added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from shuangkong.plans.lexicon import IndicatorName, UnitName

#: Words that say how an indicator moves and are no part of its name.
_MOVES = re.compile(r"(累计)?(下降|降低|减少|减排|增长|提高|提升|完成)(率|比例|幅度)$")
_FALL = re.compile("(下降|降低|减少)(率|比例|幅度)$")
_RISE = re.compile("(增长|提高|提升)(率|比例|幅度)$")
_SPACES = re.compile(r"\s+")


class Indicators:
    """Indicator names, looked up by official name, id or any printed variant."""

    def __init__(self, names: Iterable[IndicatorName]) -> None:
        self.by_id = {each.id: each for each in names}
        self._by_word: dict[str, IndicatorName] = {}
        for each in self.by_id.values():
            for word in (each.id, each.zh, *each.aliases):
                self._by_word.setdefault(_plain(word), each)

    def find(self, printed: str) -> IndicatorName | None:
        """The indicator, its 下降率 and the like left aside where the name is not known with it; None where unknown."""
        word = _plain(printed)
        return self._by_word.get(word) or self._by_word.get(_MOVES.sub("", word))

    def find_under(self, title: str, printed: str) -> IndicatorName | None:
        """The indicator of a column that leaves its object to the table's title (重点工程减排量 under 化学需氧量…计划).

        None where no name, or more than one, ends with the column's and begins with words of the title.
        """
        plain = _plain(title)
        found = [
            each
            for each in self.by_id.values()
            if each.zh.endswith(printed) and each.zh != printed and each.zh.removesuffix(printed) in plain
        ]
        return found[0] if len(found) == 1 else None


def tells_rise(name: str) -> bool:
    """Whether a name ends by saying that its indicator goes up (…比重提高幅度)."""
    return _RISE.search(name) is not None


def tells_fall(name: str) -> bool:
    """Whether a name ends by saying that its indicator goes down (…比重降低幅度)."""
    return _FALL.search(name) is not None


class Units:
    """Printed units with their factors."""

    def __init__(self, names: Iterable[UnitName]) -> None:
        self._by_word = {each.printed: each for each in names}

    def ratio(self, printed: str, wanted: str) -> Decimal | None:
        """What one ``printed`` is in ``wanted``; None where they do not measure the same."""
        if printed == wanted:
            return Decimal(1)
        a, b = self._by_word.get(printed), self._by_word.get(wanted)
        return Decimal(a.factor) / Decimal(b.factor) if a and b and a.id == b.id else None

    def printed(self, base: str) -> tuple[str, ...]:
        """Every printed form of the base unit with that id, in the order of the policy file."""
        return tuple(word for word, each in self._by_word.items() if each.id == base)

    def measures(self, printed: str, base: str) -> bool:
        """Whether a printed unit is one of the base unit with that id."""
        known = self._by_word.get(printed)
        return known is not None and known.id == base


def _plain(word: str) -> str:
    return _SPACES.sub("", word).replace("(", "（").replace(")", "）").lower()
