"""A statistical period: a year, half, quarter or month, as written in files (2025, 2025-H1, 2025-Q3, 2025-07)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``part`` is empty for a whole year, else H1, Q3 or 07."""

    year: int
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError with the accepted forms."""
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"period {text!r}: expected YYYY, YYYY-H1, YYYY-Q3 or YYYY-07")
        year, half, quarter, month = match.groups()
        return cls(int(year), f"H{half}" if half else f"Q{quarter}" if quarter else month or "")

    @property
    def is_year(self) -> bool:
        return not self.part

    def __str__(self) -> str:
        return f"{self.year}-{self.part}" if self.part else str(self.year)
