"""登记册的样子: entries as a table, late ones first; a proposal or a form as what the store registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from shuangkong.records.plans.cascade.rows import EntryKind, EventKind, EventRow, Proposal, RegisterRow
from shuangkong.records.plans.cascade.store import Registering
from shuangkong.records.plans.rows import PlanRow
from shuangkong.web.plans.cascade.words import ENTRIES, STATES, plan_labels, signed, term_words
from shuangkong.web.plans.tasks.framed import day_of
from shuangkong.web.plans.tasks.words import day_words
from shuangkong.web.site.scope import link, whole
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, deadline_word, figure, op_sign, with_unit

_NEVER = date.max


def late_first(rows: Iterable[RegisterRow], day: date) -> list[RegisterRow]:
    """Late, then open by due day, then what is settled; within that in the order of the plans."""
    return sorted(rows, key=lambda row: (not row.is_late(day), not row.is_open, row.due or _NEVER))


def value_words(row: RegisterRow | EventRow) -> str:
    """The value that came from above: ≥13.5%（2025年）; "—" where there is none yet."""
    if row.value is None:
        return MISSING
    sign = "" if row.op in ("", "=") else op_sign(row.op)
    number = sign + with_unit(figure(row.value), row.unit)
    return (
        _("%(figure)s（%(day)s）") % {"figure": number, "day": deadline_word(row.deadline)} if row.deadline else number
    )


def register_table(
    request: HttpRequest, rows: Sequence[RegisterRow], day: date, of: Mapping[int, PlanRow] | None = None
) -> Table:
    """One row an entry, in the order given; ``of`` are the plans by number, where the entries are of several."""
    plan_columns = () if of is None else (Column("plan", _("方案")), Column("label", _("说明")))
    columns = (
        Column("term", _("时限")),
        Column("title", _("名称")),
        Column("kind", _("种类")),
        Column("owner", _("责任单位")),
        Column("due", _("期限")),
        Column("state", _("状态")),
        Column("result", _("结果")),
        Column("item", _("出自")),
        *plan_columns,
    )
    made = tuple(Row((*_cells(request, row, day), *_plan_cells(request, row, of))) for row in rows)
    empty = _("还没有登记。方案里要求另编的方案、数值由上级下达的目标、配合上级的事项，确认后登记在这里。")
    is_demo = any(of[row.plan].is_demo for row in rows if row.plan in of) if of else False
    return Table("register", _("登记册"), columns, made, empty, is_demo=is_demo)


def _cells(request: HttpRequest, row: RegisterRow, day: date) -> tuple[Cell, ...]:
    sign, _level, words = term_words(row, day)
    return (
        text_cell(signed(sign, words)),
        Cell(row.title, row.title, href=link(request, "cascade:entry", row.id)),
        text_cell(str(ENTRIES[row.kind])),
        text_cell(row.owner_name),
        Cell(day_words(row.due), row.due),
        text_cell(str(STATES[row.state])),
        _result(request, row),
        text_cell(f"{row.item_no} {row.item_title}".strip()),
    )


def _plan_cells(request: HttpRequest, row: RegisterRow, of: Mapping[int, PlanRow] | None) -> tuple[Cell, ...]:
    if of is None:
        return ()
    plan = of.get(row.plan)
    labels = plan_labels(plan) if plan else ""
    return Cell(row.plan_title, row.plan_title, href=link(request, "cascade:open", row.plan)), text_cell(labels)


def _result(request: HttpRequest, row: RegisterRow) -> Cell:
    """The plan that was written, or the value that arrived."""
    if row.written is not None:
        return Cell(row.written_title, row.written_title, href=link(request, "plans:plan", row.written))
    if row.value is not None:
        words = value_words(row)
        return Cell(words, words, hint=row.document)
    return Cell(MISSING, hint=_("还没有") if row.is_open else "")


def wanted_of(form: QueryDict, proposals: Iterable[Proposal] = ()) -> Registering:
    """What a form says; a proposal that it names lends its place in the text and its level above. Raises Refused."""
    kind = next((each for each in EntryKind if each == form.get("kind")), EntryKind.SUB_PLAN)
    title, item = "".join(form.get("title", "").split()), whole(form.get("item", ""))
    found = next((each for each in proposals if (each.kind, each.title, each.item) == (kind, title, item)), None)
    return Registering(
        kind,
        title,
        item,
        found.giver if found else form.get("giver", "").strip(),
        whole(form.get("owner", "")),
        day_of(form.get("due", ""), "due"),
        found.span if found else None,
    )


def again(row: RegisterRow, form: QueryDict) -> Registering:
    """An entry that was declined or withdrawn, with the owner and due day of a form. Raises Refused."""
    owner, due = whole(form.get("owner", "")), day_of(form.get("due", ""), "due")
    return Registering(row.kind, row.title, row.item, row.giver, owner, due, row.span)


def acts_on(row: RegisterRow) -> list[EventKind]:
    """What may be done with an entry as it stands."""
    if row.state in (EventKind.DECLINE, EventKind.WITHDRAW):
        return [EventKind.REGISTER]
    own = {EntryKind.SUB_PLAN: [EventKind.WRITTEN], EntryKind.AWAITED: [EventKind.ARRIVED]}
    return [*own.get(row.kind, []), EventKind.WITHDRAW]
