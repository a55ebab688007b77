"""目标责任书: what a region or unit answers for to the level above: targets, duties, the person responsible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.papers.official.paper import Align, Basis, Head, Issue, Paper, Party, Table, TableColumn, day
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.plans.saying import MISSING, Duty, deadline, helping, responsible
from shuangkong.plans.tasks.recurrence import Recurrence

_NAME = "responsibility_letter"
_TARGET_COLUMNS = (
    TableColumn("序号", 1.4, Align.MIDDLE),
    TableColumn("指标", 5),
    TableColumn("目标要求", 5),
    TableColumn("期限", 2, Align.MIDDLE),
    TableColumn("性质", 2, Align.MIDDLE),
)
_DUTY_COLUMNS = (
    TableColumn("序号", 1.4, Align.MIDDLE),
    TableColumn("条目", 2.2, Align.MIDDLE),
    TableColumn("事项", 6),
    TableColumn("责任单位", 3.6),
    TableColumn("配合单位", 3.6),
    TableColumn("时限", 3, Align.DAY),
)


@dataclass(frozen=True, slots=True)
class LetterTarget:
    """One target as it is to be read: ``demand`` with base, direction and unit; ``nature`` 约束性, 预期性 or ""."""

    indicator: str
    demand: str
    deadline: str = ""
    nature: str = ""


@dataclass(frozen=True, slots=True)
class LetterDuty:
    """One task that the taker answers for or helps with."""

    number: str
    title: str
    duties: tuple[Duty, ...]
    due: date | None = None
    deadline_printed: str = ""
    recurrence: Recurrence = Recurrence.NONE


@dataclass(frozen=True, slots=True)
class LetterInput:
    """A letter. ``period`` as it is to be read (某年度); ``post`` is the post of the person first responsible."""

    issue: Issue
    basis: Basis
    giver: Party
    taker: Party
    post: str
    period: str
    targets: tuple[LetterTarget, ...]
    answers_for: tuple[LetterDuty, ...]
    helps_with: tuple[LetterDuty, ...] = ()


def responsibility_letter_docx(given: LetterInput, templates: Templates) -> bytes:
    """The letter, signed by two sides. Raises TemplateRefused where a template cannot be used."""
    person = " ".join(filter(None, (given.post, given.taker.person)))
    words = Words(
        values={
            "上级": given.giver.name,
            "责任单位": given.taker.name,
            "第一责任人": person or "（待明确）",
            "期间": given.period,
            "目标数": str(len(given.targets)),
            "事项数": str(len(given.answers_for)),
            "配合数": str(len(given.helps_with)),
            "截至日": day(given.basis.as_of),
        },
        lists={
            "目标": [{"指标": each.indicator, "要求": each.demand} for each in given.targets],
            "事项": [{"条目": each.number, "事项": each.title} for each in given.answers_for],
            "配合": [{"条目": each.number, "事项": each.title} for each in given.helps_with],
        },
        tables={
            "目标": Table(_TARGET_COLUMNS, tuple(_target(at, each) for at, each in enumerate(given.targets, start=1))),
            "事项": _duty_table(given.answers_for),
            "配合": _duty_table(given.helps_with),
        },
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    paper = Paper(given.issue, given.basis, content, Head.NONE, (given.giver, given.taker))
    return write_paper(paper, templates.look)


def _target(at: int, target: LetterTarget) -> tuple[str, ...]:
    by = deadline(None, target.deadline, Recurrence.NONE)
    return (str(at), target.indicator, target.demand, by, target.nature or MISSING)


def _duty_table(duties: tuple[LetterDuty, ...]) -> Table:
    return Table(
        _DUTY_COLUMNS,
        tuple(
            (
                str(at),
                each.number,
                each.title,
                responsible(each.duties),
                helping(each.duties),
                deadline(each.due, each.deadline_printed, each.recurrence),
            )
            for at, each in enumerate(duties, start=1)
        ),
    )
