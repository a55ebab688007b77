"""审核规则: one numbered check as policy declares it, before it is made ready for a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from shuangkong.core.dated import DatedValue, Parameter, Validity, value_on
from shuangkong.core.finding import Message, Severity

_ALWAYS = Validity(date.min)


class Way(StrEnum):
    """Which way a limit moves to be stricter."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that decides, dated.

    Attributes:
        stricter: the way in which a lower layer may move it; None: it may not.
        above: what holds on days of which a lower layer says nothing.
    """

    parameter: Parameter
    stricter: Way | None
    above: Limit | None = None

    def on(self, day: date) -> DatedValue:
        """Raises NotInForce."""
        own = value_on(self.parameter.values, day)
        if own is None and self.above is not None:
            return self.above.on(day)
        return self.parameter.on(day) if own is None else own


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check of the catalogue.

    Attributes:
        code: ``RPT-014``, never reused; ``family``: the file that it stands in.
        method: a name in METHODS; ``options``: words that the method alone understands.
        forms: ids; empty: every form. ``table``, ``rows``, ``but_rows``, ``columns``: where in them; empty: everywhere.
        names: what the names of the expressions stand for, as references (checks.reference).
        when, rule: conditions: it applies where ``when`` holds, and finds something where ``rule`` does not.
        value: the number that a method judges, where that is not the cell itself.
        show: figures of the message by name, each an expression.
        is_suppressible: an official may set it aside for a unit, with a ground.
        layers: whose rule it is, and which layers below made it stricter.
        place: file and line in policy.
    """

    code: str
    family: str
    severity: Severity
    title: Message
    message: Message
    method: str
    forms: tuple[str, ...] = ()
    table: str = ""
    rows: tuple[str, ...] = ()
    but_rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    when: str = ""
    rule: str = ""
    value: str = ""
    show: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limit] = field(default_factory=dict)
    validity: Validity = _ALWAYS
    source: str = ""
    at: str = ""
    is_verified: bool = False
    is_suppressible: bool = True
    layers: tuple[str, ...] = ()
    place: str = ""

    def applies_to(self, form: str, day: date) -> bool:
        return (not self.forms or form in self.forms) and self.validity.holds_on(day)

    def covers_row(self, row: str) -> bool:
        return (not self.rows or row in self.rows) and row not in self.but_rows
