"""What can be told of a reduction: the form of a report, and one form an act with what will follow from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from shuangkong.indicators.emissions.formulas import EmissionFormula
from shuangkong.indicators.emissions.standing import EventKind
from shuangkong.records.indicators.emissions.acts import NEED_TEXT, acts_allowed, awaited_act
from shuangkong.records.indicators.emissions.rows import ReductionRow, Reported, Said
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.web.indicators.emissions.words import EVENTS, unit_shown
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.site.words import spoken

#: How the fields of a formula's figures are named in a form.
FIGURE = "figure-"
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
#: Fields of each act, in their order.
FIELDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.CHECK: ("amount_t", "text", "document", "on", "files"),
    EventKind.REVIEW: ("amount_t", "text", "document", "on"),
    EventKind.RECOGNISE: ("amount_t", "text", "document", "on"),
    EventKind.RETURN: ("text",),
    EventKind.REFUSE: ("text", "document"),
    EventKind.CORRECT: ("figures", "starts", "text", "document", "files"),
    EventKind.REVERSE: ("text", "document"),
}
FOLLOWS = {
    EventKind.CHECK: lazy("转上级审核；核查量不高于自报量，改小的写明原因。"),
    EventKind.REVIEW: lazy("转核定；审核量不高于核查量。"),
    EventKind.RECOGNISE: lazy(
        "核定量计入台账，未满一年的月份结转下一年；从这个源上次核定后的水平算起，同一段削减只计一次。"
    ),
    EventKind.RETURN: lazy("退回填报单位补正，补正后重新核查。"),
    EventKind.REFUSE: lazy("不计入台账，理由留在记录里。"),
    EventKind.CORRECT: lazy("按新的数重新计算，从县级核查起重新办理。"),
    EventKind.REVERSE: lazy("以后不再计入台账；原来的核定留在记录里，过去日期的结果不变。"),
}
LABELS = {
    "amount_t": lazy("认定的量（吨，全年）"),
    "text": lazy("情况或理由"),
    "document": lazy("依据的文件"),
    "on": lazy("日期"),
    "files": lazy("佐证材料"),
    "starts": lazy("起算月份"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, with what was typed or stands; ``is_wrong`` where the refusal is about it."""

    key: str
    id: str
    label: Any
    value: str
    unit: str
    is_wrong: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act that may be done now; ``is_open`` where it is waited for, or was refused."""

    kind: EventKind
    label: Any
    follows: Any
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


def act_forms(
    row: ReductionRow, formula: EmissionFormula | None, acting: Acting, told: Told | None = None
) -> list[ActForm]:
    """The forms of the acts allowed; the one that was refused is open, else that which is waited for."""
    allowed = acts_allowed(row, acting)
    opened = told.kind if told else awaited_act(allowed)
    return [_form(row, formula, kind, kind is opened, told if told and told.kind is kind else None) for kind in allowed]


def figure_fields(
    formula: EmissionFormula, typed: Mapping[str, str], wrong: str, prefix: str = ""
) -> tuple[Field, ...]:
    """A field for each figure that a formula takes."""
    return tuple(
        Field(
            f"{FIGURE}{name}", f"{prefix}{FIGURE}{name}", spoken(each.name), typed.get(f"{FIGURE}{name}", ""),
            unit_shown(each.unit), name == wrong, True,
        )
        for name, each in formula.inputs.items()
    )  # fmt: skip


def figures_of(form: QueryDict, formula: EmissionFormula | None) -> dict[str, Decimal]:
    """The figures that were told. Raises Refused for what is no number."""
    told = {name: number_of(form.get(f"{FIGURE}{name}", ""), name) for name in (formula.inputs if formula else ())}
    return {name: value for name, value in told.items() if value is not None}


def month_told(text: str) -> tuple[int, int]:
    """Year and month; (0, 0) for what is none, which the store refuses."""
    found = _MONTH.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else (0, 0)


def reported_of(request: HttpRequest, region: str, formula: EmissionFormula | None) -> Reported:
    """What the form of a report says. Raises Refused for what cannot be read."""
    form = request.POST
    return Reported(
        region=region,
        title=form.get("title", ""),
        source=form.get("source", ""),
        source_name=form.get("source_name", ""),
        pollutant=form.get("pollutant", ""),
        scope=form.get("scope", ""),
        formula=form.get("formula", ""),
        inputs=figures_of(form, formula),
        starts=month_told(form.get("starts", "")),
        outlet=form.get("outlet", ""),
        is_key=form.get("is_key") == "1",
        assigned_t=number_of(form.get("assigned_t", ""), "assigned_t"),
        note=form.get("note", ""),
        text=form.get("text", ""),
        document=form.get("document", ""),
        files=files_of(request),
    )


def said_of(request: HttpRequest, kind: EventKind, formula: EmissionFormula | None) -> Said:
    """What a form of an act says. Raises Refused for what cannot be read."""
    form, is_told = request.POST, kind is EventKind.CORRECT
    return Said(
        text=form.get("text", ""),
        amount_t=number_of(form.get("amount_t", ""), "amount_t"),
        on=day_of(form.get("on", ""), "on"),
        document=form.get("document", ""),
        inputs=figures_of(form, formula) if is_told else None,
        starts=month_told(form.get("starts", "")) if is_told else None,
        files=files_of(request),
    )


def files_of(request: HttpRequest) -> tuple[Handed, ...]:
    return tuple(Handed(each.name or "", each.read()) for each in request.FILES.getlist("files"))


def _form(
    row: ReductionRow, formula: EmissionFormula | None, kind: EventKind, is_open: bool, told: Told | None
) -> ActForm:
    typed = told.form if told else _standing(row)
    wrong = told.refusal.field if told else ""
    fields: list[Field] = []
    for key in FIELDS[kind]:
        if key == "figures":
            fields += figure_fields(formula, typed, wrong, f"{kind.value}-") if formula else ()
        elif key != "files":
            is_needed = key in ("on", "starts") or (key == "text" and kind in NEED_TEXT)
            fields.append(
                Field(key, f"{kind.value}-{key}", LABELS[key], typed.get(key, ""), "", key == wrong, is_needed)
            )
    return ActForm(
        kind, EVENTS[kind], FOLLOWS[kind], tuple(fields), is_open, "files" in FIELDS[kind],
        told.refusal if told else None,
    )  # fmt: skip


def _standing(row: ReductionRow) -> Mapping[str, str]:
    """What stands in a form before anybody types."""
    figures = {f"{FIGURE}{name}": format(value, "f") for name, value in row.inputs.items()}
    return {"on": timezone.localdate().isoformat(), "starts": row.start} | figures
