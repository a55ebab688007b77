"""签报: what is about to be signed, what follows from it; and the receipt."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangkong.core.period import Period
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.attaching import beside
from shuangkong.records.reporting.drafting import base_of
from shuangkong.records.reporting.earlier import earlier
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.to_sign import to_sign
from shuangkong.reporting.life import IN_FORCE
from shuangkong.web.people.whence import whence_of
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.reporting.found import own_or_404
from shuangkong.web.reporting.sheet import Filled, sheet
from shuangkong.web.reporting.versus import differences
from shuangkong.web.reporting.views.filling import panel
from shuangkong.web.reporting.words import form_word, period_word
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link


@require_http_methods(["GET", "POST"])
@needs(Action.RETURN_FILE)
def sign(request: HttpRequest, return_id: int) -> HttpResponse:
    """The summary; signing leads to the receipt, which stands on the page of the return."""
    row = own_or_404(request, return_id)
    if request.method == "GET":
        return _page(request, row, None)
    form, terminal = request.POST, whence_of(request).address
    told = ToSubmit(
        ground=form.get("ground", ""), shown=form.get("digest", ""), channel="page", terminal=terminal
    )  # fmt: skip
    try:
        if not told.shown and may(acting_of(request), Action.RETURN_SIGN, row.where_signed):
            zh = "没有说明签的是哪份内容，没有提交。请打开签报页，看过内容再签报。"
            raise Refused("RPT-936", zh, "It does not say what is signed; nothing was submitted. Look at it first.")
        receipt = submit(row.id, acting_of(request), told)
    except Refused as refusal:
        return _page(request, row, at_form(refusal))
    said = {"version": receipt.version, "digest": receipt.digest[:16]}
    messages.success(request, _("已提交第 %(version)s 版，封存摘要 %(digest)s…。回执在下面，可以打印。") % said)
    return redirect(link(request, "reporting:return", row.id))


def _page(request: HttpRequest, row: ReturnRow, refusal: Refused | None) -> HttpResponse:
    kept = Draft.objects.filter(owned=row.id).first()
    told = to_sign(row, kept, beside(row.id).sealed)
    content = told.content
    period = Period.parse(row.period)
    form = edition_of(row.form, content.edition, period, row.reporter.region)
    last = earlier(row.reporter.id, form, period).last
    stood = base_of(row.id, row.standing.in_force)
    context = {
        "row": row, "name": form_word(row), "period": period_word(row.period), "refusal": refusal or told.clash,
        "tables": sheet(Filled.of(form, content, last)), "is_correction": row.state in IN_FORCE,
        "changed": differences(form, stood, content) if stood is not None and row.state in IN_FORCE else (),
        "ground": request.POST.get("ground", ""),
        "may_sign": may(acting_of(request), Action.RETURN_SIGN, row.where_signed),
        "files": content.files, "digest": told.mark,
        "left_out": [each.name for each in store.files(row.id, with_draft=True) if each.left_out == 0],
        **panel(row, form, content, told.said),
    }  # fmt: skip
    return page(request, "reporting/sign.html", context, status=refused_status(refusal))
