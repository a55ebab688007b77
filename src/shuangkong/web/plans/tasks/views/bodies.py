"""这个单位欠什么: what does a body owe across all plans, by when, how does it stand? And all bodies side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.plans.tasks.events import ANSWERING, HELPING, State
from shuangkong.plans.tasks.standing import Clock, Thresholds
from shuangkong.plans.tasks.standing import clock as clock_of
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.rows import TaskRow, is_owed
from shuangkong.records.plans.tasks.stood import stood
from shuangkong.records.plans.tasks.tallies import answering_bodies, counts_by_body
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.collectives import answered_for, is_collective
from shuangkong.records.registry.likeness import names_of, present_names
from shuangkong.records.registry.tree import sole_heirs
from shuangkong.web.plans.tasks.framed import framed
from shuangkong.web.plans.tasks.listing import TASK_ROWS, Listing
from shuangkong.web.plans.tasks.picks import picked
from shuangkong.web.plans.tasks.then import (
    by_clock,
    count_by_body,
    day_looked_at,
    is_over,
    is_past,
    picked_then,
)
from shuangkong.web.plans.tasks.words import CLOCKS, LEVELS, SIGNS, STATES
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, workbook_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, exported, shown

_COUNTED = (Clock.LATE, Clock.DUE_SOON, Clock.WAITING, Clock.SILENT, Clock.CALM, Clock.STOPPED, Clock.OVER)


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def body(request: HttpRequest, body_id: int) -> HttpResponse:
    day, past = day_looked_at(request), is_past(request)
    row = registry.body(body_id, past)
    if row is None:
        raise Http404(body_id)
    acting = acting_of(request)
    days = thresholds(day, acting.paths)
    answered = answered_for(body_id, row.name, row.region, day)
    seen = store.readable(acting) & store.of_bodies(answered, until=past)
    where = Where(registry.paths([row.region]).get(row.region, "") if row.region else "")
    is_of_here = row.region == acting.region or body_id == acting.body
    if not (is_of_here or may(acting, Action.TASK_READ, where) or store.count(seen)):
        raise Http404(body_id)
    whole = request.GET.get("whole") == "1"
    condition = seen if whole else seen & store.of_bodies(answered, ANSWERING, past) & store.OWED
    rows = stood(condition, past) if past else None
    listed = condition if whole else condition & store.is_unfinished()
    caption = _("%(name)s的任务") % {"name": row.name}
    listing = Listing(
        request, "tasks", caption, listed, day, days, tuple(answered), _("在已交办的方案里没有它的任务。"),
        None if rows is None else [each for each in rows if whole or not is_over(each)],
    )  # fmt: skip
    if listing.is_export:
        return download(listing.workbook(), f"{caption}.xlsx")
    counts = _counted(condition, rows, day, days)
    names = names_of(answered - {body_id}).values()
    context = {
        "body": row,
        "present": present_names([body_id], day).get(body_id, ""),
        "formers": sorted(name for name in names if not is_collective(name)),
        "meant": sorted(filter(is_collective, names)),
        "tally": [(CLOCKS[clock], SIGNS[clock], LEVELS[clock], counts[clock.value]) for clock in _COUNTED],
        "reported": counts["reported"],
        "reported_label": STATES[State.REPORTED],
        "whole": whole,
        "task_table": listing.shown(),
    }
    return framed(request, "tasks/body.html", context)


def _counted(condition: Q, then: Sequence[TaskRow] | None, day: date, days: Thresholds) -> Mapping[str, int]:
    """How many tasks each clock has, and how many wait for judgement: now, or of those that stood so ``then``."""
    if then is None:
        counted = {clock.value: store.clock_is(clock, day, days) for clock in _COUNTED}
        return store.counts(condition, counted | {"reported": Q(state=State.REPORTED)})
    told = {clock.value: len(rows) for clock, rows in by_clock(then, day, days).items()}
    return told | {"reported": sum(row.standing.state is State.REPORTED for row in then)}


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def bodies(request: HttpRequest) -> HttpResponse:
    day, acting = day_looked_at(request), acting_of(request)
    told, helping = _by_body(request, day)
    here = {*told, *helping}
    formers = {each: end for each, end in sole_heirs(day).items() if end in here}
    names, presents = names_of({*here, *formers}), present_names(here, day)
    named = {each: said(names[each], presents.get(each, ""), _formers(each, formers, names)) for each in here}
    columns = (
        Column("name", _("责任单位")),
        *(Column(clock.value, str(CLOCKS[clock]), is_figure=True) for clock in _COUNTED),
        Column("all", _("负责合计"), is_figure=True),
        Column("helping", _("配合、落实（未了结）"), is_figure=True),
    )
    nothing = dict.fromkeys((clock.value for clock in _COUNTED), 0)
    rows = tuple(
        _row(request, each, named[each], told.get(each, nothing), helping.get(each, {"all": 0})["all"])
        for each in sorted(here, key=_urgency(told))
    )
    empty = _("还没有交办的任务。交办方案后，各单位的任务数在这里并列。")
    note = _("时限各列只计本单位负责的任务；几个单位共同负责的，各计一次。")
    if acting.bodies and not may(acting, Action.TASK_READ, Where(acting.paths[0] if acting.paths else SEPARATOR)):
        note += _("这里只有您能看到的任务，不是各单位的全部。")
    table = Table("bodies", _("各单位的任务"), columns, rows, empty, note, page_rows=TASK_ROWS)
    wanted = exported(request, [table])
    if wanted is not None:
        return download(workbook_of(wanted), f"{table.caption}.xlsx")
    return framed(request, "tasks/bodies.html", {"body_table": shown(request, table)})


type _Counts = dict[int, dict[str, int]]


def _by_body(request: HttpRequest, day: date) -> tuple[_Counts, _Counts]:
    """Of each body: what it answers for by clock, and how much of what it helps with is not over."""
    days, past, clocks = (
        thresholds(day, acting_of(request).paths),
        is_past(request),
        [clock.value for clock in _COUNTED],
    )
    if past is None:
        condition = picked(request, days) & store.OWED
        asked = {clock.value: store.clock_is(clock, day, days) for clock in _COUNTED}
        return (
            counts_by_body(condition, asked, ANSWERING, day),
            counts_by_body(condition, {"all": store.is_unfinished()}, HELPING, day),
        )
    rows = [row for row in picked_then(request, past, days) if is_owed(row)]
    ends = answering_bodies(past)
    return (
        count_by_body(rows, ANSWERING, lambda row: (clock_of(row.standing, past, days).value,), clocks, ends),
        count_by_body(rows, HELPING, lambda row: () if is_over(row) else ("all",), ("all",), ends),
    )


def said(name: str, present: str, former: str = "") -> str:
    """A body as it is printed, with what it became, or what it was."""
    if present:
        return _("%(name)s（现%(present)s）") % {"name": name, "present": present}
    return _("%(name)s（原%(former)s）") % {"name": name, "former": former} if former else name


def _formers(body: int, formers: Mapping[int, int], names: Mapping[int, str]) -> str:
    """The names of those for which it now answers."""
    return "、".join(names[each] for each in sorted(formers) if formers[each] == body)


def _urgency(told: Mapping[int, Mapping[str, int]]) -> Callable[[int], tuple[int, int, int]]:
    """Bodies with most late tasks first, then those with most due soon; who only helps comes last."""
    nothing = {"late": 0, "due_soon": 0}
    return lambda each: (-told.get(each, nothing)["late"], -told.get(each, nothing)["due_soon"], each)


def _row(request: HttpRequest, body_id: int, name: str, counts: dict[str, int], helping: int) -> Row:
    figures = [*counts.values(), sum(counts.values()), helping]
    return Row(
        (
            Cell(name, name, href=link(request, "tasks:body", body_id)),
            *(Cell(str(figure), figure) for figure in figures),
        )
    )
