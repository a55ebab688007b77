"""报表审核: numbered checks of returns (统计法第七条、第二十四条), laid down in ``policy/<layer>/reporting/checks``.

``made_ready`` turns the rules of a place into a plan for one form; ``check_return`` holds a return against it. What is
compared with the past, with others or with evidence needs a Context; a check whose context is not held is told as not
judged. Bulk tables are checked a column at a time by ``columns``.
"""

from __future__ import annotations

from shuangkong.reporting.checks.context import Context, Evidenced, Norm, Sheet
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.plan import Plan, check_return, made_ready, sheet_of
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Found, Judgement, Unjudged

__all__ = [
    "Context", "Evidenced", "Found", "Judgement", "Law", "Norm", "Plan", "Rule", "Sheet", "Unjudged", "check_return",
    "made_ready", "sheet_of",
]  # fmt: skip
