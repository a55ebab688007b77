"""一项任务: what exactly, whose, by when, how does it stand, what happened, and what can I do now?"""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.plans.tasks.events import EventKind, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.tasks import evidence, store
from shuangkong.records.plans.tasks.acts import act, where_is
from shuangkong.records.plans.tasks.rows import EventRow, TaskRow
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.likeness import present_names
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.derived import derive_above
from shuangkong.web.plans.tasks.forms import Told, act_forms, grades, said
from shuangkong.web.plans.tasks.framed import at_form, framed, refused_status
from shuangkong.web.plans.tasks.lines import line, lines
from shuangkong.web.plans.tasks.words import EVENTS, GRADES, PARTS, RECURRENCES, day_words, percent_words
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download
from shuangkong.web.site.scope import link, scope_of

#: A sentence is shown whole; of a long measure the beginning, with the way to the document.
QUOTE_LENGTH = 420
_MEDIA = {
    "pdf": "application/pdf",
    "zip": "application/zip",
    "jpeg": "image/jpeg",
    "png": "image/png",
}


@require_GET
@needs(Action.TASK_READ, shows_past=True)
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    row, where = _found(request, task_id)
    return _page(request, row, where)


@require_POST
@needs(Action.TASK_READ)
def act_on(request: HttpRequest, task_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row, where = _found(request, task_id)
    kind = next((each for each in EventKind if each == request.POST.get("kind")), None)
    if kind is None or kind is EventKind.ASSIGN:
        raise Http404(request.POST.get("kind", ""))
    try:
        act(task_id, acting_of(request), kind, **said(request))
    except Refused as refusal:
        return _page(request, row, where, Told(kind, at_form(refusal), request.POST))
    derive_above(row)
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    leads = request.POST.get("leads", "")
    return redirect(link(request, "tasks:judging") if leads == "judging" else link(request, "tasks:task", task_id))


@require_GET
@needs(Action.TASK_READ)
def evidence_file(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """A file of evidence to keep; never shown inside the site, whatever it holds."""
    found = evidence.content(evidence_id)
    if found is None:
        raise Http404(evidence_id)
    file, content, task_id = found
    _found(request, task_id)
    answer = download(content, file.name, _MEDIA[file.medium])
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return answer


def _found(request: HttpRequest, task_id: int) -> tuple[TaskRow, Where]:
    """The task and where it is; as it is now on a day before there was one. Raises Http404, also where the person may
    not see it.
    """
    until = scope_of(request).as_of
    row, where = store.task(task_id, until) or store.task(task_id), where_is(task_id)
    if row is None or where is None:
        raise Http404(task_id)
    reached(request, where, Action.TASK_READ)
    return row, where


def _page(request: HttpRequest, row: TaskRow, where: Where, told: Told | None = None) -> HttpResponse:
    today, asked = timezone.localdate(), scope_of(request).as_of
    day = asked or today
    acting = acting_of(request)
    days = thresholds(day, acting.paths)
    parent = store.task(row.parent, asked) if row.parent else None
    events = store.events(row.id, asked)
    below, now = lines(request, store.children(row.id, asked), day, days), row.standing.state
    presents = present_names((part.id for part in row.parts), day)
    context = {
        "labels": True,  # beside the heading
        "task": row,
        "line": line(request, row, day, days),
        "as_of": asked,
        "is_there": bool(events) or not asked,
        "origin": row,
        "parent": line(request, parent, day, days) if parent else None,
        "parts": [(PARTS[part.part], part, presents.get(part.id, "")) for part in row.parts],
        "reported": next((each for each in reversed(events) if each.kind is EventKind.REPORT), None),
        "quote": _quote(row),
        "first_due": day_words(row.first_due),
        "percent": percent_words(row.standing.percent),
        "recurrence": RECURRENCES[Recurrence(row.recurrence)],
        "names": person_names(each.author for each in events),
        "events": [(EVENTS[each.kind], _told(each), each) for each in reversed(events)],
        "children": below,
        "left_open": [each for each in below if each.clock is not Clock.OVER] if now is State.DONE else [],
        "forms": [] if asked else act_forms(row, acting, where, told),
        "grades": grades(),
        "may_add": may(acting, Action.TASK_ASSIGN, where) and not asked,
    }
    return framed(request, "tasks/task.html", context, refused_status(told.refusal if told else None))


def _quote(row: TaskRow) -> str:
    """The words of the document, where the text is here."""
    if row.plan is None or row.span is None:
        return ""
    words = plans.plan_text(row.plan)[slice(*row.span)].strip()
    return words if len(words) <= QUOTE_LENGTH else words[: QUOTE_LENGTH - 1] + "…"


def _told(event: EventRow) -> str:
    """Grade, share and new due day of an event, in words."""
    grade = str(GRADES[event.grade]) if event.grade else ""
    share = percent_words(event.percent) if event.percent is not None else ""
    due = _("新期限 %(day)s") % {"day": event.due.isoformat()} if event.due else ""
    return " · ".join(filter(None, (grade, share, due)))
