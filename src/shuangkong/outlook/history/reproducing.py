"""复算: the level that the rule of the day gives for what was published, beside the level that was published.

Bulletins come out for whole years. Where those are all that is known of a period within the year, the year stands in
for it, and the outcome says so; where the period's own figure is known as well, both are tried.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.basis import Given
from shuangkong.outlook.barometer.cases import upwards
from shuangkong.outlook.barometer.facts import intensity_facts, total_facts
from shuangkong.outlook.barometer.judging import Judgement, judge
from shuangkong.outlook.barometer.level import Cause, Level
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.outlook.history.published import History, PublishedTable
from shuangkong.policyfile.expression.given import Told

_CHANGE = "energy_intensity_change"
_GROWTH = "consumption_growth"


class Outcome(StrEnum):
    """What became of one published cell."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One published cell and what the rule says.

    Attributes:
        stands_in: the whole year that was taken for the period; None where the period's own figure was.
    """

    table: str
    region: str
    period: Period
    published: Level
    judgement: Judgement
    outcome: Outcome
    stands_in: Period | None = None

    @property
    def cause(self) -> Cause | None:
        """Why it was not judged."""
        return self.judgement.cause

    def compared(self, name: str) -> Decimal | None:
        """A figure that the conditions compared, such as ``required``."""
        inputs = (dict(step.inputs) for step in self.judgement.figure.steps)
        return next((found[name] for found in inputs if name in found), None)


def reproduce(history: History, rules: Mapping[str, Rule]) -> tuple[Reproduced, ...]:
    """Every published cell, in the order of tables and codes; twice where two figures of it are known.

    Args:
        rules: by id, those of the barometer (rule_book.rules). A table of a rule that is not there is an error.
    """
    return tuple(
        _reproduced(table, region, rules[table.rule], given, year)
        for table in history.tables
        for region in sorted(table.levels)
        for given, year in _given(history, rules[table.rule], region, table.period)
    )


def disagreements(reproduced: Iterable[Reproduced]) -> tuple[Reproduced, ...]:
    """Those in which the rule says another level than was published."""
    return tuple(each for each in reproduced if each.outcome is Outcome.DISAGREES)


def causes(reproduced: Iterable[Reproduced]) -> Mapping[str, Mapping[Cause, int]]:
    """Table → how many of its cells could not be judged, by cause."""
    found: dict[str, Counter[Cause]] = {}
    for each in reproduced:
        if each.cause is not None:
            found.setdefault(each.table, Counter())[each.cause] += 1
    return found


def _reproduced(
    table: PublishedTable, region: str, rule: Rule, given: Mapping[str, Given], year: Period | None
) -> Reproduced:
    cell = Cell(Subject("region", region), rule.id, table.period)
    judgement, published = judge(rule, cell, given, upwards(region)), table.levels[region]
    agreed = Outcome.AGREES if judgement.level is published else Outcome.DISAGREES
    outcome = Outcome.NOT_JUDGED if judgement.level is None else agreed
    return Reproduced(table.id, region, table.period, published, judgement, outcome, year)


def _given(
    history: History, rule: Rule, region: str, period: Period
) -> Iterator[tuple[Mapping[str, Given], Period | None]]:
    """What is known of a region for the rule: of the period itself and of its year, or of neither."""
    whole = Period(period.year)
    known = [each for each in (period, whole) if _figure(history, region, each, _column(rule)) is not State.MISSING]
    for each in known or [period]:
        yield _facts(history, rule, region, period, each), None if each == period else whole


def _column(rule: Rule) -> str:
    return _CHANGE if rule.figures == "intensity" else _GROWTH


def _facts(history: History, rule: Rule, region: str, period: Period, of: Period) -> Mapping[str, Given]:
    if rule.figures == "total":
        return _total_facts(history, region, period, of)
    promise = history.promise(region, period)
    plan = promise.plan if promise else None
    promised = _told(promise.figures.get("decline") if promise else None)
    earlier = range(plan.year, period.year) if plan else ()
    changes = {year: _figure(history, region, Period(year), _CHANGE) for year in earlier}
    return intensity_facts(plan, promised, changes, period, _figure(history, region, of, _CHANGE))


def _total_facts(history: History, region: str, period: Period, of: Period) -> Mapping[str, Given]:
    """Levels are chained from the base by the published growth of every year; one year missing leaves them unknown."""
    promise = history.promise(region, period)
    figures = promise.figures if promise else {}
    base, plan = figures.get("base_consumption"), promise.plan if promise else None
    last: Told = _told(base)
    for year in range(plan.year if plan else period.year, period.year):
        last = _grown(last, _figure(history, region, Period(year), _GROWTH))
    levels = {"last": last, "before": last, "actual": _grown(last, _figure(history, region, of, _GROWTH))}
    return total_facts(plan, _told(base), _told(figures.get("increment_cap")), period, levels)


def _grown(level: Told, growth: Told) -> Told:
    if isinstance(level, Decimal) and isinstance(growth, Decimal):
        return level * (1 + growth / 100)
    return State.MISSING


def _figure(history: History, region: str, period: Period, column: str) -> Told:
    found = history.changes.get((region, period))
    return _told(found.figures.get(column) if found else None)


def _told(value: Decimal | None) -> Told:
    return State.MISSING if value is None else value
