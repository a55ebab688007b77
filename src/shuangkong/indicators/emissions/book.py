"""减排核算的规定: pollutants, classes, formulas and checks of a layer, together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.core.check import Check
from shuangkong.indicators.emissions.formula_book import ROOM, formulas
from shuangkong.indicators.emissions.formulas import EmissionFormula, Sort
from shuangkong.indicators.emissions.pollutant import Classes, Pollutant, classes, pollutants
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder


@dataclass(frozen=True, slots=True)
class Accounting:
    """The rules of one layer, each by its id."""

    pollutants: Mapping[str, Pollutant]
    classes: Classes
    formulas: Mapping[str, EmissionFormula]
    checks: Mapping[str, Check]

    def reductions(self, on: date) -> dict[str, EmissionFormula]:
        """The formulas of reductions in force on a day."""
        return {
            key: each
            for key, each in self.formulas.items()
            if each.sort is Sort.REDUCTION and each.validity.holds_on(on)
        }


def accounting(folder: PolicyFolder, layer: str) -> Accounting:
    """Raises PolicyRefused where a file cannot be used."""
    checks = {check.code: check for check in books.checks(folder, ROOM)}
    return Accounting(pollutants(folder, layer), classes(folder), formulas(folder, layer), checks)
