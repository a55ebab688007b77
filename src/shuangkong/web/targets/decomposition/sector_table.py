"""行业和部门指标表: what each sector is asked, what that comes to in its own unit, and who leads the matter."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.records.targets.decomposition.given_sectors import GivenSector
from shuangkong.targets.decomposition.sectors import SectorLine
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure, rounded_figure, unit_word


def sector_table(request: HttpRequest, sectors: Sequence[GivenSector], *, is_demo: bool) -> Table:
    """As printed, with the level, rate and difference that follow beside it; rows of different units never add up."""
    columns = (
        Column("sector", _("行业、部门")),
        Column("indicator", _("指标")),
        Column("unit", _("单位")),
        Column("base", _("基期值"), is_figure=True),
        Column("level", _("应达到"), is_figure=True),
        Column("printed", _("表中印的变化"), is_figure=True),
        Column("rate", _("合变化率"), "%", is_figure=True),
        Column("difference", _("合变化量"), is_figure=True),
        Column("leads", _("牵头单位（按方案条目）")),
    )
    rows = tuple(Row(_cells(request, each)) for each in sectors)
    note = _(
        "方括号内为变化率，不带的为变化量，与单位栏同一单位；负数为下降。两数知其一，另一数由基期值折算；各行单位不同，不合计。"
    )
    return Table("sectors", _("行业和部门各承担什么"), columns, rows, note=note, is_demo=is_demo)


def _cells(request: HttpRequest, each: GivenSector) -> tuple[Cell, ...]:
    line, told = each.line, each.implied
    is_rate_alone = line.unit == "%" and line.rate is not None and line.level is None
    leads = _("、").join(each.leads)
    return (
        text_cell(line.sector or MISSING),
        Cell(line.name, line.name, href=link(request, "targets:target", each.target)),
        text_cell(MISSING if is_rate_alone else unit_word(line.unit)),
        _figure_cell(line.base, _("表中没有基期值")),
        _figure_cell(told.level, _("没有基期值，算不出应达到的水平"), is_implied=line.level is None),
        Cell(_printed(line), line.rate if line.rate is not None else line.difference),
        Cell(rounded_figure(told.rate), told.rate),
        Cell(figure(told.difference), told.difference),
        Cell(
            f"{leads} {each.measure_no}" if leads else MISSING, leads, hint="" if leads else _("没有条目的标题提到它")
        ),
    )


def _figure_cell(value: Decimal | None, why: str, *, is_implied: bool = False) -> Cell:
    """A figure that was reckoned bears the sign of what rests on a reckoning."""
    return Cell(figure(value), value, hint=why if value is None else "", is_doubted=is_implied and value is not None)


def _printed(line: SectorLine) -> str:
    """As such tables print it: [-14] is a rate, +50 a difference."""
    if line.rate is not None:
        return f"[{line.rate:+f}]"
    return MISSING if line.difference is None else f"{line.difference:+f}"
