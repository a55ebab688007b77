"""责任清单的表格: what a key energy user has to have in place, with what each line rests on, on the file of a unit."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.assessment.years.store import readable as assessments_readable
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting import entry_store
from shuangkong.records.reporting.key_user import duties_of
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.key_units.told import Answer, Basis, Duty, Line
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

DUTIES = {
    Duty.LISTED: lazy("在重点用能单位名单"),
    Duty.TIER: lazy("年综合能耗达到界限"),
    Duty.BUDGET: lazy("用能预算定了，没有超"),
    Duty.LEDGER: lazy("能源消费台账"),
    Duty.METERS: lazy("计量器具检定有效"),
    Duty.SYSTEM: lazy("能源管理体系"),
    Duty.AUDIT: lazy("能源审计"),
    Duty.FOLLOW_UP: lazy("审计意见整改"),
    Duty.COMMITMENT: lazy("签了节能承诺，没有未兑现的"),
    Duty.ASSESSMENT: lazy("节能目标考核有结果"),
    Duty.MANAGER: lazy("能源管理负责人"),
    Duty.REPORT: lazy("能源利用状况报告报了"),
}
ANSWERS = {Answer.YES: lazy("✓ 有"), Answer.NO: lazy("✕ 没有"), Answer.UNKNOWN: lazy("？不知道")}
BASES = {
    Basis.LIST: lazy("公布的名单"),
    Basis.RETURN: lazy("单位的报表"),
    Basis.METERS: lazy("计量器具登记"),
    Basis.STAFF: lazy("人员登记"),
    Basis.ASSESSMENT: lazy("考核"),
    Basis.ENTRIES: lazy("一企一档登记"),
    Basis.NOTHING: lazy("—"),
}


def duties_table(request: HttpRequest, row: ReporterRow, readable: Q) -> Table | None:
    """The table, by the returns that the person may read; None for what is no key energy user. ~20 queries, none for a
    unit of no enterprise."""
    acting, today = acting_of(request), timezone.localdate()
    assessed = assessments_readable(acting) if may(acting, Action.ASSESSMENT_READ) else None
    watches = may(acting, Action.MONITORING_READ, row.where)
    filed = entry_store.readable(acting) if may(acting, Action.ENTRY_READ) else None
    lines = duties_of(row, readable, today, assessed, watches=watches, filed=filed)
    if not lines:
        return None
    columns = (
        Column("duty", _("责任")), Column("answer", _("有没有")), Column("said", _("怎么知道的")),
        Column("basis", _("依据的记录")),
    )  # fmt: skip
    told = tuple(
        Row(
            (
                text_cell(str(DUTIES[each.duty])), Cell(str(ANSWERS[each.answer]), each.answer.value),
                text_cell(spoken(each.said)), text_cell(str(BASES[each.basis]), href=_where(request, each, row)),
            )
        )
        for each in lines
    )  # fmt: skip
    known = sum(each.answer is not Answer.UNKNOWN for each in lines)
    note = _("%(count)d 项里 %(known)d 项查得到；没有报来、没有登记的不算没有。") % {
        "count": len(lines), "known": known,
    }  # fmt: skip
    return Table("duties", _("重点用能单位责任清单"), columns, told, note=note, empty="", is_demo=row.is_fictional)


def _where(request: HttpRequest, line: Line, row: ReporterRow) -> str:
    """The address of what a line rests on; "" where the person sees none."""
    acting = acting_of(request)
    match line.basis:
        case Basis.RETURN:
            return link(request, "reporting:return", line.number)
        case Basis.ENTRIES if may(acting, Action.ENTRY_READ):
            return link(request, "reporting:entries", unit=line.number)
        case Basis.LIST if may(acting, Action.ASSESSMENT_READ, row.where):
            return link(request, "key_units:list")
        case Basis.ASSESSMENT:
            return link(request, "assessment:one", line.number)
        case _:
            return ""
