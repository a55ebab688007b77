"""一项重点工程: how does it stand, what did each month tell, what is recognised of it, and what can I do now?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.indicators.emissions.credit import by_year
from shuangkong.outlook.projects.told import Step
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.store import readable as reductions_readable
from shuangkong.records.outlook.projects import ledger, store
from shuangkong.records.outlook.projects.acts import NEEDS, act
from shuangkong.records.outlook.projects.rows import FileRow, KeyProjectRow, Said
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.records.refusal import Refused
from shuangkong.web.indicators.emissions.forms import files_of
from shuangkong.web.indicators.emissions.words import STATES as REDUCTION_STATES
from shuangkong.web.indicators.emissions.words import tonnes
from shuangkong.web.outlook.projects.acting import Told, act_forms, content_of
from shuangkong.web.outlook.projects.clock import followed, rule_of
from shuangkong.web.outlook.projects.said import said_of
from shuangkong.web.outlook.projects.tables import expected_words, months_table, tonnes_table
from shuangkong.web.outlook.projects.words import (
    CLEARANCES,
    EVENTS,
    MARKS,
    SIGNS,
    STATES,
    STEPS,
    brought_word,
    family_word,
    fault_words,
    in_ten_thousand,
)
from shuangkong.web.outlook.projects.yearly import yearly
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import download, page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table

_STREAM = "application/octet-stream"


@require_GET
@needs(Action.PROJECT_READ, shows_past=True)
def one(request: HttpRequest, project_id: int) -> HttpResponse:
    return _page(request, project_or_404(request, project_id))


@require_POST
@needs(Action.PROJECT_READ)
def act_on(request: HttpRequest, project_id: int) -> HttpResponse:
    """Records one act; what is refused comes back with everything that was typed."""
    row, form = project_or_404(request, project_id), request.POST
    kind = next((each for each in NEEDS if each == form.get("kind")), None)
    if kind is None:
        raise Http404(form.get("kind", ""))
    reached(request, row.where, Action.PROJECT_READ, NEEDS[kind])
    try:
        content = content_of(kind, form.dict(), row)
        said = Said(content, form.get("text", ""), form.get("document", ""), files=files_of(request))
        act(row.id, acting_of(request), kind, said)
    except Refused as refusal:
        return _page(request, row, Told(kind, at_form(refusal), form.dict()))
    messages.success(request, _("已记录：%(act)s。") % {"act": EVENTS[kind]})
    return redirect(link(request, "projects:project", row.id))


@require_GET
@needs(Action.PROJECT_READ)
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """A file handed in, to keep; never shown inside the site, whatever it holds."""
    found = store.file_content(file_id)
    if found is None:
        raise Http404(file_id)
    name, content, project_id = found
    project_or_404(request, project_id)
    answer = download(content, name, _STREAM)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def project_or_404(request: HttpRequest, project_id: int) -> KeyProjectRow:
    """As known on the day that one looks at. Raises Http404, also where the person may not see it."""
    row = store.project(project_id, scope_of(request).as_of)
    if row is None:
        raise Http404(project_id)
    reached(request, row.where, Action.PROJECT_READ)
    return row


def _page(request: HttpRequest, row: KeyProjectRow, told: Told | None = None) -> HttpResponse:
    until, acting = scope_of(request).as_of, acting_of(request)
    day = until or timezone.localdate()
    [now] = followed([row], day)
    known = ledger.linked([row], until)
    recognised = ledger.recognised(row, known)
    particulars = row.held.particulars
    forms = [] if until else act_forms(row, acting, told)
    task = _task(request, particulars.task) if particulars.task is not None else None
    context: dict[str, Any] = {
        "row": row,
        "told": particulars,
        "state": STATES[now.state],
        "mark": MARKS[now.state],
        "sign": SIGNS[now.state],
        "faults": fault_words(now.standing) if now.standing else [],
        "running": now.running,
        "family": family_word(particulars.family),
        "expected": expected_words(row),
        "investment": in_ten_thousand(particulars.investment_cny),
        "land": CLEARANCES[particulars.land],
        "approval": CLEARANCES[particulars.approval],
        "milestones": _milestones(row, day),
        "task": task,
        "reductions": [
            (each, REDUCTION_STATES[each.standing.state], tonnes(each.standing.counts_t)) for each in known.values()
        ],
        "why": [(each, brought_word(each.pollutant, row.region), list(by_year(each.credit).items()))
                for each in recognised],
        "rule": rule_of(row.region, day),
        "events": _events(row, store.files(row.id, until)),
        "forms": forms,
        "refusal": told.refusal if told and not any(form.refusal for form in forms) else None,
        "offered": _offered(request, row) if forms else (),
    }  # fmt: skip
    tables: dict[str, Table | tuple[Table, ...]] = {
        "months_table": months_table(row, now.running.bad if now.running else ()),
        "tonnes_table": tonnes_table(row, yearly(row, recognised)),
    }
    return page(request, "projects/project.html", context, tables, refused_status(told.refusal if told else None))


def _task(request: HttpRequest, number: int) -> TaskRow | None:
    """The task that it answers, for whoever may see it. 3 queries."""
    until, mine = scope_of(request).as_of, Q(pk=number) & tasks.readable(acting_of(request))
    return next(iter(tasks.tasks(mine) if until is None else tasks.tasks_then(mine, until)), None)


def _milestones(row: KeyProjectRow, day: date) -> list[tuple[str, date, date | None, bool]]:
    """Each with its last day, the day it was done, and whether it is late."""
    project = row.held.followed(row.id)
    return [(str(STEPS[Step(each.name)]), each.due, each.done_on, each.is_late(day)) for each in project.milestones]


def _events(row: KeyProjectRow, files: tuple[FileRow, ...]) -> list[dict[str, Any]]:
    """The newest first, each with what it said and its files."""
    handed: dict[int, list[FileRow]] = defaultdict(list)
    for each in files:
        handed[each.event].append(each)
    named = person_names([each.author for each in row.happened])
    return [
        {
            "label": EVENTS[each.event.kind],
            "said": said_of(each.event.content, row.region),
            "by": named.get(each.author, each.author),
            "files": handed[each.id],
            "told": each,
        }
        for each in reversed(row.happened)
    ]


def _offered(request: HttpRequest, row: KeyProjectRow) -> tuple[ReductionRow, ...]:
    """Reductions of key projects at the place that reduce what it expects and are not its own yet. 2 queries."""
    near = below(row.path) & Q(pollutant__in=sorted(row.held.particulars.expected))
    return ledger.unlinked(reductions_readable(acting_of(request)) & near, [row])
