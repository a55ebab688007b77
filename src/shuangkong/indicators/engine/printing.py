"""印发的数: a figure as a person reads it: in the indicator's display unit, with the decimals that are published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import Cell, Fact, State
from shuangkong.core.finding import Message
from shuangkong.core.rounding import as_printed
from shuangkong.core.trace import Figure, Step
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.rounding import published_grid
from shuangkong.policyfile.expression.given import exact, written


@dataclass(frozen=True, slots=True)
class Printed:
    """``value`` is in ``unit``, a printed form; "" and None where there is no figure."""

    value: Decimal | None
    unit: str

    @property
    def text(self) -> str:
        return "" if self.value is None else f"{self.value:f}"


def published(value: Decimal | None, rule: Indicator | None, forms: Mapping[str, PrintedUnit], unit: str) -> Printed:
    """As it is published; ``unit``: base unit of ``value``, in which it stays where its indicator names no other."""
    form = forms.get(rule.display) if rule else None
    if value is None or rule is None or form is None or form.unit.id != unit:
        return kept(value, rule, forms, unit)
    grid = published_grid(rule, forms)
    at_rest = value if grid is None else grid.rounded(exact(value))
    shown = written(exact(at_rest) / exact(form.factor))
    places = rule.rounding.published
    return Printed(as_printed(shown) if places is None else shown.quantize(Decimal(1).scaleb(-places)), form.printed)


def kept(value: Decimal | None, rule: Indicator | None, forms: Mapping[str, PrintedUnit], unit: str) -> Printed:
    """As it enters other figures, in the display unit: with all the digits that it has."""
    form = forms.get(rule.display) if rule else None
    if value is None or form is None or form.unit.id != unit:
        return Printed(None if value is None else as_printed(value), unit)
    return Printed(as_printed(written(exact(value) / exact(form.factor))), form.printed)


def at_rest(value: Decimal | None, rule: Indicator | None, forms: Mapping[str, PrintedUnit], unit: str) -> Printed:
    """In the display unit with the decimals with which it enters other figures; as published where none are said."""
    places = rule.rounding.kept if rule else None
    if places is None:
        return published(value, rule, forms, unit)
    shown = kept(value, rule, forms, unit)
    return shown if shown.value is None else Printed(shown.value.quantize(Decimal(1).scaleb(-places)), shown.unit)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a tree on a page or sheet: how deep it stands and by what name it enters the one above."""

    depth: int
    symbol: str
    figure: Figure


def lines(figure: Figure) -> Iterator[Line]:
    """The tree from the top down. What stands in it twice is told with its inputs once."""
    told: set[Cell] = set()
    waiting = [Line(0, "", figure)]
    while waiting:
        line = waiting.pop()
        yield line
        if line.figure.cell not in told:
            told.add(line.figure.cell)
            waiting.extend(Line(line.depth + 1, name, each) for name, each in reversed(line.figure.inputs))


def as_json(figure: Figure) -> dict[str, Any]:
    """The whole tree for a program: numbers as text in base units, nothing rounded for display."""
    cell = figure.cell
    return {
        "subject": str(cell.subject),
        "indicator": cell.indicator,
        "period": str(cell.period),
        "measure": cell.measure.value,
        "state": figure.state.value,
        "value": _text(figure.value),
        "unit": figure.unit,
        "told": _fact_json(figure.fact) if figure.fact else None,
        "steps": [_step_json(step) for step in figure.steps],
        "inputs": {name: as_json(each) for name, each in figure.inputs},
        "doubts": [_message_json(doubt) for doubt in figure.doubts],
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    return {
        "state": fact.state.value,
        "value": _text(fact.value),
        "unit": fact.unit,
        "maturity": fact.maturity.value,
        "origin": fact.origin.value,
        "evidence": fact.evidence.value,
        "source": fact.source,
        "recorded_on": fact.recorded_on.isoformat(),
        "version": fact.version,
        "is_demo": fact.is_demo,
    }


def _step_json(step: Step) -> dict[str, Any]:
    clause = step.clause
    return {
        "name": _message_json(step.name),
        "formula": step.formula,
        "inputs": {name: _text(value) for name, value in step.inputs},
        "value": _text(step.value),
        "unit": step.unit,
        "rule": _message_json(clause.words) | {"is_verified": clause.is_verified} if clause else None,
        **({"rests_on": list(step.rests_on)} if step.rests_on else {}),
    }


def _message_json(message: Message) -> dict[str, Any]:
    return {"zh": message.zh, "en": message.en}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


STATE_WORDS: Mapping[State, Message] = {
    State.VALUE: Message("有数", "a figure"),
    State.MISSING: Message("缺", "missing"),
    State.NOT_APPLICABLE: Message("不适用", "not applicable"),
    State.SUPPRESSED: Message("不公布", "suppressed"),
}
