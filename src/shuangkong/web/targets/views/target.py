"""一个目标: how far is it, and where does the figure come from?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Origin, State
from shuangkong.plans.reading import Kind
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.targets import store
from shuangkong.records.targets.decomposition.opening import extent_of
from shuangkong.records.targets.in_force import assigned_steps
from shuangkong.records.targets.rows import ShareRow, TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.law import LAWS
from shuangkong.targets.progress import Point
from shuangkong.web.outlook.views.forecast import chance_cell, interval_words
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import (
    MISSING,
    figure,
    indicator_word,
    maturity_word,
    rounded_figure,
    sort_word,
    spoken,
    state_word,
    unit_word,
    with_unit,
)
from shuangkong.web.targets.ahead import Ahead, ahead_of
from shuangkong.web.targets.course import Course, courses_of
from shuangkong.web.targets.drawn import course_chart, course_table
from shuangkong.web.targets.regions import region_view
from shuangkong.web.targets.sentences import paces, year_words
from shuangkong.web.targets.shared import goal_of
from shuangkong.web.targets.tables import reason

#: Kinds that can be added up over regions.
AMOUNTS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.COUNT, Kind.REDUCTION_AMOUNT})
_ORIGINS = {
    Origin.ESTIMATE: gettext_lazy("本级测算"),
    Origin.REPORTED: gettext_lazy("上报"),
    Origin.RECOGNISED: gettext_lazy("反馈核定"),
}


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    until = scope_of(request).as_of
    row = store.target(target_id, until)
    if row is None:
        raise Http404
    plan = plan_or_404(request, row.plan)
    text = plans.plan_text(row.plan) if plan.has_text else ""
    shares = store.shares(target_id)
    family = _family(store.targets(row.plan, row.version, until), row, shares)
    adds_up = bool(shares) and Kind(row.kind) in AMOUNTS
    own, *others = courses_of(request, [row, *family])
    regions = region_view(request, plan, others) if len(others) > 1 else None
    ahead = ahead_of(own, until)
    tables: dict[str, Table | tuple[Table, ...]] = {
        "course_table": course_table(own, ahead),
        "told_table": _told_table(own, until),
    }
    if adds_up:
        tables["share_table"] = _share_table(request, row, shares)
    if regions is not None:
        tables["region_table"] = regions.table
    return page(
        request,
        "targets/target.html",
        _identity(plan, row, text)
        | _progress(own)
        | {"regions": regions, "chart": course_chart(own, ahead), "adds_up": adds_up}
        | {"figures": _figures(request, plan, row), "counted": _counted(own), **_ahead(request, plan, row, ahead)}
        | {"may_share_out": until is None and _may_share_out(request, plan, row)},
        tables,
    )


def _identity(plan: PlanRow, row: TargetRow, text: str) -> dict[str, Any]:
    return {
        "plan": plan,
        "target": row,
        "quote": row.span.of(text) if text else "",
        "indicator_name": indicator_word(row.indicator, row.indicator_name, row.kind),
    }


def _counted(own: Course) -> dict[str, Any] | None:
    """The share in force by which it is judged; None where it is judged as printed."""
    told = own.target.assigned
    if told is None:
        return None
    return {
        "place": told.place,
        "value": with_unit(figure(own.target.value), own.target.unit),
        "printed": None if told.printed is None else with_unit(figure(told.printed), own.target.unit),
        "share": told.share,
        "steps": assigned_steps(own.target),
    }


def _ahead(request: HttpRequest, plan: PlanRow, row: TargetRow, ahead: Ahead | None) -> dict[str, Any]:
    """What the plan is foreseen to end with and how likely the target is missed; where one may suppose otherwise."""
    end = ahead.last if ahead else None
    is_own = row.subject_kind == "region" and row.subject_code == plan.region
    return {
        "end": end,
        "foretold": with_unit(rounded_figure(end.value), row.unit) if end else "",
        "interval": interval_words(end),
        "chance": chance_cell(end.chance).text if end and end.chance is not None else "",
        "untold": spoken(ahead.reason) if ahead and ahead.reason else "",
        "what_if": f"{link(request, 'outlook:forecast', place=plan.region, target=row.id)}#suppose" if is_own else "",
        "tested": link(request, "outlook:calibration", place=plan.region) if is_own else "",
    }


def _figures(request: HttpRequest, plan: PlanRow, row: TargetRow) -> str:
    """Where all figures of the indicator stand with their origin; "" where there is no such page for the person."""
    is_listed = row.subject_kind == "region" and row.subject_code == plan.region
    is_known = row.indicator in open_rulebook().indicator_rules()
    if not (is_listed and is_known and may(acting_of(request), Action.ACTUAL_READ, Where(plan.path))):
        return ""
    return link(request, "indicators:series", row.indicator, f"{row.subject_kind}:{row.subject_code}")


def _may_share_out(request: HttpRequest, plan: PlanRow, row: TargetRow) -> bool:
    """Whether the person may begin to share it out: a target of the whole place, of a kind whose parts make it up."""
    kind = Kind(row.kind)
    is_whole = bool(plan.region) and row.subject_code == plan.region and row.version == plan.version
    can_be = is_whole and (kind, extent_of(row.indicator, kind, row.unit)) in LAWS
    return can_be and may(acting_of(request), Action.DECOMPOSITION_PREPARE, plan.where)


def _progress(own: Course) -> dict[str, Any]:
    return {
        "course": own,
        "point": own.latest,
        "progress": own.progress,
        "reason": reason(own),
        "newest": own.newest,
        "maturity": maturity_word(own.newest.maturity) if own.newest else "",
        "sentence": year_words(own),
        "paces": paces(own),
        "explained": [(point.year, own.resting_on(point.year), point.steps) for point in _reached(own)],
    }


def _reached(own: Course) -> list[Point]:
    """The years that have a figure, newest first."""
    points = own.progress.points if own.progress else ()
    return [point for point in reversed(points) if point.reached is not None]


def _family(every: tuple[TargetRow, ...], row: TargetRow, shares: tuple[ShareRow, ...]) -> list[TargetRow]:
    """The regions' targets that this one is shared out to; without shares those of the same promise."""
    children = {share.child for share in shares if share.child is not None}
    if children:
        return [each for each in every if each.id in children]
    if row.table is None:
        return []
    return goal_of(every, row)


