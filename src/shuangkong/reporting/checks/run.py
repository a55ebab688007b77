"""一次审核: one return being checked: what is asked of it, what was found, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import State
from shuangkong.core.finding import Finding, Message, Severity
from shuangkong.reporting.checks.context import Context, Sheet


@dataclass(frozen=True, slots=True)
class Found(Finding):
    """A finding of a return.

    Attributes (beside those of Finding; ``place`` is the first address):
        addresses: the cells that it speaks of, the one to open first.
        where: the same in words.
    """

    addresses: tuple[str, ...] = ()
    where: Message = field(default=Message("", ""))


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A check that could not be made, and because of what: it is no pass."""

    code: str
    because: Message


@dataclass(frozen=True, slots=True)
class Judgement:
    """What came of checking one return.

    Attributes:
        findings: gravest first, then by code.
        suppressed: findings of checks that an official set aside for the unit; shown to officials with the ground.
        judged: codes of the checks that were made, whatever came of them; a check that does not apply counts as made.
        passed: of these, the ones that compared figures somewhere and found them in order there.
        unjudged: those that could not be, by code.
    """

    findings: tuple[Found, ...]
    suppressed: tuple[Found, ...]
    judged: frozenset[str]
    passed: frozenset[str]
    unjudged: tuple[Unjudged, ...]

    def of(self, severity: Severity) -> tuple[Found, ...]:
        return tuple(each for each in self.findings if each.severity is severity)

    @property
    def may_be_submitted(self) -> bool:
        """Nothing must be fixed; what must be explained is for the explanations to settle."""
        return not self.of(Severity.MUST_FIX)


@dataclass(slots=True)
class Run:
    """Filled by the tests of a plan, in any order.

    Attributes:
        lacking: why a test found nothing to judge, by code.
        told, figures: address → what is told in the return, and of that the figures, as filed.
    """

    sheet: Sheet
    context: Context
    found: list[Found] = field(default_factory=list)
    judged: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    lacking: dict[str, Message] = field(default_factory=dict)
    kept: dict[object, Any] = field(default_factory=dict)
    told: dict[str, Decimal | str] = field(init=False)
    figures: dict[str, Decimal] = field(init=False)

    def __post_init__(self) -> None:
        values = self.sheet.values.items()
        # By their very type: hundreds of cells are sorted out in every return, and in most there are figures alone.
        self.figures = {address: told for address, told in values if type(told) is Decimal}
        self.told = dict(self.figures)
        if len(self.figures) < len(values):
            self.told = {address: told for address, told in values if type(told) is not State}

    def once[T](self, key: object, make: Callable[[], T]) -> T:
        """What several tests need of the return: made by the first of them."""
        if key not in self.kept:
            self.kept[key] = make()
        found: T = self.kept[key]
        return found

    def lacks(self, code: str, because: Message) -> None:
        self.lacking.setdefault(code, because)


#: One check made ready for one form.
type Test = Callable[[Run], None]

FIGURES_LACKING = Message("有关的数没有填报或不适用", "the figures it compares are not told or do not apply")
_ORDER = {severity: weight for weight, severity in enumerate(Severity)}


def judgement(run: Run, always: frozenset[str]) -> Judgement:
    """What the run found, in order; ``always``: codes of checks that nobody may set aside."""
    ordered = sorted(run.found, key=lambda each: (_ORDER[each.severity], each.code))
    suppressed = run.context.suppressed.keys() - always
    unjudged = (Unjudged(code, because) for code, because in sorted(run.lacking.items()) if code not in run.judged)
    return Judgement(
        tuple(each for each in ordered if each.code not in suppressed),
        tuple(each for each in ordered if each.code in suppressed),
        frozenset(run.judged),
        frozenset(run.passed),
        tuple(unjudged),
    )
