"""数据: one figure about one subject in one period, and what must be known of it before it may count.

Zero is a value; missing, not applicable and suppressed are three ways of having none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.period import Period


class State(StrEnum):
    """Whether there is a figure. Zero is a VALUE."""

    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    SUPPRESSED = "suppressed"


class Maturity(StrEnum):
    """快报、初步、最终、核定: how settled a figure is. The order is the order of weight."""

    FLASH = "flash"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    AUDITED = "audited"


class Origin(StrEnum):
    """Who says so: 本级测算, 上报, 反馈核定. A recognised figure outweighs a reported one, that an estimate."""

    ESTIMATE = "estimate"
    REPORTED = "reported"
    RECOGNISED = "recognised"


class Evidence(StrEnum):
    """统计 or 行政. Only administrative evidence may carry an act against a unit (Statistics Law)."""

    STATISTICAL = "statistical"
    ADMINISTRATIVE = "administrative"


class Measure(StrEnum):
    """What a told figure is.

    The level, its change on the year before or on the base year (signed, in %), or the year's amount.
    """

    LEVEL = "level"
    YOY_CHANGE_PCT = "yoy_change_pct"
    CUMULATIVE_CHANGE_PCT = "cumulative_change_pct"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """Whom a figure is about: ``kind`` is region, sector, unit, department, institution …

    ``code`` is that of the kind's register: the six digits of a region, the letters and digits of an industry, the
    source code of an enterprise. A part of something else (a sector of a region, a park that no list holds) writes
    the code of the whole, a stroke, its own: ``210100/C30``.
    """

    kind: str
    code: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One place in the world for one figure.

    ``indicator`` is an id of ``policy/<layer>/indicators``; a cell of a table of the policy (the energy balance)
    writes the table, the row and the column with full stops: ``energy_balance.terminal_industry.raw_coal``.
    """

    subject: Subject
    indicator: str
    period: Period
    measure: Measure = Measure.LEVEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One version of the figure of a cell.

    Attributes:
        value: in ``unit``; None unless ``state`` is VALUE.
        unit: id of a base unit of ``policy/units.yaml``.
        source: the document, return or reading it comes from, as a person would cite it.
        recorded_on: the day from which it was known here; what is asked "as of" an earlier day does not see it.
        version: identifies the row that holds it; empty where it was never stored.
        note: what whoever told it says of it.
    """

    cell: Cell
    state: State
    value: Decimal | None
    unit: str
    maturity: Maturity
    origin: Origin
    evidence: Evidence
    source: str
    recorded_on: date
    version: str = ""
    is_demo: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if (self.state is State.VALUE) != (self.value is not None):
            raise ValueError(f"{self.cell}: state {self.state} with value {self.value}")
