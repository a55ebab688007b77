"""不计入前后: an assessed figure beside the one before exclusions, with the rule in force and what it takes away.

Of all that the formula takes, the figures come from the engine of the figure itself: what is stated here is what its
explanation says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, Law, cells_of_input
from shuangkong.indicators.engine.leaves import is_demo
from shuangkong.indicators.exclusions import SideBySide, is_exempt_from_total, side_by_side
from shuangkong.indicators.formula import Formula, Indicator
from shuangkong.indicators.rounding import kept_grid, published_grid
from shuangkong.policyfile.expression.given import Told

#: Inputs of the formulas that take nothing away by themselves.
KEPT = frozenset({"total_consumption", "gdp_constant", "saving_need"})
#: Assessed figures that a place need not answer for → the margin by which it goes beyond its incentive target.
EXEMPTING = {"assessed_total_consumption": "incentive_target_margin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One assessed figure.

    Attributes:
        figure: the figure itself, with its tree, found by ``law``.
        clause: the rule in force; None where there is none.
        sides: both at rest on the grid on which the figure is kept; None where no rule is in force for the period, or
            it lacks a parameter (``lack`` says which).
        margin: of the total, by how much the decline goes beyond the incentive target; None where no rule is in force.
        inputs: by indicator, the figure of what the rule takes; the first one where it takes several.
    """

    rule: Indicator
    figure: Figure
    law: Law
    clause: Message | None = None
    is_verified: bool = False
    sides: SideBySide | None = None
    inputs: Mapping[str, Figure] = field(default_factory=dict)
    lack: str = ""
    margin: Figure | None = None

    @property
    def is_exempt(self) -> bool | None:
        """激励目标: whether the place need not answer for its total; None where no rule says so or figures lack."""
        return None if self.margin is None else is_exempt_from_total(_told((self.margin,)))

    @property
    def cell(self) -> Cell:
        return self.figure.cell

    @property
    def is_demo(self) -> bool:
        return any(is_demo(each) for each in self.inputs.values())


def statement(cell: Cell, engine: Engine) -> Statement | None:
    """The statement of an assessed figure; None where the indicator has no rule at all."""
    law = engine.law
    rule, formula = law.indicators.get(cell.indicator), law.formula(cell.indicator, cell.period)
    if rule is None:
        return None
    figure = engine.figure(cell)
    if formula is None or formula.expression is None:
        return Statement(rule=rule, figure=figure, law=law)
    taken = {name: tuple(map(engine.figure, cells_of_input(each, cell, law))) for name, each in formula.inputs.items()}
    inputs: dict[str, Figure] = {}
    for figures in taken.values():
        for each in figures:
            inputs.setdefault(each.cell.indicator, each)
    told = {name: _told(figures) for name, figures in taken.items()}
    sides, lack = None, ""
    try:
        sides = _sides(rule, formula, told, engine, cell)
    except NotInForce as fault:
        lack = str(fault)
    clause = law.clause(formula.source, formula.at, formula.is_verified)
    stated = Statement(rule=rule, figure=figure, law=law, sides=sides, inputs=inputs, lack=lack)
    return replace(stated, clause=clause.words, is_verified=clause.is_verified, margin=_margin(cell, engine))


def cells_of_statement(cell: Cell) -> tuple[Cell, ...]:
    """What an engine is asked for before its statement."""
    margin = EXEMPTING.get(cell.indicator)
    return (cell,) if margin is None else (cell, replace(cell, indicator=margin))


def _margin(cell: Cell, engine: Engine) -> Figure | None:
    """None where no rule about incentive targets is in force for the period."""
    held = [each for each in cells_of_statement(cell)[1:] if engine.law.formula(each.indicator, each.period)]
    return engine.figure(held[0]) if held else None


def _sides(rule: Indicator, formula: Formula, told: Mapping[str, Told], engine: Engine, cell: Cell) -> SideBySide:
    """Raises NotInForce where a parameter has no value on the last day of the period."""
    law = engine.law
    parameters: dict[str, Decimal] = {
        name: law.parameter(key, cell.period.last_day).number for name, key in formula.parameters.items()
    }
    grid = kept_grid(rule, law.forms) or published_grid(rule, law.forms)
    return side_by_side(formula, {**told, **parameters}, KEPT, Message(rule.zh, rule.en), rule.unit, grid)


def _told(figures: tuple[Figure, ...]) -> Told:
    if not figures:
        return State.MISSING
    return figures[0].state if figures[0].value is None else figures[0].value
