"""变化幅度: the change that an annex prints beside two values must follow from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuangkong.plans.audit.context import Context, Hit, tidy
from shuangkong.plans.audit.lines import Line, Printed, lines
from shuangkong.plans.audit.pairing import YEARLY
from shuangkong.plans.audit.rounded import Rounded, figure

#: A number and nothing beside it: ≤10 or 5左右 leaves open what stands behind.
_BARE = re.compile(r"[\[［（(]?[+\-−－]?[\d.,，]+[%％]?[\]］）)]?")
_YEARLY_CHANGE = re.compile("年均(?:变化|增|升|提高|下降|降|递)")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Step:
    """From one value to another: by how much of the first (percent), and by how much in its unit."""

    before: Printed
    after: Printed
    rate: Rounded
    difference: Rounded

    @classmethod
    def of(cls, before: Printed, after: Printed) -> Step:
        """``before`` is above zero."""
        first, last = Rounded.printed(before.value), Rounded.printed(after.value)
        rate = (last / first - Rounded.exact(1)) * Rounded.exact(100)
        return cls(before, after, rate, last - first)

    def gives(self, change: Printed) -> bool:
        """Whether the change is the step's rate or difference by its amount.

        A fall is printed as −5 (变化率) as often as 5 (下降比例); the sign is a matter of the column's name, not of
        arithmetic.
        """
        printed = Rounded.printed(abs(change.value))
        return _amount(self.rate).agrees(printed) or _amount(self.difference).agrees(printed)


def _amount(number: Rounded) -> Rounded:
    """A number without its sign; a range that spans zero reaches down to zero."""
    low, high = sorted((abs(number.low), abs(number.high)))
    return Rounded(abs(number.value), low if number.low * number.high > 0 else low * 0, high)


def _comparable(line: Line, change: Printed) -> bool:
    """Whether a change is meant to follow from the two values: no mean of single years, in the unit of the row or %."""
    if YEARLY.search(tidy(change.column.header)) or _YEARLY_CHANGE.search(tidy(line.row.label)):
        return False
    unit = tidy(change.column.unit or "")
    return unit in ("", "%", "百分点", "个百分点", line.unit)


def _steps(line: Line, change: Printed) -> tuple[Step, ...]:
    """Every step the change may speak of: between the years its head names, else from any base to any target."""
    years = {int(year) for year in _YEAR.findall(tidy(change.column.header))}
    values = {value.column.year for value in (*line.bases, *line.targets)}
    if years and not years <= values and None not in values:
        return ()
    return tuple(
        Step.of(before, after)
        for before in line.bases
        for after in line.targets
        if Rounded.printed(before.value).low > 0 and _is_bare(before) and _is_bare(after)
    )


def _is_bare(printed: Printed) -> bool:
    return _BARE.fullmatch(tidy(printed.cell.text)) is not None


def change_against_levels(context: Context) -> Iterator[Hit]:
    """变化率 = 目标值 ÷ 实际值 − 1, or 变化幅度 = 目标值 − 实际值: the amount of a change must be one of them."""
    for line in lines(context):
        for change in line.changes:
            if not _is_bare(change) or not _comparable(line, change):
                continue
            steps = _steps(line, change)
            if steps and not any(step.gives(change) for step in steps):
                yield _hit(line, change, steps[-1])


def _hit(line: Line, change: Printed, step: Step) -> Hit:
    before, after = step.before.value, step.after.value
    rate, difference = figure(step.rate.value), figure(step.difference.value, 3)
    return Hit(
        place=line.place,
        spans=(change.cell.span, line.row.span),
        facts={
            "indicator": tidy(line.row.label),
            "expected": f"{rate}%",
            "difference": difference,
            "found": tidy(change.cell.text),
        },
        ground=f"{after:f} ÷ {before:f} − 1 = {rate}%; {after:f} − {before:f} = {difference}",
    )
