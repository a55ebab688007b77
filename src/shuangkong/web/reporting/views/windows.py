"""报送窗口: how far is the reporting, who is missing; opening a window, urging those who are late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.core.period import Period
from shuangkong.records.paths import SEPARATOR, below
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting import store
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.boards import Tally, overdue, tallies
from shuangkong.records.reporting.forms import periods_due
from shuangkong.records.reporting.rows import ReturnRow, WindowRow
from shuangkong.records.reporting.windows import open_window, refresh
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import EventKind
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.reporting.words import CLOCKS, SIGNS, STATES, clock_of, period_word, state_for
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_MOST = 2_000


@require_GET
@needs(Action.RETURN_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Every window that somebody of the place owes something in, the newest period first."""
    acting, scope, today = acting_of(request), scope_of(request), timezone.localdate()
    condition = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    if scope.year:
        condition &= Q(first_month__gte=scope.year * 12, first_month__lt=scope.year * 12 + 12)
    counted = tallies(condition, ("window",), today)
    found = store.windows(Q(pk__in=[number for (number,) in counted]))
    rows = [(each, counted[(each.id,)]) for each in found]
    context = {
        "overdue": sum(tally.overdue for _, tally in rows), "missing": sum(tally.missing for _, tally in rows),
        "expected": sum(tally.expected for _, tally in rows), "may_open": may(acting, Action.WINDOW_OPEN),
        "is_demo": any(each.is_demo for each, _ in rows),
    }  # fmt: skip
    return page(request, "reporting/windows.html", context, {"windows_table": _windows(request, rows)})


@require_GET
@needs(Action.RETURN_READ)
def window(request: HttpRequest, window_id: int) -> HttpResponse:
    """One window: by region, by sector, and every return with its clock."""
    return _one(request, _window_or_404(request, window_id), None)


@require_POST
@needs(Action.RETURN_REVIEW)
def urge(request: HttpRequest, window_id: int) -> HttpResponse:
    """Urges everybody who is late in a window, as far as the person reviews them."""
    row, acting = _window_or_404(request, window_id), acting_of(request)
    late = store.returns(Q(window=row.id) & overdue(timezone.localdate()) & store.readable(acting), "pk", count=_MOST)
    mine = [each for each in late if may(acting, Action.RETURN_REVIEW, each.where)]
    if not mine:
        require(acting, Action.RETURN_REVIEW, Where(row.path))
    for each in mine:
        act(each.id, acting, EventKind.REMIND, Said(request.POST.get("ground", "")))
    told = len(mine)
    messages.success(request, ngettext("已催报 %(n)s 家。", "已催报 %(n)s 家。", told) % {"n": told})
    return redirect(link(request, "reporting:window", row.id))


@require_POST
@needs(Action.WINDOW_OPEN)
def bring_up(request: HttpRequest, window_id: int) -> HttpResponse:
    """Who entered since owes it, who left no longer does."""
    row = _window_or_404(request, window_id)
    came, gone = refresh(row.id, acting_of(request))
    messages.success(request, _("名单已更新：新增 %(came)s 家，不再应报 %(gone)s 家。") % {"came": came, "gone": gone})
    return redirect(link(request, "reporting:window", row.id))


@require_http_methods(["GET", "POST"])
@needs(Action.WINDOW_OPEN)
def opening(request: HttpRequest) -> HttpResponse:
    """Which form, for which period, until when."""
    acting, refusal, typed = acting_of(request), None, request.POST.dict()
    if request.method == "POST":
        try:
            region = typed.get("region", "").strip() or acting.region
            due = day_of(typed.get("due", ""), "due")
            made = open_window(typed.get("form", ""), typed.get("period", "").strip(), region, acting, due)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("窗口已开，应报单位已列出。"))
            return redirect(link(request, "reporting:window", made))
    today = timezone.localdate()
    forms = open_rulebook().forms_on(today, acting.region)
    places = [registry.region(acting.region), *registry.children(acting.region)] if acting.region else []
    context = {
        "forms": [
            (each.id, spoken(each.name), each.number, [str(period) for period in periods_due(each, today, 3)])
            for each in forms
        ],
        "places": [each for each in places if each], "refusal": refusal, "typed": typed,
        "periods": _offered(forms, today),
    }  # fmt: skip
    return page(request, "reporting/open.html", context, status=refused_status(refusal))


def _offered(forms: tuple[Form, ...], today: date) -> list[str]:
    return sorted({str(each) for form in forms for each in periods_due(form, today, 3)}, reverse=True)


def _window_or_404(request: HttpRequest, window_id: int) -> WindowRow:
    """A window of a place that the person sees something of. Raises Http404."""
    found = next(iter(store.windows(Q(pk=window_id))), None)
    if found is None:
        raise Http404(window_id)
    acting = acting_of(request)
    is_seen = may(acting, Action.RETURN_READ, Where(found.path))
    if not is_seen and not store.returns(store.readable(acting) & Q(window=window_id), count=1):
        raise Http404(window_id)
    return found


