"""因地适用: whose figure it is decides whose law it is found by, all the way down to what it rests on.

A city that adds up its counties does so by its own law, each county's own figure is found by that of the county.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Law
from shuangkong.indicators.engine.everyone import Flags
from shuangkong.indicators.formula import Indicator
from shuangkong.policyfile.books import NATION
from shuangkong.records.indicators.columns import Everybody
from shuangkong.records.indicators.law import law_of
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.rulebook import Rulebook, open_rulebook

_WITHIN = "/"


def place_of(subject: Subject, territory: Territory) -> str:
    """Code of the region that a subject is or lies in; empty where nobody knows."""
    if subject.kind == REGION:
        return subject.code
    whole = territory.whole(subject)
    if whole is not None:
        return whole.code
    return subject.code.partition(_WITHIN)[0] if _WITHIN in subject.code else ""


def law_for(subject: Subject, period: Period, territory: Territory, rulebook: Rulebook | None = None) -> Law:
    """The law of the nearest layer of the subject's place on the last day of the period."""
    book = rulebook or open_rulebook()
    layer = book.layer_of(place_of(subject, territory), period.last_day) if book.layers_of_places() else NATION
    return law_of(territory, book, layer)


class Laws:
    """The laws of all layers in use, and who is under which; with a ``law`` given, everyone is under that one."""

    def __init__(self, territory: Territory, law: Law | None = None, rulebook: Rulebook | None = None) -> None:
        self.territory, self._given = territory, law
        self._book = rulebook or open_rulebook()
        self.layers = (NATION,) if law is not None else (NATION, *self._book.layers_of_places())
        self.law = cache(self._law)

    @property
    def version(self) -> str:
        return self.law(NATION).version

    def _law(self, layer: str) -> Law:
        return self._given or law_of(self.territory, self._book, layer)

    def layer_of(self, subject: Subject, period: Period) -> str:
        if len(self.layers) == 1:
            return NATION
        return self._book.layer_of(place_of(subject, self.territory), period.last_day)

    def law_for(self, cell: Cell) -> Law:
        """The law that a cell's figure is found by."""
        return self.law(self.layer_of(cell.subject, cell.period))

    def rule(self, cell: Cell) -> Indicator | None:
        """What the law of its place says of a cell's indicator."""
        return self.law_for(cell).indicators.get(cell.indicator)

    def by_layer(self, cells: Iterable[Cell]) -> dict[str, frozenset[Cell]]:
        """The cells under each layer; layers without any are left out."""
        found: dict[str, set[Cell]] = {}
        for cell in cells:
            found.setdefault(self.layer_of(cell.subject, cell.period), set()).add(cell)
        return {layer: frozenset(under) for layer, under in found.items()}

    def rows_under(self, layer: str, period: Period, everybody: Everybody) -> Flags | None:
        """Which rows of everyone are under a layer at the end of a period; None: all."""
        if len(self.layers) == 1:
            return None
        subjects = everybody.everyone.subjects
        return np.fromiter((self.layer_of(each, period) == layer for each in subjects), np.bool_, len(subjects))
