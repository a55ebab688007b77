"""节能形势分析: the month's analysis as a paper: what moved energy, what it comes to, how far along, what next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.tables import SheetColumn, write_xlsx

_NAME = "situation"
_ABSENT = "—"
_TEN_KILOTONNES = "万吨标准煤"
_FIGURES = ("上年同期", "本期", "增减", "规模", "结构", "能效", "未分解")


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A branch, sector or unit: how much its energy changed and why, in the unit of its table; None: not attributed.

    Activity, structure, efficiency and what is ``unattributed`` add up to the change; ``is_whole`` closes the table.
    """

    name: str
    before: Decimal
    now: Decimal
    change: Decimal
    activity: Decimal | None
    structure: Decimal | None
    efficiency: Decimal | None
    unattributed: Decimal
    is_whole: bool = False

    @property
    def figures(self) -> tuple[Decimal | None, ...]:
        """In the order of the table."""
        return self.before, self.now, self.change, *self.factors

    @property
    def factors(self) -> tuple[Decimal | None, ...]:
        """They add up to the change."""
        return self.activity, self.structure, self.efficiency, self.unattributed


@dataclass(frozen=True, slots=True)
class MovedTable:
    """``key``: of the lines in the annex and in the template; ``unit`` as printed; ``listed``: units one by one."""

    key: str
    unit: str
    lines: tuple[MovedLine, ...]
    listed: int = 0


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A past estimate beside the recognised figure, in 10⁴ tce; how much too high, in per cent."""

    period: str
    estimate: Decimal
    recognised: Decimal
    error_pct: Decimal | None
    how: str


@dataclass(frozen=True, slots=True)
class SituationInput:
    """``said`` are the figures of the first paragraphs by the names that the template uses, "" where there is none.

    ``moved`` by the keys of the template; ``missing`` names what nobody told; ``steps`` are the next ones, whole
    sentences; ``unverified`` the rules that nobody has compared with their documents, in words.
    """

    issue: Issue
    basis: Basis
    place: str
    period: str
    said: tuple[tuple[str, str], ...]
    moved: tuple[MovedTable, ...]
    track: tuple[TrackLine, ...]
    missing: tuple[str, ...]
    steps: tuple[str, ...]
    unverified: tuple[str, ...] = ()

    @property
    def doubts(self) -> str:
        """What stands below the text and in the annex; empty where every rule was compared."""
        return f"待核对：下列规定尚未与文件原文核对：{'；'.join(self.unverified)}。" if self.unverified else ""


def situation_docx(given: SituationInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    words = Words(
        values={
            "地区": given.place,
            "期间": given.period,
            **{f"有{table.key}": "有" if table.lines else "" for table in given.moved},
            "有比较": "有" if given.track else "",
            "待核对": given.doubts,
            **{f"{table.key}数": str(table.listed) for table in given.moved},
            **dict(given.said),
        },
        lists={
            "缺数": [{"内容": each} for each in given.missing],
            "下一步": [{"内容": each} for each in given.steps],
        },
        tables={
            **{table.key: _moved(table) for table in given.moved},
            "比较": _track(given.track),
        },
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)


def situation_xlsx(given: SituationInput) -> bytes:
    """The annex: what moved what and past estimates in one sheet; the first column says which."""
    columns = (
        SheetColumn("表"),
        SheetColumn("名称"),
        SheetColumn("单位"),
        *(SheetColumn(label, is_figure=True) for label in _FIGURES),
        *(SheetColumn(label, is_figure=True) for label in ("测算", "反馈核定")),
        SheetColumn("测算偏差", "%", is_figure=True),
    )
    rows: list[list[str | Decimal | None]] = [
        [table.key, line.name, table.unit, *line.figures, None, None, None]
        for table in given.moved
        for line in table.lines
    ]
    rows += [
        [
            "测算和核定",
            each.period,
            _TEN_KILOTONNES,
            *[None] * len(_FIGURES),
            each.estimate,
            each.recognised,
            each.error_pct,
        ]
        for each in given.track
    ]
    lacking = (f"缺：{each}" for each in given.missing)
    return write_xlsx(
        f"{given.place}{given.period}节能形势分析附表", columns, rows,
        [*lacking, *filter(None, [given.doubts]), *given.basis.statement], is_demo=given.basis.is_demo,
        is_fictional=given.basis.is_fictional, made_on=given.issue.signed_on,
    )  # fmt: skip


def _moved(table: MovedTable) -> Table:
    """Without the figures of the two periods: the page is narrow, the annex has them."""
    shown = _FIGURES[2:]
    columns = (
        TableColumn(f"{table.key}\n（{table.unit}）", 4.6),
        *(TableColumn(label, 2.1, Align.FIGURE) for label in shown),
    )
    rows = tuple((line.name, *(_figure(each) for each in line.figures[2:])) for line in table.lines)
    return Table(columns, rows)


def _track(lines: Sequence[TrackLine]) -> Table:
    columns = (
        TableColumn("时期", 4),
        TableColumn(f"测算\n（{_TEN_KILOTONNES}）", 2.6, Align.FIGURE),
        TableColumn(f"反馈核定\n（{_TEN_KILOTONNES}）", 2.6, Align.FIGURE),
        TableColumn("偏差\n（%）", 2, Align.FIGURE),
        TableColumn("测算来路", 3),
    )
    rows = tuple(
        (each.period, _figure(each.estimate), _figure(each.recognised), _figure(each.error_pct), each.how)
        for each in lines
    )
    return Table(columns, rows)


def _figure(value: Decimal | None) -> str:
    return _ABSENT if value is None else f"{value:f}"
