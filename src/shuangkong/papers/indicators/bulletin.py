"""统计公报: how energy intensity and what goes with it moved in the areas of a place; a table with its notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.tables import SheetColumn, write_xlsx

_NAME = "intensity_bulletin"
#: Shares of the width of the block: of the first column, and of all others together.
_FIRST, _OTHERS = 3, 12
#: Marks behind figures that will be revised.
MARKS: Mapping[str, str] = {"flash": "*", "preliminary": "△"}
MARK_NOTES: Mapping[str, str] = {
    "flash": "带“*”的为快报数，将在年度核算后修订。",
    "preliminary": "带“△”的为初步核算数，以最终核实数为准。",
}


@dataclass(frozen=True, slots=True)
class BulletinColumn:
    """One indicator of the table."""

    indicator: str
    label: str
    unit: str


@dataclass(frozen=True, slots=True)
class BulletinCell:
    """A figure as published: ``value`` None where there is none, then ``absent`` says why (—, 不适用, 不公布).

    ``maturity`` is flash, preliminary, final or audited, "" where it is not known. ``is_doubted``: it rests on a rule
    that nobody has compared with its document.
    """

    value: Decimal | None
    maturity: str = ""
    absent: str = "—"
    is_doubted: bool = False

    @property
    def text(self) -> str:
        return self.absent if self.value is None else f"{self.value:f}{MARKS.get(self.maturity, '')}"


@dataclass(frozen=True, slots=True)
class BulletinLine:
    """One area; ``is_whole``: the place itself, printed first."""

    code: str
    name: str
    cells: tuple[BulletinCell, ...]
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class BulletinTable:
    """All that a bulletin prints of figures. ``period`` in words; ``sources`` of the figures told.

    ``unverified``: the rules below its figures that nobody has compared with their documents.
    """

    place: str
    period: str
    columns: tuple[BulletinColumn, ...]
    lines: tuple[BulletinLine, ...]
    sources: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be known of the figures."""
        maturities = {cell.maturity for line in self.lines for cell in line.cells if cell.value is not None}
        marked = [note for maturity, note in MARK_NOTES.items() if maturity in maturities]
        absent = any(cell.value is None and cell.absent == "—" for line in self.lines for cell in line.cells)
        lacking = ["“—”表示没有数据。"] if absent else []
        doubts = [f"待核对：下列规定尚未与文件原文核对：{'；'.join(self.unverified)}。"] if self.unverified else []
        return (
            "上升或下降一栏，负数为下降，正数为上升。",
            "地区生产总值按可比价格计算；强度先留四位小数再计算变化率，公布两位。",
            *marked,
            *lacking,
            *doubts,
        )


@dataclass(frozen=True, slots=True)
class BulletinInput:
    """A bulletin to be set. ``standing`` says how far it has come (讨论稿) where it is not published; "" where it is.

    ``corrects`` is the document number of the edition whose place it takes.
    """

    issue: Issue
    basis: Basis
    table: BulletinTable
    standing: str = ""
    corrects: str = ""


def bulletin_docx(given: BulletinInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    table = given.table
    words = Words(
        values={
            "地区": table.place,
            "期间": table.period,
            "发布机关": given.issue.issuer,
            "地区数": str(sum(not line.is_whole for line in table.lines)),
            "稿别": given.standing,
            "更正文号": given.corrects,
        },
        lists={"注": [{"内容": each} for each in table.notes]},
        tables={"指标": _printed(table)},
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)


def bulletin_xlsx(given: BulletinInput) -> bytes:
    """The table with figures as figures; how settled each is stands in the column beside it."""
    columns = [SheetColumn("地区")]
    for column in given.table.columns:
        columns += [SheetColumn(column.label, column.unit, is_figure=True), SheetColumn("数据状态")]
    rows = [
        [line.name, *(value for cell in line.cells for value in (cell.value, _settled(cell)))]
        for line in given.table.lines
    ]
    title = f"{given.table.place}{given.table.period}单位地区生产总值能耗等指标公报{given.standing}"
    return write_xlsx(
        title, columns, rows, [*given.table.notes, *given.basis.statement], is_demo=given.basis.is_demo,
        is_fictional=given.basis.is_fictional, about=[given.issue.number] if given.issue.number else [],
        made_on=given.issue.signed_on,
    )  # fmt: skip


_SETTLED: Mapping[str, str] = {"flash": "快报", "preliminary": "初步", "final": "最终", "audited": "核定", "": ""}


def _settled(cell: BulletinCell) -> str:
    return cell.absent if cell.value is None else _SETTLED[cell.maturity]


def _printed(table: BulletinTable) -> Table:
    width = _OTHERS / max(1, len(table.columns))
    columns = (
        TableColumn("地区", _FIRST),
        *(TableColumn(f"{column.label}\n（{column.unit}）", width, Align.FIGURE) for column in table.columns),
    )
    return Table(columns, tuple((line.name, *(cell.text for cell in line.cells)) for line in table.lines))
