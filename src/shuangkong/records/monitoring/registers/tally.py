"""一句话统计: what the rows of a register add up to, in a sentence each, for its page and the interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded

if TYPE_CHECKING:
    from shuangkong.records.monitoring.registers.store import RegisterRow


@dataclass(frozen=True, slots=True)
class Tally:
    """One sentence; ``is_bad``: somebody has to do something about it; ``is_doubted``: by a rule not yet verified."""

    words: Message
    is_bad: bool = False
    is_doubted: bool = False


def held(rows: Iterable[RegisterRow], on: date) -> Iterator[RegisterRow]:
    """Those that hold on a day."""
    for each in rows:
        first, last = each.values.get("starts_on"), each.values.get("ends_on")
        if (first is None or first <= on) and (last is None or last >= on):
            yield each


def past(rows: Iterable[RegisterRow], key: str, on: date) -> int:
    """How many say a day that is over."""
    return sum(each.values[key] is not None and each.values[key] < on for each in rows)


def by_choice(rows: Iterable[RegisterRow], key: str, choices: Mapping[str, Message]) -> Message:
    """How many of each sort, those that there are, in the order of the choices."""
    told = [str(each.values[key]) for each in rows]
    counts = [(name, told.count(code)) for code, name in choices.items() if code in told]
    return Message(
        "、".join(f"{name.zh} {count}" for name, count in counts),
        ", ".join(f"{name.en} {count}" for name, count in counts),
    )


def share_pct(part: Decimal | int, whole: Decimal | int) -> str:
    """In %, one digit; a dash where there is nothing to divide by."""
    return f"{rounded(100 * Decimal(part) / Decimal(whole), 1):f}%" if whole else "—"
