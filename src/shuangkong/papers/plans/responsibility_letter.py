"""目标责任书: what a region or unit answers for to the level above: targets, duties, the person responsible."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
#: The same where the letter is for one year: what is due at its end stands beside what is due in the end.
_WIDTHS_WITH_YEAR = (1.4, 3.8, 3.8, 2.6, 2, 1.8)
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
    """One target as it is to be read: ``demand`` with base, direction and unit; ``nature`` 约束性, 预期性 or "".

    ``year_demand`` is what is due at the end of the letter's year, "" where nothing can be said of it.
    """

    indicator: str
    demand: str
    deadline: str = ""
    nature: str = ""
    year_demand: str = ""


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
    """A letter. ``period`` as it is to be read (某年度), ``year`` the one year that it names, None for several or none;
    ``post`` is the post of the person first responsible.
    """

    issue: Issue
    basis: Basis
    giver: Party
    taker: Party
    post: str
    period: str
    targets: tuple[LetterTarget, ...]
    answers_for: tuple[LetterDuty, ...]
    helps_with: tuple[LetterDuty, ...] = ()
    year: int | None = None

    @property
    def has_year(self) -> bool:
        """Whether of any target it can be said what is due at the end of the year."""
        return self.year is not None and any(each.year_demand for each in self.targets)


def responsibility_letter_docx(given: LetterInput, templates: Templates) -> bytes:
    """The letter, signed by two sides. Raises TemplateRefused where a template cannot be used."""
    person = " ".join(filter(None, (given.post, given.taker.person)))
    words = Words(
        values={
            "上级": given.giver.name,
            "责任单位": given.taker.name,
            "第一责任人": person or "（待明确）",
            "期间": given.period,
            "年度": str(given.year) if given.has_year else "",
            "目标数": str(len(given.targets)),
            "事项数": str(len(given.answers_for)),
            "配合数": str(len(given.helps_with)),
            "截至日": day(given.basis.as_of),
        },
        lists={
            "目标": [
                {"指标": each.indicator, "要求": each.demand, "年度要求": each.year_demand} for each in given.targets
            ],
            "事项": [{"条目": each.number, "事项": each.title} for each in given.answers_for],
            "配合": [{"条目": each.number, "事项": each.title} for each in given.helps_with],
        },
        tables={
            "目标": _target_table(given),
            "事项": _duty_table(given.answers_for),
            "配合": _duty_table(given.helps_with),
        },
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    paper = Paper(given.issue, given.basis, content, Head.NONE, (given.giver, given.taker))
    return write_paper(paper, templates.look)


def _target_table(given: LetterInput) -> Table:
    columns = list(_TARGET_COLUMNS)
    if given.has_year:
        columns.insert(3, TableColumn(f"{given.year}年要求", 0))
        columns = [replace(each, width=width) for each, width in zip(columns, _WIDTHS_WITH_YEAR, strict=True)]
    return Table(
        tuple(columns), tuple(_target(at, each, given.has_year) for at, each in enumerate(given.targets, start=1))
    )


def _target(at: int, target: LetterTarget, has_year: bool) -> tuple[str, ...]:
    by = deadline(None, target.deadline, Recurrence.NONE)
    year = (target.year_demand or MISSING,) if has_year else ()
    return (str(at), target.indicator, target.demand, *year, by, target.nature or MISSING)


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
