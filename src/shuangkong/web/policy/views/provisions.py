"""适用规定: what is the law on this day in this place, and on which documents does it rest?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Message
from shuangkong.records.people.roles import Action
from shuangkong.web.policy.asked import asked
from shuangkong.web.policy.shown import refused_table, table_of
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Table


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def provisions(request: HttpRequest) -> HttpResponse:
    """Whoever may read the plans of a place reads the rules that hold there. 2 queries of its own at most."""
    question = asked(request)
    found = question.in_force()
    empty = _("这一天没有生效的规定。请换一个日期。")
    context = {
        "question": question,
        "layer_name": Message(question.layer.zh, question.layer.en),
        "count": len(found),
        "unverified": sum(not each.is_verified for each in found),
        "rulebook": question.rulebook.version,
    }
    table = table_of(request, question, found, ("provisions", _("适用规定")), empty)
    lax = (each for each in question.refused() if each.provision.validity.holds_on(question.day))
    tables: dict[str, Table | tuple[Table, ...]] = {
        "provisions_table": table,
        "refused_table": refused_table(request, question, lax),
    }
    return page(request, "policy/provisions.html", context, tables)
