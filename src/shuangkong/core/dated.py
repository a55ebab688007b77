"""生效期: what holds from a day until a day, both included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Validity:
    """``starts`` to ``until``, both inclusive; ``until`` None means no end is known.

    Raises:
        ValueError: it ends before it starts.
    """

    starts: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.starts:
            raise ValueError(f"validity {self.starts}..{self.until}: ends before it starts")

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: Validity) -> bool:
        """Whether some day lies in both."""
        return (self.until is None or other.starts <= self.until) and (
            other.until is None or self.starts <= other.until
        )


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value of a rule's parameter while it is in force.

    Attributes:
        numbers: the value; several where the rule is a row of numbers (a schedule by year), one otherwise.
        source: id of the document in ``policy/<layer>/sources/``.
        at: the place in that document as a person would say it; empty where not given.
        is_verified: a person has compared it with the document's own text.
        place: file and line in ``policy/``.
        bounds: what alone the rule speaks of, as its file lists it: ids of indicators, printed units; empty: anything.
    """

    numbers: tuple[Decimal, ...]
    validity: Validity
    source: str
    at: str
    is_verified: bool
    place: str
    bounds: tuple[str, ...] = ()

    def applies_to(self, word: str) -> bool:
        """Whether the rule speaks of this indicator or printed unit."""
        return not self.bounds or word in self.bounds

    @property
    def number(self) -> Decimal:
        """The value of a parameter that is one number.

        Raises:
            ValueError: it is a row of numbers.
        """
        if len(self.numbers) != 1:
            raise ValueError(f"{self.place}: expected one number, found {len(self.numbers)}")
        return self.numbers[0]


def value_on(values: Iterable[DatedValue], day: date) -> DatedValue | None:
    """The value in force on ``day``; None where there is none (values never overlap: `policy check` sees to it)."""
    return next((value for value in values if value.validity.holds_on(day)), None)


class NotInForce(LookupError):
    """No value of a parameter is in force on the day asked for."""

    def __init__(self, parameter: str, day: date) -> None:
        self.parameter, self.day = parameter, day
        super().__init__(
            f"{parameter}：{day} 没有生效的值。请在 policy/<层级>/{parameter}.yaml 中补充该日的规定，或按不适用处理。"
            f" No value in force on {day}: enter the rule of that day in policy/<layer>/{parameter}.yaml,"
            " or treat it as not applicable."
        )


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a rule with all its dated values; ``unit`` is an id of ``policy/units.yaml``."""

    id: str
    unit: str
    values: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue:
        """The value in force on ``day``.

        Raises:
            NotInForce: none is.
        """
        value = value_on(self.values, day)
        if value is None:
            raise NotInForce(self.id, day)
        return value
