"""分解: a task and a rule → the share of every receiver, each with its explanation, the proof, and what is wrong.

The order is one for all methods: equation → amounts by the method, bounds kept → values → rounding → proof from the
printed values. What cannot be shared out, or does not close, is a finding; no figure is made up to hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from shuangkong.core.check import Check
from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import PLAN_YEARS, Period
from shuangkong.core.rounding import as_printed
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.methods.given import PRECISE
from shuangkong.targets.decomposition.balance import HUNDRED, ONE, ZERO, Balance, balance
from shuangkong.targets.decomposition.closure import Closure, closure
from shuangkong.targets.decomposition.lacks import figure_name, lacks_said
from shuangkong.targets.decomposition.law import NEEDS, Law, law_of
from shuangkong.targets.decomposition.methods import METHODS, Allotment
from shuangkong.targets.decomposition.methods.programme import NoSolution
from shuangkong.targets.decomposition.methods.score import lacking_criteria
from shuangkong.targets.decomposition.placing import Grid, Placed, Residual, placed
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.task import Receiver, Task

_VALUE = Message("折成目标值", "As a value of the target")
_BOUND = Message("受限于上下限", "Held by a bound")
_ROUNDED = Message("修约", "Rounding")
_STEPPED = Message("修约并承担尾差", "Rounding, with the residual")
#: What fifty digits leave over is no digit of a value: values are read this many decimals beyond the grid.
_BEYOND_GRID = 20


@dataclass(frozen=True, slots=True)
class Share:
    """One receiver's part; ``value`` is None where nothing could be shared out. ``steps`` explain it."""

    receiver: Receiver
    value: Decimal | None
    unrounded: Decimal | None
    steps: tuple[Step, ...] = ()

    def figure(self, task: Task) -> Figure:
        """The share as a figure with its trace: of the five-year plan that the target covers, else of its last year."""
        target = task.target
        is_plan = target.end_year - target.base_year == PLAN_YEARS
        period = Period.plan_from(target.base_year + 1) if is_plan else Period(target.end_year)
        state = State.MISSING if self.value is None else State.VALUE
        cell = Cell(self.receiver.subject, target.indicator, period)
        return Figure(cell, state, self.value, target.unit, steps=self.steps)


@dataclass(frozen=True, slots=True)
class Decomposition:
    """What came of it. ``closure`` is None where there is no law; ``reserve``: kept, with what rounding left."""

    task: Task
    rule: Rule
    law: Law | None
    shares: tuple[Share, ...]
    closure: Closure | None
    reserve: Decimal
    findings: tuple[Finding, ...]

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        return tuple(share.value for share in self.shares)

    @property
    def is_closed(self) -> bool:
        return self.closure is not None and self.closure.is_closed


def decompose(task: Task, rule: Rule, places: int, checks: Mapping[str, Check]) -> Decomposition:
    """Shares out.

    Args:
        places: decimals of a printed value, in the target's unit.
        checks: the catalogue of the room.

    Raises:
        KeyError: the rule names no method that there is, or the catalogue lacks a check.
    """
    remarks = Remarks(checks)
    place = task.target.indicator
    law = law_of(task.target)
    if law is None:
        words = {"kind": task.target.kind, "extent": task.target.extent}
        return _nothing(task, rule, None, (remarks.finding("TGT-001", place, **words),))
    with localcontext(PRECISE):
        if law is Law.EACH:
            return _each(task, rule, remarks)
        lacks = tuple(_law_lacks(task, law, rule, remarks))
        if lacks:
            return _nothing(task, rule, law, lacks)
        equation = balance(task, law)
        lacks = tuple(_method_lacks(equation, rule, remarks))
        if lacks:
            return _nothing(task, rule, law, lacks)
        try:
            allotment = METHODS[rule.method].allot(equation, rule)
        except NoSolution as refused:
            return _nothing(task, rule, law, (remarks.finding("TGT-007", place, found=refused),))
        return _shared(equation, rule, allotment, places, remarks)


