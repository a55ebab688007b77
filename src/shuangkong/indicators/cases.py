"""指标的案例: worked examples beside an indicator (``x.cases.yaml``), each of which must hold.

Facts and expectations are numbers in the base unit, numbers with a printed unit (507 万吨标准煤), or a state;
parameters come from the policy of the case's day. ``value`` is the figure as kept, ``published`` as shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import State
from shuangkong.core.finding import Finding, Message
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.book import read_indicators
from shuangkong.indicators.formula import IN_PER_CENT, Formula, Indicator
from shuangkong.indicators.methods import METHODS, Given, NotForMethod, compute
from shuangkong.indicators.rounding import kept_grid, published_grid
from shuangkong.indicators.tables import table_cells
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression.given import Told, exact
from shuangkong.policyfile.expression.row import evaluate
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.refusal import refuse

_WITH_UNIT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*(\S+)")
_STATES = {state.value: state for state in State if state is not State.VALUE}
_PER_CENT = "pct"
_ENDING = ".cases.yaml"


class NotAFigure(ValueError):
    """Text that tells no figure in the unit asked for."""


def check_indicator_cases(folder: PolicyFolder) -> Iterator[Finding]:
    """A finding for each case of an indicator's expression that fails: a check of the whole folder."""
    for layer in folder.layers:
        beside = f"{layer}/indicators"
        files = [name for name in folder.names if name.endswith(_ENDING) and name.rpartition("/")[0] == beside]
        trials = _Trials(folder, layer) if files else None
        for name in files:
            read = folder.check(name)
            if trials and isinstance(read.node, node.Listing) and not read.findings:
                indicator = trials.indicators.get(books.id_of(name).removesuffix(".cases"))
                for case in read.node.mappings() if indicator else ():
                    yield from trials.findings(indicator, case) if indicator else ()


@dataclass
class _Trials:
    folder: PolicyFolder
    layer: str

    def __post_init__(self) -> None:
        self.cells = table_cells(self.folder, self.layer)
        self.indicators = read_indicators(self.folder, self.layer, self.cells, METHODS).indicators
        self.forms = books.units(self.folder)

    def findings(self, indicator: Indicator, case: node.Mapping) -> Iterator[Finding]:
        day = case.day("day")
        formula = next((one for one in indicator.formulas if day and one.validity.holds_on(day)), None)
        if formula is None or day is None:
            yield _failed(case, "formula", "—")
            return
        facts = case.mapping("facts")
        if set(facts.entries) != set(formula.inputs):
            expected, found = ", ".join(sorted(formula.inputs)), ", ".join(sorted(facts.entries))
            yield refuse("POL-052", facts.place, expected=expected, found=found)
            return
        try:
            told = self.told(formula, facts)
            expected_figures = self.expected(indicator, case)
        except NotAFigure as lack:
            found, unit = lack.args
            yield refuse("POL-053", facts.place, found=found, unit=unit)
            return
        try:
            told |= self.parameters(formula, day)
        except NotInForce as lack:
            # Without the value there is no figure: a case may expect just that.
            if any(figure is not State.MISSING for figure in expected_figures.values()):
                yield _failed(case, str(day), str(lack))
            return
        try:
            outcomes = self.outcomes(indicator, formula, told)
        except NotForMethod as lack:
            yield _failed(case, "formula", str(lack))
            return
        for key, expected_figure in expected_figures.items():
            if expected_figure != outcomes[key]:
                yield _failed(case, self.spoken(indicator, expected_figure), self.spoken(indicator, outcomes[key]))

    def told(self, formula: Formula, facts: node.Mapping) -> dict[str, Given]:
        """What the case tells of each input, in the unit of the input; a list is a series, counted from 1."""
        units = {name: self.unit_of(taken.indicator) for name, taken in formula.inputs.items()}
        units |= {name: _PER_CENT for name, taken in formula.inputs.items() if taken.measure in IN_PER_CENT}
        return {name: self.given(entry, units[name]) for name, entry in facts.entries.items()}

    def given(self, entry: node.Node, unit: str) -> Given:
        if isinstance(entry, node.Listing):
            return {str(at): figure(item, unit, self.forms) for at, item in enumerate(entry.items, start=1)}
        return figure(entry, unit, self.forms)

    def unit_of(self, indicator: str) -> str:
        return self.cells.get(indicator) or self.indicators[indicator].unit

    def parameters(self, formula: Formula, day: date) -> dict[str, Given]:
        """Raises NotInForce where the policy has no value on the day."""
        found: dict[str, Given] = {}
        for name, parameter in formula.parameters.items():
            word, _, last = parameter.rpartition("/")
            names = names_in_force(self.folder, chain(self.folder, self.layer), word)
            found[name] = books.parameter(self.folder, names[last]).on(day).number
        return found

    def expected(self, indicator: Indicator, case: node.Mapping) -> dict[str, Told]:
        return {key: figure(entry, indicator.unit, self.forms) for key, entry in case.mapping("expect").entries.items()}

    def outcomes(self, indicator: Indicator, formula: Formula, told: Mapping[str, Given]) -> dict[str, Told]:
        """``value`` and ``published``; raises NotForMethod."""
        name, grid = Message(indicator.zh, indicator.en), kept_grid(indicator, self.forms)
        if formula.expression is None:
            outcome = compute(formula.method, told, name, indicator.unit, grid)
        else:
            singles = {key: each for key, each in told.items() if isinstance(each, (Decimal, State))}
            outcome = evaluate(formula.expression, singles, name, indicator.unit, grid)
        value: Told = outcome.state if outcome.value is None else outcome.value
        shown = published_grid(indicator, self.forms)
        published = shown.rounded(exact(value)) if shown and isinstance(value, Decimal) else value
        return {"value": value, "published": published}

    def spoken(self, indicator: Indicator, told: Told) -> str:
        """A figure as a person reads it: in the display unit."""
        form = self.forms.get(indicator.display)
        if not isinstance(told, Decimal):
            return told.value
        return f"{(told / form.factor).normalize():f} {form.printed}" if form else f"{told.normalize():f}"


def figure(entry: node.Node, unit: str, forms: Mapping[str, PrintedUnit]) -> Told:
    """What a fact of a case tells, in ``unit``; raises NotAFigure."""
    if isinstance(entry, node.Leaf) and not isinstance(entry.value, str):
        return node.as_number(entry)
    text = node.as_text(entry) if isinstance(entry, node.Leaf) else "- …"
    if text in _STATES:
        return _STATES[text]
    match = _WITH_UNIT.fullmatch(text.strip())
    form = forms.get(match[2]) if match else None
    if match is None or form is None or form.unit.id != unit:
        raise NotAFigure(text, unit)
    return form.to_base(Decimal(match[1]))


def _failed(case: node.Mapping, expected: str, found: str) -> Finding:
    return refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)
