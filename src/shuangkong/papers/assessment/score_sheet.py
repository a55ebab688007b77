"""考核评分表: what one object scored by which item and why, with the figures and the vetoes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shuangkong.assessment.sheet import Sheet
from shuangkong.core.rounding import rounded
from shuangkong.core.trace import Figure
from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "score_sheet"
_PLACES = 2
_HOLDS = {True: "否决", False: "没有发生", None: "缺数据，未定"}


@dataclass(frozen=True, slots=True)
class ScoreSheetInput:
    """A score sheet to be set.

    ``year`` in words; ``standing`` says how far it has come (讨论稿) where it is not announced; ``number`` the document
    that announced it; ``aims``: name of a figure → the indicator that the round's target made of it.
    """

    issue: Issue
    basis: Basis
    place: str
    name: str
    year: str
    sheet: Sheet
    standing: str = ""
    number: str = ""
    aims: Mapping[str, str] = field(default_factory=dict)


def score_sheet_docx(given: ScoreSheetInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    sheet = given.sheet
    words = Words(
        values={
            "对象": given.name,
            "地区": given.place,
            "年度": given.year,
            "评分表": sheet.table.name.zh,
            "等级": graded(sheet),
            "得分": "" if sheet.total is None else said(sheet.total),
            "满分": said(sheet.table.full) if sheet.scores else "",
            "稿别": given.standing,
            "文号": given.number,
            "指标": "、".join(dict.fromkeys(given.aims.values())),
        },
        lists={"注": [{"内容": each} for each in notes(sheet)]},
        tables={"评分": _scores(sheet), "否决": _vetoes(sheet), "数据": _figures(sheet, given.aims)},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)


def graded(sheet: Sheet) -> str:
    """The grade; where it is not decided, those that remain."""
    names = [grade.name.zh for grade in sheet.possible]
    return names[0] if len(names) == 1 else f"未定（{'、'.join(names)}）"


def said(value: Decimal | None) -> str:
    return "—" if value is None else f"{rounded(value, _PLACES):f}".replace("-", "−")


def notes(sheet: Sheet) -> Iterator[str]:
    """What must be known of a sheet."""
    yield f"评分规则：{sheet.table.clause.words.zh}，按考核期末日生效的规定计算。"
    if not sheet.table.clause.is_verified:
        yield "评分规则尚未与文件原文核对。"
    if not sheet.is_complete:
        yield "“—”为缺数据或证据，不按零分。"


def _scores(sheet: Sheet) -> Table:
    columns = (
        TableColumn("编号", 2, Align.MIDDLE), TableColumn("项目", 5), TableColumn("满分", 2, Align.FIGURE),
        TableColumn("得分", 2, Align.FIGURE), TableColumn("得分理由", 6),
    )  # fmt: skip
    rows = tuple(
        (score.item.code, score.item.name.zh, said(score.item.most), said(score.marks), score.because.zh)
        for score in sheet.scores
    )
    whole = (("", "合计", said(sheet.table.full), said(sheet.total), ""),) if rows else ()
    return Table(columns, (*rows, *whole) or (("—", "本表不计分", "—", "—", ""),))


def _vetoes(sheet: Sheet) -> Table:
    columns = (TableColumn("事项", 5), TableColumn("认定", 3, Align.MIDDLE), TableColumn("依据", 6))
    rows = tuple((each.veto.name.zh, _HOLDS[each.holds], each.veto.clause.words.zh) for each in sheet.vetoes)
    return Table(columns, rows or (("没有否决事项", "—", ""),))


def _figures(sheet: Sheet, aims: Mapping[str, str]) -> Table:
    columns = (
        TableColumn("数据", 5), TableColumn("数值", 2, Align.FIGURE), TableColumn("单位", 2, Align.MIDDLE),
        TableColumn("来历", 6),
    )  # fmt: skip
    rows = []
    for name, rule in sheet.table.figures.items():
        told, judged = sheet.answers.figures.get(name), sheet.answers.judged.get(name)
        label = f"{aims[name]}：{rule.name.zh}" if name in aims else rule.name.zh
        unit = "%" if rule.unit == "pct" else "" if rule.unit == "count" else rule.unit
        if judged is not None:
            rows.append((label, said(judged.marks), unit, "、".join(each.title for each in judged.proofs)))
        else:
            rows.append((label, said(told.value if told is not None else None), unit, _whence(told)))
    return Table(columns, tuple(rows) or (("—", "—", "", ""),))


def _whence(told: Figure | None) -> str:
    """What it is, its formula and what stood in it; of a told figure its source."""
    if told is None or told.value is None:
        return "缺数据"
    if not told.steps:
        return (told.fact.source if told.fact else "") or "统计数据"
    step = told.steps[-1]
    inputs = "，".join(f"{name} = {said(value)}" for name, value in step.inputs)
    return "；".join(filter(None, (step.name.zh, step.formula, inputs)))
