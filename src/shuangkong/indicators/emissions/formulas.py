"""核算公式: emissions, increments and reductions by class of source, as ``policy/<layer>/emissions/formulas`` has them.

A formula that a document changes is a file; its units are checked when it is read, its checks refuse what cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.check import Check
from shuangkong.core.dated import DatedValue, NotInForce, Validity
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import as_printed
from shuangkong.core.trace import Clause
from shuangkong.policyfile.expression import Expression
from shuangkong.policyfile.expression.row import Outcome, evaluate, holds

#: The base unit in which every amount of the ledger stands.
UNIT = "t"

type ParameterOn = Callable[[str, date], DatedValue]


class Sort(StrEnum):
    """What a formula reckons."""

    EMISSION = "emission"  # 排放量
    INCREMENT = "increment"  # 新增量
    REDUCTION = "reduction"  # 削减量


class Register(StrEnum):
    """What must be registered before a reduction is claimed of it, where no base inventory holds it."""

    BATCH = "batch"  # 一批机动车
    PLANT = "plant"  # 一座污水处理厂
    HERD = "herd"  # 一处养殖场


class Months(StrEnum):
    """How a reduction counts in its first year."""

    FROM_START = "from_start"  # 从投运当月起按月计，其余月份结转下一年
    WHOLE_YEAR = "whole_year"  # 公式已是两年之差，全部计入当年


@dataclass(frozen=True, slots=True)
class FormulaInput:
    """One figure that must be told, and its unit."""

    name: Message
    unit: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that the inputs must meet, and the code of the check that refuses them."""

    code: str
    condition: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFormula:
    """One formula.

    Attributes:
        pollutants: those that it is for; empty: any.
        scopes: classes of sources that it is for.
        measure: sort of measure of a reduction; "" otherwise.
        needs_base: whether a reduction must be of a source of the base inventory.
        register: what a reduction must else be registered as; None where the base is asked for.
        parameters: name → id of a parameter.
        after: the level of a year at which a reduction leaves its source, in tonnes; None of other formulas. It fell
            to it by the amount; where what is removed is counted, levels stand below zero.
    """

    id: str
    name: Message
    sort: Sort
    validity: Validity
    pollutants: tuple[str, ...]
    scopes: tuple[str, ...]
    measure: str
    needs_base: bool
    register: Register | None
    months: Months
    inputs: Mapping[str, FormulaInput]
    parameters: Mapping[str, str]
    expression: Expression
    after: Expression | None
    rules: tuple[Rule, ...]
    source: str
    at: str
    is_verified: bool
    place: str

    def is_for(self, pollutant: str, scope: str = "") -> bool:
        """Whether it reckons this pollutant, from sources of this class where one is named."""
        return (not self.pollutants or pollutant in self.pollutants) and (not scope or scope in self.scopes)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a formula yields: an amount with its steps, or what is wrong with the inputs (then there is no amount).

    ``after_t`` is the level of a year at which a reduction leaves its source; None without an amount.
    """

    outcome: Outcome | None
    findings: tuple[Finding, ...]
    clause: Clause
    after_t: Decimal | None = None

    @property
    def amount_t(self) -> Decimal | None:
        return self.outcome.value if self.outcome is not None else None


def reckon(
    formula: EmissionFormula,
    told: Mapping[str, Decimal],
    day: date,
    parameter: ParameterOn,
    checks: Mapping[str, Check],
) -> Reckoned:
    """The amount in tonnes of one row of inputs, told in the units of the formula, by the parameters of a day.

    Raises:
        KeyError: an input is not told.
        NotInForce: a parameter has no value on the day.
    """
    values = {name: parameter(key, day) for name, key in formula.parameters.items()}
    given = {name: told[name] for name in formula.inputs} | {name: value.number for name, value in values.items()}
    is_verified = formula.is_verified and all(value.is_verified for value in values.values())
    clause = Clause(Message(f"{formula.name.zh} {formula.at}".rstrip(), formula.name.en), is_verified)
    findings = tuple(_refused(formula, given, checks))
    if findings:
        return Reckoned(None, findings, clause)
    outcome = evaluate(formula.expression, given, formula.name, UNIT)
    after = evaluate(formula.after, given, formula.name, UNIT).value if formula.after is not None else None
    return Reckoned(outcome, tuple(outcome.findings(formula.id)), clause, after)


def _refused(formula: EmissionFormula, given: Mapping[str, Decimal], checks: Mapping[str, Check]) -> Iterator[Finding]:
    for rule in formula.rules:
        if holds(rule.condition, given) is not True:
            check = checks[rule.code]
            used = [name for name in rule.condition.names if name in formula.inputs]
            zh = "、".join(f"{formula.inputs[name].name.zh} {as_printed(given[name])}" for name in used)
            en = ", ".join(f"{formula.inputs[name].name.en} {as_printed(given[name])}" for name in used)
            message = Message(
                check.message.zh.format(name=formula.name.zh, told=zh),
                check.message.en.format(name=formula.name.en, told=en),
            )
            yield Finding(rule.code, check.severity, formula.id, message)


__all__ = [
    "UNIT",
    "EmissionFormula",
    "FormulaInput",
    "Months",
    "NotInForce",
    "Reckoned",
    "Register",
    "Rule",
    "Sort",
    "reckon",
]
