"""形势分析的行: the lines of the tables of an analysis, in the units in which they are shown; for page and paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.fact import Cell
from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.indicators.situation import Line, LineKind
from shuangkong.papers.indicators.situation import MovedLine, TrackLine
from shuangkong.records.indicators.moved import Doubts, Moved
from shuangkong.web.indicators.course import INTENSITY
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.situation import Situation
from shuangkong.web.site.words import spoken

TCE, TEN_KILOTONNES, PER_GDP = "吨标准煤", "万吨标准煤", "千克标准煤/万元"
_TEN_THOUSAND = Decimal(10_000)
#: Kilograms in a tonne, yuan in ten thousand.
_PER_GDP = Decimal(1_000) * _TEN_THOUSAND


@dataclass(frozen=True, slots=True)
class Sort:
    """One table of what moved what: its caption, what its first column lists, in which unit, what its lines are called.

    ``shown``: an amount in the unit of the table, rounded.
    """

    caption: str | Promise
    listed: str | Promise
    unit: str
    shown: Callable[[Decimal], Decimal]
    others: str | Promise
    whole: str | Promise


def ten_thousands(tce: Decimal, places: int = 2) -> Decimal:
    """In 10⁴ tce."""
    return rounded(tce / _TEN_THOUSAND, places) + 0


def _tce(amount: Decimal) -> Decimal:
    return rounded(amount, 0) + 0


def _per_gdp(intensity: Decimal) -> Decimal:
    return rounded(intensity * _PER_GDP, 2) + 0


TOTAL_SORT = Sort(
    lazy("全地区：能源消费总量是什么拉动的"), lazy("部分"), TEN_KILOTONNES, partial(ten_thousands, places=3),
    lazy("其余各业、生活和损失"), lazy("能源消费总量"),
)  # fmt: skip
INTENSITY_SORT = Sort(
    lazy("全地区：单位地区生产总值能耗是什么拉动的"), lazy("部分"), PER_GDP, _per_gdp,
    lazy("其余各业、生活和损失"), lazy("单位地区生产总值能耗"),
)  # fmt: skip
SECTOR_SORT = Sort(
    lazy("规模以上工业分行业：规模、结构和能效"), lazy("行业"), TEN_KILOTONNES, partial(ten_thousands, places=3),
    lazy("其余行业"), lazy("规模以上工业"),
)  # fmt: skip
UNIT_SORT = Sort(lazy("变动最大的用能单位"), lazy("单位名称"), TCE, _tce, "", "")


def total_of(found: Situation) -> tuple[Decimal | None, str]:
    """In 10⁴ tce, and where it comes from."""
    if found.recognised is not None:
        return ten_thousands(found.recognised), _("反馈核定")
    value = found.estimate.value
    return (ten_thousands(value), _("本级测算")) if isinstance(value, Decimal) else (None, "")


def tables_of(found: Situation) -> tuple[tuple[str, Sort, Moved], ...]:
    """Every table of what moved what, by its key, in the order of page and paper."""
    moved = found.movements
    return (
        ("total", TOTAL_SORT, replace(moved.total, doubts=_of_total(found))),
        ("intensity", INTENSITY_SORT, replace(moved.intensity, doubts=_of_intensity(found))),
        ("sectors", SECTOR_SORT, moved.sectors),
        ("units", UNIT_SORT, moved.units),
    )


def _of_total(found: Situation) -> Doubts:
    """Those of the figures told, and that of an estimate in the place of the total."""
    doubts = found.movements.total.doubts
    if not found.is_estimated:
        return doubts
    before, _now = doubts.energy.get("", (False, False))
    return replace(doubts, energy={**doubts.energy, "": (before, True)})


def _of_intensity(found: Situation) -> Doubts:
    """Every intensity of the table is reckoned from the total, by the rule of the intensity of the place."""
    doubts = _of_total(found)
    is_any = doubts.is_any or found.seen.is_doubted(found.cell(INTENSITY))
    return replace(doubts, energy={"": (is_any, is_any)})


def moved_lines(moved: Moved, sort: Sort) -> tuple[MovedLine, ...]:
    """As they are shown; the sums of the table last."""
    return tuple(_line(line, _name(line, moved, sort), sort) for line in moved.lines)


def cells_of_line(line: Line, moved: Moved) -> tuple[Cell | None, Cell | None]:
    """Where the energy and the activity of the later period are explained."""
    if line.kind not in (LineKind.PART, LineKind.WHOLE):
        return None, None
    return moved.cells.get(line.code, (None, None))


def listed_units(moved: Moved) -> int:
    """How many units stand in the table one by one."""
    return sum(line.kind is LineKind.PART for line in moved.lines)


def _name(line: Line, moved: Moved, sort: Sort) -> str:
    match line.kind:
        case LineKind.PART:
            return spoken(moved.names[line.code])
        case LineKind.OTHERS:
            return str(sort.others)
        case LineKind.MERGED:
            return _("其余 %(count)d 家") % {"count": line.count}
        case LineKind.SUM:
            return _("行业之和")
        case LineKind.GAP:
            return _("合计与行业之和的差额（数据衔接）")
        case LineKind.OUTSIDE:
            return _("未纳入规上的单位（%(count)d 家，不计入合计）") % {"count": line.count}
        case LineKind.WHOLE:
            return str(sort.whole) or _("以上 %(count)d 家合计") % {"count": line.count}


def _line(line: Line, name: str, sort: Sort) -> MovedLine:
    effects, shown = line.effects, sort.shown
    factors: tuple[Decimal | None, ...] = (None, None, None)
    if line.is_attributed or not effects.unattributed:
        factors = (shown(effects.activity), shown(effects.structure), shown(effects.efficiency))
    return MovedLine(
        name=name, before=shown(line.energy[0]), now=shown(line.energy[1]), change=shown(line.change),
        activity=factors[0], structure=factors[1], efficiency=factors[2], unattributed=shown(effects.unattributed),
        is_whole=line.kind in (LineKind.SUM, LineKind.GAP, LineKind.WHOLE),
    )  # fmt: skip


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
