"""制表之据: what rules are made ready for: a form, the forms beside it, a day, and the parameters of the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import DatedValue, NotInForce, Parameter
from shuangkong.core.finding import Message
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.forms.model import Form, Table

UNVERIFIED = Message(
    "（所用界限{limits}依据审核经验，尚未与文件核对。）",
    " (Limits used, {limits}, rest on practice and have not been held against a document.)",
)


@dataclass(frozen=True, slots=True)
class Law:
    """``forms``: by id, those that rules may refer to; ``parameters``: id → a parameter in force in the place."""

    form: Form
    day: date
    forms: Mapping[str, Form] = field(default_factory=dict)
    parameters: Callable[[str], Parameter | None] = lambda _: None

    def tables(self, rule: Rule) -> tuple[Table, ...]:
        """The tables of the form that a rule speaks of; none where the form has no such table."""
        if not rule.table:
            return self.form.tables
        found = self.form.by_id.get(rule.table)
        return () if found is None else (found,)

    def limit(self, rule: Rule, name: str) -> Decimal:
        """Raises KeyError where the rule has no such limit, NotInForce where it has no value on the day."""
        return rule.limits[name].on(self.day).number

    def value(self, id: str) -> DatedValue | None:  # noqa: A002 - the word of the field
        """The value of a parameter on the day; None where there is no parameter, or none in force."""
        parameter = self.parameters(id)
        if parameter is None:
            return None
        try:
            return parameter.on(self.day)
        except NotInForce:
            return None

    def unverified(self, rule: Rule) -> Message:
        """What the message of a rule says of limits that nobody has held against a document; empty where all are."""
        values = [limit.on(self.day) for limit in rule.limits.values()]
        shown = [f"{value.number:f}" for value in values if not value.is_verified]
        if not shown:
            return Message("", "")
        return Message(UNVERIFIED.zh.format(limits="、".join(shown)), UNVERIFIED.en.format(limits=", ".join(shown)))
