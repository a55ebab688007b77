"""合计: what the outlets of a place emitted together: what is complete beside what lacks, and rivers year by year.

A sum with something lacking is no fact: it is shown with its share, so that a large place is not blank for one outlet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.monitoring.rates.coverage import Thing
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.monitoring.amounts import owed
from shuangkong.records.monitoring.models import AmountClosing, FactorDue, Outlet
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.flows import has_amount
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure

_KG_A_TONNE = Decimal(1000)
_PLACES = 6


@dataclass(frozen=True, slots=True)
class Sum:
    """One factor of a place in a month.

    Attributes:
        outlets: complete of those that owe it; ``hours``: known of those due, of the outlets that were reckoned.
        kg: of the complete ones.
    """

    factor: str
    outlets: Share
    hours: Share
    kg: Decimal

    @property
    def is_whole(self) -> bool:
        return self.outlets.whole > 0 and self.outlets.part == self.outlets.whole


def sums(outlets: Iterable[int], held: Mapping[tuple[int, str], AmountClosing], month: date) -> tuple[Sum, ...]:
    """Of each factor that outlets of a place owe in a month. 2 queries.

    Args:
        held: the closings that hold.
    """
    found: dict[str, list[AmountClosing | None]] = defaultdict(list)
    for point in owed(month, ends_of(Span.MONTH, month), Q(outlet__in=list(outlets))):
        if has_amount(point.factor):
            found[point.factor].append(held.get((point.outlet_id or 0, point.factor)))
    return tuple(_sum(factor, rows) for factor, rows in sorted(found.items()))


def _sum(factor: str, rows: Sequence[AmountClosing | None]) -> Sum:
    told = [each for each in rows if each is not None]
    whole = [each for each in told if not each.open_hours]
    return Sum(
        factor,
        Share(len(whole), len(rows)),
        Share(sum(each.due_hours - each.open_hours for each in told), sum(each.due_hours for each in told)),
        sum((each.kg for each in whole), Decimal(0)),
    )


def sum_tables(
    outlets: Mapping[int, Outlet], held: Mapping[tuple[int, str], AmountClosing], month: date
) -> dict[str, Table | tuple[Table, ...]]:
    """Tables of a page, by name: of the factors, and of rivers where there are outfalls into any. 4 queries."""
    is_demo = any(outlets[number].region.is_fictional for number, _factor in held)
    is_running = any(not each.is_over for each in held.values())
    made: dict[str, Table | tuple[Table, ...]] = {
        "sums_table": sums_table(sums(outlets, held, month), is_running=is_running, is_demo=is_demo)
    }
    if rivers := into_rivers(outlets.values(), month):
        made["rivers_table"] = rivers_table(rivers, is_demo=is_demo)
    return made


def sums_table(found: Sequence[Sum], *, is_running: bool, is_demo: bool) -> Table:
    columns = (
        Column("factor", _("因子")),
        Column("sum", _("合计（全部完整时）"), "t", is_figure=True),
        Column("complete", _("完整的排放口合计"), "t", is_figure=True),
        Column("outlets", _("完整的排放口"), _("个"), is_figure=True),
        Column("share", _("完整的排放口占"), "%", is_figure=True),
        Column("hours", _("知道的小时占"), "%", is_figure=True),
        Column("state", _("状态")),
    )
    rows = tuple(
        Row(
            (
                text_cell(factor_word(each.factor)),
                _tonnes(each.kg if each.is_whole else None),
                _tonnes(each.kg),
                Cell(str(each.outlets), each.outlets.part),
                _pct(each.outlets),
                _pct(each.hours),
                text_cell(_state(each, is_running=is_running)),
            )
        )
        for each in found
    )
    note = _("有排放口不完整时没有合计数：旁边只是完整的排放口之和，不入库，不能当作全部。")
    return Table("sums", _("本地区合计"), columns, rows, _("没有应核算排放量的排放口。"), note, is_demo=is_demo)


def _state(each: Sum, *, is_running: bool) -> str:
    if is_running:
        return _("未到月末，不入库")
    lacking = each.outlets.whole - each.outlets.part
    return _("✕ 缺 %(count)s 个排放口，不入库") % {"count": lacking} if lacking else _("✓ 完整")


def _tonnes(kg: Decimal | None) -> Cell:
    if kg is None:
        return Cell(MISSING, None, hint=_("有排放口不完整"))
    tonnes = kg / _KG_A_TONNE
    return Cell(rounded_figure(tonnes, _PLACES), rounded(tonnes, _PLACES))


def _pct(share: Share) -> Cell:
    return Cell(MISSING, None) if share.pct is None else Cell(rounded_figure(share.pct), rounded(share.pct, 2))


@dataclass(frozen=True, slots=True)
class IntoRivers:
    """One factor of the outfalls into rivers, over the same months of a year and of the one before; ``share``: outlets'
    months that are complete, of those owed."""

    factor: str
    year: int
    months: int
    kg: Decimal
    share: Share
    kg_before: Decimal
    share_before: Share

    @property
    def is_less(self) -> bool | None:
        """Whether less came than the year before; None where either is not whole."""
        is_whole = all(each.whole and each.part == each.whole for each in (self.share, self.share_before))
        return self.kg < self.kg_before if is_whole else None


def into_rivers(outlets: Iterable[Outlet], month: date) -> tuple[IntoRivers, ...]:
    """Of the key outfalls among outlets, from January to a month (or the last one that is over). 2 queries."""
    own = {each.pk: each for each in outlets if each.object == Thing.RIVER_OUTLET and each.kind == Media.WATER}
    last = min(month, (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1))
    if not own or last.year != month.year:
        return ()
    years = (month.year - 1, month.year)
    dues = list(FactorDue.objects.filter(outlet__in=own))
    rows = AmountClosing.objects.filter(outlet__in=own, month__gte=date(years[0], 1, 1), month__lte=last).order_by("pk")
    held = {(each.outlet_id, each.factor, each.month): each for each in rows}
    factors = sorted({each.factor for each in dues if has_amount(each.factor)})
    made = []
    for factor in factors:
        both = [_of_year(factor, year, last.month, own, dues, held) for year in years]
        (kg_before, share_before), (kg, share) = both
        made.append(IntoRivers(factor, month.year, last.month, kg, share, kg_before, share_before))
    return tuple(made)


def _of_year(
    factor: str, year: int, months: int, own: Mapping[int, Outlet], dues: Sequence[FactorDue],
    held: Mapping[tuple[int, str, date], AmountClosing],
) -> tuple[Decimal, Share]:  # fmt: skip
    kg, part, whole = Decimal(0), 0, 0
    for number in range(1, months + 1):
        first = date(year, number, 1)
        for outlet in _owing(factor, first, own, dues):
            row = held.get((outlet, factor, first))
            whole += 1
            if row is not None and not row.open_hours and row.is_over:
                kg, part = kg + row.kg, part + 1
    return kg, Share(part, whole)


def _owing(factor: str, first: date, own: Mapping[int, Outlet], dues: Sequence[FactorDue]) -> Iterator[int]:
    last = ends_of(Span.MONTH, first)
    found = {
        each.outlet_id
        for each in dues
        if each.factor == factor and each.starts_on <= last and (each.ends_on is None or each.ends_on >= first)
    }
    for number in sorted(found):
        outlet = own[number]
        if outlet.starts_on <= last and (outlet.ends_on is None or outlet.ends_on >= first):
            yield number


def rivers_table(found: Sequence[IntoRivers], *, is_demo: bool) -> Table:
    columns = (
        Column("factor", _("因子")),
        Column("months", _("月份")),
        Column("before", _("上年同期"), "t", is_figure=True),
        Column("now", _("本年"), "t", is_figure=True),
        Column("whole", _("完整的排放口月（上年、本年）")),
        Column("verdict", _("逐年减少")),
    )
    verdicts = {True: _("✓ 减少"), False: _("✗ 没有减少"), None: _("不能比较：有月份不完整")}
    rows = tuple(
        Row(
            (
                text_cell(factor_word(each.factor)),
                text_cell(_("1—%(month)s 月") % {"month": each.months}),
                _tonnes(each.kg_before if each.share_before.part else None),
                _tonnes(each.kg if each.share.part else None),
                text_cell(_("、").join((f"{each.share_before}", f"{each.share}"))),
                text_cell(verdicts[each.is_less]),
            )
        )
        for each in found
    )
    note = _("监控对象登记为重点入河排污口的废水排放口；只加完整的月份，两年都完整才比较。不入库。")
    return Table("rivers", _("重点入河排污口排放合计"), columns, rows, "", note, is_demo=is_demo)
