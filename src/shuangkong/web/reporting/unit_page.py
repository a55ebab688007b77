"""一企一档的页面: everything about one unit on one page, and what the person who looks may do there."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.source_code import source_code
from shuangkong.records.facts.scopes import scope_names
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.reporting import setting_aside, store
from shuangkong.records.reporting import unit_file as told
from shuangkong.records.reporting.entry_store import entries, kinds_of_unit, readable
from shuangkong.records.reporting.register import agents, staff
from shuangkong.records.reporting.rows import ReporterRow, ReturnRow
from shuangkong.records.reporting.verification.cases import cases_of_unit
from shuangkong.reporting.entry_kinds import KINDS
from shuangkong.reporting.reminders import STAGES
from shuangkong.reporting.verification.standing import STATES as CASE_STATES
from shuangkong.rulebook import open_rulebook
from shuangkong.web.registry.words import SYSTEMS
from shuangkong.web.reporting.entry_page import kinds_to_enter, on_file
from shuangkong.web.reporting.key_user import duties_table
from shuangkong.web.reporting.words import (
    CLOCKS,
    SEVERITIES,
    SIGNS,
    STAFF,
    STATES,
    clock_of,
    form_word,
    only_first,
    period_word,
    state_for,
    title_of,
)
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, spoken

_MOST = 400

type Tables = dict[str, Table | tuple[Table, ...]]


def unit_file(request: HttpRequest, row: ReporterRow) -> tuple[dict[str, Any], Tables]:
    """Context and tables of the page of a unit. ~20 queries."""
    acting, seen = acting_of(request), store.readable(acting_of(request))
    mine = Q(reporter=row.id) & seen
    rows = store.returns(mine, "-first_month", "form", count=_MOST)
    own = may(acting, Action.RETURN_FILE, row.where)
    watches = may(acting, Action.MONITORING_READ, row.where)
    context = {
        "row": row, "source": source_code(row.enterprise) if row.enterprise else "", "is_own": own,
        "times": told.timeliness(row.id, seen), "stays": _stays(row), "industry": _industry(row),
        "numbers": [(SYSTEMS[system], value) for system, value in told.identifiers(row)],
        "covered": [(_form_name(each.form, row), each) for each in told.covered(row.id)],
        "staff": [(STAFF[each.kind.value], each) for each in staff(row.id)], "agents": agents(row.id),
        "kinds": list(STAFF.items()), "cases": _cases(acting, row),
        "outlets": told.outlets(row) if watches else (), "meters": told.meters(row) if watches else (),
        "watches": watches and row.enterprise is not None,
        "reminders": [
            (number, _form_name(form, row), period_word(period), spoken(STAGES[stage]), on)
            for number, form, period, stage, on in told.reminders(row.id, seen)
        ],
        "forms": [(each.id, spoken(each.name)) for each in open_rulebook().forms_on(timezone.localdate(), row.region)],
        "aside": [_aside(each, row) for each in setting_aside.set_aside(row.id)],
        "on_file": on_file(entries(readable(acting) & Q(reporter=row.id), "kind", "due", "pk", count=_MOST)),
        "to_enter": kinds_to_enter(row, acting), "reads_entries": bool(kinds_of_unit(acting, row)),
        "read_kinds": "、".join(spoken(KINDS[each]) for each in kinds_of_unit(acting, row)),
        "today": timezone.localdate(), "is_demo": any(each.is_demo for each in rows) or row.is_fictional,
        **{
            name: may(acting, action, row.where)
            for name, action in (
                ("may_name", Action.STAFF_RECORD), ("may_entrust", Action.AGENT_APPOINT),
                ("may_cover", Action.WINDOW_OPEN), ("may_set_aside", Action.RETURN_REVIEW),
                ("may_see_register", Action.ENTERPRISE_READ),
            )
        },
    }  # fmt: skip
    count = len(rows) if len(rows) < _MOST else store.count_of(mine)
    duties = duties_table(request, row, seen)
    context["has_duties"] = duties is not None
    return context, {
        "returns_table": _returns(request, rows, count, is_own=own), "found_table": _found(request, row, seen),
        **({"duties_table": duties} if duties else {}),
    }  # fmt: skip


def _aside(each: setting_aside.SetAsideRow, row: ReporterRow) -> tuple[str, str, setting_aside.SetAsideRow]:
    """What the check looks for, in which forms it is not applied ("" all of its), and the rest."""
    return title_of(each.code), "、".join(_form_name(form, row) for form in each.forms), each


def _stays(row: ReporterRow) -> list[tuple[str, Any]]:
    """Each scope by its name, with from when until when."""
    names = scope_names()
    return [(spoken(names.get(each.scope)) or each.scope, each) for each in told.stays_of(row)]


def _industry(row: ReporterRow) -> str:
    known = open_rulebook().industries().get(row.industry)
    return f"{row.industry} {known.name}" if known else row.industry


def _cases(acting: Acting, row: ReporterRow) -> list[dict[str, Any]]:
    """Every case for whoever verifies or audits its form; for the unit those that it was told of."""
    is_unit = may(acting, Action.VERIFICATION_ANSWER, row.where)
    if not is_unit and not may(acting, Action.VERIFICATION_READ, row.where):
        return []
    held = [(each, may(acting, Action.VERIFICATION_READ, each.where)) for each in cases_of_unit(row.id)]
    return [
        {
            "id": each.id, "form": form_word(each.owned), "period": period_word(each.owned.period),
            "state": spoken(CASE_STATES[each.standing.state]), "since": each.standing.since, "is_office": is_office,
        }
        for each, is_office in held
        if is_office or (is_unit and each.is_told)
    ]  # fmt: skip


def _form_name(form: str, row: ReporterRow) -> str:
    known = next((each for each in open_rulebook().forms_on(timezone.localdate(), row.region) if each.id == form), None)
    return spoken(known.name) if known else form


def _returns(request: HttpRequest, rows: tuple[ReturnRow, ...], count: int, *, is_own: bool) -> Table:
    columns = (
        Column("period", _("报告期")), Column("form", _("报表")), Column("state", _("办理情况")),
        Column("clock", _("时效")), Column("due", _("截止日")), Column("received", _("报来日")),
        Column("version", _("版次"), is_figure=True), Column("corrections", _("更正次数"), is_figure=True),
        Column("level", _("已通过级数")),
    )  # fmt: skip
    return Table(
        "returns",
        _("各期报表"),
        columns,
        tuple(_row(request, row, is_own=is_own) for row in rows),
        empty=_("还没有应报的报表。"),
        is_demo=any(row.is_demo for row in rows),
        note=only_first(len(rows), count),
    )


def _row(request: HttpRequest, row: ReturnRow, *, is_own: bool) -> Row:
    said, state, now = clock_of(row), STATES[state_for(row, is_own=is_own)], row.standing
    return Row(
        (
            Cell(period_word(row.period), row.period, link(request, "reporting:return", row.id)),
            text_cell(form_word(row)), Cell(str(state), str(state)),
            Cell(f"{SIGNS[said]} {CLOCKS[said]}", str(CLOCKS[said])),
            Cell(now.due.isoformat() if now.due else MISSING, now.due),
            Cell(now.received_on.isoformat() if now.received_on else MISSING, now.received_on),
            Cell(str(row.versions), row.versions), Cell(str(now.corrections), now.corrections),
            Cell(f"{now.level}/{now.levels}", now.level),
        )
    )  # fmt: skip


def _found(request: HttpRequest, row: ReporterRow, seen: Q) -> Table:
    columns = (
        Column("period", _("报告期")), Column("form", _("报表")), Column("severity", _("轻重")),
        Column("message", _("发现什么")), Column("explained", _("单位的说明")), Column("verdict", _("是否认可")),
    )  # fmt: skip
    rows = []
    for each in told.found_in(row.id, seen):
        said = each.row.explanation
        judged = {"accepted": _("已认可"), "refused": _("未认可"), "": _("待认定")}[said.verdict] if said else ""
        rows.append(
            Row(
                (
                    Cell(period_word(each.period), each.period, link(request, "reporting:return", each.owned)),
                    text_cell(_form_name(each.form, row)), text_cell(str(SEVERITIES[each.row.severity])),
                    text_cell(spoken(each.row.message), hint=each.row.code), text_cell(said.text if said else ""),
                    text_cell(judged),
                )
            )
        )  # fmt: skip
    return Table(
        "found", _("审核发现和说明"), columns, tuple(rows), empty=_("最近各期的报表没有要改正或说明的。"),
        note=only_first(len(rows), told.found_count(row.id, seen) if rows else 0),
        is_demo=row.is_fictional,
    )  # fmt: skip
