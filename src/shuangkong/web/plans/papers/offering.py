"""一份公文的表单: what a paper asks for, and then its file. Every room's papers are handed out by this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shuangkong.papers.official.paper import Issue
from shuangkong.papers.official.refusal import TemplateRefused
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.web.plans.papers.issuing import Asked, issue_of, require_typed, shown
from shuangkong.web.plans.papers.making import Made
from shuangkong.web.plans.tasks.framed import at_form, framed
from shuangkong.web.site.access import acting_of, place_of
from shuangkong.web.site.page import XLSX, download
from shuangkong.web.site.words import spoken

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def bulletin_place(request: HttpRequest) -> str:
    """Code of the place that one is looking at, or the own, where the person issues bulletins; "" where not. At most
    1 query.
    """
    code = place_of(request, Action.PAPER_MAKE)
    return code if code and may(acting_of(request), Action.PAPER_MAKE, Where(path_of(code))) else ""


type Make = Callable[[Issue, Mapping[str, str]], Made]


@dataclass(frozen=True, slots=True)
class Offer:
    """One paper as its page offers it: its kind, what it is about (and its file is called after), its own fields."""

    kind: str
    about: str
    fields: tuple[Asked, ...]
    has_xlsx: bool = False


def answer(request: HttpRequest, offer: Offer, make: Make) -> HttpResponse:
    """The form; once it is sent, the file, or the form again with what is wrong."""
    told, wrong = "", ""
    if request.method == "POST":
        form = request.POST.dict()
        try:
            require_typed(offer.fields, form)
            made = make(issue_of(form, timezone.localdate()), form)
        except Refused as found:
            refusal = at_form(found)
            told, wrong = f"{refusal.code} {spoken(refusal.message)}", refusal.field
        except TemplateRefused as found:
            told = f"{found.code} {spoken(found)}"
        else:
            return _file(request, offer, made)
    context = {"offer": offer, "fields": shown(offer.fields, request.POST, wrong), "told": told}
    return framed(request, "papers/making.html", context, 422 if told else 200)


def _file(request: HttpRequest, offer: Offer, made: Made) -> HttpResponse:
    name = f"{offer.about}{offer.kind}"
    if request.POST.get("form") == "xlsx" and made.xlsx is not None:
        return download(made.xlsx, f"{name}.xlsx", XLSX)
    return download(made.docx, f"{name}.docx", DOCX)
