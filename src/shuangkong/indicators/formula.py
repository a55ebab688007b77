"""公式: how an indicator is computed from others on a day, as its policy file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shuangkong.core.dated import Validity
from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.rounding import Rounding
from shuangkong.policyfile.expression import Expression

#: Measures that are told in per cent, whatever the indicator's own unit.
IN_PER_CENT = frozenset({Measure.YOY_CHANGE_PCT, Measure.CUMULATIVE_CHANGE_PCT})


class Shift(StrEnum):
    """Of which period an input is taken, seen from the period computed."""

    SAME = "same"
    YEAR_BEFORE = "year_before"
    BASE_YEAR = "base_year"  # of the five-year plan that the period lies in
    SINCE_BASE = "since_base"  # whole years after the base year, then the period itself: a series, for methods only
    PLAN = "plan"  # the five-year plan that the period lies in, as a period of its own: what it promised


class Span(StrEnum):
    """Of which subjects an input is taken, seen from the subject computed."""

    SAME = "same"
    CHILDREN = "children"  # each region, unit or sector directly below: a series, for methods only
    WHOLE = "whole"  # what the subject is part of
    SECTOR = "sector"  # one industry of the subject, named by its code


@dataclass(frozen=True, slots=True)
class Input:
    """One name of a formula and the cells that stand for it.

    ``year``: always of this whole year, not by the shift; ``sector``: code of the industry (GB/T 4754), span SECTOR.
    """

    indicator: str
    measure: Measure = Measure.LEVEL
    shift: Shift = Shift.SAME
    span: Span = Span.SAME
    year: int | None = None
    sector: str = ""


@dataclass(frozen=True, slots=True)
class RoundingRule:
    """``kept``: decimals kept, in the indicator's display unit, before the figure enters another; ``published``:

    decimals shown. None: as computed.
    """

    kept: int | None = None
    published: int | None = None
    rule: Rounding = Rounding.HALF_EVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Either an ``expression`` or a ``method`` (a name in indicators.METHODS) over the same ``inputs``.

    Attributes:
        parameters: name in the formula → id of a parameter of the policy, taken on the last day of the period.
        source, at: the document and the place in it.
        place: file and line in ``policy/``.
    """

    validity: Validity
    inputs: Mapping[str, Input]
    expression: Expression | None = None
    method: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    source: str
    at: str = ""
    is_verified: bool = False
    place: str = ""


class Aggregation(StrEnum):
    """How figures of parts become that of the whole, in time or in space."""

    SUM = "sum"
    MEAN = "mean"
    LAST = "last"  # in time only: a stock, a share at the end of the period
    RATIO = "ratio"  # the formula anew over aggregated inputs: a weighted ratio
    NONE = "none"  # must be told for the whole


class Role(StrEnum):
    """What an indicator is to an evaluation: 控制指标, 支撑指标."""

    CONTROL = "control"
    SUPPORTING = "supporting"


@dataclass(frozen=True, slots=True)
class DatedRole:
    """``rank``: its place in the list of the document ``source``."""

    role: Role
    rank: int
    validity: Validity
    source: str
    at: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What an indicator is and how it is computed.

    Attributes:
        unit: id of a base unit; ``display``: a printed form of it, in which decimals are counted and shown.
        in_time, in_space: how parts become a whole.
        formulas: validities do not overlap; empty: it is told, never computed.
        definition: what is counted, over what, for whom; None where no file says.
        field: of the statistics of sector departments; "" where it is none of them.
        owner: the kind of department that supplies it.
        is_better_higher: whether more of it is what a target wants.
        roles: what it is to an evaluation, by day.
        is_at_constant_prices: told at the prices of the base year of its plan (indicators.prices).
        at_prices_of: the year whose prices it is at, whatever its period; None: those of its plan's base year, or none.
    """

    id: str
    zh: str
    en: str
    unit: str
    display: str
    in_time: Aggregation
    in_space: Aggregation
    rounding: RoundingRule
    formulas: tuple[Formula, ...] = ()
    definition: Message | None = None
    field: str = ""
    owner: str = ""
    is_better_higher: bool = False
    roles: tuple[DatedRole, ...] = ()
    is_at_constant_prices: bool = False
    at_prices_of: int | None = None

    def role_on(self, day: date) -> DatedRole | None:
        """What it is to the evaluation on a day."""
        return next((each for each in self.roles if each.validity.holds_on(day)), None)
