"""各部门: what moved a region by the branches of its economy that the balance and the accounts tell, and by the rest.

A branch counts for itself where both its energy and its value added are told for both periods; households make none and
stand apart. Whatever is not told so stays in the rest of the economy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.balance.rules import line_words
from shuangkong.indicators.decomposition import Share
from shuangkong.indicators.situation import of_region
from shuangkong.indicators.table_words import ALL, Basis
from shuangkong.indicators.tables import Table
from shuangkong.records.indicators.moved import Moved
from shuangkong.records.indicators.pairs import Pairs, Taken

TOTAL, GDP = "total_consumption", "gdp_constant"
INDUSTRY, ADDED = "above_designated_energy_consumption", "above_designated_industry_value_added"
#: Rows of the balance that somebody uses energy in → what tells the value added of them; None: they make none.
_ADDED_OF_ROW: Mapping[str, str | None] = {
    "agriculture": "agriculture_value_added",
    "industry": "industry_value_added",
    "construction": "construction_value_added",
    "transport": "transport_value_added",
    "trade": "trade_value_added",
    "other": "other_services_value_added",
    "households": None,
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of the economy: what tells its energy and its value added; None: it makes none."""

    code: str
    name: Message
    energy: str
    activity: str | None

    @property
    def told_by(self) -> tuple[str, ...]:
        """The indicators that tell of it."""
        return (self.energy, self.activity) if self.activity else (self.energy,)


_LARGE_INDUSTRY = (
    Branch("above_designated", Message("规模以上工业", "Industry above designated size"), INDUSTRY, ADDED),
)


def branches_of(table: Table, now: Period) -> tuple[Branch, ...]:
    """Those that the rows of a balance tell of: of a whole year, for no other period has one."""
    if not now.is_year:
        return ()
    return tuple(
        Branch(row, Message(*line_words(table, row)), table.standard_cell(Basis.EQUIVALENT, row, ALL), added)
        for row, added in _ADDED_OF_ROW.items()
        if row in table.lines
    )


def region_moved(
    subject: Subject, pairs: Pairs, total: Decimal | None, branches: Sequence[Branch]
) -> tuple[Moved, Moved]:
    """Its total and its intensity: by the branches that are told, else by large industry; with the rest of the economy.

    Where the branches come to more than the whole, nothing can be said of the rest, and large industry stands for them.
    """
    earlier = pairs.engine.figure(pairs.cells(subject, TOTAL)[0]).value
    made = pairs.of(subject, GDP)
    if total is None or earlier is None or made is None:
        return Moved(), Moved()
    for way in (branches, _LARGE_INDUSTRY):
        told = {each: share for each in way if (share := _share(subject, each, pairs)) is not None}
        found = of_region(tuple(told.values()), (earlier, total), made)
        if any(found):
            names = {each.code: each.name for each in told}
            cells = {each.code: _cells(subject, each, pairs) for each in told}
            taken: dict[str, Taken] = {each.code: (subject, each.energy, each.activity) for each in told}
            doubts = pairs.doubts(taken | {"": (subject, TOTAL, GDP)})
            first, second = (Moved(lines, names, cells=cells, doubts=doubts) for lines in found)
            return first, second
    return Moved(), Moved()


def _share(subject: Subject, branch: Branch, pairs: Pairs) -> Share | None:
    """None where anything of it is not known of either period."""
    energy = pairs.of(subject, branch.energy)
    activity = pairs.of(subject, branch.activity) if branch.activity else None
    return None if energy is None or (branch.activity and activity is None) else Share(branch.code, energy, activity)


def _cells(subject: Subject, branch: Branch, pairs: Pairs) -> tuple[Cell, Cell | None]:
    made = pairs.cells(subject, branch.activity)[1] if branch.activity else None
    return pairs.cells(subject, branch.energy)[1], made
