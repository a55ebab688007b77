"""附表分解: the decompositions that the annexes of an adopted plan print, as targets.decomposition.annex reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shuangkong.plans.reading import Kind
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.decomposition.annex import Annex, Implied, Line, implied
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.naming import Units

_ENERGY, _INCREMENT, _INTENSITY = "total_consumption", "consumption_increment", "energy_intensity"
#: What a target of a family says of a row, by the kind of target: Line has a field each.
_FIELDS: Mapping[Kind, str] = {
    Kind.REDUCTION_RATE: "rate",
    Kind.CAP_TOTAL: "cap",
    Kind.CAP_INCREMENT: "increment",
    Kind.REDUCTION_AMOUNT: "projects",
}
_AMOUNTS = ("cap", "increment", "projects", "base")
#: How the label of a row begins that is a part of the row above it, or the sum of several.
_COUNTED_ELSEWHERE = ("其中", "小计")


@dataclass(frozen=True, slots=True)
class GivenAnnex:
    """One table of a plan, and what follows from it. ``wholes`` are the targets that its receivers share."""

    annex: Annex
    implied: Implied
    wholes: tuple[TargetRow, ...]
    notes: str


def annexes_of(rows: Sequence[TargetRow], home: str, book: Rulebook) -> tuple[GivenAnnex, ...]:
    """What the annexes share out, indicator by indicator; those that no row of a table shares out are left out."""
    families = _families(book)
    units = Units(book.lexicon().units)
    remarks = Remarks({check.code: check for check in book.checks("targets")})
    grouped: dict[str, list[TargetRow]] = {}
    for row in rows:
        family = families.get(row.indicator.partition("@")[0])
        if family is not None and Kind(row.kind) in _FIELDS:
            grouped.setdefault(family, []).append(row)
    found = []
    for family, told in grouped.items():
        made = _annex(family, told, home, units)
        if made is not None:
            annex, wholes = made
            notes = next((row.excluded for row in told if row.excluded), "")
            found.append(GivenAnnex(annex, implied(annex, remarks), wholes, notes))
    return tuple(found)


def _families(book: Rulebook) -> dict[str, str]:
    """Indicator → the total that it speaks of: a pollutant's projects of its total, an increment of energy."""
    found = {_ENERGY: _ENERGY, _INCREMENT: _ENERGY, _INTENSITY: _ENERGY}
    for pollutant in book.accounting().pollutants.values():
        found |= {each: pollutant.total for each in (pollutant.total, pollutant.rate, pollutant.project) if each}
    return found


def _annex(
    family: str, told: Sequence[TargetRow], home: str, units: Units
) -> tuple[Annex, tuple[TargetRow, ...]] | None:
    """The table and the targets that its lines share, one of each kind; None where no line is a receiver's."""
    parts = [row for row in told if row.table is not None and row.subject_code != home and _is_part(row)]
    own = [row for row in told if row.subject_code == home]
    if not parts:
        return None
    unit = next((row.base_unit or row.unit for row in parts if row.base_unit or row.unit != "%"), "")
    if not unit:
        unit = next((row.unit for row in own if row.unit != "%"), "")
    lines: dict[str, Line] = {}
    for row in parts:
        lines[row.subject_name] = _with(lines.get(row.subject_name, Line(row.subject_name)), row, family, unit, units)
    whole = Line("")
    for row in sorted(own, key=lambda each: each.table is not None):  # the text before the total row of a table
        whole = _with(whole, row, family, unit, units)
    base_year = next((row.base_year or row.plan_base_year for row in own if row.base_year or row.plan_base_year), None)
    end_year = next((row.end_year for row in own if row.end_year), None)
    if base_year is None or end_year is None or base_year >= end_year:
        return None
    shared = {(row.indicator, row.kind): row for row in reversed(own) if any(_same(row, part) for part in parts)}
    return Annex(family, unit, whole, tuple(lines.values()), base_year, end_year), tuple(reversed(shared.values()))


def _same(whole: TargetRow, part: TargetRow) -> bool:
    return (whole.indicator, whole.kind) == (part.indicator, part.kind)


def _is_part(row: TargetRow) -> bool:
    return not row.subject_name.startswith(_COUNTED_ELSEWHERE)


def _with(line: Line, row: TargetRow, family: str, unit: str, units: Units) -> Line:
    """The line with what one more target says of it; what was told first stands."""
    is_intensity = row.indicator.partition("@")[0] == _INTENSITY
    key = "intensity" if is_intensity else _FIELDS[Kind(row.kind)]
    told: dict[str, Decimal | None] = {key: row.value}
    if key in _AMOUNTS:
        told[key] = _in(row.value, row.unit, unit, units)
    if row.base_value is not None and not is_intensity:
        told["base"] = _in(row.base_value, row.base_unit, unit, units)
    free: dict[str, Any] = {name: value for name, value in told.items() if getattr(line, name) is None}
    return replace(line, **free)


def _in(value: Decimal, printed: str, unit: str, units: Units) -> Decimal | None:
    """In the unit of the table, as exactly as it is printed; None where they do not measure the same."""
    ratio = units.ratio(printed, unit)
    if ratio is None or ratio == 1:
        return None if ratio is None else value
    shift = ratio.adjusted()
    return value.scaleb(shift) if ratio == Decimal(1).scaleb(shift) else value * ratio
