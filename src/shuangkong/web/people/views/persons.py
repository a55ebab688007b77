"""人员和授权: who is there, what may each do, and giving and taking it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.records.past import end_of
from shuangkong.records.people import persons as store
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.models import Person
from shuangkong.records.people.persons import AppointmentRow
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.people.second_factor import has_factor, require_of_roles, required_roles
from shuangkong.records.people.sign_ins import sign_ins, sign_ins_of
from shuangkong.records.people.tokens import TokenRow, tokens_of
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.web.people.sign_in_table import sign_in_table
from shuangkong.web.people.words import ACTIONS, ROLES
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING

_WHOLE_SITE = Where(store.SITE)


@needs(Action.PEOPLE_READ, shows_past=True)
@require_GET
def persons(request: HttpRequest) -> HttpResponse:
    """Everybody one may see, with what each may do, or might on a past day. 3 queries."""
    until, held = scope_of(request).as_of, defaultdict[str, list[AppointmentRow]](list)
    for row in store.appointment_rows(until=until):
        held[row.person].append(row)
    columns = (
        Column("name", _("用户名")),
        Column("full", _("姓名")),
        Column("held", _("授权")),
        Column("is", _("状态")),
    )
    rows = tuple(
        Row(
            (
                Cell(each.username, each.username, href=link(request, "people:person", each.pk)),
                text_cell(each.first_name),
                text_cell("；".join(_words(row) for row in held[each.username] if _holds(row, until))),
                _state(each, until),
            )
        )
        for each in store.persons(acting_of(request), until)
    )
    table = Table("persons", _("人员"), columns, rows, _("还没有人员。新建人员后再授权。"))
    return page(request, "people/persons.html", {"whole_site": _WHOLE_SITE}, {"person_table": table})


def _words(row: AppointmentRow) -> str:
    return " · ".join(filter(None, (str(ROLES[row.role]), row.body_name, row.region_name)))


def _holds(row: AppointmentRow, until: date | None) -> bool:
    """Whether it holds, or is to begin; of a past day by what was known then."""
    day = until or timezone.localdate()
    return row.ends_on is None or (row.starts_on <= row.ends_on and row.ends_on >= day)


def _state(one: Person, until: date | None) -> Cell:
    """Whether the account is in use; of a past day only the journal tells."""
    if until is not None:
        return Cell(MISSING, hint=_("过去是否停用，见日志"))
    return text_cell(_("在用") if one.is_active else _("已停用"))


@needs(Action.PEOPLE_APPOINT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new person; the first password is shown once, in the answer to the form."""
    refusal = None
    if request.method == "POST":
        username, name = request.POST.get("username", ""), request.POST.get("name", "")
        try:
            person, password = store.make_person(username, name, acting_of(request))
        except Refused as refused:
            refusal = refused
        else:
            return render(request, "people/password_told.html", {"person": person, "password": password})
    context = {"refusal": refusal, "typed": request.POST}
    return render(request, "people/new.html", context, status=422 if refusal else 200)


