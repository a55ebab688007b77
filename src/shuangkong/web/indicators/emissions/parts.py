"""分流域、分行业的表: how much of each account lies in which basin and class of sources, and in which sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.indicators.emissions.division import Part
from shuangkong.records.indicators.emissions.dividing import Divided
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.web.indicators.emissions.words import named, tonnes
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_BASINS, _CLASSES = "basins", "classes"
_SUMS = ("base", "recognised", "level")


def parts_tables(
    request: HttpRequest, every: Sequence[Divided], names: dict[str, str]
) -> dict[str, Table | tuple[Table, ...]]:
    """By basin and by class; by source where the address names a part (``by``, ``region``, ``pollutant``, ``part``)."""
    made: dict[str, Table | tuple[Table, ...]] = {
        "basins_table": _basins(request, every, names),
        "classes_table": _classes(request, every, names),
    }
    asked = request.GET.get("by", "")
    where = (request.GET.get("region", ""), request.GET.get("pollutant", ""))
    each = next((each for each in every if (each.account.region, each.account.pollutant.id) == where), None)
    if each is not None and asked in (_BASINS, _CLASSES):
        told = each.basins if asked == _BASINS else each.classes
        part = next((part for part in told if part.key == request.GET.get("part", "")), None)
        if part is not None:
            name = _basin_name(part.key) if asked == _BASINS else _class_name(each, part.key)
            made["sources_table"] = _sources(each, part, f"{names[each.account.region]} {name}")
    return made


def _basins(request: HttpRequest, every: Sequence[Divided], names: dict[str, str]) -> Table:
    empty = _("还没有可分流域的底数。底数表的“流域”一列填了的，各流域的底数、核定削减量和水平列在这里。")
    note = _("水污染物都列，其他的注明了流域才列。水平＝底数－底数年以后的核定削减量；新增量不分流域，不在其中。")
    rows = tuple(
        row
        for each in every
        for row in _rows(request, each, each.basins, names, _BASINS, lambda _each, key: _basin_name(key))
    )
    return Table(_BASINS, _("各流域的底数和削减"), _columns(_("流域")), rows, empty, note, is_demo=_is_demo(every))


def _classes(request: HttpRequest, every: Sequence[Divided], names: dict[str, str]) -> Table:
    empty = _("还没有认定的底数。认定以后，各类污染源的底数、核定削减量和水平列在这里。")
    note = _("水平＝底数－底数年以后的核定削减量；新增量不分类别，不在其中。")
    rows = tuple(row for each in every for row in _rows(request, each, each.classes, names, _CLASSES, _class_name))
    return Table(
        _CLASSES, _("各类污染源的底数和削减"), _columns(_("污染源类别")), rows, empty, note, is_demo=_is_demo(every)
    )


def _columns(part: str) -> tuple[Column, ...]:
    return (
        Column("region", _("地区")),
        Column("pollutant", _("污染物")),
        Column("part", part),
        Column("year", _("核算年份")),
        *_sum_columns(),
        Column("sources", _("污染源"), "个", is_figure=True),
    )


def _sum_columns() -> tuple[Column, ...]:
    labels = (_("底数排放量"), _("底数年以后的核定削减量"), _("扣减后的水平"))
    return tuple(Column(key, label, "吨", is_figure=True) for key, label in zip(_SUMS, labels, strict=True))


def _rows(
    request: HttpRequest,
    each: Divided,
    told: Sequence[Part],
    names: dict[str, str],
    by: str,
    name: Callable[[Divided, str], str],
) -> list[Row]:
    account = each.account
    asked = {"by": by, "region": account.region, "pollutant": account.pollutant.id}
    made = []
    for part in told:
        query = asked | ({"part": part.key} if part.key else {})
        count = len({source.key for source in part.sources if source.key})
        made.append(
            Row(
                (
                    text_cell(names[account.region]),
                    text_cell(spoken(account.pollutant.name)),
                    text_cell(name(each, part.key), href=f"{link(request, 'emissions:overview', **query)}#sources"),
                    Cell(str(each.year), each.year),
                    *_sums(each, part),
                    Cell(str(count), count),
                )
            )
        )
    return made


def _sums(each: Divided, part: Part) -> tuple[Cell, ...]:
    """Of the base it is a rule which way of knowing is surest; of what was recognised, how it was reckoned."""
    year = each.account.of_year(each.year)
    base = not rules_at(each.account.region).accounting.classes.is_verified
    recognised = year is not None and each.account.pollutant.recognised in year.doubted
    return (
        Cell(tonnes(part.base_t), part.base_t, is_doubted=base),
        Cell(tonnes(part.recognised_t), part.recognised_t, is_doubted=recognised),
        Cell(tonnes(part.level_t), part.level_t, is_doubted=base or recognised),
    )


def _sources(each: Divided, part: Part, name: str) -> Table:
    columns = (
        Column("code", _("污染源代码")),
        Column("name", _("名称")),
        Column("outlets", _("排放口")),
        *_sum_columns(),
        Column("reductions", _("减排项目")),
    )
    rows = tuple(
        Row(
            (
                text_cell(source.key),
                text_cell(source.amounts[0].name or _("底数里没有分源的部分")),
                text_cell(_("、").join(sorted({amount.outlet for amount in source.amounts if amount.outlet}))),
                *_sums(each, source),
                text_cell(_("、").join(_("第 %(number)s 号") % {"number": number} for number in source.reductions)),
            )
        )
        for source in part.sources
    )
    caption = _("%(part)s %(pollutant)s 落在哪些污染源") % {
        "part": name, "pollutant": spoken(each.account.pollutant.name)
    }  # fmt: skip
    return Table("sources", caption, columns, rows, is_demo=each.account.is_demo)


def _basin_name(key: str) -> str:
    return key or _("未注明流域")


def _class_name(each: Divided, key: str) -> str:
    return named(rules_at(each.account.region).accounting.classes.scopes, key) if key else _("未注明类别")


def _is_demo(every: Sequence[Divided]) -> bool:
    return any(each.account.is_demo for each in every)
