"""企业名录: which enterprises are there, under which codes, and which of them does another system know?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shuangkong.records.paths import below
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.tree import path_of
from shuangkong.web.registry.words import SYSTEMS, industry_words
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of, whole

#: So many stand on one page.
ROWS = 100


@require_GET
@needs(Action.ENTERPRISE_READ)
def every(request: HttpRequest) -> HttpResponse:
    """Enterprises of the place that one is looking at, found by name (former ones too), code or number. ~12 queries."""
    acting, words, place = acting_of(request), request.GET.get("words", "").strip(), scope_of(request).place
    condition = store.readable(acting)
    if place:
        condition &= below(path_of(place) or "/?/", "region__path")
    count_all = store.number_of_enterprises(condition)
    if words:
        condition &= store.asked_for(words)
    count = store.number_of_enterprises(condition) if words else count_all
    number = max(whole(request.GET.get("page", "1")) or 1, 1)
    rows = store.enterprises(condition, (number - 1) * ROWS, ROWS)
    numbers = store.identifiers([row.id for row in rows])
    context = {
        "rows": [
            (row, industry_words(row.particulars.industry), [(SYSTEMS[each.system], each) for each in numbers[row.id]])
            for row in rows
        ],
        "words": words,
        "count": count,
        "count_all": count_all,
        "number": number,
        "has_next": count > number * ROWS,
        "may_register": may(acting, Action.ENTERPRISE_REGISTER),
        "may_export": may(acting, Action.EXCHANGE_EXPORT),
        "may_import": may(acting, Action.EXCHANGE_IMPORT),
    }
    return page(request, "enterprises/list.html", context)
