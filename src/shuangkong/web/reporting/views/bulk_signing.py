"""逐家签报: the drafts of many units as they would be signed, some at a time; those that were ticked are signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from shuangkong.core.finding import Severity
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.bulk_signing import Signatures, ToRead, sign_read, to_read
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.values import values
from shuangkong.reporting.forms.addresses import ANY
from shuangkong.reporting.forms.model import Field, Form
from shuangkong.web.people.whence import whence_of
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.sheet import Filled, cells_by_address, sheet, shown
from shuangkong.web.reporting.versus import change_of
from shuangkong.web.reporting.words import form_name, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.words import MISSING, spoken, unit_word

#: Figures of a draft, and findings in its way, that stand on the page; the rest is a click away.
_FIGURES = 4


@require_http_methods(["GET", "POST"])
@needs(Action.RETURN_SIGN)
def many_sign(request: HttpRequest) -> HttpResponse:
    """What waits for the signature of the person; signing goes on with the next of them."""
    form, _slash, period = (request.POST.get("of", "") or request.GET.get("of", "")).partition("/")
    if request.method == "GET":
        return _page(request, form, period)
    told = request.POST
    numbers = [number for each in told.getlist("return") if (number := whole(each)) is not None]
    read = {number: told.get(f"digest-{number}", "") for number in numbers}
    try:
        done = sign_read(acting_of(request), read, told.get("ground", ""), whence_of(request).address)
    except Refused as refusal:
        return _page(request, form, period, at_form(refusal))
    if done.signed:
        count = len(done.signed)
        said = ngettext("已签报 %(n)s 家，各有回执。", "已签报 %(n)s 家，各有回执。", count) % {"n": count}
        messages.success(request, said)
    return _page(request, form, period, unsigned=_unsigned(done))


@dataclass(frozen=True, slots=True)
class _Unsigned:
    """A return that was ticked and not signed; ``row`` None where it is not the person's any more."""

    number: int
    row: ReturnRow | None
    code: str
    message: str


def _unsigned(done: Signatures) -> list[_Unsigned]:
    found = [_Unsigned(row.id, row, each.code, spoken(each.message)) for row, each in done.refused]
    return found + [_Unsigned(number, None, each.code, spoken(each.message)) for number, each in done.gone]


def _page(
    request: HttpRequest, form: str, period: str, refusal: Refused | None = None,
    unsigned: Sequence[_Unsigned] = (),
) -> HttpResponse:  # fmt: skip
    """The drafts from where the person was on; where none is left, those before, and at the very end what was done."""
    acting, after = acting_of(request), whole(request.POST.get("after", "") or request.GET.get("after", "")) or 0
    found, following = to_read(acting, form, period, after)
    if not found and after:
        after, (found, following) = 0, to_read(acting, form, period)
    if not found and request.method == "POST" and not (unsigned or refusal):
        return redirect(link(request, "reporting:mine"))
    of = f"{form}/{period}"
    context = {
        "of": of, "name": form_name(form, period) if found else "", "period": period_word(period) if found else "",
        "refusal": refusal, "unsigned": unsigned, "drafts": list(_drafts(found)), "after": after,
        "ready": sum(each.is_ready for each in found), "is_demo": any(each.row.is_demo for each in found),
        "has_corrections": any(each.is_correction for each in found), "typed": request.POST,
        "following": link(request, "reporting:many_sign", of=of, after=following) if following else "",
    }  # fmt: skip
    return page(request, "reporting/many_sign.html", context, status=refused_status(refusal))


def _drafts(found: tuple[ToRead, ...]) -> Iterator[dict[str, Any]]:
    names: dict[str, dict[str, str]] = {}
    for each in found:
        form = each.form
        if form.edition not in names:
            names[form.edition] = dict(cells_by_address(sheet(Filled.of(form, each.told.content, None))))
        yield {
            "row": each.row, "digest": each.told.mark, "figures": list(_figures(each, names[form.edition])),
            "must_fix": each.verdict.count(Severity.MUST_FIX), "is_ready": each.is_ready,
            "must_explain": each.verdict.count(Severity.MUST_EXPLAIN), "is_correction": each.is_correction,
            "open": [spoken(found.message) for found in each.verdict.open_findings[:_FIGURES]],
            "explained": [(spoken(found.message), words) for found, words in each.explained],
            "files": [file.name for file in each.told.content.files], "clash": each.told.clash,
        }  # fmt: skip


def _figures(each: ToRead, names: dict[str, str]) -> Iterator[dict[str, str]]:
    now = values(each.form, each.told.content)
    last = values(each.form, each.last) if each.last is not None else {}
    for field in _telling(each.form, now):
        told = now.get(field.address)
        yield {
            "name": names.get(field.address, field.address), "now": shown(told) or MISSING,
            "unit": unit_word(field.printed) if field.printed and isinstance(told, Decimal) else "",
            "last": shown(last.get(field.address)), "change": change_of(last.get(field.address), told),
        }  # fmt: skip


def _telling(form: Form, now: dict[str, Any]) -> list[Field]:
    """The fields that say most of a return: what becomes a fact, sums first; else what must be filled in."""
    fixed = [field for field in form.fields.values() if field.row != ANY]
    facts = sorted((field for field in fixed if field.fact is not None), key=lambda field: field.is_told)
    found = facts or [field for field in fixed if field.is_required]
    told = [field for field in found if isinstance(now.get(field.address), Decimal)]
    return (told or found)[:_FIGURES]
