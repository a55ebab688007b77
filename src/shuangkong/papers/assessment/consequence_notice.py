"""考核后果通知: what follows from a result, on which ground and by when; an interview is called by it (约谈通知)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.papers.official.paper import Basis, Issue, Paper
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "consequence_notice"


@dataclass(frozen=True, slots=True)
class ConsequenceInput:
    """A consequence that was decided. What is "" or None is left out.

    ``act`` what it is called (约谈); ``against`` whom of the object; ``approvals`` what a suspension stops,
    ``span`` from which day until which, ``scope`` of what projects (all of it is met), ``exempt`` what stays free.
    """

    issue: Issue
    basis: Basis
    name: str
    year: str
    act: str
    is_interview: bool
    why: tuple[str, ...]
    ground: str
    executors: str
    evidence: str
    decided: str
    due: date | None
    approvals: tuple[str, ...] = ()
    span: str = ""
    scope: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    lifted: str = ""
    against: str = ""


def consequence_notice_docx(given: ConsequenceInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    due = given.due
    words = Words(
        values={
            "对象": given.name,
            "年度": given.year,
            "办法": given.act,
            "起因": "；".join(given.why),
            "依据": given.ground,
            "执行": given.executors,
            "凭据": given.evidence,
            "期限": "" if due is None else f"{due.year}年{due.month}月{due.day}日",
            "决定": given.decided,
            "解除": given.lifted,
            "起止": given.span,
            "范围": "，".join(given.scope),
            "除外": "；".join(given.exempt),
            "对谁": given.against,
            "约谈": given.act if given.is_interview else "",
        },
        lists={"审批": [{"内容": each} for each in given.approvals]},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)
