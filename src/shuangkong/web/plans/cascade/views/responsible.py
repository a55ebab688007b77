"""责任人: who answers for each place and state firm, and where is nobody named?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.places import BELOW, add_place
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.cascade.answering import (
    levels_table,
    naming_of,
    past_table,
    responsible_table,
    subject_href,
    subjects,
    under,
)
from shuangkong.web.plans.cascade.words import PLACES, RANKS
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs, reached, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Table


@dataclass(frozen=True, slots=True)
class Answered:
    """A place or firm that somebody answers for; ``place`` is the region that it is, or is of."""

    value: str
    name: str
    place: RegionRow
    where: Where
    condition: Q

    @property
    def is_place(self) -> bool:
        return self.value.startswith("region-")


@require_GET
@needs(Action.BODY_READ, shows_past=True)
def responsible(request: HttpRequest) -> HttpResponse:
    return _list(request, scope_of(request).place or acting_of(request).region)


@require_POST
@needs(Action.BODY_CONFIRM)
def name(request: HttpRequest) -> HttpResponse:
    """Names somebody; the store asks whether the person may there."""
    wanted, acting = None, acting_of(request)
    try:
        wanted = naming_of(request.POST)
        store.name_responsible(
            wanted, acting, request.POST.get("ground", "").strip(), request.POST.get("document", "").strip()
        )
    except Refused as refusal:
        return _list(request, scope_of(request).place or acting.region, at_form(refusal))
    messages.success(request, _("已记录：%(person)s。") % {"person": wanted.person})
    return redirect(subject_href(request, wanted.region, wanted.body))


@require_POST
@needs(Action.BODY_CONFIRM)
def firm(request: HttpRequest) -> HttpResponse:
    """Adds a state firm of the place that one is looking at."""
    code, acting = scope_of(request).place or acting_of(request).region, acting_of(request)
    try:
        made = store.add_state_firm(code, request.POST.get("name", ""), acting, request.POST.get("ground", "").strip())
    except Refused as refusal:
        return _list(request, code, at_form(refusal))
    messages.success(request, _("已登记企业。请接着写明责任人。"))
    return redirect(link(request, "cascade:of_body", made))


@require_POST
@needs(Action.BODY_CONFIRM)
def add(request: HttpRequest) -> HttpResponse:
    """Adds a town of the county, a village of the town that one is looking at."""
    acting, form = acting_of(request), request.POST
    code = scope_of(request).place or acting.region
    try:
        made = add_place(code, form.get("code", ""), form.get("town", ""), acting, form.get("ground", ""))
    except Refused as refusal:
        return _list(request, code, at_form(refusal))
    messages.success(request, _("已登记。请接着写明责任人。"))
    return redirect(link(request, "cascade:of_region", made))


@require_GET
@needs(Action.BODY_READ, shows_past=True)
def of_region(request: HttpRequest, code: str) -> HttpResponse:
    return _one(request, _region(request, code))


@require_GET
@needs(Action.BODY_READ, shows_past=True)
def of_body(request: HttpRequest, body_id: int) -> HttpResponse:
    return _one(request, _body(request, body_id))


@require_POST
@needs(Action.BODY_CONFIRM)
def end(request: HttpRequest, row_id: int) -> HttpResponse:
    """Ends what a row says; the page of its place or firm shows what was refused."""
    row = next(iter(store.responsibility_history(Q(pk=row_id) & seen(request, Action.BODY_READ, "path"))), None)
    if row is None:
        raise Http404
    require(acting_of(request), Action.BODY_CONFIRM, Where(row.path))
    answered = _region(request, row.region) if row.region else _body(request, row.body or 0)
    form = request.POST
    try:
        day = day_of(form.get("ends_on", ""), "ends_on")
        store.end_responsibility(
            row_id, acting_of(request), form.get("ground", "").strip(), day, form.get("document", "").strip()
        )
    except Refused as refusal:
        return _one(request, answered, at_form(refusal), row_id)
    messages.success(request, _("已记录：%(person)s 不再负责。") % {"person": row.person})
    return redirect(subject_href(request, row.region, row.body))


def _list(request: HttpRequest, code: str, refusal: Refused | None = None) -> HttpResponse:
    """The place's towns and firms; without a place, everybody who answers where the person may see."""
    until = scope_of(request).as_of
    day = until or timezone.localdate()
    answered = _region(request, code) if code else None
    condition = seen(request, Action.BODY_READ, "path") & (under(code) if code else Q())
    rows = store.responsible(condition, day, until)
    missing = store.vacancies(code, day, until) if code else ()
    may_name = until is None and answered is not None and may(acting_of(request), Action.BODY_CONFIRM, answered.where)
    in_force = _plans_of(request, code)
    named = subjects(code, answered.name, missing, rows) if answered and may_name else []
    context = {
        "place": answered.place if answered else None,
        "vacancies": [(each, subject_href(request, each.region, each.body)) for each in missing],
        "count": len(rows),
        "lacks_towns": not missing and _lacks_towns(answered),
        "quotes": [(in_force[0], quotes) for quotes in [_quotes(in_force, until)] if quotes],
        "subjects": named,
        "plans": in_force,
        "typed": request.POST,
        # The first of those that lack somebody stands behind the place itself.
        "chosen": request.POST.get("subject") or (named[1][0] if missing and named else ""),
        "added": PLACES.get(BELOW.get(answered.place.level, "")) if answered else None,
        "refusal": refusal,
        **_naming(may_name),
    }
    is_demo = bool(answered and answered.place.is_fictional)
    tables: dict[str, Table | tuple[Table, ...]] = {
        "responsible_table": responsible_table(request, rows, is_demo=is_demo)
    }
    if answered:
        levels = store.levels_answered(answered.where.path, day, until)
        tables["levels_table"] = levels_table(levels, is_demo=is_demo)
    return page(request, "cascade/responsible.html", context, tables, refused_status(refusal))


