"""一个对象的考核: what score and grade, why, on which evidence, how far it has come, and what can I do now?"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.assessment.sheet import Sheet
from shuangkong.assessment.year import EventKind
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.acts import act
from shuangkong.records.assessment.years.carrying import carry_over, sources_of
from shuangkong.records.assessment.years.marking import OPEN, give, markable, may_answer, may_mark
from shuangkong.records.assessment.years.rows import AssessmentRow, EventRow, Side
from shuangkong.records.assessment.years.sheets import kept_sheets, sides_of, since_announced
from shuangkong.records.notices.rows import NoticeKind
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.assessment.said import condition_said
from shuangkong.web.assessment.years.aims import aims_of
from shuangkong.web.assessment.years.forms import Told, act_forms, given_of, said_of
from shuangkong.web.assessment.years.found import assessment_or_404
from shuangkong.web.assessment.years.tables import figures_shown, is_any_doubted, item_table, to_mark
from shuangkong.web.assessment.years.words import (
    EVENTS,
    LEVELS,
    SIGNS,
    STATES,
    SUBJECTS,
    grade_word,
    grades_word,
    title,
)
from shuangkong.web.notices.receipts import told_of
from shuangkong.web.outlook.yearly import levels_of_year
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.ASSESSMENT_READ, shows_past=True)
def one(request: HttpRequest, assessment_id: int) -> HttpResponse:
    return _page(request, assessment_or_404(request, assessment_id))


@require_POST
@needs(Action.ASSESSMENT_READ)
def act_on(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row = assessment_or_404(request, assessment_id)
    kind = next((each for each in EVENTS if each == request.POST.get("kind")), None)
    if kind is None:
        raise Http404(request.POST.get("kind", ""))
    try:
        act(row.id, acting_of(request), kind, said_of(request.POST))
    except Refused as refusal:
        return _page(request, row, Told(kind, at_form(refusal), request.POST.dict()))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "assessment:one", row.id))


@require_POST
@needs(Action.ASSESSMENT_READ)
def mark(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Records one mark with its evidence; what is refused comes back with everything that was typed."""
    row = assessment_or_404(request, assessment_id)
    side = Side.SELF if request.POST.get("side") == Side.SELF else Side.REVIEW
    try:
        give(row.id, side, [given_of(request)], acting_of(request))
    except Refused as refusal:
        return _page(request, row, Told(None, at_form(refusal), request.POST.dict()))
    messages.success(request, _("已记录打分和证据。"))
    return redirect(link(request, "assessment:one", row.id))


