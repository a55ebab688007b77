"""考核结果通报: grades of all objects of a round, and who was marked down by a veto."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shuangkong.assessment.sheet import Sheet
from shuangkong.papers.assessment.score_sheet import said
from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.tables import SheetColumn, write_xlsx

_NAME = "assessment_notice"


@dataclass(frozen=True, slots=True)
class Result:
    """One object as announced; ``vetoes``: names of those that held."""

    name: str
    grade: str
    sheet: Sheet
    number: str

    @property
    def vetoes(self) -> tuple[str, ...]:
        return tuple(each.veto.name.zh for each in self.sheet.vetoes if each.holds)


@dataclass(frozen=True, slots=True)
class NoticeInput:
    """The results of a round, all by one table; ``aim``: whose targets were assessed, where the table names none."""

    issue: Issue
    basis: Basis
    place: str
    year: str
    ground: str
    results: tuple[Result, ...]
    aim: str = ""


def assessment_notice_docx(given: NoticeInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    vetoed = [each for each in given.results if each.vetoes]
    words = Words(
        values={
            "地区": given.place,
            "年度": given.year,
            "评分表": given.results[0].sheet.table.name.zh,
            "对象数": str(len(given.results)),
            "依据": given.ground,
            "后果数": str(len(vetoed)),
            "指标": given.aim,
        },
        lists={
            "等级": _by_grade(given.results),
            "后果": [{"内容": f"{each.name}：{'、'.join(each.vetoes)}，定为“{each.grade}”。"} for each in vetoed],
            "注": [{"内容": each} for each in _notes(given.results)],
        },
        tables={"结果": _table(given.results)},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)


def assessment_notice_xlsx(given: NoticeInput) -> bytes:
    """Every result with its score, figures as figures."""
    columns = [SheetColumn("考核对象"), SheetColumn("等级"), SheetColumn("得分", is_figure=True),
               SheetColumn("否决事项"), SheetColumn("公布文号")]  # fmt: skip
    rows = [[each.name, each.grade, each.sheet.total, "、".join(each.vetoes), each.number] for each in given.results]
    return write_xlsx(
        f"{given.place}{given.year}节能减排目标责任考核结果", columns, rows,
        [*_notes(given.results), *given.basis.statement], is_demo=given.basis.is_demo,
        is_fictional=given.basis.is_fictional, about=[given.issue.number] if given.issue.number else [],
        made_on=given.issue.signed_on,
    )  # fmt: skip


def _by_grade(results: Sequence[Result]) -> list[dict[str, str]]:
    """Grades from the best, each with who reached it."""
    order = [grade.name.zh for grade in results[0].sheet.table.grades]
    held = {name: [each.name for each in results if each.grade == name] for name in order}
    return [{"名称": name, "内容": "、".join(names)} for name, names in held.items() if names]


def _notes(results: Sequence[Result]) -> tuple[str, ...]:
    table = results[0].sheet.table
    doubt = () if table.clause.is_verified else ("评分规则尚未与文件原文核对。",)
    return (f"按{table.name.zh}评定，数据由系统按下达的目标和统计数据取得，不经人工填写。", *doubt)


def _table(results: Sequence[Result]) -> Table:
    columns = (
        TableColumn("考核对象", 4), TableColumn("等级", 3, Align.MIDDLE), TableColumn("得分", 2, Align.FIGURE),
        TableColumn("否决事项", 4),
    )  # fmt: skip
    rows = tuple((each.name, each.grade, said(each.sheet.total), "、".join(each.vetoes) or "—") for each in results)
    return Table(columns, rows)
