"""判定规定: the versions of a rule, each with its conditions, and which of them speaks of a place and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Clause
from shuangkong.outlook.barometer.level import Level
from shuangkong.policyfile.expression import Expression


class Confidence(StrEnum):
    """How sure it is: two sources, one, recalled, inferred, or known not to be published."""

    CONFIRMED = "confirmed"
    SINGLE = "single"
    RECALLED = "recalled"
    INFERRED = "inferred"
    GAP = "gap"


class Span(StrEnum):
    """What of a year a rule may judge."""

    MONTH = "month"
    QUARTER = "quarter"
    TO_DATE = "to_date"
    YEAR = "year"


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.YEAR: 12}
_YEAR = _MONTHS[Span.YEAR]


def is_span(period: Period, span: Span) -> bool:
    """Whether a period is of that sort: January to March is a quarter and to date at once."""
    if span is Span.TO_DATE:
        return period.months < _YEAR and period.first_month % _YEAR == 0
    return period.months == _MONTHS[span]


@dataclass(frozen=True, slots=True)
class Band:
    """One level and its condition; None where no document says where it begins."""

    level: Level
    when: Expression | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A rule as one document has it.

    Attributes:
        bands: the gravest first.
        limits: name in the conditions → number.
        regions: codes that it speaks of with all below them; empty: everywhere.
        spans: which periods it judges; empty: any.
        place: file and line in ``policy/``.
    """

    validity: Validity
    bands: tuple[Band, ...]
    clause: Clause
    source: str
    confidence: Confidence
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    regions: frozenset[str] = frozenset()
    spans: frozenset[Span] = frozenset()
    place: str = ""

    def speaks_of(self, period: Period) -> bool:
        """Whether it judges such a period."""
        return not self.spans or any(is_span(period, span) for span in self.spans)


@dataclass(frozen=True, slots=True)
class Rule:
    """``figures`` is a name of basis.SETS: what its conditions compare.

    ``indicators``: ids of those that it speaks of; empty: of any.
    """

    id: str
    name: Message
    figures: str
    versions: tuple[Version, ...]
    indicators: frozenset[str] = frozenset()

    def version(self, period: Period, within: Sequence[str] = ()) -> Version | None:
        """The version in force on the last day of a period: of the nearest of ``within`` that one speaks of, else

        of all places.
        """
        day = period.last_day
        held = [each for each in self.versions if each.validity.holds_on(day)]
        for code in within:
            for each in held:
                if code in each.regions:
                    return each
        return next((each for each in held if not each.regions), None)
