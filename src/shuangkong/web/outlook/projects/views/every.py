"""重点工程: which of them are late or run unstably, and do they bring what the plan asks of them?"""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from shuangkong.records.indicators.emissions.store import readable as reductions_readable
from shuangkong.records.outlook.projects import store
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.projects.clock import followed, rule_of
from shuangkong.web.outlook.projects.sums import Sums, sums_of
from shuangkong.web.outlook.projects.tables import list_table, sums_table, unlinked_table
from shuangkong.web.outlook.projects.words import FIELDS, MARKS, STATES
from shuangkong.web.site.access import acting_of, needs, seen
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import spoken


@require_GET
@needs(Action.PROJECT_READ, shows_past=True)
def every(request: HttpRequest) -> HttpResponse:
    """Those of a place, a family and a state, where the address names one; the sums are of all of the place."""
    scope, acting = scope_of(request), acting_of(request)
    day = scope.as_of or timezone.localdate()
    place = _place(scope.place or acting.region)
    condition = store.readable(acting)
    if scope.place:
        condition &= below(path_of(scope.place) or "/?/")
    rows = store.projects(condition, scope.as_of)
    found = followed(rows, day)
    counts = Counter(each.state for each in found)
    family, state = request.GET.get("family", ""), request.GET.get("state", "")
    families = open_rulebook().outlook().families
    listed = [
        each
        for each in found
        if (family not in families or each.row.held.particulars.family == family)
        and (state not in STATES or each.state == state)
    ]
    order = list(STATES)
    listed.sort(key=lambda each: order.index(each.state))
    sums = _sums(request, place, rows, day) if place else Sums((), ())
    context = {
        "place": place.region if place else None,
        "count": len(found),
        "counts": [(STATES[each], MARKS[each], counts[each]) for each in STATES if counts[each]],
        "families": [(key, f"{FIELDS[each.field]} · {spoken(each.name)}") for key, each in families.items()],
        "family": family,
        "states": list(STATES.items()),
        "state": state,
        "may_register": not scope.as_of and bool(acting.region) and may(acting, Action.PROJECT_REGISTER),
        "may_load": not scope.as_of and may(acting, Action.PROJECT_DISPATCH),
        "rule": rule_of(place.region.code if place else "", day),
        "is_demo": any(row.is_demo for row in rows),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "projects_table": list_table(request, listed),
        "sums_table": sums_table(request, sums.compared, is_demo=bool(place and place.region.is_fictional)),
        "unlinked_table": unlinked_table(request, sums.unlinked),
    }
    return page(request, "projects/projects.html", context, tables)


def _place(code: str) -> Place | None:
    region = registry.region(code) if code else None
    return Place(region, path_of(code)) if region else None


def _sums(request: HttpRequest, place: Place, rows: tuple[KeyProjectRow, ...], day: date) -> Sums:
    """Of whoever sees every project of the place: of a part, the sums would say too little."""
    acting, scope = acting_of(request), scope_of(request)
    if not may(acting, Action.PROJECT_READ, place.where):
        return Sums((), ())
    reading = reductions_readable(acting)
    return sums_of(place, rows, seen(request, Action.PLAN_READ), reading, scope.as_of, scope.year or day.year)
