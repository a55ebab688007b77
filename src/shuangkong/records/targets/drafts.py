"""From accepted target entries to rows of targets and of their decomposition (目标分解)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.plans.lexicon import IndicatorName
from shuangkong.plans.reading import AnnexTable, Cell, Kind
from shuangkong.plans.reading import Target as ReadTarget
from shuangkong.records.targets.models import DecompositionRow, Target
from shuangkong.targets.naming import Indicators, Units

#: Kinds whose shares add up to the whole.
ADDITIVE = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT})
_EXCLUDES = re.compile("不含|不包括|扣除")
_HEADLINE = "目标"


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
    """What a row needs beside its entry: the plan, whose region is ``home``, and the regions that annex rows name."""

    plan: int
    version: int
    home: Subject
    subjects: Mapping[str, Subject]
    indicators: Indicators
    units: Units

    def rows(self, accepted: Iterable[Accepted]) -> list[Target]:
        made = [self._row(number, each) for number, each in enumerate(accepted)]
        tell_scopes_apart(made)
        return made

    def _row(self, ordinal: int, given: Accepted) -> Target:
        target = given.target
        place = cell_place(given.table, target.value_span) if given.table else None
        base = base_cell(given.table, place, target) if given.table and place else None
        known = self._known(given)
        subject = self.subjects.get(target.region, self.home) if target.region else self.home
        return Target(
            plan_id=self.plan,
            version=self.version,
            measure_id=given.measure,
            entry_id=given.entry,
            ordinal=ordinal,
            item_no=target.item_no,
            is_headline=given.table is None and _HEADLINE in given.title,
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

    def shares(self, saved: Iterable[Target]) -> list[DecompositionRow]:
        """For every target of the region as a whole: the lines of those below it, then what is reserved or excluded."""
        groups: dict[tuple[str, str, str], list[Target]] = defaultdict(list)
        for each in saved:
            groups[each.indicator, each.indicator_name, each.kind].append(each)
        return [line for group in groups.values() for line in self._group_lines(group)]

    def _group_lines(self, group: list[Target]) -> list[DecompositionRow]:
        """A table at a time. A name that the policy files do not know means its own table only where several use it."""
        tables = sorted({each.table_no for each in group if each.table_no is not None})
        is_known = group[0].indicator in self.indicators.by_id
        lines: list[DecompositionRow] = []
        for table in tables:
            may_be_parent = {table} if len(tables) > 1 and not is_known else {table, None}
            children = [each for each in group if each.table_no == table and each.subject_code != self.home.code]
            parent = self._parent([each for each in group if each.table_no in may_be_parent])
            if parent is not None and children:
                lines += self._lines(parent, children)
        return lines

    def _parent(self, group: list[Target]) -> Target | None:
        """The target in the text, headline first; else the total row of the annex."""
        whole = [each for each in group if each.subject_code == self.home.code]
        return min(whole, key=lambda each: (each.table_no is not None, not each.is_headline), default=None)

    def _lines(self, parent: Target, children: list[Target]) -> list[DecompositionRow]:
        lines = [
            DecompositionRow(
                parent=parent, child=each, kind="child", ordinal=n, name=each.subject_name, value=each.value
            )
            for n, each in enumerate(children)
        ]
        reserve = self._reserve(parent, children)
        if reserve:
            parent.reserve = reserve
            lines.append(
                DecompositionRow(
                    parent=parent,
                    kind="reserve",
                    ordinal=len(lines),
                    name="未分解" if reserve > 0 else "超分解",
                    value=reserve,
                    note_zh=f"{parent.value} − 各行合计 {parent.value - reserve}（{parent.unit}）；系统计算，方案未载",
                    note_en=f"{parent.value} − sum of rows {parent.value - reserve}; computed, not printed in the plan",
                )
            )
        excluded = next((each.excluded for each in children if each.excluded), "")
        if excluded:
            lines.append(
                DecompositionRow(parent=parent, kind="excluded", ordinal=len(lines), name=excluded.lstrip("注：: "))
            )
        return lines

    def _reserve(self, parent: Target, children: list[Target]) -> Decimal | None:
        """The whole minus its shares, in the parent's unit.

        None where shares do not add up or units do not measure the same.
        """
        if Kind(parent.kind) not in ADDITIVE:
            return None
        ratios = [self.units.ratio(each.unit, parent.unit) for each in children]
        shared = [each.value * ratio for each, ratio in zip(children, ratios, strict=True) if ratio is not None]
        return parent.value - sum(shared, Decimal(0)) if len(shared) == len(children) else None


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
    return "；".join(text for text, _ in table.notes if _EXCLUDES.search(text))[:300]
