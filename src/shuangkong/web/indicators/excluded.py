"""不计入前后: an assessed figure beside the one before exclusions, and what each exclusion moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.engine import cells_of_input
from shuangkong.indicators.engine_leaves import is_demo
from shuangkong.indicators.exclusions import SideBySide, side_by_side
from shuangkong.indicators.formula import Formula, Indicator
from shuangkong.indicators.rounding import published_grid
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import law_for
from shuangkong.records.indicators.territory import Territory

#: Indicators whose dated formulas say what is excluded.
ASSESSED = ("assessed_total_consumption", "assessed_energy_intensity")
#: Inputs of those formulas that are no exclusions.
KEPT = frozenset({"total_consumption", "gdp_constant", "saving_need"})


@dataclass(frozen=True, slots=True)
class Statement:
    """``sides`` None: no rule is in force for the period, or it lacks a parameter (``lack`` says which)."""

    rule: Indicator
    cell: Cell
    formula: Formula | None
    clause: Message | None
    is_verified: bool
    sides: SideBySide | None
    inputs: tuple[tuple[str, Cell, Told], ...] = ()
    lack: str = ""
    is_demo: bool = False


def statements(subject: Subject, year: int, as_of: date | None = None) -> tuple[Statement, ...]:
    """One of each assessed indicator. 4 queries for each step of formulas."""
    territory = Territory()
    law = law_for(subject, Period(year), territory)
    cells = [Cell(subject, indicator, Period(year)) for indicator in ASSESSED]
    engine = engine_for(cells, territory, law, as_of)
    found = []
    for cell in cells:
        rule, formula = law.indicators[cell.indicator], law.formula(cell.indicator, cell.period)
        if formula is None or formula.expression is None:
            found.append(Statement(rule, cell, None, None, is_verified=False, sides=None))
            continue
        clause = law.clause(formula.source, formula.at, formula.is_verified)
        inputs = []
        for name, taken in formula.inputs.items():
            for one in cells_of_input(taken, cell, law):
                figure = engine.figure(one)
                inputs.append((name, one, figure.state if figure.value is None else figure.value))
        told: dict[str, Told] = {}
        for name in formula.inputs:
            told[name] = State.MISSING
        for name, _one, said in inputs:
            told[name] = said
        sides, lack = None, ""
        try:
            parameters: dict[str, Decimal] = {
                name: law.parameter(key, cell.period.last_day).number for name, key in formula.parameters.items()
            }
            sides = side_by_side(
                formula, told | parameters, KEPT, Message(rule.zh, rule.en), rule.unit, published_grid(rule, law.forms)
            )
        except NotInForce as fault:
            lack = str(fault)
        found.append(
            Statement(
                rule, cell, formula, clause.words, clause.is_verified, sides, tuple(inputs), lack,
                is_demo=any(is_demo(engine.figure(one)) for _, one, _ in inputs),
            )
        )  # fmt: skip
    return tuple(found)
