"""虚构数据的年份: the invented plan and figures are moved by whole years, to end in the year of the build.

The files speak of the years that the published plans of the demo speak of. A demo built in a later year would show
nothing but what is long over; moved, some of it is done, some is under way and some is late, whatever the year.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_FILE_START, _FILE_END = 2021, 2025
_YEAR = re.compile(r"(?<!\d)20\d\d(?=年|〕)")
_TERM = "“十四五”"
_PERIOD = 2


def moved_by(day: date) -> int:
    """By how many years a demo that is built on a day is moved; never back."""
    return max(0, day.year - _FILE_END)


def moved_by_end(end_year: int) -> int:
    """By how many years a plan that ends in a year was moved."""
    return max(0, end_year - _FILE_END)


def moved_text(text: str, years: int) -> str:
    """A plan with its years moved. The name of its five-year term becomes the years themselves."""
    if not years:
        return text
    span = f"{_FILE_START + years}—{_FILE_END + years}年"
    later = _YEAR.sub(lambda found: str(int(found[0]) + years), text)
    for name, said in (
        (f"{_TERM}节能", f"{span}节能"),
        (f"{_TERM}时期", span),
        (f"{_TERM}能耗", "能耗"),
        (_TERM, "规划期"),
    ):
        later = later.replace(name, said)
    return later


def moved_rows(rows: Sequence[Sequence[str]], years: int) -> tuple[tuple[str, ...], ...]:
    """Figures with their years moved; the first row is the headings."""
    head, *rest = rows
    return (tuple(head), *((*row[:_PERIOD], str(int(row[_PERIOD]) + years), *row[_PERIOD + 1 :]) for row in rest))
