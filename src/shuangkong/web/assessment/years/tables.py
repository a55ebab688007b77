"""Tables of assessments: who stands where, and one score sheet with its items, points and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.assessment.answers import Judged
from shuangkong.assessment.sheet import ItemScore, Sheet
from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine.leaves import is_demo, is_doubted
from shuangkong.records.assessment.years.rows import AssessmentRow, MarkRow
from shuangkong.web.assessment.years.words import SIGNS, STATES, SUBJECTS, grade_word, grades_word
from shuangkong.web.indicators.shown import address
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.templatetags.words import exact
from shuangkong.web.site.words import MISSING, figure, rounded_figure, spoken


def desk_table(
    request: HttpRequest,
    rows: Sequence[AssessmentRow],
    sheets: Mapping[int, Sheet],
    changed: Mapping[int, tuple[Finding, ...]],
) -> Table:
    """Everybody who is or was assessed: how far, with what result, what changed since."""
    columns = (
        Column("object", _("考核对象")),
        Column("state", _("办到哪一步")),
        Column("grade", _("等级")),
        Column("score", _("得分"), _("分"), is_figure=True),
        Column("vetoes", _("否决")),
        Column("until", _("自查截止")),
        Column("changed", _("公布后变动"), is_figure=True),
        Column("number", _("文号")),
        Column("kind", _("类别")),
        Column("period", _("年度")),
        Column("table", _("评分表")),
        Column("assessor", _("考核机关")),
        Column("label", _("说明")),
    )
    made = tuple(Row(_cells(request, row, sheets[row.id], changed.get(row.id, ()))) for row in rows)
    empty = _("还没有考核。选一项考核职责和年度启动，考核对象自查、机关审核、抽查核实、提出结果，公布后列在这里。")
    return Table("assessments", _("考核对象"), columns, made, empty, is_demo=any(row.is_fictional for row in rows))


def _cells(request: HttpRequest, row: AssessmentRow, sheet: Sheet, changed: tuple[Finding, ...]) -> tuple[Cell, ...]:
    now, is_told = row.standing, bool(row.standing.grade)
    grade = grade_word(row, now.grade) if is_told else grades_word(sheet.possible)
    score = now.score if is_told else sheet.total
    held = _("、").join(spoken(each.veto.name) for each in sheet.vetoes if each.holds)
    return (
        Cell(row.subject_name, row.subject_name, href=link(request, "assessment:one", row.id)),
        text_cell(f"{SIGNS[now.state]} {STATES[now.state]}"),
        text_cell(grade if is_told else _("%(grade)s（测算）") % {"grade": grade}),
        Cell(
            rounded_figure(score) if score is not None else MISSING,
            score,
            hint="" if score is not None else _no_score(sheet),
        ),
        text_cell(held),
        Cell(now.self_check_by.isoformat(), now.self_check_by) if now.self_check_by else text_cell(""),
        Cell(str(len(changed)), len(changed)) if now.announced_on else text_cell(""),
        text_cell(now.numbers[-1] if now.numbers else ""),
        text_cell(str(SUBJECTS.get(row.subject.kind, row.subject.kind))),
        text_cell(str(row.period)),
        text_cell(spoken(sheet.table.name)),
        text_cell(row.region_name),
        text_cell(_("演示数据、虚构") if row.is_fictional else ""),
    )


def _no_score(sheet: Sheet) -> str:
    return _("本表只定等级，不计分") if not sheet.scores else _("还有项目没有得分")


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure that the system filled in, with where each of its inputs is explained."""

    name: str
    words: str
    unit: str
    doubts: tuple[Message, ...]
    steps: tuple[Step, ...]
    inputs: tuple[tuple[str, str, str, str], ...]  # symbol, value, address, source
    is_demo: bool
    why: str


def figures_shown(request: HttpRequest, sheet: Sheet, aims: Mapping[str, Message]) -> list[ShownFigure]:
    """Every figure that the table takes by itself, in the order of the table, each with the target's indicator."""
    shown = []
    for name, rule in sheet.table.figures.items():
        told = sheet.answers.figures.get(name)
        if told is None:
            continue
        shown.append(
            ShownFigure(
                name=f"{spoken(aims[name])} · {spoken(rule.name)}" if name in aims else spoken(rule.name),
                words=rounded_figure(told.value) if told.value is not None else MISSING,
                unit="" if told.value is None else "%" if told.unit == "pct" else told.unit,
                doubts=told.doubts,
                steps=told.steps,
                inputs=tuple(_input(request, symbol, each) for symbol, each in told.inputs),
                is_demo=is_demo(told),
                why=address(request, told.cell) if told.fact is not None else "",
            )
        )
    return shown


