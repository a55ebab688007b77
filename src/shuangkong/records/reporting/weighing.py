"""疑点怎样计分: what counts how much, and from when on a sign is one: of the policy in force on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shuangkong.core.finding import Severity
from shuangkong.reporting.proxies import Limits
from shuangkong.reporting.suspicion import Weights
from shuangkong.rulebook import open_rulebook


def weights(day: date) -> Weights:
    """What a finding, a sign of one hand, a further period count."""
    severity = {each: _number(f"{each.value}_points", day) for each in Severity}
    return Weights(
        severity=severity, one_hand=_number("one_hand_points", day), again=_number("again_points", day),
        unknown_pct=_number("unknown_pct", day),
    )  # fmt: skip


def noisy_pct(day: date) -> Decimal:
    """A check whose false share is surely above this is noisy."""
    return _number("noisy_pct", day)


def hand_limits(day: date) -> Limits:
    """From how many units on a sign of one hand is one."""
    return Limits(
        terminal=int(_number("terminal_units", day)), account=int(_number("account_units", day)),
        signatory=int(_number("signatory_units", day)), copies=int(_number("copy_units", day)),
        burst=int(_number("burst_units", day)), minutes=int(_number("burst_minutes", day)),
    )  # fmt: skip


def is_verified(day: date) -> bool:
    """Whether a person has compared every one of these numbers with a document."""
    names = (*(f"{each.value}_points" for each in Severity), "one_hand_points", "again_points", "unknown_pct")
    return all(open_rulebook().parameter(f"reporting/suspicion/{name}", day).is_verified for name in names)


def _number(name: str, day: date) -> Decimal:
    return open_rulebook().parameter(f"reporting/suspicion/{name}", day).number
