"""归口单位: which body is in charge of which matter at a place, on whose word or by its name, and naming one."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.records.people.access import Where, may
from shuangkong.records.people.charges import ChargeRow, ToCharge, history_of
from shuangkong.records.people.charging import charge, nameable
from shuangkong.records.people.roles import Action, goes_with, matters, same_matter
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.entry_store import MATTERS
from shuangkong.records.reporting.levels import competent_bodies, settle_departments
from shuangkong.rulebook import open_rulebook
from shuangkong.web.people.names import person_names
from shuangkong.web.people.words import ACTIONS
from shuangkong.web.plans.tasks.framed import at_form, day_of, refused_status
from shuangkong.web.site.access import acting_of, needs, place_of
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken


@needs(Action.PEOPLE_READ)
@require_http_methods(["GET", "POST"])
def competences(request: HttpRequest) -> HttpResponse:
    """Every matter of a place with who is in charge; a body is named for one. Two queries a matter, ~37."""
    region = place_of(request, Action.PEOPLE_READ)
    if request.method != "POST":
        return _page(request, region)
    form = request.POST
    try:
        since = day_of(form.get("since", ""), "since") or timezone.localdate()
        told = ToCharge(
            region, form.get("matter", ""), whole(form.get("body", "")) or 0, since,
            day_of(form.get("until", ""), "until"), form.get("ground", ""),
        )  # fmt: skip
        with transaction.atomic():
            charge(told, acting_of(request))
            settle_departments(region, told.matter)
    except Refused as refusal:
        return _page(request, region, at_form(refusal))
    done = "、".join(_duties(told.matter, has_forms=bool(_forms(region).get(told.matter))))
    messages.success(request, _("已指定。从起始日起由它办理：%(done)s。") % {"done": done})
    return redirect(link(request, "people:competences"))


def _page(request: HttpRequest, region: str, refusal: Refused | None = None) -> HttpResponse:
    known = registry.region(region) if region else None
    history = history_of(region) if region else ()
    where = Where(path_of(region)) if region else None
    context = {
        "region": known, "refusal": refusal, "typed": request.POST, "matters": _matters(),
        "may_name": where is not None and may(acting_of(request), Action.COMPETENCE_NAME, where),
        "bodies": nameable(region, acting_of(request)) if region else (), "history": history,
        "names": person_names(each.decided_by for each in history), "words": dict(_matters()),
    }  # fmt: skip
    table = _table(region, history)
    return page(request, "people/competences.html", context, {"competence_table": table}, refused_status(refusal))


def _matters() -> list[tuple[str, str]]:
    return [(word, word) for word in matters()]


def _table(region: str, history: tuple[ChargeRow, ...]) -> Table:
    """Of each matter the body that is in charge today, and by what; the forms that it fills in or reviews, and all that
    goes over to another that is named."""
    columns = (
        Column("matter", _("事项类别")), Column("body", _("由谁归口")), Column("how", _("怎么定的")),
        Column("since", _("自哪天起")), Column("until", _("到哪天止")), Column("forms", _("涉及的报表")),
        Column("duties", _("随归口走的职责")),
    )  # fmt: skip
    today, forms = timezone.localdate(), _forms(region)
    begun = [each for each in history if each.since <= today]
    rows = []
    for word in matters() if region else ():
        newest = next((each for each in begun if each.matter == word), None)
        named = newest if newest is not None and newest.holds_on(today) else None
        found = None if named else competent_bodies([region], word, today).get(region)
        body = named.body_name if named else found.name if found else MISSING
        how = _("指定") if named else _("按名称") if found else _("没有单位归口，请指定")
        rows.append(
            Row(
                (
                    text_cell(word), text_cell(body), text_cell(how),
                    Cell(f"{named.since}", named.since) if named else Cell(MISSING, None),
                    Cell(f"{named.until}", named.until) if named and named.until else Cell(MISSING, None),
                    text_cell("、".join(forms.get(word, ()))),
                    text_cell("、".join(_duties(word, has_forms=bool(forms.get(word)))) or MISSING),
                )
            )
        )  # fmt: skip
    return Table("competences", _("各类事项由谁归口"), columns, tuple(rows), empty=_("请先选一个地区。"))


def _duties(matter: str, *, has_forms: bool) -> list[str]:
    """What goes over with a matter: of returns and their verification where forms are its, of units' files where kinds
    of their entries are, and what departments do by the word itself."""
    has_entries = any(word in same_matter(matter) for each in MATTERS.values() for word in each.words)
    of_things = {"return": has_forms, "verification": has_forms, "entry": has_entries}
    done = (each for each in goes_with(matter) if of_things.get(each.value.partition(".")[0], True))
    return ([_("填报归口部门的报表")] if has_forms else []) + [str(ACTIONS[each]) for each in done]


def _forms(region: str) -> Mapping[str, list[str]]:
    """Matter → names of the forms that are its."""
    every = open_rulebook().forms_on(timezone.localdate(), region) if region else ()
    return {word: [spoken(form.name) for form in every if form.owner in same_matter(word)] for word in matters()}
