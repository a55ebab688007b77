"""From accepted target entries to rows of targets and of their decomposition (目标分解)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase

from shuangkong.core.span import Span
from shuangkong.plans.lexicon import IndicatorName
from shuangkong.plans.reading import AnnexTable, Cell, Kind, Row
from shuangkong.plans.reading import Target as ReadTarget
from shuangkong.records.targets.models import EXCLUDED_SIGNS, DecompositionRow, Target
from shuangkong.records.targets.sharing import Sharing
from shuangkong.records.texts import brief
from shuangkong.targets.naming import Indicators, Units

_EXCLUDES = re.compile("不含|不包括|扣除")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A target entry that stands.

    ``table`` is its annex table, ``measure`` the id of its measure's row, ``title`` its heading.
    """

    entry: int
    target: ReadTarget
    table: AnnexTable | None
    measure: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a target binds."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True)
class Drafting:
    """What a row needs beside its entry: the plan, whose region is ``home``, and the regions that annex rows name.

    ``headline_titles`` are the titles, with ``*`` for any words, of items that hold the plan's main targets.
    """

    plan: int
    version: int
    home: Subject
    subjects: Mapping[str, Subject]
    indicators: Indicators
    units: Units
    headline_titles: Sequence[str]

    def rows(self, accepted: Iterable[Accepted]) -> list[Target]:
        made = [self._row(number, each) for number, each in enumerate(accepted)]
        tell_scopes_apart(made)
        return made

    def _row(self, ordinal: int, given: Accepted) -> Target:
        target = given.target
        place = cell_place(given.table, target.value_span) if given.table else None
        base = base_cell(given.table, place, target) if given.table and place else None
        known = self._known(given)
        is_whole = given.table is not None and place is not None and is_whole_row(given.table.rows[place[0]])
        is_below = target.region is not None and not is_whole
        subject = self.subjects.get(target.region or "", self.home) if is_below else self.home
        return Target(
            plan_id=self.plan,
            version=self.version,
            measure_id=given.measure,
            entry_id=given.entry,
            ordinal=ordinal,
            item_no=target.item_no,
            is_headline=given.table is None and any(fnmatchcase(given.title, each) for each in self.headline_titles),
            subject_kind=subject.kind,
            subject_code=subject.code,
            subject_name=subject.name,
            indicator=known.id if known else target.indicator,
            indicator_name=target.indicator if known is None or target.indicator not in known.zh else known.zh,
            indicator_printed=target.indicator_printed,
            kind=target.kind,
            op=target.op,
            value=target.value,
            unit=target.unit,
            base_year=target.base_year,
            base_value=base[0] if base else None,
            base_unit=(base[1] if base else "") or "",
            deadline=target.deadline or "",
            scope=target.scope or "",
            denominator=target.denominator or "",
            strength=target.strength,
            nature=target.nature or "unknown",
            in_words=target.in_words,
            excluded=exclusions(given.table) if given.table else "",
            span_start=target.span.start,
            span_end=target.span.end,
            value_start=target.value_span.start,
            value_end=target.value_span.end,
            table_no=given.table.no if given.table else None,
            table_row=place[0] if place else None,
            table_column=place[1] if place else None,
        )

    def _known(self, given: Accepted) -> IndicatorName | None:
        target = given.target
        found = self.indicators.find(target.indicator) or self.indicators.find(target.indicator_printed)
        if found is None and given.table is not None:
            found = self.indicators.find_under(given.table.title, target.indicator)
        return found

    def shares(self, saved: Sequence[Target]) -> list[DecompositionRow]:
        """For every target of the region as a whole: the lines of those below it, then what is reserved or excluded."""
        return Sharing(self.home.code, self.indicators, self.units).lines(saved)


def tell_scopes_apart(rows: Iterable[Target]) -> None:
    """One indicator promised for several nested scopes (城市, 县城) is several: the scope joins its id after ``@``.

    Elsewhere a scope only says again what the indicator or the subject says (全省, 规模以上工业).
    """
    groups: dict[tuple[str, str, str, str], list[Target]] = defaultdict(list)
    for row in rows:
        if row.table_no is None:
            groups[row.indicator, row.kind, row.subject_code, row.deadline].append(row)
    for group in groups.values():
        if len({row.scope for row in group}) > 1:
            for row in group:
                row.indicator += f"@{row.scope}" if row.scope else ""


def is_whole_row(row: Row) -> bool:
    """Whether a row speaks of the plan's whole region (合计、全市). A 小计 speaks of some rows only."""
    return row.is_total and not row.label.startswith("小计")


def cell_place(table: AnnexTable, value_span: Span) -> tuple[int, int] | None:
    """Row and column of the cell that holds a value."""
    return next(
        (
            (r, c)
            for r, row in enumerate(table.rows)
            for c, cell in enumerate(row.cells)
            if cell.span.covers(value_span)
        ),
        None,
    )


def base_cell(table: AnnexTable, place: tuple[int, int], target: ReadTarget) -> tuple[Decimal, str | None] | None:
    """Base value and unit of a target's row.

    The base column of its indicator, or the one base column of an increment.
    """
    cells: tuple[Cell, ...] = table.rows[place[0]].cells
    stem = target.indicator.removesuffix("下降率")
    for column, cell in zip(table.columns, cells, strict=False):
        is_its_own = column.indicator in (None, stem, target.indicator) or target.kind is Kind.CAP_INCREMENT
        if column.role == "base" and is_its_own and cell.value is not None:
            return cell.value, column.unit
    return None


def exclusions(table: AnnexTable) -> str:
    """Footnotes that take something out of the table."""
    return brief("；".join(text for text, _ in table.notes if _EXCLUDES.search(text)), EXCLUDED_SIGNS)
