"""开户、记账、写入数据: what is done on the page of the ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.rows import Told
from shuangkong.records.quotas.taking import open_holder, take_entries
from shuangkong.records.quotas.telling import tell_net_power
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.tasks.derived import derive_loaded
from shuangkong.web.quotas.views.certificates import ledger_page
from shuangkong.web.site.access import acting_of, needs, place_of
from shuangkong.web.site.scope import link, whole

_FIELDS = ("act", "batch", "first", "last", "giver", "taker", "on", "has_power", "ground", "document")


@require_POST
@needs(Action.CERTIFICATE_RECORD)
def open_account(request: HttpRequest) -> HttpResponse:
    """The account is kept by the place that the address names, else the person's own."""
    form, keeper = request.POST, place_of(request, Action.CERTIFICATE_RECORD)
    try:
        open_holder(form.get("name", ""), form.get("region", "").strip(), keeper, acting_of(request))
    except Refused as refusal:
        return ledger_page(request, refusal, "open")
    messages.success(request, _("已开户。"))
    return redirect(link(request, "quotas:certificates"))


@require_POST
@needs(Action.CERTIFICATE_RECORD)
def record(request: HttpRequest) -> HttpResponse:
    told = Told(**{field: request.POST.get(field, "") for field in _FIELDS})
    report = take_entries([told], acting_of(request), source="")
    if report.refused:
        first = report.refused[0]
        return ledger_page(request, Refused(first.code, first.message.zh, first.message.en, first.field), "record")
    messages.success(request, _("已入账，日志第 %(number)d 行。") % {"number": report.journal})
    return redirect(link(request, "quotas:certificates"))


@require_POST
@needs(Action.CERTIFICATE_RECORD)
def tell(request: HttpRequest) -> HttpResponse:
    """Writes what the ledger says of a year and a place as figures, from which formulas go on."""
    region, year = request.POST.get("region", ""), whole(request.POST.get("year", ""))
    try:
        if year is None:
            raise Refused("QTA-104", "请写明年份。", "Give the year.", "year")
        report = tell_net_power(region, year, acting_of(request))
    except Refused as refusal:
        return ledger_page(request, refusal, "tell")
    if report.load is not None:
        derive_loaded(report.load)
    messages.success(request, _("已写入数据：它们从此参加核算，由来指回台账。"))
    return redirect(link(request, "quotas:certificates"))
