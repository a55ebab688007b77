"""方法的输入: figures and series as a method takes them, and the outcome that it makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Protocol

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Step
from shuangkong.policyfile.expression.given import LACKS, WRITTEN, Lack, Told, exact
from shuangkong.policyfile.expression.row import Outcome

#: Figures by period (2016, 2017 …) or by the code of a part, in that order.
type Series = Mapping[str, Told]
type Given = Told | Series

#: Logarithms and powers are taken with 50 digits and written with 34: the last written digit is not in doubt.
PRECISE = Context(prec=50)


class Method(Protocol):
    """``name``: what is computed, for the trace; ``unit``: of the result."""

    def __call__(self, given: Mapping[str, Given], name: Message, unit: str) -> Outcome: ...


class NotForMethod(ValueError):
    """A formula gives a method something else than it takes."""


def figure(given: Mapping[str, Given], name: str) -> Told:
    """Raises NotForMethod where the formula does not name it, or gives a series."""
    found = given.get(name)
    if isinstance(found, (Decimal, State)):
        return found
    raise NotForMethod(f"{name}: expected one figure, found {'nothing' if found is None else 'a series'}")


def series(given: Mapping[str, Given], name: str) -> Series:
    """Raises NotForMethod where the formula does not name it, or gives one figure."""
    found = given.get(name)
    if isinstance(found, Mapping):
        return found
    raise NotForMethod(f"{name}: expected a series, found {'nothing' if found is None else 'one figure'}")


def lack_in(told: Iterable[Told]) -> Lack | None:
    """Why nothing can be computed of these: of several lacks the greatest; a series without a figure is missing."""
    told = tuple(told)
    if not told:
        return Lack.MISSING
    return max((LACKS[each] for each in told if isinstance(each, State)), default=None)


def numbers(told: Iterable[Told]) -> tuple[Fraction, ...]:
    """The figures among ``told``, exactly."""
    return tuple(exact(each) for each in told if isinstance(each, Decimal))


def number(told: Told) -> Fraction:
    """Raises NotForMethod where there is none: ask lack_in first."""
    if isinstance(told, Decimal):
        return exact(told)
    raise NotForMethod(f"expected a figure, found {told}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is computed, by which formula, in which unit: makes the outcome of a method."""

    name: Message
    formula: str
    unit: str

    def lacking(self, lack: Lack, divisor: str = "") -> Outcome:
        """No result; ``divisor``: the one that was zero."""
        return Outcome(None, lack, (Step(self.name, self.formula, (), None, self.unit),), (divisor,) if divisor else ())

    def result(self, value: Decimal, inputs: Iterable[tuple[str, Told]], passed_over: Iterable[str] = ()) -> Outcome:
        """The value with 34 digits; ``inputs`` that are no figures are not shown."""
        written = WRITTEN.plus(value)
        shown = tuple((name, told) for name, told in inputs if isinstance(told, Decimal))
        step = Step(self.name, self.formula, shown, written, self.unit)
        return Outcome(written, None, (step,), passed_over=frozenset(passed_over))
