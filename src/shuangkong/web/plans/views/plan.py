"""一份方案: what does it ask, of whom, by when?"""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.plans import store
from shuangkong.records.plans.rows import EntryKind
from shuangkong.records.targets import store as targets
from shuangkong.web.plans.annexes import annex_tables
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.plans.tables import measure_table
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.targets.course import courses
from shuangkong.web.targets.tables import target_table


@require_GET
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    row = plan_or_404(plan_id)
    measures = store.measures(plan_id)
    found = courses([target for target in targets.targets(plan_id) if target.table is None], scope_of(request).year)
    return page(
        request,
        "plans/plan.html",
        {
            "plan": row,
            "chapters": [
                (chapter, list(group))
                for chapter, group in groupby(measures, key=lambda measure: (measure.chapter_no, measure.chapter_title))
            ],
            "findings": store.findings(plan_id),
        },
        {
            "measure_table": measure_table(request, measures, found),
            "target_table": target_table(
                request, "targets", _("正文目标"), found, _("采用方案后，正文里的目标在这里列出。")
            ),
            "annexes": annex_tables(store.entries(plan_id, EntryKind.TABLE)),
        },
    )
