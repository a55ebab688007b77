"""一份方案: what does it ask, of whom, by when?"""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import EntryKind
from shuangkong.records.targets import store as targets
from shuangkong.web.plans.annexes import annex_tables
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.tables import measure_table
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.targets.course import courses_of
from shuangkong.web.targets.tables import target_table


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    row, until = plan_or_404(request, plan_id), scope_of(request).as_of
    measures = store.measures(plan_id, until=until)
    own = [target for target in targets.targets(plan_id, until=until) if target.table is None]
    found = courses_of(request, own)
    return page(
        request,
        "plans/plan.html",
        {
            "plan": row,
            "chapters": [
                (chapter, list(group))
                for chapter, group in groupby(measures, key=lambda measure: (measure.chapter_no, measure.chapter_title))
            ],
            "findings": store.findings(plan_id, until),
        },
        {
            "measure_table": measure_table(request, measures, found),
            "target_table": target_table(
                request, "targets", _("正文目标"), found, _("采用方案后，正文里的目标在这里列出。")
            ),
            "annexes": annex_tables(store.entries(plan_id, EntryKind.TABLE, until)),
        },
    )