def _law_lacks(task: Task, law: Law, rule: Rule, remarks: Remarks) -> Iterator[Finding]:
    lacking = list(task.lacking(NEEDS[law]))
    if lacking:
        yield remarks.finding("TGT-002", task.target.indicator, lacks=lacks_said(lacking, rule))
        return
    for each in task.receivers:
        for name in NEEDS[law]:
            figure = getattr(each, name)
            # A growth may be nil or a fall; what is weighed by must be there.
            if figure <= 0 if name != "growth" else figure <= -1:
                told = figure_name(name, rule)
                yield remarks.finding("TGT-003", each.name, receiver=each.name, figure=told, found=figure)


def _method_lacks(equation: Balance, rule: Rule, remarks: Remarks) -> Iterator[Finding]:
    task, method = equation.task, METHODS[rule.method]
    if method.suits is not None and task.target.kind not in method.suits:
        place = task.target.indicator
        yield remarks.finding("TGT-004", place, kind=task.target.kind, method=rule.method)
        return
    names = method.needs(equation, rule)
    free = [each for each in task.receivers if each.lock is None]
    lacking = [(each, name) for each in free for name in names if getattr(each, name) in (None, ())]
    lacking += lacking_criteria(task.receivers, rule)
    if lacking:
        yield remarks.finding("TGT-002", task.target.indicator, lacks=lacks_said(lacking, rule))


def _nothing(task: Task, rule: Rule, law: Law | None, findings: Sequence[Finding]) -> Decomposition:
    shares = tuple(Share(each, None, None) for each in task.receivers)
    proof = None if law is None else closure(task, law, [None] * len(shares))
    return Decomposition(task, rule, law, shares, proof, task.target.reserve, tuple(findings))


def _each(task: Task, rule: Rule, remarks: Remarks) -> Decomposition:
    """What holds of every part by itself: all get the promise, whatever the method."""
    target = task.target
    shares = []
    for each in task.receivers:
        value = target.value if each.lock is None else each.lock
        step = Step(Message("逐一落实", "Each by itself"), "v = V", (("V", target.value),), value, target.unit)
        shares.append(Share(each, value, value, (step,)))
    proof = closure(task, Law.EACH, [share.value for share in shares])
    findings = tuple(_proof_findings(task, proof, ZERO, remarks))
    return Decomposition(task, rule, Law.EACH, tuple(shares), proof, target.reserve, findings)


def _shared(equation: Balance, rule: Rule, allotment: Allotment, places: int, remarks: Remarks) -> Decomposition:
    task, law, target = equation.task, equation.law, equation.task.target
    beyond = Decimal(1).scaleb(-places - _BEYOND_GRID)
    pairs = zip(allotment.amounts, equation.weights, strict=True)
    raw = [(amount / weight).quantize(beyond) for amount, weight in pairs]
    is_told = rule.method == "by_hand"
    put = (
        Placed(tuple(_as_told(each, exact) for each, exact in zip(task.receivers, raw, strict=True)), frozenset())
        if is_told
        else placed(_grid(equation, allotment, raw, places), rule.residual(law))
    )
    shares = tuple(
        Share(
            each,
            value if each.lock is None else each.lock,
            exact,
            (equation.step, *steps, *_last_steps(each, exact, value, at in put.stepped, target.unit)),
        )
        for at, (each, exact, value, steps) in enumerate(
            zip(task.receivers, raw, put.values, allotment.steps, strict=True)
        )
    )
    proof = closure(task, law, put.values)
    findings = [*_gap_findings(equation, allotment.gap, is_told, remarks)]
    findings += _proof_findings(task, proof, _coarseness(len(raw), rule.residual(law), law, places), remarks)
    findings += _group_findings(equation, put.values, remarks)
    left = proof.over if law is Law.ADDED and proof.over is not None and proof.over > 0 else ZERO
    return Decomposition(task, rule, law, shares, proof, target.reserve + left, tuple(findings))


