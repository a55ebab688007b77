"""晴雨表: levels of the parts of a place side by side, what was asked and what came, what moved; and its workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import Subject
from shuangkong.core.rounding import rounded
from shuangkong.outlook.barometer.issue import Content, Line, Part
from shuangkong.outlook.barometer.level import CAUSES, MOVES, WORDS, Level, Move
from shuangkong.outlook.barometer.listing import LISTINGS, Listing
from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.tables import SheetColumn, write_xlsx

_NAME = "barometer"
#: Shares of the width of the block: of the first column, and of all others together.
_FIRST, _OTHERS = 3, 12
_NONE = "不能判定"
_PLACES = 2


@dataclass(frozen=True, slots=True)
class BarometerInput:
    """An issue to be set.

    ``period`` in words; ``standing`` says how far it has come (讨论稿) where it is not published; ``corrects`` is the
    document number of the edition whose place it takes; ``compared`` says with what the moves are counted.
    """

    issue: Issue
    basis: Basis
    content: Content
    period: str
    compared: str
    rules: Mapping[str, str]
    standing: str = ""
    corrects: str = ""


def barometer_docx(given: BarometerInput, templates: Templates) -> bytes:
    """Raises TemplateRefused where a template cannot be used."""
    content = given.content
    lists = _lists(content)
    words = Words(
        values={
            "地区": content.place,
            "期间": given.period,
            "发布机关": given.issue.issuer,
            "稿别": given.standing,
            "更正文号": given.corrects,
            "比较": given.compared,
            "对象数": str(len({line.subject for part in content.parts for line in part.lines})),
            **{f"{name}数": _count(parts) for name, parts in lists.items()},
        },
        lists={
            "情况": [{"名称": part.name, "内容": summary(part)} for part in content.parts],
            "变化": [{"内容": each} for each in _moves(content)],
            "不同": [{"内容": each} for each in _differences(content)],
            "注": [{"内容": each} for each in notes(given)],
        },
        tables={
            "等级": _levels(lists["地区"]),
            **{name: _listed(parts) for name, parts in lists.items() if name != "地区"},
            "明细": _details(given),
        },
    )
    made = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, made), templates.look)


def barometer_xlsx(given: BarometerInput) -> bytes:
    """Every level with what was asked and what came, figures as figures."""
    columns = [SheetColumn("名单"), SheetColumn("指标"), SheetColumn("对象"), SheetColumn("等级"),
               SheetColumn("比上期"), SheetColumn("要求", is_figure=True), SheetColumn("实际", is_figure=True),
               SheetColumn("单位"), SheetColumn("判定规定"), SheetColumn("目标依据"), SheetColumn("说明")]  # fmt: skip
    rows = [_sheet_row(given, part, line) for part in given.content.parts for line in part.lines]
    title = f"{given.content.place}{given.period}节能减排目标完成情况晴雨表{given.standing}"
    return write_xlsx(
        title, columns, rows, [*notes(given), *given.basis.statement], is_demo=given.basis.is_demo,
        is_fictional=given.basis.is_fictional, about=[given.issue.number] if given.issue.number else [],
        made_on=given.issue.signed_on,
    )  # fmt: skip


def _sheet_row(given: BarometerInput, part: Part, line: Line) -> list[str | Decimal | None]:
    ground = f"{line.assigned_by}分解下达" if line.share else "方案所印"
    return [
        LISTINGS[part.listing].zh, part.name, line.name, word_of(line.level), MOVES[line.move].zh,
        _round(line.required), _round(line.achieved), line.unit, given.rules.get(line.rule, line.rule), ground,
        CAUSES[line.cause].zh if line.cause else "",
    ]  # fmt: skip


def word_of(level: Level | None) -> str:
    return WORDS[level].zh if level else _NONE


def summary(part: Part) -> str:
    """How many stand at each level, and who at the gravest; a place without parts says its own level."""
    counts = part.counts
    if not counts:
        return "、".join(word_of(line.level) for line in part.lines) + "。"
    said = "，".join(f"{word_of(level)}{counts[level]}个" for level in (*Level, None) if counts[level])
    gravest = part.at(Level.RED)
    return f"{said}。" + (f"一级（红）：{'、'.join(line.name for line in gravest)}。" if gravest else "")


def notes(given: BarometerInput) -> tuple[str, ...]:
    """What must be known of the levels."""
    lines = [line for part in given.content.parts for line in part.lines]
    causes = {each.zh for each in CAUSES.values()}
    told = dict.fromkeys(each.zh.rstrip("。") for line in lines for each in line.doubts if each.zh not in causes)
    doubts = tuple(each for each in told if each != "演示数据")
    used = tuple(dict.fromkeys(given.rules.get(line.rule, line.rule) for line in lines))
    unjudged = "“不能判定”的对象缺少判定所需的数，或规定不适用于本期，不推定等级。"
    return (
        f"等级按本期末日生效的判定规定计算，所用规定：{'、'.join(used)}。",
        *((unjudged,) if any(line.level is None for line in lines) else ()),
        *((f"待核对：{'；'.join(doubts)}。",) if doubts else ()),
    )


def _lists(content: Content) -> dict[str, tuple[Part, ...]]:
    """Promises of several regions, those of the place alone, of industries, of units."""
    regions = content.listed(Listing.REGIONS)
    return {
        "地区": tuple(part for part in regions if len(part.lines) > 1),
        "本级": tuple(part for part in regions if len(part.lines) == 1),
        "行业": content.listed(Listing.SECTORS),
        "单位": content.listed(Listing.UNITS),
    }


def _count(parts: tuple[Part, ...]) -> str:
    """How many subjects stand there; "" where none does, so that a template can leave the list out."""
    found = len({line.subject for part in parts for line in part.lines})
    return str(found) if found else ""


def _listed(parts: tuple[Part, ...]) -> Table:
    """A level a row."""
    columns = (TableColumn("指标", 5), TableColumn("对象", 4), TableColumn("等级", 3, Align.MIDDLE))
    return Table(columns, tuple((part.name, line.name, _mark(line)) for part in parts for line in part.lines))


def _levels(parts: tuple[Part, ...]) -> Table:
    """Subjects by promises; the place itself first."""
    every: dict[Subject, str] = {}
    for is_whole in (True, False):
        for part in parts:
            every |= {line.subject: line.name for line in part.lines if line.is_whole is is_whole}
    held = [{line.subject: line for line in part.lines} for part in parts]
    width = _OTHERS / max(1, len(parts))
    columns = (
        TableColumn("地区", _FIRST),
        *(TableColumn(part.name, width, Align.MIDDLE) for part in parts),
    )
    rows = tuple((name, *(_mark(lines.get(subject)) for lines in held)) for subject, name in every.items())
    return Table(columns, rows)


_ARROWS = {Move.WORSE: "↑", Move.BETTER: "↓", Move.SAME: "", Move.UNKNOWN: ""}


def _mark(line: Line | None) -> str:
    """The level, with an arrow where it became graver or milder; "—" for who has no such target."""
    if line is None:
        return "—"
    return f"{word_of(line.level)}{_ARROWS[line.move]}"


def _moves(content: Content) -> Iterator[str]:
    for part in content.parts:
        for line in part.lines:
            if line.move in (Move.WORSE, Move.BETTER):
                yield f"{line.name}{part.name}：{word_of(line.last)}转为{word_of(line.level)}，{MOVES[line.move].zh}。"


def _differences(content: Content) -> Iterator[str]:
    """Who is judged by another figure than the plan prints."""
    for part, line in content.differing:
        told = f"{line.assigned_by}分解下达 {figure_of(line.promised)}，方案所印 {figure_of(line.printed)}"
        yield f"{line.name}{part.name}：{told}。"


def _details(given: BarometerInput) -> Table:
    columns = (
        TableColumn("指标", 4), TableColumn("对象", 3), TableColumn("等级", 3, Align.MIDDLE),
        TableColumn("要求", 2, Align.FIGURE), TableColumn("实际", 2, Align.FIGURE),
        TableColumn("单位", 2, Align.MIDDLE),
    )  # fmt: skip
    rows = tuple(
        (part.name, line.name, word_of(line.level), figure_of(line.required), figure_of(line.achieved), line.unit)
        for part in given.content.parts
        for line in part.lines
    )
    return Table(columns, rows)


def _round(value: Decimal | None) -> Decimal | None:
    return None if value is None else rounded(value, _PLACES)


def figure_of(value: Decimal | None) -> str:
    return "—" if value is None else f"{rounded(value, _PLACES):f}".replace("-", "−")
