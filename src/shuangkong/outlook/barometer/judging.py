"""判定: figures and a rule → a level with its trace, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure, Step
from shuangkong.outlook.barometer.basis import Figures, Given, figures
from shuangkong.outlook.barometer.level import CAUSES, WORDS, Cause, Level
from shuangkong.outlook.barometer.rule import Rule, Version
from shuangkong.policyfile.expression import Expression, nodes
from shuangkong.policyfile.expression.given import Lack, Told, exact
from shuangkong.policyfile.expression.row import holds, unrounded

#: A level is a plain number in a trace.
_UNIT = "count"
_UNVERIFIED = Message("判定规定未与原文核对", "The rule has not been compared with its document")
_ON_THE_LINE = Message("恰在界线上，按规定的写法归入本级", "Exactly on the bound: the rule's own wording decides")


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a comparison was from turning over: ``left − right``; zero: exactly on the bound."""

    comparison: str
    distance: Fraction


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says.

    Attributes:
        level, cause: one of the two is None.
        lacking: names of figures without which there is no level.
        margins: of the comparisons that were made.
        figure: the level as a figure with its steps and what they rest on.
    """

    rule: str
    version: Version | None
    level: Level | None
    cause: Cause | None
    figure: Figure
    lacking: tuple[str, ...] = ()
    margins: tuple[Margin, ...] = ()

    @property
    def is_on_bound(self) -> bool:
        """Whether a figure lies exactly where a level begins or ends."""
        return any(each.distance == 0 for each in self.margins)


def judge(
    rule: Rule,
    cell: Cell,
    given: Mapping[str, Given],
    within: Sequence[str] = (),
    told: Mapping[str, Figure] | None = None,
) -> Judgement:
    """The level of a subject in a period.

    Args:
        cell: whom and what is judged, in which period; the rule is that of its last day.
        given: figures by the names of the rule's set (basis.SETS).
        within: codes of the regions that the subject lies in, nearest first, its own first.
        told: the figures behind ``given``, for the trace.

    Raises:
        basis.NotGiven: a name that the set does not have.
    """
    version = rule.version(cell.period, within)
    conditions = (band.when for band in version.bands if band.when is not None) if version else ()
    counted = figures(rule.figures, given, frozenset(name for when in conditions for name in when.names))
    found = _Judging(rule, cell, counted, tuple((told or {}).items()), version)
    if version is None:
        return found.unjudged(Cause.NO_RULE)
    if not version.speaks_of(cell.period):
        return found.unjudged(Cause.PERIOD)
    return found.judged(version)


@dataclass
class _Judging:
    rule: Rule
    cell: Cell
    counted: Figures
    told: tuple[tuple[str, Figure], ...]
    version: Version | None

    def judged(self, version: Version) -> Judgement:
        """The gravest level whose condition holds; none where a graver one has no condition: it might be that."""
        known: dict[str, Told] = {**self.counted.told, **version.limits}
        steps: list[Step] = []
        margins: list[Margin] = []
        has_gap = False
        for band in version.bands:
            if band.when is None:
                has_gap = True
                continue
            is_so = holds(band.when, known)
            steps.append(_test(band.level, band.when, known, is_so, version))
            margins += _margins(band.when, known)
            if is_so is None:
                return self._lacking(band.when, known, tuple(steps))
            if is_so and not has_gap:
                return self._at(band.level, tuple(steps), tuple(dict.fromkeys(margins)))
        return self.unjudged(Cause.NO_THRESHOLD if has_gap else Cause.NO_LEVEL, tuple(steps))

    def _lacking(self, when: Expression, known: Mapping[str, Told], steps: tuple[Step, ...]) -> Judgement:
        lacking = tuple(name for name in when.names if isinstance(known[name], State))
        is_beside = all(known[name] is State.NOT_APPLICABLE for name in lacking)
        return self.unjudged(Cause.NOT_APPLICABLE if is_beside else Cause.NO_FIGURES, steps, lacking)

    def _at(self, level: Level, steps: tuple[Step, ...], margins: tuple[Margin, ...]) -> Judgement:
        doubts = (_ON_THE_LINE,) if any(each.distance == 0 for each in margins) else ()
        figure = self._figure(Decimal(level), steps, doubts)
        return Judgement(self.rule.id, self.version, level, None, figure, (), margins)

    def unjudged(self, cause: Cause, steps: tuple[Step, ...] = (), lacking: tuple[str, ...] = ()) -> Judgement:
        figure = self._figure(None, steps, (CAUSES[cause],))
        return Judgement(self.rule.id, self.version, None, cause, figure, lacking)

    def _figure(self, value: Decimal | None, steps: tuple[Step, ...], doubts: tuple[Message, ...]) -> Figure:
        is_unsure = self.version is not None and not self.version.clause.is_verified
        return Figure(
            cell=self.cell,
            state=State.VALUE if value is not None else State.MISSING,
            value=value,
            unit=_UNIT,
            steps=(*self.counted.steps, *steps),
            inputs=self.told,
            doubts=(*doubts, _UNVERIFIED) if is_unsure else doubts,
        )


def _test(level: Level, when: Expression, known: Mapping[str, Told], is_so: bool | None, version: Version) -> Step:
    """The condition of one level with what stood in it: 1 where it holds, 0 where it does not."""
    name = Message(f"{WORDS[level].zh}判据", f"Condition of {WORDS[level].en}")
    inputs = tuple((each, value) for each in when.names if isinstance(value := known[each], Decimal))
    return Step(name, when.text, inputs, None if is_so is None else Decimal(is_so), _UNIT, version.clause)


def _margins(when: Expression, known: Mapping[str, Told]) -> Iterator[Margin]:
    numbers = {name: exact(each) if isinstance(each, Decimal) else Lack.MISSING for name, each in known.items()}
    for comparison in _comparisons(when.root):
        apart = nodes.Arithmetic("-", comparison.left, comparison.right, comparison.piece)
        distance = unrounded(Expression(when.text, when.names, apart), numbers)
        if not isinstance(distance, Lack):
            yield Margin(comparison.piece.of(when.text), distance)


def _comparisons(part: nodes.Number | nodes.Truth) -> Iterator[nodes.Comparison]:
    match part:
        case nodes.Comparison():
            yield part
        case nodes.Connection(operands=operands):
            for operand in operands:
                yield from _comparisons(operand)
        case nodes.Denial(operand=operand):
            yield from _comparisons(operand)
        case _:
            return
