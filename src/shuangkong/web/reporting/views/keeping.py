"""随填随存: what is typed or pasted is kept at once and read as every way in reads it; nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.drafting import ToSave, draft_content, merged, on_edition_in_force, save
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.content import Content, Entry
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.moving import Moved
from shuangkong.reporting.pasting import Spot, pasted
from shuangkong.reporting.refusals import FormFileRefused
from shuangkong.reporting.taking import place_of
from shuangkong.reporting.typed import text_of, typed
from shuangkong.rulebook import open_rulebook
from shuangkong.web.reporting.found import own_or_404
from shuangkong.web.reporting.words import LEFT, form_word, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import spoken

_MOST_BYTES = 4 * 1024**2


@require_POST
@needs(Action.RETURN_FILE)
def draft(request: HttpRequest, return_id: int) -> HttpResponse:
    """Keeps what a page sends: address → text, of rows of open tables the keys, explanations. Answers JSON.

    ``cells``: what was understood where it is written otherwise; ``findings``: what was not, kept as it was typed.
    """
    row = own_or_404(request, return_id)
    told = _told(request)
    given = {str(address): str(text) for address, text in _mapping(told.get("entries", {})).items()}
    keys = {str(table): _rows(rows) for table, rows in _mapping(told.get("keys", {})).items()}
    explained = {str(key): str(text) for key, text in _mapping(told.get("explained", {})).items()}
    form = _form(row, _kept(row)) if given else None
    read = typed(form, given.items(), open_rulebook().units()) if form else None
    entries = read.entries if read else {}
    stamp = save(row.id, acting_of(request), ToSave(entries=entries, keys=keys, explained=explained))
    otherwise = {address: text for address, text in _texts(entries).items() if text != given.get(address, "").strip()}
    return JsonResponse({"stamp": stamp, "cells": otherwise, "findings": _findings(read.findings if read else ())})


@require_POST
@needs(Action.RETURN_FILE)
def paste(request: HttpRequest, return_id: int) -> HttpResponse:
    """Reads a block of cells, put down at one of them: ``table``, ``row``, ``column``, ``text``. Keeps nothing: the
    page shows ``cells`` and ``keys`` of the table, unless somebody typed there meanwhile, and keeps them as typed."""
    row, told = own_or_404(request, return_id), _told(request)
    kept = _kept(row)
    form, content = _form(row, kept), draft_content(row, kept)
    try:
        spot = Spot(str(told["table"]), int(told["row"]), int(told["column"]))
        if not (0 <= spot.row < _MOST_BYTES and -1 <= spot.column < len(form.by_id[spot.table].columns)):
            raise ValueError(spot)
        read = pasted(form, content, spot, str(told.get("text", "")), open_rulebook().units())
    except FormFileRefused as refused:
        found = refused.finding
        raise Refused(found.code, found.message.zh, found.message.en) from refused
    except (KeyError, ValueError, TypeError, OverflowError):  # a row may be told as Infinity
        raise _unread() from None
    after = merged(content, ToSave(entries=read.entries))
    return JsonResponse(
        {"cells": _texts(read.entries), "keys": {spot.table: list(after.rows(spot.table))},
         "findings": _findings(read.findings)}
    )  # fmt: skip


@require_GET
@needs(Action.RETURN_FILE)
def token(request: HttpRequest, return_id: int) -> HttpResponse:
    """The token of forms after somebody has logged in again elsewhere: what was typed goes on from where it was."""
    own_or_404(request, return_id)
    return JsonResponse({"token": get_token(request), "author": acting_of(request).author})


@require_http_methods(["GET", "POST"])
@needs(Action.RETURN_FILE)
def edition(request: HttpRequest, return_id: int) -> HttpResponse:
    """A draft begun on another edition of the form: what of it moves to the one in force, what is left behind."""
    row = own_or_404(request, return_id)
    kept = _kept(row)
    content = draft_content(row, kept)
    found = on_edition_in_force(row, content)
    if found is None:
        return redirect(link(request, "reporting:form", row.id))
    if request.method == "POST":
        whole = ToSave(entries=found.content.entries, keys=found.content.keys, is_whole=True)
        save(row.id, acting_of(request), whole)
        messages.success(request, _("草稿已换到现行表式。"))
        return redirect(link(request, "reporting:form", row.id))
    context = {
        "row": row, "name": form_word(row), "period": period_word(row.period), "old": content.edition,
        "new": found.content.edition, "moved": len(found.content.entries), **_left(row, content, found),
    }  # fmt: skip
    return page(request, "reporting/edition.html", context)


def _left(row: ReturnRow, content: Content, found: Moved) -> dict[str, Any]:
    period, region = Period.parse(row.period), row.reporter.region
    old, new = (edition_of(row.form, each.edition, period, region) for each in (content, found.content))
    return {
        "left": [(_place(old, address), text_of(entry), LEFT[why]) for address, entry, why in found.left],
        "added": [_place(new, address) for address in found.new],
    }


def _place(form: Form, address: str) -> str:
    return spoken(Message(place_of(form, address), place_of(form, address, english=True)))


def _kept(row: ReturnRow) -> Draft | None:
    return Draft.objects.filter(owned=row.id).first()


def _form(row: ReturnRow, kept: Draft | None) -> Form:
    """The edition that the draft is filled in on; without one that in force."""
    return edition_of(row.form, kept.edition if kept else "", Period.parse(row.period), row.reporter.region)


def _texts(entries: Mapping[str, Entry]) -> dict[str, str]:
    return {address: text_of(entry) for address, entry in entries.items()}


def _findings(found: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{"address": each.place, "code": each.code, "message": spoken(each.message)} for each in found]


def _mapping(told: object) -> Mapping[Any, Any]:
    if not isinstance(told, Mapping):
        raise _unread()
    return told


def _rows(told: object) -> tuple[str, ...]:
    """The keys of the rows of an open table."""
    if not isinstance(told, list):
        raise _unread()
    return tuple(map(str, told))


def _told(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json" or len(request.body) > _MOST_BYTES:
        raise _unread()
    try:
        return _mapping(json.loads(request.body))
    except (ValueError, RecursionError):
        raise _unread() from None


def _unread() -> Refused:
    return Refused(
        "RPT-940", "没有读懂送来的内容。请刷新页面再试。", "What was sent cannot be read. Load the page anew."
    )
