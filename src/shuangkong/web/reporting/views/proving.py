"""封面和核验: the cover of a version as signed, to print; and whether a sealed copy is what was sealed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from shuangkong.core.period import Period
from shuangkong.papers.reporting.proving import OnRecord, Proof, prove
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.store import regions
from shuangkong.records.reporting import store
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Version
from shuangkong.records.reporting.register import staff
from shuangkong.records.reporting.rows import ReturnRow, VersionRow
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import EventKind
from shuangkong.reporting.refusals import FormFileRefused
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.found import return_or_404, version_or_404
from shuangkong.web.reporting.sheet import Filled, sheet
from shuangkong.web.reporting.views.workbooks import about_of, signed_of
from shuangkong.web.reporting.words import KINDS, SEVERITIES, STAFF, form_word, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page

_MOST_BYTES = 8 * 1024**2
#: Versions of the same content that a copy is held against: an empty return may be signed by many.
_MOST_ALIKE = 20


@require_GET
@needs(Action.RETURN_READ)
def cover(request: HttpRequest, return_id: int, which: int) -> HttpResponse:
    """What is printed, signed by hand and kept: who told what, its digest, what was explained, who approved it."""
    row = return_or_404(request, return_id)
    told = version_or_404(row, which)
    form, content = _form(row, told), read_canonical(told.content)
    happened = [each for each in store.happened(row.id) if each.kind is EventKind.APPROVE and each.version == which]
    names = person_names([told.signed_by, told.filled_by, *(each.author for each in happened)])
    known = regions(row.chain)
    context = {
        "row": row, "name": form_word(row), "period": period_word(row.period), "version": told, "form": form,
        "kind": KINDS[form.kind.value], "names": names, "is_sound": content.digest == told.digest,
        "tables": sheet(Filled.of(form, content, None)),
        "cells": len(content.entries), "explained": [each for each in told.findings if each.explanation],
        "counts": _counts(told), "files": content.files,
        "staff": [(STAFF[each.kind.value], each) for each in staff(row.reporter.id) if each.ends_on is None],
        "chain": [(known[code].name if code in known else code, _approved(happened, level, names))
                  for level, code in enumerate(row.chain, 1)],
    }  # fmt: skip
    return page(request, "reporting/cover.html", context)


def _approved(happened: list[Any], level: int, names: dict[str, str]) -> str:
    done = next((each for each in reversed(happened) if each.level == level), None)
    return "" if done is None else f"{names.get(done.author, done.author)} {done.on}"


def _counts(told: VersionRow) -> list[tuple[str, int]]:
    return [
        (str(word), count)
        for severity, word in SEVERITIES.items()
        if (count := sum(each.severity is severity for each in told.findings))
    ]


@require_http_methods(["GET", "POST"])
@needs(Action.RETURN_READ)
def verify(request: HttpRequest) -> HttpResponse:
    """Takes a sealed copy and says whether it is what was sealed, and where it is not. Nothing is kept of the file."""
    context: dict[str, Any] = {"refusal": None, "proof": None}
    if request.method == "POST":
        try:
            context |= _judged(request)
        except Refused as refusal:
            context["refusal"] = at_form(refusal)
    return page(request, "reporting/verify.html", context, status=refused_status(context["refusal"]))


def _judged(request: HttpRequest) -> dict[str, Any]:
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > _MOST_BYTES:
        size = _MOST_BYTES // 1024**2
        raise Refused("RPT-942", f"请选一个不超过 {size} MB 的文件。", f"Choose a file of {size} MB at most.", "file")
    data = file.read()
    try:
        proof = prove(str(file.name), data, _known)
    except FormFileRefused as refused:
        found = refused.finding
        raise Refused(found.code, found.message.zh, found.message.en, "file") from refused
    if proof is None:
        raise Refused(
            "RPT-943", "这个文件里没有封存的报表。请选从系统下载的封存本，不要另存为别的格式。",
            "The file holds no sealed return. Choose the sealed copy as it was downloaded.", "file",
        )  # fmt: skip
    return {"proof": proof, "name": str(file.name)[:120], **_whose(request, proof)}


def _known(form: str, edition: str, digest: str) -> list[OnRecord]:
    """Every version of that content that was signed."""
    found = Version.objects.filter(digest=digest, edition=edition, owned__form=form).order_by("pk")[:_MOST_ALIKE]
    made = []
    for number, which in found.values_list("owned", "number"):
        row, told = store.one(number), store.version(number, which)
        if row is not None and told is not None:
            made.append(OnRecord(_form(row, told), about_of(row), signed_of(told), row.id))
    return made


def _whose(request: HttpRequest, proof: Proof) -> dict[str, Any]:
    """Which return it is, for whoever may see that; of another's only whether it holds."""
    row = store.one(proof.known.owned) if proof.known is not None else None
    if row is None or not may(acting_of(request), Action.RETURN_READ, row.where):
        return {"row": None}
    return {"row": row, "form": form_word(row), "period": period_word(row.period)}


def _form(row: ReturnRow, told: VersionRow) -> Form:
    return edition_of(row.form, told.edition, Period.parse(row.period), row.reporter.region)
