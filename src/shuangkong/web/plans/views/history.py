"""决定记录: who decided what on this plan, when and why?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store
from shuangkong.records.plans.rows import AdoptionRow, DecisionRow, EntryRow
from shuangkong.web.plans.entries import changes, summary
from shuangkong.web.plans.found import plan_or_404
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, entry_word, kept_word, verdict_word


@require_GET
@needs(Action.PLAN_READ, shows_past=True)
def history(request: HttpRequest, plan_id: int) -> HttpResponse:
    row, until = plan_or_404(request, plan_id), scope_of(request).as_of
    entries = {entry.id: entry for entry in store.entries(plan_id, until=until)}
    columns = (
        Column("at", _("时间")),
        Column("by", _("谁")),
        Column("verdict", _("决定")),
        Column("kind", _("类别")),
        Column("entry", _("条目")),
        Column("change", _("改动")),
        Column("reason", _("理由")),
    )
    rows = tuple(_row(request, decision, entries[decision.entry]) for decision in store.plan_decisions(plan_id, until))
    empty = _("还没有决定。审阅时的每次接受、改正、合并、剔除都记在这里，不能改写。")
    table = Table("decisions", _("决定记录"), columns, rows, empty)
    tables: dict[str, Table | tuple[Table, ...]] = {
        "adoption_table": _adoptions(store.adoptions(plan_id, until)),
        "decision_table": table,
    }
    return page(request, "plans/history.html", {"plan": row}, tables)


def _adoptions(made: tuple[AdoptionRow, ...]) -> Table:
    """Each act of adopting the plan, and what it brought into force."""
    columns = (
        Column("version", _("版本"), is_figure=True),
        Column("at", _("时间")),
        Column("by", _("谁")),
        Column("measures", _("任务"), is_figure=True),
        Column("targets", _("目标数"), is_figure=True),
    )
    rows = tuple(
        Row(
            (
                Cell(str(act.version), act.version),
                text_cell(f"{timezone.localtime(act.adopted_at):%Y-%m-%d %H:%M}"),
                text_cell(act.adopted_by),
                Cell(str(act.measures), act.measures),
                Cell(str(act.targets), act.targets),
            )
        )
        for act in made
    )
    return Table("adoptions", _("采用记录"), columns, rows, _("还没有采用过。采用后，每一版在这里列出。"))


def _row(request: HttpRequest, decision: DecisionRow, entry: EntryRow) -> Row:
    at = timezone.localtime(decision.decided_at)
    return Row(
        (
            Cell(f"{at:%Y-%m-%d %H:%M}", f"{at:%Y-%m-%d %H:%M:%S}"),
            text_cell(decision.decided_by),
            text_cell(verdict_word(decision.verdict)),
            text_cell(entry_word(entry.kind)),
            Cell(summary(entry), summary(entry), href=link(request, "plans:review", entry.plan, entry=entry.id)),
            Cell(changes(decision.before, decision.after) or MISSING, changes(decision.before, decision.after) or None),
            text_cell(kept_word(decision.reason)),
        )
    )