def _told_table(own: Course, until: date | None) -> Table:
    columns = (
        Column("period", _("时期")),
        Column("sort", _("口径")),
        Column("value", _("数值"), is_figure=True),
        Column("unit", _("单位")),
        Column("origin", _("来路")),
        Column("maturity", _("数据状态")),
        Column("version", _("版本"), is_figure=True),
        Column("source", _("来源")),
        Column("by", _("录入")),
    )
    rows = tuple(_told_row(told, number, count) for told, number, count in _versions(own, until))
    empty = (
        _("有实际值，但您现在的身份不能看。请切换身份，或请上级办公室查询。")
        if own.is_hidden
        else _("还没有实际值。到“录入实际值”，下载表格模板，填好后传入。")
    )
    return Table(
        "told", _("实际值和它的各个版本"), columns, rows, empty, is_demo=any(told.is_demo for told in own.told)
    )


def _versions(own: Course, until: date | None) -> list[tuple[ObservationRow, int, int]]:
    """Every version of every figure with its number and their count: the one that counts, then the newest first."""
    target, every = own.target, defaultdict[tuple[str, str], list[ObservationRow]](list)
    if any(each.of > 1 for each in own.told):
        told = facts.versions(target.indicator, target.subject_kind, target.subject_code, until)
    else:
        told = own.told
    for each in told:
        every[each.period, each.measure].append(each)
    found = []
    for counting in own.told:
        numbered = list(enumerate(every[counting.period, counting.measure], 1))
        numbered.sort(key=lambda pair: (pair[1].id != counting.id, -pair[0]))
        found += [(each, number, len(numbered)) for number, each in numbered]
    return found


def _told_row(told: ObservationRow, number: int, count: int) -> Row:
    at = timezone.localtime(told.recorded_at)
    is_told = told.state is State.VALUE
    return Row(
        (
            text_cell(told.period),
            text_cell(sort_word(told.measure)),
            Cell(figure(told.value) if is_told else _absent(told), told.value, hint=told.note),
            text_cell(unit_word(told.unit)),
            text_cell(str(_ORIGINS[told.origin])),
            text_cell(maturity_word(told.maturity)),
            Cell(f"{number}/{count}", number),
            text_cell(told.source),
            text_cell(f"{told.recorded_by} {at:%Y-%m-%d}"),
        )
    )


def _absent(told: ObservationRow) -> str:
    return MISSING if told.state is State.MISSING else state_word(told.state)


def _share_table(request: HttpRequest, row: TargetRow, shares: tuple[ShareRow, ...]) -> Table:
    columns = (
        Column("name", _("分给")),
        Column("value", _("数值"), row.unit, is_figure=True),
        Column("note", _("说明")),
    )
    rows = [
        Row(
            (
                _share_name(request, share),
                Cell(figure(share.value), share.value),
                text_cell(spoken(_Note(share))),
            )
        )
        for share in shares
    ]
    total = Cell(figure(row.value), row.value)
    rows.append(Row((Cell(_("合计（目标值）"), _("合计（目标值）")), total, text_cell("")), is_total=True))
    return Table("shares", _("这个目标分到哪里"), columns, tuple(rows))


def _share_name(request: HttpRequest, share: ShareRow) -> Cell:
    if share.kind == "reserve":
        return text_cell(_("未分解") if share.value is not None and share.value > 0 else _("超分解"))
    return Cell(share.name, share.name, href=link(request, "targets:target", share.child) if share.child else "")


class _Note:
    """The note of a share in two languages."""

    def __init__(self, share: ShareRow) -> None:
        self.zh, self.en = share.note_zh, share.note_en
