"""会议纪要: what a dispatch meeting (调度会) heard and settled, and who is to do it by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.papers.official.paper import Basis, Head, Issue, Paper, day
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.plans.saying import MISSING

_NAME = "minutes"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One point of the agenda and what was said to it."""

    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Settled:
    """One thing that was settled; it has become a task."""

    title: str
    bodies: tuple[str, ...]
    due: date | None


@dataclass(frozen=True, slots=True)
class MinutesInput:
    """A meeting. Names of persons as they are to be printed; an empty tuple leaves the line out.

    ``heard`` are the paragraphs that were minuted.
    """

    issue: Issue
    basis: Basis
    title: str
    held_on: date
    place: str
    chair: str
    agenda: tuple[AgendaItem, ...]
    settled: tuple[Settled, ...]
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    listening: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()


def minutes_docx(given: MinutesInput, templates: Templates) -> bytes:
    """The minutes (GB/T 9704—2012, clause 10.3). Raises TemplateRefused where a template cannot be used."""
    settled = [
        {
            "事项": each.title,
            "责任单位": "、".join(each.bodies) or MISSING,
            "时限": day(each.due) if each.due else MISSING,
        }
        for each in given.settled
    ]
    words = Words(
        values={
            "会议": given.title,
            "日期": day(given.held_on),
            "地点": given.place,
            "主持": given.chair,
            "出席": "、".join(given.present),
            "请假": "、".join(given.absent),
            "列席": "、".join(given.listening),
        },
        lists={
            "议题": [{"议题": each.title, "内容": each.said} for each in given.agenda],
            "情况": [{"内容": each} for each in given.heard],
            "议定": settled,
        },
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content, Head.MINUTES), templates.look)
