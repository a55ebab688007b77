"""重点工程的表: the list, what they bring against the targets, and of one its months and its tonnes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.rounding import rounded
from shuangkong.outlook.projects.comparison import Compared
from shuangkong.outlook.projects.ledger import Line
from shuangkong.outlook.projects.told import Step
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.web.indicators.emissions.words import STATES as REDUCTION_STATES
from shuangkong.web.indicators.emissions.words import per_cent, tonnes
from shuangkong.web.outlook.projects.clock import Followed
from shuangkong.web.outlook.projects.words import (
    SIGNS,
    STAGES,
    STATES,
    brought_word,
    done_words,
    family_word,
    fault_words,
    in_ten_thousand,
    unit_of,
)
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, unit_word


def figure(value: Decimal | None, hint: str = "") -> Cell:
    return Cell(rounded_figure(value), value, hint=hint)


def tonnes_cell(value: Decimal | None, why: str = "") -> Cell:
    return Cell(tonnes(value), value, why=why)


def list_table(request: HttpRequest, found: Sequence[Followed]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("project", _("工程")),
        Column("state", _("进展")),
        Column("faults", _("问题")),
        Column("family", _("类别")),
        Column("region", _("地区")),
        Column("owner", _("责任单位或企业")),
        Column("stage", _("最近一月状态")),
        Column("month", _("最近一月")),
        Column("progress", _("形象进度"), "%", is_figure=True),
        Column("invested", _("累计完成投资"), "万元", is_figure=True),
        Column("investment", _("总投资"), "万元", is_figure=True),
        Column("run", _("投运期限")),
        Column("expected", _("预期减排（全年）")),
        Column("reductions", _("挂接的减排项目"), is_figure=True),
        Column("funding", _("资金来源")),
        Column("ppp", _("PPP 方式")),
    )
    empty = _("还没有重点工程。列入后按月调度，滞后或运行不稳定的在这里和晴雨表上都会标出。")
    rows = tuple(Row(_list_cells(request, each)) for each in found)
    return Table("projects", _("重点工程"), columns, rows, empty, is_demo=any(each.row.is_demo for each in found))


def _list_cells(request: HttpRequest, each: Followed) -> tuple[Cell, ...]:
    row, held = each.row, each.row.held
    told, latest = held.particulars, held.latest
    run = told.milestones.get(Step.RUN.value)
    return (
        Cell(str(row.id), row.id),
        text_cell(row.name, href=link(request, "projects:project", row.id)),
        text_cell(f"{SIGNS[each.state]} {STATES[each.state]}"),
        text_cell(_("；").join(fault_words(each.standing)) if each.standing else ""),
        text_cell(family_word(told.family)),
        text_cell(row.region_name),
        text_cell(row.owner),
        text_cell(str(STAGES[latest.stage]) if latest else ""),
        text_cell(latest.month if latest else ""),
        figure(latest.progress_pct if latest else None),
        figure(in_ten_thousand(latest.invested_cny) if latest else None),
        figure(in_ten_thousand(told.investment_cny)),
        Cell(run.isoformat(), run) if run else text_cell(""),
        text_cell(expected_words(row)),
        Cell(str(len(held.reductions)), len(held.reductions)),
        text_cell(told.funding),
        text_cell(told.ppp),
    )


def expected_words(row: KeyProjectRow) -> str:
    """化学需氧量 90.00 吨、节能量 1,200.00 吨标准煤."""
    return _("、").join(
        f"{brought_word(key, row.region)} {tonnes(amount)} {unit_word(unit_of(key))}"
        for key, amount in row.held.particulars.expected.items()
    )


def sums_table(request: HttpRequest, found: Sequence[Compared], *, is_demo: bool) -> Table:
    columns = (
        Column("pollutant", _("污染物")),
        Column("place", _("地区")),
        Column("target", _("重点工程减排目标"), "吨", is_figure=True),
        Column("years", _("年份")),
        Column("projects", _("工程数"), is_figure=True),
        Column("expected", _("预期减排（全年）"), "吨", is_figure=True),
        Column("assigned", _("已下达"), "吨", is_figure=True),
        Column("counted", _("已认定"), "吨", is_figure=True),
        Column("completion", _("完成率"), "%", is_figure=True),
        Column("short", _("还差"), "吨", is_figure=True),
        Column("uncovered", _("没有工程落实"), "吨", is_figure=True),
    )
    rows = tuple(Row(_sum_cells(request, each)) for each in found)
    empty = _("方案没有印出重点工程减排量的目标，没有可比的。")
    return Table("sums", _("与方案的重点工程减排量比较"), columns, rows, empty, is_demo=is_demo)


def _sum_cells(request: HttpRequest, each: Compared) -> tuple[Cell, ...]:
    due, why = each.due, "#why"
    years = f"{due.years[0]}—{due.years[-1]}" if len(due.years) > 1 else str(due.years[0])
    return (
        text_cell(brought_word(due.pollutant, due.place)),
        text_cell(due.name),
        Cell(tonnes(due.amount_t), due.amount_t, href=link(request, "targets:target", due.target)),
        text_cell(years),
        Cell(str(each.projects), each.projects),
        tonnes_cell(each.expected_t, why),
        tonnes_cell(each.assigned_t, why),
        tonnes_cell(each.counted_t, why),
        Cell(per_cent(each.completion_pct), each.completion_pct, why=why),
        tonnes_cell(each.short_t, why),
        tonnes_cell(each.uncovered_t, why),
    )


def unlinked_table(request: HttpRequest, found: Sequence[ReductionRow]) -> Table:
    columns = (
        Column("number", _("编号"), is_figure=True),
        Column("title", _("减排项目")),
        Column("state", _("办到哪一步")),
        Column("pollutant", _("污染物")),
        Column("counts", _("核定量（全年）"), "吨", is_figure=True),
        Column("region", _("地区")),
    )
    rows = tuple(
        Row(
            (
                Cell(str(each.id), each.id),
                text_cell(each.title, href=link(request, "emissions:reduction", each.id)),
                text_cell(str(REDUCTION_STATES[each.standing.state])),
                text_cell(brought_word(each.pollutant, each.region)),
                tonnes_cell(each.standing.counts_t),
                text_cell(each.region_name),
            )
        )
        for each in found
    )
    note = _("计入重点工程减排量，但没有挂在任何一项工程上")
    empty = _("自报为重点工程的减排项目都已挂接。")
    caption = _("还没有挂接的重点工程减排项目")
    return Table("unlinked", caption, columns, rows, empty, note, is_demo=any(each.is_demo for each in found))


def months_table(row: KeyProjectRow, bad: Sequence[str]) -> Table:
    columns = (
        Column("month", _("月份")),
        Column("stage", _("状态")),
        Column("progress", _("形象进度"), "%", is_figure=True),
        Column("invested", _("累计完成投资"), "万元", is_figure=True),
        Column("running", _("投运率"), "%", is_figure=True),
        Column("compliant", _("达标率"), "%", is_figure=True),
        Column("judged", _("运行情况")),
        Column("done", _("完成的节点")),
    )
    held = row.held
    rows = []
    for month in sorted({*held.months, *held.proofs}, reverse=True):
        told, proof = held.months.get(month), held.proofs.get(month)
        done = done_words(told.done) if told else []
        rows.append(
            Row(
                (
                    text_cell(month),
                    text_cell(str(STAGES[told.stage]) if told else ""),
                    figure(told.progress_pct if told else None),
                    figure(in_ten_thousand(told.invested_cny) if told else None),
                    figure(proof.running_pct if proof else None),
                    figure(proof.compliant_pct if proof else None),
                    text_cell(_("不良") if month in bad else ""),
                    text_cell(_("；").join(done)),
                )
            )
        )
    empty = _("还没有调度。每月报一次形象进度、投资和状态；投运后另报运行证明。")
    return Table("months", _("逐月调度和运行证明"), columns, tuple(rows), empty, is_demo=row.is_demo)


def tonnes_table(row: KeyProjectRow, found: Sequence[Line]) -> Table:
    columns = (
        Column("pollutant", _("污染物")),
        Column("year", _("年度")),
        Column("assigned", _("减排任务"), "吨", is_figure=True),
        Column("counted", _("已认定"), "吨", is_figure=True),
        Column("carried", _("其中上年结转"), "吨", is_figure=True),
        Column("completion", _("完成率"), "%", is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(brought_word(each.pollutant, row.region)),
                Cell(str(each.year), each.year),
                tonnes_cell(each.assigned_t),
                tonnes_cell(each.counted_t, "#why"),
                tonnes_cell(each.carried_t),
                Cell(MISSING, None, hint=_("没有下达任务"))
                if each.completion_pct is None
                else Cell(per_cent(each.completion_pct), rounded(each.completion_pct, 2)),
            )
        )
        for each in found
    )
    empty = _("还没有下达减排任务，也没有认定的减排量。")
    return Table("tonnes", _("任务和认定的减排量"), columns, rows, empty, is_demo=row.is_demo)
