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
_SECTOR_UNIT, _UNIT_UNIT = "万吨标准煤", "吨标准煤"


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A sector or unit: how much its energy changed and why, in the unit of its table; None: not attributed."""

    name: str
    change: Decimal
    activity: Decimal | None
    structure: Decimal | None
    efficiency: Decimal | None
    is_whole: bool = False


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

    ``missing`` names what nobody told; ``steps`` are the next ones, whole sentences.
    """

    issue: Issue
    basis: Basis
    place: str
    period: str
    said: tuple[tuple[str, str], ...]
    sectors: tuple[MovedLine, ...]
    units: tuple[MovedLine, ...]
    track: tuple[TrackLine, ...]
    missing: tuple[str, ...]
    steps: tuple[str, ...]


def situation_docx(given: SituationInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    words = Words(
        values={
            "地区": given.place,
            "期间": given.period,
            "有行业": "有" if given.sectors else "",
            "有单位": "有" if given.units else "",
            "有比较": "有" if given.track else "",
            "单位数": str(len(given.units)),
            **dict(given.said),
        },
        lists={
            "缺数": [{"内容": each} for each in given.missing],
            "下一步": [{"内容": each} for each in given.steps],
        },
        tables={
            "行业": _moved("行业", _SECTOR_UNIT, given.sectors),
            "单位": _moved("单位", _UNIT_UNIT, given.units),
            "比较": _track(given.track),
        },
    )
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)


def situation_xlsx(given: SituationInput) -> bytes:
    """The annex: sectors, units and past estimates in one sheet; the first column says which."""
    columns = (
        SheetColumn("表"),
        SheetColumn("名称"),
        SheetColumn("单位"),
        *(SheetColumn(label, is_figure=True) for label in ("增减", "规模", "结构", "能效")),
        *(SheetColumn(label, is_figure=True) for label in ("测算", "反馈核定")),
        SheetColumn("测算偏差", "%", is_figure=True),
    )
    rows = [
        [label, line.name, unit, line.change, line.activity, line.structure, line.efficiency, None, None, None]
        for label, unit, lines in (("行业", _SECTOR_UNIT, given.sectors), ("单位", _UNIT_UNIT, given.units))
        for line in lines
    ]
    rows += [
        [
            "测算和核定",
            each.period,
            _SECTOR_UNIT,
            None,
            None,
            None,
            None,
            each.estimate,
            each.recognised,
            each.error_pct,
        ]
        for each in given.track
    ]
    return write_xlsx(
        f"{given.place}{given.period}节能形势分析附表", columns, rows,
        [*(f"缺：{each}" for each in given.missing), *given.basis.statement], is_demo=given.basis.is_demo,
        is_fictional=given.basis.is_fictional, made_on=given.issue.signed_on,
    )  # fmt: skip


def _moved(first: str, unit: str, lines: Sequence[MovedLine]) -> Table:
    columns = (
        TableColumn(first, 5),
        *(TableColumn(f"{label}\n（{unit}）", 2.4, Align.FIGURE) for label in ("增减", "规模", "结构", "能效")),
    )
    rows = tuple(
        (line.name, *(_figure(each) for each in (line.change, line.activity, line.structure, line.efficiency)))
        for line in lines
    )
    return Table(columns, rows)


def _track(lines: Sequence[TrackLine]) -> Table:
    columns = (
        TableColumn("时期", 4),
        TableColumn(f"测算\n（{_SECTOR_UNIT}）", 2.6, Align.FIGURE),
        TableColumn(f"反馈核定\n（{_SECTOR_UNIT}）", 2.6, Align.FIGURE),
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
