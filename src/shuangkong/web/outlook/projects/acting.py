"""能办什么: the form of each act on a key project, with what will follow from it, and what such a form says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.outlook.projects.told import (
    Assignment,
    Content,
    EventKind,
    Linked,
    MonthTold,
    Nothing,
    Proof,
    Retracted,
    Stage,
)
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.outlook.projects.acts import NEED_TEXT, acts_allowed, revision
from shuangkong.records.outlook.projects.rows import KeyProjectRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.outlook.projects.fields import (
    Field,
    days_of,
    filled,
    number_of_row,
    particulars_fields,
    particulars_of,
    typed_of,
)
from shuangkong.web.outlook.projects.words import EVENTS, FOLLOWS, STAGES, STEPS
from shuangkong.web.plans.tasks.framed import number_of
from shuangkong.web.site.words import spoken, unit_word

DONE = "done-"
#: Acts with files beside them.
_TAKE_FILES = frozenset({EventKind.DISPATCH, EventKind.PROVE, EventKind.LINK})


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act that may be done now; ``is_open`` where it was refused, or is what the project waits for."""

    kind: str
    label: str
    follows: str
    fields: tuple[Field, ...]
    is_open: bool
    takes_files: bool
    refusal: Refused | None


@dataclass(frozen=True, slots=True)
class Told:
    """An act that was refused and what was typed with it."""

    kind: EventKind
    refusal: Refused
    form: Mapping[str, str]


def act_forms(row: KeyProjectRow, by: Acting, told: Told | None = None) -> list[ActForm]:
    """The forms of the acts allowed; the one that was refused is open."""
    return [_form(row, kind, told if told and told.kind is kind else None) for kind in acts_allowed(row, by)]


def content_of(kind: EventKind, form: Mapping[str, str], row: KeyProjectRow) -> Content:
    """What a form says. Raises Refused for what cannot be read."""
    return _READ[kind](form, row)


def _form(row: KeyProjectRow, kind: EventKind, told: Told | None) -> ActForm:
    wrong = told.refusal.field if told else ""
    standing = typed_of(row.held.particulars) if kind is EventKind.REVISE else {}
    typed = told.form if told else standing
    if kind is EventKind.REVISE:
        fields = particulars_fields(row.region, typed, wrong)
    else:
        fields = filled(_FIELDS.get(kind, _nothing)(row), typed, wrong)
    beside = (
        Field("text", _("情况或理由"), "area", is_needed=kind in NEED_TEXT),
        Field("document", _("依据的文件")),
    )
    return ActForm(
        kind.value, str(EVENTS[kind]), str(FOLLOWS[kind]), (*fields, *filled(beside, told.form if told else {}, wrong)),
        told is not None, kind in _TAKE_FILES, told.refusal if told else None,
    )  # fmt: skip


def _nothing(_row: KeyProjectRow) -> tuple[Field, ...]:
    return ()


def _month_fields(_row: KeyProjectRow) -> tuple[Field, ...]:
    return (
        Field("month", _("月份"), "month", is_needed=True),
        Field("stage", _("状态"), "select", options=tuple((each.value, str(word)) for each, word in STAGES.items()),
              is_needed=True),
        Field("invested", _("累计完成投资"), "figure", unit=unit_word("万元")),
        Field("progress_pct", _("形象进度"), "figure", unit="%"),
        *(Field(f"{DONE}{step.value}", _("%(step)s日期") % {"step": word}, "date") for step, word in STEPS.items()),
    )  # fmt: skip


def _proof_fields(_row: KeyProjectRow) -> tuple[Field, ...]:
    return (
        Field("month", _("月份"), "month", is_needed=True),
        Field("running_pct", _("投运率"), "figure", unit="%", is_needed=True),
        Field("compliant_pct", _("达标率"), "figure", unit="%", is_needed=True),
    )


def _retract_fields(_row: KeyProjectRow) -> tuple[Field, ...]:
    return (Field("month", _("月份"), "month", is_needed=True),)


def _assign_fields(row: KeyProjectRow) -> tuple[Field, ...]:
    known = rules_at(row.region).accounting.pollutants
    pollutants = tuple((key, spoken(known[key].name)) for key in row.held.particulars.expected if key in known)
    return (
        Field("pollutant", _("污染物"), "select", options=pollutants, is_needed=True),
        Field("year", _("年度"), "figure", is_needed=True),
        Field("amount_t", _("减排任务"), "figure", unit=unit_word("吨")),
        Field("target", _("所依据目标的编号"), "figure"),
        Field("task", _("所依据任务的编号"), "figure"),
    )


def _link_fields(_row: KeyProjectRow) -> tuple[Field, ...]:
    return (Field("reduction", _("减排项目的编号"), "figure", is_needed=True),)


def _read_month(form: Mapping[str, str], _row: KeyProjectRow) -> Content:
    stage = next((each for each in Stage if each.value == form.get("stage")), None)
    if stage is None:
        raise Refused("OUT-861", "请选择状态。", "Choose how far it is.", "stage")
    invested = number_of(form.get("invested", ""), "invested")
    return MonthTold(
        form.get("month", "").strip(),
        stage,
        None if invested is None else invested * open_rulebook().units()["万元"].factor,
        number_of(form.get("progress_pct", ""), "progress_pct"),
        days_of(form, DONE),
    )


def _read_proof(form: Mapping[str, str], _row: KeyProjectRow) -> Content:
    shares = [_needed(form, key) for key in ("running_pct", "compliant_pct")]
    return Proof(form.get("month", "").strip(), *shares)


def _needed(form: Mapping[str, str], key: str) -> Decimal:
    found = number_of(form.get(key, ""), key)
    if found is None:
        raise Refused("OUT-862", "投运率和达标率都要填。", "Both shares are needed.", key)
    return found


def _read_assignment(form: Mapping[str, str], _row: KeyProjectRow) -> Content:
    amount = number_of(form.get("amount_t", ""), "amount_t")
    year = number_of_row(form.get("year", ""), "year") or 0
    target, task = (number_of_row(form.get(key, ""), key) for key in ("target", "task"))
    return Assignment(form.get("pollutant", ""), year, amount, target, task)


def _read_link(form: Mapping[str, str], _row: KeyProjectRow) -> Content:
    return Linked(number_of_row(form.get("reduction", ""), "reduction") or 0)


_FIELDS: Mapping[EventKind, Callable[[KeyProjectRow], tuple[Field, ...]]] = {
    EventKind.DISPATCH: _month_fields,
    EventKind.PROVE: _proof_fields,
    EventKind.RETRACT: _retract_fields,
    EventKind.ASSIGN: _assign_fields,
    EventKind.LINK: _link_fields,
    EventKind.RELEASE: _link_fields,
}
_READ: Mapping[EventKind, Callable[[Mapping[str, str], KeyProjectRow], Content]] = {
    EventKind.DISPATCH: _read_month,
    EventKind.PROVE: _read_proof,
    EventKind.RETRACT: lambda form, _row: Retracted(form.get("month", "").strip()),
    EventKind.ASSIGN: _read_assignment,
    EventKind.LINK: _read_link,
    EventKind.RELEASE: _read_link,
    EventKind.REVISE: lambda form, row: revision(row, particulars_of(form)),
    EventKind.END: lambda _form, _row: Nothing(),
    EventKind.WITHDRAW: lambda _form, _row: Nothing(),
}