def _as_told(each: Receiver, exact: Decimal) -> Decimal:
    """What was decided by hand, with the digits that it was told with."""
    told = each.given if each.lock is None else each.lock
    return exact if told is None else told


def _coarseness(receivers: int, residual: Residual, law: Law, places: int) -> Decimal:
    """By how much rounding alone may make the whole stricter: a step, or one of every receiver; of rates, their mean.

    A mean of declines is taken over what they grow to, which may be the double of what it is told over.
    """
    steps = receivers if residual is Residual.STRICT and law is Law.ADDED else 2
    return Decimal(steps).scaleb(-places)


def _grid(equation: Balance, allotment: Allotment, values: Sequence[Decimal], places: int) -> Grid:
    """What found no place is not put anywhere by rounding either."""
    receivers = equation.task.receivers
    is_sized = equation.law is Law.ADDED
    sizes = [each.base or ZERO for each in receivers] if is_sized else equation.weights
    lowest = tuple(each.lowest for each in receivers)
    highest = tuple(each.highest for each in receivers)
    total = equation.total - allotment.gap
    return Grid(values, equation.weights, total, places, equation.is_burden, lowest, highest, sizes)


def _last_steps(each: Receiver, exact: Decimal, value: Decimal, is_stepped: bool, unit: str) -> Iterator[Step]:
    yield Step(_VALUE, "v = x ÷ w", (), as_printed(exact), unit)
    if each.lock is None and exact in (each.floor, each.ceiling):
        bound = "floor" if exact == each.floor else "ceiling"
        yield Step(_BOUND, f"v = {bound}", ((bound, exact),), exact, unit)
    if value != exact:
        yield Step(_STEPPED if is_stepped else _ROUNDED, "v ≈", (("v", exact),), value, unit)


def _gap_findings(equation: Balance, gap: Decimal, is_told: bool, remarks: Remarks) -> Iterator[Finding]:
    if gap and not is_told:
        target = equation.task.target
        yield remarks.finding("TGT-005", target.indicator, gap=gap, unit=target.unit)


def _group_findings(equation: Balance, values: Sequence[Decimal], remarks: Remarks) -> Iterator[Finding]:
    """Groups whose receivers together pass their bounds: by a method that knows no groups, or by rounding."""
    task = equation.task
    scale = ONE if equation.law is Law.ADDED else HUNDRED
    for group in task.groups:
        rows = zip(task.receivers, equation.weights, values, strict=True)
        found = sum((w * v for each, w, v in rows if each.subject in group.members), ZERO) / scale
        passed = [group.floor] if group.floor is not None and found < group.floor else []
        passed += [group.ceiling] if group.ceiling is not None and found > group.ceiling else []
        for bound in passed:
            # The amounts of weighted values are in the unit of the bases, which a target does not know.
            unit = f" {equation.unit}" if equation.unit else ""
            told = {"group": group.name, "found": found, "expected": bound, "unit": unit}
            yield remarks.finding("TGT-015", group.name, **told)


def _proof_findings(task: Task, proof: Closure, coarse: Decimal, remarks: Remarks) -> Iterator[Finding]:
    """Laxer than asked does not close; stricter by more than rounding explains is told."""
    if proof.over is None or proof.reproduced is None or 0 <= proof.over <= coarse:
        return
    code = "TGT-006" if proof.over < 0 else "TGT-008"
    told = {"found": proof.reproduced, "expected": proof.wanted, "over": abs(proof.over), "unit": task.target.unit}
    yield remarks.finding(code, task.target.indicator, **told)


def relocked(task: Task, fixed: Mapping[str, Decimal]) -> Task:
    """The same task with the values of some receivers fixed (by code of subject): to share out the rest anew."""
    return replace(
        task,
        receivers=tuple(
            replace(each, lock=fixed[each.subject.code]) if each.subject.code in fixed else each
            for each in task.receivers
        ),
    )
