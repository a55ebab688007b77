"""Cumulative amounts that fall: most often the amount of a year was told as what was done since the base year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from shuangkong.core.fact import Measure
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.facts.parsing import RowRefused, Told
from shuangkong.records.facts.rows import Figure, RowVerdict
from shuangkong.targets.naming import Units

type _Line = dict[int, tuple[Figure, int]]


def falls(told: Sequence[tuple[int, Told]], standing: Iterable[Figure], units: Units) -> list[RowVerdict]:
    """Refusals of rows that make a cumulative amount smaller than in a year before, and do not say why in their note.

    Args:
        told: rows with their numbers in the file.
        standing: the figures recorded for their indicators and subjects; those told anew stand in their place.
    """
    lines: dict[tuple[str, str, str], _Line] = defaultdict(dict)
    summed = {_line(each) for _, each in told if each.is_cumulative}
    for figure in standing:
        if _line(figure) in summed and _is_counted(figure):
            lines[_line(figure)][int(figure.period)] = figure, 0
    for number, each in told:
        if each.is_cumulative and _is_counted(each):
            lines[_line(each)][int(each.period)] = each, number
    return [verdict for line in lines.values() for verdict in _falls_of(line, units)]


def _falls_of(line: _Line, units: Units) -> Iterable[RowVerdict]:
    """A fall is asked of the row told anew; of two such, of the later."""
    for before, after in pairwise(sorted(line)):
        (earlier, earlier_row), (later, later_row) = line[before], line[after]
        number = later_row or earlier_row
        if number and not (later if later_row else earlier).note and _is_less(later, earlier, units):
            yield _question(earlier, later).verdict(number)


def _question(earlier: Figure, later: Figure) -> RowRefused:
    now, then = f"{later.value}{later.unit}", f"{earlier.value}{earlier.unit}"
    expected = Message(
        f"“当年量”，或在备注写明累计数下降的原因（到 {later.period} 年 {now}，少于到 {earlier.period} 年的 {then}）",
        f"“amount” (of the year), or a note why the cumulative amount fell "
        f"({now} by {later.period}, less than {then} by {earlier.period})",
    )
    return RowRefused("TGT-114", "measure", expected, "水平")


def _line(figure: Figure) -> tuple[str, str, str]:
    return figure.indicator, figure.subject_kind, figure.subject_code


def _is_counted(figure: Figure) -> bool:
    return figure.measure is Measure.LEVEL and figure.value is not None and Period.parse(figure.period).is_year


def _is_less(later: Figure, earlier: Figure, units: Units) -> bool:
    ratio = units.ratio(later.unit, earlier.unit)
    return ratio is not None and (later.value or Decimal(0)) * ratio < (earlier.value or Decimal(0))
