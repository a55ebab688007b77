"""表单的栏目: what can be told of a key project, field by field, and what a form of it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.outlook.projects.told import Clearance, Particulars, Step
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.outlook.projects.checks import ENERGY
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.outlook.projects.words import CLEARANCES, FIELDS, STEPS, brought_word, in_ten_thousand, unit_of
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.site.scope import whole
from shuangkong.web.site.words import spoken, unit_word

type Options = tuple[tuple[str, str], ...]
#: How fields of milestones and of what is expected are named in a form.
DUE, EXPECTED = "due-", "expected-"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: ``sort`` is the type of its input, or select or area; ``value`` as typed or as it stands."""

    key: str
    label: str
    sort: str = "text"
    value: str = ""
    options: Options = ()
    unit: str = ""
    is_needed: bool = False
    is_wrong: bool = False


def particulars_fields(place: str, typed: Mapping[str, str], wrong: str = "") -> tuple[Field, ...]:
    """The fields of what a project is, filled with what was typed."""
    book = open_rulebook()
    law = rules_at(place).accounting
    families = tuple(
        (key, f"{FIELDS[each.field]} · {spoken(each.name)}") for key, each in book.outlook().families.items()
    )
    measures = tuple((key, spoken(name)) for key, name in law.classes.measures.items())
    clearances = tuple((each.value, str(word)) for each, word in CLEARANCES.items())
    brought = (*law.pollutants, ENERGY)
    made = (
        Field("name", _("工程名称"), is_needed=True),
        Field("family", _("工程类别"), "select", options=families, is_needed=True),
        Field("since", _("首次调度月份"), "month", is_needed=True),
        *(Field(f"{DUE}{step.value}", _("%(step)s期限") % {"step": word}, "date") for step, word in STEPS.items()),
        *(
            Field(f"{EXPECTED}{key}", _("预期减排：%(what)s") % {"what": brought_word(key, place)}, "figure",
                  unit=unit_word(unit_of(key)))
            for key in brought
        ),
        Field("source", _("污染源代码")),
        Field("outlet", _("排放口")),
        Field("measure", _("措施类别"), "select", options=measures),
        Field("task", _("对应方案任务的编号"), "figure"),
        Field("investment", _("总投资"), "figure", unit=unit_word("万元")),
        Field("funding", _("资金来源")),
        Field("ppp", _("PPP 方式")),
        Field("land", _("土地手续"), "select", options=clearances),
        Field("approval", _("审批手续"), "select", options=clearances),
    )  # fmt: skip
    return filled(made, typed, wrong)


def filled(fields: Iterable[Field], typed: Mapping[str, str], wrong: str = "") -> tuple[Field, ...]:
    """The fields with what was typed; the one that a refusal is about is marked."""
    return tuple(
        Field(each.key, each.label, each.sort, typed.get(each.key, ""), each.options, each.unit, each.is_needed,
              bool(wrong) and each.key.startswith(_NAMED.get(wrong, wrong)))
        for each in fields
    )  # fmt: skip


#: What a refusal calls a group of fields → how their names begin.
_NAMED = {"milestones": DUE, "expected": EXPECTED, "done": "done-", "invested": "invested"}


def particulars_of(form: Mapping[str, str]) -> Particulars:
    """What a form says that a project is. Raises Refused for what cannot be read."""
    investment = number_of(form.get("investment", ""), "investment")
    expected = {
        key.removeprefix(EXPECTED): amount
        for key, text in form.items()
        if key.startswith(EXPECTED) and (amount := number_of(text, key)) is not None
    }
    return Particulars(
        name=form.get("name", "").strip(),
        family=form.get("family", ""),
        since=form.get("since", "").strip(),
        milestones=days_of(form, DUE),
        expected=expected,
        source=form.get("source", "").strip(),
        outlet=form.get("outlet", "").strip(),
        measure=form.get("measure", ""),
        task=number_of_row(form.get("task", ""), "task"),
        investment_cny=None if investment is None else investment * open_rulebook().units()["万元"].factor,
        funding=form.get("funding", "").strip(),
        ppp=form.get("ppp", "").strip(),
        land=_clearance(form.get("land", "")),
        approval=_clearance(form.get("approval", "")),
    )


def typed_of(told: Particulars) -> dict[str, str]:
    """A project as a form would say it."""
    plain = {
        "name": told.name, "family": told.family, "since": told.since, "source": told.source, "outlet": told.outlet,
        "measure": told.measure, "task": str(told.task or ""),
        "investment": shown(in_ten_thousand(told.investment_cny)),
        "funding": told.funding, "ppp": told.ppp, "land": told.land.value, "approval": told.approval.value,
    }  # fmt: skip
    due = {f"{DUE}{step}": day.isoformat() for step, day in told.milestones.items()}
    return plain | due | {f"{EXPECTED}{key}": shown(amount) for key, amount in told.expected.items()}


def days_of(form: Mapping[str, str], prefix: str) -> dict[str, date]:
    """Step → day, of the fields whose names begin so. Raises Refused."""
    told = {step.value: day_of(form.get(f"{prefix}{step.value}", ""), f"{prefix}{step.value}") for step in Step}
    return {step: day for step, day in told.items() if day is not None}


def number_of_row(text: str, field: str) -> int | None:
    """The number of a thing; None where nothing is said. Raises Refused."""
    if not text.strip():
        return None
    found = whole(text.strip())
    if found is None:
        said = text.strip()[:20]
        raise Refused("OUT-860", f"应为一个编号，实为“{said}”。", f"Expected a number, found “{said}”.", field)
    return found


def shown(amount: Decimal | None) -> str:
    """A figure as it stands in a field."""
    return "" if amount is None else format(amount.normalize(), "f")


def _clearance(text: str) -> Clearance:
    return next((each for each in Clearance if each.value == text), Clearance.NONE)