@require_POST
@needs(Action.ASSESSMENT_READ)
def carry(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Carries what was answered on another table of the year to this one."""
    row = assessment_or_404(request, assessment_id)
    try:
        count = carry_over(whole(request.POST.get("source", "")) or 0, row.id, acting_of(request))
    except Refused as refusal:
        return _page(request, row, Told(None, at_form(refusal), request.POST.dict()))
    messages.success(request, _("已结转 %(count)d 个要点的打分和材料，请逐项核对。") % {"count": count})
    return redirect(link(request, "assessment:one", row.id))


@require_GET
@needs(Action.ASSESSMENT_READ)
def evidence_file(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """A file of evidence to keep; never shown inside the site, whatever it holds."""
    found = store.evidence_file(evidence_id)
    if found is None:
        raise Http404(evidence_id)
    file, content, number = found
    assessment_or_404(request, number)
    name = f"{file.title}.{file.medium}"
    answer = download(content, name, "application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def _page(request: HttpRequest, row: AssessmentRow, told: Told | None = None) -> HttpResponse:
    until, acting, now = scope_of(request).as_of, acting_of(request), row.standing
    own, reviewed = sides_of(row, until)
    events = store.events(row.id, until)
    marks = store.marks(Q(assessment=row.id), until).get(row.id, ())
    kept = kept_sheets(Q(assessment=row.id)) if now.announced_on else {}
    side = next((each for each in Side if now.state in OPEN[each] and may_mark(row, each, acting)), None)
    conducts = may(acting, Action.PAPER_MAKE) and may(acting, Action.ASSESSMENT_CONDUCT, row.where)
    forms = [] if until else act_forms(row, acting, told)
    to_give = to_mark(reviewed, markable(reviewed.table, side), marks) if side and until is None else []
    is_at_form = told is not None and (
        any(told.kind is form.kind for form in forms) or any(told.form.get("code") == each.code for each in to_give)
    )
    aims = aims_of(row, reviewed)
    context: dict[str, Any] = {
        "row": row,
        "aims": list(dict.fromkeys(spoken(each) for each in aims.values())),
        "title": title(row),
        "sort": SUBJECTS.get(row.subject.kind, row.subject.kind),
        "state": STATES[now.state],
        "sign": SIGNS[now.state],
        "level": LEVELS[now.state],
        "is_late": now.is_late(timezone.localdate()),
        "grade": grade_word(row, now.grade),
        "computed": grades_word(reviewed.possible),
        "sheet": reviewed,
        "vetoes": _vetoes(reviewed),
        "figures": figures_shown(request, reviewed, aims),
        "is_doubted": is_any_doubted(reviewed),
        "faults": reviewed.findings,
        "changes": since_announced((row,), {row.id: reviewed}, kept).get(row.id, ()),
        "side": side,
        "to_mark": to_give,
        "marks": [(_names(reviewed).get(each.code, each.code), each) for each in reversed(marks)],
        "mark_refusal": told.refusal if told and told.kind is None else None,
        "typed": told.form if told else {},
        "events": [(EVENTS[each.kind], _said(row, each), each) for each in reversed(events)],
        "objections": [(each.id, each.text) for each in events if each.id in now.open],
        "forms": forms,
        "refusal": told.refusal if told and not is_at_form else None,
        "may_sheet": until is None and conducts,
        "may_list_up": until is None
        and now.announced_on is not None
        and may(acting, Action.ASSESSMENT_CONDUCT, row.where),
        "may_report": until is None and may_answer(row, acting),
        "carried_from": [(each.id, title(each)) for each in sources_of(row)] if side is Side.SELF and not until else [],
    }
    table = item_table(request, own, reviewed, is_fictional=row.is_fictional)
    status = refused_status(told.refusal if told else None)
    levels = levels_of_year(request, row.region, row.subject, row.period.year, acting, until)
    receipts = told_of(request, NoticeKind.ASSESSMENT, row.id)
    return page(
        request, "assessment/one.html", context,
        {"item_table": table, "levels_table": levels, "receipts_table": receipts}, status=status,
    )  # fmt: skip


def _vetoes(sheet: Sheet) -> list[tuple[Any, str, str, str]]:
    """Each veto with its sign and word (it holds, it does not, what is missing decides it) and its condition."""
    names = {name: rule.name for name, rule in sheet.table.figures.items()}
    words = {True: ("✕", _("否决")), False: ("✓", _("没有发生")), None: ("○", _("缺数据，未定"))}
    return [(each.veto, *words[each.holds], condition_said(each.veto.when.text, names)) for each in sheet.vetoes]


def _names(sheet: Sheet) -> dict[str, str]:
    """Code of a point or figure → what it is called, a point with its number."""
    points = {point.code: f"{point.code} {spoken(point.name)}" for point in sheet.table.points}
    return points | {name: spoken(rule.name) for name, rule in sheet.table.figures.items()}


def _said(row: AssessmentRow, event: EventRow) -> str:
    """Last day, document number and result of an event, in words."""
    until = _("到 %(day)s 为止") % {"day": event.until.isoformat()} if event.until else ""
    is_result = event.kind in (EventKind.PROPOSE, EventKind.ANNOUNCE, EventKind.CORRECT)
    grade = grade_word(row, event.grade) if is_result else ""
    answers = _("答复第 %(number)d 条记录") % {"number": event.answers} if event.answers else ""
    return " · ".join(filter(None, (until, grade, event.number, answers, event.document)))
