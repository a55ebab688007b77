"""报送窗口: how far is the reporting, who is missing; urging those who are late, locking it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.paths import is_below
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting import store
from shuangkong.records.reporting.boards import Tally, overdue
from shuangkong.records.reporting.competence import decided_by
from shuangkong.records.reporting.counting import standings_then
from shuangkong.records.reporting.locking import lock_window, lockable
from shuangkong.records.reporting.pace import LATER, LISTS, SUMS
from shuangkong.records.reporting.putting_off import due_then, put_offs
from shuangkong.records.reporting.putting_off import put_off as put_off_all
from shuangkong.records.reporting.reminding import reminded
from shuangkong.records.reporting.reminding import urge as urge_all
from shuangkong.records.reporting.rows import ReturnRow, WindowRow
from shuangkong.records.reporting.windows import refresh
from shuangkong.reporting.forms.model import SubjectKind
from shuangkong.reporting.life_standing import Standing
from shuangkong.reporting.reminders import STAGES, Stage
from shuangkong.rulebook import open_rulebook
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.reporting.found import window_or_404
from shuangkong.web.reporting.petition_page import open_count
from shuangkong.web.reporting.progress import (
    Asked,
    by_window,
    cells,
    counted,
    figures,
    forms_table,
    regions_table,
    sectors_table,
    window_name,
)
from shuangkong.web.reporting.views.calendar import unopened
from shuangkong.web.reporting.waiting import left_out, put_off_lines
from shuangkong.web.reporting.words import CLOCKS, SIGNS, STATES, clock_of, only_first, period_word, state_for
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_MOST = 2_000
#: Kinds of reporters that a body of their place files for.
_OF_PLACES = frozenset({SubjectKind.REGION.value, SubjectKind.DEPARTMENT.value})


@require_GET
@needs(Action.RETURN_READ, shows_past=True)
def board(request: HttpRequest) -> HttpResponse:
    """Every window that somebody of the place owes something in, the newest period first; by region, sector, form."""
    acting, scope = acting_of(request), scope_of(request)
    top = path_of(scope.place) or "/?/" if scope.place else ""
    asked = Asked(top, request.GET.get("sector", "")[:2], scope.as_of)
    condition = Q()
    if scope.year:
        condition &= Q(first_month__gte=scope.year * 12, first_month__lt=scope.year * 12 + 12)
    if form := request.GET.get("form", ""):
        condition &= Q(form=form)
    known = {each.id: each for each in store.windows(condition)}
    found, at = counted(acting, known, asked)
    whole = by_window(found)
    if scope.as_of is not None:
        then = due_then(known, scope.as_of)
        known = {number: replace(each, due=then.get(number, each.due)) for number, each in known.items()}
    rows = [(each, whole[number]) for number, each in known.items() if number in whole]
    every = Tally.sum(whole.values())
    may_review = decided_by(acting, Action.RETURN_REVIEW)
    context = {
        "overdue": every.overdue, "missing": every.missing, "expected": every.expected, "at": at,
        "may_open": may(acting, Action.WINDOW_OPEN), "is_demo": any(each.is_demo for each, _ in rows),
        "chosen": _chosen(request, top), "is_past": scope.as_of is not None,
        "put_off": put_off_lines(LISTS, LATER, SUMS) if scope.as_of is None else (),
        "not_open": unopened(acting) if scope.as_of is None else 0,
        "left_out": () if scope.as_of else left_out(may_review & condition & asked.condition),
        "petition_count": 0 if scope.as_of else open_count(acting),
    }  # fmt: skip
    here = "reporting:windows"
    tables: dict[str, Table | tuple[Table, ...]] = {
        "windows_table": _windows(request, rows),
        "regions_table": regions_table(request, found, top or path_of(acting.region), here),
        "sectors_table": sectors_table(request, found, here),
        "forms_table": forms_table(request, found, known.values(), here),
    }
    return page(request, "reporting/windows.html", context, tables)


def _chosen(request: HttpRequest, top: str) -> list[str]:
    """What the address leaves out all else for: a place on the person's own branch of the tree, a form, a sector."""
    is_own = any(is_below(top, path) or is_below(path, top) for path in acting_of(request).paths if top)
    named = registry.region(scope_of(request).place) if is_own else None
    sector, form = request.GET.get("sector", "")[:2], request.GET.get("form", "")
    industry = open_rulebook().industries().get(sector)
    known = next((each for each in open_rulebook().forms_on(timezone.localdate()) if each.id == form), None)
    told = (named.name if named else "", industry.name if industry else "", spoken(known.name) if known else "")
    return [each for each in told if each]