def _one(request: HttpRequest, row: WindowRow, refusal: Refused | None) -> HttpResponse:
    acting, today = acting_of(request), timezone.localdate()
    mine = store.readable(acting) & Q(window=row.id)
    returns = store.returns(mine, "state", "reporter__code", count=_MOST)
    whole = tallies(mine, ("window",), today).get((row.id,))
    is_office = may(acting, Action.RETURN_REVIEW)
    context = {
        "row": row, "name": _name(row), "period": period_word(row.period), "tally": whole, "refusal": refusal,
        "may_urge": is_office and whole is not None and whole.overdue > 0,
        "may_refresh": may(acting, Action.WINDOW_OPEN, Where(row.path)),
    }  # fmt: skip
    depth = len(row.path.strip(SEPARATOR).split(SEPARATOR))
    by_path = tallies(mine, ("path",), today)
    regions = registry.regions({_child(str(path), depth) for (path,) in by_path})
    named = {code: each.name for code, each in regions.items()}
    by_region = _summed(by_path, lambda key: _child(str(key[0]), depth))
    industries = open_rulebook().industries()
    by_sector = _summed(tallies(mine, ("reporter__industry",), today), lambda key: str(key[0])[:2])
    tables: dict[str, Table | tuple[Table, ...]] = {
        "regions_table": _groups("regions", _("各地区报送情况"), _("地区"), by_region, named),
        "sectors_table": _groups(
            "sectors", _("各行业报送情况"), _("行业"), by_sector,
            {code: industries[code].name for code in by_sector if code in industries},
        ),
        "returns_table": _returns(request, returns),
    }  # fmt: skip
    return page(request, "reporting/window.html", context, tables)


def _name(row: WindowRow) -> str:
    period = Period.parse(row.period)
    book = open_rulebook()
    found = book.forms(book.layer_of(row.region, period.last_day)).form(row.form, period.last_day)
    return spoken(found.name) if found else row.form


def _child(path: str, depth: int) -> str:
    """The region just below the window's place that a path lies in, or the place itself."""
    codes = path.strip(SEPARATOR).split(SEPARATOR)
    return codes[min(depth, len(codes) - 1)]


def _summed(
    counted: Mapping[tuple[object, ...], Tally], group: Callable[[tuple[object, ...]], str]
) -> dict[str, Tally]:
    found: dict[str, list[Tally]] = {}
    for key, tally in counted.items():
        found.setdefault(group(key), []).append(tally)
    names = Tally.__slots__
    return {key: Tally(*(sum(getattr(each, name) for each in tally) for name in names)) for key, tally in found.items()}


def _figures() -> tuple[Column, ...]:
    labels = {
        "expected": _("应报"), "received": _("已报"), "in_time": _("按时"), "late": _("迟报"),
        "overdue": _("逾期未报"), "returned": _("退回未再报"), "accepted": _("已接收"), "approved": _("审批完毕"),
        "not_due": _("停产或免报"),
    }  # fmt: skip
    return tuple(Column(name, label, is_figure=True) for name, label in labels.items())


def _cells(tally: Tally) -> tuple[Cell, ...]:
    return tuple(Cell(str(getattr(tally, name)), getattr(tally, name)) for name in Tally.__slots__)


def _groups(key: str, caption: str, label: str, found: Mapping[str, Tally], names: Mapping[str, str]) -> Table:
    rows = [
        Row((text_cell(names.get(code, code) or _("未登记")), *_cells(tally))) for code, tally in sorted(found.items())
    ]
    return Table(key, caption, (Column("name", label), *_figures()), tuple(rows), empty=_("没有应报的单位。"))


def _windows(request: HttpRequest, rows: list[tuple[WindowRow, Tally]]) -> Table:
    columns = (
        Column("form", _("报表")), Column("period", _("报告期")), Column("region", _("开窗口的地区")),
        Column("due", _("截止日")), *_figures(),
    )  # fmt: skip
    told = tuple(
        Row(
            (
                text_cell(_name(each), href=link(request, "reporting:window", each.id)),
                Cell(period_word(each.period), each.period), text_cell(each.region_name),
                Cell(each.due.isoformat(), each.due), *_cells(tally),
            )
        )
        for each, tally in rows
    )  # fmt: skip
    return Table("windows", _("报送窗口"), columns, told, empty=_("还没有开过窗口。开后应报单位会自动列出。"))


def _returns(request: HttpRequest, rows: tuple[ReturnRow, ...]) -> Table:
    columns = (
        Column("unit", _("填报单位")), Column("region", _("地区")), Column("state", _("办理情况")),
        Column("clock", _("时效")), Column("due", _("截止日")), Column("level", _("已通过级数"), is_figure=True),
        Column("reminders", _("催报次数"), is_figure=True),
    )  # fmt: skip
    return Table(
        "returns", _("应报单位"), columns, tuple(_return(request, row) for row in rows), empty=_("没有应报的单位。")
    )


def _return(request: HttpRequest, row: ReturnRow) -> Row:
    said, state = clock_of(row), STATES[state_for(row, is_own=False)]
    due = row.standing.owed_by or row.standing.due
    return Row(
        (
            text_cell(row.reporter.name, href=link(request, "reporting:return", row.id)),
            text_cell(row.reporter.region_name),
            Cell(str(state), str(state)),
            Cell(f"{SIGNS[said]} {CLOCKS[said]}", str(CLOCKS[said])),
            Cell(due.isoformat() if due else "—", due),
            Cell(f"{row.standing.level}/{row.standing.levels}", row.standing.level),
            Cell(str(row.standing.reminders), row.standing.reminders),
        )
    )
