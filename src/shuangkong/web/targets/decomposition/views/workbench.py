"""分解工作台: choose the ways, fill in the receivers, see at once who gets what, and keep what is worth comparing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import require
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition.acts import record_scenario
from shuangkong.records.targets.decomposition.making import Ways, computed, ways_at
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Wanted
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import download, page, workbook_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import shown
from shuangkong.web.site.words import figure, spoken
from shuangkong.web.targets.decomposition import forms, group_forms
from shuangkong.web.targets.decomposition.found import decomposition_or_404
from shuangkong.web.targets.decomposition.offered import offered
from shuangkong.web.targets.decomposition.pasted import pasted_into
from shuangkong.web.targets.decomposition.proposed import proposed
from shuangkong.web.targets.decomposition.tables import Way, fairness_table, share_table, way_computed
from shuangkong.web.targets.decomposition.words import COURSES, RECEIVERS, target_words, title

#: Beyond so many receivers explanations are left to the page of each share.
_EXPLAINED = 60


@require_http_methods(["GET", "POST"])
@needs(Action.DECOMPOSITION_PREPARE)
def workbench(request: HttpRequest, decomposition_id: int) -> HttpResponse:
    """``act`` is compute, paste, record or export; whatever is typed comes back, and nothing is kept but by record."""
    head = decomposition_or_404(request, decomposition_id)
    require(acting_of(request), Action.DECOMPOSITION_PREPARE, head.where)
    ways = ways_at(head.region, timezone.localdate(), plan=head.plan)
    form: QueryDict = request.POST
    if request.method == "GET":
        return _page(request, head, ways, proposed(head), form)
    refusal: Refused | None = None
    wanted: tuple[Wanted, ...] = ()
    try:
        if form.get("act") == "paste":
            form = pasted_into(form, _columns(head, ways, form, _ticked(form, ways)))
        wanted = forms.wanted_of(form, ways.rules)
        if not wanted:
            raise forms.nothing_chosen()
        if form.get("act") == "record":
            return _record(request, head, wanted)
        if form.get("act") == "export":
            found = [way_computed(computed(head, each, timezone.localdate(), ways)) for each in wanted]
            table = share_table(request, head, found)
            return download(workbook_of(table, head), f"{table.caption}.xlsx")
    except Refused as told:
        refusal, wanted = at_form(told), ()
    return _page(request, head, ways, wanted, form, refusal)


def _record(request: HttpRequest, head: DecompositionHead, wanted: tuple[Wanted, ...]) -> HttpResponse:
    with transaction.atomic():
        for each in wanted:
            record_scenario(head.id, each, acting_of(request))
    messages.success(request, _("已记录 %(count)d 个方案。") % {"count": len(wanted)})
    return redirect(link(request, "decomposition:one", head.id))


def _ticked(form: QueryDict, ways: Ways) -> set[str]:
    return set(forms.chosen(form, ways.rules))


def _columns(
    head: DecompositionHead, ways: Ways, typed: Mapping[str, str], ticked: set[str]
) -> tuple[forms.Column, ...]:
    rules = [rule for key, rule in ways.rules.items() if key in ticked]
    return forms.columns_of(head, rules, typed, with_start=bool(typed.get("start_year")))


def _page(
    request: HttpRequest,
    head: DecompositionHead,
    ways: Ways,
    wanted: tuple[Wanted, ...],
    form: QueryDict,
    refusal: Refused | None = None,
) -> HttpResponse:
    is_typed = request.method == "POST"
    ticked = _ticked(form, ways) if is_typed else {each.rule for each in wanted}
    typed = {key: str(form[key]) for key in form} if is_typed else _typed(wanted)
    columns = _columns(head, ways, typed, ticked)
    found, faults = _computed(head, wanted, ways)
    refusal = refusal or faults
    lines = forms.typed_lines(form, columns) if is_typed else forms.lines_of(wanted[0], columns)
    lines, from_facts = offered(lines, columns)
    tables = [shown(request, each) for each in (share_table(request, head, found), fairness_table(head, found))]
    context: dict[str, Any] = {
        "head": head,
        "title": title(head),
        "promise": target_words(head),
        "ways": [(key, spoken(rule.name), key in ticked, rule) for key, rule in ways.rules.items()],
        "columns": columns,
        "lines": lines,
        "from_facts": from_facts,
        "groups": (
            group_forms.typed_groups(form)
            if is_typed
            else group_forms.group_lines(wanted[0].groups, wanted[0].receivers)
        ),
        "kinds": RECEIVERS.items(),
        "courses": COURSES.items(),
        "typed": typed,
        "spread_word": any(rule.criteria for key, rule in ways.rules.items() if key in ticked),
        "found": found,
        "explained": [] if any(len(way.parts) > _EXPLAINED for way in found) else found,
        "share_table": tables[0],
        "fairness_table": tables[1],
        "refusal": refusal,
    }
    return page(request, "decomposition/workbench.html", context, status=refused_status(refusal if is_typed else None))


def _computed(head: DecompositionHead, wanted: tuple[Wanted, ...], ways: Ways) -> tuple[list[Way], Refused | None]:
    try:
        return [way_computed(computed(head, each, timezone.localdate(), ways)) for each in wanted], None
    except Refused as told:
        return [], at_form(told)


def _typed(wanted: tuple[Wanted, ...]) -> dict[str, str]:
    """What stands in the form before anybody types: what was given last."""
    given = wanted[0]
    told = {
        "reserve": figure(given.reserve) if given.reserve else "",
        "places": "" if given.places is None else str(given.places),
        "course": given.course.value,
        "start_year": "" if given.start_year is None else str(given.start_year),
        "spread": "" if given.spread is None else figure(given.spread),
        "excluded": "\n".join(given.excluded),
    }
    return told | {f"w-{key}": figure(value) for key, value in given.weights.items()}
