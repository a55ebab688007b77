"""形势分析的行: the lines of the tables of an analysis, in the units in which they are shown; for page and paper."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.indicators.decomposition import Effects
from shuangkong.papers.indicators.situation import MovedLine, TrackLine
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.situation import MOVERS, Moved, Situation

_TEN_THOUSAND = Decimal(10_000)


def total_of(found: Situation) -> tuple[Decimal | None, str]:
    """In 10⁴ tce, and where it comes from."""
    if found.recognised is not None:
        return ten_thousands(found.recognised), _("反馈核定")
    value = found.estimate.value
    return (ten_thousands(value), _("本级测算")) if isinstance(value, Decimal) else (None, "")


def ten_thousands(tce: Decimal, places: int = 2) -> Decimal:
    """In 10⁴ tce."""
    return rounded(tce / _TEN_THOUSAND, places)


def figures_of(line: MovedLine) -> tuple[Decimal | None, ...]:
    """Change and factors."""
    return line.change, line.activity, line.structure, line.efficiency


def moved_lines(moved: Moved, *, is_unit: bool) -> tuple[MovedLine, ...]:
    """Sectors by size of change with their whole; units the twenty that moved most."""
    if moved.found is None:
        return ()
    parts = moved.found.movers(MOVERS if is_unit else len(moved.found.parts))
    lines = [_line(part, moved.names.get(part.code) or _("其余行业"), is_unit=is_unit) for part in parts]
    whole = moved.found.whole
    return (*lines, _line(whole, _("全部单位") if is_unit else _("规模以上工业"), is_unit=is_unit, is_whole=True))


def _line(part: Effects, name: str, *, is_unit: bool, is_whole: bool = False) -> MovedLine:
    def shown(value: Decimal) -> Decimal:
        return rounded(value, 0) + 0 if is_unit else ten_thousands(value, 3) + 0

    is_plain = part.unattributed != 0 and not (part.activity or part.structure or part.efficiency)
    if is_plain:
        return MovedLine(name, shown(part.total), None, None, None, is_whole)
    factors = (shown(part.activity), shown(part.structure), shown(part.efficiency))
    return MovedLine(name, shown(part.total), *factors, is_whole)


def track_lines(found: Situation) -> tuple[TrackLine, ...]:
    """Past estimates beside what was recognised, the oldest first."""
    return tuple(
        TrackLine(
            period_word(Period.parse(each.past.period)),
            ten_thousands(each.past.estimate),
            ten_thousands(each.past.recognised),
            None if each.past.error_pct is None else rounded(each.past.error_pct, 2),
            _("当时的测算") if each.is_told else _("现在回算"),
        )
        for each in found.tracked
    )
