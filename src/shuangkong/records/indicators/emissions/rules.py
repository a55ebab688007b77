"""所在地的规定: pollutants, formulas and factors that a place accounts by in a year: those of its nearest layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.indicators.emissions.book import Accounting
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR
from shuangkong.indicators.emissions.formulas import EmissionFormula, ParameterOn, Reckoned, reckon
from shuangkong.policyfile.books import NATION
from shuangkong.rulebook import open_rulebook


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a place on a day."""

    accounting: Accounting
    parameter: ParameterOn
    day: date

    def reckoned(self, formula: EmissionFormula, inputs: Mapping[str, Decimal]) -> Reckoned:
        """What a formula yields by the factors of the place. Raises as ``formulas.reckon``."""
        return reckon(formula, inputs, self.day, self.parameter, self.accounting.checks)


def rules_at(place: str, day: date | None = None) -> Rules:
    """Those in force in a place on a day, else today; of the nation where the place is unknown or empty.

    Raises PolicyRefused where a file cannot be used.
    """
    book, on = open_rulebook(), day or timezone.localdate()
    layer = book.layer_of(place, on) if place and book.layers_of_places() else NATION
    return Rules(book.accounting(layer), partial(book.parameter, layer=layer), on)


def rules_of(place: str, month: int) -> Rules:
    """Those at the end of the year of a month, which is counted from January of the year 0."""
    return rules_at(place, Period(month // MONTHS_A_YEAR).last_day)
