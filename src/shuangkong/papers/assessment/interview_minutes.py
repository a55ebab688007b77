"""约谈纪要: where and by whom an interview was held, what was said, what was promised, and by when the plan is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.papers.official.paper import Basis, Issue, Paper
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "interview_minutes"


@dataclass(frozen=True, slots=True)
class InterviewInput:
    """An interview as its minutes tell it; ``due``: the last day of the rectification plan, None where none is owed."""

    issue: Issue
    basis: Basis
    name: str
    year: str
    held_on: date
    venue: str
    chair: str
    attendants: tuple[str, ...]
    problems: str
    measures: str
    why: tuple[str, ...]
    ground: str
    decided: str
    due: date | None = None


def interview_minutes_docx(given: InterviewInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    words = Words(
        values={
            "对象": given.name,
            "年度": given.year,
            "日期": _day(given.held_on),
            "地点": given.venue,
            "主持": given.chair,
            "起因": "；".join(given.why),
            "依据": given.ground,
            "决定": given.decided,
            "问题": given.problems,
            "承诺": given.measures,
            "期限": "" if given.due is None else _day(given.due),
        },
        lists={"出席": [{"内容": each} for each in given.attendants]},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
