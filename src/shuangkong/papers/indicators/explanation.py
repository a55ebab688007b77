"""数据由来说明表: one figure with all it rests on as a workbook, with the digest of what it says and its seal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shuangkong.core.fact import Subject
from shuangkong.core.trace import Figure, Step
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.engine.printing import STATE_WORDS, Line, kept, lines, published
from shuangkong.indicators.formula import Indicator
from shuangkong.papers.tables import SheetColumn, SheetValue, write_xlsx

_COLUMNS = (
    SheetColumn("层次 Level", is_figure=True),
    SheetColumn("名称 Name"),
    SheetColumn("指标 Indicator"),
    SheetColumn("对象 Subject"),
    SheetColumn("时期 Period"),
    SheetColumn("数值 Value", is_figure=True),
    SheetColumn("单位 Unit"),
    SheetColumn("算法或来源 Formula or source"),
    SheetColumn("依据 Rule"),
    SheetColumn("状态 Status"),
    SheetColumn("录入日期 Recorded on"),
    SheetColumn("版本号 Version"),
)


@dataclass(frozen=True, slots=True)
class Seal:
    """``digest``: SHA-256 of the explanation; ``journal`` and ``seal``: number and seal of the journal's row of it."""

    digest: str
    rulebook: str
    journal: int
    seal: str


@dataclass(frozen=True, slots=True)
class ExplanationInput:
    """The figure, the words and units to print it by, and what it rests on."""

    figure: Figure
    indicators: Mapping[str, Indicator]
    forms: Mapping[str, PrintedUnit]
    names: Mapping[Subject, str]
    as_of: date
    seal: Seal
    is_demo: bool
    is_fictional: bool


def explanation_xlsx(given: ExplanationInput) -> bytes:
    """The workbook; the same input gives the same bytes."""
    figure, seal = given.figure, given.seal
    rows = [row for line in lines(figure) for row in _rows(given, line)]
    notes = [
        *(f"※ {doubt.zh} {doubt.en}" for doubt in figure.doubts),
        f"数据截至 As of {given.as_of.isoformat()}；规则版本 Rulebook {seal.rulebook}",
        f"内容摘要 SHA-256 {seal.digest}",
        f"日志第 {seal.journal} 行 Journal row {seal.journal}；封印 Seal (SM3) {seal.seal}",
    ]
    title = f"{_name(given, figure)}（{given.names[figure.cell.subject]}，{figure.cell.period}）数据由来说明"
    return write_xlsx(
        title, _COLUMNS, rows, notes, is_demo=given.is_demo, is_fictional=given.is_fictional,
        about=[f"截至 {given.as_of.isoformat()}"], made_on=given.as_of,
    )  # fmt: skip


def _rows(given: ExplanationInput, line: Line) -> list[list[SheetValue]]:
    figure, fact = line.figure, line.figure.fact
    rule = given.indicators.get(figure.cell.indicator)
    printed = (kept if line.depth else published)(figure.value, rule, given.forms, figure.unit)
    head: list[SheetValue] = [
        line.depth, line.symbol, _name(given, figure), given.names[figure.cell.subject], str(figure.cell.period),
        STATE_WORDS[figure.state].zh if printed.value is None else printed.value, printed.unit,
    ]  # fmt: skip
    if fact is not None:
        return [[*head, fact.source, None, fact.maturity.value, fact.recorded_on, fact.version]]
    return [[*head, None, None, None, None, None], *(_step(line.depth, step) for step in figure.steps)]


def _step(depth: int, step: Step) -> list[SheetValue]:
    """What was done, below the figure that came of it; its result in the base unit."""
    rule = step.clause.words.zh if step.clause else None
    return [depth, step.name.zh, None, None, None, step.value, step.unit, step.formula, rule, None, None, None]


def _name(given: ExplanationInput, figure: Figure) -> str:
    rule = given.indicators.get(figure.cell.indicator)
    return rule.zh if rule else figure.cell.indicator
