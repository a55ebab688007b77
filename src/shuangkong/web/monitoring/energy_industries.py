"""分行业用能: metered units by division of industries, the largest first, each with its largest unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.compliance import division_of
from shuangkong.web.monitoring.metered_units import UnitMonth
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure

_HUNDRED = Decimal(100)


def industries_table(units: Sequence[UnitMonth]) -> Table:
    """Of the units whose energy is whole; how many are not stands beside."""
    industries = open_rulebook().industries()
    groups: dict[str, list[UnitMonth]] = defaultdict(list)
    for each in units:
        groups[division_of(each.enterprise.industry, industries)].append(each)
    every = sum((each.total.number or Decimal(0) for each in units), Decimal(0))
    columns = (
        Column("industry", _("行业大类")),
        Column("units", _("企业"), _("家"), is_figure=True),
        Column("whole", _("其中完整的"), _("家"), is_figure=True),
        Column("tce", _("完整企业的能源消费量（当量值）"), "tce", is_figure=True),
        Column("share", _("占完整企业合计"), "%", is_figure=True),
        Column("largest", _("最大的企业")),
        Column("largest-tce", _("它的能源消费量"), "tce", is_figure=True),
    )
    rows = []
    for code, own in groups.items():
        whole = [each for each in own if each.total.number is not None]
        total = sum((each.total.number or Decimal(0) for each in whole), Decimal(0))
        largest = max(whole, key=lambda each: each.total.number or Decimal(0), default=None)
        name = industries[code].name if code in industries else ""
        rows.append(
            (
                total,
                Row(
                    (
                        text_cell(f"{code} {name}".strip() or _("没有登记行业")),
                        Cell(str(len(own)), len(own)),
                        Cell(str(len(whole)), len(whole)),
                        _tce(total if whole else None),
                        _tce(total * _HUNDRED / every if whole and every else None),
                        text_cell(largest.enterprise.name if largest else MISSING),
                        _tce(largest.total.number if largest else None),
                    )
                ),
            )
        )
    made = tuple(row for _total, row in sorted(rows, key=lambda pair: -pair[0]))
    note = _("只加能源消费量完整、系数是一个数的企业；单位按登记的行业归类。")
    return Table("industries", _("分行业的能源消费量"), columns, made, _("还没有结算。"), note,
                 is_demo=any(each.enterprise.region.is_fictional for each in units))  # fmt: skip


def _tce(value: Decimal | None) -> Cell:
    return Cell(MISSING, None) if value is None else Cell(rounded_figure(value), rounded(value, 2))
