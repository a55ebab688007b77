"""用能量的表: amounts with their thousands parted, and what they make in coal equivalent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.records.monitoring.coal_equivalent import CoalTotal, Converted
from shuangkong.web.monitoring.meter_tables import PLACES, carrier_word, parted
from shuangkong.web.monitoring.metered_units import UnitMonth
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken


def parted_cell(value: Decimal | None, hint: str = "") -> Cell:
    """An amount; "—" where none is known."""
    return Cell(MISSING, None) if value is None else Cell(parted(value), rounded(value, PLACES), hint=hint)


def tce_cell(found: Converted | CoalTotal, hint: str = "") -> Cell:
    """One number or a range; ※ where a coefficient was not compared with its document."""
    if found.low is None or found.high is None:
        lacking = found.lacking if isinstance(found, Converted) else None
        return Cell(MISSING, None, hint=spoken(lacking) if lacking else hint)
    is_verified = (
        found.is_verified if isinstance(found, CoalTotal) else bool(found.coefficient and found.coefficient.is_verified)
    )
    if found.low == found.high:
        return Cell(parted(found.low), rounded(found.low, PLACES), hint=hint, is_doubted=not is_verified)
    words = _("标准的折标准煤系数是区间，不取平均")
    text = f"{parted(found.low)} – {parted(found.high)}"
    return Cell(text, text, hint=f"{words} {hint}".strip(), is_doubted=not is_verified)


def totals_table(units: Sequence[UnitMonth]) -> Table:
    """Each unit's energy in coal equivalent, and what of it is not in the sum."""
    columns = (
        Column("unit", _("企业")),
        Column("region", _("地区")),
        Column("tce", _("能源消费量（当量值）"), "tce", is_figure=True),
        Column("whole", _("是否完整")),
        Column("lacking", _("没有计入的")),
    )
    rows = []
    for each in units:
        lacking = [
            f"{carrier_word(part.carrier)}（{spoken(part.lacking)}）" for part in each.total.parts if part.lacking
        ]
        rows.append(
            Row(
                (
                    text_cell(each.enterprise.name),
                    text_cell(each.enterprise.region.name),
                    tce_cell(each.total),
                    text_cell(_("✓ 完整") if each.total.is_whole else _("✕ 不完整")),
                    text_cell(_("、").join(lacking)),
                )
            )
        )
    note = _("各品种用量按综合能耗计算通则的折标准煤系数（当量值）折算后相加；没有实测热值。")
    return Table("totals", _("各企业能源消费量"), columns, tuple(rows), _("还没有结算。"), note,
                 is_demo=any(each.enterprise.region.is_fictional for each in units))  # fmt: skip