@require_GET
@needs(Action.RETURN_READ, shows_past=True)
def window(request: HttpRequest, window_id: int) -> HttpResponse:
    """One window: by region, by sector, and every return with its clock."""
    return _one(request, window_or_404(acting_of(request), window_id), None)


@require_POST
@needs(Action.RETURN_REVIEW)
def urge(request: HttpRequest, window_id: int) -> HttpResponse:
    """Urges everybody who is late in a window, or who has not filed yet, as far as the person reviews them."""
    row, acting = window_or_404(acting_of(request), window_id), acting_of(request)
    whom = Q() if request.POST.get("whom") == "owing" else overdue(timezone.localdate())
    told, before, unreached = urge_all(row.id, whom & store.readable(acting), acting, request.POST.get("ground", ""))
    if not told and not before and not unreached:
        require(acting, Action.RETURN_REVIEW, row.where)
    said = ngettext("已催报 %(n)s 家。", "已催报 %(n)s 家。", told) % {"n": told}
    if before:
        said += _("另有 %(n)s 家今天已经催过，没有再催。") % {"n": before}
    if unreached:
        said += _("%(n)s 家还没有登记填报人，通知送不到，请先在企业名录里指定。") % {"n": unreached}
    messages.success(request, said)
    return redirect(link(request, "reporting:window", row.id))


@require_POST
@needs(Action.WINDOW_OPEN)
def bring_up(request: HttpRequest, window_id: int) -> HttpResponse:
    """Who entered since owes it, who left no longer does."""
    row = window_or_404(acting_of(request), window_id)
    came, gone = refresh(row.id, acting_of(request))
    messages.success(request, _("名单已更新：新增 %(came)s 家，不再应报 %(gone)s 家。") % {"came": came, "gone": gone})
    return redirect(link(request, "reporting:window", row.id))


@require_POST
@needs(Action.WINDOW_OPEN)
def put_off(request: HttpRequest, window_id: int) -> HttpResponse:
    """Puts off the last day for all of it."""
    row, form = window_or_404(acting_of(request), window_id), request.POST
    try:
        due = day_of(form.get("due", ""), "due")
        told = put_off_all(row.id, due, acting_of(request), form.get("ground", ""), form.get("document", ""))
    except Refused as refusal:
        return _one(request, row, at_form(refusal))
    said = ngettext("已顺延，%(n)s 份的截止日改为 %(due)s。", "已顺延，%(n)s 份的截止日改为 %(due)s。", told.moved)
    messages.success(request, said % {"n": told.moved, "due": due})
    if told.further:
        messages.info(request, _("另有 %(n)s 份单独定的截止日更晚，没有变。") % {"n": told.further})
    return redirect(link(request, "reporting:window", row.id))


@require_POST
@needs(Action.WINDOW_OPEN)
def lock(request: HttpRequest, window_id: int) -> HttpResponse:
    """Locks whatever every level has approved: of the whole window, or of the place that one looks at."""
    row = window_or_404(acting_of(request), window_id)
    try:
        locked, left = lock_window(row.id, acting_of(request), scope_of(request).place, request.POST.get("ground", ""))
    except Refused as refusal:
        return _one(request, row, at_form(refusal))
    said = ngettext("已锁定 %(n)s 份。", "已锁定 %(n)s 份。", locked) % {"n": locked}
    if left:
        said += _("还有 %(n)s 份没有审批到底，没有锁定。") % {"n": left}
    messages.success(request, said)
    return redirect(link(request, "reporting:window", row.id))


