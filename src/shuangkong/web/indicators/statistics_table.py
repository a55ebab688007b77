"""部门统计表: one row an indicator: newest figure, target, who supplies it, since when it is missing."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.fact import Cell as FactCell
from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.web.indicators.shown import address
from shuangkong.web.indicators.statistics import Statistic
from shuangkong.web.indicators.statistics_words import supplier_word
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import deadline_word, figure, kind_of_word, op_sign, spoken, unit_word, with_unit
from shuangkong.web.targets.tables import standing_cell


def statistics_table(request: HttpRequest, subject: Subject, found: Iterable[Statistic], *, is_demo: bool) -> Table:
    columns = (
        Column("indicator", _("指标")),
        Column("definition", _("定义")),
        Column("period", _("时期")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("maturity", _("数据状态")),
        Column("how", _("来路")),
        Column("target", _("目标")),
        Column("standing", _("进展")),
        Column("owner", _("提供部门")),
        Column("missing", _("缺自")),
    )
    rows = tuple(_row(request, subject, each) for each in found)
    note = _("目标取最新一份方案的；缺自：最后一个有数的年度之后的那一年。")
    return Table("statistics", _("指标"), columns, rows, _("这个领域还没有指标。"), note, is_demo=is_demo)


def _row(request: HttpRequest, subject: Subject, each: Statistic) -> Row:
    name = spoken(Message(each.rule.zh, each.rule.en))
    series = link(request, "indicators:series", each.rule.id, str(subject))
    latest = each.latest
    shown = [text_cell("") for _ in range(5)]
    if latest is not None:
        why = address(request, FactCell(subject, each.rule.id, latest.period))
        shown = [
            text_cell(str(latest.period)),
            Cell(latest.shown, latest.value, why=why, is_doubted=latest.has_doubts),
            text_cell(unit_word(latest.unit)),
            text_cell(latest.maturity),
            text_cell(latest.how),
        ]
    return Row(
        (
            text_cell(name, href=series),
            text_cell(spoken(each.rule.definition) if each.rule.definition else ""),
            *shown,
            *target_cells(request, each),
            text_cell(supplier_word(each.rule.owner)),
            missing_cell(each),
        )
    )


def target_cells(request: HttpRequest, each: Statistic) -> tuple[Cell, Cell]:
    """The target that the newest plan sets, and how it stands."""
    if each.course is None:
        return text_cell(""), text_cell("")
    target = each.course.target
    promised = with_unit(f"{op_sign(target.op)}{figure(target.value)}", target.unit)
    kind = kind_of_word(target.kind, target.indicator, target.indicator_name)
    words = _("%(deadline)s：%(kind)s %(promised)s") % {
        "deadline": deadline_word(target.deadline), "kind": kind, "promised": promised,
    }  # fmt: skip
    return (
        Cell(words, target.value, href=link(request, "targets:target", target.id)),
        standing_cell(each.course.standing),
    )


def missing_cell(each: Statistic) -> Cell:
    if each.latest is None:
        return Cell(_("从未录入"), _("从未录入"))
    return text_cell("") if each.missing_since is None else Cell(f"{each.missing_since}", each.missing_since)
