"""公布过的等级: what was published anywhere, which of it the rules reproduce, and how often each rule was right."""

from __future__ import annotations

from collections import Counter
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.outlook.barometer.level import CAUSES, Level
from shuangkong.outlook.history.published import History, PublishedTable
from shuangkong.outlook.history.published_book import history
from shuangkong.outlook.history.reproducing import Outcome, Reproduced, causes, reproduce
from shuangkong.outlook.history.verdicts import trials
from shuangkong.outlook.response.rates import by_rule
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.outlook.words import level_word, rule_word
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken


@require_GET
@needs(Action.ACTUAL_READ)
def published(request: HttpRequest) -> HttpResponse:
    book = open_rulebook()
    told, found = _known(book)
    agreed = Counter(each.outcome for each in found)
    codes = {each.region for each in found} | {each.region for each in told.doubts}
    names = {code: each.name for code, each in registry.regions(codes).items()}
    context = {
        "tables": len(told.tables),
        "cells": sum(len(each.levels) for each in told.tables),
        "agrees": agreed[Outcome.AGREES],
        "disagrees": agreed[Outcome.DISAGREES],
        "not_judged": agreed[Outcome.NOT_JUDGED],
        "doubts": [(each.table, names.get(each.region, ""), each.message) for each in told.doubts],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "published_table": _published(told, found),
        "judged_table": _judged(told, found, names),
        "rates_table": _rates(told),
    }
    return page(request, "outlook/history.html", context, tables)


@cache
def _known(book: Rulebook) -> tuple[History, tuple[Reproduced, ...]]:
    """All that was published, with what the rules say of it: policy files, the same for everybody."""
    told = history(book.folder)
    return told, reproduce(told, book.outlook().barometer)


def _published(told: History, found: tuple[Reproduced, ...]) -> Table:
    columns = (
        Column("table", _("公布的表")),
        Column("period", _("时期")),
        Column("rule", _("指标")),
        *(Column(f"level{level}", level_word(level), is_figure=True) for level in Level),
        Column("agrees", _("复算一致"), is_figure=True),
        Column("disagrees", _("不一致"), is_figure=True),
        Column("not_judged", _("不能判定"), is_figure=True),
        Column("why", _("不能判定的原因")),
        Column("complete", _("完整")),
        Column("source", _("来源")),
    )
    sources, why = open_rulebook().sources(), causes(found)
    rows = []
    for table in sorted(told.tables, key=lambda each: each.period.first_month, reverse=True):
        counts = Counter(each.outcome for each in found if each.table == table.id)
        source = sources.get(table.ground.source)
        rows.append(
            Row(
                (
                    text_cell(table.id),
                    Cell(period_word(table.period), str(table.period)),
                    text_cell(rule_word(table.rule)),
                    *(Cell(str(len(table.at(level))), len(table.at(level))) for level in Level),
                    *(Cell(str(counts[outcome]), counts[outcome]) for outcome in
                      (Outcome.AGREES, Outcome.DISAGREES, Outcome.NOT_JUDGED)),
                    text_cell("；".join(spoken(CAUSES[cause]) for cause in why.get(table.id, ()))),
                    text_cell(_completeness(table)),
                    text_cell(source.title if source else table.ground.source, hint=table.ground.note),
                )
            )
        )  # fmt: skip
    note = _("五年目标和判定规定都还没有与文件原文核对")
    return Table("published", _("公布过的等级和复算"), columns, tuple(rows), note=note)


def _completeness(table: PublishedTable) -> str:
    if table.is_derived:
        return _("推得")
    return _("完整") if table.is_complete else _("不全")


def _judged(told: History, found: tuple[Reproduced, ...], names: dict[str, str]) -> Table:
    """Every cell that the rule of its day can judge, what disagrees first with its reason."""
    columns = (
        Column("table", _("公布的表")),
        Column("region", _("地区")),
        Column("published", _("公布")),
        Column("judged", _("复算")),
        Column("outcome", _("是否一致")),
        Column("required", _("要求"), "%", is_figure=True),
        Column("achieved", _("实际"), "%", is_figure=True),
        Column("used", _("所用的数")),
        Column("reason", _("原因")),
    )
    judged = [each for each in found if each.outcome is not Outcome.NOT_JUDGED]
    judged.sort(key=lambda each: (each.outcome is Outcome.AGREES, each.table, each.region))
    rows = tuple(
        Row(
            (
                text_cell(each.table),
                text_cell(names.get(each.region, each.region)),
                text_cell(level_word(each.published)),
                text_cell(level_word(each.judgement.level)),
                text_cell(_("一致") if each.outcome is Outcome.AGREES else _("不一致")),
                *(Cell(rounded_figure(value), value) for value in map(each.compared, ("required", "achieved"))),
                text_cell(_("以 %(year)s 年全年代替当期") % {"year": each.stands_in} if each.stands_in else _("当期")),
                text_cell(_reason(told, each)),
            )
        )
        for each in judged
    )
    empty = _("没有能够复算的：缺数，或当时没有公布界线。")
    return Table("judged", _("能够复算的各格，不一致的在前"), columns, rows, empty)


def _reason(told: History, each: Reproduced) -> str:
    """Why a cell disagrees: what is odd about the published one, else that other figures may have been used then."""
    if each.outcome is Outcome.AGREES:
        return ""
    doubts = (doubt for doubt in told.doubts if (doubt.table, doubt.region) == (each.table, each.region))
    said = next((spoken(doubt.message) for doubt in doubts), "")
    return said or _("公布时所用的数可能不同")


def _rates(told: History) -> Table:
    columns = (
        Column("rule", _("判定规定")),
        Column("hits", _("预警且未完成"), is_figure=True),
        Column("false_alarms", _("预警而完成"), is_figure=True),
        Column("misses", _("未预警而未完成"), is_figure=True),
        Column("calms", _("未预警且完成"), is_figure=True),
        Column("false_alarm_pct", _("误报率"), "%", is_figure=True),
        Column("miss_pct", _("漏报率"), "%", is_figure=True),
        Column("undecided", _("还不能定"), is_figure=True),
    )
    rows = tuple(
        Row(
            (
                text_cell(rule_word(rule)),
                *(Cell(str(each), each) for each in (tally.hits, tally.false_alarms, tally.misses, tally.calms)),
                *(Cell(rounded_figure(each, 1) if each is not None else MISSING, each)
                  for each in (tally.false_alarm_pct, tally.miss_pct)),
                Cell(str(tally.undecided), tally.undecided),
            )
        )
        for rule, tally in by_rule(trials(told)).items()
    )  # fmt: skip
    note = _("预警指一级和二级；完成与否按五年各年公布的变化率连乘，与五年目标比较")
    return Table("rates", _("各判定规定的误报率和漏报率"), columns, rows, note=note)
