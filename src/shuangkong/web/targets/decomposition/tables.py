"""Tables of decompositions: what each receiver gets, year by year, and how the ways compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind
from shuangkong.records.targets.decomposition.making import Computed
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead, Outcome, ScenarioRow
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.templatetags.words import exact
from shuangkong.web.site.words import MISSING, figure, rounded_figure, with_unit
from shuangkong.web.targets.decomposition.words import RECEIVERS, rough


@dataclass(frozen=True, slots=True)
class Part:
    """One receiver's part in one way; ``id`` of the share where it is recorded."""

    kind: str
    name: str
    base: Decimal | None
    value: Decimal | None
    is_locked: bool
    steps: tuple[Step, ...]
    id: int | None = None
    is_apart: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sharing out as a column: ``is_adopted`` the one in force; ``number`` of a recorded one."""

    name: str
    parts: tuple[Part, ...]
    outcome: Outcome
    number: int | None = None
    id: int | None = None
    is_adopted: bool = False
    excluded: tuple[str, ...] = ()


def way_computed(found: Computed) -> Way:
    """A way as it was just computed."""
    parts = tuple(
        Part(each.receiver.subject.kind, each.receiver.name, each.receiver.base, each.value,
             each.receiver.lock is not None, each.steps, is_apart=each.receiver.is_apart)
        for each in found.scenario.made.shares
    )  # fmt: skip
    return Way(found.wanted.name, parts, found.outcome, excluded=found.wanted.excluded)


def way_recorded(row: ScenarioRow, shares: Sequence[AssignedShare], adopted: int | None) -> Way:
    """A way as it was recorded."""
    apart = {each.subject for each in row.wanted.receivers if each.is_apart}
    parts = tuple(
        Part(each.subject.kind, each.name, each.base, each.value, each.is_locked, each.steps, each.id,
             each.subject in apart)
        for each in shares
        if each.scenario == row.id
    )  # fmt: skip
    return Way(row.name, parts, row.outcome, row.number, row.id, row.id == adopted, row.wanted.excluded)


def share_table(request: HttpRequest, head: DecompositionHead, ways: Sequence[Way], *, main: int = 0) -> Table:
    """Receivers and what each way gives them; ``main`` is the way whose shares can be opened.

    Receivers that only some ways know have "—" in the others.
    """
    names = list(dict.fromkeys((part.kind, part.name) for way in ways for part in way.parts))
    by_way = [{(part.kind, part.name): part for part in way.parts} for way in ways]
    columns = (
        Column("receiver", _("承担单位")),
        Column("kind", _("类别")),
        Column("base", _("基数"), head.base_unit, is_figure=True),
        *(Column(f"w{at}", _heading(way), head.unit, is_figure=True) for at, way in enumerate(ways)),
        Column("note", _("说明")),
    )
    rows = [Row(_cells(request, name, by_way, ways, main)) for name in names]
    whole = [Cell(_("合计（按目标自身的算法）"), _("合计（按目标自身的算法）")), text_cell(""), _absent()]
    whole += [Cell(exact(way.outcome.reproduced), way.outcome.reproduced) for way in ways]
    rows.append(Row((*whole, text_cell(_("目标 %(value)s") % {"value": with_unit(figure(head.value), head.unit)})),
                    is_total=True))  # fmt: skip
    if any(way.outcome.reserve for way in ways):
        kept = [Cell(_("预留（含修约留下的）"), _("预留（含修约留下的）")), text_cell(""), _absent()]
        kept += [Cell(exact(way.outcome.reserve), way.outcome.reserve) for way in ways]
        rows.append(Row((*kept, text_cell("")), is_total=True))
    for name in dict.fromkeys(name for way in ways for name in way.excluded):
        blank = (text_cell("—"), _absent(), *(_absent() for _way in ways))
        rows.append(Row((Cell(name, name), *blank, text_cell(_("不在本次分解之内")))))
    empty = _("还没有方案。到分解工作台选办法、填数据，试算后记录下来。")
    return Table("shares", _("各单位承担多少"), columns, tuple(rows) if ways else (), empty, is_demo=head.is_demo)


def _heading(way: Way) -> str:
    named = way.name if way.number is None else f"{way.number} {way.name}"
    return _("%(name)s（已采用）") % {"name": named} if way.is_adopted else named


def _cells(
    request: HttpRequest, name: tuple[str, str], by_way: Sequence[dict[tuple[str, str], Part]], ways: Sequence[Way],
    main: int,
) -> tuple[Cell, ...]:  # fmt: skip
    found = [parts.get(name) for parts in by_way]
    first = next(part for part in found if part is not None)
    opened = found[main] if main < len(found) else None
    href = link(request, "decomposition:share", opened.id) if opened and opened.id else ""
    told = [part for part in found if part is not None]
    notes = [_("单列")] if any(part.is_apart for part in told) else []
    notes += [_("锁定")] if any(part.is_locked for part in told) else []
    return (
        Cell(first.name, first.name, href=href),
        text_cell(str(RECEIVERS.get(first.kind, first.kind))),
        Cell(figure(first.base), first.base),
        *(_value_cell(part, way) for part, way in zip(found, ways, strict=True)),
        text_cell(_("，").join(notes)),
    )


def _value_cell(part: Part | None, way: Way) -> Cell:
    if part is None or part.value is None:
        return Cell(MISSING, hint=_("没有分到数"))
    return Cell(figure(part.value), part.value, is_doubted=not way.outcome.is_verified)


def _absent() -> Cell:
    return Cell("", None)


def fairness_table(head: DecompositionHead, ways: Sequence[Way]) -> Table:
    """How the ways compare: whether they close, and how evenly they lie; what no way can tell is left out."""
    points = _("百分点")
    columns = (
        Column("whole", _("合计"), head.unit, is_figure=True),
        Column("over", _("严于（−宽于）要求"), points if head.unit == "%" else head.unit, is_figure=True),
        Column("own", _("其中各单位自身"), points, is_figure=True),
        Column("structure", _("其中结构变化"), points, is_figure=True),
        Column("gini", _("基尼系数"), is_figure=True),
        Column("theil", _("泰尔指数"), is_figure=True),
        Column("least", _("最轻负担"), is_figure=True),
        Column("most", _("最重负担"), is_figure=True),
        Column("follows", _("与人均生产总值的相关"), is_figure=True),
        Column("cost", _("减排成本"), is_figure=True),
    )
    figures = [_fair_cells(way) for way in ways]
    told = [at for at in range(len(columns)) if any(cells[at].value is not None for cells in figures)]
    heads = (Column("way", _("比选方案")), Column("closes", _("是否衔接")), *(columns[at] for at in told))
    rows = tuple(
        Row((text_cell(_heading(way)), text_cell(_closes(way)), *(cells[at] for at in told)))
        for way, cells in zip(ways, figures, strict=True)
    )
    note = _(
        "负担按基数折算：下降率为其本身，数量为每单位基数的量。基尼、泰尔为 0 时各单位一样；这些数只作比较，不作评判。"
    )
    return Table("fairness", _("方案比选"), heads, rows, note=note, is_demo=head.is_demo)


def _closes(way: Way) -> str:
    return "✓ " + _("相互衔接") if way.outcome.is_closed else "✕ " + _("不衔接")


def _fair_cells(way: Way) -> tuple[Cell, ...]:
    told = way.outcome
    return (
        _exact_cell(told.reproduced),
        _exact_cell(told.over),
        _exact_cell(told.own),
        _exact_cell(told.structure),
        _rough_cell(told.gini),
        _rough_cell(told.theil),
        _exact_cell(told.least),
        _exact_cell(told.most),
        _rough_cell(told.follows),
        _exact_cell(told.cost),
    )


def _exact_cell(value: Decimal | None) -> Cell:
    return Cell(exact(value), value)


def _rough_cell(value: float | None) -> Cell:
    return Cell(rough(value), None if value is None else Decimal(repr(value)))


def year_table(request: HttpRequest, head: DecompositionHead, shares: Sequence[AssignedShare]) -> Table:
    """What each receiver owes by the end of each year."""
    years = sorted({each.year for share in shares for each in share.years})
    columns = (
        Column("receiver", _("承担单位")),
        *(Column(f"y{year}", _("%(year)s年") % {"year": year}, head.unit, is_figure=True) for year in years),
    )
    rows = tuple(
        Row(
            (
                Cell(share.name, share.name, href=link(request, "decomposition:share", share.id)),
                *(_due_cell({each.year: each.due for each in share.years}.get(year)) for year in years),
            )
        )
        for share in shares
        if share.years
    )
    caps = {Kind.CAP_TOTAL, Kind.CAP_INCREMENT}
    note = _("总量、增量目标为当年总量上限，其余为基年以来累计") if head.kind in caps else _("基年以来累计")
    empty = _("没有年度目标：增量目标要有基数才能折成各年总量，比重、水平目标要有基期水平。")
    return Table("years", _("各单位年度目标"), columns, rows, empty, note, is_demo=head.is_demo)


def _due_cell(due: Decimal | None) -> Cell:
    return Cell(rounded_figure(due), due)
