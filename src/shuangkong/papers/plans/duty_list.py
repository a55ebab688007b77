"""责任分工表: who answers for each task of a plan, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.plans.saying import Duty, deadline, helping, responsible, workbook
from shuangkong.papers.tables import SheetColumn
from shuangkong.plans.tasks.recurrence import Recurrence

_NAME = "duty_list"
_COLUMNS = (
    TableColumn("序号", 1.4, Align.MIDDLE),
    TableColumn("条目", 2.4, Align.MIDDLE),
    TableColumn("重点任务", 5.4),
    TableColumn("牵头（责任）单位", 3.6),
    TableColumn("参加单位", 4.2),
    TableColumn("完成时限", 3, Align.DAY),
)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One task: its number in the plan, what is to be done, by whom, by when (see saying.deadline)."""

    number: str
    title: str
    duties: tuple[Duty, ...]
    due: date | None = None
    deadline_printed: str = ""
    recurrence: Recurrence = Recurrence.NONE


@dataclass(frozen=True, slots=True)
class DutyListInput:
    """The duty list of a plan; ``plan_number`` is "" where the plan bears none.

    ``only_of`` is the one body whose tasks are listed, "" where all are: a part says of itself that it is one.
    """

    issue: Issue
    basis: Basis
    plan_title: str
    plan_number: str
    lines: tuple[DutyLine, ...]
    only_of: str = ""

    @property
    def scope(self) -> str:
        """What stands behind the title: （某局承担的任务）; "" for the whole."""
        return f"（{self.only_of}承担的任务）" if self.only_of else ""


def duty_list_docx(given: DutyListInput, templates: Templates) -> bytes:
    """A notice with the list as its attachment. Raises TemplateRefused where a template cannot be used."""
    bodies = {duty.body for each in given.lines for duty in each.duties}
    words = Words(
        values={
            "方案": given.plan_title,
            "方案文号": f"（{given.plan_number}）" if given.plan_number else "",
            "承担单位": given.only_of,
            "范围": given.scope,
            "任务数": str(len(given.lines)),
            "单位数": str(len(bodies)),
            "未明确": str(sum(not each.duties for each in given.lines)),
        },
        lists={"未明确任务": [{"条目": each.number, "任务": each.title} for each in given.lines if not each.duties]},
        tables={"分工": Table(_COLUMNS, _rows(given))},
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)


def duty_list_xlsx(given: DutyListInput) -> bytes:
    """The same list as a workbook."""
    columns = [SheetColumn(column.label) for column in _COLUMNS]
    title = f"{given.plan_title}责任分工表{given.scope}"
    return workbook(title, columns, _rows(given), given.basis, given.issue.signed_on)


def _rows(given: DutyListInput) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(at),
            each.number,
            each.title,
            responsible(each.duties),
            helping(each.duties),
            deadline(each.due, each.deadline_printed, each.recurrence),
        )
        for at, each in enumerate(given.lines, start=1)
    )