@needs(Action.PEOPLE_READ, shows_past=True)
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: appointments, sign-ins, and what can be done about it."""
    return _person_page(request, _found(request, person_id))


def _found(request: HttpRequest, person_id: int) -> Person:
    """A person whom one may see."""
    for each in store.persons(acting_of(request), scope_of(request).as_of):
        if each.pk == person_id:
            return each
    raise Http404(person_id)


def _person_page(request: HttpRequest, one: Person, refusal: Refused | None = None) -> HttpResponse:
    until = scope_of(request).as_of
    asked = request.POST.get("region") or request.GET.get("region", "")
    region = _region(asked)
    if region is not None and not may(acting_of(request), Action.PEOPLE_READ, Where(path_of(region.code))):
        region = None
    context = {
        "one": one,
        "refusal": refusal,
        "typed": request.POST,
        "rows": [(row, _words(row), _holds(row, until)) for row in store.appointment_rows(one, until)],
        "roles": [(role, word) for role, word in ROLES.items() if role is not Role.PUBLIC],
        "asked": asked,
        "region": region,
        "bodies": registry.bodies(region.code) if region else (),
        "has_factor": has_factor(one),
        "tokens": _tokens(one),
        "identity": store.identity_of(one, settings.OIDC_ISSUER) if settings.OIDC_ISSUER else None,
    }
    table = sign_in_table([each for each in sign_ins_of(one) if _is_known(each.at, until)], with_person=False)
    status = 422 if refusal else 200
    return page(request, "people/person.html", context, {"sign_in_table": table}, status=status)


def _tokens(one: Person) -> list[tuple[TokenRow, list[str]]]:
    """Those in force, with the words of their scopes. 1 query."""
    today = timezone.localdate()
    held = [row for row in tokens_of(one) if row.revoked_at is None and row.ends_on >= today]
    return [(row, [str(ACTIONS[each]) for each in row.scopes]) for row in held]


def _is_known(at: datetime, until: date | None) -> bool:
    return until is None or at < end_of(until)


def _region(asked: str) -> RegionRow | None:
    """The region of that code or name."""
    return (registry.region(asked.strip()) or registry.find_region(asked.strip())) if asked.strip() else None


@needs(Action.PEOPLE_APPOINT)
@require_POST
def appoint(request: HttpRequest, person_id: int) -> HttpResponse:
    """Gives a person a role, for a body, at a place."""
    one, said = _found(request, person_id), request.POST
    try:
        store.grant(
            one,
            _role(said.get("role", "")),
            acting_of(request),
            said.get("ground", ""),
            whole(said.get("body", "")),
            said.get("region") or None,
            _day(said.get("starts_on", ""), "starts_on"),
            _day(said.get("ends_on", ""), "ends_on"),
        )
    except Refused as refused:
        return _person_page(request, one, refused)
    messages.success(request, _("已授权。"))
    return redirect("people:person", person_id)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as unknown:
        raise Refused("PPL-181", "请选择角色。", "Choose a role.", "role") from unknown


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as unread:
        raise Refused("PPL-182", f"“{text}”不是日期。", f"“{text}” is no day.", field) from unread


@needs(Action.PEOPLE_APPOINT)
@require_POST
def withdraw(request: HttpRequest, person_id: int, appointment_id: int) -> HttpResponse:
    """Takes an appointment back."""
    one = _found(request, person_id)
    if appointment_id not in {row.id for row in store.appointment_rows(one)}:
        raise Http404(appointment_id)
    try:
        store.take_back(appointment_id, acting_of(request), request.POST.get("ground", ""))
    except Refused as refused:
        return _person_page(request, one, refused)
    messages.success(request, _("已收回。"))
    return redirect("people:person", person_id)


def _link(request: HttpRequest, one: Person, ground: str) -> None:
    store.link_identity(one, settings.OIDC_ISSUER, request.POST.get("value", ""), acting_of(request), ground)


#: What is done about a person's sign-in, by the word of its button.
_ACTS: Mapping[str, Callable[[HttpRequest, Person, str], Any]] = {
    "password": lambda request, one, ground: store.reset_password(one, acting_of(request), ground),
    "factor": lambda request, one, ground: store.reset_factor(one, acting_of(request), ground),
    "activate": lambda request, one, ground: store.set_active(one, True, acting_of(request), ground),
    "deactivate": lambda request, one, ground: store.set_active(one, False, acting_of(request), ground),
    "identity": _link,
}


@needs(Action.PEOPLE_APPOINT)
@require_POST
def change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Does what was asked about a person's sign-in; a new password is shown once, in the answer."""
    one = _found(request, person_id)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404(person_id)
    try:
        told = act(request, one, request.POST.get("ground", ""))
    except Refused as refused:
        return _person_page(request, one, refused)
    if told is not None:
        return render(request, "people/password_told.html", {"person": one, "password": told})
    messages.success(request, _("已记录。"))
    return redirect("people:person", person_id)


@needs(Action.JOURNAL_READ)
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Everybody's sign-ins, as far as one may read the journal."""
    table = sign_in_table(sign_ins(acting_of(request)), with_person=True)
    return page(request, "people/history.html", {}, {"sign_in_table": table})


@needs(Action.PEOPLE_APPOINT)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Which roles must have a second factor: a rule of the whole site."""
    require(acting_of(request), Action.PEOPLE_APPOINT, _WHOLE_SITE)
    refusal, chosen = None, required_roles()
    if request.method == "POST":
        chosen = frozenset(role for role in Role if role in request.POST.getlist("roles"))
        try:
            require_of_roles(chosen, acting_of(request), request.POST.get("ground", ""))
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("已记录，下次登录起执行。"))
            return redirect("people:rules")
    context = {
        "refusal": refusal,
        "roles": [(role, word, role in chosen) for role, word in ROLES.items() if role is not Role.PUBLIC],
    }
    return render(request, "people/rules.html", context, status=422 if refusal else 200)
