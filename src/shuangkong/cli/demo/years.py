"""虚构数据的年份: the invented plan and figures are moved by whole years, to end in the year of the build.

The files speak of the years that the published plans of the demo speak of. A demo built in a later year would show
nothing but what is long over; moved, some of it is done, some is under way and some is late, whatever the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from shuangkong.core.period import Period
from shuangkong.indicators.prices import at_prices
from shuangkong.rulebook import open_rulebook

#: The five-year plan that the files speak of.
_NAME = "十四五"
_YEARS = 5
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年|〕)")
_TERM = f"“{_NAME}”"
_PERIOD = 2


@cache
def _first_year() -> int:
    return dict(open_rulebook().lexicon().plan_starts)[_NAME]


def _end_year() -> int:
    return _first_year() + _YEARS - 1


def moved_by(day: date) -> int:
    """By how many years a demo that is built on a day is moved; never back."""
    return max(0, day.year - _end_year())


def moved_by_end(end_year: int) -> int:
    """By how many years a plan that ends in a year was moved."""
    return max(0, end_year - _end_year())


def moved_text(text: str, years: int) -> str:
    """A plan with its years moved. The name of its five-year term becomes the years themselves."""
    if not years:
        return text
    span = f"{_first_year() + years}—{_end_year() + years}年"
    later = _YEAR.sub(lambda found: str(int(found[0]) + years), text)
    for name, said in (
        (f"{_TERM}节能", f"{span}节能"),
        (f"{_TERM}时期", span),
        (f"{_TERM}能耗", "能耗"),
        (_TERM, "规划期"),
    ):
        later = later.replace(name, said)
    return later


def moved_rows(rows: Sequence[Sequence[str]], years: int, until: date = date.max) -> tuple[tuple[str, ...], ...]:
    """Figures with their years moved; the first row is the headings.

    What ends on ``until`` or later is left out, but for a five-year plan: of that is told what it promises. Figures at
    constant prices of a base year are told at its own prices too, as if prices had not moved: they join two plans.
    """
    head, *rest = rows
    moved = ((*row[:_PERIOD], _moved_period(row[_PERIOD], years), *row[_PERIOD + 1 :]) for row in rest)
    told = [row for row in moved if _is_told(Period.parse(row[_PERIOD]), until)]
    return (tuple(head), *told, *_at_own_prices(told))


def _at_own_prices(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The figures at constant prices of base years, once more at the prices of their own year."""
    bases = {first - 1 for _, first in open_rulebook().lexicon().plan_starts}
    for indicator, *rest in rows:
        period = Period.parse(rest[_PERIOD - 1])
        if indicator in _at_constant_prices() and period.year in bases and not period.is_plan:
            yield (at_prices(indicator, period.year), *rest)


@cache
def _at_constant_prices() -> frozenset[str]:
    """Ids and names of the indicators that are told at them."""
    rules = (each for each in open_rulebook().indicator_rules().values() if each.is_at_constant_prices)
    return frozenset(name for rule in rules for name in (rule.id, rule.zh))


def _moved_period(text: str, years: int) -> str:
    """A five-year plan stays: the years of the plans are no invention."""
    period = Period.parse(text)
    return str(period if period.is_plan else period.shifted(years))


def _is_told(period: Period, until: date) -> bool:
    return period.is_plan or period.last_day < until
