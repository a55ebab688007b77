"""检查: findings of the room, worded by its catalogue (policy/national/targets/checks.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import as_printed, rounded

#: Significant decimals of figures in messages.
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Remarks:
    """The catalogue by code."""

    checks: Mapping[str, Check]

    def finding(self, code: str, place: str, **told: object) -> Finding:
        """One finding; ``told`` fills the ``{names}`` of its message, a Message in each language.

        Raises KeyError where the catalogue lacks the code.
        """
        check = self.checks[code]
        zh = {name: value.zh if isinstance(value, Message) else _word(value) for name, value in told.items()}
        en = {name: value.en if isinstance(value, Message) else _word(value) for name, value in told.items()}
        message = Message(check.message.zh.format(**zh), check.message.en.format(**en))
        return Finding(code, check.severity, place, message)


def _word(value: object) -> str:
    return shown(value) if isinstance(value, Decimal) else str(value)


def shown(value: Decimal) -> str:
    """A figure as a message prints it."""
    return f"{as_printed(rounded(value, _SHOWN)):f}"
