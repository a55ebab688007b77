"""不具名: the explanation of a figure for a person who may not read every part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shuangkong.core.fact import State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators.forerunners import JOINED

ELSEWHERE = Message(
    "含不在可看范围的前身所报的数，不示出",
    "not shown: it holds what a forerunner told which you may not read",
)


def withheld(figure: Figure, may_name: Callable[[Subject], bool]) -> Figure:
    """The same figure without the parts that may not be named, all the way down; it says how many there are.

    Its value stays: who may read the whole may read its sum. But a figure that is joined of what forerunners told
    lets each of them be reckoned out of it: where one may not be named, neither is the value told, nor any that the
    same subject's figures are computed of it.
    """
    return _withheld(figure, may_name)[0]


def _withheld(figure: Figure, may_name: Callable[[Subject], bool]) -> tuple[Figure, bool]:
    """The figure as shown, and whether its value was withheld."""
    every = [(name, *_withheld(each, may_name), may_name(each.cell.subject)) for name, each in figure.inputs]
    shown = tuple((name, each) for name, each, _, is_named in every if is_named)
    is_joined = any(step.name == JOINED for step in figure.steps)
    is_shut = any(
        (is_joined and not is_named) or (is_withheld and each.cell.subject == figure.cell.subject)
        for _, each, is_withheld, is_named in every
    )
    if is_shut:
        said = (*figure.doubts, ELSEWHERE)
        return replace(figure, state=State.SUPPRESSED, value=None, steps=(), inputs=shown, doubts=said), True
    told = {name for name, _, is_withheld, is_named in every if is_named and not is_withheld}
    if len(told) == len(every):
        return replace(figure, inputs=shown), False
    steps = tuple(
        replace(step, inputs=tuple((name, value) for name, value in step.inputs if name in told))
        for step in figure.steps
    )
    hidden = len(every) - len(shown)
    said = (*figure.doubts, _unlisted(hidden)) if hidden else figure.doubts
    return replace(figure, steps=steps, inputs=shown, doubts=said), False


def _unlisted(count: int) -> Message:
    return Message(
        f"另有 {count} 个部分不在可看的范围，没有列出", f"{count} parts more, which you may not read, are not listed"
    )
