"""应报: which figures are expected, of whom, how often, and from which day they are missed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.period import Period
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force
from shuangkong.policyfile.node import Mapping, as_mapping
from shuangkong.policyfile.values import starts_of

_YEAR = 12


class Every(StrEnum):
    """How often: a figure a month, quarter, half or year, or for the months of the year so far.

    Of the year so far nothing is told before February is over: the statistics count January with it (1—2月).
    """

    MONTH = "month"
    MONTHS_TO_DATE = "months_to_date"
    QUARTER = "quarter"
    QUARTERS_TO_DATE = "quarters_to_date"
    HALF = "half"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Figures that somebody must tell.

    Attributes:
        indicators: ids.
        kind: of the subjects; ``levels``: of regions, ``scope``: of units, as records.facts.scopes names it.
        days: after the end of the period within which they are told.
        validity: periods that end in it are expected.
        source, at: the document that asks for them and the place in it.
    """

    id: str
    indicators: tuple[str, ...]
    kind: str
    levels: tuple[str, ...] = ()
    scope: str = ""
    every: Every
    days: int = 0
    validity: Validity
    source: str
    at: str = ""
    is_verified: bool = False


def expected_facts(folder: PolicyFolder, layer: str) -> tuple[Expected, ...]:
    """What the policy expects in a layer, ``policy/<layer>/facts/<id>.yaml``, by id.

    Raises:
        PolicyRefused: a file cannot be used.
    """
    names = names_in_force(folder, chain(folder, layer), "facts")
    return tuple(_expected(word, as_mapping(folder.require(names[word]))) for word in sorted(names))


def _expected(word: str, record: Mapping) -> Expected:
    return Expected(
        id=word,
        indicators=record.listing("indicators").texts(),
        kind=record.text("subjects"),
        levels=record.listing("levels").texts(),
        scope=record.text("scope"),
        every=Every(record.text("every")),
        days=int(record.number("days")) if "days" in record else 0,
        validity=Validity(starts_of(record), record.day("until")),
        source=record.text("source"),
        at=record.text("at"),
        is_verified=record.flag("verified", default=False),
    )


def due(expected: Expected, since: date, day: date) -> tuple[tuple[Period, date], ...]:
    """Periods that end from ``since`` on and are due by ``day``, each with the last day on which it is in time."""
    found = []
    for period in _periods(expected.every, since.year, day.year):
        end = period.last_day
        last = end + timedelta(days=expected.days)
        if since <= end and last < day and expected.validity.holds_on(end):
            found.append((period, last))
    return tuple(found)


def _periods(every: Every, first: int, last: int) -> Iterator[Period]:
    for year in range(first, last + 1):
        yield from (Period.parse(f"{year}{part}") for part in _PARTS[every])


#: What a year is made of; months to date that are a quarter, half or year go by that name.
_PARTS: dict[Every, tuple[str, ...]] = {
    Every.MONTH: tuple(f"-{month:02d}" for month in range(1, _YEAR + 1)),
    Every.MONTHS_TO_DATE: (
        "-C02", "-Q1", "-C04", "-C05", "-H1", "-C07", "-C08", "-C09", "-C10", "-C11", "",
    ),
    Every.QUARTER: ("-Q1", "-Q2", "-Q3", "-Q4"),
    Every.QUARTERS_TO_DATE: ("-Q1", "-H1", "-C09", ""),
    Every.HALF: ("-H1", "-H2"),
    Every.YEAR: ("",),
}  # fmt: skip