def _input(request: HttpRequest, symbol: str, each: Figure) -> tuple[str, str, str, str]:
    source = each.fact.source if each.fact is not None else ""
    return symbol, exact(each.value), address(request, each.cell), source


def item_table(request: HttpRequest, own: Sheet, reviewed: Sheet, *, is_fictional: bool) -> Table:
    """Items with their points: what each is worth, what both sides give, and why."""
    columns = (
        Column("code", _("编号")),
        Column("item", _("项目")),
        Column("full", _("满分"), _("分"), is_figure=True),
        Column("own", _("自评"), _("分"), is_figure=True),
        Column("score", _("审核"), _("分"), is_figure=True),
        Column("because", _("得分理由")),
        Column("evidence", _("证据")),
        Column("block", _("部分")),
        Column("clause", _("依据")),
    )
    rows = tuple(row for at, score in enumerate(reviewed.scores) for row in _rows(own.scores[at], score, reviewed))
    total = (
        text_cell(""), text_cell(_("合计")), Cell(figure(reviewed.table.full), reviewed.table.full), _marks(own.total),
        _marks(reviewed.total), text_cell(_between(reviewed)), text_cell(""), text_cell(""), text_cell(""),
    )  # fmt: skip
    empty = _("本表不计分：目标完成情况和否决事项直接定等级，见下。")
    made = (*rows, Row(total, is_total=True)) if rows else ()
    return Table("items", _("评分"), columns, made, empty, is_demo=is_fictional)


def _rows(own: ItemScore, score: ItemScore, sheet: Sheet) -> Iterator[Row]:
    item = score.item
    yield Row(
        (
            text_cell(item.code),
            text_cell(spoken(item.name)),
            Cell(figure(item.most), item.most),
            _marks(own.marks),
            _marks(score.marks, is_doubted=not item.clause.is_verified),
            text_cell(spoken(score.because)),
            text_cell(""),
            text_cell(spoken(sheet.table.blocks[item.block]) if item.block in sheet.table.blocks else ""),
            text_cell(spoken(item.clause.words)),
        )
    )
    for point in item.points:
        given, reviewed = own.judged.get(point.code), score.judged.get(point.code)
        yield Row(
            (
                text_cell(point.code),
                text_cell(_("要点：%(name)s") % {"name": spoken(point.name)}),
                Cell(figure(point.marks), point.marks),
                _given(given),
                _given(reviewed),
                text_cell(_("应附：%(what)s") % {"what": point.evidence} if point.evidence else ""),
                text_cell(_("、").join(each.title for each in reviewed.proofs) if reviewed else _("还没有证据")),
                text_cell(""),
                text_cell(""),
            )
        )


def _marks(value: Decimal | None, *, is_doubted: bool = False) -> Cell:
    if value is None:
        return Cell(MISSING, hint=_("缺数据或证据，不按零分"))
    return Cell(rounded_figure(value), value, is_doubted=is_doubted)


def _given(given: Judged | None) -> Cell:
    if given is None:
        return Cell(MISSING, hint=_("缺数据或证据，不按零分"))
    if given.is_inapplicable:
        return text_cell(_("不适用"))
    return _marks(given.marks)


def _between(sheet: Sheet) -> str:
    if sheet.total is not None:
        return ""
    said = {"least": rounded_figure(sheet.least), "most": rounded_figure(sheet.most)}
    return _("还有项目没有得分：总分在 %(least)s 至 %(most)s 之间") % said


def is_any_doubted(sheet: Sheet) -> bool:
    """Whether any figure or rule under it is not settled."""
    return not sheet.table.clause.is_verified or any(is_doubted(each) for each in sheet.answers.figures.values())


@dataclass(frozen=True, slots=True)
class ToMark:
    """One point or established figure that a side may give something for."""

    code: str
    name: str
    most: Decimal | None
    wanted: str
    can_be_inapplicable: bool
    history: tuple[MarkRow, ...]


def to_mark(sheet: Sheet, codes: Sequence[str], marks: Sequence[MarkRow]) -> list[ToMark]:
    """What a side may give, in the order of the table, with what was given before, the newest first."""
    points = {point.code: point for point in sheet.table.points}
    found = []
    for code in codes:
        point, rule = points.get(code), sheet.table.figures.get(code)
        name = point.name if point else rule.name if rule else Message(code, code)
        history = tuple(row for row in reversed(marks) if row.code == code)
        wanted = point.evidence if point else ""
        found.append(ToMark(code, spoken(name), point.marks if point else None, wanted, point is not None, history))
    return found
