"""能源平衡表、结构和数据衔接: what the pages of a balance show, as values in base units."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Schema

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.indicators.balance import Balance
from shuangkong.indicators.balance.flows import flows
from shuangkong.indicators.table_words import Basis
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.balances import balance_periods, balance_sheet, structure_periods
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.reconciling import reconciliation, reconciliation_periods
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Code, Day, Figure
from shuangkong.web.indicators.known import known
from shuangkong.web.indicators.views.structure import EVERY, INTENSIVE, INTENSIVE_SHARE

room = Room(tags=["balances"])

_FIRST_YEAR, _LAST_YEAR = 1_900, 2_699
Year = Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)]
BasisName = Literal["physical", "calorific", "equivalent"]
StandardName = Literal["calorific", "equivalent"]


class BalanceCell(Schema):
    """A cell that has a figure, in ``unit``: that of the column, or tce."""

    line: str
    column: str
    value: Figure
    unit: str


class BalanceFinding(Schema):
    """What does not add up, and what to do next."""

    code: str
    severity: str
    zh: str
    en: str


class BalanceShown(Schema):
    """``line`` and ``column`` as the policy's table names them; ``unconverted``: columns without one coefficient."""

    year: int
    basis: str
    cells: list[BalanceCell]
    unconverted: list[str]
    findings: list[BalanceFinding]
    is_demo: bool


class FlowShown(Schema):
    """tce that go from one node to another; ``key`` of a node is unique, its names are for people."""

    whence: str
    whence_zh: str
    whither: str
    whither_zh: str
    amount: Figure


class FlowsShown(Schema):
    """In the order of the form."""

    year: int
    basis: str
    items: list[FlowShown]


class StructureFigure(Schema):
    """One figure in the base unit of its indicator; ``state`` says why there is none."""

    indicator: str
    year: int
    value: Figure | None
    unit: str
    state: str


class StructureShown(Schema):
    """By indicator, then year."""

    items: list[StructureFigure]


class ReconciledShown(Schema):
    """``difference`` = whole − parts, in base units; ``ask``: who can explain it; ``finding``: it is over a limit."""

    key: str
    zh: str
    en: str
    whole: Figure | None
    parts: Figure | None
    difference: Figure | None
    difference_pct: Figure | None
    lacking: list[str]
    unnamed: int
    ask_zh: str
    ask_en: str
    finding: BalanceFinding | None


class ReconciliationShown(Schema):
    """Comparisons of which anything is known."""

    year: int
    items: list[ReconciledShown]
    is_demo: bool


@room.reads("/regions/{code}/balance", Action.ACTUAL_READ, BalanceShown)
def energy_balance(
    request: HttpRequest, code: Code, year: Year | None = None, basis: BasisName = "physical", as_of: Day | None = None
) -> Any:
    """一个地区一年的能源平衡表：实物量，或标准煤（当量值、等价值），连同审核结果；不写年份时看最近一年。"""
    subject = _subject(request, code)
    told = year or _last_year(balance_periods(subject, as_of))
    sheet = balance_sheet(subject, Period(told), _whose(code, told), as_of)
    shown = sheet.physical if basis == "physical" else sheet.standard[Basis(basis)]
    units = {column.id: column.unit if basis == "physical" else "tce" for column in sheet.table.columns}
    return {
        "year": told,
        "basis": basis,
        "cells": [
            {"line": row, "column": column, "value": figure, "unit": units[column]}
            for (row, column), figure in shown.figures.items()
            if isinstance(figure, Decimal)
        ],
        "unconverted": list(shown.unconverted),
        "findings": [_finding(each) for each in sheet.findings],
        "is_demo": sheet.is_demo,
    }


@room.reads("/regions/{code}/balance/flows", Action.ACTUAL_READ, FlowsShown)
def energy_flows(
    request: HttpRequest,
    code: Code,
    year: Year | None = None,
    basis: StandardName = "calorific",
    as_of: Day | None = None,
) -> Any:
    """能流：一个地区一年的标准煤从来源到加工转换、终端消费和损失；不写年份时看最近一年。"""
    subject = _subject(request, code)
    told = year or _last_year(balance_periods(subject, as_of))
    shown: Balance = balance_sheet(subject, Period(told), _whose(code, told), as_of).standard[Basis(basis)]
    items = [
        {
            "whence": flow.whence.key,
            "whence_zh": flow.whence.zh,
            "whither": flow.whither.key,
            "whither_zh": flow.whither.zh,
            "amount": flow.amount,
        }
        for flow in flows(shown)
    ]
    return {"year": told, "basis": basis, "items": items}


@room.reads("/regions/{code}/structure", Action.ACTUAL_READ, StructureShown)
def energy_structure(request: HttpRequest, code: Code, as_of: Day | None = None) -> Any:
    """能源结构：各年的构成、比重和各环节的数量。"""
    subject = _subject(request, code)
    periods = structure_periods(subject, EVERY, as_of)
    # Of the sum of a few sectors somebody who is not shown all of them could reckon those that are closed.
    is_open = Readable(caller(request), registry.paths([code])[code]).is_whole
    shown = [each for each in EVERY if is_open or each not in (INTENSIVE, INTENSIVE_SHARE)]
    cells = [Cell(subject, indicator, period) for indicator in shown for period in periods]
    seen = known(cells, as_of)
    items = []
    for cell in cells:
        figure = seen.figure(cell)
        items.append(
            {
                "indicator": cell.indicator,
                "year": cell.period.year,
                "value": figure.value,
                "unit": figure.unit,
                "state": figure.state,
            }
        )
    return {"items": items}


@room.reads("/regions/{code}/reconciliation", Action.ACTUAL_READ, ReconciliationShown)
def reconciled_figures(request: HttpRequest, code: Code, year: Year | None = None, as_of: Day | None = None) -> Any:
    """数据衔接：同一件事的几个数互相核对，差额、差率和向谁核实；不写年份时看最近一年。"""
    subject = _subject(request, code)
    told = year or _last_year(reconciliation_periods(subject, as_of))
    readable = Readable(caller(request), registry.paths([code])[code])
    found = reconciliation(subject, Period(told), _whose(code, told), readable, as_of)
    items = []
    for row in found.rows:
        finding = found.findings.get(row.line.key)
        items.append(
            {
                "key": row.line.key,
                "zh": row.line.name.zh,
                "en": row.line.name.en,
                "whole": _number(row.whole),
                "parts": _number(row.found),
                "difference": row.difference,
                "difference_pct": row.difference_pct,
                "lacking": [str(cell.subject) for cell in row.lacking],
                "unnamed": row.unnamed,
                "ask_zh": row.line.ask.zh,
                "ask_en": row.line.ask.en,
                "finding": _finding(finding) if finding else None,
            }
        )
    return {"year": told, "items": items, "is_demo": found.is_demo}


def _subject(request: HttpRequest, code: str) -> Subject:
    reached_place(request, code, Action.ACTUAL_READ, Action.ACTUAL_READ)
    return Subject(REGION, code)


def _last_year(periods: tuple[Period, ...]) -> int:
    """The last of the whole years. Raises Http404 where there is none."""
    years = [period.year for period in periods if period.is_year]
    if not years:
        raise Http404
    return years[-1]


def _finding(found: Finding) -> dict[str, str]:
    return {"code": found.code, "severity": found.severity, "zh": found.message.zh, "en": found.message.en}


def _whose(code: str, year: int) -> Message:
    return Message(f"{code} {year}", f"{code} {year}")


def _number(told: Told) -> Decimal | None:
    return None if isinstance(told, State) else told