def _lacks_towns(answered: Answered | None) -> bool:
    """Whether nothing below a county is on record: then nobody can be said to answer everywhere. At most 1 query."""
    return answered is not None and answered.place.level == "county" and not registry.children(answered.place.code)


def _one(
    request: HttpRequest, answered: Answered, refusal: Refused | None = None, ending: int | None = None
) -> HttpResponse:
    until = scope_of(request).as_of
    day = until or timezone.localdate()
    rows = store.responsible(answered.condition, day, until)
    past = list(reversed(store.responsibility_history(answered.condition, until)))
    is_demo = answered.place.is_fictional
    may_name = until is None and may(acting_of(request), Action.BODY_CONFIRM, answered.where)
    context = {
        "answered": answered,
        "rows": [(RANKS[row.rank], row) for row in rows],
        "has_first": any(row.rank == "first" for row in rows),
        "subjects": [(answered.value, answered.name)],
        "chosen": answered.value,
        "plans": _plans_of(request, answered.place.code),
        "today": day,
        "typed": request.POST,
        "ending": ending,
        "refusal": refusal,
        **_naming(may_name),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {"past_table": past_table(past, is_demo=is_demo)}
    return page(request, "cascade/answered.html", context, tables, refused_status(refusal))


def _naming(may_name: bool) -> dict[str, object]:
    """What the form of naming is given beside its subjects."""
    return {"may_name": may_name, "ranks": [(rank.value, label) for rank, label in RANKS.items()]}


def _region(request: HttpRequest, code: str) -> Answered:
    """Raises Http404."""
    found, where = registry.region(code, scope_of(request).as_of), Where(path_of(code))
    if found is None:
        raise Http404
    reached(request, where, Action.BODY_READ)
    return Answered(f"region-{code}", found.name, found, where, Q(region=code))


def _body(request: HttpRequest, body_id: int) -> Answered:
    """Raises Http404."""
    found = registry.body(body_id)
    if found is None or found.region is None:
        raise Http404
    of = _region(request, found.region)
    return Answered(f"body-{body_id}", found.name, of.place, of.where, Q(body=body_id))


def _plans_of(request: HttpRequest, code: str) -> list[PlanRow]:
    """Plans in force of the place, newest first."""
    in_force = plans.plans_in_force(seen=seen(request, Action.PLAN_READ), until=scope_of(request).as_of)
    return [row for row in in_force if row.region == code]


def _quotes(in_force: list[PlanRow], until: date | None) -> list[tuple[str, str]]:
    """What the newest plan says of who answers first: number of the measure, sentence."""
    if not in_force or not in_force[0].has_text:
        return []
    return [(no, quote) for no, _span, quote in store.responsible_sentences(in_force[0].id, until)]
