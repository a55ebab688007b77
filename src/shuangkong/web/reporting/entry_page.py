"""事项的表格和表单: lists of what stands on the files of units, and the forms for what a person may do there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.entry_store import EntryRow, EventRow, count_of, entries
from shuangkong.records.reporting.entry_systems import SystemCount
from shuangkong.records.reporting.file_entries import OWNED, events_for, may_enter
from shuangkong.records.reporting.rows import ReporterRow, ReturnRow
from shuangkong.records.reporting.store import returns
from shuangkong.reporting.entry_kinds import FIELDS, KINDS, EntryKind, Field, Sort, shown_fields
from shuangkong.reporting.entry_life import EVENT_FIELDS, EVENTS, INSTRUMENTS, EntryEvent, EntryState, state_word
from shuangkong.web.reporting.entry_words import FOLLOWS
from shuangkong.web.reporting.words import form_word, only_first, period_word
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken, unit_word

MOST = 2_000
#: Of each kind the fields that its list shows, beside unit, state and last day.
_LISTED: Mapping[EntryKind, tuple[str, ...]] = {
    EntryKind.UNDERTAKING: ("sort", "text", "period", "promised", "unit", "signed_on", "signatory"),
    EntryKind.ADVICE: ("report", "measure", "saving_tce", "cost_cny", "post"),
    EntryKind.METERING: ("period", "manner", "reason"),
    EntryKind.SYSTEM: ("standard", "certifier", "number", "scope"),
    EntryKind.EVALUATION: ("aspect", "period", "on", "evaluator", "result"),
}
_INPUTS = {Sort.DAY: "date"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a kind, the entries of one unit, only those past their last day."""

    kind: EntryKind
    unit: int | None = None
    is_late: bool = False

    @property
    def condition(self) -> Q:
        found = Q(kind=self.kind.value)
        if self.unit is not None:
            found &= Q(reporter=self.unit)
        if self.is_late:
            found &= late()
        return found


def late() -> Q:
    """The condition that the last day of an entry is past and something is still to be done."""
    return Q(state__in=[EntryState.OPEN.value, EntryState.WORK.value], due__lt=timezone.localdate())


def entries_table(request: HttpRequest, asked: Asked, seen: Q, *, is_read: bool) -> Table:
    """Entries of a kind that the person may see; ``is_read``: whether the kind is the person's to see at all.

    2 queries, 1 more where they are not all listed.
    """
    condition = seen & asked.condition
    rows = entries(condition, "due", "pk", count=MOST)
    fields = [each for each in FIELDS[asked.kind] if each.id in _LISTED[asked.kind]]
    columns = (
        Column("unit", _("单位")), Column("region", _("地区")),
        *(Column(each.id, spoken(each.name), _unit(each), is_figure=each.sort is Sort.FIGURE) for each in fields),
        Column("state", _("办理情况")), Column("due", _("期限")), Column("late", _("是否过期")),
    )  # fmt: skip
    count = len(rows) if len(rows) < MOST else count_of(condition)
    return Table(
        asked.kind.value, spoken(KINDS[asked.kind]), columns,
        tuple(_row(request, each, fields) for each in rows), note=only_first(len(rows), count),
        empty=_("还没有登记。单位登记后，或机关列入后，在这里按期限排列。") if is_read
        else _("这类登记不归您看，这里不列；不等于没有。"),
        is_demo=any(each.is_demo or each.reporter.is_fictional for each in rows),
    )  # fmt: skip


def _unit(field: Field) -> str:
    return unit_word(field.unit.zh) if field.unit else ""


def _row(request: HttpRequest, row: EntryRow, fields: Iterable[Field]) -> Row:
    due, is_late = row.standing.due, row.is_late(timezone.localdate())
    return Row(
        (
            text_cell(row.reporter.name, href=link(request, "reporting:entry", row.id)),
            text_cell(row.reporter.region_name),
            *(_cell(each, row.told.get(each.id, "")) for each in fields),
            text_cell(spoken(state_word(row.kind, row.standing.state))),
            Cell(due.isoformat() if due else MISSING, due), text_cell(_("▲ 过期") if is_late else ""),
        )
    )  # fmt: skip


def _cell(field: Field, value: str) -> Cell:
    if field.sort is Sort.FIGURE and value:
        return Cell(rounded_figure(Decimal(value)), Decimal(value))
    return text_cell(spoken(field.shown(value)) if value else "")


def systems_table(found: Iterable[SystemCount]) -> Table:
    """How far management systems have come, by place and sector."""
    columns = (
        Column("region", _("地区")), Column("sector", _("行业")),
        Column("units", _("填报单位"), is_figure=True), Column("key", _("重点用能单位有有效证书"), is_figure=True),
        Column("others", _("非重点用能单位有有效证书"), is_figure=True),
        Column("evaluated", _("做过效果评价"), is_figure=True), Column("good", _("其中效果好"), is_figure=True),
    )  # fmt: skip
    rows = tuple(
        Row(
            (
                text_cell(each.region), text_cell(each.sector),
                *(
                    Cell(MISSING if count is None else str(count), count)
                    for count in (each.units, each.key, each.others, each.evaluated, each.good)
                ),
            )
        )
        for each in found
    )  # fmt: skip
    return Table(
        "systems", _("能源管理体系覆盖"), columns, rows, empty=_("还没有填报单位。"),
        note=_("单位数是您能看的填报单位；一家有几张证书算一家。效果评价不归您看的，写“—”。"),
    )  # fmt: skip


