"""A generated nation: its regions and units, 300 indicators of the policy, and what its leaves tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Asked, Law
from shuangkong.indicators.formula import Aggregation
from shuangkong.indicators.graph import Subjects, periods_taken
from shuangkong.indicators.table_words import is_of_table

_NOBODY = Subject("", "")


@dataclass(frozen=True)
class Nation:
    """Codes of regions by level, the lower spread evenly over those above; units spread over counties."""

    provinces: int
    cities: int
    counties: int
    units: int

    @cached_property
    def parents(self) -> dict[str, str]:
        """Code → code of the region above it, "" at the top; from the top down."""
        tops = [f"{70 + number // 10}{number % 10}000" for number in range(self.provinces)]
        cities = {f"C{number:05d}": tops[number % len(tops)] for number in range(self.cities)}
        names = list(cities)
        counties = {f"D{number:05d}": names[number % len(names)] for number in range(self.counties)}
        return dict.fromkeys(tops, "") | cities | counties

    @property
    def levels(self) -> dict[str, str]:
        kinds = {"C": "city", "D": "county"}
        return {code: kinds.get(code[0], "province") for code in self.parents}

    @property
    def county_codes(self) -> list[str]:
        return [code for code in self.parents if code.startswith("D")]

    @property
    def region_of_units(self) -> dict[str, str]:
        counties = self.county_codes
        return {f"U{number:06d}": counties[number % len(counties)] for number in range(self.units)}

    @property
    def leaves(self) -> list[Subject]:
        """Who tells: counties and units."""
        counties = [Subject("region", code) for code in self.county_codes]
        return [*counties, *(Subject("unit", code) for code in self.region_of_units)]

    def subjects(self) -> Subjects:
        """Who is part of whom, as records.indicators.territory has it from the registers."""
        parts: dict[str, list[Subject]] = {}
        for code, parent in self.parents.items():
            parts.setdefault(parent, []).append(Subject("region", code))
        units = self.region_of_units

        def whole(subject: Subject) -> Subject | None:
            code = self.parents.get(subject.code) if subject.kind == "region" else units.get(subject.code)
            return Subject("region", code) if code else None

        return Subjects(whole, lambda subject: parts.get(subject.code, ()) if subject.kind == "region" else ())


@dataclass(frozen=True)
class Telling:
    """Which of the indicators of the policy a nation has, and what its leaves tell for one month to be computed.

    First those with a formula in force and all they take; then those that add up over places; then others. What rests
    on a table of figures (the energy balance) is told instead.
    """

    law: Law
    month: Period
    count: int

    @cached_property
    def computed(self) -> frozenset[str]:
        return frozenset(key for key in self.law.indicators if not _is_of_table(key) and self._is_computed(key))

    def _is_computed(self, key: str) -> bool:
        formula = self.law.formula(key, self.month)
        return formula is not None and not any(_is_of_table(each.indicator) for each in formula.inputs.values())

    @cached_property
    def indicators(self) -> list[str]:
        plain = {key: rule for key, rule in self.law.indicators.items() if not _is_of_table(key)}
        formulas = (self.law.formula(key, self.month) for key in self.computed)
        taken = sorted({each.indicator for found in formulas if found for each in found.inputs.values()})
        adding = (key for key, rule in plain.items() if rule.in_space is Aggregation.SUM)
        return list(dict.fromkeys([*sorted(self.computed), *taken, *adding, *plain]))[: self.count]

    @cached_property
    def resting(self) -> frozenset[Asked]:
        """All columns that the computed ones rest on, back to the base year: what it had is told."""
        waiting = [Asked(key, self.month) for key in self.computed & set(self.indicators)]
        seen: set[Asked] = set()
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                formula = self.law.formula(here.indicator, here.period) if self._is_open(here) else None
                for taken in formula.inputs.values() if formula else ():
                    periods = periods_taken(taken.shift, here.period, self.law.base_year)
                    waiting += [Asked(taken.indicator, period, taken.measure) for period in periods]
        return frozenset(seen)

    def _is_open(self, asked: Asked) -> bool:
        base = self.law.base_year(self.month.year) or self.month.year
        return asked.indicator in self.computed and asked.period.year > base

    def told(self) -> dict[Period, list[str]]:
        """Month → indicators that are told of it."""
        found = {self.month: [key for key in self.indicators if key not in self.computed]}
        for asked in sorted(self.resting):
            if asked.period.months == 1 and asked.period != self.month and not self._is_open(asked):
                found.setdefault(asked.period, []).append(asked.indicator)
        return found


def figures(period: Period, columns: int, leaves: int, draw: int = 0) -> Iterator[pl.Series]:
    """For each column a figure of every leaf, with two decimals, as files have them."""
    drawn = np.random.default_rng((period.first_month, draw))
    for _ in range(columns):
        cents = pl.Series(drawn.integers(10_000, 99_999_999, leaves))
        digits = cents.cast(pl.String)
        yield digits.str.head(-2) + "." + digits.str.tail(2)


def _is_of_table(key: str) -> bool:
    return is_of_table(Cell(_NOBODY, key, Period(2000)))