def _one(request: HttpRequest, row: WindowRow, refusal: Refused | None) -> HttpResponse:
    acting, scope = acting_of(request), scope_of(request)
    top = path_of(scope.place) or "/?/" if scope.place else ""
    asked = Asked(top, request.GET.get("sector", "")[:2], scope.as_of)
    found, _at = counted(acting, [row.id], asked, is_live=scope.as_of is None)
    whole = by_window(found).get(row.id)
    mine = store.readable(acting) & Q(window=row.id) & asked.condition
    returns = store.returns(mine, "state", "reporter__code", count=_MOST)
    places = (replace(row.where, path=path) for path in acting.paths)
    is_office = scope.as_of is None and any(may(acting, Action.RETURN_REVIEW, each) for each in places)
    is_opener = scope.as_of is None and may(acting, Action.WINDOW_OPEN, Where(row.path))
    history = put_offs(row.id)
    if scope.as_of is not None:
        row = replace(row, due=due_then([row.id], scope.as_of).get(row.id, row.due))
        history = tuple(each for each in history if timezone.localdate(each.decided_at) <= scope.as_of)
    context = {
        "row": row, "name": window_name(row), "period": period_word(row.period), "tally": whole, "refusal": refusal,
        "unacted": [
            (each.reporter.name, link(request, "people:competences", place=each.reporter.region))
            for each in returns
            if _is_unacted(each)
        ],
        "may_name": scope.as_of is None and may(acting, Action.COMPETENCE_NAME, Where(row.path)),
        "may_put_off": is_opener, "put_offs": history, "names": person_names([each.decided_by for each in history]),
        "petition_count": open_count(acting, Q(owned__window=row.id)) if is_office else 0, "typed": request.POST,
        "may_urge": is_office and whole is not None and whole.missing > 0, "chosen": _chosen(request, top),
        "may_refresh": is_opener, "lockable": lockable(mine) if is_opener and not asked.sector else 0,
    }  # fmt: skip
    here = "reporting:window"
    tables: dict[str, Table | tuple[Table, ...]] = {
        "regions_table": regions_table(request, found, top or _deeper(row.path, acting.paths), here, row.id),
        "sectors_table": sectors_table(request, found, here, row.id),
        "returns_table": _returns(
            request, returns, _then(mine, scope.as_of), len(returns) if len(returns) < _MOST else store.count_of(mine)
        ),
    }
    return page(request, "reporting/window.html", context, tables, status=refused_status(refusal))


def _is_unacted(row: ReturnRow) -> bool:
    """Whether it is of a place or department for which nobody acts: no body there is in charge of its form."""
    return row.reporter.kind in _OF_PLACES and row.reporter.body is None


def _deeper(path: str, paths: tuple[str, ...]) -> str:
    """The person's own place where it lies below the window's: one looks at what lies below that."""
    return next((each for each in paths if is_below(each, path)), path)


def _then(condition: Q, day: date | None) -> Mapping[int, Standing] | None:
    """How returns stood at the end of a past day; None for now."""
    return None if day is None else standings_then(condition, day)


def _windows(request: HttpRequest, rows: list[tuple[WindowRow, Tally]]) -> Table:
    columns = (
        Column("form", _("报表")), Column("period", _("报告期")), Column("region", _("开窗口的地区")),
        Column("due", _("截止日")), *figures(),
    )  # fmt: skip
    told = tuple(
        Row(
            (
                text_cell(window_name(each), href=link(request, "reporting:window", each.id)),
                Cell(period_word(each.period), each.period), text_cell(each.region_name),
                Cell(each.due.isoformat(), each.due), *cells(tally),
            )
        )
        for each, tally in rows
    )  # fmt: skip
    return Table("windows", _("报送窗口"), columns, told, empty=_("还没有开过窗口。开后应报单位会自动列出。"))


def _returns(
    request: HttpRequest, rows: tuple[ReturnRow, ...], then: Mapping[int, Standing] | None, count: int
) -> Table:
    columns = (
        Column("unit", _("填报单位")), Column("region", _("地区")), Column("state", _("办理情况")),
        Column("clock", _("时效")), Column("due", _("截止日")), Column("level", _("已通过级数"), is_figure=True),
        Column("reminders", _("催报次数"), is_figure=True), Column("reminded", _("最近提醒")),
    )  # fmt: skip
    day = scope_of(request).as_of
    shown = rows if then is None else tuple(replace(row, standing=then[row.id]) for row in rows if row.id in then)
    told = reminded(row.id for row in shown)
    lines = tuple(_return(request, row, told.get(row.id, ()), day) for row in shown)
    return Table(
        "returns", _("应报单位"), columns, lines, empty=_("没有应报的单位。"),
        is_demo=any(row.is_demo for row in rows), note=only_first(len(rows), count),
    )  # fmt: skip


def _return(request: HttpRequest, row: ReturnRow, told: tuple[tuple[Stage, date, str], ...], day: date | None) -> Row:
    said, state = clock_of(row, day), STATES[state_for(row, is_own=False)]
    due = row.standing.owed_by or row.standing.due
    newest = next((each for each in told if day is None or each[1] <= day), None)
    return Row(
        (
            text_cell(
                row.reporter.name,
                href=link(request, "reporting:return", row.id),
                hint=_("没有单位归口，没有人能填报") if _is_unacted(row) else "",
            ),
            text_cell(row.reporter.region_name),
            Cell(str(state), str(state)),
            Cell(f"{SIGNS[said]} {CLOCKS[said]}", str(CLOCKS[said])),
            Cell(due.isoformat() if due else "—", due),
            Cell(f"{row.standing.level}/{row.standing.levels}", row.standing.level),
            Cell(str(row.standing.reminders), row.standing.reminders),
            Cell(f"{newest[1]} {spoken(STAGES[newest[0]])}", newest[1]) if newest else Cell("—", None),
        )
    )
