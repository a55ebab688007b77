"""统计期: a year, half, quarter, month, the months to date, or a five-year plan.

Written in files as 2025, 2025-H1, 2025-Q3, 2025-07, 2025-C10 (1—10月) and 2021-2025.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

#: Years of four digits from 1000 to 2999: what lies outside is no year of a figure.
_FORM = re.compile(r"([12]\d{3})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])|C(0[2-9]|1[01])|(\d{4})))?")
PLAN_YEARS = 5


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``part`` is empty for a whole year, else H1, Q3, 07, C10 (January to October) or P5 (five years from ``year``).

    January to December is the year; January alone is the month 01.
    """

    year: int
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError with the accepted forms."""
        match = _FORM.fullmatch(text.strip())
        if match is None or (match[6] and int(match[6]) - int(match[1]) != PLAN_YEARS - 1):
            raise ValueError(
                f"period {text!r}: expected YYYY, YYYY-H1, YYYY-Q3, YYYY-07, YYYY-C10 or five years as YYYY-YYYY"
            )
        year, half, quarter, month, months, plan = match.groups()
        parts = (("H", half), ("Q", quarter), ("", month), ("C", months), ("P", plan and str(PLAN_YEARS)))
        return cls(int(year), next((f"{letter}{found}" for letter, found in parts if found), ""))

    @classmethod
    def plan_from(cls, year: int) -> Period:
        """The five-year plan that begins with ``year``."""
        return cls(year, f"P{PLAN_YEARS}")

    @property
    def is_year(self) -> bool:
        return not self.part

    @property
    def is_plan(self) -> bool:
        """Whether it is a five-year plan."""
        return self.part.startswith("P")

    @property
    def first_month(self) -> int:
        """Months since January of the year 0, so that periods can be compared and counted."""
        start = {"H": 6, "Q": 3}
        letter = self.part[:1]
        if letter in start:
            return self.year * 12 + start[letter] * (int(self.part[1:]) - 1)
        return self.year * 12 + (int(self.part) - 1 if letter.isdigit() else 0)

    @property
    def months(self) -> int:
        """How many months it spans."""
        letter = self.part[:1]
        if not letter:
            return 12
        if letter.isdigit():
            return 1
        return {"H": 6, "Q": 3, "P": 12 * PLAN_YEARS}.get(letter) or int(self.part[1:])

    @property
    def last_day(self) -> date:
        """The day whose rules a figure of the period is computed by."""
        year, month = divmod(self.first_month + self.months, 12)
        return date(year, month + 1, 1) - timedelta(days=1)

    def shifted(self, years: int) -> Period:
        """The same part of another year."""
        return Period(self.year + years, self.part)

    def covers(self, other: Period) -> bool:
        """Whether all months of ``other`` lie in this one."""
        return (
            self.first_month <= other.first_month and other.first_month + other.months <= self.first_month + self.months
        )

    def __str__(self) -> str:
        if self.is_plan:
            return f"{self.year}-{self.year + PLAN_YEARS - 1}"
        return f"{self.year}-{self.part}" if self.part else str(self.year)
