"""行业、部门指标: the rows of an adopted plan's annexes that name an indicator each, and who leads the matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shuangkong.plans.reading import Kind
from shuangkong.records.plans.rows import MeasureRow
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.decomposition.sectors import SectorImplied, SectorLine, sector_implied

#: What a change of each kind is of a SectorLine, and the sign that it is printed with. A count is counted from nothing.
_CHANGES = {
    Kind.REDUCTION_RATE: ("rate", -1),
    Kind.GROWTH: ("rate", 1),
    Kind.REDUCTION_AMOUNT: ("difference", -1),
    Kind.POINT_GAIN: ("difference", 1),
    Kind.COUNT: ("difference", 1),
}
#: The matter that the annexes of sectors are about, as titles of measures name it.
_MATTER = "节能"


@dataclass(frozen=True, slots=True)
class GivenSector:
    """One row, and what follows from it. ``target`` is the first of its targets; ``leads`` lead its ``measure``, with
    their numbers in ``lead_bodies``.
    """

    line: SectorLine
    implied: SectorImplied
    target: int
    base_year: int | None
    end_year: int | None
    measure: int | None
    measure_no: str
    leads: tuple[str, ...]
    lead_bodies: frozenset[int]


def sectors_of(
    rows: Sequence[TargetRow], home: str, measures: Sequence[MeasureRow], book: Rulebook
) -> tuple[GivenSector, ...]:
    """The rows of tables that speak of nobody but the place itself, in printed order; none where there are no such."""
    remarks = Remarks({check.code: check for check in book.checks("targets")})
    shared = {row.table[0] for row in rows if row.table is not None and row.subject_code != home}
    found: dict[tuple[int, int], list[TargetRow]] = {}
    for row in rows:
        if row.table is not None and row.table[0] not in shared:
            found.setdefault(row.table[:2], []).append(row)
    if len(found) == 1:  # a single row is a target like any other
        return ()
    return tuple(_given(told, measures, remarks) for _place, told in sorted(found.items()))


def _given(told: Sequence[TargetRow], measures: Iterable[MeasureRow], remarks: Remarks) -> GivenSector:
    line = _line(told)
    lead = _leading(line.sector, measures)
    parts = [body for body in lead.bodies if body.role == "lead"] if lead else []
    return GivenSector(
        line=line,
        implied=sector_implied(line, remarks),
        target=told[0].id,
        base_year=next((row.base_year or row.plan_base_year for row in told), None),
        end_year=next((row.end_year for row in told), None),
        measure=lead.id if lead else None,
        measure_no=lead.no if lead else "",
        leads=tuple(part.name for part in parts),
        lead_bodies=frozenset(part.body for part in parts),
    )


def _line(told: Sequence[TargetRow]) -> SectorLine:
    """What the cells of one row say together; what was told first stands."""
    first = told[0]
    level = next((row for row in told if Kind(row.kind) not in _CHANGES), None)
    unit = next((row.unit for row in told if row.unit != "%"), first.unit)
    line = SectorLine(first.scope, first.indicator_printed, level.unit if level else unit)
    for row in told:
        key, sign = _CHANGES.get(Kind(row.kind), ("level", 1))
        free: dict[str, Any] = {key: _signed(row.value, sign)} if getattr(line, key) is None else {}
        if line.base is None and row.base_value is not None:
            free["base"] = row.base_value
        line = replace(line, **free)
    return line


def _signed(value: Decimal, sign: int) -> Decimal:
    return value if sign > 0 else -value


def _leading(sector: str, measures: Iterable[MeasureRow]) -> MeasureRow | None:
    """The measure whose title names the sector and the matter; None where no title does."""
    named = [each for each in measures if sector and sector in each.title]
    return next((each for each in named if _MATTER in each.title), None)
