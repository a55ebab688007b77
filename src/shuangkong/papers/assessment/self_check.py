"""自查报告: what the assessed says of itself, in the order of the superior's items, with a list of its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shuangkong.assessment.binder import Line, report
from shuangkong.assessment.sheet import Sheet
from shuangkong.papers.assessment.score_sheet import graded, notes, said
from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper

_NAME = "self_check"


@dataclass(frozen=True, slots=True)
class SelfCheckInput:
    """A self-check to be set; ``sheet`` as the assessed sees itself, on the superior's table."""

    issue: Issue
    basis: Basis
    name: str
    year: str
    sheet: Sheet


def self_check_docx(given: SelfCheckInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    sheet, lines = given.sheet, report(given.sheet)
    gaps = [each for each in lines if each.is_gap]
    bound = [(each, proof) for each in lines for proof in each.proofs]
    words = Words(
        values={
            "对象": given.name,
            "年度": given.year,
            "评分表": sheet.table.name.zh,
            "等级": graded(sheet),
            "得分": "" if sheet.total is None else said(sheet.total),
            "满分": said(sheet.table.full) if sheet.scores else "",
            "材料数": str(len(bound)) if bound else "",
            "缺项数": str(len(gaps)),
        },
        lists={
            "缺项": [{"内容": f"{each.number} {each.name.zh}{_wanted(each)}"} for each in gaps],
            "注": [{"内容": each} for each in notes(sheet)],
        },
        tables={"自查": _lines(lines), "材料": _evidence(lines)},
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)


def _wanted(line: Line) -> str:
    return f"（应附：{line.wanted}）" if line.wanted else ""


def _lines(lines: Iterable[Line]) -> Table:
    columns = (
        TableColumn("编号", 2, Align.MIDDLE), TableColumn("项目和要点", 6), TableColumn("满分", 2, Align.FIGURE),
        TableColumn("自评", 2, Align.FIGURE), TableColumn("说明", 5),
    )  # fmt: skip
    rows = tuple(
        (each.number, each.name.zh, said(each.full), said(each.marks), each.because.zh if each.because else "")
        for each in lines
    )
    return Table(columns, rows or (("—", "本表不计分", "—", "—", ""),))


def _evidence(lines: Iterable[Line]) -> Table:
    columns = (
        TableColumn("编号", 2, Align.MIDDLE), TableColumn("材料名称", 7), TableColumn("文号", 4),
        TableColumn("文件摘要", 4),
    )  # fmt: skip
    rows = tuple(
        (each.number, proof.title, proof.number or "—", proof.place[:_DIGEST_SHOWN] or "—")
        for each in lines
        for proof in each.proofs
    )
    return Table(columns, rows or (("—", "没有证明材料", "—", "—"),))


#: So many digits of a file's SHA-256 are printed: enough to find it again.
_DIGEST_SHOWN = 16
