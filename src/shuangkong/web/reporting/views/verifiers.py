"""核查机构名录: which bodies may verify, what is known of each, and what its second looks call for."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.tree import path_of
from shuangkong.records.reporting.verification.bodies import (
    BodyRow,
    acts_for,
    enter,
    register_body,
    registered,
    sanction_due,
)
from shuangkong.records.reporting.verification.giving import whose_people_now
from shuangkong.records.reporting.verification.known import Known, KnownRow, body_of, known_of
from shuangkong.reporting.verification.bodies import STEPS
from shuangkong.web.people.names import person_names
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs, place_of, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

KNOWN = {
    Known.ACTING: lazy("由哪家单位的人员办理"),
    Known.QUALIFICATION: lazy("资质"),
    Known.HOLDING: lazy("股权关系"),
    Known.SERVICE: lazy("服务经历"),
    Known.VERIFIED: lazy("核查业绩"),
    Known.RECHECK: lazy("抽查结果"),
    Known.SUSPENSION: lazy("暂停承接核查"),
    Known.REMOVAL: lazy("移出名录"),
}
FIELDS = {
    "body": lazy("单位名称（与人员授权里的名称一致）"),
    "from": lazy("自哪天起"), "until": lazy("到哪天止"), "sectors": lazy("覆盖的行业代码（用空格分开）"),
    "unit": lazy("单位代码"), "kind": lazy("服务种类"), "person": lazy("核查人员"), "year": lazy("核查年度"),
    "value": lazy("核查的数"), "found": lazy("抽查的数"), "untrue": lazy("有无虚假（有填 yes）"),
}  # fmt: skip
#: What may be said of each kind.
ASKED = {
    Known.ACTING: ("body", "from", "until"),
    Known.QUALIFICATION: ("from", "until", "sectors"), Known.HOLDING: ("unit",),
    Known.SERVICE: ("unit", "kind", "until", "person"), Known.VERIFIED: ("unit", "year", "value"),
    Known.RECHECK: ("unit", "year", "value", "found", "untrue"), Known.SUSPENSION: ("from", "until"),
    Known.REMOVAL: ("from",),
}  # fmt: skip


@require_GET
@needs(Action.VERIFICATION_READ)
def bodies(request: HttpRequest) -> HttpResponse:
    """The register where the person verifies. 1 query."""
    return _list(request)


@require_POST
@needs(Action.VERIFICATION_COMMISSION)
def register(request: HttpRequest) -> HttpResponse:
    """Enters a body at the place that one looks at."""
    form = request.POST
    try:
        place = path_of(place_of(request, Action.VERIFICATION_COMMISSION))
        number = register_body(
            form.get("code", ""), form.get("name", ""), place, acting_of(request), form.get("ground", "")
        )
    except Refused as refusal:
        return _list(request, at_form(refusal))
    messages.success(request, _("已登记。"))
    return redirect(link(request, "reporting:verifier", number))


@require_GET
@needs(Action.VERIFICATION_READ)
def body(request: HttpRequest, verification_body_id: int) -> HttpResponse:
    return _page(request, _body_or_404(request, verification_body_id))


@require_POST
@needs(Action.VERIFICATION_COMMISSION)
def tell(request: HttpRequest, verification_body_id: int) -> HttpResponse:
    """Enters what is known of a body."""
    row, form = _body_or_404(request, verification_body_id), request.POST
    reached(request, row.where, Action.VERIFICATION_READ, Action.VERIFICATION_COMMISSION)
    kind = next((each for each in Known if each == form.get("what")), None)
    if kind is None:
        raise Http404(form.get("what", ""))
    told = {key: value for key in ASKED[kind] if (value := form.get(key, "").strip())}
    try:
        enter(row.id, kind, told, acting_of(request), form.get("ground", ""))
    except Refused as refusal:
        return _page(request, row, at_form(refusal), kind)
    messages.success(request, _("已登记。"))
    return redirect(link(request, "reporting:verifier", row.id))


def _body_or_404(request: HttpRequest, number: int) -> BodyRow:
    found = next(iter(registered(Q(pk=number))), None)
    if found is None:
        raise Http404(number)
    reached(request, found.where, Action.VERIFICATION_READ)
    return found


def _list(request: HttpRequest, refusal: Refused | None = None) -> HttpResponse:
    found = registered(visible(acting_of(request), Action.VERIFICATION_READ, "path", given=whose_people_now))
    columns = (Column("name", _("核查机构")), Column("code", _("统一社会信用代码")))
    rows = tuple(
        Row((text_cell(each.name, href=link(request, "reporting:verifier", each.id)), text_cell(each.code)))
        for each in found
    )
    table = Table(
        "verifiers", _("核查机构名录"), columns, rows,
        empty=_("名录里还没有核查机构。登记后，委托核查前可以查资质和利益冲突。"),
    )  # fmt: skip
    may_register = may(acting_of(request), Action.VERIFICATION_COMMISSION)
    context = {"count": len(found), "refusal": refusal, "typed": request.POST, "may_register": may_register}
    return page(request, "reporting/verifiers.html", context, {"verifiers_table": table}, refused_status(refusal))


def _page(
    request: HttpRequest, row: BodyRow, refusal: Refused | None = None, kind: Known | None = None
) -> HttpResponse:
    today = timezone.localdate()
    rule, (told, step) = body_of(row.id)[0], (known_of(row.id), sanction_due(row.id, today))
    names = person_names(each.author for each in told)
    typed: Callable[[Known, str], str] = lambda what, key: request.POST.get(key, "") if what is kind else ""  # noqa: E731
    context = {
        "row": row, "acts_for": acts_for(row.id), "refusal": refusal, "step": spoken(STEPS[step]) if step else "",
        "typed": request.POST,
        "is_suspended": any(each.holds_on(today) for each in rule.suspended),
        "is_qualified": any(each.validity.holds_on(today) for each in rule.qualifications),
        "known": [_known(each, names.get(each.author, each.author)) for each in told],
        "forms": [
            (what.value, label, what is kind, [(key, FIELDS[key], typed(what, key)) for key in ASKED[what]])
            for what, label in KNOWN.items()
            if may(acting_of(request), Action.VERIFICATION_COMMISSION, row.where)
        ],
    }  # fmt: skip
    return page(request, "reporting/verifier.html", context, status=refused_status(refusal))


def _known(each: KnownRow, by: str) -> dict[str, object]:
    said = [(FIELDS[key], each.told.get(key) or MISSING) for key in ASKED[each.kind]]
    return {"label": KNOWN[each.kind], "on": each.on, "said": said, "ground": each.ground, "by": by}
