"""数据标记: which hours are marked as what, by whom and why, and can I mark some?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST

from shuangkong.monitoring.mark import Counts, Mark, Marks
from shuangkong.monitoring.validity.marking import MarkingRule, rules_for
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.mark_rules import evidence_day, is_late
from shuangkong.records.monitoring.marks import MarkRow, Reason
from shuangkong.records.monitoring.models import Mark as MarkTable
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.people.access import may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.automatic import Sent, sent_flags
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked
from shuangkong.web.monitoring.pushing import push_marks
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.views.outlet import outlet_or_404, where_of
from shuangkong.web.monitoring.words import ORIGINS, REASONS, both
from shuangkong.web.plans.tasks.framed import at_form, refused_status
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

_BACK, _SENT_BACK = timedelta(days=100), timedelta(days=14)
COUNTS = {Counts.MEASURED: lazy("有效"), Counts.STOPPED: lazy("停运"), Counts.LOST: lazy("无效")}


@require_http_methods(["GET", "POST"])
@needs(Action.MONITORING_READ)
def desk(request: HttpRequest, outlet_id: int) -> HttpResponse:
    """The marks of an outlet, and the form for a new one."""
    found, refusal = outlet_or_404(request, outlet_id), None
    if request.method == "POST":
        outlet_or_404(request, outlet_id, Action.MONITORING_MARK)
        try:
            waits = _mark(request, found)
        except Refused as caught:
            refusal = at_form(caught)
        else:
            if waits:
                messages.success(request, _("已登记，等主管部门同意。同意之前有效性和判定照旧。"))
            else:
                messages.success(request, _("已标记。有效性、传输率和报警按新的标记重新判定。"))
            return redirect(link(request, "monitoring:marks", found.pk))
    now = timezone.localtime()
    held = marks.marks([found.pk], _since(found, now), now + timedelta(days=1), is_withdrawn_too=True)
    law = open_rulebook().monitoring(open_rulebook().layer_of(found.region_id, now.date()))
    industry = found.industry or (found.enterprise.industry if found.enterprise else "")
    rules = rules_for(law.marking, industry, now.date())
    hour = now.replace(minute=0, second=0, microsecond=0)
    points = list(Point.objects.select_related("outlet").filter(outlet=found))
    sent, is_up = asked(lambda: sent_flags(found, points, hour - _SENT_BACK, hour), list[Sent]())
    context = {
        "outlet": found,
        "refusal": refusal,
        "is_up": is_up,
        "is_verified": law.marks.clause.is_verified,
        "may_mark": may(acting_of(request), Action.MONITORING_MARK, where_of(found)),
        "factors": [(each, factor_word(each)) for each in _factors(found)],
        "marks": [(each.value, spoken(meaning.name)) for each, meaning in law.marks.meanings.items()],
        "reasons": [(each.value, word) for each, word in REASONS.items()],
        "rules": [(spoken(each.name), each.ground) for each in rules],
        "may_agree": marks.may_agree(acting_of(request), found),
        "deadline": evidence_day(now.date()),
        "typed": request.POST
        or {"first": f"{hour - timedelta(hours=1):%Y-%m-%dT%H:%M}", "last": f"{hour:%Y-%m-%dT%H:%M}"}
        | request.GET.dict(),
        "open": [(row, _said(row)) for row in reversed(held) if not row.is_withdrawn],
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "marks_table": _table(held, is_demo=found.region.is_fictional),
        "sent_table": _sent(sent, is_demo=found.region.is_fictional),
        "meanings_table": _meanings(law.marks, rules),
    }
    return page(request, "monitoring/marks.html", context, tables, refused_status(refusal))


def _since(found: Outlet, now: datetime) -> datetime:
    """From when on marks are shown: what waits for agreement is, however old its hours. 1 query."""
    oldest = marks.waiting(Q(outlet=found)).first()
    return min(now - _BACK, oldest.starts_at) if oldest else now - _BACK


@require_POST
@needs(Action.MONITORING_READ)
def agree(request: HttpRequest, outlet_id: int, mark_id: int) -> HttpResponse:
    """The authority agrees to a mark of the unit's: from now on it holds."""
    found = outlet_or_404(request, outlet_id, Action.MONITORING_MARK)
    row = _mark_or_404(found, mark_id)
    try:
        marks.agree(mark_id, acting_of(request), request.POST.get("text", ""))
    except Refused as refusal:
        shown = at_form(refusal)
        messages.error(request, f"{shown.code} {spoken(shown.message)}")
    else:
        transaction.on_commit(lambda: push_marks(found.pk, row.starts_at, row.ends_at))
        messages.success(request, _("已同意。有效性、传输率和报警按新的标记重新判定。"))
    return redirect(link(request, "monitoring:marks", found.pk))


@require_POST
@needs(Action.MONITORING_READ)
def withdraw(request: HttpRequest, outlet_id: int, mark_id: int) -> HttpResponse:
    """Takes a mark back; what holds then is the mark below it."""
    found = outlet_or_404(request, outlet_id, Action.MONITORING_MARK)
    row = _mark_or_404(found, mark_id)
    try:
        marks.withdraw(mark_id, acting_of(request), request.POST.get("text", ""))
    except Refused as refusal:
        shown = at_form(refusal)
        messages.error(request, f"{shown.code} {spoken(shown.message)}")
    else:
        transaction.on_commit(lambda: push_marks(found.pk, row.starts_at, row.ends_at))
        messages.success(request, _("已撤销标记。"))
    return redirect(link(request, "monitoring:marks", found.pk))


def _mark_or_404(found: Outlet, number: int) -> MarkTable:
    row = MarkTable.objects.filter(pk=number, outlet=found).first()
    if row is None:
        raise Http404(number)
    return row


