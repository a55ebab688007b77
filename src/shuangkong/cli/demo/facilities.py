"""虚构的设施: boilers, machines, plants, service records and what is told of them, as rows of the registers.

Days of the files follow the day of the demo: ``{-20}`` is twenty days before it, ``{month}`` the month that is over,
``{year}`` its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from shuangkong.cli.demo.cast import lines
from shuangkong.monitoring.simulated.roster import Row

#: In the order in which they are registered: what names another comes after it.
REGISTERS = (
    "boilers", "boiler-permits", "boiler-removals", "boiler-checks", "machines", "equipment-tests", "operators",
    "sewage-plants", "test-stations", "services", "publications", "section-targets", "plant-operations",
    "waste-facilities", "villages", "waste-chains", "settlements", "waste-amounts", "dumps", "dump-checks",
    "efficient-models", "label-filings", "label-sales",
)  # fmt: skip
_DAYS = re.compile(r"\{([+-][0-9]+)\}")


def told_rows(folder: Path, today: date) -> Iterator[tuple[str, Row]]:
    """Register and row, of the files in ``folder``."""
    for register in REGISTERS:
        for line in lines(folder / f"{register}.csv"):
            yield register, {name: dated(text, today) for name, text in line.items()}


def dated(text: str, today: date) -> str:
    """The text with the days that it names."""
    before = today.replace(day=1) - timedelta(days=1)
    found = text.replace("{month}", f"{before:%Y-%m}").replace("{year}", f"{today.year}")
    return _DAYS.sub(lambda each: f"{today + timedelta(days=int(each[1]))}", found)
