"""检查目录: the rows that say what each check is called, how heavy it is and what a person is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.plans.lexicon import IndicatorName, Lexicon


class CatalogueError(Exception):
    """The catalogue and the code do not name the same checks, or a row lacks what its check needs."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows by code, their limits by name, and the words of the field that the checks share with the reader."""

    rows: Mapping[str, Check]
    limits: Mapping[str, Decimal]
    lexicon: Lexicon

    @classmethod
    def of(cls, checks: Iterable[Check], lexicon: Lexicon, on: date) -> Catalogue:
        """The catalogue with the limits in force on a day.

        Raises:
            CatalogueError: a code or a limit's name occurs twice.
        """
        rows: dict[str, Check] = {}
        limits: dict[str, Decimal] = {}
        for check in checks:
            if check.code in rows:
                raise CatalogueError(f"{check.code}: expected once in the catalogue, found twice; renumber one of them")
            rows[check.code] = check
            for name in check.limit:
                if name in limits:
                    raise CatalogueError(f"{check.code}: limit {name}: expected in one row, found in two; rename one")
                limits[name] = check.limit_on(name, on)
        return cls(rows, limits, lexicon)

    def indicator(self, indicator_id: str) -> IndicatorName:
        """An indicator that a check speaks of. Raises CatalogueError where policy has none of that id."""
        for indicator in self.lexicon.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise CatalogueError(
            f"indicator {indicator_id}: expected in policy/<layer>/indicators/, found none; "
            "restore the file or change the check that asks for it"
        )

    def limit(self, name: str) -> Decimal:
        """Raises CatalogueError where no row has a limit of that name."""
        if name not in self.limits:
            raise CatalogueError(f"limit {name}: expected in a catalogue row, found none; add it to checks.yaml")
        return self.limits[name]
