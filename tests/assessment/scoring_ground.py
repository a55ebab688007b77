"""What the tests of the assessment share: the law, figures, and published tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from shuangkong.assessment.answers import Answers, Judged, Proof
from shuangkong.assessment.law import AssessmentLaw
from shuangkong.assessment.sheet import Sheet, scored
from shuangkong.assessment.table import ScoreTable
from shuangkong.core.check import Check
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.rulebook import open_rulebook

REGION = Subject("region", "510100")
PROOF = (Proof("材料", "文1号"),)
PUBLISHED = Path(__file__).with_name("published")
GRADES = {"超额完成": "over_fulfilled", "完成": "fulfilled", "基本完成": "basically_fulfilled", "未完成": "unfulfilled"}


@cache
def law() -> AssessmentLaw:
    return open_rulebook().assessment()


@cache
def checks() -> Mapping[str, Check]:
    return {check.code: check for check in open_rulebook().checks("assessment")}


def table(word: str) -> ScoreTable:
    return law().tables[word]


def figure(rule_of: ScoreTable, name: str, value: Decimal | State, period: Period, unit: str = "") -> Figure:
    unit = unit or rule_of.figures[name].unit
    if isinstance(value, State):
        return Figure(Cell(REGION, name, period), value, None, unit)
    return Figure(Cell(REGION, name, period), State.VALUE, value, unit)


def answers(
    of: ScoreTable, told: Mapping[str, str], period: Period, points: Mapping[str, str] | None = None, whole: str = ""
) -> Answers:
    """Figures as they are written; all points full where ``whole`` is ``all``; established figures with a proof."""
    figures, judged = {}, {}
    for name, value in told.items():
        if of.figures[name].is_established:
            judged[name] = Judged(Decimal(value), PROOF)
        else:
            figures[name] = figure(of, name, Decimal(value), period)
    if whole == "all":
        judged |= {point.code: Judged(point.marks, PROOF) for point in of.points}
    judged |= {code: Judged(Decimal(marks), PROOF) for code, marks in (points or {}).items()}
    return Answers(figures, judged)


def sheet(of: ScoreTable, given: Answers, year: int) -> Sheet:
    return scored(of, REGION, Period(year), given, checks())


def published(name: str) -> list[dict[str, str]]:
    lines = (PUBLISHED / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def weekdays(start: date, count: int) -> date:
    """Working days of a calendar without holidays."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