def _mark(request: HttpRequest, found: Outlet) -> bool:
    """Whether the mark waits for the authority's agreement."""
    told = request.POST
    mark = next((each for each in Mark if each == told.get("mark")), None)
    reason = next((each for each in Reason if each == told.get("reason")), None)
    if mark is None or reason is None:
        raise Refused("MON-187", "请选择标记和理由。", "Choose the mark and the reason.", "mark")
    factor = told.get("factor", "")
    if factor and factor not in _factors(found):
        raise Refused("MON-188", "这个排放口没有这个因子。", "The outlet has no such factor.", "factor")
    first, last = _moment(told.get("first", ""), "first"), _moment(told.get("last", ""), "last")
    made = marks.mark_hours(found.pk, factor, first, last, mark, reason, acting_of(request), told.get("text", ""))
    if MarkTable.objects.filter(pk=made, waits=True).exists():
        return True
    transaction.on_commit(lambda: push_marks(found.pk, first, last))
    return False


def _moment(text: str, field: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("MON-189", "应写成 YYYY-MM-DD HH:MM。", "Give it as YYYY-MM-DD HH:MM.", field) from None
    return found if found.tzinfo else timezone.make_aware(found)


def _factors(found: Outlet) -> list[str]:
    return sorted(Point.objects.filter(outlet=found).values_list("factor", flat=True))


def _said(row: MarkRow) -> str:
    factor = factor_word(row.factor) if row.factor else _("全部因子")
    return f"{moment(row.starts_at)} — {moment(row.ends_at)} {factor} {row.mark} · {_text(row)}"


def _text(row: MarkRow) -> str:
    """What rules say is kept in both languages."""
    return both(row.text) if row.origin is marks.Origin.AUTOMATIC else row.text


def _sent(told: Sequence[Sent], *, is_demo: bool) -> Table:
    """What devices marked themselves: it counts where neither a rule nor a person marked otherwise."""
    columns = (
        Column("from", _("开始")),
        Column("until", _("结束（不含）")),
        Column("factor", _("因子")),
        Column("flag", _("设备标志")),
        Column("mark", _("算作")),
        Column("reason", _("理由")),
    )
    reasons = {each.value: str(word) for each, word in REASONS.items()}
    rows = tuple(
        Row(
            (
                Cell(moment(each.starts_at), each.starts_at.isoformat()),
                text_cell(moment(each.ends_at)),
                text_cell(factor_word(each.factor)),
                text_cell(each.flag),
                text_cell(each.mark.value),
                text_cell(reasons.get(each.reason, "")),
            )
        )
        for each in told
    )
    return Table("sent", _("设备最近两周自带的标志"), columns, rows, _("设备没有标过：都是正常。"),
                 is_demo=is_demo)  # fmt: skip


def _meanings(marks_: Marks, rules: Sequence[MarkingRule]) -> Table:
    """What each mark makes of an hour, and which cases of the rules for this industry lead to it."""
    columns = (
        Column("mark", _("标记")),
        Column("name", _("含义")),
        Column("counts", _("算作")),
        Column("judged", _("判不判超标")),
        Column("cases", _("标记规则里的情形")),
    )
    cases: dict[Mark, list[str]] = defaultdict(list)
    for rule in rules:
        for each in rule.reasons.values():
            cases[each.mark].append(spoken(each.name))
    rows = tuple(
        Row(
            (
                text_cell(each.value),
                text_cell(spoken(meaning.name)),
                text_cell(str(COUNTS[meaning.counts])),
                text_cell(_("判") if meaning.is_judged else _("不判")),
                text_cell(_("；").join(cases[each])),
            )
        )
        for each, meaning in marks_.meanings.items()
    )
    return Table("meanings", _("各标记怎么算"), columns, rows, note=spoken(marks_.clause.words))


def state_of(row: MarkRow) -> str:
    """Whether a mark was withdrawn, waits or was agreed to, and whether a person set it too late."""
    said = [
        _("已撤销") if row.is_withdrawn else _("等主管部门同意，尚不作数") if row.waits else "",
        _("%(name)s 已同意") % {"name": row.agreed_by} if row.agreed_by else "",
        _("逾期标记") if row.origin is not marks.Origin.AUTOMATIC and is_late(row.starts_at, row.at) else "",
    ]
    return _("；").join(filter(None, said))


def _table(held: tuple[MarkRow, ...], *, is_demo: bool) -> Table:
    columns = (
        Column("from", _("开始")),
        Column("until", _("结束（不含）")),
        Column("factor", _("因子")),
        Column("mark", _("标记")),
        Column("origin", _("谁标的")),
        Column("reason", _("理由")),
        Column("text", _("说明")),
        Column("author", _("经办人")),
        Column("at", _("标记时间")),
        Column("state", _("状态")),
    )
    reasons = {each.value: str(word) for each, word in REASONS.items()}
    rows = tuple(
        Row(
            (
                text_cell(moment(each.starts_at)),
                text_cell(moment(each.ends_at)),
                text_cell(factor_word(each.factor) if each.factor else _("全部因子")),
                text_cell(each.mark),
                text_cell(str(ORIGINS[each.origin])),
                text_cell(reasons.get(each.reason, each.reason)),
                text_cell(_text(each)),
                text_cell(_("系统") if each.origin is marks.Origin.AUTOMATIC else each.author),
                Cell(moment(each.at), each.at.isoformat()),
                text_cell(state_of(each)),
            )
        )
        for each in reversed(held)
    )
    return Table("marks", _("标记"), columns, rows, _("还没有标记。设备自己发的标志见下表。"),
                 is_demo=is_demo)  # fmt: skip
