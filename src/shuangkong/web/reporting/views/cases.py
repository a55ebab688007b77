"""核查案件: which cases there are, how one stands, what was found on whose word, and what can be done next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.suspected import code_of, hands_of
from shuangkong.records.reporting.verification.another import require_another
from shuangkong.records.reporting.verification.bodies import registered
from shuangkong.records.reporting.verification.cases import (
    CaseLine,
    CaseRow,
    act_on_case,
    action_of,
    case_of,
    cases,
    newest_case,
    next_by,
    open_case,
    seen_by,
)
from shuangkong.records.reporting.verification.fraud import FraudRecord, count_frauds, fraud_records
from shuangkong.reporting.proxies import Sign
from shuangkong.reporting.verification.standing import EVENTS, STATES, Event, EventKind, State, carries_an_act
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.reporting.commissions import own_commissions
from shuangkong.web.reporting.words import form_name, form_word, only_first, period_word, title_of
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: Frauds of one page, and of one that is sought through or taken along as a workbook.
_PAGE, _MOST = 50, 500
#: What an office does not do to a case that stands.
_NOT_HERE = frozenset({EventKind.OPEN, EventKind.ANSWER})


@require_GET
@needs(Action.VERIFICATION_READ)
def board(request: HttpRequest) -> HttpResponse:
    """Every case where the person verifies or audits. 3 queries."""
    seen = seen_by(acting_of(request))
    found = cases(seen)
    columns = (
        Column("case", _("案件")), Column("unit", _("填报单位")), Column("region", _("地区")),
        Column("form", _("报表")), Column("period", _("报告期")), Column("state", _("办理情况")),
        Column("since", _("自哪天起")),
    )  # fmt: skip
    table = Table(
        "cases", _("核查案件"), columns, tuple(_line(request, *each) for each in found),
        empty=_("还没有核查案件。从疑点清单或一份报表立案后，会列在这里。"),
        is_demo=any(row.is_demo for _each, row in found),
    )  # fmt: skip
    live = sum(each.state is not State.CLOSED for each, _row in found)
    is_sought = any(key == "xlsx" or key.startswith("frauds-") for key in request.GET)
    told, following = fraud_records(seen, whole(request.GET.get("frauds", "")) or 0, _MOST if is_sought else _PAGE)
    frauds, unhanded = count_frauds(seen)
    context = {
        "live": live, "count": len(found), "frauds": frauds, "unhanded": unhanded,
        "following": link(request, "reporting:cases", frauds=following) if following else "",
        **own_commissions(acting_of(request)),
    }  # fmt: skip
    tables = {"cases_table": table, "frauds_table": _frauds(request, told, only_first(len(told), frauds))}
    return page(request, "reporting/cases.html", context, tables)


def _frauds(request: HttpRequest, told: tuple[FraudRecord, ...], note: str) -> Table:
    """Every fraud with its documents, as it goes to whoever keeps the credit of units."""
    columns = (
        Column("case", _("案件")), Column("code", _("单位代码")), Column("unit", _("填报单位")),
        Column("region", _("地区")), Column("form", _("报表")), Column("period", _("报告期")),
        Column("on", _("何日认定")), Column("document", _("认定文书")), Column("to", _("移送给")),
        Column("handed", _("移送日期和文书")), Column("outcome", _("处理结果")), Column("answered", _("单位答复")),
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                Cell(str(each.case), each.case, link(request, "reporting:case", each.case)), text_cell(each.unit),
                text_cell(each.name), text_cell(each.region), text_cell(form_name(each.form, each.period)),
                Cell(period_word(each.period), each.period), Cell(f"{each.on}", each.on), text_cell(each.document),
                text_cell("、".join(to for one in each.handed for to in one.to) or _("尚未移送")),
                text_cell("；".join(f"{one.on} {one.document}" for one in each.handed)),
                text_cell("；".join(f"{one.on} {one.document} {one.told}" for one in each.outcomes)),
                text_cell("、".join(f"{on}" for on in each.answered)),
            )
        )
        for each in told
    )  # fmt: skip
    return Table(
        "frauds", _("查实的造假和移送"), columns, rows, is_demo=any(each.is_demo for each in told),
        note="" if request.GET.get("frauds") else note,
        empty=_("没有查实的造假。核查认定造假的案件会列在这里，连同移送给哪个机关、处理结果。"),
    )  # fmt: skip


def _line(request: HttpRequest, line: CaseLine, row: ReturnRow) -> Row:
    state = spoken(STATES[line.state])
    return Row(
        (
            Cell(str(line.id), line.id, link(request, "reporting:case", line.id)), text_cell(row.reporter.name),
            text_cell(row.reporter.region_name), text_cell(form_word(row)),
            Cell(period_word(row.period), row.period), text_cell(state), Cell(f"{line.since}", line.since),
        )
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Action.VERIFICATION_COMMISSION)
def opening(request: HttpRequest, return_id: int) -> HttpResponse:
    """Opens a case on a return, on the findings that are ticked."""
    row = store.one(return_id)
    if row is None:
        raise Http404(return_id)
    reached(request, row.where, Action.VERIFICATION_COMMISSION)
    barred, codes = _barred(row, acting_of(request)), _doubts(row)
    refusal = barred
    ticked = tuple(code for code in codes if request.method == "GET" or code in request.POST.getlist("code"))
    if request.method == "POST":
        try:
            number = open_case(row.id, acting_of(request), request.POST.get("ground", ""), ticked)
        except Refused as found:
            refusal = at_form(found)
        else:
            messages.success(request, _("已立案。"))
            return redirect(link(request, "reporting:case", number))
    context = {
        "row": row, "name": form_word(row), "period": period_word(row.period), "refusal": refusal,
        "typed": request.POST, "before": newest_case(row.id), "is_barred": barred is not None,
        "codes": [(code, title_of(code), code in ticked) for code in codes],
    }  # fmt: skip
    status = refused_status(refusal) if request.method == "POST" else 200
    return page(request, "reporting/opencase.html", context, status=status)


def _barred(row: ReturnRow, by: Acting) -> Refused | None:
    """Why who verifies elsewhere opens no case on this return; None where the person may. 1 query."""
    try:
        require_another(row, by)
    except Refused as own:
        return own
    return None


def _doubts(row: ReturnRow) -> tuple[str, ...]:
    """Codes of what was found when it was signed and since, and of signs that one hand filed it. 5 queries."""
    told = store.version(row.id, row.standing.version)
    later = later_findings(Q(owned=row.id)).values()
    found = [*(told.findings if told else ()), *(each for rows in later for each in rows)]
    hands = (code_of(sign) for sign, *_ in hands_of([row.id], len(Sign)))
    return tuple(dict.fromkeys((*(each.code for each in found), *hands)))


@require_GET
@needs(Action.VERIFICATION_READ)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    return _page(request, _case_or_404(request, case_id))


@require_POST
@needs(Action.RETURN_VERIFY)
def act_on(request: HttpRequest, case_id: int) -> HttpResponse:
    """Records one thing that happened; what is refused comes back with everything that was typed."""
    found, form = _case_or_404(request, case_id), request.POST
    kind = next((each for each in EventKind if each == form.get("kind") and each not in _NOT_HERE), None)
    if kind is None:
        raise Http404(form.get("kind", ""))
    reached(request, found.where, Action.VERIFICATION_READ, action_of(kind))
    try:
        event = Event(
            kind, day_of(form.get("on", ""), "on") or timezone.localdate(), form.get("ground", "").strip(),
            form.get("document", "").strip(), people=_people(form.get("people", "")),
            version=whole(form.get("version", "").strip()) if kind is EventKind.CORRECT else None,
            body=whole(form.get("body", "").strip()) if kind is EventKind.ASSIGN else None,
            until=day_of(form.get("until", ""), "until") if kind is EventKind.ASSIGN else None,
        )  # fmt: skip
        act_on_case(found.id, acting_of(request), event)
    except Refused as refusal:
        return _page(request, found, at_form(refusal), kind)
    messages.success(request, _("已记录：%(act)s。") % {"act": spoken(EVENTS[kind])})
    return redirect(link(request, "reporting:case", found.id))


def _people(text: str) -> tuple[str, ...]:
    """Names parted by lines or commas; spaces are parts of names."""
    for sign in "，,、；;":
        text = text.replace(sign, "\n")
    return tuple(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))


def _case_or_404(request: HttpRequest, number: int) -> CaseRow:
    found = case_of(number)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.VERIFICATION_READ)
    return found


def _page(
    request: HttpRequest, found: CaseRow, refusal: Refused | None = None, kind: EventKind | None = None
) -> HttpResponse:
    row, now = found.owned, found.standing
    names = person_names(author for _event, author in found.events)
    numbers, acts = {event.body for event, _author in found.events if event.body}, next_by(found, acting_of(request))
    given = {each.id: each.name for each in registered(Q(pk__in=numbers))} if numbers else {}
    context = {
        "case": found, "row": row, "name": form_word(row), "period": period_word(row.period),
        "state": spoken(STATES[now.state]), "refusal": refusal, "typed": request.POST,
        "codes": [(code, title_of(code)) for code in now.codes], "carries": carries_an_act(now),
        "events": [_event(event, names.get(author, author), given) for event, author in reversed(found.events)],
        "bodies": registered(visible(acting_of(request), Action.VERIFICATION_COMMISSION, "path"))
        if EventKind.ASSIGN in acts else (),
        "acts": [_act(each, kind) for each in acts], "given": now.given,
        "given_name": given.get(now.given.body, "") if now.given else "",
        "versions": store.versions(row.id)[::-1],
    }  # fmt: skip
    return page(request, "reporting/case.html", context, status=refused_status(refusal))


def _event(event: Event, by: str, given: Mapping[int, str]) -> dict[str, Any]:
    return {"told": event, "label": spoken(EVENTS[event.kind]), "by": by, "body": given.get(event.body or 0, "")}


def _act(kind: EventKind, refused: EventKind | None) -> dict[str, Any]:
    return {
        "kind": kind.value, "label": spoken(EVENTS[kind]), "is_open": kind is refused,
        "needs_people": kind in (EventKind.VISIT, EventKind.ASSIGN), "needs_receiver": kind is EventKind.HAND_OVER,
        "needs_document": kind in (EventKind.CONVICT, EventKind.HAND_OVER, EventKind.OUTCOME),
        "needs_version": kind is EventKind.CORRECT, "needs_body": kind is EventKind.ASSIGN,
    }  # fmt: skip
