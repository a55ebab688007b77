"""目标分解: which rows of an annex table share out which whole, and what is left over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.plans.reading import Kind, Strength
from shuangkong.records.targets.models import DecompositionRow, Target
from shuangkong.targets.naming import Indicators, Units

#: Kinds whose shares add up to the whole.
ADDITIVE = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT})
#: How the label of a row begins that is a part of the row above it, or the sum of several.
_COUNTED_ELSEWHERE = ("其中", "小计")


@dataclass(frozen=True)
class Sharing:
    """``home`` is the code of the plan's own region: its targets are the wholes."""

    home: str
    indicators: Indicators
    units: Units

    def lines(self, saved: Sequence[Target]) -> list[DecompositionRow]:
        """For every target that a column of an annex shares out: its rows, then what is reserved or excluded.

        A column is one promise: another year, another strength or another column stands for itself. A whole is shared
        out once, by the first column that fits it.
        """
        columns: dict[tuple[object, ...], list[Target]] = defaultdict(list)
        for each in saved:
            if each.table_no is not None:
                columns[(*_promise(each), each.table_no, each.table_column)].append(each)
        found: list[DecompositionRow] = []
        shared: list[Target] = []
        for column in columns.values():
            children = [each for each in column if self._is_child(each)]
            whole = self._whole(column, saved, shared) if children else None
            if whole is not None:
                shared.append(whole)
                found += self._lines(whole, children)
        return found

    def _is_child(self, row: Target) -> bool:
        """Neither a total row nor a part of another row: either would be counted twice."""
        return row.subject_code != self.home and not row.subject_name.startswith(_COUNTED_ELSEWHERE)

    def _whole(self, column: list[Target], saved: Iterable[Target], shared: Sequence[Target]) -> Target | None:
        """The target in the text, headline first; else the total row of the column itself."""
        one = column[0]
        tables = {each.table_no for each in saved if each.table_no is not None and _promise(each) == _promise(one)}
        # A name that the policy files do not know may mean something else in each of several tables.
        is_sure = len(tables) == 1 or one.indicator in self.indicators.by_id
        in_text = [
            each
            for each in saved
            if is_sure and each.table_no is None and each.subject_code == self.home and _is_whole_of(each, one)
        ]
        own = [each for each in column if each.subject_code == self.home]
        free = [each for each in in_text if each not in shared] + own
        return min(
            free,
            key=lambda each: (each.table_no is not None, each.strength != one.strength, not each.is_headline),
            default=None,
        )

    def _lines(self, whole: Target, children: list[Target]) -> list[DecompositionRow]:
        lines = [
            DecompositionRow(
                parent=whole, child=each, kind="child", ordinal=n, name=each.subject_name, value=each.value
            )
            for n, each in enumerate(children)
        ]
        reserve = self._reserve(whole, children)
        if reserve:
            whole.reserve = reserve
            lines.append(
                DecompositionRow(
                    parent=whole,
                    kind="reserve",
                    ordinal=len(lines),
                    name="未分解" if reserve > 0 else "超分解",
                    value=reserve,
                    note_zh=f"{whole.value} − 各行合计 {whole.value - reserve}（{whole.unit}）；系统计算，方案未载",
                    note_en=f"{whole.value} − sum of rows {whole.value - reserve}; computed, not printed in the plan",
                )
            )
        excluded = next((each.excluded for each in children if each.excluded), "")
        if excluded:
            lines.append(
                DecompositionRow(parent=whole, kind="excluded", ordinal=len(lines), name=excluded.lstrip("注：: "))
            )
        return lines

    def _reserve(self, whole: Target, children: list[Target]) -> Decimal | None:
        """The whole minus its shares, in the whole's unit.

        None where shares do not add up or units do not measure the same.
        """
        if Kind(whole.kind) not in ADDITIVE:
            return None
        ratios = [self.units.ratio(each.unit, whole.unit) for each in children]
        shared = [each.value * ratio for each, ratio in zip(children, ratios, strict=True) if ratio is not None]
        return whole.value - sum(shared, Decimal(0)) if len(shared) == len(children) else None


def _promise(row: Target) -> tuple[object, ...]:
    return row.indicator, row.indicator_name, row.kind, row.deadline[:4], row.strength


def _is_whole_of(text: Target, row: Target) -> bool:
    """Whether a target in the text promises what the row shares out.

    A text that names no year means the plan's; a table seldom repeats 力争, so a firm row may belong to an ambition.
    """
    years = {text.deadline[:4], row.deadline[:4]} - {""}
    is_same = (text.indicator, text.indicator_name, text.kind) == (row.indicator, row.indicator_name, row.kind)
    return is_same and len(years) < 2 and (text.strength == row.strength or row.strength == Strength.FIRM)
