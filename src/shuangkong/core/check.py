"""检查目录: one row of a room's catalogue of checks, as ``policy/national/<room>/checks.yaml`` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import Parameter
from shuangkong.core.finding import Message, Severity


@dataclass(frozen=True, slots=True)
class Check:
    """What a check is called, how grave it is, and what it says; ``message`` has ``{names}`` that the check fills in.

    ``limit`` holds its parameters by name (a tolerance, a smallest length), each dated and with its source.
    """

    code: str
    severity: Severity
    title: Message
    message: Message
    limit: Mapping[str, Parameter] = field(default_factory=dict)

    def limit_on(self, name: str, day: date) -> Decimal:
        """The limit called ``name`` on a day; KeyError where the check has none, NotInForce where no value holds."""
        return self.limit[name].on(day).number
