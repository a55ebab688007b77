"""考核的是哪项目标: the indicator whose target an assessment takes, where its table names none."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.assessment.sheet import Sheet
from shuangkong.core.finding import Message
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.rulebook import open_rulebook


def aims_of(row: AssessmentRow, sheet: Sheet) -> Mapping[str, Message]:
    """Name of a figure in the table → the indicator that the round's target made of it; not where the table says it."""
    rules = open_rulebook().indicator_rules(row.layer)
    asked = (name for name, rule in sheet.table.figures.items() if rule.aspect is not None and not rule.indicator)
    told = {name: rules.get(sheet.answers.figures[name].cell.indicator) for name in asked if _is_told(sheet, name)}
    return {name: Message(rule.zh, rule.en) for name, rule in told.items() if rule is not None}


def _is_told(sheet: Sheet, name: str) -> bool:
    return name in sheet.answers.figures


def aim_said(aims: Mapping[str, Message]) -> str:
    """The indicators one after another, as papers print them."""
    return "、".join(dict.fromkeys(each.zh for each in aims.values()))
