"""预警通知: to who stands at a level: which, what was asked and what came, what is to be done by when."""

from __future__ import annotations

from dataclasses import dataclass

from shuangkong.outlook.barometer.issue import Line, Part
from shuangkong.papers.official.paper import Basis, Issue, Paper
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.outlook.barometer import figure_of, word_of

_NAME = "warning_notice"


@dataclass(frozen=True, slots=True)
class WarningNoticeInput:
    """A notice to be set. ``number``: document number of the published barometer; ``duties``: what its plan asks."""

    issue: Issue
    basis: Basis
    place: str
    period: str
    part: Part
    line: Line
    number: str
    rule: str
    duties: tuple[str, ...]


def warning_notice_docx(given: WarningNoticeInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    line = given.line
    words = Words(
        values={
            "对象": line.name,
            "地区": given.place,
            "期间": given.period,
            "指标": given.part.name,
            "等级": word_of(line.level),
            "要求": figure_of(line.required),
            "实际": figure_of(line.achieved),
            "单位": line.unit,
            "判据": given.rule,
            "依据文号": given.number,
        },
        lists={"措施": [{"内容": each} for each in given.duties]},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)
