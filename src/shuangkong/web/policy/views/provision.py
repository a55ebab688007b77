"""一条规定: what does it say on this day in this place, what before, what does it replace, and what rests on it?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.policyfile.provisions import in_force, overridden, used_by
from shuangkong.records.people.roles import Action
from shuangkong.web.policy.asked import SHOWN, asked
from shuangkong.web.policy.shown import printed_unit, refused_table, table_of
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.tables import Table


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def provision(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the word of the field
    """By its id, or by the last part of that. Of a rule that no layer there has: 404. 2 queries of its own at most."""
    question = asked(request)
    found = question.provisions()
    every = tuple(each for each in found if each.id == id)
    every = every or tuple(each for each in found if each.id.endswith(f"/{id}"))
    if not every:
        raise Http404
    holding, folder = in_force(every, question.day), question.rulebook.folder
    replaced = tuple(other for each in holding for other in overridden(folder, each, question.day))
    takers = tuple(
        dict.fromkeys(other for each in holding for other in used_by(folder, question.layer.id, each, question.day))
    )
    lax = tuple(each for each in question.refused() if each.provision.id == every[0].id)
    said = tuple(each for each in holding if each.kind in SHOWN) or holding
    context = {
        "question": question,
        "holding": [(each, printed_unit(question, each)) for each in said],
        "name": every[-1].name,
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "every_table": table_of(request, question, every, ("every", _("各时期的规定"))),
        "replaced_table": table_of(request, question, replaced, ("replaced", _("它替代的上级规定"))),
        "refused_table": refused_table(request, question, lax),
        "takers_table": table_of(request, question, takers, ("takers", _("用到它的公式和表"))),
    }
    return page(request, "policy/provision.html", context, tables)
