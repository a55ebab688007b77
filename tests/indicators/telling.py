"""The engine by the rules of the policy, with figures as a bulletin or a plan prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.graph import Subjects
from shuangkong.indicators.rounding import published_grid
from shuangkong.policyfile.expression.given import exact
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()
PLACE = Subject("region", "990000")
_PLAN_YEARS = 5


def base_year(year: int) -> int:
    """The last year of the plan before: 2010 for 2011 to 2015."""
    return (year - 1) // _PLAN_YEARS * _PLAN_YEARS


def told(indicator: str, period: int | str, figure: str, unit: str = "%", subject: Subject = PLACE) -> Fact:
    """A figure in the unit in which it is printed; ``figure`` may be the word of a state."""
    cell = Cell(subject, indicator, Period.parse(str(period)))
    form = BOOK.units()[unit]
    states = {state.value: state for state in State}
    state = states.get(figure, State.VALUE)
    value = form.to_base(Decimal(figure)) if state is State.VALUE else None
    return Fact(
        cell=cell, state=state, value=value, unit=form.unit.id, maturity=Maturity.FINAL, origin=Origin.REPORTED,
        evidence=Evidence.STATISTICAL, source="公报", recorded_on=date(2026, 1, 1),
    )  # fmt: skip


def engine(facts: Iterable[Fact], parts: Mapping[Subject, tuple[Subject, ...]] | None = None) -> Engine:
    """Knows the facts and, where ``parts`` says so, who is part of whom."""
    below = parts or {}
    above = {part: whole for whole, each in below.items() for part in each}
    law = Law(
        indicators=BOOK.every_rule(),
        forms=BOOK.units(),
        parameter=BOOK.parameter,
        sources=BOOK.sources(),
        base_year=base_year,
        subjects=Subjects(above.get, lambda whole: below.get(whole, ())),
    )
    return Engine(law, {fact.cell: fact for fact in facts})


def published(found: Engine, indicator: str, period: int | str, subject: Subject = PLACE) -> Decimal:
    """The engine's figure as it is published, in the unit in which it is shown."""
    figure = found.figure(Cell(subject, indicator, Period.parse(str(period))))
    assert figure.value is not None, f"{figure.cell}: {figure.state}"
    rule = BOOK.indicator_rules()[indicator]
    grid, form = published_grid(rule, BOOK.units()), BOOK.units()[rule.display]
    value = grid.rounded(exact(figure.value)) if grid else figure.value
    return value / form.factor
