"""能不能批: may this be approved here today, and if not, under which clause?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.restriction import Answer, Approval, Equipment, Project, Restriction, ScopeKind, may_be_approved
from shuangkong.records.assessment.accountability.restricting import restrictions
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook
from shuangkong.web.assessment.accountability.words import APPROVALS, CODES, SCOPES, VERDICTS
from shuangkong.web.plans.tasks.framed import at_form, number_of, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page

#: What the place itself tells.
_OF_PLACE = (ScopeKind.REGION, ScopeKind.PREFECTURE)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of scope that the restrictions ask about; ``told`` what was ticked."""

    kind: str
    label: Any
    options: tuple[tuple[str, Any], ...]
    told: tuple[str, ...]


@require_GET
@needs(Action.ASSESSMENT_READ)
def approval(request: HttpRequest) -> HttpResponse:
    """Every kind of scope that some restriction speaks of can be told; what is not ticked is not known."""
    form, today = request.GET, timezone.localdate()
    code = form.get("at") or acting_of(request).region
    region = registry.region(code) if code else None
    act = next((each for each in Approval if each == form.get("act")), None)
    known = restrictions(region.code, today) if region else ()
    context: dict[str, Any] = {
        "place": region,
        "acts": [(each.value, label) for each, label in APPROVALS.items()],
        "act": act,
        "asked": asked_of(known, form),
        "typed": form,
        "answer": None,
    }
    if region is not None and act is not None:
        within = frozenset(each.code for each in registry.lineage(region.code)) | {region.code}
        try:
            context |= _answered(may_be_approved(known, act, project_of(form, within), today))
        except Refused as refusal:
            context["refusal"] = at_form(refusal)
    return page(request, "accountability/approval.html", context, status=refused_status(context.get("refusal")))


def _answered(found: Answer) -> dict[str, Any]:
    sources = open_rulebook().sources()
    hits = [
        (hit, VERDICTS[hit.verdict], [SCOPES[kind] for kind in hit.untold], sources.get(hit.restriction.ground.source))
        for hit in found.hits
    ]
    return {"answer": VERDICTS[found.verdict], "hits": hits}


def project_of(form: QueryDict | Mapping[str, Any], within: frozenset[str]) -> Project:
    """The project that a form tells of. Raises Refused for a capacity that is no number."""
    at: dict[ScopeKind, frozenset[str]] = {ScopeKind.REGION: within, ScopeKind.PREFECTURE: within}
    for kind in ScopeKind:
        told = _told(form, kind.value)
        if kind not in _OF_PLACE and told:
            at[kind] = frozenset(told) - {NONE}
    sorts = _told(form, ScopeKind.EQUIPMENT.value)
    if not sorts:
        return Project("", at)
    capacity = number_of(str(form.get("capacity", "")), "capacity")
    figures: dict[str, Decimal] = {} if capacity is None else {"capacity": capacity}
    return Project("", at, tuple(Equipment(sort, figures) for sort in sorts if sort != NONE))


def asked_of(known: Iterable[Restriction], form: QueryDict) -> list[Asked]:
    """The kinds of scope that restrictions speak of, each with its codes."""
    codes: dict[ScopeKind, set[str]] = {}
    for each in known:
        for term in (*each.scope, *each.exempt):
            if term.kind not in _OF_PLACE:
                codes.setdefault(term.kind, set()).update(term.codes)
    industries = open_rulebook().industries()

    def word(code: str) -> Any:
        return industries[code].name if code in industries else CODES.get(code, code)

    return [
        Asked(
            kind.value,
            SCOPES[kind],
            (*((code, word(code)) for code in sorted(codes[kind])), (NONE, _("都不是"))),
            tuple(_told(form, kind.value)),
        )
        for kind in ScopeKind
        if kind in codes
    ]


def _told(form: QueryDict | Mapping[str, Any], key: str) -> list[str]:
    return form.getlist(key) if isinstance(form, QueryDict) else list(form.get(key, ()))
