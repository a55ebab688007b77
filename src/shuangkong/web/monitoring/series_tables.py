"""读数的表: a row a time, a column a factor; what is over a limit, marked or flagged is told in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.monitoring.limits.limit import Basis, Limit
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring.marks import MarkRow, holding
from shuangkong.records.monitoring.models import Outlet
from shuangkong.web.monitoring.codes import amount_unit, factor_unit, factor_word
from shuangkong.web.monitoring.data import Source, Value
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.state_words import brought_word
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, figure

#: Two days of hours.
_PAGE_ROWS = 48
#: Whose a value is that the device did not tell: the sign in the table, and the words.
OWN_WORDS = {
    Source.MINUTES: (lazy("自算"), lazy("设备没有报，按分钟数据自算")),
    Source.HOURS: (lazy("自算"), lazy("设备没有报，按小时数据自算")),
    Source.VELOCITY: (lazy("推算"), lazy("没有报标干流量，按流速、截面积和烟气状态推算")),
    Source.OXIDES: (lazy("推算"), lazy("没有报氮氧化物，按 C(NO) × 46/30 + C(NO₂) 推算")),
}
_WORDS = {"avg": "", "rtd": "", "zs_avg": "折算", "zs_rtd": "折算", "cou": "累计"}


def values_table(
    request: HttpRequest, outlet: Outlet, kind: Kind, points: Mapping[int, str], told: Sequence[Value],
    marked: Sequence[MarkRow], limits: Mapping[str, Sequence[Limit]], unit_of: Callable[[str], str] = factor_unit,
) -> Table:  # fmt: skip
    """The newest first; each row leads to the frames that it came with."""
    rows: dict[datetime, dict[tuple[str, str], Value]] = defaultdict(dict)
    for each in told:
        rows[each.at][points[each.point], each.stat] = each
    keys = sorted({key for row in rows.values() for key in row})
    columns = (
        Column("at", _("时间")),
        *(
            Column(f"{factor}-{stat}", _label(factor, stat), _unit(factor, stat, unit_of), is_figure=True)
            for factor, stat in keys
        ),
        Column("marks", _("标记")),
        Column("frames", _("报文")),
    )
    made = tuple(
        Row(
            (
                Cell(moment(at), at.isoformat()),
                *(_cell(row.get(key), limits.get(key[0], ())) for key in keys),
                text_cell(_marks(row, marked, at)),
                text_cell(_("看报文"), href=_frames(outlet, kind, at)),
            )
        )
        for at, row in sorted(rows.items(), reverse=True)
    )
    empty = _("这段时间没有收到数据。看看设备是否接入、网关是否在运行。")
    return Table("values", _("读数"), columns, made, empty, is_demo=outlet.region.is_fictional, page_rows=_PAGE_ROWS)


def _label(factor: str, stat: str) -> str:
    extra = {"": "", "折算": _("折算"), "累计": _("累计")}[_WORDS.get(stat, "")]
    return f"{factor_word(factor)} {extra}".strip()


def _unit(factor: str, stat: str, unit_of: Callable[[str], str]) -> str:
    return amount_unit(factor) if stat == "cou" else unit_of(factor)


def _cell(each: Value | None, limits: Sequence[Limit]) -> Cell:
    if each is None:
        return Cell(MISSING, None, hint=_("没有收到"))
    basis = Basis.CONVERTED if each.stat.startswith("zs") else Basis.MEASURED
    over = [limit for limit in limits if limit.basis is basis and each.value is not None and each.stat != "cou"
            and limit.is_exceeded_by(each.value)]  # fmt: skip
    flag = "" if each.flag in ("", "N") else f" {each.flag}"
    sign, whose = OWN_WORDS.get(each.source, ("", ""))
    if each.is_doubtful:
        sign = _("不明")
    text = f"{figure(each.value)}{flag}{f' {sign}' if sign else ''}{' ▲' if over else ''}"
    said = [_("超过限值")] if over else [_("设备标记 %(flag)s") % {"flag": each.flag}] if flag else []
    state = [brought_word(each.brought)] if each.brought is not None else []
    hint = _("；").join([*said, *state, *([str(whose)] if whose else [])])
    return Cell(text, each.value, hint=hint)


def _marks(row: Mapping[tuple[str, str], Value], marked: Sequence[MarkRow], at: datetime) -> str:
    """What a person or rule marked for this time, factor by factor where they differ."""
    found = {factor: held.mark for factor, _stat in row if (held := holding(marked, factor, at)) is not None}
    told = {each.mark for each in row.values() if each.mark}
    return _("、").join(sorted({*found.values(), *told}))


def _frames(outlet: Outlet, kind: Kind, at: datetime) -> str:
    return f"{reverse('monitoring:frames', args=(outlet.pk,))}?{urlencode({'at': at.isoformat(), 'kind': kind.value})}"
