"""形势分析: what moved our energy this month, where are we, and what next?"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from shuangkong.core.period import Period
from shuangkong.indicators.situation import LineKind
from shuangkong.papers.indicators.situation import situation_docx, situation_xlsx
from shuangkong.records.indicators.moved import Moved
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.asked import name_of, period_or_404
from shuangkong.web.indicators.course import BRIEFLY, DECLINE, DUE, EFFORT, PROGRESS
from shuangkong.web.indicators.drawn import number
from shuangkong.web.indicators.known import figure_cell
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.indicators.place import choose_place, place_asked, place_of_code
from shuangkong.web.indicators.shown import address
from shuangkong.web.indicators.situation import CHANGE, TOTAL_CHANGE, Situation, periods_of, situation
from shuangkong.web.indicators.situation_advice import next_steps
from shuangkong.web.indicators.situation_lines import (
    SECTOR_SORT,
    TEN_KILOTONNES,
    Sort,
    cells_of_line,
    listed_units,
    moved_lines,
    tables_of,
    total_of,
    track_lines,
)
from shuangkong.web.indicators.situation_paper import situation_input
from shuangkong.web.plans.papers.making import made
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import figure, rounded_figure, spoken, unit_word, with_unit

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FACTORS = ("activity", "structure", "efficiency")


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def analysis(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own; ``of`` is a period, else the newest."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:analysis")
    as_of = scope_of(request).as_of
    offered = periods_of(place, as_of)
    period = _chosen(request, offered)
    found = situation(place, period, acting_of(request), as_of) if period else None
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "periods": [(str(each), period_word(each)) for each in offered],
        "of": str(period) if period else "",
        "period": period_word(period) if period else "",
        "day": as_of or timezone.localdate(),
        "is_demo": found is not None and found.is_demo,
        "said": _answer(found) if found else (),
        "steps": next_steps(found) if found else (),
        "missing": [f"{period_word(cell.period)} {name_of(cell.indicator)}" for cell in found.missing] if found else (),
        "sector_chart": _sector_chart(found) if found else None,
        "track_chart": _track_chart(found) if found else None,
        "rulebook": found.seen.law.version if found else "",
    }
    tables: dict[str, Table | tuple[Table, ...]] = {}
    if found:
        tables = {
            "path_table": _path_table(request, found),
            **{f"{key}_table": _moved_table(request, key, sort, moved, found) for key, sort, moved in tables_of(found)},
            "track_table": _track_table(found),
        }
    return page(request, "indicators/analysis.html", context, tables)


def _chosen(request: HttpRequest, offered: Sequence[Period]) -> Period | None:
    """That of the address; else the newest of the year one is looking at; else the newest."""
    asked, year = request.GET.get("of", ""), scope_of(request).year
    if asked:
        return period_or_404(asked)
    of_year = [each for each in offered if each.year == year]
    return next(iter(of_year or offered), None)


def _answer(found: Situation) -> list[tuple[str, str]]:
    """The figures of the first screen: name and words."""
    total, how = total_of(found)
    wanted = (TOTAL_CHANGE, CHANGE, DECLINE, DUE, PROGRESS, EFFORT)
    words = {each: found.seen.printed(found.cell(each)).text.replace("-", "−") for each in wanted}
    said = [(str(BRIEFLY[each]), f"{words[each]}%") for each in wanted if words[each]]
    first = (_("能源消费总量（%(how)s）") % {"how": how}, with_unit(figure(total), TEN_KILOTONNES))
    return [first, *said] if total is not None else said


def _path_table(request: HttpRequest, found: Situation) -> Table:
    columns = (Column("what", _("项目")), Column("value", _("数值"), "%", is_figure=True))
    wanted = (TOTAL_CHANGE, CHANGE, DECLINE, DUE, PROGRESS, EFFORT)
    rows = []
    for each in wanted:
        cell = figure_cell(request, found.seen, found.cell(each))
        # The page of a figure does not know the estimate: it would explain another one.
        shown = TableCell(cell.text, cell.value, hint=cell.hint, is_doubted=cell.is_doubted)
        rows.append(Row((text_cell(name_of(each)), shown)))
    note = "" if found.is_recognised else _("总量用本级测算数，反馈核定后更新")
    return Table("path", _("年度路径和余下的力度"), columns, tuple(rows), note=note, is_demo=found.is_demo)


def _moved_table(request: HttpRequest, key: str, sort: Sort, moved: Moved, found: Situation) -> Table:
    """With its unit in the caption: the columns are many."""
    columns = [
        Column("name", str(sort.listed)),
        Column("before", period_word(found.before), is_figure=True),
        Column("now", period_word(found.period), is_figure=True),
        Column("change", _("增减"), is_figure=True),
        Column("activity", _("规模"), is_figure=True),
        Column("structure", _("结构"), is_figure=True),
        Column("efficiency", _("能效"), is_figure=True),
        Column("unattributed", _("未分解"), is_figure=True),
    ]
    rows = []
    for line, shown in zip(moved.lines, moved_lines(moved, sort), strict=True):
        used, made = (address(request, cell) if cell else "" for cell in cells_of_line(line, moved))
        was_doubted, is_doubted = moved.doubts.of(line)
        by_factor = moved.doubts.of_factors(line)
        change = _amount(shown.change, was_doubted or is_doubted)
        energy = (_amount(shown.before, was_doubted), _amount(shown.now, is_doubted, used), change)
        activity, *others = shown.factors
        factors = (_amount(activity, by_factor, made), *(_amount(each, by_factor) for each in others))
        rows.append(Row((text_cell(shown.name), *energy, *factors), is_total=shown.is_whole))
    said = f"{sort.caption}{_listed(moved) if key == 'units' else ''}"
    caption = _("%(label)s（%(unit)s）") % {"label": said, "unit": unit_word(sort.unit)}
    empty = _("还没有两期可比的能耗和增加值；录入后分解。")
    return Table(key, caption, tuple(columns), tuple(rows), empty, _note(moved), is_demo=found.is_demo)


def _listed(moved: Moved) -> str:
    count = listed_units(moved)
    return _("（前 %(count)d 家）") % {"count": count} if count else ""


def _note(moved: Moved) -> str:
    """How to read it, and who is not in it."""
    said = [_("正数拉高能耗，负数拉低；增减 = 规模 + 结构 + 能效 + 未分解（尾数因修约可能差一位）")]
    if any(line.kind is LineKind.GAP for line in moved.lines):
        said.append(_("合计是录入的数，行业之和与它不等，差额单列"))
    if any(line.kind is LineKind.SUM for line in moved.lines) and not any(
        line.kind is LineKind.WHOLE for line in moved.lines
    ):
        said.append(_("没有录入合计，只是行业之和"))
    if moved.became:
        names = "；".join(spoken(each.said) for each in moved.became)
        said.append(_("沿革：%(names)s，以前的数接入后者") % {"names": names})
    if moved.left_out:
        said.append(_("缺一期数、未列入：%(names)s") % {"names": "、".join(moved.left_out)})
    if moved.unnamed:
        said.append(_("另有 %(count)d 家缺一期数") % {"count": moved.unnamed})
    return _("；").join(said)


def _amount(value: Decimal | None, is_doubted: bool, why: str = "") -> TableCell:
    if value is None:
        return TableCell("—", hint=_("没有增加值，不分解"))
    return TableCell(figure(value), value, why=why, is_doubted=is_doubted)


def _sector_chart(found: Situation) -> dict[str, Any] | None:
    moved = found.movements.sectors
    parts = zip(moved.lines, moved_lines(moved, SECTOR_SORT), strict=True)
    lines = [shown for line, shown in parts if line.kind in (LineKind.PART, LineKind.OTHERS)]
    if not lines:
        return None
    names = {"activity": _("规模"), "structure": _("结构"), "efficiency": _("能效")}
    return {
        "unit": TEN_KILOTONNES,
        "from_zero": True,
        "is_lying": True,
        "categories": [line.name for line in lines],
        "series": [
            {"name": names[each], "values": [number(getattr(line, each)) for line in lines]} for each in _FACTORS
        ],
    }


def _track_table(found: Situation) -> Table:
    columns = (
        Column("period", _("时期")),
        Column("estimate", _("测算"), TEN_KILOTONNES, is_figure=True),
        Column("recognised", _("反馈核定"), TEN_KILOTONNES, is_figure=True),
        Column("error", _("测算偏高"), "%", is_figure=True),
        Column("how", _("测算来路")),
    )
    rows = tuple(
        Row(
            (
                TableCell(line.period),
                TableCell(figure(line.estimate), line.estimate, is_doubted=not each.is_told),
                TableCell(figure(line.recognised), line.recognised),
                TableCell(figure(line.error_pct), line.error_pct, is_doubted=not each.is_told),
                text_cell(line.how),
            )
        )
        for each, line in zip(found.tracked, track_lines(found), strict=True)
    )
    mean, distance = found.track.mean_error_pct, found.track.mean_distance_pct
    said = {"mean": rounded_figure(mean), "distance": rounded_figure(distance)}
    note = _("平均偏高 %(mean)s%%，平均偏差 %(distance)s%%") % said if rows else ""
    empty = _("还没有反馈核定的总量可以比较。")
    return Table("track", _("测算和反馈核定"), columns, rows, empty, note, is_demo=found.is_demo)


def _track_chart(found: Situation) -> dict[str, Any] | None:
    lines = track_lines(found)
    if len(lines) < 2:
        return None
    return {
        "unit": "%",
        "from_zero": True,
        "categories": [line.period for line in lines],
        "series": [{"name": _("测算偏高"), "values": [number(line.error_pct) for line in lines], "is_bar": True}],
    }


@require_POST
@needs(Action.PAPER_MAKE)
def analysis_paper(request: HttpRequest) -> HttpResponse:
    """The paper or its annex, as of today; in Chinese, whatever the page speaks."""
    place = place_of_code(request, request.POST.get("place", ""))
    reached(request, place.where, Action.ACTUAL_READ, Action.PAPER_MAKE)
    period = period_or_404(request.POST.get("of", ""))
    if period not in periods_of(place):
        raise Http404
    acting = acting_of(request)
    with override("zh-hans"):
        found = situation(place, period, acting)
        given = situation_input(found, request.POST.get("issuer", "") or acting.body_name)
        paper = made(
            given, f"paper/situation/{place.region.code}/{period}", place.path, acting,
            lambda sealed, templates: (situation_docx(sealed, templates), situation_xlsx(sealed)),
        )  # fmt: skip
        name = f"{place.region.name}{period_word(period)}节能形势分析"
    if request.POST.get("form") == "xlsx" and paper.xlsx is not None:
        return download(paper.xlsx, f"{name}附表.xlsx")
    return download(paper.docx, f"{name}.docx", _DOCX)