def shown(row: EntryRow) -> list[tuple[str, str]]:
    """What is said of an entry, label and words."""
    return _shown(FIELDS[row.kind], row.told)


def _shown(fields: Iterable[Field], told: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for each, word in shown_fields(fields, told):
        unit = f" {spoken(each.unit)}" if each.unit else ""
        found.append((spoken(each.name), f"{spoken(word)}{unit}"))
    return found


def happened(events: Sequence[EventRow], names: Mapping[str, str], seen: Q) -> list[dict[str, Any]]:
    """The history of an entry, the newest first; the returns that it rests on where the person sees them. 2 queries
    where it rests on any."""
    numbers = {int(each.told[OWNED]) for each in events if OWNED in each.told}
    owned = {each.id: each for each in returns(seen & Q(pk__in=numbers))} if numbers else {}
    return [
        {
            "label": spoken(EVENTS[each.event]), "at": each.at, "by": names.get(each.author, each.author),
            "ground": each.ground, "papers": each.papers, "owned": _owned(owned.get(int(each.told.get(OWNED, 0)))),
            "said": [] if each.event is EntryEvent.ENTER
            else _shown((*EVENT_FIELDS.get(each.event, ()), *INSTRUMENTS), each.told),
        }
        for each in reversed(events)
    ]  # fmt: skip


def _owned(row: ReturnRow | None) -> tuple[int, str] | None:
    """Number and name of a return that something rests on."""
    return None if row is None else (row.id, f"{form_word(row)} {period_word(row.period)}")


def _labelled(field: Field) -> str:
    label = spoken(field.name)
    return _("%(label)s（%(unit)s）") % {"label": label, "unit": spoken(field.unit)} if field.unit else label


def inputs(fields: Iterable[Field], typed: Mapping[str, str], prefix: str, wrong: str = "") -> list[dict[str, Any]]:
    """Fields as a form shows them."""
    return [
        {
            "id": f"{prefix}-{each.id}", "name": each.id, "label": _labelled(each), "is_required": each.is_required,
            "value": typed.get(each.id, ""),
            "is_text": each.sort is Sort.TEXT, "type": _INPUTS.get(each.sort, "text"), "is_wrong": each.id == wrong,
            "choices": [(code, spoken(word), typed.get(each.id) == code) for code, word in each.choices],
        }
        for each in fields
    ]  # fmt: skip


def act_forms(row: EntryRow, by: Acting, chosen: str, typed: Mapping[str, str], wrong: str) -> list[dict[str, Any]]:
    """One form for each thing that a person may do with an entry."""
    return [
        {
            "event": each.value, "label": spoken(EVENTS[each]), "follows": FOLLOWS.get(each, ""),
            "is_open": each.value == chosen,
            "fields": inputs(
                EVENT_FIELDS.get(each, ()), typed if each.value == chosen else {}, each.value,
                wrong if each.value == chosen else "",
            ),
            "ground": typed.get("ground", "") if each.value == chosen else "",
        }
        for each in events_for(row, by)
    ]  # fmt: skip


def on_file(rows: Iterable[EntryRow]) -> list[dict[str, Any]]:
    """Entries on the file of one unit, kind by kind."""
    held = tuple(rows)
    today = timezone.localdate()
    return [
        {
            "kind": spoken(KINDS[kind]), "value": kind.value,
            "rows": [
                {"row": each, "about": _about(each), "state": spoken(state_word(kind, each.standing.state)),
                 "is_late": each.is_late(today)}
                for each in held if each.kind is kind
            ],
        }
        for kind in EntryKind if any(each.kind is kind for each in held)
    ]  # fmt: skip


#: The field that says in a word what an entry is about.
_ABOUT = {
    EntryKind.UNDERTAKING: "text", EntryKind.ADVICE: "measure", EntryKind.METERING: "period",
    EntryKind.SYSTEM: "number", EntryKind.EVALUATION: "aspect",
}  # fmt: skip
_BRIEF = 60


def _about(row: EntryRow) -> str:
    field = next(each for each in FIELDS[row.kind] if each.id == _ABOUT[row.kind])
    told = spoken(field.shown(row.told[field.id]))
    return told if len(told) <= _BRIEF else f"{told[:_BRIEF]}…"


def kinds_to_enter(reporter: ReporterRow, by: Acting) -> list[tuple[str, str]]:
    """What a person may enter on the file of a unit. No query."""
    return [(kind.value, spoken(KINDS[kind])) for kind in EntryKind if may_enter(kind, reporter, by)]
