"""不具名: the explanation of a figure for a person who may not read every part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure


def withheld(figure: Figure, may_name: Callable[[Subject], bool]) -> Figure:
    """The same figure without the parts that may not be named, all the way down; it says how many there are.

    Its value stays: who may read the whole may read its sum.
    """
    shown = tuple((name, withheld(each, may_name)) for name, each in figure.inputs if may_name(each.cell.subject))
    hidden = len(figure.inputs) - len(shown)
    if not hidden:
        return replace(figure, inputs=shown)
    names = {name for name, _ in shown}
    steps = tuple(
        replace(step, inputs=tuple((name, value) for name, value in step.inputs if name in names))
        for step in figure.steps
    )
    said = Message(
        f"另有 {hidden} 个部分不在可看的范围，没有列出", f"{hidden} parts more, which you may not read, are not listed"
    )
    return replace(figure, steps=steps, inputs=shown, doubts=(*figure.doubts, said))
