"""表内的名称: the lines, coefficients and bases that a table of figures has beside its own rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from shuangkong.core.fact import Cell

#: The unit of all cells in standard coal.
STANDARD_COAL = "tce"
#: Heat that one unit of an energy holds is told in these units, by the unit of its column.
HEAT_UNITS: Mapping[str, str] = {"t": "kJ/kg", "m3": "kJ/m3"}
#: What one unit of an energy makes in coal equivalent, by the unit of its column.
COEFFICIENT_UNITS: Mapping[str, str] = {"t": "kgce/kg", "m3": "kgce/m3", "kwh": "kgce/kwh", "gj": "kgce/MJ"}


#: Between the table, the row and the column of a cell; no other id has it.
_WITHIN = "."


def is_table_id(indicator: str) -> bool:
    """Whether an id is that of a figure of a table, told or computed."""
    return _WITHIN in indicator


def is_of_table(cell: Cell) -> bool:
    return is_table_id(cell.indicator)


class Memo(StrEnum):
    """Rows below the table (补充资料): what its amounts are converted by, where somebody measured or states it."""

    HEATING_VALUE = "heating_value"
    STATED_COEFFICIENT = "stated_coefficient"
    STATED_EQUIVALENT = "stated_equivalent"


class Sum(StrEnum):
    """What rows add up to: computed, or told in a return and then held against what they make."""

    SUPPLY = "supply"
    CONVERSION = "conversion"
    INPUT = "input"
    OUTPUT = "output"
    LOSSES = "losses"
    TERMINAL = "terminal"
    DIFFERENCE = "difference"
    TOTAL = "total"


class Factor(StrEnum):
    """Coefficients of a column: computed of the memo rows and of the policy, the last two count."""

    MEASURED = "measured_coefficient"
    DEFAULT = "default_coefficient"
    DEFAULT_EQUIVALENT = "default_equivalent"
    CALORIFIC = "coefficient"
    EQUIVALENT = "equivalent"


class Basis(StrEnum):
    """当量值 or 等价值: electricity and heat by the heat they hold, or by the fuel that it took to make them."""

    CALORIFIC = "calorific"
    EQUIVALENT = "equivalent"


#: Column of a table in standard coal that all columns add up to, and the beginning of those of a group.
ALL = "all"
GROUP = "group_"


def rests_on_cells(cell: Cell) -> bool:
    """Whether it is of a table and found of its cells alone; a coefficient is there without them."""
    return is_found_of_cells(cell.indicator)


def is_found_of_cells(indicator: str) -> bool:
    """The same of an id."""
    return is_table_id(indicator) and indicator.split(_WITHIN)[1] not in set(Factor)
