"""排放量 → 指标数据: an amount as the figure that the statistics take, with its arithmetic and its doubts."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shuangkong.core.fact import Cell, State
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure, Step
from shuangkong.monitoring.amounts.account import Amount, steps

_UNIT = "t"
_SUM = Message("各排放口合计", "sum of the outlets")


def figure(cell: Cell, amount: Amount) -> Figure:
    """Of one outlet and pollutant, in tonnes.

    An incomplete amount is MISSING: hours that nobody knows would else count as zero. Its steps show what is known.
    Substitution by rules that were never compared with their documents is a doubt.
    """
    doubts = [
        Message(
            f"{count} 小时按未核对原文的规定替代：{clause.words.zh}",
            f"{count} hours substituted by a rule not compared with its document: {clause.words.en}",
        )
        for clause, count in amount.rules().items()
        if not clause.is_verified
    ]
    if not amount.is_complete:
        hours = amount.open_hours
        said = f"{hours} 小时既没有实测也没有替代", f"{hours} hours are neither measured nor substituted"
        doubts.append(Message(*said))
    tonnes = Step(Message("换算为吨", "in tonnes"), "x / 1000", (("x", amount.kg),), amount.tonnes, _UNIT)
    value = amount.tonnes if amount.is_complete else None
    state = State.VALUE if amount.is_complete else State.MISSING
    return Figure(cell, state, value, _UNIT, steps=(*steps(amount), tonnes), doubts=tuple(doubts))


def total(cell: Cell, parts: Iterable[tuple[str, Figure]]) -> Figure:
    """Of all outlets of a unit or a place; MISSING where one is, and nothing is where there is none.

    Args:
        parts: name of each outlet (distinct) and its figure.
    """
    told = tuple(parts)
    values = [each.value for _, each in told if each.value is not None]
    is_whole = bool(told) and len(values) == len(told)
    value = sum(values, Decimal(0)) if is_whole else None
    inputs = tuple((name, each.value) for name, each in told if each.value is not None)
    step = Step(_SUM, " + ".join(name for name, _ in told), inputs, value, _UNIT)
    doubts = tuple(dict.fromkeys(doubt for _, each in told for doubt in each.doubts))
    state = State.VALUE if is_whole else State.MISSING
    return Figure(cell, state, value, _UNIT, steps=(step,), inputs=told, doubts=doubts)
